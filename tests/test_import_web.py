"""An import asks servers: what they give, what is not taken, and what is said when it fails."""

from __future__ import annotations

import gzip
import os
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from email.utils import formatdate
from pathlib import Path
from time import time
from typing import Any

import pytest

from feedtool import reach
from feedtool.adopt.refusals import plain
from feedtool.adopt.web import Limits, Page, Web
from feedtool.errors import AccessError, FeedtoolError, RemoteError
from feedtool.reach import Depth, depth

from .careless import Request, careless
from .live_feed import speaking
from .servers import answering, free_port, until
from .test_verify import ADDRESSES, RAW

QUICK = Limits(timeout=5.0, patience=5.0, pause=0.01, busy=0.01)
ENOUGH = 1_000_000


def get(url: str, most: int = ENOUGH, limits: Limits = QUICK, **headers: Any) -> Page:
    with Web(limits=limits) as web:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return web.get(url, headers=named, most=most)


def told(url: str, limits: Limits = QUICK) -> FeedtoolError:
    """Why there is no page."""
    with pytest.raises(FeedtoolError) as caught:
        get(url, limits=limits)
    assert caught.value.mend, "it says what to do"
    return caught.value


def only(status: int, body: bytes = b"", **headers: Any) -> Callable[[Request], None]:
    """A server that has one answer for all."""
    return lambda request: request.answer(status, body, **headers)


def silence(request: Request) -> None:
    request.over.wait(30)


# --- a page ----------------------------------------------------------------------------------


def test_a_page_is_what_the_server_gave() -> None:
    with careless(only(200, b"<rss/>", Content_Type="Text/XML; charset=utf-8")) as server:
        page = get(f"{server.base}/feed.xml")
    assert (page.url, page.status, page.body) == (f"{server.base}/feed.xml", 200, b"<rss/>")
    assert (page.whole, page.lasting, page.type) == (True, page.url, "text/xml")
    assert page.headers["content-type"] == "Text/XML; charset=utf-8"


def test_headers_of_the_caller_are_sent_and_an_unchanged_page_is_an_answer() -> None:
    with careless(only(304, ETag='"one"')) as server:
        page = get(server.base, If_None_Match='"one"')
        assert server.asked[0].headers["If-None-Match"] == '"one"'
        assert server.asked[0].headers["User-Agent"].startswith("feedtool/")
    assert (page.status, page.body) == (304, b"")


def test_a_packed_page_is_unpacked() -> None:
    packed = gzip.compress(b"<rss/>")
    with careless(only(200, packed, Content_Encoding="gzip")) as server:
        assert get(server.base).body == b"<rss/>"


def test_of_a_longer_page_as_much_as_wanted_is_read() -> None:
    with careless(only(200, b"x" * 1001)) as server:
        assert get(server.base, most=1001).whole
        page = get(server.base, most=1000)
    assert (len(page.body), page.whole) == (1000, False)


def test_a_page_without_end_is_not_read_to_its_end() -> None:
    def serve(request: Request) -> None:
        request.say(b"HTTP/1.1 200 OK\r\n\r\n")
        while not request.over.is_set():
            request.say(b"x" * 65536)

    with careless(serve) as server:
        assert not get(server.base, most=ENOUGH).whole


@pytest.mark.parametrize("layers", [1, 2])
def test_what_unpacks_to_a_thousand_times_as_much_is_not_unpacked(layers: int) -> None:
    bomb = gzip.compress(b" " * 300_000_000, 1)
    names = ["gzip"]
    if layers == 2:
        bomb, names = gzip.compress(bomb), ["gzip", "gzip"]
    with careless(only(200, bomb, Content_Encoding=", ".join(names))) as server:
        tracemalloc.start()
        try:
            page = get(server.base, most=100_000)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert (len(page.body), page.whole) == (100_000, False)
    assert peak < 20_000_000


# --- redirects -------------------------------------------------------------------------------


def chain(*statuses: int) -> Callable[[Request], None]:
    """From /0 to /1 and so on, each with its status, and then the page."""

    def serve(request: Request) -> None:
        number = int(request.path.strip("/"))
        if number == len(statuses):
            request.answer(200, b"here")
        else:
            request.answer(statuses[number], b"moved", Location=f"{number + 1}")

    return serve


@pytest.mark.parametrize(
    ("statuses", "lasting"),
    [((301,), 1), ((308, 301), 2), ((302,), 0), ((301, 307), 1), ((303, 301), 0),
     ((301, 302, 301), 1), ((301,) * 5, 5)],
    ids=str,
)  # fmt: skip
def test_redirects_are_followed(statuses: tuple[int, ...], lasting: int) -> None:
    with careless(chain(*statuses)) as server:
        page = get(f"{server.base}/0")
        assert page.url == f"{server.base}/{len(statuses)}"
        assert (page.body, page.lasting) == (b"here", f"{server.base}/{lasting}")


