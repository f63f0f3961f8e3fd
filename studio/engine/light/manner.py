"""What nets that take any painting do besides convolutions: see `nets.any_style`, without torch."""

from dataclasses import dataclass

import numpy as np

from studio.core.catalogue import Weights
from studio.core.picture import Floats
from studio.core.values.paintings import glances, looked_at
from studio.engine.light.graph import Graph, Wait
from studio.engine.light.painting import planes, reduced
from studio.nets.transport import (
    FARTHEST,
    KNOTS,
    Palette,
    blended,
    palette_of,
    photo_root,
    to_standard,
)


def sees_paintings(weights: Weights) -> bool:
    """Whether a net takes any painting: one graph then looks at it, and another one paints."""
    return bool(weights.hyperparameters.get("hidden"))


@dataclass(frozen=True)
class Manner:
    """What is taken from a painting: what the net is told (R,), and the palette."""

    rows: Floats
    palette: Palette

    def blended(self, other: "Manner", share: float) -> "Manner":
        """Between this one and, at a share of 1, the other."""
        rows = blended(self.rows, other.rows, share)
        return Manner(rows, self.palette.blended(other.palette, share))

    def paint(self, graph: Graph, photo: Floats, wait: Wait) -> Floats:
        """The photo (1, 3, H, W) in [0, 1] in this manner."""

        def shown() -> Floats:
            matrices, mean = to_standard(photo, self.palette)
            return _mapped(photo, photo_root() @ matrices, mean, 0.0)

        drawn = graph.run(wait(shown), self.rows.tolist(), wait)
        return wait(lambda: self._coloured(drawn))

    def _coloured(self, drawn: Floats) -> Floats:
        """Standard colours as the palette has them."""
        at = np.linspace(-FARTHEST, FARTHEST, KNOTS)
        curves = zip(drawn[0], self.palette.curves[0], strict=True)
        bent = np.stack([np.interp(plane, at, curve) for plane, curve in curves])[None]
        palette = self.palette
        return _mapped(bent, palette.root, np.zeros((1, 3), np.float32), palette.mean).clip(0, 1)


def look(eye: Graph, painting: str, wait: Wait) -> Manner:
    """What is taken from a painting.

    Args:
        eye: the graph that looks.
        painting: a control's value.
        wait: see `Wait`.

    Raises:
        StudioError: there is no painting, or none that can be read.
        GraphError: the graph cannot be run.
    """
    pixels, size = looked_at(painting)
    seen = planes(reduced(pixels, size))
    rows = [_rows(eye, seen[..., *where], wait) for where in glances(*seen.shape[2:])]
    return Manner(np.mean(rows, 0), palette_of(seen))


def _rows(eye: Graph, square: Floats, wait: Wait) -> Floats:
    palette = palette_of(square)
    matrices, mean = to_standard(square, palette)
    shown = _mapped(square, photo_root() @ matrices, mean, 0.5)
    return eye.run(shown, palette.spread[0].tolist(), wait)[0]


def _mapped(pictures: Floats, matrix: Floats, mean: Floats, offset: Floats | float) -> Floats:
    """Colours x of pictures (1, 3, H, W) to matrix (1, 3, 3) times (x - mean), plus an offset."""
    moved = offset - (matrix @ mean[..., None])[..., 0]
    flat = matrix @ pictures.reshape(1, 3, -1) + moved[..., None]
    return flat.reshape(pictures.shape).astype(np.float32)
