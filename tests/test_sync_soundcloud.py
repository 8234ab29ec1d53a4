"""SoundCloud, as its double knows it: each trap of the real one, and what comes of it."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feedtool.errors import AccessError
from feedtool.sync.api import Api
from feedtool.sync.host import (
    Host,
    HostDownError,
    HostError,
    Marker,
    Sound,
    UnknownOutcomeError,
)
from feedtool.sync.record import marks
from feedtool.sync.soundcloud import SoundCloud

from .catalogs import MEDIA
from .host_contract import *  # noqa: F403
from .host_contract import (
    MARKER,
    PAGE,
    HostPlace,
    Make,
    a_series,
    a_sound,
    again,
    an_episode,
    ready,
    sum_of,
)
from .hosts.double import HTML, JSON
from .hosts.forms import Upload
from .hosts.openapi import Description
from .hosts.soundcloud_double import SoundCloudDouble
from .servers import answering

_OPENAPI = os.environ.get("FEEDTOOL_SOUNDCLOUD_OPENAPI")
"""The vendor's file: with it, every request of every test is held against it (`make openapi`)."""


@dataclass
class Token:
    """What opens the double; `spare` tokens are what a renewal gives."""

    double: SoundCloudDouble
    now: str
    spare: bool = False
    renewed: int = 0

    def header(self) -> str:
        return f"OAuth {self.now}"

    def renew(self) -> bool:
        if not self.spare:
            return False
        self.now = self.double.grant().access
        self.renewed += 1
        return True


class Place(HostPlace):
    double: SoundCloudDouble
    token: Token


@pytest.fixture(scope="module")
def description() -> Description | None:
    return Description(Path(_OPENAPI)) if _OPENAPI else None


@pytest.fixture
def double(tmp_path: Path, description: Description | None) -> Iterator[SoundCloudDouble]:
    double = SoundCloudDouble(tmp_path / "uploads")
    with double.serving():
        yield double
    whole = [one for one in double.requests if one.form or one.method != "POST"]
    assert not description or [fault for one in whole for fault in description.faults(one)] == []


@pytest.fixture
def place(double: SoundCloudDouble) -> Iterator[Place]:
    token = Token(double, double.grant().access)
    waits: list[float] = []
    opened: list[Host] = []

    def opening() -> Host:
        host = SoundCloud(Api(double.url, token, "soundcloud", waits.append))
        opened.append(host)
        return host

    def fail() -> None:
        double.fail_next, double.state_told = 1, True

    found = Place(
        double=double,
        open=opening,
        foreign=lambda title: double.make(title=title).urn,
        sums=lambda: [one.sha256 for one in double.tracks.values()],
        shut=double.sign_in.revoke,
        makes="/tracks$",
        slow=lambda looks: setattr(double, "processing", looks),
        fail=fail,
        waits=waits,
    )
    found.token = token
    yield found
    for host in opened:
        host.close()


def sent(place: Place, method: str, path: str = "/tracks") -> Any:
    """What the last such request said: the values of a form, or the JSON."""
    request = place.double.asked(method, path)[-1]
    if request.json is not None:
        return request.json
    return {
        name: part.name if isinstance(part, Upload) else part for name, part in request.form.items()
    }


# what is sent


def test_an_upload_is_private_and_says_everything(place: Place, make: Make) -> None:
    make(language="en")
    assert sent(place, "POST") == {
        "track[title]": "Ett samtal",
        "track[description]": "Om ett samtal.\n\nMed å, ä & ö.\n\n"
        "Text version and links: https://podd.example/samtal/ett/",
        "track[license]": "all-rights-reserved",
        "track[release_date]": "2025-03-01",
        "track[permalink]": "ett",
        "track[downloadable]": "false",
        "track[commentable]": "true",
        "track[sharing]": "private",
        "track[tag_list]": f"feedtool:ep={MARKER.key} feedtool:sha={MARKER.sha256[:16]} "
        f'feedtool:art={sum_of(MEDIA / "cover.png")} kommun "öppna data"',
        "track[asset_data]": "episode.mp3",
        "track[artwork_data]": "cover.png",
    }


def test_the_documented_form_of_a_request(place: Place) -> None:
    place.host.account()
    (request,) = place.double.requests
    assert place.token.header().startswith("OAuth ")
    assert request.headers["accept"] == "application/json; charset=utf-8"
    assert request.headers["user-agent"].startswith("feedtool/")


