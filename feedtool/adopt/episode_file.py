"""The file of an imported episode, from what the feed says of it."""

from __future__ import annotations

from datetime import tzinfo

from ..declare import dataclass
from ..language import N_
from ..scaffold.yaml_lines import yaml_lines
from .fitting import Unfit, fit_episode
from .notes import markdown_of, plain_text
from .plan import Planned, local_date
from .record import Tree, Why

_ORDER = (
    "title", "date", "guid", "media", "status", "summary", "people", "people_only", "chapters",
    "transcripts", "season", "episode", "episode_type", "explicit", "language", "image",
    "image_alt", "tags", "links", "license", "location", "soundbites", "alternates", "block",
    "podcast",
)  # fmt: skip

ALTERED = N_("as Markdown some of its words or links would come out otherwise")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What an episode need not say, because its series says it."""

    people: tuple[Tree, ...]
    explicit: str
    language: str
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFiles:
    """What was fetched for an episode, as its file names it."""

    chapters: tuple[Tree, ...] = ()
    transcripts: tuple[Tree, ...] = ()
    image: str = ""
    unfit: tuple[Unfit, ...] = ()


def episode_text(
    planned: Planned, beside: SideFiles, around: Around, zone: tzinfo
) -> tuple[str, list[Unfit]]:
    """The whole file, and what of the feed it does not hold."""
    entry = planned.entry
    left = list(beside.unfit)
    tree: Tree = dict(entry.tree)
    tree["title"] = planned.title
    if planned.draft:
        tree["status"] = "draft"
    if entry.date is not None:
        tree["date"] = local_date(entry.date, zone)
    tree["guid"] = planned.guid
    tree["media"] = planned.media
    tree["summary"] = plain_text(entry.summary)
    tree |= _people(entry.people, around.people)
    tree["chapters"] = list(beside.chapters) or tree.get("chapters")
    tree["transcripts"] = list(beside.transcripts)
    tree["image"] = beside.image
    if not beside.image:  # it has the series' picture, which has its own words
        tree.pop("image_alt", None)
    for key, known in (("explicit", around.explicit), ("language", around.language)):
        if tree.get(key) == known:
            del tree[key]
    author = tree.pop("author", "")
    if author and author != around.author:
        left.append(Unfit("author", author, Why(N_("an author has no role: write it in people:"))))
    if entry.link:
        links = [one for one in tree.get("links", []) if one["url"] != entry.link]
        tree["links"] = [{"url": entry.link}, *links]
    keys, unfit = fit_episode({key: tree[key] for key in _ORDER if tree.get(key)})
    left += unfit
    if "people" not in keys:  # none could be kept; those of the series are better than nobody
        keys.pop("people_only", None)
    notes, lost = markdown_of(entry.notes, plain=entry.plain, page=entry.link)
    if lost:
        left.append(Unfit("notes", lost[:100], Why(ALTERED)))
    keys = {key: _short(key, value) for key, value in keys.items()}
    return f"---\n{yaml_lines(keys)}---\n{notes}", left


def _people(own: tuple[Tree, ...], series: tuple[Tree, ...]) -> Tree:
    """An item's persons stand instead of the channel's; in our files they come after those."""
    if not own:
        return {}
    if all(one in own for one in series):
        return {"people": [one for one in own if one not in series]}
    return {"people": list(own), "people_only": "true"}


def _short(key: str, value: object) -> object:
    """As a person would have written it: "02:10 Kundtjänsten" instead of an object."""
    if key == "chapters" and isinstance(value, list):
        return [
            f"{one['start']} {one['title']}"
            if isinstance(one, dict) and one.keys() == {"start", "title"}
            else one
            for one in value
        ]
    if key in {"season", "episode"} and isinstance(value, dict) and value.keys() == {"number"}:
        return value["number"]
    if key == "transcripts" and isinstance(value, list):
        return [one["file"] if one.keys() == {"file"} else one for one in value]
    return value
