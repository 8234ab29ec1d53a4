"""What a value of the wrong shape could be instead: what stands there, in the right one.

Pure. What it gives can be typed as it stands; None where a made-up example says more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..pattern import pattern
from ..vocabulary import ROLES, ROLES_IN_SWEDISH
from .values import better_slug

_LONGEST = 120
"""Characters of a line that somebody still reads as an example."""

_MOST = 20
"""Entries of a list that are looked at: more never fit into such a line."""

_PLAIN = pattern(r"[^\W_][\w .&/+()@'-]*")
"""Texts that need no quotes, in brackets neither."""

_HOST = pattern(r"[\w-]+(\.[\w-]+)+(/\S*)?")


def spelled(text: str) -> str:
    """A text as it is written in YAML, also inside brackets."""
    text = text.strip()
    return text if _PLAIN.fullmatch(text) else quoted(text)


def quoted(text: str) -> str:
    """The same in straight quotes, whatever it is."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _address(text: str) -> str:
    if text.startswith(("https://", "http://")):
        return spelled(text)
    return spelled(f"https://{text}") if _HOST.fullmatch(text) else '"https://www.example.org/"'


def _titled(key: str, words: str) -> Callable[[str], str]:
    """A group of an address and words for it, whichever of the two the text is."""

    def group(text: str) -> str:
        address = _address(text)
        known = address.endswith(f'{text.removeprefix("https://")}"')
        return f"{{url: {address}, {key}: {words if known else spelled(text)}}}"

    return group


def _owner(text: str) -> str:
    mail = "@" in text
    name, email = ("Nordviks kommun", text) if mail else (text, "podd@example.org")
    return f"{{name: {spelled(name)}, email: {spelled(email)}}}"


_POINTS = pattern(r"\d+[.]\d\d(?:[.]\d\d)?(?=\s)")
"""A time as some write it, where it is read: at the beginning."""


def _with_colons(text: str) -> str:
    time = _POINTS.match(text)
    return time[0].replace(".", ":") + text[time.end() :] if time else text


def _credit(text: str) -> str:
    """Somebody with a role, which may stand after a colon as the command line wants it."""
    name, _, said = (part.strip() for part in text.rpartition(":"))
    role = ROLES_IN_SWEDISH.get(said.lower(), said.lower())
    if not name or role not in ROLES:
        name, role = text, "guest"
    return f"{{name: {spelled(name)}, role: {role}}}"


_ENTRY: dict[str, Callable[[str], str]] = {
    "alternates": lambda text: f"{{file: {spelled(text)}}}",
    "block": lambda text: spelled(text.lower()),
    "captions": spelled,
    "categories": spelled,
    "chapters": lambda text: quoted(_with_colons(text)),
    "funding": _titled("text", "Stöd oss"),
    "hubs": _address,
    "ignore": lambda text: f"{{code: {spelled(text)}, why: ...}}",
    "links": _titled("title", "Läs mer"),
    "people": _credit,
    "profiles": spelled,
    "soundbites": lambda text: f'{{start: {quoted(text)}, duration: "0:30"}}',
    "tags": spelled,
    "transcripts": spelled,
}
"""An entry of a list that is made of a text."""

_COMMA = pattern(",")
_TIMES = pattern(r"\n|[,;]?\s+(?=\d{1,3}[:.]\d\d(?:[:.]\d\d)?\s)")
_SEVERAL = {
    **dict.fromkeys(("block", "categories", "ignore", "profiles", "tags"), _COMMA),
    "chapters": _TIMES,
}
"""Lists whose entries people write in one text, and what stands between them."""

_BULLET = pattern(r"(?:^|\s)[-–•]\s*(?=\S)")
"""What makes an entry in YAML only with a space behind it, or not at all."""

_GROUP: dict[str, Callable[[str], str]] = {
    "exempt": lambda text: f"{{reason: {spelled(text)}}}",
    "owner": _owner,
}


def entry(key: str, value: Any) -> str | None:
    """An entry of a list, made of what stands there."""
    if len(value or "") > _LONGEST:
        return None
    if isinstance(value, dict):
        pairs = [(str(name), str(one)) for name, one in value.items()]
        if key == "chapters" and len(pairs) == 1:
            return entry(key, " ".join(pairs[0]))
        return _short("{" + ", ".join(f"{name}: {spelled(one)}" for name, one in pairs) + "}")
    make, text = _ENTRY.get(key), value.strip() if isinstance(value, str) else ""
    return _short(make(text)) if make and text else None


def whole(key: str, value: Any) -> str | None:
    """All that a key should say, made of what it says."""
    if len(value) > (_LONGEST if isinstance(value, str) else _MOST):
        return None
    if key in _GROUP:
        return _short(_GROUP[key](value.strip())) if isinstance(value, str) else None
    if key not in _ENTRY:
        only = value[0] if isinstance(value, list) and len(value) == 1 else None
        return _short(spelled(only)) if isinstance(only, str) else None
    if isinstance(value, str):
        between = _BULLET if _BULLET.match(value) else _SEVERAL.get(key)
        parts = between.split(value) if between else [value]
        value = [part for part in parts if part.strip()]
    elif isinstance(value, dict):
        many = key == "chapters" and "start" not in value
        value = [{name: one} for name, one in value.items()] if many else [value]
    entries = [entry(key, one) for one in value] if isinstance(value, list) else []
    given = [one for one in entries if one is not None]
    return _short(f"[{', '.join(given)}]") if given and len(given) == len(entries) else None


def with_ids(value: Any) -> str | None:
    """People of feedtool.yaml, each with an id, made of a name or of a list of names."""
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or len(names) > _MOST:
        return None
    if not all(isinstance(one, str) for one in names):
        return None
    people = ", ".join(f"{better_slug(one)}: {{name: {spelled(one)}}}" for one in names)
    return _short(f"{{{people}}}") if names else None


def _short(text: str) -> str | None:
    return text if len(text) <= _LONGEST and text.isprintable() else None
