"""The names by which desktops know the files that are read (freedesktop's shared-mime-info)."""

_PICTURES = {
    "image/jpeg": "jpg jpeg jpe jfif", "image/png": "png", "image/webp": "webp",
    "image/tiff": "tif tiff", "image/avif": "avif", "image/heif": "heic heif hif",
    "image/bmp": "bmp", "image/gif": "gif", "image/x-adobe-dng": "dng", "image/x-canon-cr2": "cr2",
    "image/x-canon-cr3": "cr3", "image/x-canon-crw": "crw", "image/x-nikon-nef": "nef",
    "image/x-nikon-nrw": "nrw", "image/x-sony-arw": "arw", "image/x-sony-sr2": "sr2",
    "image/x-sony-srf": "srf", "image/x-fuji-raf": "raf", "image/x-olympus-orf": "orf",
    "image/x-panasonic-rw2": "rw2 rwl", "image/x-panasonic-rw": "raw", "image/x-pentax-pef": "pef",
    "image/x-samsung-srw": "srw", "image/x-minolta-mrw": "mrw", "image/x-kodak-kdc": "kdc",
    "image/x-kodak-dcr": "dcr", "image/x-sigma-x3f": "x3f",
    "image/x-dcraw": "3fr fff iiq mef mos erf gpr",
    "image/vnd.adobe.photoshop": "psd psb", "image/x-tga": "tga", "image/qoi": "qoi",
    "image/x-pcx": "pcx", "image/x-dds": "dds",
    "image/vnd.microsoft.icon": "ico", "image/x-portable-pixmap": "ppm",
    "image/x-portable-graymap": "pgm", "image/x-portable-bitmap": "pbm",
    "image/x-portable-anymap": "pnm", "image/x-portable-arbitrarymap": "pam",
    "image/x-pfm": "pfm", "image/mpo": "mpo", "image/jp2": "jp2",
    "image/x-jp2-codestream": "j2k", "image/jpx": "jpx jpf", "image/jxl": "jxl",
}  # fmt: skip
_VIDEOS = {
    "video/mp4": "mp4 m4v", "video/quicktime": "mov", "video/x-matroska": "mkv",
    "video/webm": "webm", "video/vnd.avi": "avi", "video/x-msvideo": "avi",
    "video/mpeg": "mpg mpeg", "video/x-ms-wmv": "wmv", "video/x-flv": "flv", "video/3gpp": "3gp",
    "video/mp2t": "ts mts m2ts", "video/ogg": "ogv",
}  # fmt: skip
SUFFIXES = {
    name: frozenset(f".{suffix}" for suffix in suffixes.split())
    for name, suffixes in {**_PICTURES, **_VIDEOS}.items()
}
"""MIME type to the suffixes, in lower case, of its files."""
