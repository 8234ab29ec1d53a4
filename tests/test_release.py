"""One publish: planned against the target's own copy, sent in order, safe at every point."""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest

from feedtool.artifacts import Sums
from feedtool.cache import Cache
from feedtool.errors import BusyError, TargetError
from feedtool.publish.directory import Directory
from feedtool.publish.effects import stops
from feedtool.publish.feeds import heard
from feedtool.publish.notify import Services
from feedtool.publish.send import Publisher
from feedtool.publish.target import STATE_FILE, Artifact, Remote, Target
from feedtool.release import Goods, Place, Prepared, Result, carry_out, prepare

from .catalogs import CATALOG, Catalog

GUID = str(uuid5(NAMESPACE_URL, "samtal/ett"))


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """One series with one episode, built."""
    made = Catalog(tmp_path / "catalog")
    made.write("feedtool.yaml", CATALOG)
    made.series()
    made.episode()
    assert made.rebuilt().ok
    return made


@pytest.fixture
def www(tmp_path: Path) -> Path:
    return tmp_path / "www"


def planned(catalog: Catalog, target: Target, token: str = "one", **goods: object) -> Prepared:
    cache = Cache(catalog.root / "none", "", 0, read_only=True)
    publisher = Publisher(f"{token}@here", token, lambda: datetime(2026, 1, 1, tzinfo=UTC))
    given = Goods(output=catalog.root / "public", media=catalog.root / "media", **goods)  # type: ignore[arg-type]
    return prepare(Place(target=target, name="webb"), publisher, given, Sums(cache), Services())


def publish(catalog: Catalog, target: Target, token: str = "one", **goods: object) -> Result:
    return carry_out(
        planned(catalog, target, token, **goods),
        Services(),
        progress=lambda artifact: None,
        wait=lambda seconds: None,
        go=lambda: None,
    )


class Counting:
    """A target that can break off before or after any of its changes."""

    def __init__(self, target: Target, breaks: Callable[[int], bool]) -> None:
        self._target = target
        self._breaks = breaks
        self.steps = 0
        self.compares = target.compares
        self.conditions = target.conditions

    def _step(self) -> None:
        self.steps += 1
        if self._breaks(self.steps):
            raise KeyboardInterrupt

    def list(self, prefix: str = "") -> Mapping[str, Remote]:
        return self._target.list(prefix)

    def read(self, path: str) -> bytes | None:
        return self._target.read(path)

    def put(self, path: str, artifact: Artifact, *, if_unchanged: Remote | None = None) -> None:
        self._step()
        self._target.put(path, artifact, if_unchanged=if_unchanged)
        self._step()

    def delete(self, path: str) -> None:
        self._target.delete(path)

    def close(self) -> None:
        self._target.close()


def files(www: Path) -> dict[str, bytes]:
    return {
        path.relative_to(www).as_posix(): path.read_bytes()
        for path in sorted(www.rglob("*"))
        if path.is_file() and path.name != STATE_FILE
    }


def named(www: Path) -> Iterator[tuple[Path, int]]:
    """The recordings that the feeds there name, with the bytes they promise."""
    for feed in www.rglob("feed.xml"):
        for item in heard(feed.read_bytes()):
            yield www / item.url.removeprefix("https://podd.example/"), item.length


def test_everything_that_was_built_arrives(catalog: Catalog, www: Path) -> None:
    publish(catalog, Directory(www))
    public = files(catalog.root / "public")
    assert files(www) == {path: data for path, data in public.items() if "/." not in f"/{path}"}


def test_media_come_first_and_feeds_last(catalog: Catalog, www: Path) -> None:
    sent = publish(catalog, Directory(www)).sent
    assert sent[0] == "media/samtal/ett.mp3"
    assert set(sent[-7:]) == {
        "atom.xml", "feed.json", "feed.xml", "feeds.opml",
        "samtal/atom.xml", "samtal/feed.json", "samtal/feed.xml",
    }  # fmt: skip


def test_a_second_publish_has_nothing_to_do(catalog: Catalog, www: Path) -> None:
    publish(catalog, Directory(www))
    before = {path: path.stat().st_mtime_ns for path in www.rglob("*")}
    prepared = planned(catalog, Directory(www))
    assert prepared.nothing
    assert prepared.effects == {}
    assert publish(catalog, Directory(www)).sent == []
    assert {path: path.stat().st_mtime_ns for path in www.rglob("*")} == before