def test_a_connection_serves_again_after_a_redirect_and_for_the_next_page() -> None:
    with careless(chain(301, 302)) as server, Web(limits=QUICK) as web:
        for _ in range(3):
            web.get(f"{server.base}/0", most=ENOUGH)
        assert server.connections == 1


def test_what_comes_with_a_redirect_is_not_read_to_its_end() -> None:
    def serve(request: Request) -> None:
        if request.path == "/here":
            request.answer(200, b"here")
            return
        request.say(b"HTTP/1.1 302 Found\r\nLocation: /here\r\n\r\n")
        while not request.over.is_set():
            request.say(b"x" * 65536)

    with careless(serve) as server:
        assert get(server.base).body == b"here"


def test_too_many_redirects() -> None:
    with careless(chain(*[302] * 6)) as server:
        assert str(told(f"{server.base}/0")) == f"{server.base}/0 redirects more than 5 times"


def test_redirects_in_a_circle() -> None:
    with careless(lambda request: request.answer(302, Location="/a")) as server:
        assert str(told(f"{server.base}/a")) == f"{server.base}/a redirects in a circle"
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "ftp://a.example/x", "gopher://127.0.0.1/1", "javascript:x",
           "data:text/xml,<rss/>"],
)  # fmt: skip
def test_nothing_leads_off_the_web(to: str) -> None:
    with careless(only(301, Location=to)) as server:
        error = told(server.base)
    assert "is no address on the web: it is not followed" in str(error)
    assert error.exit_code == 5


@pytest.mark.parametrize("url", ["file:///etc/passwd", "/etc/passwd", "podd.example", "ftp://a/b"])
def test_a_source_is_an_address_on_the_web(url: str) -> None:
    assert str(told(url)) == f"{url} is no address on the web"


@pytest.mark.parametrize("address", ADDRESSES, ids=[f"{n}" for n in range(len(ADDRESSES))])
def test_addresses_that_nobody_can_ask(address: str) -> None:
    told(address)
    with careless(only(302, Location=address)) as server:
        told(server.base)


# --- no further inside than the source -------------------------------------------------------


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> str:
    """An address that passes for one on the internet."""
    if os.name != "posix" or os.uname().sysname != "Linux":
        pytest.skip("only Linux has all of 127.0.0.0/8")
    monkeypatch.setattr(
        reach, "depth", lambda text: Depth.PUBLIC if text == "127.0.0.2" else depth(text)
    )
    return "127.0.0.2"


def test_a_public_address_does_not_redirect_into_the_own_network(public: str) -> None:
    with careless(only(200)) as inside, careless(only(302, Location=inside.base), public) as server:
        error = told(server.base)
        assert inside.asked == []
    assert str(error) == (
        f"{server.base} leads into a private network (127.0.0.1): it is not asked"
    )


def test_what_a_public_feed_names_does_not_lead_there_either(public: str) -> None:
    with (
        careless(only(200)) as inside,
        careless(only(200), public) as server,
        Web(limits=QUICK) as web,
    ):
        web.get(server.base, most=ENOUGH)
        with pytest.raises(RemoteError, match="private network"):
            web.get(inside.base, most=ENOUGH)
        assert inside.asked == []


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "192.168.0.1", "169.254.169.254", "[::1]", "[fe80::1]", "0.0.0.0",
                "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"],
)  # fmt: skip
def test_however_such_an_address_is_written(public: str, address: str) -> None:
    with careless(only(302, Location=f"http://{address}:9/"), public) as server:
        assert "private network" in str(told(server.base))


