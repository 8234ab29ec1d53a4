"""The fixed word lists of the formats: categories, roles, media, licences, services.

Data only. Spelling and case are those the formats demand.
"""

from __future__ import annotations

from collections.abc import Mapping

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "Arts": (
        "Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts",
    ),
    "Business": (
        "Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit",
    ),
    "Comedy": ("Comedy Interviews", "Improv", "Stand-Up"),
    "Education": ("Courses", "How To", "Language Learning", "Self-Improvement"),
    "Fiction": ("Comedy Fiction", "Drama", "Science Fiction"),
    "Government": (),
    "History": (),
    "Health & Fitness": (
        "Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality",
    ),
    "Kids & Family": ("Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"),
    "Leisure": (
        "Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies",
        "Home & Garden", "Video Games",
    ),
    "Music": ("Music Commentary", "Music History", "Music Interviews"),
    "News": (
        "Business News", "Daily News", "Entertainment News", "News Commentary", "Politics",
        "Sports News", "Tech News",
    ),
    "Religion & Spirituality": (
        "Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality",
    ),
    "Science": (
        "Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics",
        "Natural Sciences", "Nature", "Physics", "Social Sciences",
    ),
    "Society & Culture": (
        "Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships",
    ),
    "Sports": (
        "Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey",
        "Rugby", "Running", "Soccer", "Swimming", "Tennis", "Volleyball", "Wilderness",
        "Wrestling",
    ),
    "Technology": (),
    "True Crime": (),
    "TV & Film": ("After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"),
}  # fmt: skip
"""Apple's directory: top level -> second level."""

_GROUPS: Mapping[str, tuple[str, ...]] = {
    "creative direction": (
        "director", "assistant director", "executive producer", "senior producer", "producer",
        "associate producer", "development producer", "creative director",
    ),
    "cast": (
        "host", "co-host", "guest host", "guest", "voice actor", "narrator", "announcer",
        "reporter",
    ),
    "writing": (
        "author", "editorial director", "co-writer", "writer", "songwriter", "guest writer",
        "story editor", "managing editor", "script editor", "script coordinator", "researcher",
        "editor", "fact checker", "translator", "transcriber", "logger",
    ),
    "audio production": (
        "studio coordinator", "technical director", "technical manager", "audio engineer",
        "remote recording engineer", "post production engineer",
    ),
    "audio post-production": (
        "audio editor", "sound designer", "foley artist", "composer", "theme music",
        "music production", "music contributor",
    ),
    "administration": (
        "production coordinator", "booking coordinator", "production assistant",
        "content manager", "marketing manager", "sales representative", "sales manager",
    ),
    "visuals": ("graphic designer", "cover art designer"),
    "community": ("social media manager",),
    "misc.": ("consultant", "intern"),
    "video production": (
        "camera operator", "lighting designer", "camera grip", "assistant camera",
    ),
    # "editor" belongs to "writing" as well; a role alone must name one group, and text is
    # what most editors of spoken media work on.
    "video post-production": ("assistant editor",),
}  # fmt: skip

ROLES: Mapping[str, str] = {role: group for group, roles in _GROUPS.items() for role in roles}
"""The podcast taxonomy: role -> group, lower case (podcast:person compares without case)."""

MEDIUMS: tuple[str, ...] = (
    "podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "course", "publisher",
)  # fmt: skip
"""podcast:medium of feeds with items of their own, in exactly this case."""

LISTS: tuple[str, ...] = (*(f"{medium}L" for medium in MEDIUMS), "mixed")
"""podcast:medium of feeds that have remote items and none of their own: what others make."""

CHAT_PROTOCOLS: tuple[str, ...] = ("irc", "xmpp", "nostr", "matrix")
SOCIAL_PROTOCOLS: tuple[str, ...] = (
    "disabled", "activitypub", "twitter", "lightning", "atproto", "hive", "matrix", "nostr",
)  # fmt: skip
PAYMENTS: tuple[str, ...] = (
    "lightning", "bitcoin", "keysend", "lnaddress", "amp", "wallet", "node",
)  # fmt: skip
"""podcast:value types and methods."""

TRANSCRIPT_TYPES: tuple[str, ...] = (
    "text/vtt", "application/x-subrip", "application/json", "text/html", "text/plain",
)  # fmt: skip

LICENSES: tuple[str, ...] = (
    "ARR", "CC-BY-4.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-4.0", "POD-V4V-1.0",
)  # fmt: skip
"""podcast:license slugs; every other licence needs an address."""

BLOCK_SERVICES: frozenset[str] = frozenset(
    (
        "acast", "amazon", "anchor", "apple", "audible", "audioboom", "backtracks", "bitcoin",
        "blubrry", "buzzsprout", "captivate", "castos", "castopod", "facebook", "fireside",
        "fyyd", "google", "gpodder", "hypercatcher", "kasts", "libsyn", "mastodon", "megafono",
        "megaphone", "omnystudio", "overcast", "paypal", "pinecast", "podbean", "podcastaddict",
        "podcastguru", "podcastindex", "podcasts", "podchaser", "podcloud", "podfriend",
        "podiant", "podigee", "podnews", "podomatic", "podserve", "podverse", "redcircle",
        "relay", "resonaterecordings", "rss", "shoutengine", "simplecast", "slack", "soundcloud",
        "spotify", "spreaker", "tiktok", "transistor", "twitter", "whooshkaa", "youtube",
        "zencast",
    )
)  # fmt: skip
"""podcast:block ids."""

PROFILES: tuple[str, ...] = (
    "apple", "spotify", "youtube", "psp1", "podcasting2", "public-sector-se",
)  # fmt: skip
"""The directories and rule books a catalog can ask to be checked against."""
