"""Elements that RSS and Atom share: those of Apple, of Podcasting 2.0 and of Podlove."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ..podcast.table import CHANNEL, CHILDREN, ITEM, TABLE
from ..vocabulary import ROLES
from .document import Element, name_of
from .figures import answer, clock_of, duration_of
from .gathered import (
    Gathered,
    attribute,
    attributes,
    but_empty,
    children,
    text_of,
)
from .record import Text, Trailer, Tree

Taker = Callable[[Gathered, str, Element], None]
"""Takes in one element; is given its text, too."""


def take(name: str, element: Element, into: Gathered) -> bool:
    """Take in an element of a shared namespace; False for one that has no place."""
    prefix, _, local = name.partition(":")
    if prefix == "itunes":
        taker = _ITUNES.get((into.parent, local)) or _ITUNES.get(("", local))
        if taker:
            taker(into, text_of(element), element)
        return taker is not None
    if prefix == "podcast":
        return _podcast(local, element, into)
    if name == "psc:chapters":
        _simple_chapters(element, into)
        return True
    return False


# --- Apple -----------------------------------------------------------------------------------


def _explicit(into: Gathered, text: str, element: Element) -> None:
    into.put("explicit", _answered("itunes:explicit", text, into))


def _image(into: Gathered, text: str, element: Element) -> None:
    into.image = attribute(element, "href") or text or into.image


def _duration(into: Gathered, text: str, element: Element) -> None:
    into.duration = duration_of(text)
    if text.strip(" 0:") and into.duration is None:
        into.lose(f"itunes:duration {text[:20]}")


def _number(key: str) -> Taker:
    def taker(into: Gathered, text: str, element: Element) -> None:
        _two_numbers(key, into.tree.get(key, {}).get("number", ""), text, into)
        into.put(key, but_empty(number=text))

    return taker


def _two_numbers(key: str, podcast: str, itunes: str, into: Gathered) -> None:
    """That of Podcasting 2.0 counts, as it says more; another one of Apple's is told."""
    if podcast and itunes and podcast != itunes:
        into.lose(f"itunes:{key} {itunes[:20]}")


def _answered(name: str, text: str, into: Gathered) -> str | None:
    """ "true" or "false"; another word is told, as nobody can know what it means."""
    said = answer(text)
    if text and said is None:
        into.lose(f"{name} {text[:20]}")
    return said


def _episode_type(into: Gathered, text: str, element: Element) -> None:
    if text.lower() in {"trailer", "bonus"}:
        into.put("episode_type", text.lower())
    elif text.lower() not in {"full", ""}:
        into.lose(f"itunes:episodeType {text[:20]}")


def _keywords(into: Gathered, text: str, element: Element) -> None:
    for word in re.split(r"[,;]", text):
        into.tag(word)


def _yes(key: str) -> Taker:
    """Apple knows "yes" alone; some programs write true."""
    return lambda into, text, element: into.put(
        key, _answered(f"itunes:{key}", text, into) == "true" and "true"
    )


def _text(key: str) -> Taker:
    return lambda into, text, element: into.put(key, text)


def _type(into: Gathered, text: str, element: Element) -> None:
    into.put("type", text.lower())


def _owner(into: Gathered, text: str, element: Element) -> None:
    said = {name: text_of(child) for name, child in children(element)}
    into.owner = said.get("itunes:name", ""), said.get("itunes:email", "")


def _category(into: Gathered, text: str, element: Element) -> None:
    top = attribute(element, "text")
    below = [attribute(child, "text") for child in element.iter() if child is not element]
    for name in [f"{top} > {sub}" for sub in below if sub] or [top]:
        into.add("categories", name)


_ITUNES: Mapping[tuple[str, str], Taker] = {
    ("", "explicit"): _explicit,
    ("", "image"): _image,
    ("", "block"): _yes("block"),
    (ITEM, "duration"): _duration,
    (ITEM, "season"): _number("season"),
    (ITEM, "episode"): _number("episode"),
    (ITEM, "episodeType"): _episode_type,
    (ITEM, "keywords"): _keywords,
    (CHANNEL, "author"): _text("author"),
    (CHANNEL, "owner"): _owner,
    (CHANNEL, "type"): _type,
    (CHANNEL, "complete"): _yes("complete"),
    (CHANNEL, "category"): _category,
}
"""By where it stands ("" = anywhere) and name. What is not here is told to have no place."""


# --- Podcasting 2.0 --------------------------------------------------------------------------


def _podcast(local: str, element: Element, into: Gathered) -> bool:
    rule = TABLE.get(local)
    if rule is None or into.parent not in rule.parents:
        return False
    said = _known(local, element, into)
    key = rule.keys.get(into.parent)
    if key is None:
        into.add("podcast", _listed(local, element, said, into))
    else:
        _PODCAST[key](into, text_of(element), element, said)
    return True


def _known(local: str, element: Element, into: Gathered) -> dict[str, str]:
    """The attributes that the table knows; the others are lost."""
    said, known = attributes(element), {one.name for one in TABLE[local].attributes}
    for other in sorted(said.keys() - known):
        into.lose(f"podcast:{local} {other}=")
    return {name: value for name, value in said.items() if name in known}


