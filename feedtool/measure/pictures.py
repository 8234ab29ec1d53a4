"""Measure artwork: format, size and colours. Whether they suit a feed is for `check` to say."""

from __future__ import annotations

import os
import stat
import warnings
from pathlib import Path
from typing import BinaryIO

from ..finding import N_, Code, Fault, Severity
from ..model import Picture
from . import sniff
from .files import no_file

NO_PICTURE = Code(
    "AR001",
    Severity.ERROR,
    message=N_("{name} is no picture that apps can show; what it holds is {found}"),
    why=N_("apps and directories show no artwork, or refuse the whole feed"),
    mend=N_("export the picture as JPEG or PNG; renaming the file does not change what it holds"),
    spec=("APPLE-03", "APPLE-04"),
)

MISLABELLED = Code(
    "AR002",
    Severity.ERROR,
    message=N_("{name} is called {extension} but its content is {type}"),
    why=N_("directories compare the two and show no artwork when they differ"),
    mend=N_(
        "rename it so that it ends in {right} and write that name here, or export it again in the "
        "format you meant"
    ),
    spec=("APPLE-03",),
)

MISSING = Code(
    "AR003",
    Severity.ERROR,
    message=N_("the picture {name} is not there"),
    why=N_("apps and directories would show no artwork"),
    mend=N_("put the file there, or correct its name; large and small letters differ"),
    spec=("APPLE-03",),
)

CLOSED = Code(
    "AR004",
    Severity.ERROR,
    message=N_("{name} cannot be opened: {reason}"),
    why=N_("what cannot be read cannot be measured or published"),
    mend=N_("make it an ordinary file that you may read"),
)

DAMAGED = Code(
    "AR005",
    Severity.ERROR,
    message=N_("{name} is damaged or breaks off: not all of the picture is there"),
    why=N_("apps show half a picture, or none"),
    mend=N_("copy or export the picture again"),
    spec=("APPLE-04",),
)

TOO_LARGE = Code(
    "AR006",
    Severity.ERROR,
    message=N_("{name} has more than {most} million pixels"),
    why=N_("phones run out of memory before they can show it, and directories refuse it"),
    mend=N_("make the picture smaller: 3000 x 3000 pixels serve every app"),
    spec=("APPLE-04",),
)

_ORIENTATION = 0x0112
"""The Exif tag that says which side is up; 1 = as it is stored."""
_TURNED = frozenset(range(2, 9))
"""Its other values. Some cameras write 0, which says nothing: no app turns such a picture."""

MOST_PIXELS = 64_000_000
"""8000 x 8000: well above every directory's limit, below what hurts to decode (0.25 GB)."""

_MOST_TEXT = 16_000_000
"""Bytes of one text in a PNG: programs for diagrams keep the whole drawing in one, and Pillow would
take a million for damage."""

_DEFLATED = 1032
"""Bytes that one byte of a PNG can stand for at most (zlib, "Maximum Compression Factor")."""
_LEAST = {"RGB": 3, "RGBA": 4, "LA": 2}
"""Bytes of a pixel; those of other modes may be bits."""

_FORMATS = {
    "JPEG": ("image/jpeg", (".jpg", ".jpeg")),
    "PNG": ("image/png", (".png",)),
    "GIF": ("image/gif", (".gif",)),
    "WebP": ("image/webp", (".webp",)),
    "BMP": ("image/bmp", (".bmp",)),
    "TIFF": ("image/tiff", (".tif", ".tiff")),
}
"""What is opened at all: MIME type and endings, by the name that `sniff` gives. Pillow knows more,
some of it by starting other programs."""

ENDINGS = frozenset(ending for _, endings in _FORMATS.values() for ending in endings)


class _BrokenError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code.id)
        self.fault = fault


def measure_picture(path: Path) -> tuple[Picture | None, tuple[Fault, ...]]:
    """What the picture is, and what is wrong with it. None when it is no picture.

    Content never raises. Pictures are not decoded, which takes a tenth of a second for a cover,
    unless the end looks wrong. PNG has a checksum for each of its parts; JPEG has none, and its
    decoder makes something grey of what is not there: a JPEG with a piece missing before a right
    end passes.
    """
    name = path.name
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            return None, (CLOSED.fault(name=name, reason=no_file(status.st_mode)),)
        with path.open("rb") as file:
            picture, endings = _read(file, status.st_size, name)
    except (FileNotFoundError, NotADirectoryError):
        return None, (MISSING.fault(name=name),)
    except OSError as error:
        return None, (CLOSED.fault(name=name, reason=error.strerror or type(error).__name__),)
    except _BrokenError as error:
        return None, (error.fault,)
    if path.suffix.lower() in endings:
        return picture, ()
    extension = path.suffix or "-"
    fault = MISLABELLED.fault(name=name, extension=extension, type=picture.type, right=endings[0])
    return picture, (fault,)


def _read(file: BinaryIO, size: int, name: str) -> tuple[Picture, tuple[str, ...]]:
    head = file.read(sniff.HEAD)
    found = sniff.no_media(head) or sniff.other_media(head)
    found = found or (N_("unknown") if size else N_("0 bytes"))
    if found not in _FORMATS:
        raise _BrokenError(NO_PICTURE.fault(name=name, found=found))
    type_, endings = _FORMATS[found]

    from PIL import Image, PngImagePlugin

    PngImagePlugin.MAX_TEXT_CHUNK = _MOST_TEXT
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of 90 megapixels; we refuse fewer
            file.seek(0)
            image = Image.open(file, formats=(found.upper(),))
            if image.width * image.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            picture = Picture(
                size, type_, image.width, image.height, image.mode,
                transparent="transparency" in image.info,
                # as every format has it: that of PNG decodes the picture, for a mark behind it
                turned=Image.Image.getexif(image).get(_ORIENTATION) in _TURNED,
            )  # fmt: skip
            if found == "PNG":
                pixel = _LEAST.get(image.mode, 1 / 8)
                if size * _DEFLATED < picture.width * picture.height * pixel:
                    raise ValueError("too few bytes for so many pixels")
                image.verify()  # every part to the last one; decoding stops when it has all pixels
            elif not _ends_well(file, size, found):
                file.seek(0)
                image = Image.open(file, formats=(found.upper(),))
                image.draft("RGB", (image.width // 8, image.height // 8))  # JPEG: 8x faster
                image.load()
    except Image.DecompressionBombError:
        raise _BrokenError(TOO_LARGE.fault(name=name, most=MOST_PIXELS // 1_000_000)) from None
    except Exception as error:
        # The door to Pillow: its decoders raise OSError, SyntaxError, ValueError, struct.error,
        # MemoryError... for broken content, and say the same with all of them.
        raise _BrokenError(DAMAGED.fault(name=name)) from error
    return picture, endings


def _ends_well(file: BinaryIO, size: int, found: str) -> bool:
    """Does the file end as its format ends? False = nobody knows: decode it to find out."""
    file.seek(max(0, size - 64))
    tail = file.read(64)
    if found == "JPEG":
        return tail.rstrip(b"\0").endswith(b"\xff\xd9")
    if found == "WebP":
        file.seek(4)
        return int.from_bytes(file.read(4), "little") + 8 <= size
    return False
