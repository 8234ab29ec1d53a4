"""How each kind of finding is mended: one function for each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from ..check.parity import CH006
from ..check.policy import CF060
from ..finding import Code, Finding, Severity
from ..formats import is_remote, normal_play_time
from ..read.dates import EP009
from ..read.episode import EP001, EP008
from ..read.yaml_tree import Tree
from ..recordings import ME052
from .edits import spelled, with_line_after, with_value, without_entry
from .outline import Keys
from .state import Edit, Fix, Known, Work

FIXES: dict[str, Fix] = {}
"""By the id of the code. What is not listed and says what is `better` has its value replaced."""

_PROMISED = {"guid", "date", "media"}
"""Keys that subscribers were told: never replaced because something looks better."""

_HEAD = ("title", "date", "guid", "media", "duration", "summary")
"""The keys an episode begins with; what is added comes after them."""

_LONGEST = 255
"""Letters of a title."""


def mends(code: Code) -> Callable[[Fix], Fix]:
    def register(fix: Fix) -> Fix:
        FIXES[code.id] = fix
        return fix

    return register


def better_value(work: Work) -> Edit | None:
    """The value that the finding knows to be meant."""
    keys, better = work.finding.place.keys, str(work.finding.params.get("better", ""))
    if not keys or keys[0] in _PROMISED or not better or "…" in better:
        return None
    return replaced(work, keys, better)


def replaced(work: Work, keys: Keys, text: str) -> Edit | None:
    """The edit that puts a text in the place of the one at `keys`."""
    part = work.outline.parts.get(keys)
    if part is None:
        return None
    source = with_value(work.source, part, text)
    if source is None:
        return None
    before = value_at(work.tree, keys)
    change = f"{before} → {text}" if before else f"{keys[-1]}: {text}"
    return Edit(source, with_value_at(work.tree, keys, text), part.start[0], change)


@mends(EP001)
@mends(EP008)
def guid_missing(work: Work) -> Edit | None:
    """The guid that the lock knows the episode by; a new one for a new episode."""
    if work.finding.params.get("key") != "guid":
        return None
    guid = _guid(work.finding.place.file, work.tree, work.known)
    if guid is None:
        return None
    if ("guid",) in work.outline.parts:  # the key is there and says nothing
        return replaced(work, ("guid",), guid)
    return _added(work, ("date", "title"), "guid", guid, [f"guid: {guid}"])


def _guid(file: str, tree: Tree, known: Known) -> str | None:
    """None when it may have had another, or is one that was published and is gone."""
    if known.lock is None:
        return None
    series, slug = file.removeprefix("episodes/").removesuffix(".md").split("/")
    promises = known.lock.episodes.values()
    own = [one for one in promises if one.series == series and one.slug == slug]
    if own:
        return own[0].guid if len(own) == 1 and own[0].gone is None else None
    media = tree.get("media") or f"{slug}.mp3"
    source = media if is_remote(media) else f"{series}/{media}"
    if any(one.media == source for one in promises):
        return None
    return known.mint()


@mends(EP009)
def date_almost_right(work: Work) -> Edit | None:
    """Also that of an episode that was published: it could not be read, and says the same."""
    return replaced(work, work.finding.place.keys, str(work.finding.params["better"]))


@mends(CF060)
def ignored_in_vain(work: Work) -> Edit | None:
    """An entry of `ignore:` that sets nothing aside, as far as everything could be looked at."""
    file, keys = work.finding.place.file, work.finding.place.keys
    if len(keys) != 2 or work.tree.get("status") == "draft":
        return None
    if any(_could_hide(one, file) for one in work.known.findings):
        return None
    key, index = str(keys[0]), int(keys[1])
    part = work.outline.parts.get(keys)
    source = without_entry(work.source, work.outline, key, index)
    if part is None or source is None:
        return None
    rest = [entry for at, entry in enumerate(work.tree[key]) if at != index]
    tree = {name: value for name, value in work.tree.items() if name != key}
    change = f"- ignore: {work.finding.params.get('code', '')}"
    return Edit(source, tree | ({key: rest} if rest else {}), part.start[0], change)


def _could_hide(one: Finding, file: str) -> bool:
    """Is something so wrong, or so far away, that other findings do not show?"""
    if one.code is ME052:
        return True
    if one.severity is not Severity.ERROR:
        return False
    series = file.rpartition("/")[0] + "/"
    near = (series, series.replace("episodes/", "media/", 1))
    return file == "feedtool.yaml" or one.place.file.startswith(near) or "/" not in one.place.file


@mends(CH006)
def chapters_in_recording(work: Work) -> Edit | None:
    """The chapters that stand in the recording, when the file has none."""
    media = work.tree.get("media")
    if not media or is_remote(media) or ("chapters",) in work.outline.parts:
        return None
    series = work.finding.place.file.split("/")[1]
    chapters = work.known.chapters(f"{series}/{media.strip()}")
    starts = [_clock(start) for start, _ in chapters]
    if len(set(starts)) < len(starts):
        starts = [normal_play_time(start) for start, _ in chapters]
    titles = [" ".join(title.split())[:_LONGEST].strip() for _, title in chapters]
    texts = [f"{start} {title}" for start, title in zip(starts, titles, strict=True)]
    written = [spelled(text, '"') for text in texts]
    if not texts or None in written:
        return None
    lines = ["chapters:", *(f"  - {text}" for text in written)]
    return _added(work, _HEAD, "chapters", texts, lines)


def _clock(start: timedelta) -> str:
    minutes, seconds = divmod(int(start.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def _added(
    work: Work, before: tuple[str, ...], key: str, value: Tree, lines: list[str]
) -> Edit | None:
    added = with_line_after(work.source, work.outline, before, lines)
    if added is None:
        return None
    source, line = added
    change = f"+ {lines[0]}" if isinstance(value, str) else f"+ {lines[0]} {len(value)}"
    return Edit(source, work.tree | {key: value}, line, change)


def value_at(tree: Tree, keys: Keys) -> Tree:
    for key in keys:
        tree = tree[key]
    return tree


def with_value_at(tree: Tree, keys: Keys, value: Tree) -> Tree:
    """A copy of the tree in which one value is another."""
    if not keys:
        return value
    copy: Tree = list(tree) if isinstance(tree, list) else dict(tree)
    copy[keys[0]] = with_value_at(copy[keys[0]], keys[1:], value)
    return copy
