"""The script that a user would write instead: one folder of episodes, RSS and Atom per series.

    python bench/naive.py CATALOG OUTPUT

python-frontmatter reads, mutagen measures, Markdown renders, feedgen writes; each used as its own
documentation shows. It reads the same files as feedtool and knows the same facts. It does not
check anything, and it writes neither chapters, transcripts nor JSON Feed.
"""

# mypy: disable-error-code="import-untyped, import-not-found"

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import frontmatter
import markdown
import mutagen
import yaml
from feedgen.feed import FeedGenerator


def read_episodes(folder: Path, zone: ZoneInfo) -> list[tuple[datetime, str, Any]]:
    episodes = []
    for path in folder.glob("*.md"):
        post = frontmatter.load(str(path))
        date = datetime.fromisoformat(str(post["date"])).replace(tzinfo=zone)
        episodes.append((date, path.stem, post))
    episodes.sort(key=lambda episode: episode[:2], reverse=True)
    return episodes


def make_feed(root: Path, folder: Path, output: Path, catalog: dict[str, Any]) -> None:
    series = yaml.safe_load((folder / "series.yaml").read_text("utf-8"))
    base, name = catalog["base_url"], folder.name
    media_url = f"{base}media/{name}/"
    episodes = read_episodes(folder, ZoneInfo(catalog["timezone"]))

    feed = FeedGenerator()
    feed.load_extension("podcast")
    feed.id(f"{base}{name}/")
    feed.title(series["title"])
    feed.description(series["description"])
    feed.author(catalog["owner"])
    feed.link(href=f"{base}{name}/feed.xml", rel="self")
    feed.link(href=f"{base}{name}/", rel="alternate")
    feed.language(series["language"])
    feed.podcast.itunes_author(series["author"])
    feed.podcast.itunes_owner(**catalog["owner"])
    feed.podcast.itunes_category(series["categories"][0])
    feed.podcast.itunes_explicit("yes" if series["explicit"] else "no")
    feed.podcast.itunes_image(media_url + series["image"])
    feed.podcast.itunes_type(series["type"])
    feed.lastBuildDate(episodes[0][0])
    feed.updated(episodes[0][0])

    for date, slug, post in episodes:
        path = root / "media" / name / post["media"]
        media = mutagen.File(path)
        people = [catalog["people"][person["id"]]["name"] for person in post["people"]]
        entry = feed.add_entry(order="append")
        entry.id(f"urn:uuid:{post['guid']}")
        entry.guid(post["guid"], permalink=False)
        entry.title(post["title"])
        entry.link(href=f"{base}{name}/{slug}/")
        entry.description(post["summary"], isSummary=True)
        entry.content(markdown.markdown(post.content), type="html")
        entry.published(date)
        entry.updated(date)
        entry.category([{"term": tag} for tag in post["tags"]])
        entry.enclosure(media_url + post["media"], str(path.stat().st_size), media.mime[0])
        entry.podcast.itunes_duration(round(media.info.length))
        entry.podcast.itunes_author(", ".join(people))
        entry.podcast.itunes_season(post["season"])
        entry.podcast.itunes_episode(post["episode"])

    target = output / name
    target.mkdir(parents=True, exist_ok=True)
    feed.rss_file(str(target / "feed.xml"))
    feed.atom_file(str(target / "atom.xml"))


def main() -> None:
    root, output = Path(sys.argv[1]), Path(sys.argv[2])
    catalog = yaml.safe_load((root / "feedtool.yaml").read_text("utf-8"))
    for series in sorted((root / "episodes").glob("*/series.yaml")):
        make_feed(root, series.parent, output, catalog)


if __name__ == "__main__":
    main()
