"""The second publish: what it asks of a place does not grow with what is there.

Places that list everything at once are asked once. One over SFTP has to list each folder; those of
pages are not listed again while they have the time that they had.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from feedtool.publish.address import open_target
from feedtool.publish.secrets import read_secrets
from feedtool.publish.send import Delivery, Publisher
from feedtool.publish.state import State, read_state
from feedtool.publish.target import STATE_FILE, Artifact, KnowsFolders, Target, plan

from .servers import library
from .sites import KINDS, Site, site

LONG_AGO = 1_700_000_000


@dataclass
class Show:
    """What is published of episodes with pages, from files in a folder here."""

    folder: Path
    count: int

    def files(self) -> list[Artifact]:
        names = ["feed.xml", "index.html", "moten/feed.xml", "samtal/feed.xml", "samtal/index.html"]
        for number in range(self.count):
            names += [
                f"media/samtal/{number}.mp3",
                f"samtal/{number}/index.html",
                f"samtal/{number}/chapters.json",
            ]
        return [self.file(name) for name in names]

    def file(self, name: str, data: bytes = b"") -> Artifact:
        data = data or name.encode()
        file = self.folder / hashlib.sha256(data).hexdigest()
        file.write_bytes(data)
        return Artifact(name, len(data), file.name, file)


def look(target: Target, wanted: Sequence[Artifact]) -> tuple[Delivery, Any]:
    publisher = Publisher("anna@here", "one", lambda: datetime(2026, 1, 1, tzinfo=UTC))
    delivery = Delivery(target, publisher)
    present = delivery.look()
    known = delivery.known({one.path: one for one in wanted})
    return delivery, plan(wanted, present, known)


def publish(target: Target, wanted: Sequence[Artifact]) -> list[str]:
    """What had to be sent."""
    delivery, planned = look(target, wanted)
    if planned.send:
        delivery.begin(planned.send)
        delivery.send(planned.send, lambda _: None)
        delivery.end(delivery.state, planned.held)
    return [one.path for one in planned.send]


def opened(place: Site) -> Target:
    return open_target(place.address(), read_secrets("target", place.env))


def age(folder: Path) -> None:
    """As if nothing had changed there for long."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            os.utime(path, (LONG_AGO, LONG_AGO))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of any place."""
    told: list[str] = []

    def count(owner: Any, name: str) -> None:
        whole = getattr(owner, name)

        def counted(*arguments: Any, **more: Any) -> Any:
            told.append(str(arguments[1]))
            return whole(*arguments, **more)

        monkeypatch.setattr(owner, name, counted)

    count(library("paramiko", 'pip install "feedtool[sftp]"').SFTPClient, "_send_packet")
    count(library("botocore.endpoint", 'pip install "feedtool[s3]"').Endpoint, "_send")
    count(library("requests", "it is needed").Session, "request")
    return told


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[Site]:
    with site("sftp", tmp_path) as place:
        yield place


@pytest.fixture
def www(tmp_path: Path) -> Path:
    return tmp_path / "www"


def settled(place: Site, www: Path, show: Show) -> None:
    """A place to which was published, with nothing happening there since."""
    publish(opened(place), show.files())
    age(www)
    (www / "index.html").unlink()
    assert publish(opened(place), show.files()) == ["index.html"]


