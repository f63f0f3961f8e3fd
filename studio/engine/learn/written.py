"""What has been learnt, as the user's own weights, with the pictures that a gallery shows."""

import errno
import shutil
from io import BytesIO
from pathlib import Path

import torch
from PIL import Image

from studio.core.catalogue import Catalogue, Weights
from studio.core.errors import StudioError
from studio.core.files.disk import refuse_existing, refuse_unwritable, write_error, write_whole
from studio.core.picture_files import open_picture
from studio.core.requests import Learn
from studio.core.samples import sample_photo
from studio.core.words.said import say
from studio.engine.learn.pupil import Pupil
from studio.models import style
from studio.models._weights import save_weights
from studio.nets.optimise import at_short_side

_SIDE = 192  # px, of a thumbnail
_PICTURES = 1 << 17  # bytes of the pictures, with some to spare
_FACE = (slice(0, 300), slice(60, 360))  # rows and columns of the sample photo of a cat


def check_free(catalogue: Catalogue, request: Learn, begun: Weights) -> None:
    """Finds out before long work whether the weights may be written.

    Args:
        catalogue: of all weights.
        request: says where to.
        begun: the weights that it begins from.

    Raises:
        StudioError: there are such weights already, their name is none, their folder cannot be
            made or takes no file, or the disk is full.
    """
    path = Path(request.output)
    refuse_existing(path, overwrite=request.save.overwrite)
    hidden = [each for each in catalogue if each.id == f"{path.parent.name}/{path.stem}"]
    if any(each.path.resolve() != path.resolve() for each in hidden):
        raise StudioError(
            say("there are weights {id} already", id=hidden[0].id), "choose another name"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(error, str(path.parent)) from error
    refuse_unwritable(path, overwrite=request.save.overwrite)
    hyper = begun.hyperparameters
    nets = len(hyper["styles"]) if hyper.get("apart") else 1
    if shutil.disk_usage(path.parent).free < begun.path.stat().st_size / nets + _PICTURES:
        raise write_error(OSError(errno.ENOSPC, ""), str(path))


def write(
    pupil: Pupil, begun: Weights, request: Learn, painting: str, steps: int, seconds: float
) -> Weights:
    """Writes the weights and their pictures.

    Args:
        pupil: has learnt.
        begun: the weights that it began from.
        request: says where to.
        painting: SHA-256 of its file, in hex.
        steps: that were made.
        seconds: that they took.

    Raises:
        StudioError: they cannot be written.
    """
    pupil.gallery.cpu()
    webp = _picture(pupil)  # first: until the weights are there, nothing is
    written = save_weights(
        Path(request.output), pupil.gallery, style.SPEC, title=request.title,
        licence="learnt from one painting, whose rights are its owner's; begun from "
        f"{begun.id}, which is {begun.licence}",
        hyperparameters=pupil.hyper,
        training={
            "data": {f"painting {painting}": "the user's own"}, "steps": steps,
            "hours": round(seconds / 3600, 3), "hardware": request.device,
            "command": "studio learn", "start": f"{begun.id} {begun.sha256}",
        },
        metrics={}, overwrite=request.save.overwrite,
    )  # fmt: skip
    thumbnail = written.thumbnail(Path(request.output).stem)
    thumbnail.parent.mkdir(exist_ok=True)
    for path in (written.preview, thumbnail):
        write_whole(path, webp, overwrite=True)
    return written


def _picture(pupil: Pupil) -> bytes:
    """A cat in the style, as a WebP."""
    cat = open_picture(sample_photo("chelsea.png")).pixels[_FACE]
    photo = torch.from_numpy(cat.copy()).permute(2, 0, 1)[None]
    painted = pupil.paint(at_short_side(photo, 256))[0].permute(1, 2, 0)
    image = Image.fromarray((painted * 255).round().byte().numpy())
    webp = BytesIO()
    image.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS).save(webp, "WEBP", quality=88)
    return webp.getvalue()
