"""Recordings of an imported feed: whole, right and in their place, or not there, whoever serves."""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedtool.adopt import fetch as fetching
from feedtool.adopt import partial
from feedtool.adopt.content import Kind
from feedtool.adopt.download import Failed, download
from feedtool.adopt.wanted import Bounds, Downloaded, Wanted
from feedtool.adopt.web import Limits, Web
from feedtool.errors import WriteError

from .careless import Careless, Request, careless, serve_file
from .catalogs import MEDIA, REPOSITORY
from .servers import until

SOUND = (MEDIA / "cbr.mp3").read_bytes()
QUICK = Limits(timeout=5.0, patience=5.0, pause=0.0, busy=0.0)
LONG = os.environ.get("FEEDTOOL_FUZZ") == "long"


@dataclass
class Place:
    """Where a catalog would be."""

    root: Path
    limits: Limits = QUICK

    @property
    def partial(self) -> Path:
        return self.root / ".feedtool" / "import"

    def path(self, name: str = "one.mp3") -> Path:
        return self.root / "media" / "samtal" / name

    def wanted(self, url: str, name: str = "one.mp3", **more: Any) -> Wanted:
        return Wanted(url=url, path=self.path(name), **more)

    def all(self, *wanted: Wanted, bounds: Bounds = Bounds()) -> list[Downloaded | Failed]:  # noqa: B008
        with Web(limits=self.limits) as web:
            return list(download(wanted, self.partial, web, lambda done, of: None, bounds=bounds))

    def one(self, url: str, *, bounds: Bounds = Bounds(), **more: Any) -> Downloaded | Failed:  # noqa: B008
        (came,) = self.all(self.wanted(url, **more), bounds=bounds)
        return came

    def fetched(self, url: str, **more: Any) -> bytes:
        """What is in place after a download that went well."""
        came = self.one(url, **more)
        assert isinstance(came, Downloaded), came
        data = came.path.read_bytes()
        assert (came.bytes, came.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        assert not self.halves()
        return data

    def refused(self, url: str, **more: Any) -> str:
        """Why nothing is in place."""
        came = self.one(url, **more)
        assert isinstance(came, Failed), came
        assert came.error.mend
        assert not self.path().exists()
        return str(came.error)

    def halves(self) -> list[Path]:
        return sorted(self.partial.glob("*.part")) if self.partial.exists() else []


@pytest.fixture
def here(tmp_path: Path) -> Place:
    return Place(tmp_path)


def asked_ranges(server: Careless) -> list[str | None]:
    return [one.headers.get("Range") for one in server.asked]


# --- a file ----------------------------------------------------------------------------------


def test_a_recording_is_in_its_place_with_its_facts(here: Place) -> None:
    with careless(lambda request: serve_file(request, SOUND)) as server:
        url = f"{server.base}/one.mp3"
        assert here.one(url, length=len(SOUND)) == Downloaded(
            url=url, path=here.path(), bytes=len(SOUND),
            sha256=hashlib.sha256(SOUND).hexdigest(), type="audio/mpeg",
        )  # fmt: skip
        assert server.asked[0].headers["Accept-Encoding"] == "identity"
        assert len(server.asked) == 1
    assert here.path().read_bytes() == SOUND
    assert not here.halves()


def test_one_that_is_not_there_does_not_stop_the_others(here: Place) -> None:
    def serve(request: Request) -> None:
        if request.path == "/two.mp3":
            request.answer(404)
        else:
            serve_file(request, SOUND)

    with careless(serve) as server:
        names = ["one.mp3", "two.mp3", "three.mp3"]
        came = here.all(*(here.wanted(f"{server.base}/{name}", name) for name in names))
    assert {one.path.name: type(one) for one in came} == {
        "one.mp3": Downloaded, "two.mp3": Failed, "three.mp3": Downloaded,
    }  # fmt: skip
    assert not here.path("two.mp3").exists()


def test_nothing_wanted_is_nothing_done(here: Place) -> None:
    assert here.all() == []
    assert not here.root.joinpath("media").exists()


def test_the_progress_ends_with_all_bytes(here: Place) -> None:
    seen: list[tuple[int, int]] = []
    with careless(lambda request: serve_file(request, SOUND)) as server, Web(limits=QUICK) as web:
        wanted = [here.wanted(f"{server.base}/{n}", f"{n}.mp3", length=1) for n in range(3)]
        for _ in download(wanted, here.partial, web, lambda *now: seen.append(now)):
            pass
    assert seen[-1] == (3 * len(SOUND), 3 * len(SOUND))
    assert all(done <= total for done, total in seen)


def test_a_packed_recording_is_unpacked(here: Place) -> None:
    with careless(
        lambda request: request.answer(
            200, gzip.compress(SOUND), Content_Encoding="gzip", ETag='"one"'
        )
    ) as server:
        assert here.fetched(server.base) == SOUND


@pytest.mark.parametrize("told", ["", "text/html", "application/octet-stream", "audio/mpeg; x=1"])
def test_the_type_is_that_of_the_content_where_the_server_does_not_know(
    here: Place, told: str
) -> None:
    with careless(lambda request: serve_file(request, SOUND, type=told)) as server:
        came = here.one(server.base)
    assert isinstance(came, Downloaded)
    assert came.type == "audio/mpeg"


def test_the_type_is_remembered(here: Place) -> None:
    body = b"\x00\x00\x00\x18ftypmp42" + bytes(600)
    with careless(lambda request: serve_file(request, body, type="video/mp4")) as server:
        for _ in range(2):
            came = here.one(server.base)
            assert isinstance(came, Downloaded)
            assert came.type == "video/mp4"


@pytest.mark.parametrize(
    ("brand", "type_"), [(b"M4A ", "audio/x-m4a"), (b"M4V ", "video/x-m4v"), (b"isom", "")]
)
def test_what_may_be_sound_or_pictures_has_no_type_of_its_own(
    here: Place, brand: bytes, type_: str
) -> None:
    body = b"\x00\x00\x00\x18ftyp" + brand + bytes(600)
    with careless(lambda request: serve_file(request, body, type="")) as server:
        came = here.one(server.base)
    assert isinstance(came, Downloaded)
    assert came.type == type_


def test_a_file_that_a_proxy_changed_on_the_way_is_a_file(here: Place) -> None:
    with careless(lambda request: request.answer(203, SOUND)) as server:
        assert here.fetched(server.base) == SOUND


def test_two_files_of_one_name_are_a_fault_of_ours(here: Place) -> None:
    wanted = [here.wanted(f"http://podd.example/{n}") for n in range(2)]
    with pytest.raises(ValueError, match="two files"):
        here.all(*wanted)


# --- few at a time ---------------------------------------------------------------------------


def slowly(gate: threading.Event, expected: int, busy: list[int]) -> Callable[[Request], None]:
    lock = threading.Lock()

    def serve(request: Request) -> None:
        with lock:
            busy[0] += 1
            busy[1] = max(busy[1], busy[0])
            if busy[0] >= expected:
                gate.set()
        gate.wait(5)
        with lock:
            busy[0] -= 1
        serve_file(request, SOUND)

    return serve


def test_two_at_a_time_from_one_server(here: Place) -> None:
    gate, busy = threading.Event(), [0, 0]
    with careless(slowly(gate, 2, busy)) as server:
        came = here.all(*(here.wanted(f"{server.base}/{n}", f"{n}.mp3") for n in range(12)))
        assert len([one for one in came if isinstance(one, Downloaded)]) == 12
        assert busy[1] == 2
        assert server.connections == 2


def test_four_at_a_time_in_all(here: Place) -> None:
    gate, busy = threading.Event(), [0, 0]
    serve = slowly(gate, 4, busy)
    with careless(serve) as one, careless(serve) as two, careless(serve) as three:
        wanted = [
            here.wanted(f"{server.base}/{n}", f"{at}-{n}.mp3")
            for at, server in enumerate((one, two, three))
            for n in range(4)
        ]
        assert len(here.all(*wanted)) == 12
        assert gate.is_set()
        assert busy[1] == 4


# --- connections that break ------------------------------------------------------------------


def test_a_connection_that_breaks_is_taken_up_where_it_broke(here: Place) -> None:
    def serve(request: Request) -> None:
        serve_file(request, SOUND, cut=10_000 if request.number == 1 else None)

    with careless(serve) as server:
        assert here.fetched(server.base) == SOUND
        assert asked_ranges(server) == [None, "bytes=10000-"]
        assert server.asked[1].headers["If-Range"] == '"one"'


def test_by_its_date_where_there_is_no_etag(here: Place) -> None:
    def serve(request: Request) -> None:
        cut = 10_000 if request.number == 1 else None
        serve_file(request, SOUND, etag=None, modified="Tue, 22 Jun 2021 07:00:00 GMT", cut=cut)

    with careless(serve) as server:
        assert here.fetched(server.base) == SOUND
        assert asked_ranges(server) == [None, "bytes=10000-"]


@pytest.mark.parametrize("etag", [None, 'W/"one"'], ids=["unknown", "weak"])
def test_what_the_server_does_not_know_again_is_fetched_anew(here: Place, etag: str | None) -> None:
    def serve(request: Request) -> None:
        serve_file(request, SOUND, etag=etag, cut=10_000 if request.number == 1 else None)

    with careless(serve) as server:
        assert here.fetched(server.base) == SOUND
        assert asked_ranges(server) == [None, None]


def test_what_changed_meanwhile_is_fetched_anew(here: Place) -> None:
    other = SOUND[::-1]
    head = SOUND[:4]  # still an MP3

    def serve(request: Request) -> None:
        if request.number == 1:
            serve_file(request, SOUND, cut=10_000)
        else:
            serve_file(request, head + other, etag='"two"')

    with careless(serve) as server:
        assert here.fetched(server.base) == head + other
        assert len(server.asked) == 2


def test_a_server_without_ranges_gives_all_again(here: Place) -> None:
    def serve(request: Request) -> None:
        request.answer(200, SOUND, ETag='"one"', cut=10_000 if request.number == 1 else None)

    with careless(serve) as server:
        assert here.fetched(server.base) == SOUND
        assert asked_ranges(server) == [None, "bytes=10000-"]


WRONG = {
    "another-beginning": "bytes 9999-{last}/{size}",
    "from-the-start": "bytes 0-{last}/{size}",
    "another-length": "bytes 10000-{last}/999999",
    "past-the-end": "bytes 10000-{size}/{size}",
    "backwards": "bytes 10000-5/{size}",
    "another-unit": "seconds 10000-{last}/{size}",
    "nonsense": "bytes a-b/c",
    "none": None,
}


@pytest.mark.parametrize("range_", WRONG.values(), ids=WRONG)
def test_a_part_that_was_not_asked_for_is_not_used(here: Place, range_: str | None) -> None:
    size = len(SOUND)
    told = range_.format(size=size, last=size - 1) if range_ else None

    def serve(request: Request) -> None:
        if request.headers.get("Range"):
            request.answer(206, b"x" * (size - 10_000), ETag='"one"', Content_Range=told)
        else:
            serve_file(request, SOUND, cut=10_000 if request.number == 1 else None)

    with careless(serve) as server:
        assert here.fetched(server.base) == SOUND
        assert asked_ranges(server) == [None, "bytes=10000-", None]


def test_nor_is_a_part_of_another_version(here: Place) -> None:
    """Some servers do not look at If-Range."""

    def serve(request: Request) -> None:
        if range_ := request.headers.get("Range"):
            assert range_ == "bytes=10000-"
            last = len(SOUND) - 1
            request.answer(
                206, b"x" * (last + 1 - 10_000), ETag='"two"',
                Content_Range=f"bytes 10000-{last}/{last + 1}",
            )  # fmt: skip
        else:
            serve_file(request, SOUND, cut=10_000 if request.number == 1 else None)

    with careless(serve) as server:
        assert here.fetched(server.base) == SOUND


def test_a_part_of_what_nobody_asked_to_be_parted_is_no_file(here: Place) -> None:
    with careless(
        lambda request: request.answer(206, SOUND[5:], Content_Range="bytes 5-9/10")
    ) as server:
        assert "it gives no file" in here.refused(server.base)


def test_a_part_that_ends_too_early_is_gone_on_with(here: Place) -> None:
    def serve(request: Request) -> None:
        at = [0, 10_000, 20_000][request.number - 1]
        if at == 0:
            serve_file(request, SOUND, cut=10_000)
            return
        end = min(at + 10_000, len(SOUND))
        request.answer(
            206, SOUND[at:end], Content_Range=f"bytes {at}-{end - 1}/{len(SOUND)}", ETag='"one"'
        )

    with careless(serve) as server:
        assert here.fetched(server.base) == SOUND


def test_a_server_that_has_no_more_says_that_it_is_whole(here: Place) -> None:
    """Its first answer promised more than there is."""

    def serve(request: Request) -> None:
        if request.headers.get("Range"):
            serve_file(request, SOUND)
        else:
            more = str(len(SOUND) + 500)
            request.answer(200, SOUND, Content_Length=more, ETag='"one"', cut=len(SOUND))

    with careless(serve) as server:
        assert here.fetched(server.base) == SOUND
        assert asked_ranges(server) == [None, f"bytes={len(SOUND)}-"]


def test_a_range_that_cannot_be_given_is_no_end(here: Place) -> None:
    """416, but the file has another size: all anew."""

    def serve(request: Request) -> None:
        if request.headers.get("Range"):
            request.answer(416, Content_Range="bytes */77")
        else:
            serve_file(request, SOUND, cut=10_000 if request.number == 1 else None)

    with careless(serve) as server:
        assert here.fetched(server.base) == SOUND


def test_a_part_of_unknown_whole_is_no_end(here: Place) -> None:
    """What came is all that was asked for, but nobody says that there is no more."""

    def serve(request: Request) -> None:
        if request.headers.get("Range") == "bytes=10000-":
            range_ = "bytes 10000-14999/*"
            request.answer(206, SOUND[10_000:15_000], ETag='"one"', Content_Range=range_)
        elif request.number == 1:
            request.answer(200, SOUND, ETag='"one"', Content_Length=None, cut=10_000)
        else:
            serve_file(request, SOUND)

    with careless(serve) as server:
        assert here.fetched(server.base) == SOUND


@pytest.mark.parametrize("status", [400, 412, 501])
def test_a_server_that_takes_no_ranges_gives_all_again(here: Place, status: int) -> None:
    def serve(request: Request) -> None:
        if request.headers.get("Range"):
            request.answer(status, b"<html>Bad Request</html>")
        else:
            serve_file(request, SOUND, cut=10_000 if request.number == 1 else None)

    with careless(serve) as server:
        assert here.fetched(server.base) == SOUND
        assert asked_ranges(server) == [None, "bytes=10000-", None]


@pytest.mark.parametrize("status", [400, 416])
def test_but_without_a_range_that_is_a_refusal(here: Place, status: int) -> None:
    with careless(lambda request: request.answer(status)) as server:
        assert f"fails: {status}" in here.refused(server.base)
        assert len(server.asked) == 1


def test_of_a_small_file_a_part_is_worth_another_try(here: Place) -> None:
    with careless(lambda request: serve_file(request, SOUND, cut=len(SOUND) // 8 + 1)) as server:
        assert here.fetched(server.base) == SOUND
        assert len(server.asked) == 8


def test_a_mark_that_no_request_can_carry_is_none(here: Place) -> None:
    def serve(request: Request) -> None:
        serve_file(request, SOUND, etag='"å"', cut=10_000 if request.number == 1 else None)

    with careless(serve) as server:
        assert here.fetched(server.base) == SOUND
        assert asked_ranges(server) == [None, None]


def test_a_server_that_never_gives_more_is_left_alone(here: Place) -> None:
    with careless(lambda request: serve_file(request, SOUND, cut=0)) as server:
        assert "the answer breaks off" in here.refused(server.base)
        assert len(server.asked) == QUICK.tries
    # and the next run can go on


def test_one_that_gives_a_little_each_time_is_left_alone_too(here: Place) -> None:
    with careless(lambda request: serve_file(request, SOUND, cut=1)) as server:
        here.refused(server.base)
        assert len(server.asked) == QUICK.tries


def test_but_not_while_it_gives_enough(here: Place) -> None:
    with careless(lambda request: serve_file(request, SOUND, cut=1000)) as server:
        assert here.fetched(server.base, bounds=Bounds(progress=1000)) == SOUND
        assert len(server.asked) == -(-len(SOUND) // 1000)


def test_nor_for_ever(here: Place) -> None:
    with careless(lambda request: serve_file(request, SOUND, cut=10)) as server:
        here.refused(server.base, bounds=Bounds(progress=1, attempts=20))
        assert len(server.asked) == 20


def test_a_server_that_is_busy_meanwhile_is_asked_again(here: Place) -> None:
    def serve(request: Request) -> None:
        if request.number in (1, 3):
            request.answer(503, Retry_After="0")
        else:
            serve_file(request, SOUND, cut=10_000 if request.number == 2 else None)

    with careless(serve) as server:
        assert here.fetched(server.base) == SOUND
        assert asked_ranges(server) == [None, None, "bytes=10000-", "bytes=10000-"]


# hypothesis wants one database for all examples, and a folder for each
@settings(
    max_examples=400 if LONG else 40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    size=st.integers(1, 30_000),
    cuts=st.lists(
        st.tuples(st.integers(0, 30_000), st.sampled_from(["cut", "503", "reset", "new-run"])),
        max_size=6,
    ),
    validator=st.sampled_from(["etag", "modified", "none"]),
    length=st.sampled_from(["told", "chunked"]),
)
def test_wherever_it_is_cut_the_right_bytes_come(
    tmp_path_factory: pytest.TempPathFactory,
    size: int,
    cuts: list[tuple[int, str]],
    validator: str,
    length: str,
) -> None:
    body = b"ID3\x04\x00\x00" + random.Random(size).randbytes(size)
    known: dict[str, Any] = {
        "etag": {"ETag": '"one"'},
        "modified": {"Last-Modified": "Tue, 22 Jun 2021 07:00:00 GMT"},
        "none": {},
    }[validator]
    here = Place(tmp_path_factory.mktemp("catalog"), Limits(timeout=5.0, pause=0.0, tries=9))
    left = list(cuts)

    def serve(request: Request) -> None:
        at, how = left.pop(0) if left else (None, "")
        if how == "503":
            request.answer(503, Retry_After="0")
            return
        first = int((request.headers.get("Range") or "bytes=0-")[6:-1])
        about = {name.replace("-", "_"): text for name, text in known.items()}
        if first >= len(body):
            request.answer(416, Content_Range=f"bytes */{len(body)}", **about)
            return
        status, part = (206, body[first:]) if first else (200, body)
        if first:
            assert request.headers["If-Range"] in known.values()
            about["Content_Range"] = f"bytes {first}-{len(body) - 1}/{len(body)}"
        if length == "chunked":
            pieces = b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in halves(part))
            part = pieces + b"0\r\n\r\n"
            request.answer(
                status, part, cut=at, Content_Length=None, Transfer_Encoding="chunked", **about
            )
        else:
            request.answer(status, part, cut=at, **about)
        if how == "reset":
            request.reset()

    with careless(serve) as server:
        if any(how == "new-run" for _, how in cuts):
            here.one(server.base, bounds=Bounds(attempts=1))
        assert here.fetched(server.base) == body


def halves(data: bytes) -> Iterable[bytes]:
    middle = len(data) // 2
    return filter(None, (data[:middle], data[middle:]))


# --- another day -----------------------------------------------------------------------------


def interrupted(here: Place, server: Careless, **more: Any) -> None:
    """A run that gave up in the middle."""
    here.refused(server.base, bounds=Bounds(attempts=1), **more)
    assert here.halves()


@contextmanager
def broken_at(cut: int, body: bytes = SOUND, **more: Any) -> Iterator[Careless]:
    """A server whose first answer is cut."""

    def serve(request: Request) -> None:
        serve_file(request, body, cut=cut if request.number == 1 else None, **more)

    with careless(serve) as server:
        yield server


def test_the_next_run_goes_on(here: Place) -> None:
    with broken_at(10_000) as server:
        interrupted(here, server)
        assert here.fetched(server.base) == SOUND
        assert asked_ranges(server) == [None, "bytes=10000-"]


def test_no_key_of_an_address_is_noted(here: Place) -> None:
    with broken_at(10_000) as server:
        server.base = server.base.replace("//", "//anna:hemligt@") + "/?key=hemligt"
        interrupted(here, server)
    notes = b"".join(path.read_bytes() for path in here.partial.glob("*.json"))
    assert notes
    assert b"hemligt" not in notes


def test_another_address_for_the_same_file_begins_anew(here: Place) -> None:
    with broken_at(10_000) as server:
        interrupted(here, server)
        assert here.fetched(f"{server.base}/other") == SOUND
        assert asked_ranges(server)[:2] == [None, None]


@pytest.mark.parametrize(
    "note", [b"", b"{", b"[]", b"null", b'{"partial": 99}', b"\xff", b'{"partial": 1}',
             b'{"partial": 1, "url": "URL", "safe": -1, "validator": "x"}',
             b'{"partial": 1, "url": "URL", "safe": "x", "validator": "x"}',
             b'{"partial": 1, "url": "URL", "safe": 99999999999, "validator": "x"}',
             b'{"partial": 1, "url": "URL", "safe": 5, "validator": 7}',
             b'{"partial": 1, "url": "URL", "safe": 5, "validator": "x", "total": "many"}',
             b'{"partial": 1, "url": "URL", "safe": 5, "validator": "x\\ny"}',
             b'{"partial": 1, "url": "URL", "safe": 5, "validator": "\\ud800"}',
             b'{"partial": 1, "url": "URL", "finished": [1, 2]}',
             b'{"partial": 1, "url": "URL", "finished": {"x": 1}}'],
)  # fmt: skip
def test_a_note_that_was_damaged_costs_time_only(here: Place, note: bytes) -> None:
    with broken_at(10_000) as server:
        interrupted(here, server)
        (path,) = here.partial.glob("*.json")
        url = json.loads(path.read_bytes())["url"]
        path.write_bytes(note.replace(b"URL", url.encode()))
        assert here.fetched(server.base) == SOUND


@pytest.mark.parametrize("keep", [0, 1, 9_999])
def test_a_partial_file_that_was_shortened_begins_anew(here: Place, keep: int) -> None:
    with broken_at(10_000) as server:
        interrupted(here, server)
        os.truncate(here.halves()[0], keep)
        assert here.fetched(server.base) == SOUND
        assert asked_ranges(server) == [None, None]


def test_bytes_that_were_not_noted_as_safe_are_not_used(here: Place) -> None:
    """As after a power cut."""
    with broken_at(10_000) as server:
        interrupted(here, server)
        with here.halves()[0].open("ab") as file:
            file.write(bytes(5000))
        assert here.fetched(server.base) == SOUND
        assert asked_ranges(server) == [None, "bytes=10000-"]


def killed_at(step: str, here: Place, url: str, **more: Any) -> None:
    """A run that came to its end when it began this step."""

    def killed(*_: object) -> None:
        raise MemoryError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partial.Partial, step, killed)
        with pytest.raises(MemoryError):
            here.one(url, **more)


def test_killed_before_it_had_its_name_it_is_not_fetched_again(here: Place) -> None:
    with careless(lambda request: serve_file(request, SOUND)) as server:
        killed_at("give_to", here, server.base)
        assert not here.path().exists()
        assert here.fetched(server.base) == SOUND
        assert len(server.asked) == 1


def test_killed_right_after_it_had_its_name_it_is_not_fetched_again(here: Place) -> None:
    with careless(lambda request: serve_file(request, SOUND)) as server:
        killed_at("note_finished", here, server.base, length=len(SOUND))
        came = here.one(server.base, length=len(SOUND))
        assert isinstance(came, Downloaded)
        assert not came.fetched
        assert len(server.asked) == 1
    assert here.path().read_bytes() == SOUND
    assert not here.halves()


SCRIPT = """
import sys
from pathlib import Path
from feedtool.adopt.download import download
from feedtool.adopt.wanted import Wanted
from feedtool.adopt.web import Web
root, *urls = sys.argv[1:]
folder = Path(root, "media", "samtal")
wanted = [Wanted(url=url, path=folder / f"{n}.mp3") for n, url in enumerate(urls)]
try:
    with Web() as web:
        for one in download(wanted, Path(root, ".feedtool", "import"), web, lambda *_: None):
            print(one, flush=True)
except KeyboardInterrupt:
    print("interrupted", flush=True)
    sys.exit(130)
"""


@contextmanager
def running(here: Place, urls: Iterable[str]) -> Iterator[subprocess.Popen[str]]:
    """A download in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, here.root, *urls],
        cwd=REPOSITORY, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of another kind")
def test_ctrl_c_leaves_only_what_the_next_run_goes_on_with(here: Place) -> None:
    body = SOUND * 100
    stalls = True

    def serve(request: Request) -> None:
        if not stalls:
            serve_file(request, body)
            return
        head = b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\nETag: "one"\r\n\r\n' % len(body)
        request.say(head + body[:2_000_000])
        request.over.wait(30)

    with careless(serve) as server:
        urls = [f"{server.base}/{n}" for n in range(3)]
        with running(here, urls) as process:
            # what is written is in memory first, for a while
            until(lambda: sum(one.stat().st_size > 0 for one in here.halves()) == 2, "some bytes")
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=20)
        assert (out, process.returncode) == ("interrupted\n", 130)
        assert not here.root.joinpath("media").exists()
        stalls = False
        server.asked.clear()
        came = here.all(*(here.wanted(url, f"{n}.mp3") for n, url in enumerate(urls)))
        assert all(isinstance(one, Downloaded) for one in came), came
        assert len([range_ for range_ in asked_ranges(server) if range_]) == 2
    assert all(here.path(f"{n}.mp3").read_bytes() == body for n in range(3))


@pytest.mark.skipif(sys.platform == "win32", reason="signals of another kind")
@pytest.mark.parametrize("run", range(40 if LONG else 4))
def test_killed_at_any_moment_the_next_run_ends_it(here: Place, run: int) -> None:
    body, names = SOUND * 20, [f"{n}.mp3" for n in range(4)]
    moment = random.Random(run).random() * 0.05
    with careless(lambda request: serve_file(request, body)) as server:
        urls = [f"{server.base}/{name}" for name in names]
        with running(here, urls) as process:
            until(lambda: bool(server.asked) or process.poll() is not None, "a request")
            threading.Event().wait(moment)
        done = list(here.root.glob("media/*/*"))
        assert all(path.read_bytes() == body for path in done)
        wanted = [here.wanted(url, name) for url, name in zip(urls, names, strict=True)]
        came = here.all(*wanted)
    assert all(isinstance(one, Downloaded) for one in came), came
    assert {path.name: path.read_bytes() for path in here.root.glob("media/*/*")} == dict.fromkeys(
        names, body
    )


# --- lengths that lie ------------------------------------------------------------------------


def test_a_server_that_promises_too_little_is_asked_for_the_rest(here: Place) -> None:
    """Only the feed knows better."""

    def serve(request: Request) -> None:
        if request.headers.get("Range"):
            serve_file(request, SOUND)
        else:
            request.answer(200, SOUND, Content_Length="10000", ETag='"one"')

    with careless(serve) as server:
        assert here.fetched(server.base, length=len(SOUND)) == SOUND


@pytest.mark.parametrize("length", [None, 0, 1, len(SOUND) - 1, len(SOUND) + 1, 10**12])
def test_a_feed_with_a_wrong_length_does_not_keep_a_recording_away(
    here: Place, length: int | None
) -> None:
    with careless(lambda request: serve_file(request, SOUND)) as server:
        assert here.fetched(server.base, length=length) == SOUND
        assert len(server.asked) <= 2


@pytest.mark.parametrize("status", [403, 404, 500])
def test_whether_there_is_more_may_stay_unknown(here: Place, status: int) -> None:
    def serve(request: Request) -> None:
        if request.headers.get("Range"):
            request.answer(status)
        else:
            serve_file(request, SOUND)

    with careless(serve) as server:
        assert here.fetched(server.base, length=len(SOUND) + 1) == SOUND


def test_an_end_that_may_be_a_broken_connection_is_looked_at_twice(here: Place) -> None:
    """Neither a length nor chunks: the connection just closes (RFC 9112, 6.3)."""

    def serve(request: Request) -> None:
        cut = 10_000 if request.number == 1 else None
        request.answer(200, SOUND, Content_Length=None, cut=cut)

    with careless(serve) as server:
        assert here.fetched(server.base) == SOUND
        assert len(server.asked) == 3


def test_but_not_when_the_feed_knows_the_length(here: Place) -> None:
    with careless(lambda request: request.answer(200, SOUND, Content_Length=None)) as server:
        assert here.fetched(server.base, length=len(SOUND)) == SOUND
        assert len(server.asked) == 1


def test_a_server_with_ranges_says_itself_that_there_is_no_more(here: Place) -> None:
    def serve(request: Request) -> None:
        if request.headers.get("Range"):
            serve_file(request, SOUND)
        else:
            request.answer(200, SOUND, Content_Length=None, ETag='"one"')

    with careless(serve) as server:
        assert here.fetched(server.base) == SOUND
        assert asked_ranges(server) == [None, f"bytes={len(SOUND)}-"]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_stream_without_end_is_stopped(here: Place, chunked: bool) -> None:
    def serve(request: Request) -> None:
        extra = b"Transfer-Encoding: chunked\r\n" if chunked else b""
        request.say(b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n%s\r\n" % extra)
        piece = SOUND[:16384]
        framed = b"4000\r\n%s\r\n" % piece if chunked else piece
        while not request.over.is_set():
            request.say(framed)

    with careless(serve) as server:
        bounds = Bounds(most=5_000_000, unsaid=1_000_000)
        assert "gives more than 5.0 MB" in here.refused(server.base, bounds=bounds)
        assert "gives more than 1.0 MB" in here.refused(server.base, bounds=bounds, length=10)
        assert "gives more than 1.4 MB" in here.refused(server.base, bounds=bounds, length=700_000)
        assert len(server.asked) == 3
    assert not here.halves()


def test_what_is_larger_than_anything_is_not_begun(here: Place) -> None:
    def serve(request: Request) -> None:
        request.answer(200, SOUND, Content_Length=str(5 * 10**15), cut=100)

    with careless(serve) as server:
        assert "is larger than anything that is fetched: 5000000.0 GB" in here.refused(server.base)
        assert len(server.asked) == 1


def test_a_server_that_drips_is_not_heard_for_hours(here: Place) -> None:
    def serve(request: Request) -> None:
        request.say(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while not request.over.wait(0.01):
            request.say(b"x")

    here.limits = Limits(timeout=5.0, pause=0.0, tries=2)
    with careless(serve) as server:
        assert "within 0.1 seconds" in here.refused(server.base, bounds=Bounds(minute=0.1))


# --- what is no recording --------------------------------------------------------------------


PAGES = {
    "html": (b"<!DOCTYPE html><title>Sorry</title>", "HTML"),
    "html-in-capitals-after-blanks": (b"\xef\xbb\xbf \n<HTML><body>", "HTML"),
    "xml": (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "XML"),
    "json": (b'{"error": "not found"}', "text"),
    "text": (b"Not found", "text"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
    "picture": (b"\xff\xd8\xff\xe0" + bytes(600), "JPEG"),
    "pdf": (b"%PDF-1.7\n" + bytes(600), "PDF"),
    "zip": (b"PK\x03\x04" + bytes(600), "ZIP"),
    "long-html": (b"<html>" + b"<p>Sorry</p>" * 90_000, "HTML"),
}


@pytest.mark.parametrize(("body", "name"), PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("type_", ["text/html", "audio/mpeg"])
def test_what_is_no_recording_is_refused_whatever_it_is_called(
    here: Place, body: bytes, name: str, type_: str
) -> None:
    with careless(lambda request: serve_file(request, body, type=type_)) as server:
        assert here.refused(server.base) == f"{server.base} gives no recording, but {name}"
        assert len(server.asked) == 1
    assert not here.halves()


def test_what_nobody_knows_is_what_the_server_says(here: Place) -> None:
    body = b"\x00\x01\x02\x03" * 500
    with careless(lambda request: serve_file(request, body, type="text/html")) as server:
        assert "gives no recording, but text/html" in here.refused(server.base)
    with careless(lambda request: serve_file(request, body)) as server:
        assert here.fetched(server.base) == body


@pytest.mark.parametrize("length", ["0", None])
def test_an_empty_file_is_refused(here: Place, length: str | None) -> None:
    with careless(lambda request: request.answer(200, b"", Content_Length=length)) as server:
        assert here.refused(server.base) == f"{server.base} gives an empty file"
    assert not here.halves()


def test_no_content_is_no_file(here: Place) -> None:
    with careless(lambda request: request.answer(204, Content_Length=None)) as server:
        assert "it gives no file" in here.refused(server.base)


KINDS: list[tuple[Kind, bytes, str, bool]] = [
    ("picture", b"\xff\xd8\xff\xe0" + bytes(600), "image/jpeg", True),
    ("picture", b"\x89PNG\r\n\x1a\n" + bytes(600), "image/png", True),
    ("picture", b"<!doctype html>", "image/jpeg", False),
    ("picture", SOUND, "image/jpeg", False),
    ("picture", b"\x00\x01" * 500, "image/jpeg", False),
    ("text", b"WEBVTT\n\n00:01.000 --> 00:02.000\nHej\n", "text/vtt", True),
    ("text", b'{"version": "1.2.0", "chapters": []}', "application/json+chapters", True),
    ("text", b"<!doctype html><p>Hej", "text/html", True),
    ("text", b"<!doctype html><p>Sorry", "text/vtt", False),
    ("text", SOUND, "text/vtt", False),
]


@pytest.mark.parametrize(("kind", "body", "type_", "fine"), KINDS)
def test_pictures_and_texts_are_looked_at_too(
    here: Place, kind: Kind, body: bytes, type_: str, fine: bool
) -> None:
    with careless(lambda request: serve_file(request, body, type=type_)) as server:
        came = here.one(server.base, kind=kind)
    assert isinstance(came, Downloaded) is fine
    if isinstance(came, Downloaded):
        assert came.type == type_


def test_a_file_that_is_not_the_one_that_is_known_is_refused(here: Place) -> None:
    with careless(lambda request: serve_file(request, SOUND)) as server:
        assert "its SHA-256 differs" in here.refused(server.base, sha256="0" * 64)
        right = hashlib.sha256(SOUND).hexdigest().upper()
        assert here.fetched(server.base, sha256=right) == SOUND


# --- a file that is there already ------------------------------------------------------------


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_what_was_fetched_is_not_fetched_again_nor_read(
    here: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with careless(lambda request: serve_file(request, SOUND)) as server:
        first = here.one(server.base)
        monkeypatch.setattr("feedtool.adopt.present.digest", None)
        again = here.one(server.base)
        assert len(server.asked) == 1
    assert isinstance(first, Downloaded)
    assert isinstance(again, Downloaded)
    assert again == Downloaded(
        url=first.url, path=first.path, bytes=first.bytes, sha256=first.sha256, type=first.type,
        fetched=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "known", [{"sha256": hashlib.sha256(SOUND).hexdigest()}, {"length": len(SOUND)}]
)
def test_a_file_of_the_known_bytes_is_the_one(here: Place, known: dict[str, Any]) -> None:
    put(here.path(), SOUND)
    with careless(lambda request: serve_file(request, SOUND)) as server:
        came = here.one(server.base, **known)
        assert isinstance(came, Downloaded)
        assert not came.fetched
        assert server.asked == []


@pytest.mark.parametrize("chunked", [False, True])
def test_where_nothing_is_known_the_server_is_asked(here: Place, chunked: bool) -> None:
    def serve(request: Request) -> None:
        request.answer(200, SOUND, Content_Length=None if chunked else str(len(SOUND)))

    put(here.path(), SOUND)
    with careless(serve) as server:
        came = here.one(server.base, length=5)
        assert isinstance(came, Downloaded)
        assert not came.fetched
        here.one(server.base, length=5)
        assert len(server.asked) == 1, "it is noted"


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("there", [b"", b"mine", SOUND[:-1], SOUND + b"x"])
def test_another_file_of_that_name_is_left_alone(here: Place, there: bytes, chunked: bool) -> None:
    def serve(request: Request) -> None:
        request.answer(200, SOUND, Content_Length=None if chunked else str(len(SOUND)))

    put(here.path(), there)
    with careless(serve) as server:
        for known in ("", hashlib.sha256(SOUND).hexdigest()):
            came = here.one(server.base, sha256=known)
            assert isinstance(came, Failed)
            assert "is there already, and is not what is at" in str(came.error)
    assert here.path().read_bytes() == there


def test_a_file_that_a_person_changed_since_is_left_alone(here: Place) -> None:
    with careless(lambda request: serve_file(request, SOUND)) as server:
        here.one(server.base)
        here.path().write_bytes(b"mine")
        assert isinstance(here.one(server.base), Failed)
    assert here.path().read_bytes() == b"mine"


@pytest.mark.parametrize("same", [True, False])
def test_a_file_that_comes_meanwhile_is_left_alone(here: Place, same: bool) -> None:
    def serve(request: Request) -> None:
        put(here.path(), SOUND if same else b"mine")
        serve_file(request, SOUND)

    with careless(serve) as server:
        came = here.one(server.base)
    assert isinstance(came, Downloaded if same else Failed)
    assert here.path().read_bytes() == (SOUND if same else b"mine")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_that_leads_nowhere_is_left_alone(here: Place) -> None:
    here.path().parent.mkdir(parents=True)
    here.path().symlink_to("../../.git/annex/objects/x")
    with careless(lambda request: serve_file(request, SOUND)) as server:
        came = here.one(server.base)
    assert isinstance(came, Failed)
    assert "is a link that leads nowhere" in str(came.error)
    assert here.path().is_symlink()


def test_a_folder_of_that_name_is_left_alone(here: Place) -> None:
    here.path().mkdir(parents=True)
    with careless(lambda request: serve_file(request, SOUND)) as server:
        came = here.one(server.base)
    assert isinstance(came, Failed)
    assert here.path().is_dir()


# --- the disk --------------------------------------------------------------------------------


def test_what_does_not_fit_is_not_begun_and_the_others_go_on(here: Place) -> None:
    def serve(request: Request) -> None:
        if request.path == "/large":
            request.answer(200, SOUND, Content_Length=str(10**15), cut=0)
        else:
            serve_file(request, SOUND)

    bounds = Bounds(most=10**16)
    with careless(serve) as server:
        came = here.all(
            here.wanted(f"{server.base}/large", "large.mp3"),
            here.wanted(f"{server.base}/small", "small.mp3"),
            bounds=bounds,
        )
    by_name = {one.path.name: one for one in came}
    assert isinstance(by_name["small.mp3"], Downloaded)
    failed = by_name["large.mp3"]
    assert isinstance(failed, Failed)
    assert "needs 1000000.0 GB, and" in str(failed.error)
    assert failed.error.exit_code == 5


def test_a_full_disk_is_one_message(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(partial.Partial, "add", full)
    with (
        careless(lambda request: serve_file(request, SOUND)) as server,
        pytest.raises(WriteError, match="the disk is full") as caught,
    ):
        here.all(*(here.wanted(f"{server.base}/{n}", f"{n}.mp3") for n in range(9)))
    assert caught.value.exit_code == 5


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux has a full disk")
def test_a_disk_that_fills_up_meanwhile(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def opened(path: Path, *more: Any, **named: Any) -> Any:
        return real(Path("/dev/full") if path.suffix == ".part" else path, *more, **named)

    monkeypatch.setattr(Path, "open", opened)
    with (
        careless(lambda request: serve_file(request, SOUND)) as server,
        pytest.raises(WriteError, match="the disk is full"),
    ):
        here.one(server.base)
    assert not here.path().exists()


def test_room_that_others_take_meanwhile_is_seen(
    here: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_LOOK", 1000)
    with (
        careless(lambda request: request.answer(200, SOUND, Content_Length=None)) as server,
        pytest.raises(WriteError, match="the disk is full"),
    ):
        here.one(server.base, bounds=Bounds(room=10**18))


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="rights of POSIX")
def test_a_folder_that_may_not_be_written_to(here: Place) -> None:
    here.path().parent.mkdir(parents=True)
    here.path().parent.chmod(0o555)
    try:
        with careless(lambda request: serve_file(request, SOUND)) as server:
            came = here.one(server.base)
    finally:
        here.path().parent.chmod(0o755)
    assert isinstance(came, Failed)
    assert "could not be written or read: Permission denied" in str(came.error)


def test_media_on_another_disk(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def elsewhere(*_: object) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(partial, "give_name", elsewhere)
    with careless(lambda request: serve_file(request, SOUND)) as server:
        assert here.fetched(server.base) == SOUND


# --- a fault of ours, and a caller that has enough -------------------------------------------


def test_a_fault_of_ours_is_not_hidden(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching.Fetch, "_take", None)
    with (
        careless(lambda request: serve_file(request, SOUND)) as server,
        pytest.raises(TypeError),
    ):
        here.one(server.base)


def test_who_has_enough_waits_for_nothing(here: Place) -> None:
    def serve(request: Request) -> None:
        if request.path != "/0":
            request.over.wait(30)
        serve_file(request, SOUND)

    with careless(serve) as server, Web(limits=Limits(timeout=30.0)) as web:
        wanted = [here.wanted(f"{server.base}/{n}", f"{n}.mp3") for n in range(6)]
        coming = download(wanted, here.partial, web, lambda *_: None)
        next(coming)
        coming.close()  # type: ignore[attr-defined]
        assert web.stopped
        assert len(server.asked) <= 3
    assert [path.name for path in here.path().parent.iterdir()] == ["0.mp3"]


def test_memory_stays_flat(here: Place) -> None:
    size = (1000 if LONG else 200) * 1024**2
    block = bytes(range(256)) * 1024
    blocks = size // len(block)

    def serve(request: Request) -> None:
        request.say(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        for _ in range(blocks):
            request.say(block)

    with careless(serve) as server:
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        try:
            came = here.one(server.base)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert isinstance(came, Downloaded)
    expected = hashlib.sha256()
    for _ in range(blocks):
        expected.update(block)
    assert (came.bytes, came.sha256) == (size, expected.hexdigest())
    assert peak - before < 12 * 1024**2
    here.path().unlink()