def test_no_name_of_a_file_is_told(place: Place, make: Make, tmp_path: Path) -> None:
    """Others than ASCII make the host fail."""
    file = tmp_path / "Intervju på Åland.mp3"
    file.write_bytes((MEDIA / "cbr.mp3").read_bytes())
    make(sound=a_sound(file))
    assert sent(place, "POST")["track[asset_data]"] == "episode.mp3"


@pytest.mark.parametrize(
    ("file", "type", "name"),
    [
        ("faststart.m4a", "audio/x-m4a", "episode.m4a"),
        ("fixed.flac", "audio/flac", "episode.flac"),
        ("pcm.wav", "audio/wav", "episode.wav"),
        ("opus.opus", "audio/opus", "episode.opus"),
    ],
)
def test_a_file_is_named_by_its_type(
    file: str, type: str, name: str, place: Place, make: Make
) -> None:
    make(sound=a_sound(MEDIA / file, type))
    part = place.double.asked("POST", "/tracks")[0].form["track[asset_data]"]
    assert isinstance(part, Upload)
    assert (part.name, part.type) == (name, type)
    assert type in (place.host.abilities.types or ())


def test_video_is_not_taken(place: Place) -> None:
    assert "video/mp4" not in (place.host.abilities.types or ())


def test_a_picture_is_sent_with_its_recording(place: Place, make: Make, pictures: Path) -> None:
    held = make(image="samtal/other.jpg")
    part = place.double.asked("POST", "/tracks")[0].form["track[artwork_data]"]
    assert isinstance(part, Upload)
    assert (part.name, part.type) == ("cover.jpg", "image/jpeg")
    assert place.double.track(held.remote).artwork == part.sha256


def test_another_picture_is_a_form_of_its_own(place: Place, make: Make, pictures: Path) -> None:
    shown = place.host.reveal(ready(place, make()))
    before = place.double.track(shown.remote).artwork
    changed = place.host.update(shown, {"artwork": "samtal/other.jpg"}, MARKER, pictures)
    other = sum_of(MEDIA / "cover.jpg")
    assert changed == replace(shown, fields={**shown.fields, "artwork": other})
    assert place.double.track(shown.remote).artwork == other != before
    assert sent(place, "PUT") == {
        "track[downloadable]": "false",
        "track[commentable]": "true",
        "track[sharing]": "public",
        "track[tag_list]": f"feedtool:ep={MARKER.key} feedtool:sha={MARKER.sha256[:16]} "
        f'feedtool:art={other} kommun "öppna data"',
        "track[artwork_data]": "cover.jpg",
    }
    assert len(place.double.asked("PUT")) == 2  # the other one was the reveal


def test_a_change_says_only_what_changes(place: Place, make: Make, pictures: Path) -> None:
    shown = place.host.reveal(ready(place, make()))
    place.host.update(shown, {"title": "Nytt"}, MARKER, pictures)
    assert sent(place, "PUT") == {
        "track": {
            "title": "Nytt", "sharing": "public", "downloadable": False, "commentable": True,
        }
    }  # fmt: skip


def test_revealing_says_only_that(place: Place, make: Make) -> None:
    place.host.reveal(ready(place, make()))
    assert sent(place, "PUT") == {
        "track": {"sharing": "public", "downloadable": False, "commentable": True}
    }


def test_a_change_resets_nothing(place: Place, make: Make, pictures: Path) -> None:
    """Even where what is not said gets its default."""
    place.double.put_forgets = True
    held = ready(place, make())
    place.double.track(held.remote).fields["commentable"] = False  # by somebody, there
    held = again(place, held)
    held = place.host.update(held, {"title": "Nytt"}, MARKER, pictures)
    held = place.host.update(held, {"artwork": "samtal/other.jpg"}, MARKER, pictures)
    assert not held.public
    assert (held.fields["downloadable"], held.fields["commentable"]) == (False, False)
    shown = place.host.reveal(held)
    assert (shown.fields["downloadable"], shown.fields["commentable"]) == (False, False)