@pytest.mark.parametrize("kind", ["sftp", "s3", "webdav"])
def test_twice_as_many_episodes_are_planned_with_as_many_questions(
    kind: str, tmp_path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for number in (4, 8):
        here = tmp_path / str(number)
        here.mkdir()
        show = Show(tmp_path, number)
        with site(kind, here) as place:
            for name, value in place.env.items():
                monkeypatch.setenv(name, value)
            if kind == "sftp":
                settled(place, here / "www", show)
            else:
                publish(opened(place), show.files())
            asked.clear()
            target = opened(place)
            assert look(target, show.files())[1].send == ()
            target.close()
            counts.append(len(asked))
    assert counts[0] == counts[1] > 0


def test_only_folders_that_changed_are_listed(
    sftp: Site, www: Path, tmp_path: Path, asked: list[str]
) -> None:
    show = Show(tmp_path, 4)
    settled(sftp, www, show)
    asked.clear()
    look(opened(sftp), show.files())
    least = len(asked)
    (www / "samtal/2/robots.txt").write_text("x", "utf-8")
    asked.clear()
    assert look(opened(sftp), show.files())[1].extra == ("samtal/2/robots.txt",)
    assert len(asked) == least + 4  # open, what is in it, no more, close


# what happened behind our back


def lost(www: Path) -> None:
    (www / "samtal/2/index.html").unlink()


def lost_with_all(www: Path) -> None:
    for path in (www / "samtal/2").iterdir():
        path.unlink()
    (www / "samtal/2").rmdir()


def replaced(www: Path) -> None:
    (www / "other").write_bytes(b"another page")
    (www / "other").replace(www / "samtal/2/index.html")


def cut_off(path: str, www: Path) -> None:
    (www / path).write_bytes(b"ha")


@pytest.mark.parametrize(
    ("happens", "sent"),
    [
        (lost, ["samtal/2/index.html"]),
        (lost_with_all, ["samtal/2/chapters.json", "samtal/2/index.html"]),
        (replaced, ["samtal/2/index.html"]),
        (lambda www: cut_off("moten/feed.xml", www), ["moten/feed.xml"]),
        (lambda www: cut_off("media/samtal/2.mp3", www), ["media/samtal/2.mp3"]),
    ],
    ids=["a page is gone", "a folder is gone", "a page is another", "a feed is cut", "a recording"],
)
def test_what_the_place_lost_is_sent_again(
    happens: Any, sent: list[str], sftp: Site, www: Path, tmp_path: Path
) -> None:
    show = Show(tmp_path, 4)
    settled(sftp, www, show)
    happens(www)
    assert publish(opened(sftp), show.files()) == sent
    assert publish(opened(sftp), show.files()) == []
    assert {one.path for one in show.files()} == sftp.files().keys()


@pytest.fixture(params=KINDS)
def anywhere(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    with site(request.param, tmp_path) as place:
        for name, value in place.env.items():
            monkeypatch.setenv(name, value)
        yield place


def by_somebody_else(place: Site, show: Show, *paths: str) -> dict[str, bytes]:
    """Other bytes, as many as before."""
    for path in paths:
        opened(place).put(path, show.file(path, path.upper().encode()))
    return {path: path.upper().encode() for path in paths}


def test_a_feed_of_the_same_size_is_seen_to_be_another(anywhere: Site, tmp_path: Path) -> None:
    show = Show(tmp_path, 2)
    publish(opened(anywhere), show.files())
    by_somebody_else(anywhere, show, "moten/feed.xml")
    assert publish(opened(anywhere), show.files()) == ["moten/feed.xml"]
    assert anywhere.read("moten/feed.xml") == b"moten/feed.xml"
    assert publish(opened(anywhere), show.files()) == []


def test_a_recording_of_the_same_size_is_told_and_left(anywhere: Site, tmp_path: Path) -> None:
    show = Show(tmp_path, 2)
    path = "media/samtal/1.mp3"
    publish(opened(anywhere), show.files())
    theirs = by_somebody_else(anywhere, show, path)
    delivery, planned = look(opened(anywhere), show.files())
    assert planned.send == ()
    assert [*delivery.damaged, *delivery.rewritten] == [path]
    assert anywhere.read(path) == theirs[path]

    opened(anywhere).delete("index.html")
    assert publish(opened(anywhere), show.files()) == ["index.html"]
    again, _ = look(opened(anywhere), show.files())
    assert again.damaged == delivery.damaged  # until it is mended; the other is told once
    assert again.rewritten == []
    opened(anywhere).delete(path)
    assert publish(opened(anywhere), show.files()) == [path]
    delivery, planned = look(opened(anywhere), show.files())
    assert (planned.send, delivery.damaged, delivery.rewritten) == ((), [], [])


def test_what_is_only_touched_is_not_sent(anywhere: Site, tmp_path: Path) -> None:
    show = Show(tmp_path, 2)
    publish(opened(anywhere), show.files())
    for one in show.files():
        opened(anywhere).put(one.path, one)
    delivery, planned = look(opened(anywhere), show.files())
    assert (planned.send, delivery.damaged) == ((), [])


def test_a_state_of_a_version_that_knew_no_folders(sftp: Site, www: Path, tmp_path: Path) -> None:
    show = Show(tmp_path, 4)
    settled(sftp, www, show)
    state = json.loads((www / STATE_FILE).read_bytes())
    assert len(state.pop("folders")) == 4
    (www / STATE_FILE).write_text(json.dumps(state), "utf-8")
    assert publish(opened(sftp), show.files()) == []
    lost(www)
    assert publish(opened(sftp), show.files()) == ["samtal/2/index.html"]


def test_a_lost_state_costs_recordings_alone(sftp: Site, www: Path, tmp_path: Path) -> None:
    show = Show(tmp_path, 2)
    settled(sftp, www, show)
    (www / STATE_FILE).unlink()
    assert publish(opened(sftp), show.files()) == ["media/samtal/0.mp3", "media/samtal/1.mp3"]


@pytest.mark.parametrize(
    "bytes",
    [b"", b"[]", b"[" * 100_000, b'{"version": 1}',
     b'{"version": 1, "serial": 1e999, "files": {}, "sending": {}, "owed": []}'],
    ids=["empty", "list", "deep", "nothing", "endless-number"],
)  # fmt: skip
def test_a_state_that_cannot_be_read_is_a_lost_one(bytes: bytes) -> None:
    assert read_state(bytes) == State()


# which folders are remembered


def folders(place: Site, www: Path) -> set[str]:
    return set(json.loads((www / STATE_FILE).read_bytes())["folders"])


def test_a_folder_that_changed_just_now_is_not_remembered(
    sftp: Site, www: Path, tmp_path: Path
) -> None:
    show = Show(tmp_path, 4)
    publish(opened(sftp), show.files())
    assert folders(sftp, www) == set()  # the next change could fall into the same second
    age(www)
    (www / "samtal/2/index.html").unlink()
    publish(opened(sftp), show.files())
    assert folders(sftp, www) == {"samtal/0", "samtal/1", "samtal/3"}


def test_a_folder_with_anything_else_is_not_remembered(
    sftp: Site, www: Path, tmp_path: Path
) -> None:
    show = Show(tmp_path, 5)
    publish(opened(sftp), show.files())
    (www / "samtal/0/robots.txt").write_text("not ours", "utf-8")
    (www / "samtal/1/deeper").mkdir()
    (www / "samtal/2/link").symlink_to(www / "feed.xml")
    (www / "samtal/3/.feedtool-half-x").write_text("half", "utf-8")
    age(www)
    (www / "index.html").unlink()
    publish(opened(sftp), show.files())
    assert folders(sftp, www) == {"samtal/4", "samtal/1/deeper"}


def test_what_is_about_to_be_sent_is_not_trusted(sftp: Site, www: Path, tmp_path: Path) -> None:
    show = Show(tmp_path, 4)
    settled(sftp, www, show)
    changed = [show.file("samtal/2/index.html", b"a new page"), *show.files()]
    wanted = list({one.path: one for one in reversed(changed)}.values())
    delivery, planned = look(opened(sftp), wanted)
    delivery.begin(planned.send)  # and it is killed
    assert folders(sftp, www) == {"samtal/0", "samtal/1", "samtal/3"}
    assert publish(opened(sftp), wanted) == ["samtal/2/index.html"]


@pytest.mark.parametrize("refused", ["create", "rename", "remove"])
def test_a_server_that_does_not_tell_every_change_is_listed_every_time(
    refused: str, sftp: Site, www: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from feedtool.publish import sftp_folders

    client = library("paramiko", 'pip install "feedtool[sftp]"').SFTPClient
    name = {"create": "open", "rename": "rename", "remove": "remove"}[refused]
    whole = getattr(client, name)

    def keeps_the_time(self: Any, path: str, *rest: Any) -> Any:
        done = whole(self, path, *rest)
        if "probe" in path:
            if name == "open":
                done.close()
            at = sftp_folders._LONG_AGO
            self.utime(path.rpartition("/")[0], (at, at))
        return done

    monkeypatch.setattr(client, name, keeps_the_time)
    show = Show(tmp_path, 2)
    settled(sftp, www, show)
    assert folders(sftp, www) == set()
    assert not list(www.glob(".feedtool-half*"))


def test_a_server_that_sets_no_times_is_listed_every_time(
    sftp: Site, www: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = library("paramiko", 'pip install "feedtool[sftp]"').SFTPClient

    def refuse(*_: Any) -> None:
        raise PermissionError

    monkeypatch.setattr(client, "utime", refuse)
    target = opened(sftp)
    assert isinstance(target, KnowsFolders)
    show = Show(tmp_path, 1)
    target.put("feed.xml", show.file("feed.xml"))
    assert target.folders() == {}
    assert sorted(path.name for path in www.iterdir()) == ["feed.xml"]
