"""Two targets as one: recordings and pictures in one place, everything else in another."""

from __future__ import annotations

from collections.abc import Mapping

from .target import Artifact, Remote, Target

_MEDIA = "media/"


class Split:
    """What begins with media/ is at `media`, without that beginning; the rest is at `main`."""

    def __init__(self, main: Target, media: Target) -> None:
        self._main = main
        self._media = media

    @property
    def compares(self) -> bool:
        return self._main.compares  # it has the state

    @property
    def conditions(self) -> bool | None:
        return self._main.conditions

    @conditions.setter
    def conditions(self, known: bool | None) -> None:
        self._main.conditions = known

    def list(self, prefix: str = "") -> Mapping[str, Remote]:
        found: dict[str, Remote] = {}
        if not prefix.startswith(_MEDIA):
            found |= {p: one for p, one in self._main.list(prefix).items() if _is_main(p)}
        if prefix.startswith(_MEDIA) or _MEDIA.startswith(prefix):
            media = self._media.list(prefix.removeprefix(_MEDIA) if _is_media(prefix) else "")
            found |= {_MEDIA + path: one for path, one in media.items()}
        return found

    def read(self, path: str) -> bytes | None:
        target, path = self._of(path)
        return target.read(path)

    def put(self, path: str, artifact: Artifact, *, if_unchanged: Remote | None = None) -> None:
        target, path = self._of(path)
        target.put(path, artifact, if_unchanged=if_unchanged)

    def delete(self, path: str) -> None:
        target, path = self._of(path)
        target.delete(path)

    def close(self) -> None:
        self._main.close()
        self._media.close()

    def _of(self, path: str) -> tuple[Target, str]:
        return (self._media, path.removeprefix(_MEDIA)) if _is_media(path) else (self._main, path)


def _is_media(path: str) -> bool:
    return path.startswith(_MEDIA)


def _is_main(path: str) -> bool:
    return not _is_media(path)