def test_tags_that_others_planted_stay(place: Place, make: Make, pictures: Path) -> None:
    held = ready(place, make())
    place.double.track(held.remote).fields["tag_list"] += " geo:lat=58.59"
    changed = place.host.update(again(place, held), {"tags": ("skola",)}, MARKER, pictures)
    assert changed.fields["tags"] == ("skola",)
    assert set(place.double.track(held.remote).tags) == {
        "skola", "geo:lat=58.59", f"feedtool:ep={MARKER.key}",
        f"feedtool:sha={MARKER.sha256[:16]}", f"feedtool:art={sum_of(MEDIA / 'cover.png')}",
    }  # fmt: skip


def test_a_picture_that_is_gone_there_is_not_told(place: Place, make: Make) -> None:
    held = make()
    assert held.fields["artwork"] == sum_of(MEDIA / "cover.png")
    place.double.track(held.remote).artwork = ""
    assert "artwork" not in again(place, held).fields


def test_a_marker_without_a_sum_keeps_the_one_that_is_there(
    place: Place, make: Make, pictures: Path
) -> None:
    held = ready(place, make())
    changed = place.host.update(held, {"tags": ()}, Marker(MARKER.key), pictures)
    assert changed.marker == held.marker


def test_an_adopted_track_keeps_its_tags(place: Place, pictures: Path) -> None:
    theirs = place.double.make(title="Höstmöte", tag_list='"öppna data" kommun geo:lat=58.59')
    held = place.host.get(theirs.urn)
    assert held is not None
    marked = place.host.update(held, {"title": "Höstmötet"}, Marker(MARKER.key), pictures)
    assert marked.fields["tags"] == ("kommun", "öppna data")
    assert set(theirs.tags) == {
        "öppna data",
        "kommun",
        "geo:lat=58.59",
        f"feedtool:ep={MARKER.key}",
    }


def test_a_number_of_old_is_a_urn_now(place: Place, make: Make) -> None:
    held = make()
    number = held.remote.rpartition(":")[2]
    found = place.host.get(number)
    assert found is not None
    assert found.remote == held.remote == f"soundcloud:tracks:{number}"
    place.host.delete(number)
    assert place.double.tracks == {}


def test_the_guid_of_its_feed_is_known(place: Place, make: Make) -> None:
    held = make()
    number = held.remote.rpartition(":")[2]
    assert held.guids == (f"tag:soundcloud,2010:tracks/{number}",)


def test_a_permalink_that_is_taken_is_another_one(place: Place, make: Make) -> None:
    place.double.make(permalink="ett")
    held = make()
    assert held.url == "https://soundcloud.example/nordvik/ett-1"
    assert "permalink" not in held.fields  # so that it is no change for ever
    assert "permalink" not in place.host.abilities.changes


# what is refused


def test_an_app_without_upload_right_is_told_so(place: Place, make: Make) -> None:
    place.token.spare = True
    place.double.users["nordvik"].may_upload = False
    with pytest.raises(AccessError, match="no upload right at soundcloud"):
        make()
    assert len(place.double.asked("POST", "/tracks")) == 1
    assert place.token.renewed == 0


@pytest.mark.parametrize("status", [401, 403])
def test_an_app_without_upload_right_is_told_so_by_a_polite_host(
    status: int, place: Place, make: Make
) -> None:
    place.token.spare = True
    place.double.fault("401 json", method="POST", status=status, times=9)
    with pytest.raises(AccessError, match="no upload right at soundcloud"):
        make()
    assert place.token.renewed == (1 if status == 401 else 0)


def test_a_login_that_ended_meanwhile_is_not_taken_for_that(place: Place, make: Make) -> None:
    place.double.fault("401 json", method="POST", body="\n", type="text/plain")
    place.double.fault("401 json", method="GET", path="/me", times=9)
    with pytest.raises(AccessError, match="does not let us in"):
        make()


def test_an_expired_token_is_renewed_once(place: Place, make: Make) -> None:
    place.host.account()
    place.token.spare = True
    place.double.advance(3601)
    make()
    assert (place.token.renewed, place.sums()) == (1, [MARKER.sha256])


def test_a_token_that_stays_wrong_is_renewed_once(place: Place) -> None:
    place.token.spare = True
    place.double.fault("401 json", times=9)
    with pytest.raises(AccessError):
        place.host.account()
    assert place.token.renewed == 1
    assert len(place.double.requests) == 2


