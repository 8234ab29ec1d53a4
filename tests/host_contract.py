"""What every host must do: the same tests for all of them.

A test module makes a fixture `place` and imports everything from here with `*`. A place starts a
double of a host, which is stateful and can fail.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feedtool.errors import AccessError
from feedtool.model import Category, Episode, Series
from feedtool.sync import api
from feedtool.sync.host import (
    Held,
    Host,
    HostDownError,
    HostError,
    Marker,
    Sound,
    State,
    UnknownOutcomeError,
    key_of,
)

from .catalogs import MEDIA
from .hosts.double import HTML, JSON, Double
from .servers import answering

PAGE = "https://podd.example/samtal/ett/"
MARKER = Marker(key_of("5f3c"), hashlib.sha256((MEDIA / "cbr.mp3").read_bytes()).hexdigest())


@dataclass
class HostPlace:
    """An account without items at a double, and ways around the adapter."""

    double: Double
    open: Callable[[], Host]  #: another connection to the same account
    foreign: Callable[[str], str]
    """Somebody makes a public item with this title on the web site; gives its id."""
    sums: Callable[[], list[str]]  #: SHA-256 of all recordings that the host has
    shut: Callable[[], None]  #: end every sign-in
    makes: (
        str  #: the path of the request that makes an item: a regular expression for its beginning
    )
    slow: Callable[[int], None]  #: new items need so many looks until they are ready
    fail: Callable[[], None]  #: the next recording is taken, and cannot be processed
    waits: list[float] = field(default_factory=list)  #: seconds that were waited, by all hosts
    _host: Host | None = None

    @property
    def host(self) -> Host:
        self._host = self._host or self.open()
        return self._host

    def since(self) -> datetime:
        """A moment before anything was made."""
        return datetime.now(UTC) - timedelta(hours=1)


def a_series(**more: Any) -> Series:
    plain = Series(
        slug="samtal", title="Samtal", description="Samtal i Nordvik.", language="sv",
        guid="9b024349-ccf0-5f69-a609-6b82873eab3c", author="Nordvik", image="samtal/cover.png",
        categories=(Category("Government"),),
    )  # fmt: skip
    return replace(plain, **more)


def an_episode(**more: Any) -> Episode:
    plain = Episode(
        series="samtal", slug="ett", guid="5f3c", title="Ett samtal", media="samtal/ett.mp3",
        date=datetime(2025, 3, 1, 9, tzinfo=UTC),
        notes="<p>Om ett samtal.</p>\n<p>Med å, ä &amp; ö.</p>", tags=("kommun", "öppna data"),
    )  # fmt: skip
    return replace(plain, **more)


def a_sound(file: Path = MEDIA / "cbr.mp3", type: str = "audio/mpeg") -> Sound:
    data = file.read_bytes()
    return Sound(
        file=file, bytes=len(data), sha256=hashlib.sha256(data).hexdigest(), type=type,
        duration=timedelta(seconds=2),
    )  # fmt: skip


def sum_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """The folder that sources of pictures are in."""
    folder = tmp_path / "media"
    (folder / "samtal").mkdir(parents=True)
    (folder / "samtal/cover.png").write_bytes((MEDIA / "cover.png").read_bytes())
    (folder / "samtal/other.jpg").write_bytes((MEDIA / "cover.jpg").read_bytes())
    return folder


Make = Callable[..., Held]


@pytest.fixture
def make(place: HostPlace, pictures: Path) -> Make:
    """Makes an item, hidden."""

    def made(marker: Marker = MARKER, *, sound: Sound | None = None, **episode: Any) -> Held:
        host = place.host
        channel = host.make_channel(a_series(), None) if host.abilities.has_channels else None
        wanted = host.wanted(an_episode(**episode), a_series(), PAGE)
        return host.create(
            sound or a_sound(), marker, wanted, channel, pictures, lambda sent, all: None
        )

    return made


def again(place: HostPlace, held: Held) -> Held:
    found = place.host.get(held.remote)
    assert found is not None
    return found


def ready(place: HostPlace, held: Held, looks: int = 20) -> Held:
    """An item when the host is done with it."""
    for _ in range(looks):
        held = again(place, held)
        if held.state is not State.PROCESSING:
            return held
    raise AssertionError("it is never ready")


def test_an_account_says_who_it_is(place: HostPlace) -> None:
    account = place.host.account()
    assert account.id
    assert account.name
    assert place.open().account().id == account.id


def test_an_empty_account_has_no_items(place: HostPlace) -> None:
    assert list(place.host.items()) == []
    assert place.host.find(MARKER, place.since()) == []


def test_a_new_item_is_hidden(place: HostPlace, make: Make) -> None:
    held = make()
    assert not held.public
    assert not again(place, held).public
    assert place.sums() == [MARKER.sha256]


def test_a_new_item_carries_the_marker(place: HostPlace, make: Make) -> None:
    held = make()
    for one in (held, again(place, held), *place.host.items()):
        assert one.remote == held.remote
        assert one.marker is not None
        assert one.marker.key == MARKER.key
        assert one.marker.is_of(MARKER.sha256)


def test_a_faithful_host_says_what_was_wanted(place: HostPlace, make: Make) -> None:
    held = ready(place, make())
    wanted = place.host.wanted(an_episode(), a_series(), PAGE).fields
    assert held.title == "Ett samtal"
    told = held.fields.keys() & wanted.keys() - {"artwork"}
    assert {"title", "description"} <= told
    assert {name: held.fields[name] for name in told} == {name: wanted[name] for name in told}


def test_an_item_is_revealed_when_it_is_ready(place: HostPlace, make: Make) -> None:
    shown = place.host.reveal(ready(place, make()))
    assert shown.public
    assert shown.state is State.READY
    assert again(place, shown) == shown


def test_lists_and_single_looks_say_the_same(place: HostPlace, make: Make) -> None:
    shown = place.host.reveal(ready(place, make()))
    assert list(place.host.items()) == [again(place, shown)]


def test_a_slow_host_is_done_in_the_end(place: HostPlace, make: Make) -> None:
    place.slow(3)
    held = make()
    assert held.state is State.PROCESSING
    assert again(place, held).state is State.PROCESSING
    assert ready(place, held).state is State.READY


def test_a_recording_that_cannot_be_processed_is_told_late(place: HostPlace, make: Make) -> None:
    place.fail()
    held = make()
    assert ready(place, held).state is State.FAILED
    assert not again(place, held).public


def test_a_title_is_changed(place: HostPlace, make: Make, pictures: Path) -> None:
    shown = place.host.reveal(ready(place, make()))
    changed = place.host.update(shown, {"title": "Ett annat samtal"}, MARKER, pictures)
    assert changed.title == changed.fields["title"] == "Ett annat samtal"
    assert changed == replace(
        shown, title=changed.title, fields={**shown.fields, "title": changed.title}
    )
    assert again(place, changed) == changed


def test_every_field_that_can_be_changed_is(place: HostPlace, make: Make, pictures: Path) -> None:
    shown = place.host.reveal(ready(place, make()))
    other = an_episode(
        title="Ett helt annat", notes="<ul><li>ett</li><li>två</li></ul>", tags=("skola",),
        date=datetime(2024, 12, 24, 15, tzinfo=UTC), image="samtal/other.jpg",
    )  # fmt: skip
    wanted = place.host.wanted(other, a_series(language="en"), PAGE).fields
    fields = {name: wanted[name] for name in wanted if name in place.host.abilities.changes}
    changed = place.host.update(shown, fields, MARKER, pictures)
    told = changed.fields.keys() & fields.keys() - {"artwork"}
    assert {name: changed.fields[name] for name in told} == {name: fields[name] for name in told}
    assert changed.public
    assert changed.marker == shown.marker


def test_a_picture_is_told_by_its_sum_or_by_a_name_that_stays_or_not_at_all(
    place: HostPlace, make: Make, pictures: Path
) -> None:
    held = ready(place, make())
    told = held.fields.get("artwork")
    again = place.host.get(held.remote)
    assert again is not None
    assert again.fields.get("artwork") == told
    if "artwork" in place.host.abilities.changes:
        fields = {"artwork": "samtal/other.jpg"}
        changed = place.host.update(held, fields, MARKER, pictures)
        assert told is None or changed.fields.get("artwork") != told
        assert changed.marker == held.marker


def test_a_hidden_item_stays_hidden_when_it_is_changed(
    place: HostPlace, make: Make, pictures: Path
) -> None:
    held = ready(place, make())
    changed = place.host.update(held, {"title": "Ett annat"}, MARKER, pictures)
    assert (changed.title, changed.public) == ("Ett annat", False)


def test_an_item_is_found_by_its_marker(place: HostPlace, make: Make) -> None:
    held, other = make(), make(Marker(key_of("other"), MARKER.sha256), slug="tva")
    assert [one.remote for one in place.host.find(MARKER, place.since())] == [held.remote]
    place.host.reveal(ready(place, other))
    found = place.open().find(Marker(key_of("other")), place.since())
    assert [one.remote for one in found] == [other.remote]


def test_the_same_recording_again_is_another_item(place: HostPlace, make: Make) -> None:
    first, second = make(), make()
    found = {one.remote for one in place.host.find(MARKER, place.since())}
    assert found == {first.remote, second.remote}


def test_what_others_made_is_not_ours(place: HostPlace, make: Make) -> None:
    remote = place.foreign("Höstmöte")
    make()
    (theirs,) = [one for one in place.host.items() if one.remote == remote]
    assert theirs.marker is None
    assert theirs.title == "Höstmöte"
    assert remote not in {one.remote for one in place.host.find(MARKER, place.since())}


def test_our_marker_is_planted_later(place: HostPlace, pictures: Path) -> None:
    if not place.host.abilities.marks_later:
        pytest.skip("this host cannot")
    theirs = place.host.get(place.foreign("Höstmöte"))
    assert theirs is not None
    marked = place.host.update(theirs, {}, Marker(MARKER.key), pictures)
    assert marked.marker == Marker(MARKER.key)
    assert marked == replace(theirs, marker=marked.marker)


def test_what_is_not_there_is_nothing(place: HostPlace, make: Make) -> None:
    held = make()
    place.host.delete(held.remote)
    assert place.host.get(held.remote) is None
    assert list(place.host.items()) == []


def test_removing_twice_is_no_error(place: HostPlace, make: Make) -> None:
    held = place.host.reveal(ready(place, make()))
    place.host.delete(held.remote)
    place.host.delete(held.remote)
    assert place.sums() == []


def test_many_items_are_listed_once_each(place: HostPlace, make: Make) -> None:
    made = [make(Marker(key_of(str(number))), slug=f"nr-{number}") for number in range(7)]
    listed = [one.remote for one in place.host.items()]
    assert sorted(listed) == sorted(one.remote for one in made)


@pytest.mark.parametrize("fault", ["502 after", "504 after", "reset after"])
def test_an_unclear_end_is_told_and_what_was_made_is_found(
    fault: str, place: HostPlace, make: Make
) -> None:
    place.host.account()
    place.double.fault(fault, method="POST", path=place.makes)
    with pytest.raises(UnknownOutcomeError):
        make()
    assert place.sums() == [MARKER.sha256]
    (found,) = place.host.find(MARKER, place.since())
    assert not found.public


@pytest.mark.parametrize("fault", ["502 before", "reset before", "500 json"])
def test_an_unclear_end_is_told_and_nothing_is_sent_again(
    fault: str, place: HostPlace, make: Make
) -> None:
    place.host.account()
    place.double.fault(fault, method="POST", path=place.makes)
    with pytest.raises(UnknownOutcomeError):
        make()
    assert len(place.double.asked("POST", place.makes)) == 1
    assert place.sums() == []
    assert place.host.find(MARKER, place.since()) == []


@pytest.mark.parametrize("fault", ["502 before", "reset before", "reset after", "500 json"])
def test_what_only_reads_is_asked_again(fault: str, place: HostPlace, make: Make) -> None:
    held = make()
    place.double.fault(fault, method="GET")
    assert again(place, held).remote == held.remote
    place.double.fault(fault, method="GET")
    assert [one.remote for one in place.host.items()] == [held.remote]


@pytest.mark.parametrize("fault", ["502 before", "reset before", "403 html", "404 html"])
def test_a_host_that_stays_down_ends_the_run(fault: str, place: HostPlace, make: Make) -> None:
    held = make()
    place.double.fault(fault, method="GET", times=9)
    with pytest.raises(HostDownError):
        place.host.get(held.remote)


@pytest.mark.parametrize("fault", ["200 html", "cut off"])
def test_an_answer_that_makes_no_sense_is_no_item(fault: str, place: HostPlace, make: Make) -> None:
    held = make()
    place.double.fault(fault, method="GET", times=9)
    with pytest.raises(HostError):
        place.host.get(held.remote)
    with pytest.raises(HostError):
        list(place.host.items())


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH", "DELETE"])
def test_a_page_instead_of_an_answer_is_no_success(
    method: str, place: HostPlace, make: Make, pictures: Path
) -> None:
    """Some gates let nobody through and say 200."""
    held = ready(place, make())
    place.double.fault("200 html", method=method, times=99)
    for change in (
        lambda: place.host.update(held, {"title": "Nytt"}, MARKER, pictures),
        lambda: place.host.reveal(held),
        lambda: place.host.delete(held.remote),
    ):
        if asks_by(place, method, change):
            with pytest.raises(HostError):
                change()


def asks_by(place: HostPlace, method: str, change: Callable[[], object]) -> bool:
    """Is a change asked for by such a request? It fails, so nothing is changed."""
    place.double.requests.clear()
    with suppress(HostError):
        change()
    return bool(place.double.asked(method))


@pytest.mark.parametrize("after", ["5", None])
def test_a_pause_is_kept_and_the_upload_sent_once(
    after: str | None, place: HostPlace, make: Make
) -> None:
    headers = {} if after is None else {"Retry-After": after}
    place.double.fault("429", method="POST", path=place.makes, headers=headers)
    make()
    assert place.sums() == [MARKER.sha256]
    assert place.waits == [5.0 if after else 30.0]


def test_pauses_of_untold_length_grow_until_it_is_enough(place: HostPlace, make: Make) -> None:
    place.double.fault("429", method="POST", path=place.makes, times=99)
    with pytest.raises(HostDownError):
        make()
    assert place.waits == [30.0, 60.0, 120.0, 240.0]
    assert place.sums() == []


def test_a_host_that_falls_silent_is_unclear(
    place: HostPlace, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.host.account()
    monkeypatch.setattr(api, "_TIMEOUT", (15, 0.2))
    place.double.fault("slow", method="POST", path=place.makes, delay=60)
    with pytest.raises(UnknownOutcomeError):
        make()
    assert len(place.double.asked("POST", place.makes)) == 1


@pytest.mark.parametrize("seconds", ["90000", "9" * 400])
def test_a_pause_that_is_too_long_ends_the_run(seconds: str, place: HostPlace, make: Make) -> None:
    place.double.fault("429", method="POST", path=place.makes, headers={"Retry-After": seconds})
    with pytest.raises(HostDownError):
        make()
    assert place.sums() == []


@pytest.mark.parametrize("type", [JSON, HTML])
def test_a_redirect_is_told_and_not_followed(type: str, place: HostPlace, make: Make) -> None:
    with answering(200, b"{}", {"Content-Type": "application/json"}) as (port, asked):
        elsewhere = {"Location": f"http://127.0.0.1:{port}/"}
        place.double.fault("200 html", status=302, type=type, body="<p>", headers=elsewhere)
        with pytest.raises(HostDownError, match="another address"):
            place.host.account()
        place.double.fault("200 html", method="POST", status=307, type=type, headers=elsewhere)
        with pytest.raises(HostDownError, match="another address"):
            make()
        assert asked == []


def test_a_login_that_has_ended_is_told(place: HostPlace) -> None:
    place.host.account()
    place.shut()
    with pytest.raises(AccessError):
        place.host.account()
    with pytest.raises(AccessError):
        list(place.host.items())


def test_a_file_that_is_gone_was_not_sent(place: HostPlace, make: Make, tmp_path: Path) -> None:
    gone = replace(a_sound(), file=tmp_path / "gone.mp3")
    with pytest.raises(HostError) as told:
        make(sound=gone)
    assert not isinstance(told.value, UnknownOutcomeError)
    assert place.sums() == []


def test_no_secret_is_told(place: HostPlace, make: Make) -> None:
    """Not even when the host says it itself."""
    place.host.account()
    token = place.double.requests[-1].authorization.partition(" ")[2]
    body = f'{{"message": "bad token {token}", "detail": "bad token {token}"}}'
    place.double.fault("500 json", status=400, body=body, times=2)
    with pytest.raises(HostError) as told:
        make()
    assert token not in f"{told.value} {told.value.params} {told.value.mend}"
