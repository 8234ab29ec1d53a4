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

OLD_CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "Arts > Literature": ("Arts > Books",),
    "Business > Business News": ("News > Business News",),
    "Business > Management & Marketing": ("Business > Management", "Business > Marketing"),
    "Business > Shopping": ("Business", "Leisure"),
    "Education > Educational Technology": ("Education", "Technology"),
    "Education > Higher Education": ("Education", "Education > Courses"),
    "Education > K-12": ("Education", "Kids & Family > Education for Kids"),
    "Education > Language Courses": ("Education > Language Learning",),
    "Education > Training": ("Education > Courses", "Education > How To"),
    "Games & Hobbies": ("Leisure",),
    "Games & Hobbies > Automotive": ("Leisure > Automotive",),
    "Games & Hobbies > Aviation": ("Leisure > Aviation",),
    "Games & Hobbies > Hobbies": ("Leisure > Hobbies",),
    "Games & Hobbies > Other Games": ("Leisure > Games",),
    "Games & Hobbies > Video Games": ("Leisure > Video Games",),
    "Government & Organizations": ("Government",),
    "Government & Organizations > Local": ("Government",),
    "Government & Organizations > National": ("Government",),
    "Government & Organizations > Non-Profit": ("Business > Non-Profit",),
    "Government & Organizations > Regional": ("Government",),
    "Health": ("Health & Fitness",),
    "Health > Alternative Health": ("Health & Fitness > Alternative Health",),
    "Health > Fitness & Nutrition": ("Health & Fitness > Fitness", "Health & Fitness > Nutrition"),
    "Health > Self-Help": ("Education > Self-Improvement",),
    "Health > Sexuality": ("Health & Fitness > Sexuality",),
    "News & Politics": ("News", "News > Politics"),
    "Religion & Spirituality > Other": (
        "Religion & Spirituality", "Religion & Spirituality > Religion",
    ),
    "Science & Medicine": ("Science", "Health & Fitness > Medicine"),
    "Science & Medicine > Medicine": ("Health & Fitness > Medicine",),
    "Science & Medicine > Natural Sciences": ("Science > Natural Sciences",),
    "Science & Medicine > Social Sciences": ("Science > Social Sciences",),
    "Society & Culture > History": ("History",),
    "Sports & Recreation": ("Sports",),
    "Sports & Recreation > Amateur": ("Sports",),
    "Sports & Recreation > College & High School": ("Sports",),
    "Sports & Recreation > Outdoor": ("Sports > Wilderness",),
    "Sports & Recreation > Professional": ("Sports",),
    "Technology > Gadgets": ("Technology",),
    "Technology > Podcasting": ("Technology",),
    "Technology > Software How-To": ("Technology", "Education > How To"),
    "Technology > Tech News": ("News > Tech News",),
}  # fmt: skip
"""The names of Apple's directory before 2019 -> what stands there since; several where a shelf was
divided, or given up and nothing is just the same."""

TRANSLATED_CATEGORIES: Mapping[str, str] = {
    "konst": "Arts", "kultur": "Society & Culture", "böcker": "Arts > Books",
    "affärer": "Business", "företag": "Business", "näringsliv": "Business",
    "ekonomi": "Business > Investing", "karriär": "Business > Careers",
    "ledarskap": "Business > Management", "ideella organisationer": "Business > Non-Profit",
    "komedi": "Comedy", "humor": "Comedy", "utbildning": "Education",
    "kurser": "Education > Courses",
    "skola": "Education", "fiktion": "Fiction", "kommun": "Government", "kommuner": "Government",
    "region": "Government", "myndighet": "Government", "myndigheter": "Government",
    "offentlig sektor": "Government", "stat": "Government", "förvaltning": "Government",
    "demokrati": "Government", "historia": "History", "hälsa": "Health & Fitness",
    "hälsa och fitness": "Health & Fitness", "vård": "Health & Fitness > Medicine",
    "barn": "Kids & Family", "barn och familj": "Kids & Family", "fritid": "Leisure",
    "musik": "Music", "nyheter": "News", "politik": "News > Politics",
    "religion och andlighet": "Religion & Spirituality", "vetenskap": "Science",
    "forskning": "Science", "natur": "Science > Nature", "miljö": "Science > Nature",
    "samhälle": "Society & Culture", "samhälle och kultur": "Society & Culture",
    "dokumentär": "Society & Culture > Documentary", "idrott": "Sports", "sport": "Sports",
    "teknik": "Technology", "teknologi": "Technology", "digitalisering": "Technology",
    "tv och film": "TV & Film", "film": "TV & Film",
}  # fmt: skip
"""What somebody could mean who writes a category in Swedish: guesses, lower case."""