def test_nor_does_a_name_that_leads_there(public: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"public.example": public, "inside.example": "127.0.0.1"}
    real = socket.getaddrinfo

    def look_up(host: str, *more: Any, **named: Any) -> Any:
        return real(known.get(host, host), *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with careless(only(200)) as inside:
        port = inside.base.rpartition(":")[2]
        to = f"http://inside.example:{port}/"
        with careless(only(302, Location=to), public) as server:
            outside = server.base.replace(public, "public.example")
            assert "private network" in str(told(outside))
        assert inside.asked == []


def test_who_names_an_address_of_the_own_network_may_import_from_there() -> None:
    with careless(only(200, b"here")) as other, careless(only(302, Location=other.base)) as server:
        assert get(server.base).body == b"here"


def test_a_feed_that_is_a_file_leads_to_public_addresses_only(public: str) -> None:
    with (
        careless(only(200)) as inside,
        careless(only(200, b"here"), public) as server,
        Web(limits=QUICK, public=True) as web,
    ):
        with pytest.raises(RemoteError, match="private network"):
            web.get(inside.base, most=ENOUGH)
        assert web.get(server.base, most=ENOUGH).body == b"here"
        assert inside.asked == []


def test_a_proxy_is_not_asked_for_what_is_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    with careless(only(302, Location="http://127.0.0.1:9/")) as proxy:
        monkeypatch.setenv("http_proxy", proxy.base)
        monkeypatch.delenv("no_proxy", raising=False)
        assert "private network" in str(told("http://podd.example/"))
        assert proxy.paths() == ["http://podd.example/"]


# --- secrets ---------------------------------------------------------------------------------


def test_passwords_and_cookies_of_this_machine_stay_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login anna password hemligt\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with careless(only(200, Set_Cookie="known=yes; Path=/")) as server, Web(limits=QUICK) as web:
        for _ in range(2):
            web.get(server.base, most=ENOUGH)
        assert not [one for one in server.asked if {"Cookie", "Authorization"} & set(one.headers)]


def test_a_login_is_not_handed_on_to_another_server() -> None:
    with careless(only(200)) as other, careless(only(302, Location=other.base)) as server:
        get(server.base, Authorization="OAuth hemligt")
        get(server.base.replace("//", "//anna:hemligt@"))
        assert [one.headers["Authorization"] for one in server.asked] == [
            "OAuth hemligt",
            "Basic YW5uYTpoZW1saWd0",
        ]
        assert not [one for one in other.asked if "Authorization" in one.headers]


def test_a_login_goes_with_a_redirect_of_the_same_server() -> None:
    with careless(chain(301)) as server:
        get(f"{server.base}/0", Authorization="OAuth hemligt")
        assert [one.headers["Authorization"] for one in server.asked] == ["OAuth hemligt"] * 2


@pytest.mark.parametrize("status", [200, 301, 302, 401, 403, 404, 429, 500])
def test_no_message_tells_a_key(status: int) -> None:
    with careless(only(status, Location="file:///?key=hemligt", Retry_After="999")) as server:
        url = server.base.replace("//", "//anna:hemligt@") + "/feed?key=hemligt#hemligt"
        if status == 200:
            assert plain(url) == f"{server.base.replace('//', '//…@')}/feed?…"
            return
        error = told(url)
    assert "hemligt" not in str(error) + repr(error.params)
    assert "/feed?…" in str(error)


# --- what servers refuse ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "message"),
    [(401, "{base} does not let us in: 401 Unauthorized"),
     (403, "{base} does not let us in: 403 Forbidden"),
     (404, "there is nothing at {base}: 404 Not Found"),
     (410, "there is nothing at {base}: 410 Gone"),
     (400, "{base} fails: 400 Bad Request"),
     (451, "{base} fails: 451 Unavailable For Legal Reasons"),
     (300, "{base} fails: 300 Multiple Choices"),
     (799, "{base} fails: 799")],
)  # fmt: skip
def test_a_refusal_is_told_at_once(status: int, message: str) -> None:
    with careless(only(status, b"<html>no</html>")) as server:
        error = told(server.base)
        assert len(server.asked) == 1
    assert str(error) == message.format(base=server.base)
    assert error.exit_code == (4 if status in (401, 403) else 5)
    assert isinstance(error, AccessError if status in (401, 403) else RemoteError)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_that_fails_is_asked_once_more(status: int) -> None:
    with careless(only(status)) as server:
        assert str(told(server.base)).startswith(f"{server.base} fails: {status}")
        assert len(server.asked) == 2


def test_and_the_page_of_the_second_time_is_the_page() -> None:
    with careless(
        lambda request: request.answer(502 if request.number == 1 else 200, b"here")
    ) as server:
        assert get(server.base).body == b"here"


