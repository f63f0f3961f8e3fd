"""Style with any painting: what is measured, on paintings that were never trained on; a preview."""

from argparse import Namespace
from pathlib import Path

import torch
from PIL import Image, ImageOps
from torch import Tensor

from studio.models import style
from studio.models._painters import AnyPainting
from studio.nets.any_style import AnyStyleNet, Manner
from training.data.photos import fit_short_side, to_tensor
from training.export.style import measure, metrics_of, photos_kept_aside
from training.lib.average import averaged_state
from training.lib.export import Export, run_card, run_config, sample
from training.style import DILATIONS, GRAIN
from training.style_any import ASIDE, HIDDEN

_CELL = 256  # px of a picture of the preview
_PHOTOS = ("astronaut.png", "coffee.png", "chelsea.png")
_HYPER = {
    "stem": 32, "width": 80, "blocks": 5, "tail": 16, "hidden": HIDDEN, "grain": GRAIN,
    "dilations": list(DILATIONS),
}  # fmt: skip


@torch.no_grad()
def make_preview(net: AnyStyleNet, manners: dict[str, Manner], data: Path, path: Path) -> None:
    """The paintings on top, and below them photos, each first as it is and then in each manner."""
    paintings = [Image.open(work.path(data)).convert("RGB") for work in ASIDE]
    sheet = Image.new("RGB", ((1 + len(ASIDE)) * _CELL, (1 + len(_PHOTOS)) * _CELL), "white")
    for column, painting in enumerate(paintings, start=1):
        sheet.paste(_square(painting), (column * _CELL, 0))
    for row, name in enumerate(_PHOTOS, start=1):
        photo = sample(name)
        sheet.paste(_square(photo), (0, row * _CELL))
        seen = to_tensor(fit_short_side(photo, 512, 4))[None]
        for column, work in enumerate(ASIDE, start=1):
            painted = net.paint(seen, manners[work.id])
            sheet.paste(_square(_to_image(painted)), (column * _CELL, row * _CELL))
    sheet.save(path.with_suffix(".webp"), quality=70)


def _square(picture: Image.Image) -> Image.Image:
    """The middle of a picture."""
    return ImageOps.fit(picture, (_CELL, _CELL), Image.Resampling.LANCZOS)


def _to_image(picture: Tensor) -> Image.Image:
    return Image.fromarray((picture[0].permute(1, 2, 0) * 255).round().byte().numpy())


@torch.no_grad()
def export(args: Namespace) -> None:
    """Writes the weights of a run of `training/style_any.py` and their preview."""
    config = run_config(args)
    data: Path = config["data"]
    weights = Export(args, style.SPEC, run_card(config), "style_any")
    painter = AnyPainting(_HYPER).requires_grad_(False).eval()
    painter.net.load_state_dict(averaged_state(args.folder))
    net = painter.net
    paintings = {work.id: work.pixels(data) for work in ASIDE}
    manners = {name: net.look(painting) for name, painting in paintings.items()}
    aside = photos_kept_aside(data, None)[: args.photos]
    quality = measure(lambda photo, name: net.paint(photo, manners[name]), paintings, aside)
    if args.measure_only:
        return
    weights.write(painter, _HYPER, metrics_of(quality))
    make_preview(net, manners, data, weights.path)
