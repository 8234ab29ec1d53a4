"""Check, unless nothing changed since the last check or build.

What was found is kept before it is weighed, so that other profiles are asked for without reading
anything again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .cache import Cache
from .declare import dataclass
from .idle import Groups, any_young, source_stamps
from .rebuild import STATE, Order, digests, same_is_due, versions_of_makers, youth

if TYPE_CHECKING:
    from .finding import Finding
    from .gather import Report
    from .recordings import Recordings


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found, in the order of files and lines."""

    language: str  #: of the catalog
    findings: tuple[Finding, ...]


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
    versions = versions_of_makers()

    def open_cache(*, read_only: bool) -> Cache:
        return Cache(root / STATE / "cache.sqlite", versions, started_ns, read_only=read_only)

    sources = source_stamps(root)
    kept = _kept(order, open_cache, sources)
    if kept is None:
        report = _check(order, open_cache, sources, progress)
        kept = _plain(report)
        _keep(order, open_cache, kept, report, sources)
    return _weighed(root, kept, profiles)


def _kept(order: Order, open_cache: Callable[..., Cache], sources: Groups) -> dict[str, Any] | None:
    """What the last check or build found, if it would find the same now."""
    cache = open_cache(read_only=True)
    try:
        for kind in ("check", "run"):
            run: dict[str, Any] | None = cache.get(kind, order.key, "")
            if (
                run is not None
                and dict(run["sources"]) == dict(digests(sources))
                and same_is_due(run, order.now)
            ):
                return run
    finally:
        cache.close()
    return None


def _check(
    order: Order,
    open_cache: Callable[..., Cache],
    sources: Groups,
    progress: Callable[[int, int], None],
) -> Report:
    from .build import build
    from .earlier import Earlier, Sources
    from .gather import Request
    from .recordings import Recordings

    @contextmanager
    def open_recordings() -> Iterator[Recordings]:
        cache = open_cache(read_only=True)
        try:
            yield Recordings(order.root, cache)
        finally:
            cache.close()

    cache = open_cache(read_only=True)
    try:
        request = Request(
            root=order.root, output=order.folder, now=order.now, dry_run=True, check=True
        )
        earlier = Earlier(cache, order.key, Sources(sources, youth(cache)), stands=False)
        return build(request, open_recordings, earlier, progress)
    finally:
        cache.close()


def _plain(report: Report) -> dict[str, Any]:
    """What is kept of a check: as the memory of a build has it."""
    from .entry import plain_finding

    ignored = {
        file: [(one.code, one.why) for one in entries]
        for file, entries in report.ignored.items()
        if entries
    }
    return {
        "language": report.language,
        "profiles": list(report.profiles),
        "zone": report.zone,
        "due": [date and date.isoformat() for date in (report.due_since, report.due_next)],
        "memory": {"found": {"": list(map(plain_finding, report.found))}, "ignored": ignored},
    }


def _keep(
    order: Order,
    open_cache: Callable[..., Cache],
    kept: dict[str, Any],
    report: Report,
    sources: Groups,
) -> None:
    """For the next check, unless a file could still change unseen."""
    from .media_files import keep_known

    cache = open_cache(read_only=False)
    young = any_young(sources, youth(cache))
    found = None if young else kept | {"sources": digests(sources)}
    cache.put("check", order.key, "", found)
    keep_known(cache, report.known, {})
    cache.close()


def _weighed(root: Path, kept: dict[str, Any], profiles: Sequence[str] | None) -> Checked:
    memory = kept["memory"]
    if not any(memory["found"].values()) and not memory["ignored"]:  # spares many imports
        return Checked(language=kept["language"], findings=())
    from . import codes  # noqa: F401 - findings are kept by the names of their codes
    from .check.policy import judge
    from .entry import findings_of
    from .finding import in_order
    from .read.objects import IgnoreKeys

    found = [one for plain in memory["found"].values() for one in findings_of(plain)]
    ignored = {
        file: tuple(IgnoreKeys(code=code, why=why) for code, why in entries)
        for file, entries in memory["ignored"].items()
    }
    judged = judge(found, kept["profiles"] if profiles is None else profiles, ignored)
    if any(one.place.line is None for one in judged):  # raised by other profiles, or of no line
        from .load import located

        judged = located(root, judged)
    return Checked(language=kept["language"], findings=tuple(in_order(judged)))


def concerning(root: Path, paths: Sequence[str], findings: Sequence[Finding]) -> list[Finding]:
    """The findings in these files and folders, and in what their episodes name below media/.

    Paths are relative to the root, with "/"; "." is all of it.
    """
    texts = {
        series: [file.read_bytes() for path in paths for file in _episodes(root, path, series)]
        for series in {one.place.file.split("/")[1] for one in findings if _is_media(one)}
    }

    def is_meant(finding: Finding) -> bool:
        file = finding.place.file
        if any(path in (".", file) or file.startswith(f"{path}/") for path in paths):
            return True
        _, series, name = file.split("/", 2) if _is_media(finding) else ("", "", "")
        return bool(name) and any(name.encode() in text for text in texts[series])

    return [one for one in findings if is_meant(one)]


def _is_media(finding: Finding) -> bool:
    return finding.place.file.startswith("media/") and finding.place.file.count("/") > 1


def _episodes(root: Path, path: str, series: str) -> Iterator[Path]:
    """The episode files of a series that a path names."""
    if not path.startswith(f"episodes/{series}"):
        return
    named = root / path
    yield from named.glob("*.md") if named.is_dir() else [named]
