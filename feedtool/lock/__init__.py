"""The lock: what was promised to subscribers, and what may still change. Text in, text out.

promises.py    the values: what the lock holds
records.py     one line as JSON, both ways
union.py       several lines about one thing, as git leaves them after a merge
lines.py       the whole file, read and written
allow.py       what a person overrides by name (`--allow`)
addresses.py   the catalog's addresses and guids, against the promises
recordings.py  recordings, against the promises
taken.py       names and addresses that belong to another episode
known.py       what an episode should say that leaves out some of it
episodes.py    episodes, against the promises
changes.py     all of it together
"""

from .allow import FACTS, parse_allow
from .changes import LK050, promise_changes, reconcile
from .episodes import LK018
from .known import home_of, known_keys
from .lines import lines_of_episodes, lock_lines, read_lock, write_lock
from .promises import (
    LOCK_FILE,
    LOCK_LIMIT,
    NO_LOCK,
    Fact,
    Gone,
    Lock,
    Promise,
    Rendition,
    is_as_promised,
    overridden,
    promised_media,
)
from .records import episode_of, episode_record

__all__ = [
    "FACTS",
    "LK018",
    "LK050",
    "LOCK_FILE",
    "LOCK_LIMIT",
    "NO_LOCK",
    "Fact",
    "Gone",
    "Lock",
    "Promise",
    "Rendition",
    "episode_of",
    "episode_record",
    "home_of",
    "is_as_promised",
    "known_keys",
    "lines_of_episodes",
    "lock_lines",
    "overridden",
    "parse_allow",
    "promise_changes",
    "promised_media",
    "read_lock",
    "reconcile",
    "write_lock",
]
