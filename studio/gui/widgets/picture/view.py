"""Where the picture lies on the canvas: zoom and pan, as plain numbers."""

from dataclasses import dataclass, replace

# Zoom that "fit" never exceeds, so that a tiny picture does not become a few huge squares.
_LARGEST_FIT = 4.0
SMALLEST, LARGEST = 0.02, 16.0
STEP = 1.25


@dataclass(frozen=True)
class View:
    """How a picture lies on a canvas. All sizes are in px of the device.

    Attributes:
        picture: (width, height) of the full-size picture.
        canvas: (width, height) of the area to show it in.
        margin: kept free around the picture when it is fitted.
        zoom: device px a picture px; ignored while `fitted`.
        centre: the point of the picture in the middle of the canvas, in its px.
        fitted: the whole picture is shown, whatever the canvas' size.
    """

    picture: tuple[float, float]
    canvas: tuple[float, float]
    margin: float = 0.0
    zoom: float = 1.0
    centre: tuple[float, float] = (0.0, 0.0)
    fitted: bool = True

    @property
    def scale(self) -> float:
        """Device px a picture px."""
        if not self.fitted:
            return self.zoom
        fit = min(
            max(1.0, side - 2 * self.margin) / length
            for side, length in zip(self.canvas, self.picture, strict=True)
        )
        return min(fit, _LARGEST_FIT)

    @property
    def origin(self) -> tuple[float, float]:
        """Where the picture's top left corner lies on the canvas."""
        x, y = (
            _corner(side, length * self.scale, middle * self.scale, centred=self.fitted)
            for side, length, middle in zip(self.canvas, self.picture, self.centre, strict=True)
        )
        return x, y

    def zoomed(self, zoom: float, at: tuple[float, float] | None = None) -> "View":
        """Another zoom; the picture's point under `at` (canvas px; the middle) stays there."""
        zoom = min(max(zoom, SMALLEST), LARGEST)
        at = at or (self.canvas[0] / 2, self.canvas[1] / 2)
        x, y = (
            (spot - corner) / self.scale + (side / 2 - spot) / zoom
            for spot, corner, side in zip(at, self.origin, self.canvas, strict=True)
        )
        return replace(self, zoom=zoom, centre=(x, y), fitted=False).kept_near()

    def panned(self, dx: float, dy: float) -> "View":
        """The picture moved by so many canvas px."""
        if self.fitted:
            return self
        x, y = self.centre
        return replace(self, centre=(x - dx / self.scale, y - dy / self.scale)).kept_near()

    def resized(self, canvas: tuple[float, float]) -> "View":
        """The same view of the picture on a canvas of another size."""
        return replace(self, canvas=canvas).kept_near()

    def of(self, picture: tuple[float, float]) -> "View":
        """The same zoom and place on a picture of another size, such as one twice as large."""
        x, y = (
            middle * new / old
            for middle, new, old in zip(self.centre, picture, self.picture, strict=True)
        )
        return replace(self, picture=picture, centre=(x, y)).kept_near()

    @property
    def visible(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what the canvas shows of the picture, in its px."""
        (left, top), (right, bottom) = (
            [
                min(max(0.0, (edge - corner) / self.scale), length)
                for edge, corner, length in zip(edges, self.origin, self.picture, strict=True)
            ]
            for edges in ((0.0, 0.0), self.canvas)
        )
        return left, top, right, bottom

    def kept_near(self) -> "View":
        """The view with the canvas full of picture, or the picture in its middle."""
        x, y = (
            _within(middle, side / 2 / self.scale, length)
            for middle, side, length in zip(self.centre, self.canvas, self.picture, strict=True)
        )
        return replace(self, centre=(x, y))


def _within(centre: float, half: float, length: float) -> float:
    # A picture smaller than the canvas lies in its middle.
    return length / 2 if length <= 2 * half else min(max(centre, half), length - half)


def _corner(side: float, length: float, middle: float, *, centred: bool) -> float:
    return (side - length) / 2 if centred else side / 2 - middle