def test_a_token_of_an_app_alone_is_refused(place: Place) -> None:
    place.token.now = place.double.grant("").access
    with pytest.raises(AccessError):
        place.host.account()


def test_a_blocked_upload_ends_the_run(place: Place, make: Make) -> None:
    place.double.fault("403 html", method="POST")
    with pytest.raises(HostDownError, match="403"):
        make()


def test_a_bad_recording_is_refused_in_the_hosts_words(
    place: Place, make: Make, tmp_path: Path
) -> None:
    file = tmp_path / "text.mp3"
    file.write_text("no sound")
    with pytest.raises(HostError, match="unable to process provided asset_data") as told:
        make(sound=a_sound(file))
    assert not isinstance(told.value, HostDownError | UnknownOutcomeError)
    assert len(place.double.asked("POST")) == 1


def test_what_is_too_much_for_the_account_is_refused(place: Place, make: Make) -> None:
    place.double.users["nordvik"].seconds_left = 1
    with pytest.raises(HostError, match="has room for 1 more seconds, and this takes 2"):
        make()
    place.double.users["nordvik"].seconds_left = 9
    place.double.fault("401 json", method="POST", status=400, body='{"message": "invalid request"}')
    with pytest.raises(HostError, match=r"invalid request \(400\)"):
        make()


def test_a_page_for_people_is_not_shown(place: Place, make: Make) -> None:
    place.double.fault("502 before", method="POST", status=413, type=HTML)
    with pytest.raises(HostError) as told:
        make()
    assert str(told.value) == "soundcloud refused it: 413"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('{"message": "no", "errors": [{"error_message": "no"}], "error": null}', "no (422)"),
        (
            '{"message": "", "errors": [{"error_message": "a"}, {"error_message": "b"}]}',
            "a; b (422)",
        ),
        ('{"error": "invalid"}', "invalid (422)"),
        ('{"message": {"a": 1}, "errors": [1, {"error_message": []}], "error": []}', "422"),
        ('{"errors": {"a": 1}}', "422"),
        ("[1]", "422"),
        ("", "422"),
    ],
)
def test_all_words_of_the_host_are_shown_once(
    body: str, told: str, place: Place, make: Make
) -> None:
    place.double.fault("502 before", method="POST", status=422, type=JSON, body=body)
    with pytest.raises(HostError) as error:
        make()
    assert str(error.value) == f"soundcloud refused it: {told}"


def test_words_of_the_host_cannot_steer_a_terminal(place: Place, make: Make) -> None:
    body = '{"message": "a\\u001b[2Jb\\n' + "x" * 2000 + '"}'
    place.double.fault("502 before", method="POST", status=422, type=JSON, body=body)
    with pytest.raises(HostError) as told:
        make()
    assert str(told.value).startswith("soundcloud refused it: a [2Jb xxx")
    assert len(str(told.value)) < 400


def test_a_success_that_says_nothing_is_unclear(place: Place, make: Make) -> None:
    place.double.fault("200 html", method="POST", status=201, made=True)
    with pytest.raises(UnknownOutcomeError):
        make()
    assert len(place.host.find(MARKER, place.since())) == 1


@pytest.mark.parametrize(
    ("left", "unlimited", "seconds"), [(600, False, 600.0), (0, False, 0.0), (None, True, None)]
)
def test_the_room_that_is_left(
    left: int | None, unlimited: bool, seconds: float | None, place: Place
) -> None:
    place.double.users["nordvik"].seconds_left = left
    account = place.host.account()
    assert account.seconds_left == seconds
    assert (account.id, account.name) == ("soundcloud:users:77", "nordvik")


def test_a_change_is_sent_again_when_the_host_fails(
    place: Place, make: Make, pictures: Path
) -> None:
    """It ends in the same state however often it is sent."""
    held = ready(place, make())
    place.double.fault("502 after", method="PUT")
    assert place.host.update(held, {"title": "Nytt"}, MARKER, pictures).title == "Nytt"


def test_what_was_removed_meanwhile_cannot_be_changed(
    place: Place, make: Make, pictures: Path
) -> None:
    held = ready(place, make())
    place.host.delete(held.remote)
    with pytest.raises(HostError):
        place.host.update(held, {"title": "Nytt"}, MARKER, pictures)


# lists


def fill(place: Place, count: int) -> list[str]:
    return [place.double.make(title=f"Nummer {number}").urn for number in range(count)]


