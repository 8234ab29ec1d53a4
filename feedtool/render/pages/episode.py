"""The page of an episode: player, notes, chapters, transcript, people, feeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from markupsafe import Markup

from ...formats import clock, decimal_seconds, rfc3339, whole_seconds
from ...model import Item, License, Series, SideFile, Site, Words, tracks
from ...vocabulary import SPELLINGS
from .addresses import address, host, web
from .frame import frame
from .notes import on_page
from .people import people
from .series import lent
from .speech import Speech, exact_length, lang, speech, type_name
from .templates import render
from .transcript import paragraphs

_ROOT = "../../"
"""The way from an episode's page to the site's address."""

_PLAYED_AS = {
    "audio/x-m4a": "audio/mp4",
    "audio/opus": "audio/ogg; codecs=opus",
    "video/x-m4v": "video/mp4",
    "video/quicktime": "video/mp4",
}
"""Names of directories, and those of the same that browsers play: they pass over a type they do not
know, even where they could play the file."""

_LICENSES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC-BY-NC-ND-4.0": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
}


class Download(NamedTuple):
    """A file to take away."""

    url: str
    name: str | None
    type: str  #: MIME type
    kind: str  #: as people know it
    size: str | None
    language: str | None = None


class Chapter(NamedTuple):
    at: str | None  #: the address of the moment in the recording
    time: str
    title: str
    link: tuple[str, str] | None  #: what it leads to, and where


class Said(NamedTuple):
    """A paragraph of a transcript."""

    at: str | None  #: the address of the moment in the recording
    time: str
    speaker: str | None
    text: str


class Track(NamedTuple):
    """What a video shows with the picture."""

    kind: str
    file: str
    language: str
    label: str


class Text(NamedTuple):
    """A transcript on the page."""

    language: str | None  #: in words, where it is not the episode's
    spoken: Markup  #: its lang attribute
    paragraphs: Iterator[Said]
    files: Sequence[tuple[str, str, str]]  #: name, MIME type, kind


def episode_page(item: Item, series: Series, words: Mapping[str, Words], site: Site) -> bytes:
    """The page of one episode; `words` has its transcripts by source."""
    episode, enclosure = item.episode, item.enclosure
    say = speech(series.language)
    language = episode.written_in(series)
    image, alt = (
        (episode.image, episode.image_alt) if episode.image else (series.image, series.image_alt)
    )
    media = address(site, _ROOT, enclosure.source)
    spoken = lang(language, series.language)
    alt_language = spoken if episode.image else lent(series)["image_alt"]
    license = _license(episode.license or series.license)
    license_language = spoken if episode.license else lent(series)["license"]
    about = episode.updated or episode.links or episode.location or episode.tags or license
    page = site.page(series.slug, episode.slug)
    values: dict[str, Any] = {
        **frame(
            series,
            site,
            page,
            title=f"{episode.title} – {series.title}",
            root=_ROOT,
            feeds="../",
            image=image,
            media=enclosure.source,
        ),
        "spoken": spoken,
        "within": say.within(language),
        "episode": episode,
        "date": rfc3339(episode.date),
        "day": say.date(episode.date),
        "updated": rfc3339(episode.updated) if episode.updated else None,
        "numbered": episode.season or episode.number or episode.type != "full",
        "explicit": series.explicit if episode.explicit is None else episode.explicit,
        "updated_day": say.date(episode.updated) if episode.updated else None,
        "exact": exact_length(whole_seconds(enclosure.duration)),
        "length": say.length(enclosure.duration) if enclosure.duration else "",
        "image": address(site, _ROOT, image) if image else None,
        "alt": alt or "",
        "alt_language": alt_language if alt else "",
        "media": media,
        "video": enclosure.type.startswith("video/"),
        "played_as": _played_as(enclosure.type),
        "type": enclosure.type,
        "kind": type_name(enclosure.type),
        # 0 = the feed that it was taken over from does not say
        "size": say.size(enclosure.length) if enclosure.length else "",
        "alternates": list(_alternates(item, site, say)) if item.alternates else (),
        "tracks": (),
        "chapters": (),
        "texts": (),
        "people": people(episode.people, series),
        "notes": on_page(episode.notes, site, _ROOT, 2),
        "about": about,
        "license": license,
        "license_language": license_language,
        "links": [(link.title or link.url, web(link.url)) for link in episode.links],
    }
    recording = media.partition("#")[0] if media else None
    if episode.chapters:
        values["chapters"] = [
            Chapter(_moment(recording, one.start), clock(one.start), one.title, _link(one.url))
            for one in episode.chapters
            if one.toc
        ]
    if item.side_files:
        if values["video"]:
            values["tracks"] = _tracks(item.side_files, language, say)
        values["texts"] = list(
            _texts(item.side_files, words, recording, language, series.language, say)
        )
    return render("episode.html", say, values).encode()


def _played_as(type: str) -> str:
    usual = SPELLINGS.get(type, type)
    return _PLAYED_AS.get(usual, usual)


def _alternates(item: Item, site: Site, say: Speech) -> Iterator[Download]:
    """The first address of each rendition that a browser can follow."""
    for one in item.alternates:
        for copy in one.copies:
            if url := address(site, _ROOT, copy.uri):
                type = copy.type or one.type
                yield Download(
                    url,
                    one.title,
                    type,
                    type_name(type),
                    say.size(one.length) if one.length else None,
                    say.language(one.language) if one.language else None,
                )
                break


def _tracks(sides: Sequence[SideFile], language: str, say: Speech) -> list[Track]:
    shown = tracks([side for side in sides if side.name.endswith(".vtt")], language)
    languages = [side.language for side in shown]
    return [
        Track(
            "captions" if side.language == language else "subtitles",
            side.name,
            side.language,
            say.language(side.language, languages),
        )
        for side in shown
    ]


def _texts(
    sides: Sequence[SideFile],
    words: Mapping[str, Words],
    recording: str | None,
    language: str,
    page: str,
    say: Speech,
) -> Iterator[Text]:
    """The first text of each language, the episode's own before others; captions where there is
    no other."""
    shown: set[str] = set()
    languages = {language, *(side.language for side in sides)}
    ordered = [*(one for one in sides if not one.captions), *sides]
    # "Read as text" leads to the first: who cannot hear wants what was said, no translation of it
    for side in sorted(ordered, key=lambda one: one.language != language):
        if side.language in shown or side.source not in words:
            continue
        shown.add(side.language)
        files = [
            (one.name, one.type, type_name(one.type))
            for one in sides
            if one.language == side.language and one.captions == side.captions
        ]
        yield Text(
            say.language(side.language, languages) if side.language != language else None,
            lang(side.language, page),
            _said(words[side.source], recording),
            files,
        )


def _said(words: Words, recording: str | None) -> Iterator[Said]:
    for one in paragraphs(words):
        if one.start is None:
            yield Said(None, "", one.speaker, one.text)
        else:
            yield Said(_moment(recording, one.start), clock(one.start), one.speaker, one.text)


def _moment(recording: str | None, time: timedelta) -> str | None:
    """The address of a moment in a recording (Media Fragments URI, section 4.2.1)."""
    return f"{recording}#t={decimal_seconds(time)}" if recording else None


def _link(url: str | None) -> tuple[str, str] | None:
    found = web(url)
    return (host(found), found) if found else None


def _license(license: License | None) -> tuple[str, str | None] | None:
    if license is None:
        return None
    return license.name, web(license.url or _LICENSES.get(license.name))