def test_a_lost_state_sends_no_file_twice_but_recordings(catalog: Catalog, www: Path) -> None:
    publish(catalog, Directory(www))
    (www / STATE_FILE).unlink()
    assert publish(catalog, Directory(www)).sent == ["media/samtal/ett.mp3"]


def test_what_the_target_lost_is_sent_again(catalog: Catalog, www: Path) -> None:
    publish(catalog, Directory(www))
    (www / "samtal/ett/index.html").unlink()
    (www / "samtal/atom.xml").write_bytes(b"half")
    assert publish(catalog, Directory(www)).sent == ["samtal/ett/index.html", "samtal/atom.xml"]


def test_what_is_no_longer_ours_stays(catalog: Catalog, www: Path) -> None:
    publish(catalog, Directory(www))
    (www / "robots.txt").write_text("User-agent: *\n", "utf-8")
    prepared = planned(catalog, Directory(www))
    assert prepared.plan.extra == ("robots.txt",)
    publish(catalog, Directory(www))
    assert (www / "robots.txt").exists()


def test_a_recording_elsewhere_is_kept_when_it_is_there(catalog: Catalog, www: Path) -> None:
    publish(catalog, Directory(www))
    size = (catalog.root / "media/samtal/ett.mp3").stat().st_size
    for folder in ("media", "public/media"):
        (catalog.root / folder / "samtal/ett.mp3").unlink()
    due = {"samtal/ett.mp3": size}
    assert planned(catalog, Directory(www), due=due).nothing
    (www / "media/samtal/ett.mp3").unlink()
    assert planned(catalog, Directory(www), due=due).plan.missing == ("media/samtal/ett.mp3",)


def test_recordings_of_scheduled_episodes_go_ahead(catalog: Catalog, www: Path) -> None:
    catalog.episode("tva", date="2027-01-01 09:00")
    assert catalog.rebuilt().ok
    publish(catalog, Directory(www), ahead={"samtal/tva.mp3": 0})
    assert (www / "media/samtal/tva.mp3").exists()
    assert b"tva.mp3" not in (www / "samtal/feed.xml").read_bytes()


def effects_after(catalog: Catalog, www: Path) -> dict[str, tuple[str, ...]]:
    (one,) = planned(catalog, Directory(www)).effects.values()
    names = ("new", "changed", "moved", "redated", "redownload", "gone")
    return {name: getattr(one, name) for name in names if getattr(one, name)}


def test_a_new_episode_is_all_that_subscribers_see(catalog: Catalog, www: Path) -> None:
    publish(catalog, Directory(www))
    catalog.episode("tva", date="2025-04-01 09:00")
    assert catalog.rebuilt().ok
    guid = str(uuid5(NAMESPACE_URL, "samtal/tva"))
    assert effects_after(catalog, www) == {"new": (guid,)}


def test_a_new_title_changes_an_episode(catalog: Catalog, www: Path) -> None:
    publish(catalog, Directory(www))
    catalog.episode(title="Ett annat samtal")
    assert catalog.rebuilt().ok
    assert effects_after(catalog, www) == {"changed": (GUID,)}


@pytest.mark.parametrize(
    ("edit", "effect", "fact"),
    [
        ({"date": "2025-03-02 09:00"}, "redated", "date"),
        ({"fixture": "vbr.mp3"}, "redownload", "media"),
        ({"guid": "another"}, "gone", "gone"),
    ],
    ids=["redated", "downloaded-again", "gone"],
)
def test_what_hurts_subscribers_stops_unless_it_is_allowed(
    edit: dict[str, str], effect: str, fact: str, catalog: Catalog, www: Path
) -> None:
    publish(catalog, Directory(www))
    (catalog.root / "feedtool.lock").unlink()  # so that only the target's own copy knows
    catalog.episode(**edit)
    assert catalog.rebuilt().ok
    prepared = planned(catalog, Directory(www))
    assert GUID in getattr(prepared.effects["samtal"], effect)
    names = {GUID: "samtal/ett"}
    assert list(stops(prepared.effects, names, ())) == [("samtal", GUID, fact)]
    for name in ("samtal/ett", GUID, "samtal"):
        assert list(stops(prepared.effects, names, [(fact, name)])) == []
    assert list(stops(prepared.effects, names, [(fact, "samtal/tva")])) != []


