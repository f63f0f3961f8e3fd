"""Camera RAW, by LibRaw: developed with the camera's white balance into 16-bit sRGB."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from studio.core.formats.metadata import exif, in_raw
from studio.core.formats.opened import DamagedError, Opened, Samples, check_size, strips
from studio.core.formats.suffixes import RAW
from studio.core.memory import refuse_beyond_memory
from studio.core.words.said import say

_SRGB_GAMMA = (2.4, 12.92)
_SENSOR_KINDS = {32803, 34892}
_DNG_VERSION = 50706
_SENSOR_BYTES = 2 + 8  # of a sensor's pixel, as it is and as it is worked on
_DEVELOPED_BYTES = 6


def is_likely(file: BinaryIO, suffix: str) -> bool:
    """Whether a file that begins as a TIFF is a camera's RAW: by its name, or its directories.

    Args:
        file: open for reading, seekable.
        suffix: of its name.
    """
    from tifffile import TiffFile, TiffFileError

    if suffix.lower() in RAW:
        return True
    file.seek(8)
    if file.read(2) == b"CR":
        return True
    file.seek(0)
    try:
        page: Any = TiffFile(file).pages.first
        kinds = {int(found.photometric) for found in (page, *(page.pages or ()))}
        return bool(kinds & _SENSOR_KINDS) or _DNG_VERSION in page.tags
    except (TiffFileError, *exif.ERRORS):
        return False


def size(file: BinaryIO) -> tuple[int, int] | None:
    """Width and height in px, without developing; None: it is no RAW that LibRaw knows."""
    import rawpy

    file.seek(0)
    try:
        with rawpy.RawPy() as raw:
            raw.open_buffer(file)
            return raw.sizes.width, raw.sizes.height
    except rawpy.LibRawError:
        return None


def read(
    file: BinaryIO, limit: float, beside: int, name: str, *, half: bool = False
) -> Opened | None:
    """Develops a RAW. LibRaw applies the orientation.

    Args:
        file: open for reading, seekable.
        limit: in megapixels; checked before anything is unpacked.
        beside: bytes a pixel that will be needed besides the picture.
        name: of the file, for people.
        half: a copy of half the width and height will do, which takes a quarter of the time.

    Returns:
        None: it is no RAW that LibRaw knows.

    Raises:
        StudioError: it is larger than `limit`, or needs more memory than is left.
        DamagedError: it is cut short or damaged.
    """
    import rawpy

    file.seek(0)
    try:
        with rawpy.RawPy() as raw:
            raw.open_buffer(file)
            sizes = raw.sizes
            check_size(sizes.width, sizes.height, limit, name)
            check_size(sizes.raw_width, sizes.raw_height, 2 * limit, name)
            sensor, pixels = sizes.raw_width * sizes.raw_height, sizes.width * sizes.height
            developing = _SENSOR_BYTES * sensor + _DEVELOPED_BYTES * pixels
            refuse_beyond_memory(max(developing, (_DEVELOPED_BYTES + 16 + beside) * pixels), name)
            turned = sizes.flip >= 5  # as `open_buffer` has it; 5 and 6 turn by a quarter
            whole = (sizes.height, sizes.width) if turned else (sizes.width, sizes.height)
            raw.unpack()
            pixels = raw.postprocess(
                use_camera_wb=True,
                output_color=rawpy.ColorSpace.sRGB,
                output_bps=16,
                gamma=_SRGB_GAMMA,
                half_size=half,
            )
            said = in_raw.read(file, _preview(raw))
    except (rawpy.LibRawFileUnsupportedError, rawpy.NotSupportedError):
        return None
    except rawpy.LibRawError as error:
        raise DamagedError(str(error)) from error

    def rows() -> Iterator[Samples]:
        return strips(pixels)

    return Opened(
        format="RAW",
        width=pixels.shape[1],
        height=pixels.shape[0],
        rows=rows,
        decoded=0,  # it is there already
        white=65535.0,
        bits=16,
        exif=said.exif,
        xmp=said.xmp,
        photoshop=said.photoshop,
        orientation=1,
        notes=_notes(said),
        whole=whole if half else None,
    )


def _notes(said: in_raw.Said) -> list[str]:
    if said.exif is None:
        return [say("what the RAW says of its photo (EXIF) is not found")]
    return [say("the RAW's maker note is left out")] if said.lacks_maker_note else []


def _preview(raw: Any) -> bytes | None:
    """The JPEG that is in a RAW; None: there is none."""
    import rawpy

    try:
        found = raw.extract_thumb()
    except rawpy.LibRawError:
        return None
    return bytes(found.data) if found.format == rawpy.ThumbFormat.JPEG else None
