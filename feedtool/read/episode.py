"""An episode's keys, resolved: its date in the catalog's zone, its people, its files."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from datetime import UTC, datetime
from uuid import uuid5

from ..finding import N_, Code, Finding, Place, Severity
from ..model import (
    Chapter,
    Episode,
    Exempt,
    Number,
    Season,
    Series,
    Soundbite,
    Transcript,
)
from .catalog import Catalog
from .channel import PODCAST_NAMESPACE, license_of, links_of, locations_of, source_of
from .dates import resolve_date
from .notes import sources_in
from .objects import UNTITLED, ChapterKeys
from .people import merged, resolve_people
from .podcast import resolve_tags
from .written import EpisodeKeys

EP001 = Code(
    "EP001",
    Severity.ERROR,
    message=N_('the episode has no "{key}:"'),
    why=N_("apps know an episode by its guid, sort by its date and play its recording"),
    mend=N_("add  {key}: {example}   or, while it is not finished,  status: draft"),
    spec=("RSS-21", "RSS-25", "APPLE-25", "APPLE-26", "PSP-05"),
    fixable=True,
)
EP008 = Code(
    "EP008",
    Severity.ERROR,
    message=N_('nothing is written at "{key}:"'),
    why=N_("apps know an episode by its guid, sort by its date and play its recording"),
    mend=N_("complete the line:  {key}: {example}   or, while it is not finished, add  status: "
            "draft"),
    spec=("RSS-21", "RSS-25", "APPLE-25", "APPLE-26", "PSP-05"),
    fixable=True,
)  # fmt: skip

_A_DATE = N_("2021-06-22 09:00  (your own day and time)")

_NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
"""Of an episode whose date cannot be read; it counts as a draft."""


def resolve_episode(
    slug: str,
    keys: EpisodeKeys,
    notes: tuple[str, str],
    series: Series,
    catalog: Catalog,
    place: Place,
    faulty: Collection[str] = (),
    stated: Container[str] = (),
) -> tuple[Episode | None, list[Finding]]:
    """An episode of `series`; None for a draft without date or recording.

    `notes` are HTML already, as feeds carry them and with the few tags podcast apps show.
    `chapters:` that name a file are left out here; who reads the file adds them. With errors it is
    good enough to look for further faults; `faulty` keys are known to be wrong and are not missed.
    `stated` keys stand in the file, with a value or without one.
    """
    findings: list[Finding] = []
    draft = keys.status == "draft"
    date = resolve_date(keys.date, catalog.zone, place, findings, "date")
    updated = resolve_date(keys.updated, catalog.zone, place, findings, "updated")
    own = resolve_people(keys.people, catalog.people, place, findings)
    guid = keys.guid or suggested_guid(catalog, series.slug, slug)
    if None in (keys.guid, keys.date, keys.media):
        if draft and (keys.date is None or keys.media is None):
            return None, findings
        if not draft:
            examples = {"guid": guid, "date": _A_DATE, "media": f"{slug}.mp3"}
            findings += [
                EP008.at(place.down(key), key=key, example=example)
                if key in stated
                else EP001.at(place, key=key, example=example)
                for key, example in examples.items()
                if getattr(keys, key) is None and key not in faulty
            ]
    full, short = notes
    return Episode(
        series=series.slug,
        slug=slug,
        guid=guid,
        title=keys.title,
        date=date or _NO_DATE,
        media=source_of(keys.media, series.slug) or f"{series.slug}/{slug}",
        updated=updated,
        claim=keys.duration,
        summary=keys.summary,
        notes=full,
        short_notes=short,
        named=sources_in(full, catalog.site.media_base_url),
        people=own if keys.people_only else merged(series.people, own),
        chapters=() if isinstance(keys.chapters, str) else _chapters(keys.chapters, series.slug),
        transcripts=_transcripts(keys, series.slug) if keys.transcripts or keys.captions else (),
        season=Season(keys.season.number, keys.season.name) if keys.season else None,
        number=Number(keys.episode.number, keys.episode.display) if keys.episode else None,
        type=keys.episode_type,
        explicit=keys.explicit,
        language=keys.language,
        image=source_of(keys.image, series.slug),
        image_alt=keys.image_alt,
        tags=keys.tags,
        links=links_of(keys.links),
        license=license_of(keys.license),
        location=locations_of(keys.location),
        soundbites=tuple(
            [Soundbite(entry.start, entry.duration, entry.title) for entry in keys.soundbites]
        ),
        exempt=Exempt(keys.exempt.reason, keys.exempt.first_published, keys.exempt.evidence_url)
        if keys.exempt
        else None,
        block=keys.block,
        podcast=resolve_tags(keys.podcast, "item", place.down("podcast"), findings, series.slug)
        if keys.podcast
        else (),
        draft=draft or date is None,
        file=place.file,
    ), findings


def suggested_guid(catalog: Catalog, series: str, slug: str) -> str:
    """A guid for an episode that has none: to be written into its file, then kept for ever."""
    return str(uuid5(PODCAST_NAMESPACE, f"{catalog.home.base_url}{series}/{slug}"))


def chapter_of(written: ChapterKeys, series: str) -> Chapter:
    title = "" if written.title == UNTITLED and not written.toc else written.title
    return Chapter(
        written.start, title, written.url, source_of(written.image, series),
        written.toc, written.end,
    )  # fmt: skip


def _chapters(written: Iterable[ChapterKeys], series: str) -> tuple[Chapter, ...]:
    return tuple([chapter_of(chapter, series) for chapter in written])


def _transcripts(keys: EpisodeKeys, series: str) -> tuple[Transcript, ...]:
    written = [(entry, entry.rel == "captions") for entry in keys.transcripts]
    written += [(entry, True) for entry in keys.captions]
    return tuple(
        Transcript(f"{series}/{entry.file}", entry.language, captions)
        for entry, captions in written
    )
