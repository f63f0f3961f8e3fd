"""The formats that are offered for saving."""

from dataclasses import dataclass

from studio.core.words.said import say


@dataclass(frozen=True)
class Format:
    """A file format.

    Attributes:
        title: for people.
        suffixes: the usual one first, without dots.
        lossy: whether quality is a matter.
        deep: whether it can have more than 8 bits a channel.
    """

    title: str
    suffixes: tuple[str, ...]
    lossy: bool
    deep: bool = False


FORMATS = (
    Format("JPEG", ("jpg", "jpeg", "jpe", "jfif"), True),
    Format("PNG", ("png",), False, True),
    Format("WebP", ("webp",), True),
    Format("TIFF", ("tif", "tiff"), False, True),
    Format("AVIF", ("avif",), True, True),
    Format("HEIC", ("heic", "heif"), True, True),
)
DEEP_WORDS = say("16 bits a channel")
METADATA_WORDS = say("Keep what the photo says (EXIF, XMP)")
