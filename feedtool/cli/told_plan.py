"""A publish told before it happens: in words for a terminal, as Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from ..finding import N_
from ..formats import shortened
from ..language import Size
from ..publish.effects import Change, Effects
from ..publish.send import Delivery
from ..publish.target import Plan

Text = Callable[..., str]
"""Console.text: a message in the user's language."""

EFFECTS = {
    "new": N_("new"),
    "changed": N_("changed"),
    "moved": N_("at another address"),
    "redated": N_("WITH ANOTHER DATE: apps sort it anew"),
    "redownload": N_("DOWNLOADED AGAIN: the recording is another one"),
    "gone": N_("GONE: it disappears from apps"),
}
"""What happens to an episode, as subscribers would say it."""

EVERY_SERIES = N_("the feed of all series")
SHOW = N_("the show itself")
LOUD = {
    "new_feed_url": N_("EVERY APP MOVES to that address, and does not come back"),
    "block": N_("TAKEN OUT of directories: nobody finds it there"),
    "complete": N_("ENDED: apps stop looking for new episodes"),
    "guid": N_("ANOTHER SHOW for those who know it by this"),
}
"""What it means that a feed says this of its show."""

SHOWN = 10
"""Names of files or episodes in a row; a first publish has thousands."""


def told_left(paths: Sequence[str], heirs: Mapping[str, str], text: Text) -> Iterator[str]:
    """Feeds that are not made any more, a line each."""
    for path in paths:
        told = (
            N_("{path} is {heir} now: let the server lead the old address to the new one"
               " (HTTP 301), else who subscribes there gets no more")
            if path in heirs
            else N_("{path} is not made any more, and stays there as it was: to take it from"
                    " subscribers, delete it there")
        )  # fmt: skip
        yield text(told, path=path, heir=heirs.get(path, ""))


def told_unreadable(paths: Sequence[str], text: Text) -> Iterator[str]:
    """Feeds at the target that are replaced, and nobody knows by what; a line each."""
    for path in paths:
        yield text(N_("the feed {path} there cannot be read by any app"), path=path)


def told_rewritten(delivery: Delivery, plan: Plan, text: Text) -> Iterator[str]:
    """Recordings that somebody else wrote to and that stay as they are, a line each."""
    sent = {one.path for one in plan.send}
    for path in delivery.damaged:
        if path not in sent:
            yield text(
                N_("{path} has other bytes at the target than were sent; delete it there to have it"
                   " sent again"),
                path=path,
            )  # fmt: skip
    if rewritten := [path for path in delivery.rewritten if path not in sent]:
        yield text(
            N_("somebody wrote to recordings or pictures at the target after they were sent"
               " ({count}, such as {path}): what was not written as it was is to be deleted there,"
               " and is sent again then"),
            count=len(rewritten), path=rewritten[0],
        )  # fmt: skip


def told(
    plan: Plan, effects: Mapping[str, Effects], titles: Mapping[str, str], text: Text
) -> Iterator[str]:
    """The plan in words, a line each."""
    new = [one for one in plan.send if one.path in plan.new]
    changed = [one for one in plan.send if one.path not in plan.new]
    width = max(len(text(word)) for word in (N_("new"), N_("changed"), N_("kept")))
    for word, some in ((N_("new"), new), (N_("changed"), changed)):
        for artifact in some[:SHOWN]:
            yield f"  {text(word):{width}}  {artifact.path}  {Size(artifact.size).told(text)}"
        if len(some) > SHOWN:
            rest = some[SHOWN:]
            yield f"  {text(word):{width}}  " + text(
                N_("and {count} more files, {size}"),
                count=len(rest),
                size=Size(sum(one.size for one in rest)).told(text),
            )
    kept = text(N_("{count} files; nothing is deleted"), count=plan.unchanged + len(plan.extra))
    word = text(N_("kept"))
    yield f"  {word:{width}}  {kept}"
    for series, one in effects.items():
        name = series or text(EVERY_SERIES)
        yield text(N_("Subscribers of {series} will see"), series=name)
        if one.show:
            yield "  " + text(SHOW) + ":"
            yield from (f"    {_said(change, text)}" for change in one.show)
        for effect, guids in _happening(one):
            yield f"  {text(EFFECTS[effect])}:"
            for guid in guids[:SHOWN]:
                yield f"    {titles.get(guid, guid)}"
            if len(guids) > SHOWN:
                yield "    " + text(N_("and {count} more"), count=len(guids) - SHOWN)


def told_elsewhere(urls: Sequence[str], text: Text, mark: str = "  ") -> Iterator[str]:
    """Recordings that a feed will name, and that somebody else brings to their place."""
    if not urls:
        return
    told = N_("Recordings not sent from here: {count}; they must be there before the feeds are")
    yield text(told, count=len(urls))
    if mark.strip():
        yield ""
    yield from (f"{mark}{url}" for url in urls[:SHOWN])
    if len(urls) > SHOWN:
        yield mark + text(N_("and {count} more"), count=len(urls) - SHOWN)


def as_markdown(
    plan: Plan, effects: Mapping[str, Effects], titles: Mapping[str, str], target: str, text: Text
) -> Iterator[str]:
    """The plan as a comment for a pull request."""
    yield "### " + text(N_("What publishing to {target} would change"), target=target)
    yield ""
    if not effects:
        yield text(N_("Subscribers will see nothing new."))
    for series, one in effects.items():
        yield f"**{plain(series or text(EVERY_SERIES))}**"
        yield ""
        if one.show:
            yield "- " + text(SHOW)
            yield from (f"  - {plain(_said(change, text))}" for change in one.show)
        for name, guids in _happening(one):
            yield f"- {text(EFFECTS[name])}"
            for guid in guids[:SHOWN]:
                yield f"  - {plain(titles.get(guid, guid))}"
            if len(guids) > SHOWN:
                yield "  - " + text(N_("and {count} more"), count=len(guids) - SHOWN)
        yield ""
    yield ""
    yield text(
        N_("{count} files would be sent ({size}), {unchanged} stay as they are."),
        count=len(plan.send), size=Size(plan.bytes).told(text), unchanged=plan.unchanged,
    )  # fmt: skip


def _happening(one: Effects) -> Iterator[tuple[str, Sequence[str]]]:
    for name in EFFECTS:
        guids = getattr(one, name)
        if guids:
            yield name, guids


def _said(change: Change, text: Text) -> str:
    """ "title: Samtal → Samtal om skolan"."""
    before, after = (
        shortened(value, 60, " …") or text(N_("nothing")) for value in (change.before, change.after)
    )
    loud = f"  ({text(LOUD[change.name])})" if change.after and change.name in LOUD else ""
    return f"{change.name}: {before} → {after}{loud}"


def plain(text: str) -> str:
    """Text of a person, so that Markdown takes nothing in it for its own."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>()#+-.!|~@" else sign for sign in text)