def _listed(local: str, element: Element, said: Mapping[str, str], into: Gathered) -> Tree:
    """An entry of the list `podcast:`."""
    entry: Tree = {"tag": local, **said}
    if TABLE[local].text is not None and (text := text_of(element)):
        entry["text"] = text
    inside = []
    for name, child in children(element):
        prefix, _, inner = name.partition(":")
        if prefix == "podcast" and inner in CHILDREN[local]:
            inside.append(_listed(inner, child, _known(inner, child, into), into))
        else:
            into.lose(f"podcast:{local} <{name}>")
    return entry | ({"children": inside} if inside else {})


Said = Mapping[str, str]
"""The attributes that the table knows."""


def _person(into: Gathered, text: str, element: Element, said: Said) -> None:
    role, group = said.get("role", "host").lower(), said.get("group", "")
    if group and ROLES.get(role, group.lower()) != group.lower():
        into.lose(f"podcast:person group={group} role={role}")  # a role has one group in our files
    person = {"name": text, "role": role}
    into.people.append(person | but_empty(url=said.get("href"), image=said.get("img")))


def _transcript(into: Gathered, text: str, element: Element, said: Said) -> None:
    captions = said.get("rel") == "captions"
    into.texts.append(
        Text(said.get("url", ""), said.get("type", ""), said.get("language", ""), captions)
    )


def _chapters(into: Gathered, text: str, element: Element, said: Said) -> None:
    into.chapters_url = said.get("url", "")


def _season(into: Gathered, text: str, element: Element, said: Said) -> None:
    # itunes:season may have come first
    _two_numbers("season", text, into.tree.get("season", {}).get("number", ""), into)
    into.tree["season"] = but_empty(number=text, name=said.get("name"))


def _episode(into: Gathered, text: str, element: Element, said: Said) -> None:
    _two_numbers("episode", text, into.tree.get("episode", {}).get("number", ""), into)
    into.tree["episode"] = but_empty(number=text, display=said.get("display"))


def _soundbite(into: Gathered, text: str, element: Element, said: Said) -> None:
    start, duration = clock_of(said.get("startTime", "")), clock_of(said.get("duration", ""))
    into.add("soundbites", but_empty(start=start, duration=duration, title=text))


def _location(into: Gathered, text: str, element: Element, said: Said) -> None:
    into.add("location", {"name": text, **said})


def _license(into: Gathered, text: str, element: Element, said: Said) -> None:
    into.put("license", {"name": text, **said})


def _funding(into: Gathered, text: str, element: Element, said: Said) -> None:
    into.add("funding", {"url": said.get("url", ""), "text": text or said.get("url", "")})


def _alternate(into: Gathered, text: str, element: Element, said: Said) -> None:
    """A rendition stays where it is, as a stream does; figures are measured or not said."""
    uris = []
    for name, child in children(element):
        if name == "podcast:source":
            uris.append(
                but_empty(uri=attribute(child, "uri"), type=attribute(child, "contentType"))
            )
        else:
            into.lose(f"podcast:alternateEnclosure <{name}>")
    for name in ("length", "bitrate", "height"):
        if said.get(name, "0") != "0":
            into.lose(f"podcast:alternateEnclosure {name}=")
    into.add(
        "alternates",
        but_empty(
            uris=uris, type=said.get("type"), title=said.get("title"), rel=said.get("rel"),
            language=said.get("lang"), codecs=said.get("codecs"), default=said.get("default"),
        ),
    )  # fmt: skip


def _locked(into: Gathered, text: str, element: Element, said: Said) -> None:
    locked = _answered("podcast:locked", text, into)
    into.locked = locked == "true"
    into.put("locked", locked)


def _trailer(into: Gathered, text: str, element: Element, said: Said) -> None:
    trailer = Trailer(said.get("url", ""), text, said.get("season", ""), said.get("pubdate", ""))
    into.trailers.append(trailer)


def _frequency(into: Gathered, text: str, element: Element, said: Said) -> None:
    into.put("update_frequency", {"text": text, **said})


def _publisher(into: Gathered, text: str, element: Element, said: Said) -> None:
    for name, child in children(element):
        if name == "podcast:remoteItem":
            told = attributes(child)
            into.put("publisher", but_empty(
                guid=told.get("feedGuid"), url=told.get("feedUrl"), title=told.get("title")
            ))  # fmt: skip


def _plain(key: str) -> Callable[[Gathered, str, Element, Said], None]:
    return lambda into, text, element, said: into.put(key, text)


_PODCAST: Mapping[str, Callable[[Gathered, str, Element, Said], None]] = {
    "people": _person,
    "transcripts": _transcript,
    "chapters": _chapters,
    "season": _season,
    "episode": _episode,
    "soundbites": _soundbite,
    "location": _location,
    "license": _license,
    "funding": _funding,
    "alternates": _alternate,
    "locked": _locked,
    "trailer": _trailer,
    "update_frequency": _frequency,
    "publisher": _publisher,
    "guid": _plain("guid"),
    "medium": _plain("medium"),
}
"""By the key of our files that says it all."""


# --- Podlove ---------------------------------------------------------------------------------


def _simple_chapters(element: Element, into: Gathered) -> None:
    for child in element:
        start = attribute(child, "start")
        if name_of(child) == "psc:chapter" and not start:
            into.lose("psc:chapter start=")
        elif name_of(child) == "psc:chapter":
            into.add("chapters", but_empty(
                start=clock_of(start), title=attribute(child, "title") or "…",
                url=attribute(child, "href"), image=attribute(child, "image"),
            ))  # fmt: skip
