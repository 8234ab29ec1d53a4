"""Pictures of a series and its episodes: fetched each once, however many episodes have it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

from ..errors import FeedtoolError
from ..language import N_
from ..scaffold.copies import put_whole
from .fitting import Unfit
from .names import safe_media_name, unique
from .record import Why
from .web import Web

_LARGEST = 20_000_000
"""Bytes of a picture."""
_AT_ONCE = 4
_ENDINGS: Mapping[bytes, tuple[str, ...]] = {
    b"\xff\xd8\xff": (".jpg", ".jpeg"),
    b"\x89PNG\r\n": (".png",),
}
"""By the first bytes: the kinds that apps show."""

NO_PICTURE = N_("it is no picture that apps show (JPEG or PNG)")


def fetch_pictures(
    addresses: Collection[str], folder: Path, taken: set[str], web: Web
) -> dict[str, str | Unfit]:
    """The name below `folder` of each picture, or why there is none.

    `taken` are names in small letters that others have. Raises OSError when the disk does.
    """
    names: dict[str, str] = {}
    for url in dict.fromkeys(addresses):
        names[url] = unique(safe_media_name(url, "cover", "image/jpeg"), taken)
        taken.add(names[url].lower())
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        came = pool.map(lambda url: _picture(url, folder, names[url], web), names)
        return dict(zip(names, came, strict=True))


def _picture(url: str, folder: Path, name: str, web: Web) -> str | Unfit:
    try:
        page = web.get(url, most=_LARGEST)
    except FeedtoolError as error:
        return Unfit("image", url, Why(error.message, error.params))
    endings = next((one for head, one in _ENDINGS.items() if page.body.startswith(head)), ())
    if not endings or not page.whole:
        return Unfit("image", url, Why(NO_PICTURE))
    path = PurePosixPath(name)
    ending = path.suffix if path.suffix in endings else endings[0]
    return put_free(folder, path.stem + ending, page.body)


def put_free(folder: Path, name: str, data: bytes) -> str:
    """Write a file, whole, under this name or, if another file has it, one with a number.

    The same file of an import that was interrupted serves.
    """
    taken: set[str] = set()
    while True:
        free = unique(name, taken)
        try:
            put_whole(folder / free, lambda to: to.write(data))
            return free
        except FileExistsError:
            if (folder / free).is_file() and (folder / free).read_bytes() == data:
                return free
            taken.add(free)