@pytest.mark.parametrize(
    "after", [lambda: "0", lambda: formatdate(time() - 5, usegmt=True)], ids=["seconds", "date"]
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_a_pause_gets_it(status: int, after: Callable[[], str]) -> None:
    waits: list[tuple[str, float]] = []

    def serve(request: Request) -> None:
        if request.number < 4:
            request.answer(status, Retry_After=after())
        else:
            request.answer(200, b"here")

    with (
        careless(serve) as server,
        Web(limits=QUICK, waiting=lambda server, seconds: waits.append((server, seconds))) as web,
    ):
        assert web.get(server.base, most=ENOUGH).body == b"here"
    assert [server for server, _ in waits] == ["127.0.0.1"] * 3


def test_the_pause_is_as_long_as_it_is_asked_for() -> None:
    waits: list[float] = []

    def waiting(server: str, seconds: float) -> None:
        waits.append(seconds)
        web.stop()  # the test does not wait

    with (
        careless(only(429, Retry_After="7")) as server,
        Web(limits=QUICK, waiting=waiting) as web,
        pytest.raises(RemoteError),
    ):
        web.get(server.base, most=ENOUGH)
    assert waits == [7.0]


def test_a_server_that_does_not_say_for_how_long_gets_a_pause_too() -> None:
    with careless(lambda request: request.answer(200 if request.number == 3 else 429)) as server:
        assert get(server.base).status == 200


@pytest.mark.parametrize(
    "after", ["3600", formatdate(time() + 7200, usegmt=True)], ids=["seconds", "date"]
)
def test_nobody_waits_for_an_hour(after: str) -> None:
    with careless(only(429, Retry_After=after)) as server:
        error = told(server.base)
        assert len(server.asked) == 1
    assert "asks to be left alone for" in str(error)
    assert "429 Too Many Requests" in str(error)


@pytest.mark.parametrize("after", ["soon", "-5", "1e9", "9" * 400, "Tue, 99 Foo 2021"])
def test_a_pause_that_nobody_understands_is_none(after: str) -> None:
    with careless(only(503, Retry_After=after)) as server:
        assert told(server.base).exit_code == 5


# --- no answer -------------------------------------------------------------------------------


def test_no_server_listens() -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    told_ = str(told(url))
    assert told_ == f"{url} gives no answer: no server listens there: the connection is refused"


def test_the_name_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    told_ = str(told("http://podd.example/"))
    assert told_ == "http://podd.example/ gives no answer: the name of the server is not known"


def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    with careless(silence) as server:
        error = told(server.base, Limits(timeout=0.2, pause=0.0))
    assert str(error) == f"{server.base} does not give its answer within 0.2 seconds"


def test_nor_one_whose_headers_never_end() -> None:
    with speaking(b"HTTP/1.1 200 OK\r\nX: ", drip=b"x") as port:
        error = told(f"http://127.0.0.1:{port}/", Limits(patience=0.3, pause=0.0))
    assert str(error).endswith("within 0.3 seconds")


def test_nor_one_whose_page_never_ends() -> None:
    with speaking(b"HTTP/1.1 200 OK\r\n\r\n", drip=b"x") as port:
        error = told(f"http://127.0.0.1:{port}/", Limits(patience=0.3, pause=0.0))
    assert str(error).endswith("within 0.3 seconds")


def test_an_answer_that_breaks_off_is_asked_for_again() -> None:
    def serve(request: Request) -> None:
        request.answer(200, b"<rss/>", cut=3 if request.number == 1 else None)

    with careless(serve) as server:
        assert get(server.base).body == b"<rss/>"


def test_an_answer_that_always_breaks_off_is_told() -> None:
    with careless(lambda request: request.answer(200, b"<rss/>", cut=3)) as server:
        assert str(told(server.base)) == f"{server.base} gives no answer: the answer breaks off"


@pytest.mark.parametrize("answer", [case[1] for case in RAW], ids=[case[0] for case in RAW])
def test_answers_that_are_no_http_are_told_or_taken(answer: bytes) -> None:
    with speaking(answer) as port:
        try:
            came = get(f"http://127.0.0.1:{port}/", limits=Limits(timeout=2.0, pause=0.0)).status
        except FeedtoolError as error:
            came = error.exit_code
    assert came in (200, 5)


def test_what_is_said_to_be_packed_and_is_not() -> None:
    with careless(only(200, b"<rss/>", Content_Encoding="gzip")) as server:
        assert "it is said to be compressed, but it is not" in str(told(server.base))


@pytest.mark.parametrize("packing", ["lzma", "gzip, lzma", "aes128gcm"])
def test_what_nobody_can_unpack_is_not_taken_for_the_page(packing: str) -> None:
    with careless(only(200, b"<rss/>", Content_Encoding=packing)) as server:
        assert "is packed in a way that was not asked for" in str(told(server.base))


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    with answering(200, tls=tmp_path) as (port, asked):
        error = told(f"https://127.0.0.1:{port}/")
        assert asked == []
    assert "signed by itself" in str(error)


# --- stopping --------------------------------------------------------------------------------


@pytest.fixture
def silent() -> Iterator[str]:
    with careless(silence) as server:
        yield server.base


def test_who_is_stopped_waits_for_nothing(silent: str) -> None:
    web = Web(limits=Limits(timeout=30.0))
    raised: list[BaseException] = []

    def ask() -> None:
        try:
            web.get(silent, most=ENOUGH)
        except FeedtoolError as error:
            raised.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    until(lambda: bool(web._scope._used), "the request")
    web.stop()
    thread.join(5)
    assert not thread.is_alive()
    assert raised


def test_who_is_stopped_asks_nothing_more() -> None:
    with careless(only(200)) as server, Web(limits=QUICK) as web:
        web.stop()
        with pytest.raises(FeedtoolError):
            web.get(server.base, most=ENOUGH)
        assert server.asked == []