LANGUAGE_NAMES: Mapping[str, str] = {
    "svenska": "sv", "swedish": "sv", "sve": "sv", "sw": "sv", "engelska": "en", "english": "en",
    "finska": "fi", "suomi": "fi", "finnish": "fi", "norska": "nb", "bokmål": "nb",
    "nynorska": "nn", "nynorsk": "nn", "danska": "da", "dansk": "da", "dk": "da",
    "isländska": "is", "tyska": "de", "franska": "fr", "spanska": "es", "polska": "pl",
    "ryska": "ru", "ukrainska": "uk", "ua": "uk", "arabiska": "ar", "somaliska": "so",
    "persiska": "fa", "dari": "fa-AF", "tigrinja": "ti", "kurdiska": "ku", "turkiska": "tr",
    "grekiska": "el", "gr": "el", "jp": "ja", "cz": "cs", "samiska": "se", "nordsamiska": "se",
    "lulesamiska": "smj", "sydsamiska": "sma", "meänkieli": "fit", "tornedalsfinska": "fit",
    "romani": "rom", "romani chib": "rom", "jiddisch": "yi", "teckenspråk": "swl",
    "svenskt teckenspråk": "swl",
}  # fmt: skip
"""What people write instead of a language tag: guesses, lower case."""

SIGNED = frozenset({"sgn", "swl", "fss", "fse", "dsl", "nsl", "icl", "bfi", "ase", "ils", "gsg"})
"""Languages nobody writes: those of signs."""

UNCERTAIN = frozenset({"mul", "und", "mis"})
"""Tags for no certain language."""

WORDLESS = "zxx"
"""The tag of recordings in which nothing is said: music, a film without sound."""

UNWRITTEN = SIGNED | UNCERTAIN | {WORDLESS}
"""What a recording may be in, and a text can not, or not be said to be."""

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

ROLES_IN_SWEDISH: Mapping[str, str] = {
    "gäst": "guest", "värd": "host", "programledare": "host", "moderator": "host",
    "producent": "producer", "redaktör": "editor", "redaktion": "editor", "berättare": "narrator",
    "författare": "writer", "manus": "writer", "ljudtekniker": "audio engineer",
    "tekniker": "audio engineer", "musik": "composer", "översättare": "translator",
}  # fmt: skip
"""What people write instead of a role; no app knows these words."""

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
    "lightning", "bitcoin", "keysend", "lnaddress", "amp", "wallet", "node", "default",
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

_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ "
    "BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM "
    "DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS "
    "GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN "
    "KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ "
    "MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
    "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV "
    "SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI "
    "VN VU WF WS YE YT ZA ZM ZW"
)
COUNTRIES: frozenset[str] = frozenset(_COUNTRIES.split())
"""ISO 3166-1 alpha-2 (podcast:location)."""

EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    "audio/mpeg": (".mp3", ".mpga", ".mp2"),
    "audio/x-m4a": (".m4a", ".m4b"),
    "video/mp4": (".mp4",),
    "video/x-m4v": (".m4v",),
    "video/quicktime": (".mov", ".qt"),
    "audio/ogg": (".ogg", ".oga"),
    "audio/opus": (".opus", ".ogg", ".oga"),
    "audio/flac": (".flac",),
    "audio/wav": (".wav", ".wave"),
}
"""Endings that fit a type of recording, the usual one first (requirements, Appendix D)."""

ENDINGS = frozenset(ending for endings in EXTENSIONS.values() for ending in endings)
"""All endings of recordings."""

SPELLINGS: Mapping[str, str] = {
    "audio/mp3": "audio/mpeg",
    "audio/mpg": "audio/mpeg",
    "audio/mpeg3": "audio/mpeg",
    "audio/x-mpeg": "audio/mpeg",
    "audio/x-mpeg-3": "audio/mpeg",
    "audio/x-mp3": "audio/mpeg",
    "audio/m4a": "audio/x-m4a",
    "audio/mp4": "audio/x-m4a",
    "video/m4v": "video/x-m4v",
    "audio/vorbis": "audio/ogg",
    "audio/x-flac": "audio/flac",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
}
"""Other names of these types, and the names that are used here."""

SHOWN = frozenset({".mp3", ".m4a", ".mov", ".mp4", ".m4v"})
"""Endings of recordings that Apple shows (its guide, enclosure; PDF, too, which is none)."""

SHOWN_AS: Mapping[str, str] = {
    ending: usual
    for usual, *others in EXTENSIONS.values()
    for ending in others
    if usual in SHOWN and ending not in SHOWN
}
"""Endings that Apple hides, and those of the same type that it shows."""

PLAYLISTS = frozenset({
    "application/x-mpegurl", "application/vnd.apple.mpegurl", "audio/mpegurl", "audio/x-mpegurl",
    "application/dash+xml",
})  # fmt: skip
"""MIME types, in small letters, of streams: lists of parts that have no length (RFC 8216, DASH)."""

PROFILES: tuple[str, ...] = (
    "apple", "spotify", "youtube", "psp1", "podcasting2", "public-sector-se",
)  # fmt: skip
"""The directories and rule books a catalog can ask to be checked against."""

TARGET_SCHEMES = ("file", "sftp", "s3", "dav", "davs")
"""What addresses of targets begin with; publish/address.py opens them."""

HOST_KINDS = ("soundcloud", "funkwhale")
"""Services that hold episodes too; login/kinds.py says how they let people in."""
