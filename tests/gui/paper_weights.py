"""The weights of the engine of paper: files without tensors, and their controls."""

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from studio.core.controls import AUTO, Choice, Control, Mask, Option, Painting, Slider, Switch
from studio.core.weights_file import controls_to_json

CONTROLS: tuple[Control, ...] = (
    Choice(
        "style", "Style", "The painting.",
        (Option("wave", "The Great Wave, Hokusai"), Option("night", "The Starry Night, Van Gogh"),
         Option("scream", "The Scream, Munch")),
        "wave", blends=True,
    ),
    Slider("strength", "Strength", "How much.", 0.0, 1.0, 1.0, after_net=True),
    Switch("keep-colours", "Keep colours", "The photo's own.", after_net=True),
    Slider("stroke", "Stroke size", "How large.", 0.25, 4.0, 1.0, unit="×", step=0.05),
    Mask("mask", "Mask", "White is painted."),
)  # fmt: skip
ENHANCE_CONTROLS: tuple[Control, ...] = (
    Slider("noise", "Noise", "How strong the noise is.", 0.0, 75.0, AUTO, step=0.5),
    Slider("jpeg", "JPEG quality", "How well it was compressed.", 1.0, 100.0, AUTO, step=1.0),
    Slider("grain", "Grain", "How much to keep.", 0.0, 1.0, 0.0, after_net=True),
    Mask("mask", "Mask", "White is cleaned."),
)
PAINTING_CONTROLS: tuple[Control, ...] = (
    Painting("painting", "Painting", "Any."), *CONTROLS[1:],
)  # fmt: skip
SKETCH_CONTROLS: tuple[Control, ...] = (
    Switch("fit", "Fill the picture", "Moves the drawing to the middle and enlarges it."),
)
FACES_CONTROLS: tuple[Control, ...] = (
    Slider("truncation", "Variety", "More alike.", 0.0, 1.5, 1.0),
    Slider("smile", "Smile", "Moves every face.", -3.0, 3.0, 0.0, step=0.05),
    Switch("details", "Details", "What small pictures lack.", default=True),
)
DIGITS_CONTROLS: tuple[Control, ...] = (
    FACES_CONTROLS[0],
    Slider("direction-1", "Direction 1", "Moves every digit.", -3.0, 3.0, 0.0, step=0.05),
)
# The labels of the fronts of buildings; the first is the background.
PALETTE = [
    {"name": "background", "colour": "#0000aa"}, {"name": "wall", "colour": "#0000ff"},
    {"name": "window", "colour": "#0055ff"}, {"name": "door", "colour": "#00aaff"},
    {"name": "shop", "colour": "#aa0000"},
]  # fmt: skip


def write_header(
    file: Path,
    title: str,
    controls: tuple[Control, ...],
    *,
    local: bool = False,
    gradual: bool = False,
    scale: int = 1,
    latent: int = 0,
    hyperparameters: Mapping[str, object] = MappingProxyType({}),
    training: Mapping[str, object] = MappingProxyType({}),
    metrics: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Writes a weights file without tensors."""
    metadata = {
        "studio.model": file.parent.name, "studio.title": title, "studio.licence": "",
        "studio.controls": controls_to_json(controls),
        "studio.hyperparameters": json.dumps(dict(hyperparameters)),
        "studio.training": json.dumps(dict(training)),
        "studio.metrics": json.dumps(dict(metrics)),
        "studio.local": json.dumps(local), "studio.gradual": json.dumps(gradual),
        "studio.scale": json.dumps(scale), "studio.latent": json.dumps(latent),
    }  # fmt: skip
    header = json.dumps({"__metadata__": metadata}).encode()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(struct.pack("<Q", len(header)) + header)
