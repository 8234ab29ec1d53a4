"""Check, unless nothing changed since the last check or build.

What was found is kept as it is told: neither YAML nor the declarations of findings are needed to
tell it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .declare import dataclass
from .finding import Shown
from .idle import (
    Groups,
    changed_since,
    clock_of,
    digests,
    source_stamps,
    young_contents,
    youth,
    zone_file,
)
from .kept import Kept, kept_of
from .order import Order
from .rebuild import same_is_due

if TYPE_CHECKING:
    from .finding import Finding
    from .request import Report


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found, in the order of files and lines."""

    language: str  #: of the catalog
    shown: tuple[Shown, ...]  #: ready to be told
    kept: list[list[Any]]  #: the same as plain values

    @property
    def findings(self) -> tuple[Finding, ...]:
        """With their declarations; these take a quarter of a second to import."""
        from . import codes  # noqa: F401 - findings are kept by the names of their codes
        from .entry import findings_of

        return tuple(findings_of(self.kept))


def recheck(
    root: Path,
    now: datetime,
    started_ns: int,
    progress: Callable[[int, int], None],
    *,
    profiles: Sequence[str] | None = None,
) -> Checked:
    """Everything that is wrong with the catalog; nothing but the cache is written.

    `profiles` stand for those of the catalog. `now` without an offset is in the catalog's zone;
    `started_ns` is when the run began, by the clock that stamps files.
    """
    order = Order(root=root, now=now, started_ns=started_ns)
    kept = kept_of(root, started_ns)
    # what is off under the profiles is not kept: each choice of them is a check of its own
    key = order.key if profiles is None else repr((order.key, sorted(profiles)))

    sources = source_stamps(root)
    found = _found_before(order, key, kept, sources)
    if found is None:
        with kept.looked_into() as cache:
            young = young_contents(root, sources, youth(cache))
        report = _check(order, key, profiles, kept, sources, progress)
        found = _plain(report)
        seen = {"sources": digests(sources), "young": young}
        _keep(key, kept, None if young is None else found | seen, report)
    shown = tuple(Shown(**one) for one in found["findings"])
    return Checked(found["language"], shown, found["judged"])


def _found_before(order: Order, key: str, kept: Kept, sources: Groups) -> dict[str, Any] | None:
    """What the last check or build found, if it would find the same now."""
    with kept.looked_into() as cache:
        for kind in ("check", "run"):
            run: dict[str, Any] | None = cache.get(kind, key, "")
            if (
                run is not None
                and same_is_due(run, order.now)
                and not changed_since(run, order.root, sources)
            ):
                return run
    return None


def _check(
    order: Order,
    key: str,
    profiles: Sequence[str] | None,
    kept: Kept,
    sources: Groups,
    progress: Callable[[int, int], None],
) -> Report:
    from .build import build
    from .earlier import Earlier, Sources
    from .request import Request

    request = Request(
        root=order.root, output=order.folder, now=order.now, dry_run=True, check=True,
        profiles=None if profiles is None else tuple(profiles),
    )  # fmt: skip
    with kept.looked_into() as cache:
        earlier = Earlier(cache, key, Sources(sources, youth(cache)), stands=False)
        return build(request, kept.recordings, earlier, progress)


def _plain(report: Report) -> dict[str, Any]:
    """What is kept of a check; a build keeps the same and more."""
    from .entry import plain_finding

    return {
        "language": report.language,
        "zone": report.zone,
        "clock": clock_of(zone_file(report.zone)),
        "due": [date and date.isoformat() for date in (report.due_since, report.due_next)],
        "findings": [asdict(finding.shown()) for finding in report.findings],
        "judged": list(map(plain_finding, report.findings)),
    }


def _keep(key: str, kept: Kept, found: dict[str, Any] | None, report: Report) -> None:
    """For the next check. None = files could change so that it would not see it."""
    from .media_files import keep_known

    cache = kept.cache(read_only=False)
    cache.put("check", key, "", found)
    keep_known(cache, report.known, {})
    cache.close()


def concerning(root: Path, paths: Sequence[str], files: Iterable[str]) -> frozenset[str]:
    """Those of the files that lie at these paths, or that their episodes name below media/.

    Paths are relative to the root, with "/"; "." is all of it.
    """
    every = frozenset(files)
    texts = {
        series: [_content(file) for path in paths for file in _episodes(root, path, series)]
        for series in {file.split("/")[1] for file in every if _is_media(file)}
    }

    def is_meant(file: str) -> bool:
        if any(path in (".", file) or file.startswith(f"{path}/") for path in paths):
            return True
        _, series, name = file.split("/", 2) if _is_media(file) else ("", "", "")
        return bool(name) and any(name.encode() in text for text in texts[series])

    return frozenset(filter(is_meant, every))


def _content(file: Path) -> bytes:
    """What is in a file; nothing where it cannot be read: a finding says so."""
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _is_media(file: str) -> bool:
    return file.startswith("media/") and file.count("/") > 1


def _episodes(root: Path, path: str, series: str) -> Iterator[Path]:
    """The episode files of a series that a path names."""
    folder = f"episodes/{series}"
    files: Iterable[Path] = ()
    if path in ("episodes", folder):
        files = (root / folder).glob("*.md")
    elif path.startswith(f"{folder}/"):
        files = [root / path]
    yield from (file for file in files if file.is_file())  # a pipe would never end
