"""What was published is looked at as apps do, and the world is told only of what is live."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from feedtool.publish.live import look_at_media, session
from feedtool.publish.notify import Services, tell
from feedtool.publish.served import type_of
from feedtool.publish.state import Owed
from feedtool.publish.target import STATE_FILE
from feedtool.reach import Depth
from feedtool.vocabulary import EXTENSIONS

from .catalogs import CATALOG, NOW, REPOSITORY, Catalog, Run, a_catalog, a_rich_catalog, tree
from .outside import program
from .servers import free_port, library, running
from .sites import Answer, Web, web

FEED, RECORDING = "samtal/feed.xml", "media/samtal/ett.mp3"


@dataclass
class Live:
    """A catalog, a folder as its target, and the web server in front of that."""

    catalog: Catalog
    www: Path
    world: Web
    impatient: Path  #: in its PYTHONPATH nobody waits

    def publish(self, *arguments: str, **env: str) -> Run:
        path = os.pathsep.join([str(self.impatient), str(REPOSITORY)])
        return self.catalog.run(
            "publish", "--yes", "--json", "--now", NOW, *arguments, env={"PYTHONPATH": path, **env}
        )

    def published(self, *arguments: str, **env: str) -> dict[str, Any]:
        run = self.publish(*arguments, **env)
        assert run.code == 0, run.out + run.err
        return run.json

    def refused(self, **document: Any) -> dict[str, Any]:
        """The error of a publish that is stopped by what apps would get; what else is told."""
        run = self.publish()
        assert (run.code, run.json["error"]["code"]) == (5, "live")
        assert {name: run.json[name] for name in document} == document
        assert "Traceback" not in run.err
        return dict(run.json["error"])

    def add(self, more: str) -> None:
        path = self.catalog.root / "feedtool.yaml"
        path.write_text(path.read_text("utf-8") + more, "utf-8")

    @property
    def hub(self) -> str:
        return f"{self.world.url}hub"

    @property
    def owed(self) -> list[dict[str, str]]:
        owed: list[dict[str, str]] = json.loads((self.www / STATE_FILE).read_bytes())["owed"]
        return owed

    def faulty(self, path: str, **change: Any) -> None:
        """One file is served in another way from now on."""

        def changed(asked: str, answer: Answer) -> Answer:
            return replace(answer, **change) if asked == path else answer

        self.world.change = changed

    def mended(self) -> None:
        self.world.change = lambda path, answer: answer


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    www = tmp_path / "www"
    impatient = tmp_path / "impatient"
    impatient.mkdir()
    (impatient / "sitecustomize.py").write_text("import time\ntime.sleep = lambda seconds: None\n")
    with web() as world:
        world.read = lambda path: (www / path).read_bytes() if (www / path).is_file() else None
        catalog = a_catalog(
            tmp_path / "catalog",
            CATALOG.replace("https://podd.example/", world.url)
            + f"targets: {{webb: {{url: 'file://{www}', public: '{world.url}'}}}}\n",
        )
        catalog.episode()
        yield Live(catalog, www, world, impatient)


# looked at


def test_recordings_and_feeds_are_looked_at(live: Live) -> None:
    names = ["feed.xml", "atom.xml", "feed.json"]
    feeds = [f"samtal/{one}" for one in names] + [*names, "feeds.opml"]
    verified = live.published()["verified"]
    assert verified[0] == live.world.url + RECORDING
    assert sorted(verified[1:]) == sorted(live.world.url + one for one in feeds)


def test_a_recording_is_looked_at_before_the_feed_that_names_it(live: Live) -> None:
    there = []

    def noted(path: str, answer: Answer) -> Answer:
        there.append((path, tree(live.www)))
        return answer

    live.world.change = noted
    live.published()
    path, files = there[0]
    assert path == RECORDING
    assert RECORDING in files
    assert not [one for one in files if one.endswith("feed.xml")]


def test_an_edit_while_it_is_sent_is_a_change_since(live: Live) -> None:
    def edited(path: str, answer: Answer) -> Answer:
        live.catalog.episode(title="Ett nytt namn")
        return answer

    live.world.change = edited
    live.published()
    live.mended()
    counts = live.catalog.run("status", "--json", "--now", NOW).json["targets"]
    assert [one["changed"] for one in counts] == [["samtal/ett"]]


def test_passwords_of_this_machine_are_not_used(live: Live, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text("default login anna password hemligt\n")
    live.add(f"hubs: ['{live.hub}']\n")
    live.published(NETRC=str(tmp_path / "netrc"))
    assert live.world.posted()
    assert live.world.tokens == []


def test_of_old_recordings_nothing_is_asked(live: Live) -> None:
    live.published()
    live.catalog.episode("tva", date="2025-04-01")
    live.world.asked.clear()
    live.published()
    asked = {path for _, path, _ in live.world.asked if path.startswith("/media/")}
    assert asked == {"/media/samtal/tva.mp3"}


FAULTS: dict[str, Callable[[bytes], dict[str, Any]]] = {
    "no-ranges": lambda data: {"status": 200, "body": data, "headers": {}},
    "wrong-length": lambda data: {
        "headers": {"Content-Type": "audio/mpeg", "Content-Range": "bytes 0-1/77"}
    },
    "wrong-type": lambda data: {
        "headers": {"Content-Type": "text/html", "Content-Range": f"bytes 0-1/{len(data)}"}
    },
    "not-there": lambda data: {"status": 404, "body": b"", "headers": {}},
    "forbidden": lambda data: {"status": 403, "body": b"", "headers": {}},
    "failing": lambda data: {"status": 503, "body": b"", "headers": {}},
}
TOLD = {
    "no-ranges": "listeners cannot seek",
    "wrong-length": "has 77 bytes, not ",
    "wrong-type": "is served as text/html, not audio/mpeg",
    "not-there": "answers 404",
    "forbidden": "answers 403",
    "failing": "answers 503",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_recording_that_apps_cannot_play_stops_the_feeds(live: Live, fault: str) -> None:
    live.published()
    before = tree(live.www)
    live.catalog.episode("tva", date="2025-04-01")
    data = (live.catalog.root / "media/samtal/tva.mp3").read_bytes()
    live.faulty("media/samtal/tva.mp3", **FAULTS[fault](data))
    error = live.refused()
    assert TOLD[fault] in error["message"]
    assert "the feeds are as they were" in error["done"]
    after = tree(live.www)
    for path in (FEED, "feed.xml", "samtal/atom.xml", "feeds.opml"):
        assert after[path] == before[path]
    live.mended()
    sent = live.published()["sent"]
    assert FEED in sent
    assert "media/samtal/tva.mp3" not in sent


@pytest.mark.parametrize(
    ("ending", "type"), [(one, type) for type, all in EXTENSIONS.items() for one in all]
)
def test_a_place_that_is_told_types_serves_recordings_as_feeds_have_them(
    live: Live, ending: str, type: str
) -> None:
    """An object store gives what it was told: it is no fault of the server."""
    path = f"media/samtal/ett{ending}"
    live.world.read = lambda asked: b"1234"
    assert type_of(path).startswith(("audio/", "video/"))
    assert look_at_media(session(), live.world.url + path, 4, type) is None


OLD_FEED = """\
<rss version="2.0"><channel><title>Gamla samtal</title><description>Förr</description>
<language>sv</language>
<item><title>Gammalt</title><guid isPermaLink="false">gammalt-1</guid>
<pubDate>Mon, 03 Mar 2025 07:00:00 +0000</pubDate>
<enclosure url="{url}old/gammalt.mp3" length="5000" type="audio/mpeg"/></item>
</channel></rss>
"""


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("counter", ["", "count/"])
def test_an_odd_recording_of_another_server_stops_only_if_it_is_not_heard(
    live: Live, fault: str, counter: str
) -> None:
    """Its size is what an old feed said: of some hosts it is another one every day."""
    live.catalog.write("old.xml", OLD_FEED.format(url=live.world.url))
    taken = live.catalog.run("import", "old.xml", "--series", "gamla", "--no-media")
    assert taken.code == 0, taken.err
    live.add(f"media_prefix: '{live.world.url}{counter}'\n" if counter else "")
    odd = Answer(206, b"01", {})
    read = live.world.read
    live.world.read = lambda path: read(path.rpartition(live.world.url)[2])
    live.world.change = lambda path, answer: (
        replace(odd, **FAULTS[fault](b"0123456789")) if path.endswith("gammalt.mp3") else answer
    )
    if fault in {"no-ranges", "wrong-length"}:
        run = live.publish()
        assert run.code == 0, run.out
        assert TOLD[fault] in run.err
        assert (live.www / "gamla/feed.xml").exists()
    else:
        assert "that server is one of others" in live.refused()["mend"]
        assert not (live.www / "gamla/feed.xml").exists()


def test_a_wrong_feed_is_put_back(live: Live) -> None:
    live.published()
    before = {path: data for path, data in tree(live.www).items() if path != STATE_FILE}
    live.add(f"hubs: ['{live.hub}']\n")
    live.catalog.episode(title="Ett nytt namn")
    live.faulty(FEED, body=b"<html>Hej</html>")
    error = live.refused(verified=[])  # of what is there now, nothing was looked at
    assert f"{live.world.url}{FEED} is another file" in error["message"]
    after = tree(live.www)
    for path in (FEED, "feed.xml", "samtal/atom.xml", "samtal/feed.json"):
        assert after[path] == before[path]
    assert live.world.posted() == []
    assert live.owed == []
    live.mended()
    assert FEED in live.published()["sent"]
    assert live.world.posted()


def test_a_wrong_first_feed_is_taken_away(live: Live) -> None:
    live.faulty(FEED, status=500, body=b"")
    live.refused()
    assert not list(live.www.rglob("feed.xml"))
    live.mended()
    document = live.published()
    assert FEED in document["sent"]
    assert RECORDING not in document["sent"]


def test_nobody_is_there(live: Live) -> None:
    port = free_port()
    path = live.catalog.root / "feedtool.yaml"
    path.write_text(path.read_text("utf-8").replace(str(live.world.port), str(port)), "utf-8")
    assert "cannot be reached" in live.refused()["message"]
    assert not list(live.www.rglob("feed.xml"))


NO_ADDRESS = "it leads to what is no address on the web"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"status": 302, "headers": {"Location": "http://[::1"}}, NO_ADDRESS),
        ({"status": 302, "headers": {"Location": "ftp://a.example/b"}}, NO_ADDRESS),
        (
            {"status": 302, "headers": {"Location": "?"}},
            "it leads from address to address without end",
        ),
        ({"headers": {"Content-Encoding": "gzip"}}, "it is said to be compressed, but it is not"),
    ],
    ids=["unreadable", "other scheme", "circle", "compressed"],
)
@pytest.mark.parametrize("path", [RECORDING, FEED])
def test_a_server_that_leads_astray_is_told_in_words(
    live: Live, path: str, change: dict[str, Any], told: str
) -> None:
    if path == RECORDING and "status" not in change:
        pytest.skip("nothing of a recording is unpacked")
    live.faulty(path, **change)
    assert live.refused()["message"] == f"{live.world.url}{path} cannot be reached: {told}"


def test_a_server_need_not_tell_how_long_a_recording_is(live: Live) -> None:
    live.faulty(RECORDING, headers={"Content-Range": "bytes 0-1/*", "Content-Type": "audio/mpeg"})
    assert live.world.url + RECORDING in live.published()["verified"]


# caches


def test_an_old_copy_keeps_the_notification_owed(live: Live) -> None:
    live.add(f"hubs: ['{live.hub}']\n")
    live.published()
    live.world.asked.clear()
    old = (live.www / FEED).read_bytes()
    live.catalog.episode(title="Ett nytt namn")
    live.faulty(FEED, body=old)
    run = live.publish()
    assert run.code == 0
    assert "is still the old one; a cache keeps it for a while" in run.err
    told = [one["hub.url"] for one in live.world.posted()]
    assert told == [f"{live.world.url}feed.xml"]
    owed = [{"feed": live.world.url + FEED, "to": live.hub}]
    assert live.owed == owed

    run = live.publish()  # the cache is still the same
    assert (run.code, run.json["sent"], run.json["notified"]) == (0, [], [])
    assert live.owed == owed

    live.mended()
    document = live.published()
    assert document["sent"] == []
    assert [one["feed"] for one in document["notified"]] == [live.world.url + FEED]
    assert live.owed == []
    live.world.asked.clear()
    assert live.published()["notified"] == []
    assert live.world.asked == []


def test_a_cache_may_be_late_by_more_than_one_publish(live: Live) -> None:
    live.published()
    first = (live.www / FEED).read_bytes()
    live.faulty(FEED, body=first)
    for title in ("Ett nytt namn", "Ett nyare namn", "Ett namn"):
        live.catalog.episode(title=title)
        run = live.publish()
        assert run.code == 0, run.out
        assert f"{FEED} is still the old one" in run.err
        assert f"<title>{title}</title>" in (live.www / FEED).read_text("utf-8")
    live.mended()
    live.catalog.episode(title="Ett nytt namn")
    assert live.world.url + FEED in live.published()["verified"]
    live.faulty(FEED, body=first)  # no cache goes back
    live.catalog.episode(title="Ett nyare namn")
    assert "is another file" in live.refused()["message"]


def test_a_cache_may_have_a_feed_that_was_put_back(live: Live) -> None:
    live.published()
    live.catalog.episode(title="Ett nytt namn")
    seen = []

    def changed(path: str, answer: Answer) -> Answer:
        if path == FEED:
            seen.append(answer.body)
        return replace(answer, body=b"Hej") if path == "samtal/atom.xml" else answer

    live.world.change = changed
    live.refused()
    assert b"Ett nytt namn" in seen[0]
    live.faulty(FEED, body=seen[0])
    live.catalog.episode(title="Ett nyare namn")
    run = live.publish()
    assert (run.code, f"{FEED} is still the old one" in run.err) == (0, True)


def test_a_cache_that_wakes_up_is_waited_for(live: Live) -> None:
    live.add(f"hubs: ['{live.hub}']\n")
    live.published()
    old, looks = (live.www / FEED).read_bytes(), iter(range(100))
    live.catalog.episode(title="Ett nytt namn")

    def slow(path: str, answer: Answer) -> Answer:
        return replace(answer, body=old) if path == FEED and next(looks) < 3 else answer

    live.world.change = slow
    run = live.publish()
    assert run.code == 0
    assert "is still the old one" not in run.err
    assert live.world.url + FEED in run.json["verified"]


# told


def test_a_hub_is_told_once_with_both_names(live: Live) -> None:
    live.add(f"hubs: ['{live.hub}']\n")
    document = live.published()
    feeds = [live.world.url + FEED, f"{live.world.url}feed.xml"]
    assert live.world.posted() == [
        {"hub.mode": "publish", "hub.url": feed, "hub.topic": feed} for feed in feeds
    ]
    assert document["notified"] == [
        {"url": live.hub, "feed": feed, "status": 202} for feed in feeds
    ]
    assert live.published()["notified"] == []
    assert len(live.world.posted()) == 2


def test_a_hub_that_is_written_twice_is_told_once(live: Live) -> None:
    live.add(f"hubs: ['{live.hub}', '{live.hub}']\n")
    live.published()
    assert len(live.world.posted()) == 2  # of the series, and of all of them


def test_nobody_is_told_of_a_place_to_try_things_out(live: Live, tmp_path: Path) -> None:
    """Its feeds say that they are at base_url, and who subscribes there sees no change."""
    live.add(f"hubs: ['{live.hub}']\n")
    path = live.catalog.root / "feedtool.yaml"
    trial = f", prov: {{url: 'file://{live.www}/prov', public: '{live.world.url}prov/'}}}}"
    path.write_text(path.read_text("utf-8").replace("'}}\n", f"'}}{trial}\n"), "utf-8")
    document = live.published("prov")
    assert f"{live.world.url}prov/{FEED}" in document["verified"]
    assert (document["notified"], live.world.posted()) == ([], [])
    assert live.published("webb")["notified"]


def test_only_of_feeds_that_changed(live: Live) -> None:
    live.add(f"hubs: ['{live.hub}']\n")
    live.catalog.series("moten", "title: Möten\ndescription: M.\ncategories: [Government]\n")
    live.catalog.episode("fem", series="moten", date="2025-06-01")
    live.published()
    live.world.asked.clear()
    live.catalog.episode(title="Ett nytt namn")
    live.published()
    told = {one["hub.url"] for one in live.world.posted()}
    assert told == {f"{live.world.url}feed.xml", live.world.url + FEED}


def test_podping_and_podcast_index_are_told(live: Live) -> None:
    live.add("podping: true\npubnotify: true\n")
    live.published(
        FEEDTOOL_PODPING_URL=f"{live.world.url}podping",
        FEEDTOOL_PODPING_TOKEN="hemligt",
        FEEDTOOL_PUBNOTIFY_URL=f"{live.world.url}pubnotify",
    )
    asked = [urlsplit(path) for _, path, _ in live.world.asked]
    queries = [(one.path, parse_qs(one.query)) for one in asked if one.query]
    feed = live.world.url + FEED
    assert ("/podping", {"url": [feed], "reason": ["update"], "medium": ["podcast"]}) in queries
    assert ("/pubnotify", {"url": [feed]}) in queries
    assert set(live.world.tokens) == {"hemligt"}
    assert b"hemligt" not in b"".join(tree(live.www).values())


@pytest.mark.parametrize("status", [500, 404, 0], ids=["failing", "not-there", "nobody"])
def test_a_hub_that_fails_never_fails_a_publish(live: Live, status: int) -> None:
    hub = live.hub if status else f"http://127.0.0.1:{free_port()}/hub"
    live.add(f"hubs: ['{hub}']\n")
    live.faulty("hub", status=status)
    run = live.publish()
    assert run.code == 0
    assert f"{hub} could not be told" in run.err
    assert {one["status"] for one in run.json["notified"]} == {status}
    assert len(live.owed) == 2
    if status:
        live.mended()
        document = live.published()
        assert document["sent"] == []
        assert {one["status"] for one in document["notified"]} == {202}
        assert live.owed == []


def moved(live: Live, status: int, to: str) -> None:
    """The hub answers so, and is elsewhere."""
    live.add(f"hubs: ['{live.hub}']\n")
    live.faulty("hub", status=status, headers={"Location": to})


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_hub_that_has_moved_is_told_where_it_is(live: Live, status: int) -> None:
    moved(live, status, "/new-hub")
    document = live.published()
    assert {one["status"] for one in document["notified"]} == {202}
    bodies = {path: body for method, path, body in live.world.asked if method == "POST"}
    assert set(bodies) == {"/hub", "/new-hub"}
    assert bodies["/new-hub"] == bodies["/hub"] != b""
    assert live.owed == []


@pytest.mark.parametrize(
    ("status", "to"),
    [(303, "/thanks"), (301, "ftp://hub.example/"), (302, "/hub"), (301, "http://[")],
    ids=["to-something-to-read", "off-the-web", "in-a-circle", "to-no-address"],
)
def test_a_hub_that_leads_nowhere_is_still_owed(live: Live, status: int, to: str) -> None:
    moved(live, status, to)
    run = live.publish()
    assert run.code == 0
    assert "could not be told" in run.err
    assert len(live.owed) == 2
    assert {path for _, path, _ in live.world.asked if path in {"/hub", "/thanks"}} == {"/hub"}


def test_the_token_of_podping_is_not_taken_along(live: Live) -> None:
    live.add("podping: true\n")
    with web() as other:
        other.change = lambda path, answer: replace(answer, status=200)
        live.faulty("podping", status=302, headers={"Location": f"{other.url}podping"})
        live.published(
            FEEDTOOL_PODPING_URL=f"{live.world.url}podping", FEEDTOOL_PODPING_TOKEN="hemligt"
        )
        assert (live.world.tokens, other.tokens) == (["hemligt"] * 2, [])
        assert len(other.asked) == 2


def test_a_hub_does_not_lead_into_a_private_network(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = {"127.0.0.1": Depth.PUBLIC, "127.0.0.2": Depth.INSIDE}
    monkeypatch.setattr("feedtool.reach.depth", inside.__getitem__)
    live.faulty("hub", status=307, headers={"Location": f"http://127.0.0.2:{live.world.port}/"})
    (told,) = tell(Services(), [Owed("https://podd.example/feed.xml", live.hub)])
    assert not told.ok
    assert told.reason.format(**told.params) == (
        "it leads into a private network (127.0.0.2): it is not asked"
    )


def test_a_hub_that_no_feed_names_any_more_is_owed_nothing(live: Live) -> None:
    path = live.catalog.root / "feedtool.yaml"
    before = path.read_text("utf-8")
    live.add(f"hubs: ['http://127.0.0.1:{free_port()}/hub']\n")
    live.published()
    assert live.owed
    path.write_text(before, "utf-8")
    assert live.published()["notified"] == []
    run = live.catalog.run("publish", "--yes", "--now", NOW)
    assert "Nothing to send" in run.out
    assert "could not be told" not in run.err
    assert live.owed == []


def test_a_hub_hands_the_feed_on_to_subscribers(live: Live) -> None:
    """Flask-WebSub as hub: it fetches the feed and gives it to who has subscribed."""
    flask = library("flask", "make servers")
    websub = library("flask_websub.hub", "make servers")
    serving = library("werkzeug.serving", "make servers")

    class AtOnce:
        """In the place of a queue of tasks."""

        def task(self, bind: bool = False, **_: Any) -> Callable[[Callable[..., Any]], Any]:
            def declared(task: Callable[..., Any]) -> Any:
                def run(*given: Any) -> Any:
                    return task(None, *given) if bind else task(*given)

                run.delay = run  # type: ignore[attr-defined]
                return run

            return declared

    got: list[bytes] = []
    app = flask.Flask("hub")
    app.config["PUBLISH_SUPPORTED"] = True
    storage = websub.SQLite3HubStorage(str(live.www.parent / "hub.sqlite"))
    app.register_blueprint(websub.Hub(storage, AtOnce()).build_blueprint("/hub"))

    @app.route("/subscriber", methods=["GET", "POST"])  # type: ignore[untyped-decorator]
    def subscriber() -> str:
        if flask.request.method == "POST":
            got.append(flask.request.get_data())
        return str(flask.request.args.get("hub.challenge", ""))

    server = serving.make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        own = f"http://127.0.0.1:{server.server_port}"
        live.add(f"hubs: ['{own}/hub']\n")
        feed = live.world.url + FEED
        link = f'<{own}/hub>; rel="hub", <{feed}>; rel="self"'  # this hub wants it in the header

        def linked(path: str, answer: Answer) -> Answer:
            return replace(answer, headers={**answer.headers, "Link": link})

        live.world.change = linked
        wish = {
            "hub.mode": "subscribe", "hub.topic": feed, "hub.callback": f"{own}/subscriber",
        }  # fmt: skip
        import requests

        assert requests.post(f"{own}/hub", data=wish, timeout=10).status_code == 202
        document = live.published()
        assert {one["status"] for one in document["notified"]} == {202}
        assert got == [(live.www / FEED).read_bytes()]
        assert live.published()["notified"] == []
        assert len(got) == 1
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# nginx

NGINX = """
daemon off; master_process off; pid {here}/pid; error_log {here}/log; {user}
events {{ }}
http {{
  include /etc/nginx/mime.types; access_log off; client_body_temp_path {here}/body;
  proxy_temp_path {here}/a; fastcgi_temp_path {here}/b; uwsgi_temp_path {here}/c;
  scgi_temp_path {here}/d; gzip on; gzip_types application/json text/xml;
  server {{ listen 127.0.0.1:{port}; root {here}/www; {more} }}
}}
"""


@pytest.mark.parametrize("more", ["", "max_ranges 0;"], ids=["as-it-comes", "without-ranges"])
def test_nginx_as_it_comes_is_good_enough(tmp_path: Path, more: str) -> None:
    nginx = "/usr/sbin/nginx"  # Debian does not put it into the PATH of people
    if not Path(nginx).exists():
        nginx = program("nginx", "apt-get install nginx")
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    (tmp_path / "www").mkdir()
    config = tmp_path / "config"
    user = "user root;" if tmp_path.owner() == "root" else ""
    config.write_text(NGINX.format(here=tmp_path, port=port, user=user, more=more), "utf-8")
    catalog = a_rich_catalog(tmp_path / "catalog")
    path = catalog.root / "feedtool.yaml"
    text = path.read_text("utf-8").replace("https://podd.example/", url)
    where = f"targets: {{webb: {{url: 'file://{tmp_path}/www', public: '{url}'}}}}\n"
    path.write_text(text + where, "utf-8")
    with running([nginx, "-c", config, "-e", tmp_path / "log"], port, tmp_path / "out"):
        run = catalog.run("publish", "--yes", "--json", "--now", NOW)
    if more:
        assert (run.code, run.json["error"]["code"]) == (5, "live")
        assert not list((tmp_path / "www").rglob("feed.xml"))
    else:
        assert run.code == 0, run.out
        assert len(run.json["verified"]) == 3 + 3 * 3 + 1