def test_lists_come_200_at_a_time(place: Place) -> None:
    made = fill(place, 401)
    assert [one.remote for one in place.host.items()] == made
    asked = place.double.asked("GET", "/me/tracks")
    assert len(asked) == 3
    assert asked[0].query == {"linked_partitioning": "true", "limit": "200", "sort": "asc"}


def test_a_list_that_shifts_gives_each_item_once(place: Place) -> None:
    made = fill(place, 9)
    place.double.most_per_page = 4
    place.double.before_page = lambda page: place.double.make(title=f"Ny {page}") and None
    listed = [one.remote for one in place.host.items()]
    assert listed[:9] == made
    assert len(set(listed)) == len(listed)
    found = place.host.find(MARKER, place.since())
    assert found == []


def test_only_the_newest_are_looked_through_after_the_first_search(
    place: Place, make: Make
) -> None:
    fill(place, 20)
    place.double.most_per_page = 5
    assert len(list(place.host.items())) == 20
    assert place.host.find(MARKER, place.since()) == []
    held = make()
    place.double.requests.clear()
    assert [one.remote for one in place.host.find(MARKER, place.since())] == [held.remote]
    assert [one.query["sort"] for one in place.double.requests] == ["desc", "desc"]


def test_what_a_list_left_out_when_it_shifted_is_found(place: Place, make: Make) -> None:
    first, *_ = fill(place, 7)
    held = make()
    fill(place, 6)
    for track in place.double.tracks.values():
        track.created -= timedelta(days=1)
    place.double.most_per_page = 7

    def before_page(page: int) -> None:
        if page == 1:
            place.double.tracks.pop(place.double.track(first).number, None)
            place.double.before_page = None

    place.double.before_page = before_page
    assert held.remote not in {one.remote for one in place.host.items()}
    for _ in range(2):
        assert [one.remote for one in place.host.find(MARKER, place.since())] == [held.remote]


@pytest.mark.parametrize("listed", [False, True])
@pytest.mark.parametrize("hours", [-25, -1, 1])
def test_another_clock_of_the_host_hides_nothing(
    hours: int, listed: bool, place: Place, make: Make
) -> None:
    if listed:
        list(place.host.items())
    place.double.advance(3600 * hours)
    place.token.now = place.double.grant().access
    held = make()
    since = place.double.now() - timedelta(hours=hours)
    for _ in range(2):
        assert [one.remote for one in place.host.find(MARKER, since)] == [held.remote]


def test_one_that_was_listed_is_found_if_it_is_of_the_recording(place: Place, make: Make) -> None:
    """An earlier run may have made it; what it made of another recording stays what it is."""
    held = make()
    make(Marker(MARKER.key, "0" * 64))
    fill(place, 9)
    place.double.most_per_page = 5
    list(place.host.items())
    for _ in range(2):
        assert [one.remote for one in place.host.find(MARKER, place.since())] == [held.remote]
    place.double.tracks.pop(place.double.track(held.remote).number)
    assert place.host.find(MARKER, place.since()) == []


def test_a_list_may_lag_behind(place: Place, make: Make) -> None:
    place.double.late = 2
    held = make()
    looks = [len(place.host.find(MARKER, place.since())) for _ in range(3)]
    assert looks == [0, 0, 1]
    assert again(place, held).remote == held.remote


def page_of(next: str, *urns: str) -> str:
    tracks = ", ".join(f'{{"urn": "{urn}", "duration": 1}}' for urn in urns)
    return f'{{"collection": [{tracks}], "next_href": {next}}}'


def test_a_list_that_repeats_itself_is_given_up(place: Place) -> None:
    same = page_of(f'"{place.double.url}/me/tracks?cursor=1"', "soundcloud:tracks:1")
    place.double.fault("429", status=200, body=same, times=99)
    with pytest.raises(HostDownError, match="does not end"):
        list(place.host.items())
    assert len(place.double.requests) == 2


def test_an_endless_list_is_given_up(place: Place) -> None:
    for number in range(99):
        following = page_of(f'"{place.double.url}/me/tracks?cursor={number}"')
        place.double.fault("429", status=200, body=following)
    with pytest.raises(HostDownError, match="does not end"):
        list(place.host.items())
    assert len(place.double.requests) < 30


