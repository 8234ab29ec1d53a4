"""What `feedtool new` asks about an episode, and what it tells of it."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ..console import Console
from ..declare import dataclass
from ..errors import FeedtoolError, UsageError
from ..finding import N_
from ..folders import find_folders
from ..formats import RESERVED_SERIES, is_slug
from ..lock import Lock
from ..read.catalog import Catalog
from ..read.written import EpisodeKeys
from ..scaffold.dropped import dropped_path
from ..scaffold.episode import (
    Made,
    Wanted,
    begin_series,
    credit,
    first_series,
    make_episode,
    usable_in_place,
    when,
)
from ..scaffold.neighbours import dates_near
from ..scaffold.recording import Recording, find_twin
from ..scaffold.refused import accept, refuse
from ..scaffold.transcript import look_at_transcript
from ..scaffold.yaml_lines import tidy
from .asking import Asker, missing
from .told_recording import told_date, told_recording


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the options say; None = nothing."""

    series: str | None
    series_title: str | None
    title: str | None
    summary: str | None
    date: str | None
    transcript: str | None
    people: tuple[str, ...]


class Interview:
    """One call of `feedtool new`: what its episodes share, and what is asked about each."""

    def __init__(
        self,
        root: Path,
        catalog: Catalog,
        lock: Lock,
        now: datetime,
        console: Console,
        asker: Asker,
        asked: Options,
        *,
        several: bool = False,
    ) -> None:
        self._root, self._catalog, self._lock, self._now = root, catalog, lock, now
        self._console, self._asker, self._asked = console, asker, asked
        self._several = several  #: no option can be the title of each
        self._dates: set[datetime] = set()  #: of the episodes so far
        #: values that are wrong whatever the recording says, before anything is read or asked
        self._people = tuple(self._credit(text) for text in asked.people)
        if asked.date is not None:
            self._when(asked.date)
        if asked.transcript is not None:
            self._transcript(asked.transcript)

    def make(self, recording: Recording) -> Made:
        """The episode of a recording. Raises FeedtoolError when there is one already."""
        console, text = self._console, self._console.text
        console.aside(text(N_("Read the file: {facts}"), facts=told_recording(recording, text)))
        wanted = self._wanted(recording, self._there(recording))
        begun = self._begin_series(wanted.series)
        with console.progress(N_("Copying")) as progress:
            made = make_episode(self._root, wanted, self._catalog.zone, self._lock, text, progress)
        self._tell(made, begun, wanted)
        return made

    def _there(self, recording: Recording) -> str | None:
        """Where the recording is below media/ already. Raises FeedtoolError: an episode has it."""
        twin = find_twin(self._root, recording, self._lock, self._now)
        if twin is not None and twin.episode is not None:
            raise FeedtoolError(
                N_('the episode "{episode}" has this recording already'),
                N_("change  episodes/{episode}.md  if something in it is to be different"),
                episode=twin.episode,
            )
        return twin.source if twin else None

    def _wanted(self, recording: Recording, there: str | None) -> Wanted:
        text, ask, asked = self._console.text, self._asker.ask, self._asked
        series = self._series(there)

        def line(key: str, answer: str) -> str:
            tidied = tidy(answer)
            if key == "title" and not tidied:
                raise missing("--title")
            if tidied:
                accept(EpisodeKeys, **{key: tidied})
            return tidied

        title = ask(
            text(N_("Title")), "--title", asked.title,
            lambda answer: line("title", answer),
            default=self._offered(recording),
        )  # fmt: skip
        if self._several and asked.summary is None and not self._asker.may_ask:
            raise UsageError(
                N_("{option} is missing"),
                N_('add  --summary ""  and write each summary in its file afterwards'),
                option="--summary",
            )
        summary = ask(
            text(N_("One-sentence summary (Enter to write it later)")), "--summary",
            asked.summary, lambda answer: line("summary", answer),
            default="" if self._asker.may_ask else None,
        )  # fmt: skip
        date = ask(
            text(N_("Publish when?")), "--date", asked.date, self._when,
            default=text(N_("now")),
        )  # fmt: skip
        date = self._alone(date, series)
        self._console.aside(f"  = {told_date(date, text)}")
        transcript = ask(
            text(N_("Transcript file (.vtt, .srt, .txt; Enter if not ready)")), "--transcript",
            asked.transcript, self._transcript, default="",
        )  # fmt: skip
        return Wanted(
            series=series,
            title=title,
            date=date,
            recording=recording,
            summary=summary,
            people=self._people,
            transcript=transcript,
            there=usable_in_place(there, series, recording.ending) if there else None,
        )

    def _offered(self, recording: Recording) -> str | None:
        """A title to begin with: of the recording, else, where it is asked, of the file's name."""
        tag = tidy(recording.title or "")[:255].strip()
        if tag:
            return tag
        if not self._asker.may_ask:
            if self._several:
                raise UsageError(
                    N_("{name} has no title inside, and --title cannot be the same for several "
                       "episodes"),
                    N_("make it on its own:  feedtool new {file} --title ..."),
                    name=recording.path.name, file=shlex.quote(str(recording.path)),
                )  # fmt: skip
            return None
        return tidy(recording.path.stem.replace("_", " ")) or None

    def _series(self, there: str | None) -> str:
        """The series the episode goes to, which may have to be begun first."""
        known = [folder.slug for folder in find_folders(self._root, [])]
        asked = self._asked

        def chosen(answer: str) -> str:
            if answer in known:
                return answer
            begins = asked.series_title or not known
            if not begins or not is_slug(answer) or answer in RESERVED_SERIES:
                raise UsageError(
                    N_('there is no series "{answer}"'),
                    N_("write one of these: {names}; to begin another, add  --series-title")
                    if known and not begins
                    else N_("small letters a-z, digits and hyphens make the name of a series"),
                    answer=answer, names=", ".join(known),
                )  # fmt: skip
            return answer

        if asked.series is None and asked.series_title:
            return first_series(asked.series_title)
        if asked.series is None and len(known) < 2:
            return known[0] if known else first_series(self._catalog.series.title)
        here = there.partition("/")[0] if there else ""
        question = self._console.text(N_("Series ({names})"), names=", ".join(known))
        return self._asker.ask(
            question, "--series", asked.series, chosen, default=here if here in known else None
        )

    def _begin_series(self, slug: str) -> str | None:
        """series.yaml, if there is none yet; gives its path."""
        if (self._root / f"episodes/{slug}/series.yaml").exists():
            return None
        title = self._asked.series_title or self._catalog.series.title
        return begin_series(self._root, slug, title, self._console.text)

    def _credit(self, answer: str) -> dict[str, str]:
        return credit(answer, self._catalog)

    def _when(self, answer: str) -> datetime:
        return when(answer, self._now, self._catalog.zone)

    def _alone(self, date: datetime, series: str) -> datetime:
        """A date that no other episode of the series has: apps would show them in any order."""
        moment = date.astimezone(UTC)
        taken = self._dates | dates_near(self._root, series, moment, self._catalog.zone)
        while moment in taken:
            moment += timedelta(minutes=1)
        self._dates.add(moment)
        return moment.astimezone(date.tzinfo)

    def _transcript(self, answer: str) -> Path | None:
        if not answer:
            return None
        path = dropped_path(answer)
        refuse(look_at_transcript(path))
        return path

    def _tell(self, made: Made, begun: str | None, wanted: Wanted) -> None:
        text = self._console.text
        words = {name: text(word) for name, word in _DONE.items()}
        width = max(map(len, words.values()))
        for path in made.copied:
            self._console.result(f"  {words['copied']:{width}}  {path}")
        for file in (begun, made.file):
            if file:
                self._console.result(f"  {words['made']:{width}}  {file}")
        if wanted.transcript is None:
            self._console.note(_no_text(self._catalog))


_DONE = {"copied": N_("copied"), "made": N_("made")}


def _no_text(catalog: Catalog) -> str:
    """What it means that there is no transcript; the law binds public bodies."""
    if "public-sector-se" in catalog.keys.profiles:
        return N_("no transcript yet: the law asks for a text version of new recordings "
                  "(see: feedtool explain A11Y01)")  # fmt: skip
    return N_("no transcript yet: who cannot hear gets nothing of it, and public bodies must have "
              "one (see: feedtool explain A11Y01)")  # fmt: skip
