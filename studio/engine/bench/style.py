"""The figures of the style tool beyond speed: quality over photos, and a sheet for the eye."""

import unicodedata
from pathlib import Path

import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor
from torch.nn import functional as F

from studio.core.catalogue import Weights
from studio.core.controls import Choice
from studio.core.errors import StudioError
from studio.core.picture_files import READABLE, open_picture
from studio.core.progress import Progress
from studio.engine.bench.painter import make_painter
from studio.models._features import load_vgg19
from studio.models._style_quality import StyleQuality, measure_quality, painting_grams

_SHORT_SIDE = 512
_CELL = 256  # px of a picture on the sheet


def sample_photos() -> list[Path]:
    """Photos that scikit-image ships; none was trained on."""
    import skimage.data

    folder = Path(skimage.data.__file__).parent
    names = ("astronaut.png", "coffee.png", "chelsea.png", "rocket.jpg", "motorcycle_left.png")
    return [folder / name for name in names]


def measure_style(
    weights: Weights, photos: list[Path], paintings: Path, device: str, progress: Progress
) -> dict[str, StyleQuality]:
    """Style and content error of every style, all at a short side of 512 px.

    Args:
        weights: of the style model.
        photos: files that were not trained on.
        paintings: folder with each style's painting, named like the style.
        device: as in a request.
        progress: told after each picture.

    Raises:
        StudioError: a painting is not there.
    """
    vgg = load_vgg19()
    choice = _styles(weights)
    files = {path.stem.replace("_", "-"): path for path in paintings.iterdir()}
    missing = [option.id for option in choice.options if option.id not in files]
    if missing:
        raise StudioError(f"{paintings} has no painting {missing[0]}", "give another --paintings")
    grams = {o.id: painting_grams(vgg, at_512(files[o.id])) for o in choice.options}
    painter = make_painter(weights, device, progress)
    return measure_quality(
        vgg, [at_512(path) for path in photos], grams,
        lambda photo, style: painter(photo, {"style": style}),
        lambda fraction: progress.report(fraction, "measuring quality"),
    )  # fmt: skip


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
    """A picture file as (1, 3, H, W) in [0, 1], reduced to a short side of 512 px."""
    pixels = torch.from_numpy(open_picture(path).pixels.copy()).permute(2, 0, 1)[None]
    scale = _SHORT_SIDE / min(pixels.shape[2:])
    size = [round(side * scale / 4) * 4 for side in pixels.shape[2:]]
    return F.interpolate(pixels, size, mode="bicubic", antialias=True).clamp_(0, 1)


def _plain(title: str) -> str:
    """A title without its accents, which Pillow's own font does not have."""
    return unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()


def _cell(picture: Tensor) -> Image.Image:
    """The middle square of a picture."""
    side = min(picture.shape[2:])
    top, left = (picture.shape[2] - side) // 2, (picture.shape[3] - side) // 2
    square = picture[:, :, top : top + side, left : left + side]
    small = F.interpolate(square, (_CELL, _CELL), mode="bicubic", antialias=True)
    pixels = (small[0].clamp(0, 1).permute(1, 2, 0) * 255).round().byte()
    return Image.fromarray(pixels.numpy())


def photos_in(folder: Path) -> list[Path]:
    """The pictures of a folder, by name.

    Raises:
        StudioError: there are none.
    """
    found = sorted(p for p in folder.iterdir() if p.suffix.lower() in READABLE)
    if not found:
        raise StudioError(f"there are no photos in {folder}", "give another --photos")
    return found
