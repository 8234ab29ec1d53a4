"""Carry out an import: recordings first, then the file of each episode, the lock, the proof.

Every file is whole or not there. Run again after an interruption, it goes on where it was and ends
in the same state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from ..declare import dataclass
from ..errors import BusyError, FeedtoolError, WriteError
from ..finding import Finding, has_errors
from ..kept import STATE
from ..language import N_
from ..load import load_catalog
from ..lock import Lock
from ..read.catalog import Catalog
from ..scaffold.copies import failed, put_whole, write_new
from .catalog import There, look, names_in
from .chain import Whole
from .download import Failed, download
from .episode_file import Around, SideFiles, episode_text
from .fitting import Unfit
from .names import unique
from .pictures import fetch_pictures
from .plan import Plan, Planned, guid_of, plan
from .promises import Taken, add_promises, promise_of, read_lock
from .proof import Proof, prove
from .record import Tree, Why
from .report import Done, report, report_path
from .series_file import series_keys, series_text
from .side_files import fetch_texts
from .trailers import trailers_of
from .wanted import Downloaded, Wanted
from .web import Web

Progress = Callable[[int, int], None]
Text = Callable[..., str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One import that is under way."""

    root: Path
    now: datetime
    catalog: Catalog
    there: There
    plan: Plan
    web: Web


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What it came to; paths are relative to the root."""

    made: tuple[str, ...]
    media: tuple[Downloaded, ...]
    failed: tuple[tuple[Planned, FeedtoolError], ...]
    unfit: tuple[tuple[str, Unfit], ...]
    proof: Proof
    report: str | None  #: None = a file of somebody else has the name


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Nobody else imports into this catalog meanwhile. Raises BusyError, WriteError."""
    state = root / STATE
    lock = FileLock(state / "import.lock", timeout=0)
    try:
        state.mkdir(exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise BusyError(
            N_("another feedtool is importing into this catalog"),
            N_("wait until it has ended, then run the same command again"),
        ) from error
    except OSError as error:  # nobody may write here, or a file has that name
        raise failed(error, state) from error
    try:
        yield
    finally:
        lock.release()


def catalog_of(root: Path) -> Catalog:
    """The catalog. Raises FeedtoolError while feedtool.yaml has errors."""
    found: list[Finding] = []
    catalog = load_catalog(root, found)
    if catalog is None or has_errors(found):
        raise FeedtoolError(
            N_("feedtool.yaml has errors; nothing was imported"),
            N_("see what is wrong with  feedtool check , then run the same command again"),
        )
    return catalog


def prepared(
    root: Path, now: datetime, catalog: Catalog, whole: Whole, series: str, web: Web, *, media: bool
) -> Import:
    """Compare the feed with the catalog."""
    lock = read_lock(root, now)
    there = look(root, series, lock)
    planned = plan(whole, series, there, lock, media=media)
    return Import(root=root, now=now, catalog=catalog, there=there, plan=planned, web=web)


def carry_out(work: Import, text: Text, stages: Callable[[str], Progress]) -> Outcome:
    """Everything that was planned.

    Raises WriteError when the disk is full. What a server does not give is told, and left out;
    `stages` gives the progress of a stage by its name.
    """
    try:
        return _carried_out(work, text, stages)
    except OSError as error:
        raise failed(error, work.root) from error


def _carried_out(work: Import, text: Text, stages: Callable[[str], Progress]) -> Outcome:
    planned, root = work.plan, work.root
    for folder in ("episodes", "media"):
        _tidy(root / folder / planned.series)
    beside, image = _beside(work, stages)
    unfit: list[tuple[str, Unfit]] = []
    if planned.begins and (planned.new or any(_there_already(work))):
        unfit += [("", one) for one in _write_series(work, image)]
    made: list[Planned] = []
    came: list[Downloaded] = []
    failed: list[tuple[Planned, FeedtoolError]] = []
    for one, result in _recordings(work, stages):
        if isinstance(result, FeedtoolError):
            failed.append((one, result))
            continue
        if result is not None:
            came.append(result)
        try:
            left = _write_episode(work, one, result, beside.get(one.guid, SideFiles()))
        except FileExistsError:
            failed.append((one, _taken_meanwhile(_file(work, one))))
            continue
        made.append(one)
        unfit += [(one.slug, each) for each in left]
    _promise(work, made)
    proof = _prove(work, made)
    files = tuple(sorted(_file(work, one) for one in made))
    there, before = _told_before(work)
    done = Done(
        plan=planned, there=there, made=files, downloaded=len(came),
        failed=tuple((one.guid, Why(error.message, error.params)) for one, error in failed),
        unfit=_sorted([*unfit, *before]), proof=proof,
    )  # fmt: skip
    return Outcome(
        made=files,
        media=tuple(sorted(came, key=lambda one: one.path)),
        failed=tuple(failed),
        unfit=_sorted(unfit),
        proof=proof,
        report=_write_report(root, report(done, text)),
    )


def _sorted(unfit: list[tuple[str, Unfit]]) -> tuple[tuple[str, Unfit], ...]:
    return tuple(sorted(unfit, key=lambda one: one[0]))


def _tidy(folder: Path) -> None:
    """Remove second names of files that an import had just given theirs when it was killed."""
    for half in folder.glob(".*.half"):
        if half.stat().st_nlink > 1:
            half.unlink()


def _file(work: Import, one: Planned) -> str:
    return f"episodes/{work.plan.series}/{one.slug}.md"


def _beside(work: Import, stages: Callable[[str], Progress]) -> tuple[dict[str, SideFiles], str]:
    """What was fetched for each episode, by guid, and the picture of the series."""
    planned = work.plan
    cover = planned.whole.source.image
    if not planned.new and not planned.begins:
        return {}, cover
    folder = work.root / "media" / planned.series
    beside = fetch_texts(
        planned.new, folder, work.web, planned.whole.source.tree.get("language", ""),
        stages(N_("Fetching texts and pictures")),
    )  # fmt: skip
    pictures: dict[str, str | Unfit] = {}
    images = {
        one.guid: one.entry.image for one in planned.new if one.entry.image not in ("", cover)
    }
    if planned.media:
        taken = {*work.there.files, *(one.media.lower() for one in planned.new)}
        wanted = [cover] if cover and planned.begins else []
        pictures = fetch_pictures([*wanted, *images.values()], folder, taken, work.web)
    for guid, url in images.items():
        side, picture = beside.get(guid, SideFiles()), pictures.get(url, url)
        beside[guid] = (
            replace(side, image=picture)
            if isinstance(picture, str)
            # it may be there again on another day
            else replace(side, image=url, unfit=(*side.unfit, picture))
        )
    own = pictures.get(cover, cover)
    return beside, own if isinstance(own, str) else cover


def _write_episode(
    work: Import, one: Planned, came: Downloaded | None, beside: SideFiles
) -> list[Unfit]:
    """The file of an episode; gives what it does not hold. Raises FileExistsError."""
    if came is not None:
        folder = work.root / "media" / work.plan.series
        one = replace(one, media=came.path.relative_to(folder).as_posix())
    content, left = episode_text(one, beside, _around(work), work.catalog.zone)
    write_new(work.root / _file(work, one), content)
    return left


def _around(work: Import) -> Around:
    source = work.plan.whole.source
    return Around(
        people=source.people,
        explicit=source.tree.get("explicit", "false"),
        language=source.tree.get("language", ""),
        author=source.tree.get("author", ""),
    )


def _taken_meanwhile(file: str) -> FeedtoolError:
    return FeedtoolError(
        N_("{path} is there already"),
        N_("somebody else made it meanwhile; run the same command again"),
        path=file,
    )


def _write_series(work: Import, image: str) -> list[Unfit]:
    planned = work.plan
    keys, left = _series(work, image, planned)
    try:
        write_new(work.root / f"episodes/{planned.series}/series.yaml", series_text(keys))
    except FileExistsError:
        raise _taken_meanwhile(f"episodes/{planned.series}/series.yaml") from None
    return left


def _series(work: Import, image: str, planned: Plan) -> tuple[Tree, list[Unfit]]:
    trailers, otherwise = trailers_of(planned)
    keys, left = series_keys(planned.whole, work.catalog, image, trailers)
    return keys, left + otherwise


def _told_before(work: Import) -> tuple[tuple[Planned, ...], list[tuple[str, Unfit]]]:
    """The episodes that an earlier run made, and what of the feed has no place in their files.

    There is one report. An import that is run again, for what was missing or because somebody
    stopped it, would else take away what the first had told, or never say it.
    """
    planned = work.plan
    there = tuple(
        replace(one, slug=slug) for one, slug in _there_already(work, media=planned.media)
    )
    unfit: list[tuple[str, Unfit]] = []
    if there and not planned.begins:
        all_of_it = replace(planned, new=(*planned.new, *there))
        _, left = _series(work, planned.whole.source.image, all_of_it)
        unfit += [("", one) for one in left]
    for one in there:
        _, left = episode_text(one, SideFiles(), _around(work), work.catalog.zone)
        fetched = "chapters" if one.entry.chapters_url else ""  # they stand in its file instead
        unfit += [(one.slug, each) for each in left if each.key != fetched]
    return there, unfit


def _recordings(
    work: Import, stages: Callable[[str], Progress]
) -> Iterator[tuple[Planned, Downloaded | FeedtoolError | None]]:
    """Each new episode with its recording as it comes, or with why it does not come."""
    planned = work.plan
    if not planned.media:
        progress = stages(N_("Importing"))
        for number, one in enumerate(planned.new, 1):
            yield one, None
            progress(number, len(planned.new))
        return
    folder = work.root / "media" / planned.series
    others: list[Planned] = []
    for one, came in _downloaded(planned.new, folder, work, stages):
        if isinstance(came, Failed) and isinstance(came.error, WriteError):
            others.append(one)  # another file has that name
        else:
            yield one, came.error if isinstance(came, Failed) else came
    if not others:
        return
    taken = {*names_in(folder), *work.there.files, *(one.media.lower() for one in planned.new)}
    renamed = []
    for one in others:
        name = unique(one.media, taken)
        taken.add(name.lower())
        renamed.append(replace(one, media=name))
    for one, came in _downloaded(tuple(renamed), folder, work, stages):
        yield one, came.error if isinstance(came, Failed) else came


def _downloaded(
    planned: tuple[Planned, ...], folder: Path, work: Import, stages: Callable[[str], Progress]
) -> Iterator[tuple[Planned, Downloaded | Failed]]:
    by_path: Mapping[Path, Planned] = {folder / one.media: one for one in planned}
    wanted = [
        Wanted(url=one.enclosure.url, path=path, length=one.enclosure.length)
        for path, one in by_path.items()
    ]
    partial = work.root / STATE / "import"
    for came in download(wanted, partial, work.web, stages(N_("Downloading"))):
        yield by_path[came.path], came


def _promise(work: Import, new: list[Planned]) -> None:
    """Lines for all remote recordings of the feed: those of an interrupted import, too."""
    planned = work.plan
    taken = [] if planned.media else [
        Taken(
            guid=one.guid, slug=one.slug, date=one.entry.date, enclosure=one.enclosure,
            duration=one.entry.duration,
        )
        for one in new
        if one.entry.date and not one.draft
    ]  # fmt: skip
    taken += _unpromised(work)
    origin = planned.whole.address
    lines = [promise_of(one, planned.series, origin, work.catalog.zone) for one in taken]
    if lines:
        add_promises(work.root, work.now, lines)


def _unpromised(work: Import) -> Iterator[Taken]:
    """Episodes of an interrupted import, whose recordings the lock may lack still."""
    there = work.there
    for planned, slug in _there_already(work):
        remote = there.media.get(planned.guid) == planned.enclosure.url
        if remote and planned.entry.date and not planned.draft:
            yield Taken(
                guid=planned.guid, slug=slug, date=planned.entry.date,
                enclosure=planned.enclosure, duration=planned.entry.duration,
            )  # fmt: skip


def _there_already(work: Import, *, media: bool = False) -> Iterator[tuple[Planned, str]]:
    """The entries whose episodes are in this series already, as they would be planned anew."""
    planned = work.plan
    nothing = There(has_series_file=True)
    anew = plan(planned.whole, planned.series, nothing, Lock(), media=media)
    for one in anew.new:
        name = planned.there.get(one.guid, "")
        if name.startswith(f"{planned.series}/"):
            yield one, name.partition("/")[2]


def _prove(work: Import, made: list[Planned]) -> Proof:
    episodes = [(one.slug, one) for one in made]
    episodes += [(slug, one) for one, slug in _there_already(work)]
    # of two entries with one guid, the older was taken
    order = {guid: at for at, guid in enumerate(map(guid_of, work.plan.whole.source.entries))}
    episodes.sort(key=lambda one: order[one[1].guid])
    lock = read_lock(work.root, work.now)
    return prove(work.root, work.plan.series, episodes, work.catalog, lock, before=work.plan.there)


def _write_report(root: Path, content: str) -> str | None:
    path = report_path(root)
    if path is None:
        return None
    data = content.encode()
    try:
        if path.read_bytes() == data:
            return path.name
    except FileNotFoundError:
        pass
    path.unlink(missing_ok=True)
    put_whole(path, lambda to: to.write(data))
    return path.name