def test_other_bytes_of_the_same_size_stop_unless_they_are_allowed(
    catalog: Catalog, www: Path
) -> None:
    """No feed tells them, and no build can: it does not read whole recordings."""
    publish(catalog, Directory(www))
    path = catalog.root / "media/samtal/ett.mp3"
    path.write_bytes(path.read_bytes()[:-50] + bytes(50))
    assert catalog.rebuilt().ok
    prepared = planned(catalog, Directory(www))
    assert [one.path for one in prepared.plan.send] == ["media/samtal/ett.mp3"]
    assert prepared.effects["samtal"].redownload == (GUID,)
    assert prepared.titles[GUID] == "Ett samtal"
    names = {GUID: "samtal/ett"}
    assert list(stops(prepared.effects, names, ())) == [("samtal", GUID, "media")]
    assert list(stops(prepared.effects, names, [("media", "samtal/ett")])) == []
    publish(catalog, Directory(www))
    assert planned(catalog, Directory(www)).nothing


def test_another_picture_of_the_same_size_is_sent_in_silence(catalog: Catalog, www: Path) -> None:
    catalog.recording("samtal/bild.png", "cover.png")
    catalog.episode(more="image: bild.png\n")
    assert catalog.rebuilt().ok
    publish(catalog, Directory(www))
    path = catalog.root / "media/samtal/bild.png"
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    assert catalog.rebuilt().ok
    prepared = planned(catalog, Directory(www))
    assert [one.path for one in prepared.plan.send] == ["media/samtal/bild.png"]
    assert prepared.effects == {}


def test_a_moved_recording_is_told_as_moved(catalog: Catalog, www: Path) -> None:
    publish(catalog, Directory(www))
    (catalog.root / "feedtool.lock").unlink()
    catalog.episode(media="nytt.mp3")
    assert catalog.rebuilt().ok
    assert effects_after(catalog, www) == {"moved": (GUID,)}


def test_a_feed_that_no_app_can_read_is_told(catalog: Catalog, www: Path) -> None:
    publish(catalog, Directory(www))
    (www / "samtal/feed.xml").write_bytes(b"<rss><channel>")
    assert planned(catalog, Directory(www)).unreadable == ("samtal/feed.xml",)


ODD = {
    "an-entity": b'<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]>',
    "a-namespace-that-is-no-address": b"",
    "a-date-beyond-all": b"",
}


@pytest.mark.parametrize("fault", ODD)
def test_a_feed_of_another_program_may_be_odd(catalog: Catalog, www: Path, fault: str) -> None:
    title = b"Ett&nbsp;samtal" if fault == "an-entity" else b"Ett samtal"
    space = b' xmlns:x="x"' if fault == "a-namespace-that-is-no-address" else b""
    year = b"9999" if fault == "a-date-beyond-all" else b"2025"
    (www / "samtal").mkdir(parents=True)
    (www / "samtal/feed.xml").write_bytes(
        ODD[fault]
        + b"<rss version='2.0'" + space + b"><channel><title>Prat</title><item><title>" + title
        + b"</title><guid>gammal</guid><pubDate>Fri, 31 Dec " + year
        + b" 23:59:00 -1200</pubDate></item></channel></rss>"
    )  # fmt: skip
    prepared = planned(catalog, Directory(www))
    found = prepared.effects["samtal"]
    assert (prepared.unreadable, found.gone, found.new) == ((), ("gammal",), (GUID,))
    assert found.show[0] == ("title", "Prat", "Samtal")


def test_another_publisher_keeps_us_out(catalog: Catalog, www: Path) -> None:
    first = planned(catalog, Directory(www))
    first.delivery.begin(first.plan.send)
    with pytest.raises(BusyError, match="one@here"):
        publish(catalog, Directory(www), token="two")


def test_two_that_looked_at_the_same_moment_do_not_both_begin(catalog: Catalog, www: Path) -> None:
    one, two = (planned(catalog, Directory(www), token) for token in ("one", "two"))
    one.delivery.begin(one.plan.send)
    with pytest.raises(BusyError):
        two.delivery.begin(two.plan.send)


def test_a_lease_of_our_own_killed_run_does_not_keep_us_out(catalog: Catalog, www: Path) -> None:
    first = planned(catalog, Directory(www))
    first.delivery.begin(first.plan.send)
    assert publish(catalog, Directory(www)).sent


