"""Maps of building fronts: their labels, and maps that are drawn by code as a person draws them."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from studio.core.drawings.labels import Label

# The labels of the CMP Facade Database (Tylecek and Sara 2013) in the colours of its maps.
FACADE_LABELS = (
    Label("Background", "#0000de"),
    Label("Wall", "#0030fe"),
    Label("Window", "#057dff"),
    Label("Door", "#04ceff"),
    Label("Cornice", "#27fbe5"),
    Label("Sill", "#71fb99"),
    Label("Balcony", "#c0fe41"),
    Label("Blind", "#faef0f"),
    Label("Decoration", "#fe9f09"),
    Label("Moulding", "#fb5104"),
    Label("Pillar", "#ed060b"),
    Label("Shop", "#ad0002"),
)
_PLACES = {label.name: place for place, label in enumerate(FACADE_LABELS)}


class _Front:
    """A map in the making; what is put is measured in shares of its side."""

    def __init__(self, side: int) -> None:
        self._side = side
        self.image = Image.new("L", (side, side), _PLACES["Background"])
        self._pen = ImageDraw.Draw(self.image)

    def put(self, label: str, left: float, top: float, width: float, height: float) -> None:
        corners = (left, top, left + width, top + height)
        box = [round(share * self._side) for share in corners]
        box[2:] = [max(box[0], box[2] - 1), max(box[1], box[3] - 1)]
        self._pen.rectangle(box, fill=_PLACES[label])


def draw_front(side: int, random: np.random.Generator) -> NDArray[np.uint8]:
    """A front as a person paints it with a few strokes: the index of each pixel's label.

    Args:
        side: of the map in px.
        random: the source of randomness.

    Returns:
        (side, side), indices into `FACADE_LABELS`.
    """
    front = _Front(side)
    left, top = random.uniform(-0.02, 0.16), random.uniform(-0.02, 0.2)
    width = 1 - left - random.uniform(-0.02, 0.16)
    front.put("Wall", left, top, width, 1.1)
    front.put(str(random.choice(("Cornice", "Moulding"))), left - 0.02, top, width + 0.04, 0.05)
    floors, columns = int(random.integers(2, 6)), int(random.integers(2, 7))
    storey, bay = (0.95 - top) / floors, width / columns
    wide, high = bay * random.uniform(0.35, 0.65), storey * random.uniform(0.4, 0.65)
    kinds = [str(kind) for kind in random.choice(("Sill", "Balcony", "Blind", ""), floors)]
    for floor, kind in enumerate(kinds):
        above = top + 0.06 + floor * storey + 0.15 * storey
        for column in range(columns):
            at = left + (column + 0.5) * bay - wide / 2
            front.put("Window", at, above, wide, high)
            if kind == "Blind":
                for beside in (at - 0.3 * wide, at + wide):
                    front.put("Blind", beside, above, 0.3 * wide, high)
            elif kind:
                rail = 0.35 * high if kind == "Balcony" else 0.12 * high
                front.put(kind, at - 0.15 * wide, above + high, 1.3 * wide, rail)
        if random.random() < 0.3:
            front.put("Moulding", left, above + high + 0.14 * storey, width, 0.025)
    ground = top + 0.06 + (floors - 1) * storey
    if random.random() < 0.5:
        front.put("Shop", left + 0.05 * width, ground + 0.15 * storey, 0.55 * width, 1.0)
    door = left + random.uniform(0.64, 0.8) * width
    front.put("Door", door, ground + 0.15 * storey, 0.15 * width, 1.0)
    if random.random() < 0.3:
        for at in (left, left + width - 0.04):
            front.put("Pillar", at, top + 0.05, 0.04, 1.0)
    return np.asarray(front.image)
