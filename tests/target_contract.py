"""What every target must do: the same tests for all of them.

A test module makes a fixture `place` and imports everything from here with `*`. A place starts
real servers where it needs them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from feedtool.errors import ChangedError
from feedtool.publish.target import ABSENT, Artifact, Remote, Target


@dataclass
class Place:
    """An empty target and ways around it."""

    target: Target
    open: Callable[[], Target]  #: another connection to the same place


@pytest.fixture
def artifact(tmp_path: Path) -> Callable[[bytes, str], Artifact]:
    def make(data: bytes, path: str = "samtal/feed.xml") -> Artifact:
        digest = hashlib.sha256(data).hexdigest()
        file = tmp_path / f"artifact-{digest[:12]}"
        file.write_bytes(data)
        return Artifact(path, len(data), digest, file)

    return make


Make = Callable[..., Artifact]


def test_an_empty_target_lists_nothing(place: Place) -> None:
    assert dict(place.target.list()) == {}
    assert dict(place.target.list("samtal/")) == {}


def test_a_file_that_is_not_there_reads_as_nothing(place: Place) -> None:
    assert place.target.read("samtal/feed.xml") is None
    assert place.target.read("samtal") is None


def test_what_was_put_is_read_and_listed(place: Place, artifact: Make) -> None:
    place.target.put("samtal/feed.xml", artifact(b"<rss/>"))
    assert place.target.read("samtal/feed.xml") == b"<rss/>"
    assert {path: one.size for path, one in place.target.list().items()} == {"samtal/feed.xml": 6}


def test_another_connection_sees_the_same(place: Place, artifact: Make) -> None:
    place.target.put("a/b/c.txt", artifact(b"text"))
    other = place.open()
    assert other.read("a/b/c.txt") == b"text"
    assert dict(other.list()) == dict(place.target.list())
    other.close()


def test_folders_are_made_on_the_way(place: Place, artifact: Make) -> None:
    place.target.put("media/samtal/ett/deep/er.mp3", artifact(b"sound"))
    place.target.put("media/samtal/tva.mp3", artifact(b"sounds"))
    assert sorted(place.target.list("media/")) == [
        "media/samtal/ett/deep/er.mp3",
        "media/samtal/tva.mp3",
    ]


def test_a_listing_can_begin_anywhere(place: Place, artifact: Make) -> None:
    for path in ("feed.xml", "samtal/feed.xml", "samtal2/feed.xml", "samtal/ett/index.html"):
        place.target.put(path, artifact(path.encode()))
    assert sorted(place.target.list("samtal/")) == ["samtal/ett/index.html", "samtal/feed.xml"]
    assert sorted(place.target.list("sam")) == [
        "samtal/ett/index.html",
        "samtal/feed.xml",
        "samtal2/feed.xml",
    ]
    assert dict(place.target.list("nothing/")) == {}


def test_the_new_file_replaces_the_old_one(place: Place, artifact: Make) -> None:
    place.target.put("feed.xml", artifact(b"old and longer"))
    before = place.target.list()["feed.xml"]
    place.target.put("feed.xml", artifact(b"new"))
    assert place.target.read("feed.xml") == b"new"
    after = place.target.list()["feed.xml"]
    assert after.size == 3
    assert after != before


def test_another_file_of_the_same_size_has_another_tag(place: Place, artifact: Make) -> None:
    place.target.put("feed.xml", artifact(b"one"))
    before = place.target.list()["feed.xml"]
    place.target.put("feed.xml", artifact(b"two"))
    assert place.target.list()["feed.xml"] != before or not before.tag


def test_an_empty_file_is_a_file(place: Place, artifact: Make) -> None:
    place.target.put("samtal/empty.txt", artifact(b""))
    assert place.target.read("samtal/empty.txt") == b""
    assert place.target.list()["samtal/empty.txt"].size == 0


def test_deleting_twice_is_no_error(place: Place, artifact: Make) -> None:
    place.target.put("samtal/feed.xml", artifact(b"x"))
    place.target.delete("samtal/feed.xml")
    place.target.delete("samtal/feed.xml")
    assert place.target.read("samtal/feed.xml") is None
    assert dict(place.target.list()) == {}


def test_a_large_file_arrives_whole(place: Place, artifact: Make) -> None:
    data = bytes(range(256)) * 90_000  # 22 MiB: several parts where there are parts
    place.target.put("media/samtal/lang.mp3", artifact(data, "media/samtal/lang.mp3"))
    read = place.target.read("media/samtal/lang.mp3")
    assert read is not None
    assert hashlib.sha256(read).digest() == hashlib.sha256(data).digest()


@pytest.mark.parametrize("name", ["a b.txt", "å.txt", "a+b&c=d#e?f%20.txt", "~a'(b)!.txt"])
def test_every_name_arrives_as_it_is(name: str, place: Place, artifact: Make) -> None:
    place.target.put(f"samtal/{name}", artifact(b"x"))
    assert list(place.target.list()) == [f"samtal/{name}"]
    assert place.target.read(f"samtal/{name}") == b"x"
    place.target.delete(f"samtal/{name}")
    assert dict(place.target.list()) == {}


def test_a_file_is_made_only_if_there_is_none(place: Place, artifact: Make) -> None:
    place.target.put("state.json", artifact(b"mine"), if_unchanged=ABSENT)
    if place.target.compares:
        with pytest.raises(ChangedError):
            place.target.put("state.json", artifact(b"theirs"), if_unchanged=ABSENT)
        assert place.target.read("state.json") == b"mine"


def test_a_file_is_replaced_only_if_it_is_the_same(place: Place, artifact: Make) -> None:
    place.target.put("state.json", artifact(b"one"))
    seen = place.target.list()["state.json"]
    place.target.put("state.json", artifact(b"two"), if_unchanged=seen)
    assert place.target.read("state.json") == b"two"
    if place.target.compares:
        with pytest.raises(ChangedError):
            place.target.put("state.json", artifact(b"three"), if_unchanged=seen)
        assert place.target.read("state.json") == b"two"


def test_nothing_half_is_listed_after_all(place: Place, artifact: Make) -> None:
    for number in range(3):
        place.target.put("samtal/feed.xml", artifact(b"x" * (number + 1)))
    assert list(place.target.list()) == ["samtal/feed.xml"]


def test_remotes_of_one_file_are_equal(place: Place, artifact: Make) -> None:
    place.target.put("feed.xml", artifact(b"x"))
    assert place.target.list()["feed.xml"] == place.target.list("feed")["feed.xml"]
    assert isinstance(place.target.list()["feed.xml"], Remote)
