"""What `feedtool verify` looks at, for docs/reference/checks.md: made from the declarations."""

from __future__ import annotations

import re
from itertools import groupby

from feedtool.audit import serving as _serving  # noqa: F401 - declares what is told first
from feedtool.audit import visit as _every_aspect  # noqa: F401 - declares them all
from feedtool.audit.aspect import ASPECTS, Aspect

PARTS = {
    "feed": "The feed",
    "recording": "Recordings",
    "artwork": "Artwork",
    "side-file": "Transcripts and chapters",
}


def page() -> str:
    """The page, without its first line."""
    parts = [
        "# Checks of a live feed\n",
        "Everything that `feedtool verify URL` looks at. A failed check that is an **error** makes"
        " the command\nfail; a **warning** does not. Words in braces stand for what the feed says."
        " [How to verify a live\nfeed](../how-to/verify-a-live-feed.md)\n",
    ]
    order = sorted(ASPECTS.values(), key=lambda one: list(PARTS).index(_part(one)))
    for part, some in groupby(order, _part):
        parts.append(f"## {PARTS[part]}\n")
        parts += ["| check | weight | expected | otherwise |", "| --- | --- | --- | --- |"]
        parts += [
            f"| `{one.name}` | {one.severity} | {_plain(one.expected)} | {_plain(one.mend)} |"
            for one in some
        ]
        parts.append("")
    return "\n".join(parts)


def _part(one: Aspect) -> str:
    return one.name.partition(".")[0]


_CODE = re.compile(r" *(<[a-z](?:[^<>]|<(?=/))*>(?:\{\w+\}</[\w:]+>)?|[a-z]+/\*|<\?xml) *")


def _plain(text: str) -> str:
    """Tags and the like are code, so that no reader of Markdown takes them for HTML."""
    parts = _CODE.split(text)
    parts[::2] = [
        one.replace("&", "&amp;").replace("<", "&lt;").replace("*", "\\*") for one in parts[::2]
    ]
    parts[1::2] = [f" `{one}` " for one in parts[1::2]]
    return " ".join("".join(parts).split()).replace("` ,", "`,").replace("|", "\\|")
