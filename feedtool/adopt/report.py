"""import-report.md: what an import did and could not do, to be read and then thrown away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from ..declare import dataclass
from ..finding import Finding
from ..language import N_
from .fitting import Unfit
from .plan import Plan, Planned
from .proof import Proof
from .record import Why

REPORT = "import-report.md"
_MARK = "<!-- feedtool import -->"
"""Begins every report: another file of that name is somebody's own."""
_SHOWN = 50
"""Entries of one kind that are listed one by one."""

LAW = date(2020, 9, 23)
"""Recordings published before need no text version where they are (DOS law, section 9)."""

Text = Callable[..., str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What an import came to."""

    plan: Plan
    there: tuple[Planned, ...]  #: what earlier runs made of the same feed
    made: tuple[str, ...]  #: files that were written
    downloaded: int
    failed: tuple[tuple[str, Why], ...]  #: guid, and why there is no episode of it
    unfit: tuple[tuple[str, Unfit], ...]  #: "" or the slug of an episode, and what has no place
    proof: Proof | None


def old_without_text(plan: Plan) -> int:
    """How many new episodes were published before the law, and have no text version."""
    return sum(
        1
        for one in plan.new
        if one.entry.date and one.entry.date.date() < LAW and not one.entry.texts
    )


def report_path(root: Path) -> Path | None:
    """Where the report goes; None when a file of somebody else has its name."""
    path = root / REPORT
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return path if file.read(len(_MARK)) == _MARK else None
    except FileNotFoundError:
        return path
    except OSError:
        return None


def report(done: Done, text: Text) -> str:
    """The whole file; the same import gives the same."""
    return "\n".join([_MARK, *_lines(done, text)]) + "\n"


def _lines(done: Done, text: Text) -> Iterator[str]:
    plan = done.plan
    title = " ".join(plan.whole.source.title.split())
    yield "# " + text(N_("Import of {title}"), title=_md(title))
    yield ""
    yield text(N_("From {address} into episodes/{series}/"),
               address=f"<{plan.whole.address}>", series=plan.series)  # fmt: skip
    yield ""
    yield "- " + text(N_("New: {count}"), count=len(done.made))
    yield "- " + text(N_("There already, and left as they are: {count}"), count=len(plan.there))
    yield "- " + text(N_("Left out: {count}"), count=len(plan.skipped) + len(done.failed))
    if done.downloaded:
        yield "- " + text(N_("Recordings downloaded: {count}"), count=done.downloaded)
    told = list(plan.whole.told)
    if plan.whole.source.repaired:
        told.append(Why(N_("the feed is not well-formed XML; what could be read of it was")))
    if plan.whole.source.locked:
        told.append(Why(N_("the feed says that no other host may import it (podcast:locked): "
                           "make sure that it is yours")))  # fmt: skip
    yield from _section(N_("On the way"), (_why(one, text) for one in told), text)
    yield from _section(
        N_("Left out"),
        [
            *(_named(one.guid or one.title, _why(one.why, text)) for one in plan.skipped),
            *(_named(guid, _why(why, text)) for guid, why in done.failed),
        ],
        text,
    )
    yield from _section(
        N_("Not as the feed has it"),
        (_named(one.slug, _why(why, text)) for one in _all(done) for why in one.told),
        text,
    )
    yield from _section(N_("Has no place in feedtool"), _lost(done, text), text)
    if count := old_without_text(plan):
        yield ""
        yield "## " + text(N_("Text versions"))
        yield ""
        yield text(
            N_("Recordings first published before 23 September 2020 without a text version: "
               "{count}. Moving them to a new address can count as publishing again; plan text "
               "versions, or say in each why it needs none (exempt:)."),
            count=count,
        )  # fmt: skip
    if done.proof:
        yield from _proof(done.proof, text)


def _all(done: Done) -> tuple[Planned, ...]:
    return (*done.there, *done.plan.new)


def _lost(done: Done, text: Text) -> Iterator[str]:
    """Elements by name, then values that do not fit, each with its reason."""
    channel = text(N_("in the channel"))
    for name in done.plan.whole.source.lost:
        yield f"`{_code(name)}`: {channel}"
    elements = Counter(name for one in _all(done) for name in one.entry.lost)
    for name, count in sorted(elements.items()):
        yield f"`{_code(name)}`: " + text(N_("in {count} episodes"), count=count)
    for slug, unfit in done.unfit:
        where = slug or "series.yaml"
        yield f"{where}: `{_code(unfit.key)}: {_code(unfit.text)}` – {_why(unfit.why, text)}"


def _proof(proof: Proof, text: Text) -> Iterator[str]:
    yield ""
    yield "## " + text(N_("Built feed against source feed"))
    yield ""
    yield text(
        N_("Compared: {compared}. Alike in guid, date, title and recording: {same}."),
        compared=proof.compared, same=proof.same,
    )  # fmt: skip
    yield from _section(
        N_("Differences"),
        (
            _named(
                one.guid,
                f"{one.fact} `{_code(one.source)}` → `{_code(one.built)}` – {_why(one.why, text)}",
            )
            for one in proof.differences
        ),
        text,
    )
    yield from _section(
        N_("Errors that a build would stop at"),
        (_named(slug, _finding(finding, text)) for slug, finding in proof.faulty),
        text,
    )


def _finding(finding: Finding, text: Text) -> str:
    shown = finding.shown()
    return f"{shown.code}: {shown.text('message', text)}"


def _section(title: str, lines: Iterable[str], text: Text) -> Iterator[str]:
    listed = list(lines)
    if not listed:
        return
    yield ""
    yield f"## {text(title)}"
    yield ""
    for line in listed:
        yield f"- {line}"


def _named(name: str, words: str) -> str:
    return f"`{_code(name)}`: {words}"


def _why(why: Why, text: Text) -> str:
    from ..finding import in_words

    return _md(text(why.template, **in_words(why.params, text)))


def _md(text: str) -> str:
    """Words of a stranger: no Markdown of theirs, and nothing that moves the cursor."""
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    return text.replace("\\", "\\\\").replace("<", "\\<").replace("[", "\\[").replace("`", "'")


def _code(text: str) -> str:
    text = "".join(sign if sign.isprintable() else " " for sign in text[:300])
    return text.replace("`", "'")
