"""A sync told before it happens, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any

from ..finding import N_, visible
from ..language import Size
from ..sync.plan import Plan
from ..sync.step import Action, Step
from .told_plan import SHOWN

Text = Callable[..., str]
"""Console.text: a message in the user's language."""

WORDS = {
    Action.CREATE: N_("upload"),
    Action.UPDATE: N_("update"),
    Action.REVEAL: N_("make public"),
    Action.ADOPT: N_("take over"),
    Action.REPLACE: N_("REPLACE"),
    Action.DELETE: N_("DELETE"),
    Action.DRIFT: N_("differs"),
    Action.MISSING: N_("missing"),
    Action.FOREIGN: N_("left alone"),
    Action.SKIP: N_("skip"),
}


def told(plan: Plan, text: Text) -> Iterator[str]:
    """The plan in words: what is done, a line each; then what is only said, some of a kind."""
    width = max(len(text(word)) for word in WORDS.values())
    titles = Counter(step.title for step in plan.steps)
    twice = {title for title, count in titles.items() if count > 1}  # of several series, maybe
    for step in plan.steps:
        if step.does:
            yield f"  {text(WORDS[step.action]):{width}}  {_line(step, text, twice)}"
    said = Counter[tuple[Action, tuple[str, ...]]]()
    for step in plan.steps:
        kind = (step.action, tuple(why.message for why in step.reasons))
        said[kind] += not step.does
        if not step.does and said[kind] <= SHOWN:
            yield f"  {text(WORDS[step.action]):{width}}  {_line(step, text, twice)}"
    for (action, _), count in said.items():
        if count > SHOWN:
            more = text(N_("and {count} more of the same kind"), count=count - SHOWN)
            yield f"  {text(WORDS[action]):{width}}  {more}"
    if plan.unchanged:
        told = text(N_("{count} unchanged"), count=plan.unchanged)
        yield f"  {text(WORDS[Action.SKIP]):{width}}  {told}"


def _line(step: Step, text: Text, twice: Container[str]) -> str:
    words = [f'"{visible(step.title)}"']
    if step.title in twice and step.name:
        words.append(step.name)
    if step.wish:
        words.insert(0, f"{step.wish.date:%Y-%m-%d}")
    if step.uploads and step.wish:
        words.append(Size(step.wish.bytes).told(text))
    elif step.fields:
        words.append(", ".join(step.fields))
    if step.reasons:
        words.append(f"({_why(step, text)})")
    return "  ".join(words)


def _why(step: Step, text: Text) -> str:
    return "; ".join(worded(text, why.message, why.params) for why in step.reasons)


def worded(text: Text, message: str, params: Mapping[str, object]) -> str:
    """A message in the user's language; what a host said in it cannot steer the terminal."""
    shown = {name: visible(one) if isinstance(one, str) else one for name, one in params.items()}
    return text(message, **shown)


def plain(step: Step, text: Text) -> Mapping[str, Any]:
    """A step as `--json` has it."""
    return {
        "action": str(step.action),
        "episode": step.name,
        "remote": step.remote,
        "fields": list(step.fields),
        "why": _why(step, text),
    }
