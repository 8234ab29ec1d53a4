"""Funkwhale, line by line of what is known of it: each trap is a test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from feedtool.errors import AccessError, FeedtoolError
from feedtool.model import Category, Episode, License, Number, Owner, Series
from feedtool.read.objects import HostKeys
from feedtool.sync import funkwhale_fields as fields_there
from feedtool.sync.api import Api
from feedtool.sync.funkwhale import Funkwhale, open_host
from feedtool.sync.host import (
    Held,
    Host,
    HostDownError,
    HostError,
    Marker,
    Sound,
    State,
    UnknownOutcomeError,
    Wanted,
    key_of,
)
from feedtool.sync.record import marks

from .host_contract import *  # noqa: F403
from .host_contract import HostPlace
from .hosts.double import Boundary
from .hosts.forms import Upload as Sent
from .hosts.funkwhale_double import API, FunkwhaleDouble
from .hosts.funkwhale_store import Upload
from .servers import library

library("requests_toolbelt", 'pip install "feedtool[hosts]"')

# a draft is not looked at before it is revealed: see the tests below
del test_a_slow_host_is_done_in_the_end  # noqa: F821
del test_a_recording_that_cannot_be_processed_is_told_late  # noqa: F821

MEDIA = Path(__file__).parent / "media"
PAGE = "https://podd.example/samtal/ett/"
SERIES = Series(
    slug="samtal-i-nordvik", title="Samtal", description="Samtal i Nordvik.", language="sv-SE",
    guid="9b024349-ccf0-5f69-a609-6b82873eab3c", copyright="Nordviks kommun",
    owner=Owner("Nordvik", "podd@nordvik.example"), categories=(Category("Government"),),
)  # fmt: skip
EPISODE = Episode(
    series="samtal-i-nordvik", slug="ett", guid="5f3c", title="Ett samtal",
    media="samtal-i-nordvik/ett.mp3", date=datetime(2025, 3, 1, 9, tzinfo=UTC),
    notes="<p>Om ett samtal.</p>", tags=("kommun", "Öppna data"), number=Number("7"),
)  # fmt: skip
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Token:
    """What opens the double; `fresh` are the tokens that a renewal gives."""

    def __init__(self, value: str, *fresh: str) -> None:
        self.value, self.fresh = value, list(fresh)

    def header(self) -> str:
        return f"Bearer {self.value}"

    def renew(self) -> bool:
        if not self.fresh:
            return False
        self.value = self.fresh.pop(0)
        return True


@pytest.fixture
def double(tmp_path: Path) -> Iterator[FunkwhaleDouble]:
    made = FunkwhaleDouble(tmp_path / "double")
    with made.serving():
        yield made


class Place(HostPlace):
    """An account, and the ways of a run to it."""

    double: FunkwhaleDouble

    @property
    def host(self) -> Funkwhale:
        found = super().host
        assert isinstance(found, Funkwhale)
        return found

    def named(self, channels: dict[str, str]) -> Funkwhale:
        """A run with other names of channels."""
        return a_host(self.double, self.waits, channels)

    def with_token(self, token: Token) -> Funkwhale:
        return Funkwhale(Api(self.double.url, token, "podden", self.waits.append), {})

    def channel(self, series: Series = SERIES) -> str:
        return self.host.channel(series) or self.host.make_channel(series, None)

    def create(self, episode: Episode = EPISODE, file: Path = MEDIA / "cbr.mp3") -> Held:
        wanted = self.host.wanted(episode, SERIES, PAGE)
        return self.host.create(
            sound_of(file), a_marker(episode, file), wanted, self.channel(), MEDIA, ignored
        )

    def publish(self, episode: Episode = EPISODE) -> Held:
        return self.host.reveal(self.create(episode))

    def only(self) -> Upload:
        (one,) = self.double.uploads.values()
        return one


def a_host(
    double: FunkwhaleDouble, waits: list[float], channels: dict[str, str] | None = None
) -> Funkwhale:
    token = Token(double.grant().access)
    keys = HostKeys(kind="funkwhale", url=double.url, channels=channels or {})
    return open_host(Api(double.url, token, "podden", waits.append), keys)


@pytest.fixture
def place(double: FunkwhaleDouble) -> Iterator[Place]:
    waits: list[float] = []

    def somebody_makes(title: str) -> str:
        return double.make(double.make_channel("host").uuid, title=title).uuid

    made = Place(
        double=double,
        open=lambda: a_host(double, waits),
        foreign=somebody_makes,
        sums=lambda: [one.sound.sha256 for one in double.uploads.values() if one.sound],
        shut=double.sign_in.revoke,
        makes=f"{API}/uploads/$",
        slow=lambda looks: setattr(double, "processing", looks),
        fail=lambda: setattr(double, "fail_next", 1),
        waits=waits,
    )
    yield made
    made.host.close()


def ignored(done: int, all: int) -> None:
    """Progress that nobody looks at."""


def sound_of(file: Path = MEDIA / "cbr.mp3", type: str = "audio/mpeg") -> Sound:
    data = file.read_bytes()
    return Sound(
        file=file, bytes=len(data), sha256=sha256(data).hexdigest(), type=type,
        duration=timedelta(seconds=1),
    )  # fmt: skip


def a_marker(episode: Episode = EPISODE, file: Path = MEDIA / "cbr.mp3") -> Marker:
    return Marker(key_of(episode.guid), sha256(file.read_bytes()).hexdigest())


def said(error: pytest.ExceptionInfo[FeedtoolError]) -> str:
    return f"{error.value}; {error.value.mend.format(**error.value.params)}"


def test_a_draft_is_imported_when_it_is_revealed(place: Place) -> None:
    place.slow(3)
    held = place.create()
    assert held.state is State.READY
    assert place.host.reveal(held).public


def test_it_is_a_host(place: Place) -> None:
    host: Host = place.host
    assert host.abilities.has_channels


# --- signing in -----------------------------------------------------------------------------------


def test_account_tells_who_and_how_much_room(place: Place) -> None:
    place.double.users["nordvik"].megabytes = 12.5
    account = place.host.account()
    assert (account.id, account.name) == ("7", "nordvik@pod.example")
    assert account.bytes_left == 12_500_000
    assert place.double.asked("GET", f"{API}/users/me$")


def test_a_token_that_ended_is_renewed_once(place: Place) -> None:
    host = place.with_token(Token("old", place.double.grant().access))
    assert host.account().id == "7"


def test_without_a_right_token_nothing_opens(place: Place) -> None:
    with pytest.raises(AccessError) as error:
        place.with_token(Token("wrong")).account()
    assert "feedtool login podden" in said(error)
    assert "wrong" not in said(error)


def test_an_address_without_funkwhale_is_told(place: Place) -> None:
    api = Api(f"{place.double.url}/elsewhere", Token("x"), "podden", place.waits.append)
    with pytest.raises(HostDownError, match="no Funkwhale"):
        Funkwhale(api, {}).account()


def test_the_address_may_be_that_of_its_api(place: Place) -> None:
    token = Token(place.double.grant().access)
    host = Funkwhale(Api(f"{place.double.url}{API}", token, "podden", place.waits.append), {})
    assert host.account().id == "7"


def test_a_token_without_the_right_to_edit_is_told(place: Place) -> None:
    held = place.publish()
    place.double.users["nordvik"].may_edit = False
    with pytest.raises(AccessError) as error:
        place.host.update(held, {"title": "Annat"}, a_marker(), MEDIA)
    assert "with all rights" in said(error)


# --- channels -------------------------------------------------------------------------------------


def test_a_series_has_a_channel(place: Place) -> None:
    assert place.host.channel(SERIES) is None
    uuid = place.host.make_channel(SERIES, MEDIA / "cover.png")
    assert place.host.channel(SERIES) == uuid
    (channel,) = place.double.channels.values()
    assert channel.username == "samtal_i_nordvik"  # - may not stand in it
    assert channel.said["cover"] in place.double.attachments
    assert channel.said["metadata"] == {
        "itunes_category": "Government", "itunes_subcategory": None, "language": "sv",
        "explicit": False, "owner_name": "Nordvik", "owner_email": "podd@nordvik.example",
        "copyright": "Nordviks kommun",
    }  # fmt: skip


def test_the_channel_of_an_earlier_run_is_taken(place: Place) -> None:
    uuid = place.channel()
    assert place.open().make_channel(SERIES, None) == uuid
    assert len(place.double.channels) == 1


def test_a_channel_of_somebody_else_is_not_taken(place: Place) -> None:
    place.double.make_channel("SAMTAL_I_NORDVIK", owner="somebody")
    with pytest.raises(HostError) as error:
        place.channel()
    assert "already taken" in said(error)
    assert "channels:" in said(error)
    named = place.named({"samtal-i-nordvik": "nordvik_pod"})
    named.make_channel(SERIES, None)
    assert [one.username for one in place.double.channels.values()][-1] == "nordvik_pod"


@pytest.mark.parametrize(
    "named", [{"webb": "samtal_i_nordvik"}, {"samtal-i-nordvik": "Gemensam", "webb": "gemensam"}]
)
def test_two_series_have_no_channel_in_common(place: Place, named: dict[str, str]) -> None:
    place.double.make_channel("samtal_i_nordvik")
    place.double.make_channel("gemensam")
    host = place.named(named)
    for asked in (host.channel, lambda series: host.make_channel(series, None)):
        with pytest.raises(HostError, match="samtal-i-nordvik and webb would have one") as error:
            asked(SERIES)
        assert "channels:" in said(error)


def test_an_item_knows_the_series_of_a_named_channel(place: Place) -> None:
    place._host = place.named({"samtal-i-nordvik": "nordvik_pod"})
    place.publish()
    assert [one.channel for one in place.host.items()] == ["samtal-i-nordvik"]


@pytest.mark.parametrize("fault", ["502 before", "502 after", "reset before", "reset after"])
def test_a_channel_of_unclear_outcome_is_looked_for(place: Place, fault: str) -> None:
    place.double.fault(fault, method="POST", path=f"{API}/channels/")
    try:
        uuid = place.host.make_channel(SERIES, None)
    except UnknownOutcomeError:
        uuid = place.host.make_channel(SERIES, None)
    assert [*place.double.channels] == [uuid]


def test_a_channel_needs_a_category(place: Place) -> None:
    with pytest.raises(HostError) as error:
        place.channel(replace(SERIES, categories=()))
    assert "series.yaml" in said(error)


def test_refusals_are_told_in_its_words(place: Place) -> None:
    place.double.most_channels = 0
    with pytest.raises(HostError, match="maximum amount of allowed channels"):
        place.channel()
    place.double.most_channels = 20
    with pytest.raises(HostError, match='language: "smj" is not a valid choice'):
        place.channel(replace(SERIES, language="smj"))


# --- uploads --------------------------------------------------------------------------------------


def test_an_upload_is_a_draft_until_it_is_revealed(place: Place) -> None:
    held = place.create()
    assert (held.state, held.public, held.marker) == (
        State.READY, False, Marker(key_of("5f3c"), a_marker().sha256[:16]),
    )  # fmt: skip
    assert place.only().status == "draft"
    revealed = place.host.reveal(held)
    assert (revealed.state, revealed.public) == (State.READY, True)
    assert revealed.guids == (held.remote,)
    assert revealed.url == f"{place.double.url}/library/tracks/{place.only().track.number}"  # type: ignore[union-attr]


def test_what_is_sent_is_what_the_documents_say(place: Place) -> None:
    place.create(file=MEDIA / "cbr.mp3")
    (request,) = place.double.asked("POST", f"{API}/uploads/$")
    sound = request.form["audio_file"]
    assert isinstance(sound, Sent)
    assert (sound.name, sound.type) == ("episode.mp3", "audio/mpeg")
    assert sound.sha256 == sound_of().sha256
    fields = {name: value for name, value in request.form.items() if isinstance(value, str)}
    metadata = json.loads(fields.pop("import_metadata"))
    assert fields == {
        "channel": place.channel(), "import_status": "draft", "source": "upload://episode.mp3",
        "import_reference": f"feedtool:{key_of('5f3c')}:{sound_of().sha256[:16]}",
    }  # fmt: skip
    assert metadata == {
        "title": "Ett samtal", "position": 7, "tags": ["kommun", "öppna_data"],
        "copyright": "Nordviks kommun",
        "description": f"Om ett samtal.\n\nTextversion och länkar: {PAGE}",
    }  # fmt: skip


def test_the_reference_fits_into_its_field() -> None:
    reference = fields_there.reference_of(a_marker())
    assert len(reference) == 50
    marker = fields_there.marker_of(reference)
    assert marker is not None
    assert marker.is_of(sound_of().sha256)


@pytest.mark.parametrize("reference", ["", None, "feedtool:", "feedtool:x", "9d2c1b7e", 7])
def test_other_references_are_no_markers(reference: object) -> None:
    assert fields_there.marker_of(reference) is None


def test_what_was_wanted_is_what_is_held(place: Place) -> None:
    licensed = replace(
        EPISODE, license=License("CC-BY-4.0"), image="cover.png",
        notes="<p>Första raden<br>andra *raden*</p><ul><li>ett_två</li><li>1. tre</li></ul>",
    )  # fmt: skip
    wanted = place.host.wanted(licensed, SERIES, PAGE).fields
    created = place.create(licensed)
    revealed = place.host.reveal(created)
    for held in (created, place.host.get(created.remote), revealed, next(place.host.items())):
        assert held is not None
        same = {name: value for name, value in held.fields.items() if name != "artwork"}
        assert same == {name: value for name, value in wanted.items() if name != "artwork"}
        assert held.fields["artwork"] in place.double.attachments


def test_the_picture_is_sent_just_before_its_use(place: Place) -> None:
    place.channel()
    place.create(replace(EPISODE, image="cover.png"))
    paths = [one.path.removeprefix(API) for one in place.double.requests if one.method == "POST"]
    assert paths == ["/channels/", "/attachments/", "/uploads/"]


def test_a_draft_that_waited_too_long_goes_without_its_picture(place: Place) -> None:
    held = place.create(replace(EPISODE, image="cover.png"))
    place.double.advance(90_000)  # a draft does not keep what it names
    place.double.open_to_all = True
    place._host = place.open()
    revealed = place.host.reveal(held)
    assert (revealed.public, revealed.fields["artwork"]) == (True, None)
    ((template, params),) = place.host.warnings()
    assert template.format(**params) == (
        'podden removed the picture of "Ett samtal" before it was published'
    )


def test_a_new_server_learns_licences_before_one_is_used(place: Place) -> None:
    assert not place.double.licenses_known
    held = place.publish(replace(EPISODE, license=License("CC-BY-NC-ND-4.0")))
    assert held.fields["license"] == "cc-by-nc-nd-4.0"


def test_the_quota_ends_the_run(place: Place) -> None:
    place.channel()
    place.double.users["nordvik"].megabytes = 0.001
    with pytest.raises(HostDownError, match="no room left"):
        place.create()


def test_text_is_taken_with_201_and_fails_later(place: Place, tmp_path: Path) -> None:
    text = tmp_path / "episode.mp3"
    text.write_text("Inget ljud.")
    held = place.create(file=text)
    assert held.state is State.READY
    with pytest.raises(HostError, match="unknown_error: cannot read the file"):
        place.host.reveal(held)
    (failed,) = place.host.items()
    assert (failed.state, failed.public) == (State.FAILED, False)
    assert failed.why == "unknown_error: cannot read the file"
    place.host.delete(held.remote)  # it would go on using room
    assert not place.double.uploads


def test_the_worker_is_waited_for(place: Place) -> None:
    place.double.processing = 6
    assert place.publish().public
    assert len(place.waits) >= 4


def test_a_worker_that_sleeps_is_no_error(place: Place) -> None:
    place.double.processing = 10**6
    held = place.publish()
    assert (held.state, held.public) == (State.PROCESSING, False)
    assert 200 <= sum(place.waits) <= 600
    place.double.finish()
    revealed = place.host.reveal(held)
    assert revealed.public


def test_one_that_is_not_finished_has_no_address_of_its_own(place: Place) -> None:
    held = place.create()
    other = place.open()  # knows no reference of it
    found = other.get(held.remote)
    assert found is not None
    assert (found.remote, found.public) == (held.remote, False)
    assert other.get("0b0c9b0e-6a53-4f6d-8b2a-0d8b6b9c1f11") is None


def test_finished_ones_are_hidden_without_asking_for_channels(place: Place) -> None:
    held = place.publish()
    place.host.get(held.remote)
    place.host.find(a_marker(), LONG_AGO)
    place.host.delete(held.remote)
    asked = place.double.asked("", f"{API}/uploads/")
    assert [
        one for one in asked if one.method != "POST" and one.query["include_channels"] != "true"
    ] == []
    assert place.host.get(held.remote) is None
    place.host.delete(held.remote)  # gone already


def test_a_page_of_html_with_404_does_not_say_that_one_is_gone(place: Place) -> None:
    held = place.publish()
    for path in (f"{API}/uploads/", f"{API}/tracks/"):
        place.double.fault("404 html", path=path, times=9)
        with pytest.raises(HostDownError):
            place.open().get(held.remote)
        place.double.faults.clear()
    place.double.fault("404 html", method="DELETE")
    with pytest.raises(HostDownError):
        place.host.delete(held.remote)
    assert place.only().public


def test_the_slashes_are_as_written(place: Place) -> None:
    place.publish(replace(EPISODE, image="cover.png", license=License("CC-BY-4.0")))
    (held,) = place.host.items()
    place.host.update(held, {"title": "Annat"}, a_marker(), MEDIA)
    place.host.account()
    place.host.warnings()
    assert not [one for one in place.double.requests if one.status in (301, 404)]


def test_the_same_bytes_twice_are_two_items(place: Place) -> None:
    place.publish()
    second = place.publish()
    assert second.public
    assert len(place.host.find(a_marker(), LONG_AGO)) == 2


def test_title_and_number_of_another_are_told(place: Place) -> None:
    place.double.one_track_per_title = True
    place.publish()
    with pytest.raises(HostError) as error:
        place.publish(replace(EPISODE, guid="other"))
    assert "same title and number" in said(error)
    skipped = [one for one in place.host.items() if one.state is State.FAILED]
    assert [one.why for one in skipped] == ["already_imported_in_owned_libraries"]


def test_an_earlier_track_with_this_title_does_not_keep_its_description(place: Place) -> None:
    place.double.one_track_per_title = True
    old = place.publish(replace(EPISODE, notes="<p>Gammalt.</p>", tags=("Gammalt",)))
    place.host.delete(old.remote)
    new = place.publish()
    assert str(new.fields["description"]).startswith("Om ett samtal.")
    assert new.fields["tags"] == ("kommun", "öppna_data")


def test_what_a_new_item_cannot_be_made_to_say_is_a_warning(place: Place) -> None:
    place.double.one_track_per_title = place.double.open_to_all = True
    place.host.delete(place.publish(replace(EPISODE, notes="<p>Gammalt.</p>")).remote)
    place.double.users["nordvik"].may_edit = False
    assert place.publish().public
    ((template, params),) = place.host.warnings()
    assert template.format(**params) == (
        'podden did not take all of "Ett samtal" as it was sent: description'
    )


@pytest.mark.parametrize("fault", ["502 after", "504 after", "reset after", "200 html"])
def test_an_upload_of_unclear_outcome_is_found_by_its_reference(place: Place, fault: str) -> None:
    place.channel()
    before = place.double.now() - timedelta(seconds=1)
    place.double.fault(fault, made=True, method="POST", path=f"{API}/uploads/$")
    with pytest.raises(UnknownOutcomeError):
        place.create()
    (found,) = place.host.find(a_marker(), before)
    assert place.host.reveal(found).public
    assert len(place.double.uploads) == 1


@pytest.mark.parametrize("fault", ["502 before", "reset before"])
def test_an_upload_that_never_was_is_not_found(place: Place, fault: str) -> None:
    place.channel()
    place.double.fault(fault, method="POST", path=f"{API}/uploads/$")
    with pytest.raises(UnknownOutcomeError):
        place.create()
    assert place.host.find(a_marker(), LONG_AGO) == []


def test_an_upload_is_never_sent_twice(place: Place) -> None:
    place.channel()
    place.double.fault("502 after", method="POST", path=f"{API}/uploads/$", times=5)
    with pytest.raises(UnknownOutcomeError):
        place.create()
    assert len(place.double.uploads) == 1


@pytest.mark.parametrize("waiting", [{}, {"Retry-After": "7"}], ids=["unsaid", "said"])
def test_too_many_requests_are_waited_for(place: Place, waiting: dict[str, str]) -> None:
    place.channel()
    place.double.fault("429", method="POST", path=f"{API}/uploads/$", headers=waiting)
    assert place.create().remote
    assert place.waits == [7.0 if waiting else 30.0]


def test_a_page_of_html_instead_of_an_answer_is_told(place: Place) -> None:
    place.double.fault("403 html", path=f"{API}/channels/")
    with pytest.raises(HostDownError, match=r"fails or is blocked \(403\)"):
        place.channel()


def test_a_recording_too_large_for_its_server_is_told(place: Place) -> None:
    place.channel()
    place.double.fault("403 html", status=413, method="POST", path=f"{API}/uploads/$")
    with pytest.raises(HostError, match="takes no recording of this size"):
        place.create()


# --- finding --------------------------------------------------------------------------------------


def test_find_asks_for_what_was_made_since(place: Place) -> None:
    place.create()
    for passed, found in ((0, 1), (11 * 60, 1), (120, 0)):  # clocks may differ by ten minutes
        place.double.advance(passed)
        since = place.double.now() - timedelta(minutes=2)
        assert len(place.host.find(Marker(key_of("5f3c"), "0" * 64), since)) == found


def test_the_same_recording_is_found_whatever_the_clock_of_the_host_says(place: Place) -> None:
    place.double.advance(-86400)
    held = place.create()
    assert [one.remote for one in place.host.find(a_marker(), datetime.now(UTC))] == [held.remote]


def test_find_sees_another_recording_of_the_episode(place: Place) -> None:
    held = place.create()
    for sum in ("", "0" * 64):
        assert [one.remote for one in place.host.find(Marker(key_of("5f3c"), sum), LONG_AGO)] == [
            held.remote
        ]
    assert place.host.find(Marker(key_of("other"), ""), LONG_AGO) == []


def test_items_are_all_of_any_state_each_once(place: Place) -> None:
    channel = place.channel()
    for status in ("draft", "pending", "finished", "finished"):
        place.double.make(channel, status)
    place.double.processing = 10**6
    other = place.double.make_channel("music")
    place.double.make(other.uuid)
    foreign = place.double.make_channel("theirs", owner="somebody")
    place.double.make(foreign.uuid)
    held = [*place.host.items()]
    assert len({one.remote for one in held}) == len(held) == 5
    assert {one.channel for one in held} == {"samtal-i-nordvik", "music"}
    assert not [one for one in held if one.marker]


def test_lists_are_read_to_their_end(place: Place) -> None:
    channel = place.channel()
    for number in range(120):
        place.double.make(channel, title=f"Avsnitt {number}")
    assert len([*place.host.items()]) == 120
    pages = place.double.asked("GET", f"{API}/uploads/$")
    assert [one.query.get("page", "1") for one in pages] == ["1", "2", "3"]
    assert not place.double.asked("GET", f"{API}/tracks/")  # too many to ask each


def test_what_a_long_list_does_not_tell_is_not_taken_for_nothing(place: Place) -> None:
    channel = place.channel()
    for number in range(120):
        place.double.make(channel, title=f"Avsnitt {number}", tags=["a"], description="Mer.")
    assert not {name for one in place.host.items() for name in one.fields} & {"description", "tags"}
    held = place.host.get(next(place.host.items()).remote)
    assert held is not None
    assert (held.fields["tags"], held.fields["description"]) == (("a",), "Mer.")


def test_pages_are_asked_at_our_address_wherever_the_server_believes_it_is(place: Place) -> None:
    place.double.elsewhere = "http://inside.example"
    channel = place.channel()
    for _ in range(60):
        place.double.make(channel)
    assert len([*place.host.items()]) == 60


@pytest.mark.parametrize("gone", [0, 49])
def test_one_that_goes_while_a_list_is_read_hides_no_other(place: Place, gone: int) -> None:
    channel = place.channel()
    made = [place.double.make(channel, title=f"Avsnitt {number}").uuid for number in range(120)]

    def shift(page: int) -> None:
        if page == 2:
            place.double.uploads.pop(made[119 - gone], None)

    place.double.before_page = shift
    found = {one.remote for one in place.host.items()}
    assert found >= set(made) - {made[119 - gone]}


def test_one_that_comes_while_a_list_is_read_is_no_second_one(place: Place) -> None:
    channel = place.channel()
    made = [place.double.make(channel).uuid for _ in range(120)]
    new: list[str] = []

    def shift(page: int) -> None:
        if page == 2 and not new:
            new.append(place.double.make(channel).uuid)

    place.double.before_page = shift
    found = [one.remote for one in place.host.items()]
    assert sorted(found) == sorted([*made, *new])


def test_a_page_that_names_itself_ends_the_list(place: Place) -> None:
    page = {
        "count": 9,
        "next": f"{place.double.url}{API}/channels/?page=1",
        "results": [{"uuid": "a"}],
    }
    place.double.fault(
        "cut off", body=json.dumps(page), path=f"{API}/channels/", times=9, made=False
    )
    with pytest.raises(HostDownError, match="repeats the pages"):
        place.host.channel(SERIES)


def says(place: Place, path: str, said: object, method: str = "GET") -> None:
    """From now on an address answers so."""
    body = said if isinstance(said, str) else json.dumps(said)
    place.double.fault("cut off", body=body, method=method, path=f"{API}{path}", times=9)


def a_list(*rows: object, count: object = 1, next: object = None) -> dict[str, object]:
    return {"count": count, "next": next, "results": list(rows)}


STRANGE = {
    "no object": "[]",
    "no rows": {"count": 0},
    "rows that are no list": {"count": 1, "results": {"uuid": "a"}},
    "a row that is null": a_list(None),
    "a row that is a number": a_list(7),
    "a row without an id": a_list({"duration": 3}),
    "a row with half a character for an id": a_list({"uuid": "\ud800"}),
    "a row with a list for an id": a_list({"uuid": ["a"]}),
    "a count in words": a_list(count="many"),
    "a count that is none": a_list(count=float("nan")),
    "a next page that is a number": a_list({"uuid": "a"}, next=7),
    "a next page of half a character": a_list({"uuid": "a"}, next="?page=\ud800"),
}


@pytest.mark.parametrize("said", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("path", ["/channels/", "/uploads/"])
def test_what_is_no_list_is_told(path: str, said: object, place: Place) -> None:
    place.channel()
    says(place, path, said)
    with pytest.raises(HostDownError, match="something else than it should"):
        list(place.host.items())


ODD_ROW = {
    "uuid": "a", "import_status": "finished", "duration": 1e300, "creation_date": 5,
    "import_metadata": [1], "import_reference": "\ud800", "library": 7,
    "track": {
        "id": 1, "title": "\ud800", "tags": 5, "description": [], "position": "x", "cover": {},
    },
}  # fmt: skip


@pytest.mark.parametrize("duration", [1e300, float("nan"), float("inf"), -1, "long", [], True])
def test_odd_values_of_an_upload_are_nothing(duration: object, place: Place) -> None:
    place.channel()
    row = {**ODD_ROW, "duration": duration}
    says(place, "/uploads/$", a_list(row))
    says(place, "/uploads/a/", row)
    says(place, "/tracks/", ODD_ROW["track"])
    (held,) = place.host.items()
    assert (held.marker, held.created, held.fields["tags"]) == (None, None, ())
    assert held.duration in (None, timedelta(seconds=1))
    assert marks(held.fields)
    assert place.host.get("a") == replace(held, channel="")


@pytest.mark.parametrize("id", [None, {}, "\ud800"])
def test_a_track_without_an_id_is_told(id: object, place: Place) -> None:
    place.channel()
    says(place, "/uploads/", a_list({**ODD_ROW, "track": {"id": id}}))
    with pytest.raises(HostDownError, match="something else"):
        list(place.host.items())


@pytest.mark.parametrize("remaining", [float("nan"), float("inf"), float("-inf"), 1e300, "much"])
def test_odd_room_is_none_that_is_told(remaining: object, place: Place) -> None:
    says(place, "/users/me", {"id": 1, "quota_status": {"remaining": remaining}})
    assert place.host.account().bytes_left is None


def test_an_account_without_a_name_is_none(place: Place) -> None:
    says(place, "/users/me", "{}")
    with pytest.raises(HostDownError, match="who is signed in"):
        place.host.account()


@pytest.mark.parametrize("said", ["{}", '{"uuid": null}', "5", "[]"])
def test_an_upload_that_is_answered_strangely_may_be_there(said: str, place: Place) -> None:
    place.channel()
    says(place, "/uploads/", said, method="POST")
    with pytest.raises(UnknownOutcomeError):
        place.create()


@pytest.mark.parametrize("said", ["5", '["username"]', "null"])
def test_a_channel_that_is_refused_strangely_is_told(said: str, place: Place) -> None:
    place.double.fault("500 json", status=400, body=said, method="POST", path=f"{API}/channels/")
    with pytest.raises(HostError):
        place.channel()


def test_names_and_words_of_a_server_cannot_steer_the_terminal(place: Place) -> None:
    says(place, "/users/me", {"id": 1, "full_username": "podd\x1b[2J"})
    assert place.host.account().name == "podd\ufffd[2J"
    channel = place.channel()
    assert channel
    refused = {"status": 403, "body": json.dumps({"detail": "no\x1b[2J"})}
    place.double.fault("500 json", method="DELETE", **refused)
    with pytest.raises(AccessError) as error:
        place.host.delete("a")
    assert said(error).isprintable()


def test_words_that_are_nested_without_end_are_cut() -> None:
    deep: Any = "too deep"
    for _ in range(2000):
        deep = [deep]
    assert fields_there.words_of({"a": deep, "b": "taken"}) == "b: taken"


# --- changing -------------------------------------------------------------------------------------


def test_a_draft_is_changed_as_a_whole(place: Place) -> None:
    held = place.create(replace(EPISODE, image="cover.png"))
    changed = place.host.update(held, {"title": "Annat", "license": None}, a_marker(), MEDIA)
    assert changed.fields == {**held.fields, "title": "Annat"}
    assert place.only().metadata["cover"] == held.fields["artwork"]


def test_a_finished_one_is_changed_by_an_edit_that_is_waited_for(place: Place) -> None:
    place.double.editing = 9
    held = place.publish()
    new = replace(
        EPISODE, title="Ett längre samtal", notes="<p>Nytt.</p>", tags=("Kommun", "AI"),
        number=Number("8"), license=License("CC0-1.0"), image="cover.jpg",
    )  # fmt: skip
    wanted = place.host.wanted(new, SERIES, PAGE).fields
    changed = place.host.update(held, wanted, a_marker(), MEDIA)
    assert {**changed.fields, "artwork": ""} == {**wanted, "artwork": ""}
    assert changed.fields["artwork"] != held.fields["artwork"]
    assert not place.double.asked("PATCH")  # it is read only there
    assert len(place.waits) >= 3
    (edit,) = place.double.asked("POST", f"{API}/tracks/")
    assert (edit.json["type"], edit.json["is_approved"]) == ("update", True)
    assert edit.json["payload"]["description"]["content_type"] == "text/markdown"


@pytest.mark.parametrize("told", [True, False])
def test_an_edit_is_waited_for_whatever_the_server_makes_of_it(told: bool, place: Place) -> None:
    place.double.edits_told = told
    place.double.longest_title, place.double.editing = 8, 5
    held = place.publish()
    changed = place.host.update(held, {"title": "Ett längre samtal"}, a_marker(), MEDIA)
    assert changed.title == "Ett läng"


def test_an_edit_that_changes_nothing_there_ends(place: Place) -> None:
    place.double.longest_title = 8
    held = place.publish()
    held = place.host.update(held, {"title": "Ett längre samtal"}, a_marker(), MEDIA)
    assert place.host.update(held, {"title": "Ett längst"}, a_marker(), MEDIA) == held


@pytest.mark.parametrize("told", [True, False])
def test_an_edit_that_does_not_come_is_told(told: bool, place: Place) -> None:
    place.double.edits_told = told
    held = place.publish()
    place.double.editing = 10**6
    with pytest.raises(HostError, match="not made it yet"):
        place.host.update(held, {"title": "Annat"}, a_marker(), MEDIA)
    place.double.finish()
    assert next(place.host.items()).fields["title"] == "Annat"


def test_a_tag_that_others_wrote_in_capitals_is_not_lost(place: Place) -> None:
    place.double.spelled["ai"] = "AI"
    held = place.publish(replace(EPISODE, tags=("ai",)))
    changed = place.host.update(held, {"tags": ("ai", "kommun")}, a_marker(), MEDIA)
    assert changed.fields["tags"] == ("ai", "kommun")


def test_what_is_still_imported_cannot_be_changed(place: Place) -> None:
    place.double.processing = 10**6
    held = place.publish()
    with pytest.raises(HostError, match=r"not finished its import of the recording \(pending\)"):
        place.host.update(held, {"title": "Annat"}, a_marker(), MEDIA)


def test_what_is_gone_is_told(place: Place) -> None:
    held = place.publish()
    place.double.uploads.clear()
    with pytest.raises(HostError, match="no longer at podden"):
        place.host.update(held, {"title": "Annat"}, a_marker(), MEDIA)


def test_publishing_again_changes_nothing(place: Place) -> None:
    held = place.publish()
    count = len(place.double.asked("POST"))
    assert place.host.reveal(held) == held
    assert len(place.double.asked("POST")) == count


# --- the feed -------------------------------------------------------------------------------------


def test_a_feed_behind_a_sign_in_is_warned_of(place: Place) -> None:
    assert place.host.warnings() == []  # nothing of it was used
    place.channel()
    ((template, params),) = place.host.warnings()
    told = template.format(**params)
    assert f"{place.double.url}{API}/channels/samtal_i_nordvik/rss" in told
    assert "podcast apps cannot read it" in told
    asked = place.double.asked("GET", f"{API}/channels/samtal_i_nordvik/rss")
    assert not asked[-1].authorization
    place.double.open_to_all = True
    assert place.host.warnings() == []


# --- fields ---------------------------------------------------------------------------------------


def fields(episode: Episode, series: Series = SERIES, page: str = PAGE) -> Wanted:
    return fields_there.wanted(episode, series, page)


def test_a_long_title_is_shortened_and_said() -> None:
    wanted = fields(replace(EPISODE, title="ord " * 200))
    assert len(str(wanted.fields["title"])) <= 500
    assert str(wanted.fields["title"]).endswith("ord…")
    assert wanted.cut == ("title",)


def test_a_long_description_keeps_the_link() -> None:
    wanted = fields(replace(EPISODE, notes=f"<p>{'lång*text ' * 900}</p>"))
    text = str(wanted.fields["description"])
    assert len(text) <= 5000
    assert text.endswith(f"…\n\nTextversion och länkar: {PAGE}")
    assert wanted.cut == ("description",)


@pytest.mark.parametrize(
    ("notes", "text"),
    [
        ("<p>ett<br>två</p>", "ett  \ntvå"),
        ("<p>2 * 3 &lt; 7</p>", r"2 \* 3 \< 7"),
        ("<p>ett_namn och _så_</p>", r"ett_namn och \_så\_"),
        ("<p># ett</p><p>1. två</p><p>- tre</p>", "\\# ett\n\n1\\. två\n\n\\- tre"),
    ],
)
def test_a_description_is_markdown_that_reads_as_the_text(notes: str, text: str) -> None:
    assert fields(replace(EPISODE, notes=notes), page="").fields["description"] == text


@pytest.mark.parametrize(
    ("tags", "kept"),
    [
        (("Öppna data", "AI", "ai"), ("ai", "öppna_data")),
        (("C++", "!", "e-tjänst"), ("c", "e_tjänst")),
        (tuple(f"t{number:02}" for number in range(40)), tuple(f"t{n:02}" for n in range(30))),
    ],
    ids=["case", "signs", "many"],
)
def test_tags(tags: tuple[str, ...], kept: tuple[str, ...]) -> None:
    assert fields(replace(EPISODE, tags=tags)).fields["tags"] == kept


@pytest.mark.parametrize(
    ("license", "code"),
    [
        (License("CC-BY-4.0"), "cc-by-4.0"),
        (License("CC-BY-NC-ND-4.0"), "cc-by-nc-nd-4.0"),
        (License("Dela", "https://creativecommons.org/licenses/by-sa/3.0/deed.sv"), "cc-by-sa-3.0"),
        (License("Fri", "https://creativecommons.org/publicdomain/zero/1.0/"), "cc0-1.0"),
        (License("ARR"), None),
        (License("Vår egen", "https://nordvik.example/villkor"), None),
        (None, None),
    ],
    ids=str,
)  # fmt: skip
def test_licences(license: License | None, code: str | None) -> None:
    assert fields(replace(EPISODE, license=license)).fields["license"] == code


@pytest.mark.parametrize(("number", "position"), [("3", 3), ("100.5", 1), ("0", 1), (None, 1)])
def test_numbers(number: str | None, position: int) -> None:
    episode = replace(EPISODE, number=Number(number) if number else None)
    assert fields(episode).fields["position"] == position


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"detail": "Not found."}, "Not found."),
        ({"username": ["taken", "short"]}, "username: taken, short"),
        ({"import_metadata": {"title": ["missing"]}}, "import_metadata: title: missing"),
        ({"non_field_errors": ["upload_quota_reached"]}, "upload_quota_reached"),
        (None, ""),
    ],
)
def test_words_of_refusals(answer: Any, words: str) -> None:
    assert fields_there.words_of(answer) == words


# --- the double itself ----------------------------------------------------------------------------


def test_the_double_keeps_the_traps(double: FunkwhaleDouble) -> None:
    """The facts, without the adapter between."""
    requests = library("requests", "pip install requests")
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {double.grant().access}"
    at = f"{double.url}{API}"
    channel = double.make_channel("samtal")
    upload = double.make(channel.uuid)
    assert session.get(f"{at}/uploads/").json()["results"] == []
    assert session.get(f"{at}/uploads/{upload.uuid}/").status_code == 404
    assert session.delete(f"{at}/uploads/{upload.uuid}/").status_code == 404
    assert session.get(f"{at}/uploads/?include_channels=true").json()["count"] == 1
    assert session.post(f"{at}/channels").status_code == 404  # no slash
    assert session.get(f"{at}/uploads", allow_redirects=False).status_code == 301
    patch = session.patch(f"{at}/uploads/{upload.uuid}/", json={"import_metadata": {"title": "x"}})
    assert patch.status_code == 404
    assert requests.get(f"{at}/channels/samtal/rss").status_code == 401
    assert requests.get(f"{at}/users/me", auth=("nordvik", "hemligt")).status_code == 200
    double.open_to_all = True
    assert upload.uuid in requests.get(f"{at}/channels/samtal/rss").text


def test_a_client_can_be_cut_off_at_any_boundary(place: Place) -> None:
    place.channel()
    place.double.hook = lambda at: at.when == "made" and at.path.endswith("/uploads/")
    with pytest.raises(UnknownOutcomeError):
        place.create()
    seen: list[Boundary] = []
    place.double.hook = seen.append
    (held,) = place.host.items()
    assert not held.public
    assert {one.when for one in seen} == {"before", "made", "after"}