@pytest.mark.parametrize("next", ["1", "[]", '{"a": 1}', '""', "null"])
def test_strange_ends_of_a_list(next: str, place: Place) -> None:
    place.double.fault("429", status=200, body=page_of(next, "soundcloud:tracks:1"))
    if next in ('""', "null"):
        assert len(list(place.host.items())) == 1
    else:
        with pytest.raises(HostDownError):
            list(place.host.items())


def test_the_token_is_for_nobody_else(place: Place) -> None:
    with answering(200, b"{}", {"Content-Type": "application/json"}) as (port, asked):
        for address in (
            f"http://127.0.0.1:{port}/me/tracks",
            f"http://127.0.0.1:{port}\\\\@{place.double.url.removeprefix('http://')}/me/tracks",
            f"{place.double.url}@127.0.0.1:{port}/me/tracks",
            "http://[",
        ):
            place.double.fault("429", status=200, body=page_of(f'"{address}"'))
            with pytest.raises(HostError, match="another address"):
                list(place.host.items())
        assert asked == []


@pytest.mark.parametrize(
    "body",
    [
        "[]", "{}", "null", '"text"', '{"collection": {}}', '{"collection": [1]}',
        '{"collection": [{"title": "no id"}]}', '{"collection": [{"urn": ["x"]}]}',
        "[" * 5000, '{"collection": [{"urn": "soundcloud:tracks:1", "tag_list": 7, "title": {},'
        ' "duration": "long", "created_at": 5, "release_year": []}]',
    ],
)  # fmt: skip
def test_what_is_no_list_is_told(body: str, place: Place) -> None:
    place.double.fault("429", status=200, body=body)
    with pytest.raises(HostError):
        list(place.host.items())


def test_an_account_without_a_name_is_none(place: Place) -> None:
    place.double.fault("429", status=200, body="{}")
    with pytest.raises(HostDownError, match="who is signed in"):
        place.host.account()


@pytest.mark.parametrize("left", ["NaN", "Infinity", "-Infinity", "1e300", "9" * 400, '"much"'])
def test_odd_room_is_none_that_is_told(left: str, place: Place) -> None:
    body = f'{{"id": 1, "quota": {{"upload_seconds_left": {left}}}}}'
    place.double.fault("429", status=200, body=body)
    assert place.host.account().seconds_left is None


@pytest.mark.parametrize("duration", ["1e300", "NaN", "Infinity", "-1", "true", "[]"])
def test_odd_durations_of_a_track_are_nothing(duration: str, place: Place) -> None:
    odd = f'{{"urn": "soundcloud:tracks:1", "title": "\\ud800", "duration": {duration}}}'
    place.double.fault("429", status=200, body=f'{{"collection": [{odd}]}}')
    (held,) = place.host.items()
    assert held.duration in (None, timedelta(milliseconds=1))
    assert marks(held.fields)


def test_odd_values_of_a_track_are_nothing(place: Place) -> None:
    odd = (
        '{"urn": "soundcloud:tracks:1", "tag_list": 7, "title": {}, "duration": "long",'
        ' "created_at": 5, "release_year": [], "sharing": 4, "license": [], "permalink_url": null}'
    )
    place.double.fault("429", status=200, body=f'{{"collection": [{odd}]}}')
    (held,) = place.host.items()
    assert (held.title, held.duration, held.created, held.marker) == ("", None, None, None)


# the recording


def test_a_large_recording_is_never_in_memory(place: Place, make: Make, tmp_path: Path) -> None:
    file = tmp_path / "long.mp3"
    file.write_bytes((MEDIA / "cbr.mp3").read_bytes())
    size = 48 * 1024 * 1024
    os.truncate(file, size)
    place.double.users["nordvik"].seconds_left = None
    told: list[tuple[int, int]] = []
    wanted = place.host.wanted(an_episode(), a_series(), PAGE)
    sound = Sound(
        file=file, bytes=size, sha256=MARKER.sha256, type="audio/mpeg", duration=timedelta(hours=1)
    )
    place.host.account()
    tracemalloc.start()
    try:
        place.host.create(
            sound, MARKER, wanted, None, tmp_path / "media", lambda *now: told.append(now)
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12 * 1024 * 1024  # of both ends
    assert [track.bytes for track in place.double.tracks.values()] == [size]
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] > size
