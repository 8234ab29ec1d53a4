"""Every module with rules: importing this one fills the lists of rule.py."""

from __future__ import annotations

from . import (  # noqa: F401
    access,
    access_words,
    addresses,
    artwork,
    chapters,
    dates,
    episode,
    identity,
    insecure,
    media,
    notes,
    numbering,
    parity,
    payments,
    people,
    places,
    podcast,
    policy,
    renditions,
    schedule,
    series,
    series_texts,
    texts,
    titles,
    transcripts,
)