def test_interrupted_anywhere_it_is_whole_and_goes_on(catalog: Catalog, tmp_path: Path) -> None:
    catalog.episode("tva", 'chapters: ["00:00 Start"]\n', date="2025-04-01 09:00")
    assert catalog.rebuilt().ok
    whole = tmp_path / "whole"
    counter = Counting(Directory(whole), lambda step: False)
    publish(catalog, counter)
    for point in range(1, counter.steps + 1):
        www = tmp_path / f"www{point}"
        with pytest.raises(KeyboardInterrupt):
            publish(catalog, Counting(Directory(www), partial(operator.eq, point)))
        for recording, size in named(www):
            assert recording.stat().st_size == size
        there = set(files(www))
        again = publish(catalog, Directory(www)).sent
        assert there.isdisjoint(again), point
        assert files(www) == files(whole)
        assert planned(catalog, Directory(www)).nothing
    assert counter.steps > 20


def test_killed_without_a_last_word_nothing_whole_is_sent_twice(
    catalog: Catalog, tmp_path: Path
) -> None:
    """As kill -9: what the interrupted publish would still have noted is lost."""
    whole = tmp_path / "whole"
    counter = Counting(Directory(whole), lambda step: False)
    publish(catalog, counter)
    for point in range(1, counter.steps + 1):
        www = tmp_path / f"www{point}"
        with pytest.raises(KeyboardInterrupt):
            publish(catalog, Counting(Directory(www), partial(operator.le, point)))
        there = set(files(www))
        assert there.isdisjoint(publish(catalog, Directory(www)).sent), point
        assert files(www) == files(whole)


def test_sums_are_read_only_once(catalog: Catalog, www: Path) -> None:
    later = os.stat(catalog.root / "public/samtal/feed.xml").st_mtime_ns + 10**10
    path = catalog.root / ".feedtool/sums.sqlite"
    counts = []
    for _ in range(2):
        cache = Cache(path, "1", later)
        sums = Sums(cache)
        publisher = Publisher("me", "me", lambda: datetime(2026, 1, 1, tzinfo=UTC))
        goods = Goods(output=catalog.root / "public", media=catalog.root / "media")
        prepare(Place(target=Directory(www), name=""), publisher, goods, sums, Services())
        counts.append(sums.read)
        sums.keep(cache)
        cache.close()
    assert counts[0] > 5
    assert counts[1] == 0


def test_feeds_are_sent_after_those_that_they_name(catalog: Catalog, www: Path) -> None:
    sent = publish(catalog, Directory(www)).sent
    assert sent[-4:] == ["atom.xml", "feed.json", "feed.xml", "feeds.opml"]
    assert sent.index("samtal/feed.xml") < sent.index("atom.xml")


def test_another_file_of_the_same_size_is_not_taken_for_the_new_one(
    catalog: Catalog, www: Path
) -> None:
    """Killed when it had begun, and the state before it was lost."""
    publish(catalog, Directory(www))
    page = www / "samtal/index.html"
    page.write_bytes(b"x" * page.stat().st_size)
    (www / STATE_FILE).unlink()
    killed = planned(catalog, Directory(www))
    assert "samtal/index.html" in [one.path for one in killed.plan.send]
    killed.delivery.begin(killed.plan.send)
    assert "samtal/index.html" in publish(catalog, Directory(www)).sent
    assert page.read_bytes() == (catalog.root / "public/samtal/index.html").read_bytes()


def test_what_was_made_anew_since_the_plan_is_not_sent(catalog: Catalog, www: Path) -> None:
    prepared = planned(catalog, Directory(www))
    catalog.write("public/samtal/index.html", b"another build")
    with pytest.raises(TargetError) as caught:
        carry_out(
            prepared, Services(), progress=lambda artifact: None, wait=lambda seconds: None,
            go=lambda: None,
        )  # fmt: skip
    assert not list(www.rglob("feed.xml"))
    assert caught.value.done
    assert caught.value.done[1]["sent"] == len(files(www))


def test_a_large_file_has_a_lease_for_as_long_as_it_takes(catalog: Catalog, www: Path) -> None:
    prepared = planned(catalog, Directory(www))
    (recording,) = [one for one in prepared.plan.send if one.path.startswith("media/")]
    prepared.delivery.begin([recording])
    huge = replace(recording, size=3_600 * 1_000_000)
    with pytest.raises(TargetError):  # it is not as large as that
        prepared.delivery.send([huge], lambda artifact: None)
    lease = prepared.delivery.state.lease
    assert lease
    assert lease.holds(datetime(2026, 1, 1, 4, tzinfo=UTC))
