"""`feedtool sync`, as it is typed, with a double of SoundCloud."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from feedtool.cli.told_sync import plain, told, worded
from feedtool.sync.host import Held
from feedtool.sync.plan import Plan
from feedtool.sync.step import Action, Step, Why

from .catalogs import MEDIA, NOW, REPOSITORY, Catalog, Run, a_catalog
from .hosts.double import Boundary, Reply, Request
from .hosts.soundcloud_double import SoundCloudDouble
from .shipped import shipped_catalog
from .terminal import converse

AUDIO = 6
"""Episodes of the shipped catalog that SoundCloud takes; the others are video."""


@dataclass
class Place:
    """A catalog whose host is a double."""

    catalog: Catalog
    double: SoundCloudDouble
    env: dict[str, str]

    def sync(self, *arguments: str) -> Run:
        return self.catalog.run("sync", "soundcloud", "--json", *arguments, env=self.env)

    def told(self, *arguments: str) -> Run:
        return self.catalog.run("sync", "soundcloud", *arguments, env=self.env)

    def count(self, method: str, path: str) -> int:
        return len(self.double.asked(method, path))


def hosts(double: SoundCloudDouble) -> str:
    return f'{{soundcloud: {{kind: soundcloud, url: "{double.url}", auth_url: "{double.url}"}}}}'


@pytest.fixture
def double(tmp_path: Path) -> Iterator[SoundCloudDouble]:
    double = SoundCloudDouble(tmp_path / "double")
    with double.serving():
        yield double


@pytest.fixture
def place(tmp_path: Path, double: SoundCloudDouble) -> Place:
    """Two episodes, nothing at the host yet."""
    catalog = a_catalog(tmp_path / "catalog")
    path = catalog.root / "feedtool.yaml"
    path.write_text(path.read_text("utf-8") + f"hosts: {hosts(double)}\n", "utf-8")
    catalog.episode("april", title="April", date="2025-04-01")
    catalog.episode("maj", title="Maj", date="2025-05-01")
    return Place(catalog, double, {"FEEDTOOL_SOUNDCLOUD_TOKEN": double.grant().access})


@pytest.fixture
def synced(place: Place) -> Place:
    assert place.sync("--yes").code == 0
    return place


def test_the_shipped_catalog_goes_there_once(tmp_path: Path, double: SoundCloudDouble) -> None:
    catalog = shipped_catalog(tmp_path / "shipped", hosts(double))
    place = Place(catalog, double, {"FEEDTOOL_SOUNDCLOUD_TOKEN": double.grant().access})
    first = place.sync("--yes")
    assert (first.code, len(first.json["done"])) == (0, AUDIO), first.err
    assert {one.public for one in double.tracks.values()} == {True}
    again = place.sync("--yes")
    assert [one["action"] for one in again.json["plan"]] == ["skip"] * 4
    assert {one["why"].rpartition(" ")[2] for one in again.json["plan"]} == {"video/mp4"}
    assert again.json["done"] == []
    assert place.count("POST", "/tracks") == AUDIO
    file = next((catalog.root / "episodes").glob("jakten*/kjell*.md"))
    file.write_text(file.read_text("utf-8").replace("title: ", "title: Nya ", 1), "utf-8")
    (done,) = place.sync("--yes").json["done"]
    assert (done["action"], done["fields"], done["ok"]) == ("update", ["title"], True)
    assert place.count("PUT", "/tracks") == AUDIO + 1, "each was shown once, and one changed"


def test_a_plan_is_shown_and_nothing_is_done(place: Place) -> None:
    shown = place.told("--dry-run")
    assert shown.code == 0
    assert '2025-04-01  "April"' in shown.err
    assert place.double.tracks == {}
    assert not (place.catalog.root / "soundcloud.lock").exists()
    planned = place.sync("--dry-run").json
    assert [(one["action"], one["episode"]) for one in planned["plan"]] == [
        ("create", "samtal/april"), ("create", "samtal/maj"),
    ]  # fmt: skip


def test_episodes_with_one_title_are_told_apart(place: Place) -> None:
    place.catalog.series("webb", "title: Webb\ndescription: Webb.\ncategories: [Government]\n")
    place.catalog.episode("maj", series="webb", title="Maj", date="2025-05-02")
    shown = place.told("--dry-run").err
    assert '"Maj"  samtal/maj' in shown
    assert '"Maj"  webb/maj' in shown
    assert '"April"  samtal/april' not in shown


def test_a_person_is_asked(place: Place) -> None:
    refused = converse(
        place.catalog.root, ["sync", "soundcloud", "--now", NOW], [("Go ahead?", "n")], place.env
    )
    assert refused.code == 130
    assert place.double.tracks == {}
    agreed = converse(
        place.catalog.root, ["sync", "soundcloud", "--now", NOW], [("Go ahead?", "y")], place.env
    )
    assert agreed.code == 0
    assert "Done: 2." in agreed.shown
    assert len(place.double.tracks) == 2


def test_nobody_there_to_ask_is_told_the_option(place: Place) -> None:
    refused = place.sync()
    assert (refused.code, "--yes" in refused.json["error"]["mend"]) == (2, True)
    assert place.double.tracks == {}


def test_a_scheduled_episode_waits(place: Place) -> None:
    place.catalog.episode("juni", title="Juni", date="2099-06-01")
    place.catalog.episode("utkast", "status: draft\n", title="Utkast")
    place.sync("--yes")
    assert sorted(str(one.fields["title"]) for one in place.double.tracks.values()) == [
        "April", "Maj",
    ]  # fmt: skip


def test_a_catalog_with_errors_is_not_synced(place: Place) -> None:
    place.catalog.write("episodes/samtal/fel.md", "---\ntitel: Fel\n---\n")
    stopped = place.sync("--yes")
    assert (stopped.code, stopped.json["ok"]) == (1, False)
    assert place.double.requests == []


def test_the_description_ends_with_the_page(synced: Place) -> None:
    (april,) = [one for one in synced.double.tracks.values() if one.fields["title"] == "April"]
    assert str(april.fields["description"]).endswith("https://podd.example/samtal/april/")


def test_a_lost_lock_comes_back_from_the_markers(synced: Place) -> None:
    lock = synced.catalog.root / "soundcloud.lock"
    before = [line.partition(',"at"')[0] for line in lock.read_text("utf-8").splitlines()]
    lock.unlink()
    assert synced.sync("--yes").code == 0
    after = [line.partition(',"at"')[0] for line in lock.read_text("utf-8").splitlines()]
    assert after == before
    assert synced.count("POST", "/tracks") == 2
    assert synced.sync("--yes").json["plan"] == []


def test_a_list_that_shifts_while_it_is_read_uploads_nothing_twice(synced: Place) -> None:
    """The lock is lost, and a track of somebody else goes between two pages."""
    for track in synced.double.tracks.values():
        track.created -= timedelta(days=1)
    april, maj = synced.double.tracks.values()
    theirs = {**april.fields, "title": "Annat", "tag_list": ""}
    synced.double.tracks[0] = replace(april, number=0, fields=theirs)
    (synced.catalog.root / "soundcloud.lock").unlink()
    synced.double.most_per_page = 2

    def before_page(page: int) -> None:
        if page == 1:
            synced.double.tracks.pop(0, None)

    synced.double.before_page = before_page
    run = synced.sync("--yes")
    assert [one["ok"] for one in run.json["done"]] == [True, True]
    assert synced.count("POST", "/tracks") == 2
    assert {*synced.double.tracks} == {april.number, maj.number}
    assert synced.sync("--yes").json["plan"] == []


def test_an_unclear_answer_of_a_host_with_another_clock_uploads_nothing_twice(
    place: Place,
) -> None:
    place.double.advance(-3600)
    place.env["FEEDTOOL_SOUNDCLOUD_TOKEN"] = place.double.grant().access
    place.double.fault("504 after", method="POST", path="/tracks")
    assert [one["ok"] for one in place.sync("--yes").json["done"]] == [True, True]
    assert place.count("POST", "/tracks") == 2
    assert place.sync("--yes").json["plan"] == []


def test_two_at_once_one_works_and_the_other_says_who_does(place: Place) -> None:
    arrived, over = threading.Event(), threading.Event()

    def wait(boundary: Boundary) -> None:
        if boundary[:1] + boundary[2:] == ("before", "POST", "/tracks"):
            arrived.set()
            over.wait(60)

    place.double.hook = wait
    command = [sys.executable, "-m", "feedtool", "sync", "soundcloud", "--yes", "--json"]
    env = {**place.env, "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(
        command, cwd=place.catalog.root, env={**os.environ, **env},
        stdout=subprocess.PIPE, text=True,
    ) as first:  # fmt: skip
        assert arrived.wait(60)
        second = place.sync("--yes")
        over.set()
        assert second.code == 5
        assert f"(process {first.pid})" in second.json["error"]["message"]
        out, _ = first.communicate()
    assert (first.returncode, len(json.loads(out)["done"])) == (0, 2)
    assert len(place.double.tracks) == 2


def test_an_account_of_another_person_is_not_touched(synced: Place) -> None:
    from .hosts.soundcloud_double import User

    synced.double.users["annan"] = User("annan", 78)
    synced.env["FEEDTOOL_SOUNDCLOUD_TOKEN"] = synced.double.grant("annan").access
    refused = synced.sync("--yes")
    assert refused.code == 4
    assert "another" in refused.json["error"]["message"]


def test_another_server_with_an_account_of_that_number_is_not_touched(
    tmp_path: Path, synced: Place
) -> None:
    settings = synced.catalog.root / "feedtool.yaml"
    lock = synced.catalog.root / "soundcloud.lock"
    other = SoundCloudDouble(tmp_path / "other")
    with other.serving():
        synced.env["FEEDTOOL_SOUNDCLOUD_TOKEN"] = other.grant().access
        text = settings.read_text("utf-8").replace(synced.double.url, other.url)
        settings.write_text(text, "utf-8")
        refused = synced.sync("--yes", "--replace")
        assert refused.code == 4
        for url in (synced.double.url, other.url):
            assert url in refused.json["error"]["message"]
        assert other.requests == []
        moved = lock.read_text("utf-8").replace(synced.double.url, other.url)
        lock.write_text(moved, "utf-8")
        other.tracks = synced.double.tracks
        assert synced.sync("--yes").json["plan"] == []


@pytest.mark.parametrize("end", ["/", "/api/v1/"])
def test_another_spelling_of_its_address_is_no_other_host(end: str, synced: Place) -> None:
    lock = synced.catalog.root / "soundcloud.lock"
    url = synced.double.url.replace("http:", "HTTPS:")
    lock.write_text(lock.read_text("utf-8").replace(synced.double.url, url + end), "utf-8")
    assert synced.sync("--yes").json["plan"] == []


def test_a_refused_token_says_how_to_sign_in(place: Place) -> None:
    place.env["FEEDTOOL_SOUNDCLOUD_TOKEN"] = "wrong"
    refused = place.sync("--yes")
    assert refused.code == 4
    assert "feedtool login soundcloud" in refused.json["error"]["mend"]
    assert place.double.tracks == {}


def test_a_host_that_is_not_there_is_told_in_words(place: Place) -> None:
    settings = place.catalog.root / "feedtool.yaml"
    text = settings.read_text("utf-8").replace(place.double.url, "http://127.0.0.1:9")
    settings.write_text(text, "utf-8")
    gone = place.sync("--yes")
    assert gone.code == 5
    told = "soundcloud cannot be reached: no server listens there: the connection is refused"
    assert gone.json["error"]["message"] == told


@pytest.mark.parametrize("name", ["funkvagn", "samtal"])
def test_an_unknown_host_is_told_those_there_are(place: Place, name: str) -> None:
    refused = place.catalog.run("sync", name, "--json", env=place.env)
    assert (refused.code, "soundcloud" in refused.json["error"]["mend"]) == (2, True)


def test_an_unknown_series_is_told_those_there_are(place: Place) -> None:
    refused = place.sync("intervjuer")
    assert (refused.code, refused.json["error"]["mend"]) == (2, "name samtal")


def test_a_series_is_named_where_nothing_is_due_yet(place: Place) -> None:
    for episode in ("april", "maj"):
        place.catalog.episode(episode, date="2099-06-01")
    refused = place.sync("samtal")
    assert refused.code == 2
    assert "feedtool status" in refused.json["error"]["mend"]


def test_one_that_fails_stops_no_other_and_the_code_says_so(place: Place) -> None:
    place.double.fault(
        "500 json", method="POST", path="/tracks", status=422,
        body='{"code": 422, "message": "unable to process provided asset_data"}',
    )  # fmt: skip
    part = place.sync("--yes")
    assert part.code == 5
    assert [one["ok"] for one in part.json["done"]] == [False, True]
    assert "unable to process" in part.json["done"][0]["why"]
    assert place.sync("--yes").code == 0
    assert len(place.double.tracks) == 2


def test_a_host_that_breaks_down_leaves_what_was_done(place: Place) -> None:
    place.double.fault("403 html", method="PUT", path="/tracks", times=9)
    stopped = place.sync("--yes")
    assert stopped.code == 5
    assert [one.public for one in place.double.tracks.values()] == [False]
    place.double.faults.clear()
    assert place.sync("--yes").code == 0
    assert [one.public for one in place.double.tracks.values()] == [True, True]
    assert place.count("POST", "/tracks") == 2


def test_an_upload_that_does_not_say_who_can_see_it_is_looked_up_and_shown(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place.catalog.root / "episodes/samtal/april.md").unlink()
    answer = place.double.answer

    def odd(request: Request) -> Reply:
        reply = answer(request)
        if (request.method, reply.status) != ("POST", 201):
            return reply
        return Reply.of(201, {**json.loads(reply.body), "sharing": None})

    monkeypatch.setattr(place.double, "answer", odd)
    assert place.sync("--yes").code == 0
    assert [one.public for one in place.double.tracks.values()] == [True]
    assert place.sync("--yes").json["plan"] == []


def test_what_failed_is_not_counted_as_done_before(place: Place) -> None:
    said = '{"code": 422, "message": "unable to process provided asset_data"}'
    place.double.fault("500 json", method="POST", path="/tracks", status=422, body=said)
    place.double.fault("403 html", method="POST", path="/tracks")
    stopped = place.told("--yes")
    assert stopped.code == 5
    assert "unable to process" in stopped.err
    assert "done before" not in stopped.err


def test_a_host_that_wants_fewer_requests_is_waited_for(place: Place) -> None:
    place.double.fault("429", method="POST", path="/tracks", headers={"Retry-After": "1"})
    waited = place.told("--yes")
    assert waited.code == 0
    assert "waiting 1 s" in waited.err
    assert len(place.double.tracks) == 2


def test_a_quota_stops_before_anything_is_sent(place: Place) -> None:
    place.double.users["nordvik"].seconds_left = 1
    refused = place.sync("--yes")
    assert refused.code == 5
    assert "room" in refused.json["error"]["message"]
    assert place.count("POST", "/tracks") == 0


def test_nothing_that_opens_the_host_is_told_or_kept(synced: Place) -> None:
    synced.catalog.write(
        "episodes/samtal/maj.md",
        (synced.catalog.root / "episodes/samtal/maj.md")
        .read_text("utf-8")
        .replace("Maj", "Maj igen"),
    )
    runs = [synced.sync("--yes"), synced.told("--dry-run"), synced.catalog.run("status")]
    synced.env["FEEDTOOL_SOUNDCLOUD_TOKEN"] += "x"
    runs.append(synced.told("--yes"))
    told = "".join(run.out + run.err for run in runs)
    kept = b"".join(path.read_bytes() for path in synced.catalog.root.rglob("*") if path.is_file())
    for secret in synced.double.secrets():
        assert secret not in told
        assert secret.encode() not in kept


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc here")
def test_a_large_recording_takes_no_more_memory(place: Place) -> None:
    place.double.users["nordvik"].seconds_left = None
    frames = (MEDIA / "cbr.mp3").read_bytes()
    place.catalog.episode("stor", title="Stor", date="2025-06-01", fixture="")
    with (place.catalog.root / "media/samtal/stor.mp3").open("wb") as file:
        for _ in range(40):
            file.write(frames * (5_000_000 // len(frames)))
    watch = (
        "import sys; from feedtool.cli import main\n"
        "try: main()\n"
        "finally: print([line for line in open('/proc/self/status') if line[:6] == 'VmHWM:'],"
        " file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", watch, "sync", "soundcloud", "--yes", "--json"],
        cwd=place.catalog.root, check=False, capture_output=True, text=True,
        env={**os.environ, **place.env, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert max(one.bytes for one in place.double.tracks.values()) > 190_000_000
    (peak,) = re.findall(r"VmHWM:\\t *(\d+) kB", done.stderr)
    assert int(peak) < 100_000, "kilobytes"


@pytest.mark.parametrize("name", [".feedtool/sync-soundcloud.owner", ".feedtool.lock.tmp"])
def test_where_nothing_can_be_written_nothing_is_sent(name: str, place: Place) -> None:
    in_the_way = place.catalog.root / name
    (in_the_way / "file").parent.mkdir(parents=True)  # as good as no permission, for root too
    stopped = place.sync("--yes")
    assert (stopped.code, stopped.json["error"]["code"]) == (5, "write")
    assert place.double.tracks == {}
    in_the_way.rmdir()
    assert place.sync("--yes").code == 0
    assert len(place.double.tracks) == 2


def test_status_tells_what_is_there(synced: Place) -> None:
    synced.catalog.episode("juni", title="Juni", date="2025-06-01")
    told = synced.catalog.run("status", "--json")
    assert told.json["hosts"] == [
        {"name": "soundcloud", "public": 2, "hidden": [], "waiting": ["samtal/juni"], "unclear": 0}
    ]


FOREIGN = "X\x1b]0;pwned\x07\x1b[2J\x9b1m\nhej\ud800 👩‍💻"


def test_what_a_host_says_cannot_steer_the_terminal(synced: Place) -> None:
    synced.double.make(title=FOREIGN, state="failed")
    shown = synced.told("--dry-run").err
    assert '"X\ufffd]0;pwned\ufffd\ufffd[2J\ufffd1m hej\ufffd 👩‍💻"' in shown
    assert [sign for sign in FOREIGN if not sign.isprintable() and sign in shown] == [
        "\n",
        "\u200d",
    ]


def test_reasons_of_a_host_cannot_steer_the_terminal() -> None:
    why = Why("the host could not process it: {reason}", {"reason": FOREIGN})
    step = Step(action=Action.DRIFT, why=why, held=Held(remote="1", title="A"))
    (line,) = told(Plan(steps=(step,)), str.format)
    for text in (line, plain(step, str.format)["why"]):
        assert "it: X\ufffd]0;pwned\ufffd\ufffd[2J\ufffd1m hej\ufffd 👩‍💻" in text
    assert worded(str.format, "{n} of {name}", {"n": 3, "name": "\x1b"}) == "3 of \ufffd"
