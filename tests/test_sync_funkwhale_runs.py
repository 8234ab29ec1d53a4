"""`feedtool sync` with a double of Funkwhale: runs that succeed, and one that fails anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .catalogs import NOW, Catalog, Run, a_catalog
from .hosts.funkwhale_double import FunkwhaleDouble
from .nursery import Nursery, nursery
from .servers import library
from .shipped import shipped_catalog

library("requests_toolbelt", 'pip install "feedtool[hosts]"')

AUDIO = 6
"""Episodes of the shipped catalog that are audio; the others are video."""
FAULTS = ("502 before", "502 after", "reset before", "reset after", "500 json", "403 html", "429")


@dataclass
class Place:
    """A catalog whose host is a double."""

    catalog: Catalog
    double: FunkwhaleDouble
    born: Nursery

    def sync(self, *arguments: str) -> Run:
        env = {"FEEDTOOL_LJUD_TOKEN": self.double.grant().access}
        words = ("sync", "ljud", "--json", "--yes", "--now", NOW, *arguments)
        return self.born.run(self.catalog.root, *words, env=env)

    def done(self, *arguments: str) -> list[str]:
        """What a sync did, without fault: "create samtal/april"."""
        run = self.sync(*arguments)
        assert run.code == 0, run.out + run.err
        return [f"{one['action']} {one['episode']}" for one in run.json["done"]]

    def titles(self) -> list[str]:
        """What listeners see."""
        public = [one for one in self.double.uploads.values() if one.public]
        return sorted(str(one.track.fields["title"]) for one in public if one.track)


@pytest.fixture(scope="module")
def born() -> Iterator[Nursery]:
    with nursery() as found:
        yield found


@pytest.fixture
def double(tmp_path: Path) -> Iterator[FunkwhaleDouble]:
    made = FunkwhaleDouble(tmp_path / "double")
    with made.serving():
        yield made


def hosts(double: FunkwhaleDouble) -> str:
    return f'{{ljud: {{kind: funkwhale, url: "{double.url}"}}}}'


@pytest.fixture
def place(tmp_path: Path, double: FunkwhaleDouble, born: Nursery) -> Place:
    """Two episodes, nothing at the host yet."""
    catalog = a_catalog(tmp_path / "catalog")
    path = catalog.root / "feedtool.yaml"
    path.write_text(path.read_text("utf-8") + f"hosts: {hosts(double)}\n", "utf-8")
    catalog.series(text="title: Samtal\ndescription: Samtal.\ncategories: [Government]\n")
    catalog.episode("april", title="April", date="2025-04-01")
    catalog.episode("maj", title="Maj", date="2025-05-01")
    return Place(catalog, double, born)


def test_a_channel_of_no_series_is_refused(place: Place) -> None:
    path = place.catalog.root / "feedtool.yaml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("kind: funkwhale", "kind: funkwhale, channels: {samtl: s}"), "utf-8"
    )
    run = place.sync()
    assert run.code == 2
    assert "samtl" in run.json["error"]["message"]
    assert not place.double.channels


def test_the_shipped_catalog_goes_there_once(
    tmp_path: Path, double: FunkwhaleDouble, born: Nursery
) -> None:
    catalog = shipped_catalog(tmp_path / "shipped", hosts(double))
    place = Place(catalog, double, born)
    assert len(place.done()) == AUDIO
    assert len(place.titles()) == AUDIO
    assert sorted(one.username for one in double.channels.values()) == [
        "fem_perspektiv", "jakten_pa_den_perfekta_digitaliseringen",
    ]  # fmt: skip
    assert place.done() == []
    file = next((catalog.root / "episodes").glob("jakten*/kjell*.md"))
    file.write_text(file.read_text("utf-8").replace("title: ", "title: Nya ", 1), "utf-8")
    (done,) = place.sync().json["done"]
    assert (done["action"], done["fields"], done["ok"]) == ("update", ["title"], True)
    assert len(double.asked("POST", "/api/v1/tracks/")) == 1
    assert place.done() == []


@pytest.mark.parametrize("seconds", [-180, -86400, 86400])
def test_a_clock_of_the_host_that_is_wrong_uploads_nothing_twice(
    seconds: int, place: Place
) -> None:
    place.double.advance(seconds)
    place.double.fault("502 after", method="POST", path=".*/uploads/$")
    assert place.done() == ["create samtal/april", "create samtal/maj"]
    assert len(place.double.uploads) == 2
    assert place.done() == []


def test_what_is_too_long_there_is_shortened_and_said(place: Place) -> None:
    place.catalog.episode("juni", title="Juni", date="2025-06-01", notes="Ord och ord. " * 600)
    env = {"FEEDTOOL_LJUD_TOKEN": place.double.grant().access}
    first = place.catalog.run("sync", "ljud", "--yes", "--now", NOW, env=env)
    assert first.err.count("too long for ljud, and shortened: description") == 1
    again = place.catalog.run("sync", "ljud", "--yes", "--now", NOW, env=env)
    assert (again.code, "shortened" in again.err) == (0, False)


def test_what_a_server_cuts_is_changed_once(place: Place) -> None:
    place.done()
    place.double.longest_title = 8
    place.catalog.episode("maj", title="Den vackraste maj", date="2025-05-01")
    assert place.done() == ["update samtal/maj"]
    assert place.titles() == ["April", "Den vack"]
    assert place.done() == []
    assert place.sync().json["plan"] == []


def test_what_was_changed_there_is_shown_and_left(place: Place) -> None:
    place.done()
    for one in place.double.tracks.values():
        if one.fields["title"] == "April":
            one.fields["description"]["text"] = "Något annat."
    planned = place.sync().json
    assert [(one["action"], one["fields"]) for one in planned["plan"]] == [
        ("drift", ["description"])
    ]
    assert planned["done"] == []


def test_a_lost_lock_comes_back_from_the_references(place: Place) -> None:
    place.done()
    (place.catalog.root / "ljud.lock").unlink()
    place.done()
    assert place.done() == []
    assert place.double.made == 2
    assert place.titles() == ["April", "Maj"]


def test_a_new_recording_of_the_same_title_takes_the_place_of_the_old_one(place: Place) -> None:
    place.double.one_track_per_title = True
    place.done()
    place.catalog.episode(
        "april", title="April", date="2025-04-01", media="april-2.mp3", fixture="vbr.mp3"
    )
    assert place.catalog.build("--allow", "media:samtal/april").code == 0
    assert place.done() == []
    assert place.done("--replace") == ["replace samtal/april"]
    assert place.titles() == ["April", "Maj"]
    assert place.double.made == 3
    assert place.done() == []


def test_one_that_the_server_cannot_import_stops_no_other(place: Place) -> None:
    place.double.fail_next = 1
    first = place.sync()
    assert first.code == 5
    assert place.titles() == ["Maj"]
    assert "could not process the recording" in str(first.json["done"])


def test_a_recording_is_not_sent_when_there_is_no_room(place: Place) -> None:
    place.double.users["nordvik"].megabytes = 0.001
    refused = place.sync()
    assert refused.code == 5
    assert not place.double.asked("POST")


def test_no_token_is_told_anywhere(place: Place) -> None:
    place.double.fault("401 json", path="/api/v1/uploads/", at=7)
    said = [place.sync(), place.sync()]
    texts = [run.out + run.err for run in said]
    texts += [file.read_text("utf-8") for file in place.catalog.root.glob("*.lock")]
    assert not [token for token in place.double.secrets() for text in texts if token in text]


@pytest.mark.parametrize("fault", FAULTS)
def test_what_fails_at_any_request_is_mended_by_the_next_run(place: Place, fault: str) -> None:
    """Each request of a first sync, one after the other, in runs of a catalog of its own."""
    place.done()
    requests = len(place.double.requests)
    first = 1 + FAULTS.index(fault) % 3
    for number in range(first, requests + 1, 3):
        for held in (place.double.uploads, place.double.channels, place.double.tracks):
            held.clear()
        (place.catalog.root / "ljud.lock").unlink(missing_ok=True)
        place.double.requests.clear()
        place.double.faults.clear()
        place.double.made = 0
        place.double.fault(fault, at=number)
        place.sync()
        again = place.sync()
        assert again.code == 0, (number, again.out, again.err)
        assert place.titles() == ["April", "Maj"], number
        assert [one.public for one in place.double.uploads.values()] == [True, True], number
        assert place.double.made == 2, f"uploaded again: {number}"
        assert place.done() == [], number
