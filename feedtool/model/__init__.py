"""The model: a catalog as it is meant, every default resolved. Values only; nothing is opened.

Words are those of the formats: series (RSS channel), episode (what a person wrote),
enclosure (what is known of its media file), item (episode + enclosure), feed (series + items).

A *source* is a text that says where media is: a path below media/ with "/", or an absolute
http(s) URL. Times inside a recording are `timedelta`; dates are aware `datetime`.

stated.py    what people say of a series or an episode
media.py     recordings, pictures, chapters and texts
catalog.py   series, episodes and the feeds that carry them
"""

from .catalog import Episode, Feed, Identity, Item, Series, Site, Trailer
from .media import (
    Alternate,
    AnyText,
    Chapter,
    Copied,
    Copy,
    Cue,
    Enclosure,
    Inside,
    Measured,
    Picture,
    SideFile,
    Soundbite,
    Transcript,
    Words,
    tracks,
)
from .stated import (
    Category,
    Claim,
    Credit,
    Exempt,
    Funding,
    License,
    Link,
    Location,
    Number,
    Owner,
    Person,
    Publisher,
    Season,
    Tag,
    UpdateFrequency,
)

__all__ = [
    "Alternate",
    "AnyText",
    "Category",
    "Chapter",
    "Claim",
    "Copied",
    "Copy",
    "Credit",
    "Cue",
    "Enclosure",
    "Episode",
    "Exempt",
    "Feed",
    "Funding",
    "Identity",
    "Inside",
    "Item",
    "License",
    "Link",
    "Location",
    "Measured",
    "Number",
    "Owner",
    "Person",
    "Picture",
    "Publisher",
    "Season",
    "Series",
    "SideFile",
    "Site",
    "Soundbite",
    "Tag",
    "Trailer",
    "Transcript",
    "UpdateFrequency",
    "Words",
    "tracks",
]
