"""Rules about transcripts and captions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ..finding import N_, Code, Finding, Severity
from ..formats import clock
from .rule import Heard, item_rule

TR005 = Code(
    "TR005",
    Severity.WARNING,
    message=N_("the last words of media/{source} end at {end}, the recording at {measured}"),
    why=N_("the text may belong to another version of the recording"),
    mend=N_("check that transcript and recording belong together"),
    spec=("TRANS-03",),
)

_TOLERANCE = timedelta(seconds=1)


@item_rule
def transcript_after_end(heard: Heard) -> Iterator[Finding]:
    """Transcripts that are longer than the recording."""
    measured = heard.item.enclosure.duration
    transcripts = heard.item.episode.transcripts
    texts = sum(not transcript.captions for transcript in transcripts)
    for index, transcript in enumerate(transcripts):
        read = heard.words.get(transcript.source)
        if read and read.cues and read.cues[-1].end > measured + _TOLERANCE:
            key = ("captions", index - texts) if transcript.captions else ("transcripts", index)
            yield TR005.at(
                heard.place(*key),
                source=transcript.source, end=clock(read.cues[-1].end), measured=clock(measured),
            )  # fmt: skip
