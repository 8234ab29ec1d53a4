"""The list for the accessibility statement: what each recording offers, and what it lacks.

The law has public bodies publish such a statement (tillgänglighetsredogörelse). Values and texts
only; access_survey.py reads the catalog.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .check.access import Lack, described_in, is_covered, is_video, lacks, texts_of
from .declare import dataclass
from .finding import N_
from .model import Exempt, Item, Series, Transcript, tracks

DECISION = "A11Y03"
"""Who sets this finding aside has decided that everything important is said."""

COMPLETE, EXEMPT, LACKING = "complete", "exempt", "lacking"
"""How a recording stands."""

Say = Callable[..., str]
"""A text in the language of whoever reads it, its parameters filled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One recording, and what there is for those who cannot hear or see it."""

    episode: str  #: "series/slug"
    title: str
    date: str  #: ISO 8601, the day
    video: bool
    texts: tuple[Transcript, ...]  #: in the language of the recording
    captions: tuple[Transcript, ...]  #: of a video: the texts that can be shown with the picture
    translations: tuple[Transcript, ...]
    described: str | None  #: title or file of the rendition with audio description
    undescribed: str | None  #: why no audio description is needed
    lacking: tuple[Lack, ...]
    exempt: Exempt | None
    covered: bool  #: the exemption can be right

    @property
    def state(self) -> str:
        if not self.lacking:
            return COMPLETE
        return EXEMPT if self.covered else LACKING


@dataclass(frozen=True, slots=True)
class Statement:
    """All recordings that are not drafts, series by series, the oldest first."""

    title: str  #: of the catalog
    series: tuple[tuple[Series, tuple[Offer, ...]], ...]

    @property
    def offers(self) -> list[Offer]:
        return [offer for _, offers in self.series for offer in offers]


def offer_of(item: Item, series: Series, ignored: dict[str, str]) -> Offer:
    """What a recording offers; `ignored` are findings that its file sets aside, with the reason."""
    episode, video = item.episode, is_video(item)
    texts = texts_of(item, series, timed=False)
    described = described_in(item.alternates)
    undescribed = ignored.get(DECISION) if video and not described else None
    return Offer(
        episode=episode.name,
        title=episode.title,
        date=episode.date.date().isoformat(),
        video=video,
        texts=tuple(texts),
        captions=_captions(item, series) if video else (),
        translations=tuple(one for one in episode.transcripts if one not in texts),
        described=(described.title or described.copies[0].uri) if video and described else None,
        undescribed=undescribed,
        lacking=tuple(
            one for one in lacks(item, series) if one is not Lack.DESCRIPTION or undescribed is None
        ),
        exempt=episode.exempt,
        covered=is_covered(episode.exempt),
    )


def _captions(item: Item, series: Series) -> tuple[Transcript, ...]:
    """Of the texts in its language those that players show."""
    return tracks(texts_of(item, series, timed=True), item.episode.written_in(series))


def counts(offers: Iterable[Offer]) -> dict[str, int]:
    """How many recordings there are, and how they stand."""
    states = [offer.state for offer in offers]
    return {"all": len(states)} | {
        state: states.count(state) for state in (COMPLETE, EXEMPT, LACKING)
    }


# --- as text -----------------------------------------------------------------------------------


def as_markdown(statement: Statement, say: Say) -> Iterator[str]:
    """The lines of the list: to be read as they are, or put on a web page."""
    yield "# " + say(N_("Accessibility of the recordings: {title}"), title=_md(statement.title))
    yield ""
    yield _summary(statement.offers, say)
    for series, offers in statement.series:
        yield ""
        yield f"## {_md(series.title)}"
        yield ""
        if not offers:
            yield say(N_("No recordings."))
        elif len(statement.series) > 1:
            yield _summary(offers, say)
            yield ""
        for offer in offers:
            kind = say(N_("video")) if offer.video else say(N_("audio"))
            yield f"- **{_md(offer.title)}** ({offer.date}, {kind})"
            for line in _details(offer, say):
                yield f"  - {line}"


def _summary(offers: Iterable[Offer], say: Say) -> str:
    return say(
        N_("Recordings: {all}. With all they need: {complete}. Exempt: {exempt}. "
           "Lacking something: {lacking}."),
        **counts(offers),
    )  # fmt: skip


def _details(offer: Offer, say: Say) -> Iterator[str]:
    yield _files(say(N_("text version")), offer.texts, say)
    if offer.video:
        yield _files(say(N_("captions")), offer.captions, say)
        label = say(N_("audio description"))
        if offer.described:
            yield f"{label}: {_md(offer.described)}"
        elif offer.undescribed:
            why = _md(offer.undescribed)
            yield f"{label}: " + say(N_("not needed ({why})"), why=why)
        else:
            yield f"{label}: " + say(N_("nobody has decided"))
    if offer.translations:
        yield _files(say(N_("in other languages")), offer.translations, say)
    if offer.exempt:
        yield _exemption(offer, offer.exempt, say)


def _files(label: str, transcripts: Iterable[Transcript], say: Say) -> str:
    names = [_md(one.source.rpartition("/")[2]) for one in transcripts]
    return f"{label}: " + (", ".join(names) or say(N_("no")))


def _exemption(offer: Offer, exempt: Exempt, say: Say) -> str:
    parts = [_md(exempt.reason)]
    if exempt.first_published:
        parts.append(say(N_("first published {date}"), date=exempt.first_published))
    if exempt.evidence_url:
        parts.append(f"<{exempt.evidence_url}>")
    if not offer.covered:
        parts.append(say(N_("does not cover it: not published before 23 September 2020")))
    return say(N_("exempt")) + ": " + "; ".join(parts)


_SIGNS = re.compile(r"([\\`*_\[\]<&#])")


def _md(text: str) -> str:
    """What a person wrote, so that Markdown takes no sign of it for its own."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


# --- as JSON -----------------------------------------------------------------------------------


def as_plain(statement: Statement) -> dict[str, Any]:
    """The same as JSON can hold it."""
    return {
        "recordings": counts(statement.offers),
        "series": [
            {
                "slug": series.slug,
                "title": series.title,
                "recordings": counts(offers),
                "episodes": [_plain(offer, series.language) for offer in offers],
            }
            for series, offers in statement.series
        ],
    }


def _plain(offer: Offer, language: str) -> dict[str, Any]:
    exempt = offer.exempt
    return {
        "episode": offer.episode,
        "title": offer.title,
        "date": offer.date,
        "kind": "video" if offer.video else "audio",
        "state": offer.state,
        "text": _plain_files(offer.texts),
        "captions": _plain_files(offer.captions),
        "translations": _plain_files(offer.translations),
        "audio_description": {"rendition": offer.described, "not_needed": offer.undescribed}
        if offer.described or offer.undescribed
        else None,
        "exempt": exempt
        and {
            "reason": exempt.reason,
            "first_published": exempt.first_published,
            "evidence_url": exempt.evidence_url,
            "covers": offer.covered,
        },
        "lacking": [one.name.lower() for one in offer.lacking],
    }


def _plain_files(transcripts: Iterable[Transcript]) -> list[dict[str, str | None]]:
    return [{"file": f"media/{one.source}", "language": one.language} for one in transcripts]
