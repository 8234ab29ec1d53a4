"""An episode joined with its recording, renditions, transcripts, chapters and pictures.

A recording is measured, or, when it is not here, promised in the lock. Nothing embedded in it is
published.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from .artwork import measured_tags, portraits
from .cache import Cache
from .embedding import Embedding
from .finding import N_, Code, Finding, Place, Severity
from .formats import is_remote
from .lock import Lock, Promise, is_as_promised
from .media_files import Absent, MediaFiles
from .model import Enclosure, Episode, Item, Series, Words
from .noted import files_in_notes
from .read.written import EpisodeKeys
from .renditions import as_published, rendition
from .side_files import chapters_of, transcripts_of

ME051 = Code(
    "ME051",
    Severity.ERROR,
    message=N_("nothing is known of the recording at {source}"),
    why=N_("its length and size were neither measured here nor taken over from a feed"),
    mend=N_(
        "download the recording into the folder of the series below media/ and write its file "
        "name here instead of the address"
    ),
    spec=("RSS-23", "RSS-24"),
)
ME052 = Code(
    "ME052",
    Severity.NOTE,
    message=N_("{count} recordings are not here; what was measured earlier is used"),
    why=N_("this copy of the catalog came without them, which is fine for building feeds"),
    mend=N_("nothing to do; fetch the recordings to publish them from here"),
)
ME064 = Code(
    "ME064",
    Severity.NOTE,
    message=N_(
        "{count} recordings are at addresses of others; what the feed they came with says of "
        "them is used"
    ),
    why=N_("nobody measured them here, and they are gone when the other server is"),
    mend=N_(
        "nothing to do now; before the other server is switched off, save each recording below "
        "media/, write its name at  media:  and run: feedtool build --allow media:series/episode"
    ),
)


class Recordings:
    """Joins episodes with what is known of their files below media/."""

    def __init__(self, root: Path, cache: Cache) -> None:
        self.files = MediaFiles(root, cache)
        self.embedding: Embedding | None = None  #: None = recordings are published as they are

    def item(
        self,
        episode: Episode,
        keys: EpisodeKeys,
        series: Series,
        lock: Lock,
        words: dict[str, Words],
        place: Place,
        found: list[Finding],
    ) -> tuple[Episode, Item | None]:
        """The episode with its chapters, and with its recordings as an item if they are known."""
        promise = lock.episodes.get(episode.guid)
        enclosure = None
        if keys.media is not None:
            inside, draft = place.down("media"), keys.status == "draft"
            enclosure = self.enclosure(episode.media, promise, inside, found, draft=draft)
        if isinstance(keys.chapters, str):
            chapters = chapters_of(
                self.files, keys.chapters, episode, place.down("chapters"), found
            )
            episode = replace(episode, chapters=chapters)
        portraits(self.files, episode.people, keys.people, place.down("people"), found)
        for index, chapter in enumerate(episode.chapters):
            if chapter.image:
                self.files.picture(chapter.image, place.down("chapters", index, "image"), found)
        if episode.image:
            artwork = self.files.picture(episode.image, place.down("image"), found)
            episode = replace(episode, artwork=artwork)
        if episode.podcast:
            episode = replace(episode, podcast=measured_tags(self.files, episode.podcast, found))
        if episode.named:
            episode = replace(
                episode,
                named=files_in_notes(
                    self.files, episode, place, found, tagged=self.embedding is not None
                ),
            )
        side_files = transcripts_of(self.files, episode, keys, series, words, place, found)
        alternates = tuple(
            alternate
            for index, wish in enumerate(keys.alternates)
            if (alternate := rendition(
                self.files, wish, episode, promise, place.down("alternates", index), found
            ))
        )  # fmt: skip
        if enclosure is None:
            return episode, None
        item = Item(episode, enclosure, alternates, side_files)
        if self.embedding is not None:
            published = self.embedding.published(item, series, promise, self.files)
            alternates = as_published(alternates, published)
            item = replace(item, enclosure=published, alternates=alternates)
        return episode, item

    def enclosure(
        self,
        source: str,
        promise: Promise | None,
        place: Place,
        found: list[Finding],
        *,
        draft: bool = False,
    ) -> Enclosure | None:
        """What is known of a recording; `promise` is the lock's line of its episode, if any.

        The recording of a draft need not be here yet.
        """
        if promise is not None and promise.media != source:
            promise = None
        if is_remote(source):
            if promise is None or promise.origin is None:
                found.append(ME051.at(place, source=source))
                return None
            return _promised(source, promise)
        measured = self.files.measured(source, promise is not None or draft, place, found)
        if isinstance(measured, Absent):
            if promise is None:
                return None
            self.files.known.absent[source] = promise.bytes
            return _promised(source, promise)
        if measured is None:
            return None
        duration, type = measured.duration, measured.type
        as_promised = promise is not None and measured.bytes == (promise.bare or promise.bytes)
        if promise and as_promised and is_as_promised(promise.duration, duration):
            duration, type = promise.duration, promise.type
        return Enclosure(source, measured.bytes, type, duration, inside=measured.inside)


def _promised(source: str, promise: Promise) -> Enclosure:
    return Enclosure(
        source, promise.bytes, promise.type, promise.duration, present=False, bare=promise.bare,
        sha256=promise.sha256 if promise.bare is not None else None,
    )  # fmt: skip
