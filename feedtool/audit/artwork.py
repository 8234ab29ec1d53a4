"""Pictures of the series and its episodes at their server (HTTP-07, APPLE-04)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from ..formats import ending_of
from ..language import N_, Size
from ..measure.pictures import measure_picture
from ..model import Picture
from .aspect import NONE, UNSTATED, Aspect, Check, Subject, Words, as_it_is, words
from .web import Web

HEAD = Aspect(
    name="artwork.head",
    severity="error",
    title="HEAD",
    expected="200",
    mend=N_("the picture must be there for everybody, and its server must answer HEAD: Apple asks"
            " so"),
    spec=("HTTP-07", "PSP-11", "APPLE-39"),
)  # fmt: skip
TYPE = Aspect(
    name="artwork.type",
    severity="error",
    title="Content-Type",
    expected=N_("image/jpeg or image/png, as its content"),
    mend=N_("export the picture as JPEG or PNG, and let its name and the server say the same"),
    spec=("HTTP-07", "APPLE-03", "APPLE-04"),
)
PIXELS = Aspect(
    name="artwork.pixels",
    severity="error",
    title=N_("pixels"),
    expected=N_("a square of 1400 to 3000 pixels"),
    mend=N_("export the picture anew, 3000 x 3000 at best, and give it a new name: apps keep what"
            " they have"),
    spec=("APPLE-04", "APPLE-05", "PSP-11"),
)  # fmt: skip
COLOURS = Aspect(
    name="artwork.colours",
    severity="warning",
    title=N_("colours"),
    expected=N_("RGB, nothing transparent"),
    mend=N_("export the picture as RGB without transparency; directories may refuse others"),
    spec=("APPLE-04", "PSP-11"),
)

_TYPES = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png",
    ".gif": "image/gif", ".webp": "image/webp",
}  # fmt: skip
"""By the ending of a name. Hosts have addresses with none, which Apple takes."""
_SHOWN = ("image/jpeg", "image/png")
_COLOURS = ("RGB", "P")
"""As Pillow names them: a palette holds colours of RGB."""
_LEAST, _MOST = 1400, 3000


def artwork(subject: Subject, web: Web) -> Iterator[Check]:
    """All checks of one picture, which is fetched."""
    head = web.ask("HEAD", subject.url)
    yield HEAD.of(subject, head.status == 200 and not head.failure, head.told)
    if head.failure and head.failure.kind != "network":
        return
    answer = web.ask("GET", subject.url, most=web.limits.picture)
    if answer.failure or answer.status != 200:
        if head.status == 200:
            yield PIXELS.of(subject, False, answer.told)
        return
    if not answer.whole:
        most = Size(web.limits.picture)
        yield PIXELS.of(subject, False, words(N_("more than {most}"), most=most))
        return
    picture, why = _measured(answer.body)
    given = as_it_is(answer.type) if answer.type else UNSTATED
    if picture is None:
        yield TYPE.of(subject, False, words(N_("{type}, but {reason}"), type=given, reason=why))
        return
    ok = picture.type in _SHOWN and answer.type.replace("image/jpg", "image/jpeg") == picture.type
    ending = _ending(subject.url)
    if answer.type != picture.type and not ok:
        given = words(N_("{type}, but its content is {found}"), type=given, found=picture.type)
    elif ok and _TYPES.get(ending, picture.type) != picture.type:
        ok, given = False, words(N_("{type}, but its name ends in {ending}"),
                                 type=given, ending=ending)  # fmt: skip
    yield TYPE.of(subject, ok, given)
    square = picture.width == picture.height and _LEAST <= picture.width <= _MOST
    yield PIXELS.of(subject, square, words(f"{picture.width} x {picture.height}"))
    mode = as_it_is(picture.mode)
    got = words(N_("{mode}, partly transparent"), mode=mode) if picture.transparent else mode
    yield COLOURS.of(subject, picture.mode in _COLOURS and not picture.transparent, got)


def _ending(url: str) -> str:
    try:
        return ending_of(url)
    except ValueError:
        return ""


def _measured(body: bytes) -> tuple[Picture | None, Words]:
    """By what measures pictures of a catalog; its faults name a file, which is no matter here."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "picture"
        path.write_bytes(body)
        picture, faults = measure_picture(path)
    if picture is not None:
        return picture, NONE
    said = {
        name: words(value) if isinstance(value, str) else value
        for name, value in faults[0].params.items()
    }
    return None, words(faults[0].code.message, **{**said, "name": words(N_("the picture"))})
