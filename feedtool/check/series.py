"""Rules about one series."""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import N_, Code, Finding, Place, Severity
from ..model import Series
from .rule import series_rule

SE020 = Code(
    "SE020",
    Severity.WARNING,
    message=N_("the series has no category"),
    why=N_("directories sort podcasts by it; Apple refuses a feed without one"),
    mend=N_("add a line  categories: [Government]"),
    spec=("APPLE-08", "PSP-02", "SPOT-01"),
    profiles={"apple": Severity.ERROR, "psp1": Severity.ERROR},
)
SE021 = Code(
    "SE021",
    Severity.WARNING,
    message=N_("the series has no artwork"),
    why=N_("it is what people see in every app; Apple refuses a feed without it"),
    mend=N_("put a square picture, 1400 to 3000 pixels wide, below media/{series}/ and add a line  "
            "image: omslag.png"),
    spec=("APPLE-03", "PSP-02", "SPOT-01"),
    profiles={"apple": Severity.ERROR, "psp1": Severity.ERROR},
)  # fmt: skip
SE022 = Code(
    "SE022",
    Severity.NOTE,
    message=N_("the series has no author"),
    why=N_("apps show a blank line where the name of the maker stands"),
    mend=N_("add a line  author: ..."),
    spec=("APPLE-12", "PSP-03"),
    profiles={"apple": Severity.WARNING, "psp1": Severity.WARNING},
)
SE023 = Code(
    "SE023",
    Severity.WARNING,
    message=N_("the description has {size} bytes; apps show at most {limit}"),
    why=N_("directories cut it off or refuse the feed"),
    mend=N_("shorten it; a letter such as å counts as two"),
    spec=("APPLE-02", "PSP-09"),
    profiles={"apple": Severity.ERROR, "psp1": Severity.ERROR},
)

LIMIT = 4000


@series_rule
def category_missing(series: Series) -> Iterator[Finding]:
    """Series on no shelf."""
    if not series.categories:
        yield SE020.at(Place(series.file))


@series_rule
def artwork_missing(series: Series) -> Iterator[Finding]:
    """Series without a picture."""
    if not series.image:
        yield SE021.at(Place(series.file), series=series.slug)


@series_rule
def author_missing(series: Series) -> Iterator[Finding]:
    """Series without a name behind it."""
    if not series.author:
        yield SE022.at(Place(series.file))


@series_rule
def description_too_long(series: Series) -> Iterator[Finding]:
    """Descriptions over the limit in UTF-8 bytes."""
    size = len(series.description.encode())
    if size > LIMIT:
        yield SE023.at(Place(series.file, ("description",)), size=size, limit=LIMIT)
