"""The audit of a live feed: what apps would stumble over is told, and nothing else."""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path

import pytest

from docs.requirements import requirements
from feedtool import reach
from feedtool.audit.aspect import ASPECTS, Check
from feedtool.audit.visit import Visit, visit
from feedtool.audit.web import Limits, Web
from feedtool.reach import Depth, depth
from feedtool.read.channel import podcast_guid
from feedtool.session import shown

from .catalogs import NOW, REPOSITORY, Catalog, Run, a_rich_catalog
from .live_feed import GUID_OF, SOUND, File, Live, item, live, picture, rss, speaking
from .outside import program
from .servers import free_port, running, until

LIMITS = {"timeout": 5.0, "pause": 0.0}
DIGITS = "9" * 5000
"""More than Python reads as a number."""


@pytest.fixture
def site() -> Iterator[Live]:
    with live() as made:
        made.publish()
        yield made


def look(
    url: str | Live, most: int | None = 10, now: datetime | None = None, **limits: float
) -> Visit:
    with Web(Limits(**{**LIMITS, **limits})) as web:  # type: ignore[arg-type]
        return visit(
            url if isinstance(url, str) else url.feed,
            web,
            most=most,
            now=now or datetime(2026, 1, 1, tzinfo=UTC),
            progress=lambda done, total: None,
        )


def failing(came: Visit) -> list[str]:
    """The names of what is not as it should be, each once, in order."""
    return list(dict.fromkeys(one.aspect.name for one in came.checks if not one.ok))


def one(came: Visit, name: str) -> Check:
    return next(check for check in came.checks if check.aspect.name == name)


def got(came: Visit, name: str) -> str:
    return said(one(came, name).got)


def said(words: object) -> str:
    from feedtool.audit.aspect import Words

    assert isinstance(words, Words)
    return words.text.format(
        **{name: said(v) if isinstance(v, Words) else v for name, v in words.params.items()}
    )


# --- a feed that is as it should be ---------------------------------------------------------------


def test_nothing_is_wrong_with_a_feed_that_is_served_well(site: Live) -> None:
    assert failing(look(site)) == []


def test_every_kind_of_thing_is_looked_at(site: Live) -> None:
    names = {check.aspect.name for check in look(site).checks}
    assert {name.partition(".")[0] for name in names} == {
        "feed", "recording", "artwork", "side-file",
    }  # fmt: skip


def test_only_two_bytes_of_a_recording_are_asked_for(site: Live) -> None:
    look(site)
    asked = [one for one in site.asked if one.path == "/one.mp3" and one.method == "GET"]
    past = f"bytes={len(SOUND)}-"
    assert [one.headers["Range"] for one in asked] == ["bytes=0-1", past]


def test_servers_are_told_who_asks(site: Live) -> None:
    look(site)
    agents = {one.headers["User-Agent"] for one in site.asked}
    assert len(agents) == 1
    assert agents.pop().endswith(" (+verify)")


def test_a_picture_of_several_episodes_is_asked_for_once(site: Live) -> None:
    image = f'<itunes:image href="{site.base}/cover.png"/></item>'
    site.rewrite("</item>", image)
    look(site)
    assert [one.method for one in site.asked if one.path == "/cover.png"] == ["HEAD", "GET"]


def test_the_newest_episodes_are_looked_at(site: Live) -> None:
    came = look(site, most=1)
    assert (came.looked_at, came.episodes) == (1, 2)
    assert not [one for one in site.asked if one.path == "/one.mp3"]


def test_all_episodes_can_be_looked_at(site: Live) -> None:
    dates = (f"Tue, {day:02} Jun 2021 09:00:00 GMT" for day in range(1, 15))
    items = "".join(item(site.base, f"n{n}", date) for n, date in enumerate(dates))
    site.publish(items=items)
    assert look(site).looked_at == 10
    assert look(site, most=None).looked_at == 14


# --- one thing wrong with what the feed says ------------------------------------------------------

CONTENT = [
    ("no-self", {"own": ""}, ["feed.self"]),
    ("self-elsewhere", {"own": '<atom:link rel="self" href="https://podd.example/"/>'},
     ["feed.self"]),
    ("no-podcast-guid", {"guid": ""}, ["feed.podcast-guid"]),
    ("podcast-guid-is-none", {"guid": "<podcast:guid>my-show</podcast:guid>"},
     ["feed.podcast-guid"]),
    ("no-language", {"language": ""}, ["feed.tags"]),
    ("moved", {"more": "<itunes:new-feed-url>https://podd.example/f</itunes:new-feed-url>"},
     ["feed.new-feed-url"]),
    ("moved-here", {"more": "<itunes:new-feed-url>{base}/feed.xml</itunes:new-feed-url>"}, []),
    ("hub", {"more": '<atom:link rel="hub" href="https://hub.example/"/>'}, []),
    ("plain-hub", {"more": '<atom:link rel="hub" href="http://hub.example/"/>'}, ["feed.hubs"]),
    ("self-unreadable", {"own": '<atom:link rel="self" href="http://[bad"/>'}, ["feed.self"]),
    ("self-in-part", {"own": '<atom:link rel="self" href="/feed.xml"/>'}, ["feed.self"]),
    ("hub-in-part", {"more": '<atom:link rel="hub" href="//hub.example/"/>'}, ["feed.hubs"]),
    ("self-empty", {"own": '<atom:link rel="self" href=" "/>'}, ["feed.self"]),
    ("moved-to-nowhere", {"more": "<itunes:new-feed-url>http://[bad</itunes:new-feed-url>"},
     ["feed.new-feed-url"]),
    ("hub-unreadable", {"more": '<atom:link rel="hub" href="http://[bad"/>'}, ["feed.hubs"]),
    ("hub-at-no-port", {"more": '<atom:link rel="hub" href="https://hub.example:99999/"/>'},
     ["feed.hubs"]),
    ("hub-without-self", {"own": '<atom:link rel="hub" href="https://hub.example/"/>'},
     ["feed.self", "feed.hubs"]),
    ("no-episode", {"items": "<item><title>Text</title><guid>g</guid></item>"},
     ["feed.episodes"]),
    ("list-without-episodes",
     {"items": "<podcast:medium>podcastL</podcast:medium><podcast:remoteItem feedGuid='g'/>"}, []),
    ("publisher-without-episodes",
     {"items": "<podcast:medium>publisher</podcast:medium><podcast:remoteItem feedGuid='g'/>"}, []),
    ("podcast-without-episodes", {"items": "<podcast:medium>podcast</podcast:medium>"},
     ["feed.episodes"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("channel", "names"), [case[1:] for case in CONTENT], ids=[case[0] for case in CONTENT]
)
def test_what_the_channel_says(site: Live, channel: dict[str, str], names: list[str]) -> None:
    site.publish(**channel)
    assert failing(look(site)) == names


REWRITTEN = [
    ("same-guid", "guid-two", "guid-one", ["feed.unique-guids"]),
    ("no-guid", "guid-two", "", ["feed.guids"]),
    ("no-date", "Wed, 23 Jun 2021 09:00:00 GMT", "in June", ["feed.dates"]),
    ("no-length", f'two.mp3" length="{len(SOUND)}"', 'two.mp3" length=""',
     ["feed.enclosures"]),
    ("length-unknown", f'two.mp3" length="{len(SOUND)}"', 'two.mp3" length="0"', ["feed.sizes"]),
    ("length-of-thousands-of-digits", f'two.mp3" length="{len(SOUND)}"',
     f'two.mp3" length="{DIGITS}"', ["feed.enclosures"]),
    ("length-of-another", f'two.mp3" length="{len(SOUND)}"', 'two.mp3" length="17"',
     ["recording.length"]),
    ("no-type", f'length="{len(SOUND)}" type="audio/mpeg"', f'length="{len(SOUND)}"',
     ["feed.enclosures"]),
    ("type-of-another", 'type="audio/mpeg"', 'type="video/mp4"', ["recording.type"]),
    ("pictures-of-a-blog", 'type="audio/mpeg"', 'type="image/jpeg"', ["feed.episodes"]),
    ("m4a-in-place-of-mp3", 'type="audio/mpeg"', 'type="audio/mp3"', []),
    ("scheme", 'url="http:', 'url="ftp:',
     ["feed.enclosures", "recording.head", "side-file.answers"]),
    ("guid-twice", "<guid isPermaLink='false'>guid-two", "<guid>another</guid><guid>guid-two",
     ["feed.guids"]),
    ("type-of-transcript-with-encoding", 'type="text/vtt"', 'type="text/vtt; charset=utf-8"', []),
    ("recording-gone", "two.mp3", "three.mp3", ["recording.head"]),
    ("latin-1", 'encoding="UTF-8"', 'encoding="ISO-8859-1"', ["feed.charset", "feed.utf-8"]),
    ("byte-order-mark", "<?xml", "\ufeff<?xml", ["feed.bom"]),
    ("not-well-formed", "</title>", "", ["feed.xml"]),
    ("of-another-version", 'version="2.0"', 'version="0.91"', ["feed.kind"]),
    ("of-no-version", '<rss version="2.0"', "<rss", ["feed.kind"]),
    ("undefined-entity", "Om allt.", "Om&nbsp;allt.", ["feed.xml"]),
    ("doctype", "<rss", "<!DOCTYPE rss><rss", ["feed.xml"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "names"), [case[1:] for case in REWRITTEN], ids=[case[0] for case in REWRITTEN]
)
def test_what_the_feed_says(site: Live, old: str, new: str, names: list[str]) -> None:
    site.rewrite(old, new)
    assert [name for name in failing(look(site)) if name not in ("feed.stable",)] == names


def test_a_size_that_the_feed_does_not_know_is_a_warning(site: Live) -> None:
    """RSS-23: 0 stands for unknown. Ranges are compared with what the server says itself."""
    site.rewrite(f'length="{len(SOUND)}"', 'length="0"')
    came = look(site)
    assert (came.errors, failing(came)) == (0, ["feed.sizes"])
    (told,) = [one for one in came.checks if one.aspect.name == "feed.sizes"]
    assert told.aspect.severity == "warning"
    site.change("/two.mp3", headers={"Content-Range": "bytes 0-1/17"})
    assert failing(look(site)) == ["feed.sizes", "recording.range-total", "recording.past-end"]


def test_a_server_that_tells_the_bytes_in_ranges_only_is_told_about_head(site: Live) -> None:
    """HTTP-05: the feed is right then, and there is nothing to correct in it."""
    site.change("/two.mp3", length=0, headers={"Content-Range": f"bytes 0-1/{len(SOUND)}"})
    came = look(site)
    assert failing(came)[:1] == ["recording.length"]
    assert got(came, "recording.length") == "0 bytes"
    assert "HEAD" in said(one(came, "recording.length").mend)


ENCLOSURES = [
    ("in-part", 'url="/two.mp3"', 'url="/two.mp3"'),
    ("without-scheme", 'url="//127.0.0.1/two.mp3"', 'url="//127.0.0.1/two.mp3"'),
    ("with-a-space", 'url="{base}/t wo.mp3"', 'url="{base}/t wo.mp3"'),
    ("with-letters-beyond-ascii", 'url="{base}/två.mp3"', 'url="{base}/två.mp3"'),
    ("badly-encoded", 'url="{base}/100%.mp3"', 'url="{base}/100%.mp3"'),
    ("encoded", 'url="{base}/t%20v%C3%A5.mp3?a=%5B1%5D"', ""),
    ("without-url", "", "without url"),
    ("of-a-strange-type", 'url="{base}/two.mp3" type="mp3"', 'type="mp3"'),
    ("type-with-codecs", 'url="{base}/two.mp3" type="audio/mpeg; codecs=mp3"', ""),
    ("of-a-strange-length", 'url="{base}/two.mp3" length="24,449"', 'length="24,449"'),
    ("twice", 'url="{base}/two.mp3"/><enclosure', "enclosure 2 times"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("attributes", "told"), [case[1:] for case in ENCLOSURES], ids=[case[0] for case in ENCLOSURES]
)
def test_how_recordings_are_named(site: Live, attributes: str, told: str) -> None:
    """RSS-21 to 24, URI-03: what a server would answer is no matter here."""
    given = attributes.format(base=site.base)
    for name, value in (("length", str(len(SOUND))), ("type", "audio/mpeg")):
        if f"{name}=" not in given:
            given += f' {name}="{value}"'
    site.rewrite(f'url="{site.base}/two.mp3" length="{len(SOUND)}" type="audio/mpeg"', given)
    came = look(site, most=0)
    assert failing(came) == (["feed.enclosures"] if told else [])
    assert got(came, "feed.enclosures").endswith(told.format(base=site.base))


def test_a_password_in_an_address_that_is_refused_is_not_shown(site: Live) -> None:
    site.rewrite(">https://podd.example/<", ">https://anna:hemligt@podd.example/ x<")
    site.rewrite(f"{site.base}/two.mp3", "https://anna:hemligt@podd.example/t wo.mp3")
    came = look(site, most=0)
    assert failing(came) == ["feed.tags", "feed.enclosures"]
    assert "hemligt" not in got(came, "feed.tags") + got(came, "feed.enclosures")


def test_addresses_begin_where_xml_base_says(site: Live) -> None:
    """XML Base; that apps want them whole is told all the same."""
    site.rewrite("<channel>", f'<channel xml:base="{site.base}/elsewhere/">')
    site.rewrite("<item>", '<item xml:base="sub/">')
    site.rewrite(f'"{site.base}/', '"')
    for name in ("two.mp3", "one.mp3", "one.vtt", "one.json"):
        site.files[f"/elsewhere/sub/{name}"] = site.files.pop(f"/{name}")
    site.files["/elsewhere/cover.png"] = site.files.pop("/cover.png")
    assert failing(look(site)) == ["feed.tags", "feed.enclosures", "feed.self"]


CHANNELS = [
    ("explicit-of-nobody", ">false<", ">banana<", ["feed.tags"]),
    ("explicit-empty", ">false<", "><", ["feed.tags"]),
    ("explicit-yes", ">false<", ">yes<", ["feed.explicit"]),
    ("explicit-clean", ">false<", ">Clean<", ["feed.explicit"]),
    ("explicit-in-capitals", ">false<", ">True<", ["feed.explicit"]),
    ("explicit-true", ">false<", ">true<", []),
    ("language-by-name", ">sv<", ">Svenska<", ["feed.tags"]),
    ("language-of-three-letters", ">sv<", ">swe<", ["feed.tags"]),
    ("language-with-underscore", ">sv<", ">sv_SE<", ["feed.tags"]),
    ("language-with-country", ">sv<", ">sv-se<", []),
    ("language-with-script", ">sv<", ">zh-Hans<", []),
    ("meankieli", ">sv<", ">fit<", ["feed.language"]),
    ("two-languages", "<language>", "<language>en</language><language>", ["feed.tags"]),
    ("link-to-nowhere", ">https://podd.example/<", ">ingen<", ["feed.tags"]),
    ("link-to-mail", ">https://podd.example/<", ">mailto:a@podd.example<", ["feed.tags"]),
    ("link-in-part", ">https://podd.example/<", ">/<", ["feed.tags"]),
    ("category-of-nobody", '"Government"', '"Foo"', ["feed.tags"]),
    ("category-in-other-letters", '"Government"', '"government"', ["feed.tags"]),
    ("category-before-2019", '"Government"', '"Games &amp; Hobbies"', ["feed.tags"]),
    ("category-empty", '"Government"', '""', ["feed.tags"]),
    ("category-with-sub", '"Government"/>', '"Education">BELOW</itunes:category>', []),
    ("category-with-sub-of-another", '"Government"/>', '"Arts">BELOW</itunes:category>',
     ["feed.tags"]),
    ("category-in-one", '"Government"', '"Education > Courses"', ["feed.tags"]),
    ("picture-in-part", 'image href="http://127.0.0.1:', 'image href="//127.0.0.1:',
     ["feed.tags"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "names"), [case[1:] for case in CHANNELS], ids=[case[0] for case in CHANNELS]
)
def test_what_directories_refuse(site: Live, old: str, new: str, names: list[str]) -> None:
    """RSS-03, LANG-02, APPLE-08 to 10: a value that is there may be one that nobody takes."""
    site.rewrite(old, new.replace("BELOW", '<itunes:category text="Courses"/>'))
    assert failing(look(site, most=0)) == names


def test_what_is_refused_is_told_with_what_is_meant(site: Live) -> None:
    site.publish(language="<language>Engelska</language>")
    site.rewrite('"Government"', '"Games &amp; Hobbies"')
    told = one(look(site, most=0), "feed.tags")
    assert said(told.got) == 'language "Engelska"; itunes:category "Games & Hobbies"'
    assert said(told.mend).endswith(
        "language, such as en; itunes:category, written as in Apple's list, such as Leisure"
    )


@pytest.mark.parametrize(
    "written",
    [
        "http://www.itunes.com/DTDs/Podcast-1.0.dtd", "https://www.itunes.com/dtds/podcast-1.0.dtd",
        "http://www.itunes.com/dtds/podcast-1.0.dtd/",
    ],
)  # fmt: skip
def test_a_namespace_in_other_letters_is_told_in_the_place_of_its_tags(
    site: Live, written: str
) -> None:
    """XML-05: the tags are there, and no app sees them."""
    site.rewrite("http://www.itunes.com/dtds/podcast-1.0.dtd", written)
    came = look(site, most=0)
    assert failing(came) == ["feed.tags"]
    assert got(came, "feed.tags") == f'xmlns:itunes "{written}"'
    mend = said(one(came, "feed.tags").mend)
    assert mend.endswith(
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" , letter for letter'
    )


def test_a_category_with_a_space_too_many_is_told_without(site: Live) -> None:
    site.rewrite('"Government"', '"Government "')
    assert said(one(look(site, most=0), "feed.tags").mend).endswith("such as Government")


DATES = [
    ("today's", "Tue, 22 Jun 2021 09:00:00 +0200", []),
    ("no-weekday", "22 Jun 2021 09:00:00 +0200", []),
    ("no-seconds", "Tue, 22 Jun 2021 09:00 GMT", []),
    ("one-figure", "Tue, 1 Jun 2021 09:00:00 GMT", []),
    ("leap-second", "Sat, 31 Dec 2016 23:59:60 GMT", []),
    ("american-zone", "Tue, 22 Jun 2021 09:00:00 EDT", []),
    ("another-weekday", "Wed, 22 Jun 2021 09:00:00 +0200", ["feed.dates"]),
    ("swedish", "Tis, 22 jun 2021 09:00:00 +0200", ["feed.dates"]),
    ("names-in-full", "Tuesday, 22 June 2021 09:00:00 +0200", ["feed.dates"]),
    ("no-zone", "Tue, 22 Jun 2021 09:00:00", ["feed.dates"]),
    ("no-time", "Tue, 22 Jun 2021", ["feed.dates"]),
    ("zone-with-colon", "Tue, 22 Jun 2021 09:00:00 +02:00", ["feed.dates"]),
    ("zone-of-a-town", "Tue, 22 Jun 2021 09:00:00 Europe/Stockholm", ["feed.dates"]),
    ("zone-of-no-standard", "Tue, 22 Jun 2021 09:00:00 CET", ["feed.dates"]),
    ("hour-of-one-figure", "22 Jun 21 9:00 GMT", ["feed.dates"]),
    ("half-day", "Tue, 22 Jun 2021 9:00 PM +0200", ["feed.dates"]),
    ("of-c", "Tue Jun 22 09:00:00 2021", ["feed.dates"]),
    ("american", "Jun 22, 2021 09:00:00 +0200", ["feed.dates"]),
    ("iso-8601", "2021-06-22T09:00:00Z", ["feed.dates"]),
    ("no-such-day", "31 Jun 2021 09:00:00 +0200", ["feed.dates"]),
    ("none", "", ["feed.dates"]),
    ("year-of-two-figures", "Tue, 22 Jun 21 09:00:00 +0200", ["feed.date-forms"]),
    ("year-before-2000", "Tue, 22 Jun 99 09:00:00 +0200", ["feed.date-forms"]),
    ("weekday-of-another-century", "Mon, 22 Jun 99 09:00:00 +0200", ["feed.dates"]),
    ("two-spaces", "Tue,  1 Jun 2021 09:00:00 +0200", ["feed.date-forms"]),
    ("small-letters", "tue, 22 jun 2021 09:00:00 gmt", ["feed.date-forms"]),
    ("military-zone", "Tue, 22 Jun 2021 09:00:00 Z", ["feed.date-forms"]),
    ("utc", "Tue, 22 Jun 2021 09:00:00 UTC", ["feed.date-forms"]),
    ("comment", "Tue, 22 Jun 2021 09:00:00 +0200 (CEST)", ["feed.date-forms"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("date", "names"), [case[1:] for case in DATES], ids=[case[0] for case in DATES]
)
def test_how_dates_are_written(site: Live, date: str, names: list[str]) -> None:
    """DATE-01 to 03; what RFC 822 allowed is a warning, for it is read."""
    site.rewrite("Tue, 22 Jun 2021 09:00:00 +0200", date)
    assert failing(look(site, most=0)) == names


def test_the_right_weekday_is_told(site: Live) -> None:
    site.rewrite("Tue, 22 Jun 2021", "Wed, 22 Jun 2021")
    said = 'such as "one": Wed, 22 Jun 2021 09:00:00 +0200 (Tue would be right)'
    assert got(look(site, most=0), "feed.dates").endswith(said)


def test_ranges_are_compared_with_what_the_server_says_itself(site: Live) -> None:
    """A wrong length in the feed is no fault of a proxy."""
    site.rewrite(f'length="{len(SOUND)}"', 'length="17"')
    assert failing(look(site)) == ["recording.length"]
    site.change("/two.mp3", headers={"Content-Range": "bytes 0-1/18"})
    assert said(one(look(site), "recording.range-total").expected) == f"bytes 0-1/{len(SOUND)}"


BODIES = [
    ("atom", b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "feed.kind", "Atom"),
    ("json", b'{"version": "https://jsonfeed.org/version/1.1"}', "feed.kind", "JSON"),
    ("login", b"<!DOCTYPE html><html><form><br></form>", "feed.kind", "a web page"),
    ("xhtml", b'<html xmlns="http://www.w3.org/1999/xhtml"/>', "feed.kind", "a web page"),
    ("page-after-comments", b"<!-- a --> <!-- b --> <html>", "feed.kind", "a web page"),
    (
        "xhtml-of-old",
        b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN"'
        b' "x.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml"/>',
        "feed.kind",
        "a web page",
    ),
    ("page-far-down", b"<!--" + b" " * 5000 + b"--><html/>", "feed.kind", "a web page"),
    ("hundreds-of-comments", b"<!---->" * 500 + b"<x/>", "feed.kind", "x"),
    ("hundreds-of-instructions", b"<?a?>" * 500 + b"<x/>", "feed.kind", "x"),
    ("empty", b"", "feed.xml", "nothing"),
    ("binary", bytes(range(256)), "feed.xml", ""),
]


@pytest.mark.parametrize(
    ("body", "name", "told"), [case[1:] for case in BODIES], ids=[case[0] for case in BODIES]
)
def test_what_is_no_podcast_feed_is_named(site: Live, body: bytes, name: str, told: str) -> None:
    site.change("/feed.xml", body=body)
    came = look(site)
    assert failing(came)[-1] == name
    assert told in got(came, name)
    assert came.looked_at == 0


def test_a_web_page_is_told_in_the_language_of_the_reader(here: Catalog, site: Live) -> None:
    site.change("/feed.xml", body=b"<!--" + b" " * 5000 + b"--><html/>")
    run = here.run("verify", site.feed, "--lang", "sv")
    assert "en webbsida (HTML)" in run.out


def test_an_entity_that_nobody_defined_is_told_with_its_place(site: Live) -> None:
    """XML-03: &nbsp; is of HTML. Web pages take it, no reader of feeds does."""
    site.rewrite("Om allt.", "\nOm&nbsp;allt.")
    came = look(site)
    assert got(came, "feed.xml") == "Entity 'nbsp' not defined, line 5, column 9"
    assert "&#160;" in said(one(came, "feed.xml").mend)


def test_a_podcast_guid_is_compared_with_the_address(site: Live) -> None:
    assert "made from this address" in got(look(site), "feed.podcast-guid")
    site.publish(guid=f"<podcast:guid>{GUID_OF}</podcast:guid>")
    assert "kept from an earlier address" in got(look(site), "feed.podcast-guid")


def test_an_address_that_cannot_be_read_is_told_as_the_feed_has_it(site: Live) -> None:
    site.publish(own='<atom:link rel="self" href="http://[bad"/>')
    assert got(look(site), "feed.self") == "http://[bad"


def test_entities_are_neither_expanded_nor_fetched(site: Live) -> None:
    bomb = f"""<!DOCTYPE rss [<!ENTITY a "{"a" * 50}"><!ENTITY b "{"&a;" * 50}">
        <!ENTITY c "{"&b;" * 50}"><!ENTITY d "{"&c;" * 50}">
        <!ENTITY e SYSTEM "{site.base}/secret"><!ENTITY f SYSTEM "file:///etc/hostname">]>"""
    site.rewrite("<rss", bomb + "<rss")
    site.rewrite("Om allt.", "&d;&e;&f;")
    assert "feed.xml" in failing(look(site))
    assert "/secret" not in {one.path for one in site.asked}


# --- one thing wrong with how it is served --------------------------------------------------------

HTML = {"body": b"<html>Sorry</html>", "type": "text/html"}

SERVED = [
    ("feed-type", "/feed.xml", {"type": "text/plain"}, ["feed.type"]),
    ("feed-charset", "/feed.xml", {"type": "text/xml; charset=iso-8859-1"}, ["feed.charset"]),
    ("feed-not-packed", "/feed.xml", {"packed": False}, ["feed.compression"]),
    ("feed-for-a-week", "/feed.xml", {"headers": {"Cache-Control": "max-age=604800"}},
     ["feed.caching"]),
    ("feed-for-ever", "/feed.xml", {"headers": {"Cache-Control": f"max-age={DIGITS}"}},
     ["feed.caching"]),
    ("feed-not-kept", "/feed.xml", {"headers": {"Cache-Control": "no-store"}}, ["feed.caching"]),
    ("feed-without-caching", "/feed.xml", {"headers": {}}, ["feed.caching"]),
    ("feed-not-known-again", "/feed.xml", {"known_by": ""}, ["feed.not-modified"]),
    ("feed-known-by-date", "/feed.xml", {"known_by": "Last-Modified"}, []),
    ("feed-known-by-etag", "/feed.xml", {"known_by": "ETag"}, []),
    ("feed-password", "/feed.xml", {"status": 401}, ["feed.answers"]),
    ("feed-gone", "/feed.xml", {"status": 410}, ["feed.answers"]),
    ("feed-breaks-off", "/feed.xml", {"length": 999_999, "packed": False}, ["feed.reached"]),
    ("feed-badly-packed", "/feed.xml", {"headers": {"Content-Encoding": "gzip"}, "packed": False},
     ["feed.unpacked"]),
    ("no-head", "/two.mp3", {"head": False}, ["recording.head"]),
    ("no-ranges", "/two.mp3", {"ranges": False}, ["recording.ranges"]),
    ("past-end", "/two.mp3", {"past_end": 200}, ["recording.past-end"]),
    ("length", "/two.mp3", {"length": 17}, ["recording.length"]),
    ("total", "/two.mp3", {"headers": {"Content-Range": "bytes 0-1/17"}},
     ["recording.range-total", "recording.past-end"]),
    ("length-of-thousands-of-digits", "/two.mp3", {"headers": {"Content-Length": DIGITS}},
     ["recording.length"]),
    ("total-of-thousands-of-digits", "/two.mp3",
     {"headers": {"Content-Range": f"bytes 0-1/{DIGITS}"}}, ["recording.range-total"]),
    ("type", "/two.mp3", {"type": "application/octet-stream"}, ["recording.type"]),
    ("no-type", "/two.mp3", {"type": ""}, ["recording.type"]),
    ("error-page", "/two.mp3", HTML, ["recording.length", "recording.type"]),
    ("packed", "/two.mp3", {"packed": True}, ["recording.compression"]),
    ("forbidden", "/two.mp3", {"status": 403}, ["recording.head"]),
    ("broken", "/two.mp3", {"status": 500}, ["recording.head"]),
    ("cover-no-head", "/cover.png", {"head": False}, ["artwork.head"]),
    ("cover-gone", "/cover.png", {"status": 404}, ["artwork.head"]),
    ("cover-type", "/cover.png", {"type": "image/jpeg"}, ["artwork.type"]),
    ("cover-is-a-page", "/cover.png", HTML, ["artwork.type"]),
    ("cover-small", "/cover.png", {"body": picture(600, 600)}, ["artwork.pixels"]),
    ("cover-large", "/cover.png", {"body": picture(3001, 3001)}, ["artwork.pixels"]),
    ("cover-wide", "/cover.png", {"body": picture(2000, 1400)}, ["artwork.pixels"]),
    ("cover-see-through", "/cover.png", {"body": picture(mode="RGBA")}, ["artwork.colours"]),
    ("cover-gif", "/cover.png", {"body": picture(kind="GIF"), "type": "image/gif"},
     ["artwork.type"]),
    ("cover-under-a-wrong-name", "/cover.png",
     {"body": picture(kind="JPEG"), "type": "image/jpeg"}, ["artwork.type"]),
    ("cover-with-a-palette", "/cover.png", {"body": picture(mode="P")}, []),
    ("cover-grey", "/cover.png", {"body": picture(mode="L")}, ["artwork.colours"]),
    ("cover-with-a-transparent-colour", "/cover.png", {"body": picture(transparency=(0, 0, 0))},
     ["artwork.colours"]),
    ("cover-breaks-off", "/cover.png", {"body": picture()[:200]}, ["artwork.type"]),
    ("transcript-gone", "/one.vtt", {"status": 404}, ["side-file.answers"]),
    ("transcript-type", "/one.vtt", {"type": "text/plain"}, ["side-file.type"]),
    ("transcript-closed", "/one.vtt", {"headers": {}}, ["side-file.cors"]),
    ("chapters-as-json", "/one.json", {"type": "application/json"}, []),
    ("chapters-are-a-page", "/one.json", {**HTML, "headers": {}},
     ["side-file.type", "side-file.cors"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "how", "names"), [case[1:] for case in SERVED], ids=[case[0] for case in SERVED]
)
def test_how_it_is_served(site: Live, path: str, how: dict[str, object], names: list[str]) -> None:
    site.change(path, **how)
    assert failing(look(site)) == names


def test_a_feed_with_the_time_of_the_request_in_it_is_told_with_the_place(site: Live) -> None:
    times = count()
    text = rss(site.base, more="<lastBuildDate>{{n}}</lastBuildDate>")
    site.change("/feed.xml", body=lambda: text.replace("{n}", str(next(times))).encode())
    came = look(site)
    assert failing(came) == ["feed.not-modified", "feed.stable"]
    assert "<lastBuildDate>" in got(came, "feed.stable")


def test_a_feed_that_has_a_line_break_more_the_second_time_is_told_with_the_place(
    site: Live,
) -> None:
    text = rss(site.base).encode()
    ends = count()
    site.change("/feed.xml", body=lambda: text + b"\n" * next(ends))
    came = look(site)
    assert failing(came) == ["feed.not-modified", "feed.stable"]
    assert got(came, "feed.stable") == f"line {len(text.splitlines()) + 1} is another: "


def test_a_large_feed_is_a_warning(site: Live) -> None:
    site.rewrite("Om allt.", "Om allt. " * 120_000)
    came = look(site)
    assert failing(came) == ["feed.size"]
    assert (came.errors, came.warnings) == (0, 1)


def test_a_recording_that_is_not_there_is_told_once(site: Live) -> None:
    del site.files["/two.mp3"]
    came = look(site)
    assert [said(one.got) for one in came.checks if not one.ok] == ["404 Not Found"]


# --- the way there --------------------------------------------------------------------------------


def leads(site: Live, path: str, to: str, status: int = 302) -> None:
    site.files[path] = File(b"", "text/plain", status=status, headers={"Location": to})


@pytest.mark.parametrize(
    ("status", "told"), [(301, "1, permanent (301)"), (302, "1, temporary (302)"),
                         (308, "1, permanent (308)"), (307, "1, temporary (307)")],
)  # fmt: skip
def test_redirects_of_the_feed_are_counted_and_named(site: Live, status: int, told: str) -> None:
    leads(site, "/old", "/feed.xml", status)
    came = look(f"{site.base}/old")
    assert failing(came) == []
    assert got(came, "feed.redirects") == told


@pytest.mark.parametrize(
    ("statuses", "kept"), [((301, 308), 2), ((301, 302), 1), ((302, 301), 0), ((307,), 0)]
)
def test_a_podcast_guid_is_made_of_where_the_feed_is_for_ever(
    site: Live, statuses: tuple[int, ...], kept: int
) -> None:
    site.publish(guid="")
    ways = [f"/{number}" for number in range(len(statuses))] + ["/feed.xml"]
    for (old, new), status in zip(pairwise(ways), statuses, strict=True):
        leads(site, old, new, status)
    mend = said(one(look(site.base + ways[0]), "feed.podcast-guid").mend)
    assert podcast_guid(site.base + ways[kept]) in mend


def test_a_name_with_letters_is_compared_as_feeds_must_have_it(site: Live) -> None:
    """URI-01: who types å, or is led there, asks for the same as the feed says of itself."""
    site.publish(own='<atom:link rel="self" href="{base}/fl%C3%B6de.xml"/>', guid="")
    site.files["/fl%C3%B6de.xml"] = site.files["/feed.xml"]
    leads(site, "/old", "/flöde.xml".encode().decode("latin-1"))
    for url in (f"{site.base}/flöde.xml", f"{site.base}/old"):
        came = look(url)
        assert failing(came) == ["feed.podcast-guid"]
        made = podcast_guid(f"{site.base}/fl%C3%B6de.xml")
        assert made in said(one(came, "feed.podcast-guid").mend) or url.endswith("/old")


def test_a_redirect_to_a_name_in_utf_8_is_followed(site: Live) -> None:
    site.files["/fl%C3%B6de.xml"] = site.files["/feed.xml"]
    leads(site, "/old", "/flöde.xml".encode().decode("latin-1"))
    came = look(f"{site.base}/old")
    assert got(came, "feed.answers") == "200 OK"
    assert site.asked[1].path == "/fl%C3%B6de.xml"


def test_five_redirects_are_followed_and_six_are_not(site: Live) -> None:
    for number in range(6):
        leads(site, f"/{number}", f"/{number + 1}")
    leads(site, "/5", "/feed.xml")
    assert failing(look(f"{site.base}/1")) == []
    came = look(f"{site.base}/0")
    assert failing(came) == ["feed.redirects"]
    assert got(came, "feed.redirects") == "more than 5 redirects"


def test_a_circle_is_seen(site: Live) -> None:
    leads(site, "/a", "/b")
    leads(site, "/b", "/a")
    came = look(f"{site.base}/a")
    assert got(came, "feed.redirects") == "it redirects in a circle"


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://[", "gopher:x"])
def test_a_redirect_out_of_the_web_is_not_followed(site: Live, to: str) -> None:
    leads(site, "/old", to)
    assert failing(look(f"{site.base}/old")) == ["feed.reached"]


def test_tracking_prefixes_are_counted(site: Live) -> None:
    for number in range(3):
        leads(site, f"/{number}", f"/{number + 1}")
    leads(site, "/2", "/two.mp3")
    site.rewrite("/two.mp3", "/0")
    came = look(site)
    assert failing(came) == []
    assert got(came, "recording.redirects") == "3, temporary (302, 302, 302)"


def test_a_recording_behind_too_many_redirects(site: Live) -> None:
    leads(site, "/two.mp3", "/two.mp3")
    assert failing(look(site)) == ["recording.redirects"]


# --- TLS ------------------------------------------------------------------------------------------


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    """A server with a certificate of one day, which is trusted."""
    with live(tls=tmp_path) as made:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "server.pem"))
        made.publish()
        yield made


def test_a_certificate_that_is_trusted(secure: Live) -> None:
    earlier = datetime.now(UTC) - timedelta(days=30)
    came = look(secure, now=earlier)
    assert failing(came) == []
    assert got(came, "feed.certificate") == "valid"


def test_a_certificate_that_expires_soon_is_a_warning(secure: Live) -> None:
    came = look(secure, now=datetime.now(UTC))
    assert failing(came) == ["feed.certificate-days"]
    assert came.errors == 0


@pytest.mark.parametrize(
    ("name", "told"),
    [("127.0.0.1", "signed by itself"), ("podd.example", "for another name")],
    ids=["nobody-vouches", "another-name"],
)
def test_a_certificate_that_phones_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, told: str
) -> None:
    with live(tls=tmp_path, name=name) as site:
        if name != "127.0.0.1":
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "server.pem"))
        came = look(site)
    assert failing(came) == ["feed.certificate"]
    assert told in got(came, "feed.certificate")
    assert not came.silent


def test_plain_http_where_tls_is_expected(site: Live) -> None:
    came = look(site.feed.replace("http:", "https:"))
    assert failing(came) == ["feed.certificate"]


def test_a_redirect_from_https_to_http_is_an_error(secure: Live, site: Live) -> None:
    leads(secure, "/old", site.feed, 301)
    came = look(f"{secure.base}/old")
    assert failing(came) == ["feed.downgrade"]
    assert came.errors == 1


# --- safe to ask ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "where"),
    [("127.0.0.1", Depth.HERE), ("127.8.9.1", Depth.HERE), ("::1", Depth.HERE),
     ("0.0.0.0", Depth.HERE), ("::ffff:127.0.0.1", Depth.HERE), ("10.0.0.1", Depth.INSIDE),
     ("192.168.1.1", Depth.INSIDE), ("172.16.0.1", Depth.INSIDE), ("169.254.169.254", Depth.INSIDE),
     ("100.64.0.1", Depth.INSIDE), ("fe80::1%2", Depth.INSIDE), ("fd00::1", Depth.INSIDE),
     ("64:ff9b::a00:1", Depth.INSIDE), ("224.0.0.1", Depth.INSIDE), ("8.8.8.8", Depth.PUBLIC),
     ("2001:4860:4860::8888", Depth.PUBLIC), ("64:ff9b::808:808", Depth.PUBLIC)],
)  # fmt: skip
def test_where_an_address_is(address: str, where: Depth) -> None:
    assert depth(address) is where


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    """A server that passes for one on the internet."""
    if os.name != "posix" or os.uname().sysname != "Linux":
        pytest.skip("only Linux has all of 127.0.0.0/8")
    monkeypatch.setattr(
        reach, "depth", lambda text: Depth.PUBLIC if text == "127.0.0.2" else depth(text)
    )
    with live(host="127.0.0.2") as made:
        made.publish()
        yield made


def test_a_public_feed_leads_nobody_into_the_own_network(public: Live, site: Live) -> None:
    public.rewrite(f"{public.base}/two.mp3", f"{site.base}/two.mp3")
    public.rewrite(f"{public.base}/cover.png", f"{site.base}/cover.png")
    leads(public, "/one.mp3", f"{site.base}/one.mp3")
    leads(public, "/one.vtt", f"{site.base}/one.vtt")
    came = look(public)
    told = [said(check.got) for check in came.checks if check.aspect.severity == "error"
            and not check.ok]  # fmt: skip
    assert told == ["it leads into a private network (127.0.0.1): it is not asked"] * 3
    assert site.asked == []


def test_nor_does_a_redirect_of_the_feed(public: Live, site: Live) -> None:
    leads(public, "/old", site.feed)
    assert failing(look(f"{public.base}/old")) == ["feed.reached"]
    assert site.asked == []


def test_a_public_address_should_be_https(public: Live) -> None:
    assert failing(look(public)) == ["feed.https", "recording.https"]


def test_a_feed_on_this_machine_may_name_other_ports_of_it(site: Live) -> None:
    with live() as other:
        other.publish()
        site.rewrite(f"{site.base}/two.mp3", f"{other.base}/two.mp3")
        assert failing(look(site)) == []
        assert other.asked


def test_passwords_and_cookies_of_this_machine_stay_here(
    site: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login anna password hemligt\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for file in site.files.values():
        file.headers = {**file.headers, "Set-Cookie": "known=yes; Path=/"}
    look(site)
    assert not [one for one in site.asked if {"Cookie", "Authorization"} & set(one.headers)]


def test_a_password_in_the_address_is_used_and_not_shown(site: Live) -> None:
    url = site.feed.replace("http://", "http://anna:hemligt@")
    look(url)
    assert "Authorization" in site.asked[0].headers
    assert "hemligt" not in shown(url)


def test_nor_is_a_podcast_guid_made_of_it(site: Live) -> None:
    site.publish(guid="")
    mends = {
        said(one(look(url), "feed.podcast-guid").mend)
        for url in (site.feed, site.feed.replace("http://", "http://anna:hemligt@"))
    }
    assert len(mends) == 1


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("https://anna:hemligt@podd.example/", "https://…@podd.example/"),
        ("http://anna:hemligt@[bad", "http://…@[bad"),
        ("http://[bad", "http://[bad"),
    ],
)
def test_an_address_is_shown_without_its_password_be_it_one_or_not(url: str, seen: str) -> None:
    assert shown(url) == seen


def test_what_unpacks_to_more_than_any_feed_is_not_unpacked(site: Live) -> None:
    bomb = gzip.compress(b" " * 30_000_000)
    site.change("/feed.xml", body=bomb, headers={"Content-Encoding": "gzip"}, packed=False)
    came = look(site, feed=100_000)
    assert "feed.xml" in failing(came)
    assert got(came, "feed.xml") == "too long to be read"


def test_a_picture_without_end_is_not_fetched_to_its_end(site: Live) -> None:
    came = look(site, picture=1000)
    assert failing(came) == ["artwork.pixels"]
    assert got(came, "artwork.pixels") == "more than 1.0 kB"


def test_a_server_that_says_nothing_is_not_waited_for(site: Live) -> None:
    site.change("/two.mp3", hangs=True)
    came = look(site, timeout=0.3)
    assert failing(came) == ["recording.head"]
    assert got(came, "recording.head") == "no answer within 0.3 seconds"


def test_nor_is_one_that_never_comes_to_an_end(site: Live) -> None:
    site.change("/feed.xml", drips=True, length=10_000_000, packed=False)
    assert failing(look(site, patience=0.5)) == ["feed.reached"]


def test_nor_is_what_comes_with_a_redirect_read_to_its_end(site: Live) -> None:
    site.files["/old"] = File(
        b"", "text/html", status=302, headers={"Location": site.feed}, drips=True, length=10_000_000
    )
    assert "feed.reached" not in failing(look(f"{site.base}/old", patience=5.0))


def test_a_proxy_is_used_and_not_asked_for_what_is_inside(
    site: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", site.base)
    monkeypatch.delenv("no_proxy", raising=False)
    feed = rss("http://podd.example").replace("http://podd.example/two", f"{site.base}/two")
    site.files["http://podd.example/feed.xml"] = File(feed.encode(), "application/rss+xml")
    came = look("http://podd.example/feed.xml", most=1)
    assert "into a private network" in got(came, "recording.head")
    assert f"{site.base}/two.mp3" not in {one.path for one in site.asked}


def test_a_server_that_wants_a_pause_gets_it_once(site: Live) -> None:
    site.change("/two.mp3", status=429, headers={"Retry-After": "0"})
    assert failing(look(site)) == ["recording.head"]
    asked = [one.method for one in site.asked if one.path == "/two.mp3"]
    assert asked == ["HEAD", "HEAD", "GET", "GET"]


ADDRESSES = [
    "http://[::1", "http://a b/", "https://", "http://" + "a" * 300 + ".invalid/",
    "http://å" + "ä" * 80 + ".invalid/", "http://127.0.0.1:99999/", "http://127.0.0.1:x/", "//[",
    "javascript:void(0)", "http://anna@:80/", "http://.invalid/", "http://a..invalid/", "data:,", "http:///x",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES, ids=[f"{n}" for n in range(len(ADDRESSES))])
def test_addresses_that_nobody_can_ask(site: Live, address: str) -> None:
    site.rewrite(f"{site.base}/two.mp3", address)
    told = failing(look(site, timeout=1.0))
    assert [name for name in told if name != "feed.enclosures"] == ["recording.head"]


def test_a_name_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    came = look("http://podd.example/feed.xml")
    assert got(came, "feed.reached") == "the name of the server is not known"
    assert came.silent


RAW = [
    ("nothing", b""),
    ("no-http", b"SSH-2.0-OpenSSH_9.2\r\n"),
    ("no-status", b"HTTP/1.1 \r\n\r\n"),
    ("strange-status", b"HTTP/1.1 999 Maybe\r\nContent-Length: 0\r\n\r\n"),
    ("status-of-one-digit", b"HTTP/1.1 2 OK\r\nContent-Length: 0\r\n\r\n"),
    ("length-is-no-number", b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx"),
    ("two-lengths", b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
    ("negative-length", b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx"),
    ("bad-chunks", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    ("half-a-chunk", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nx"),
    ("redirect-to-nowhere", b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"),
    ("redirect-in-latin-1", b"HTTP/1.1 302 Found\r\nLocation: /\xe5\r\n\r\n"),
    ("endless-header", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n"),
    ("many-headers", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n"),
    ("strange-type", b"HTTP/1.1 200 OK\r\nContent-Type: ;;charset=\xff\r\n\r\n<rss/>"),
    ("strange-charset", b"HTTP/1.1 200 OK\r\nContent-Type: a/b;charset=\x00x\r\n\r\n<rss/>"),
    ("unknown-compression", b"HTTP/1.1 200 OK\r\nContent-Encoding: lzma\r\n\r\n<rss/>"),
    ("continue-for-ever", b"HTTP/1.1 100 Continue\r\n\r\n" * 50),
]  # fmt: skip


@pytest.mark.parametrize("answer", [case[1] for case in RAW], ids=[case[0] for case in RAW])
def test_answers_that_are_no_http_are_failed_checks(answer: bytes) -> None:
    with speaking(answer) as port:
        came = look(f"http://127.0.0.1:{port}/feed.xml", timeout=2.0)
    assert came.errors


def test_nor_is_one_whose_headers_never_come_to_an_end() -> None:
    with speaking(b"HTTP/1.1 200 OK\r\nX: ", drip=b"x") as port:
        came = look(f"http://127.0.0.1:{port}/feed.xml", patience=0.4)
    assert got(came, "feed.reached") == "no answer within 0.4 seconds"


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
PACKED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
ENDLESS = [
    ("trailers", CHUNKED + b"\r\n1\r\nx\r\n0\r\n", b"X: y\r\n"),
    ("trailers-of-who-will-close", CHUNKED + b"Connection: close\r\n\r\n0\r\n", b"X: y\r\n"),
    ("trailers-in-a-flood", CHUNKED + b"\r\n0\r\n", b"X: y\r\n" * 50_000),
    ("nothing-compressed", PACKED + b"\r\n", gzip.compress(b"")),
    ("after-what-is-compressed", PACKED + b"\r\n" + gzip.compress(b"<rss/>"), b" "),
]


@pytest.mark.parametrize(
    ("answer", "drip"), [case[1:] for case in ENDLESS], ids=[case[0] for case in ENDLESS]
)
def test_nor_is_one_that_goes_on_without_saying_more(answer: bytes, drip: bytes) -> None:
    with speaking(answer, drip=drip) as port:
        came = look(f"http://127.0.0.1:{port}/feed.xml", patience=0.4)
    assert got(came, "feed.reached") == "no answer within 0.4 seconds"


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path) -> Catalog:
    """No catalog: any feed can be looked at from anywhere."""
    folder = tmp_path / "anywhere"
    folder.mkdir()
    return Catalog(folder)


def verify(here: Catalog, *arguments: str, env: dict[str, str] | None = None) -> Run:
    return here.run("verify", *arguments, env=env)


def test_a_feed_that_is_well_gives_0(here: Catalog, site: Live) -> None:
    run = verify(here, site.feed)
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines()[-1].endswith("errors: 0, warnings: 0.")


def test_an_error_gives_1_and_says_what_to_do(here: Catalog, site: Live) -> None:
    site.change("/two.mp3", ranges=False)
    run = verify(here, site.feed)
    assert (run.code, run.err) == (1, "")
    assert "error    byte ranges: 200: the whole recording" in run.out
    assert "expected  206" in run.out
    assert f"- two  {site.base}/two.mp3" in run.out


def test_warnings_give_0(here: Catalog, site: Live) -> None:
    site.change("/feed.xml", packed=False)
    assert verify(here, site.feed).code == 0


def test_no_answer_at_all_gives_5(here: Catalog) -> None:
    run = verify(here, f"http://127.0.0.1:{free_port()}/feed.xml")
    assert run.code == 5
    assert "the connection is refused" in run.out
    assert "Traceback" not in run.out + run.err


def test_an_answer_that_is_not_compressed_as_it_says_gives_1(here: Catalog, site: Live) -> None:
    site.change("/feed.xml", headers={"Content-Encoding": "gzip"}, packed=False)
    run = verify(here, site.feed)
    assert run.code == 1
    assert "error    compression: it is said to be compressed, but it is not" in run.out
    assert "There was no answer" not in run.out


@pytest.mark.parametrize(
    "url", ["feed.xml", "podd.example/feed.xml", "ftp://podd.example/", "http://"]
)
def test_what_is_no_address_gives_2(here: Catalog, url: str) -> None:
    run = verify(here, url, "--json")
    assert run.code == 2
    assert run.json["error"]["code"] == "usage"


def test_nor_are_bytes_that_are_no_utf_8(here: Catalog, site: Live) -> None:
    run = verify(here, f"{site.feed}#\udcff", "--json")
    assert run.code == 2
    assert run.json["error"]["message"] == f'"{site.feed}#\ufffd" is no address of a feed'


PASSWORDS = [
    ("port", "https://anna:hemligt@podd.example:port/", "https://…@podd.example:port/"),
    ("bracket", "https://anna:hemligt@[podd/feed.xml", "https://…@[podd/feed.xml"),
    ("slash", "https://anna:hem/ligt@podd.example/", "https://…@podd.example/"),
    ("at", "https://anna:hem@ligt@podd.example:port/", "https://…@podd.example:port/"),
    ("no-scheme", "anna:hemligt@podd.example/feed.xml", "…@podd.example/feed.xml"),
    ("other-scheme", "ftp://anna:hemligt@podd.example/", "…@podd.example/"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "seen"), [case[1:] for case in PASSWORDS], ids=[case[0] for case in PASSWORDS]
)
def test_a_password_in_what_is_no_address_is_not_shown(here: Catalog, url: str, seen: str) -> None:
    told = f'"{seen}" is no address of a feed'
    assert told in verify(here, url).err
    assert verify(here, url, "--json").json["error"]["message"] == told


def test_json_has_every_check(here: Catalog, site: Live) -> None:
    site.change("/two.mp3", length=17)
    run = verify(here, site.feed, "--json")
    assert run.code == 1
    assert (run.json["ok"], run.json["url"]) == (False, site.feed)
    assert run.json["counts"] == {"error": 1, "warning": 0, "note": 0}
    (length,) = [
        check for check in run.json["checks"]
        if check["name"] == "recording.length" and not check["ok"]
    ]  # fmt: skip
    assert length["about"] == f"{site.base}/two.mp3"
    assert length["expected"] == f"{len(SOUND)} bytes, as the feed says"
    assert length["got"] == "17 bytes"
    assert length["severity"] == "error"
    assert length["mend"]


def test_quiet_says_errors_only(here: Catalog, site: Live) -> None:
    site.change("/feed.xml", packed=False)
    assert verify(here, site.feed, "--quiet").err == ""
    site.change("/two.mp3", ranges=False)
    run = verify(here, site.feed, "--quiet")
    assert run.out == ""
    assert "byte ranges" in run.err
    assert "Cache" not in run.err


def test_a_feed_cannot_move_the_cursor(here: Catalog, site: Live) -> None:
    site.change("/two.mp3", ranges=False, type="audio/mpeg\x1b[31m")
    site.rewrite("<title>two</title>", "<title>two\u009b31m</title>")
    run = verify(here, site.feed)
    assert "\x1b" not in run.out
    assert "\u009b" not in run.out


def test_an_interruption_ends_it_at_once(here: Catalog, site: Live) -> None:
    site.change("/two.mp3", hangs=True)
    command = [sys.executable, "-m", "feedtool", "verify", site.feed, "--timeout", "300"]
    env = {**os.environ, "PYTHONPATH": str(REPOSITORY), "FEEDTOOL_LANG": "en"}
    process = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, cwd=here.root)
    until(lambda: any(one.path == "/two.mp3" for one in site.asked), "the question")
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in told


@pytest.mark.parametrize(
    ("name", "subject"),
    [("feed.dates", "date"), ("feed.date-forms", "date"), ("feed.podcast-guid", "podcast:guid"),
     ("feed.sizes", "bytes"), ("feed.guids", "guid")],
)  # fmt: skip
def test_the_requirement_named_first_is_about_the_same(name: str, subject: str) -> None:
    about = {one.id: one.about for one in requirements()}
    assert subject in about[ASPECTS[name].spec[0]]


@pytest.mark.parametrize("name", ASPECTS)
def test_checks_name_requirements_of_the_list(name: str) -> None:
    known = {one.id for one in requirements()}
    assert set(ASPECTS[name].spec) <= known
    assert ASPECTS[name].spec


# --- a real server, set up well and badly ---------------------------------------------------------

NGINX = """
{user} daemon off; pid {folder}/pid; error_log stderr; worker_processes 1;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  types {{ application/rss+xml xml; audio/mpeg mp3; audio/x-m4a m4a; video/mp4 mp4;
    image/png png; image/jpeg jpg; application/json+chapters json; text/vtt vtt;
    application/x-subrip srt; }}
  gzip on; gzip_types application/rss+xml; gzip_min_length 100;
  server {{
    listen 127.0.0.1:{port}; root {root};
    add_header Cache-Control max-age=300;
    add_header Access-Control-Allow-Origin *;
    location / {{ {more} }}
  }}
}}
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """What feedtool makes of a catalog, for a port of this machine."""
    port = free_port()
    folder = tmp_path_factory.mktemp("nginx")
    catalog = a_rich_catalog(folder / "catalog")
    run = catalog.build("--base-url", f"http://127.0.0.1:{port}/", "--output", str(folder / "www"))
    assert run.code == 0
    return folder, port


Serve = Callable[[str], str]


@pytest.fixture
def nginx(published: tuple[Path, int], tmp_path: Path) -> Iterator[Serve]:
    """Starts nginx with more of a configuration; gives the address of a feed."""
    from contextlib import ExitStack

    binary = program("nginx", "apt-get install nginx")
    folder, port = published
    user = "user root;" if os.geteuid() == 0 else ""
    with ExitStack() as stack:

        def serve(more: str) -> str:
            text = NGINX.format(
                user=user, folder=tmp_path, port=port, root=folder / "www", more=more
            )
            (tmp_path / "nginx.conf").write_text(text)
            command = [binary, "-p", tmp_path, "-c", tmp_path / "nginx.conf"]
            stack.enter_context(running(command, port, tmp_path / "log"))
            return f"http://127.0.0.1:{port}/samtal/feed.xml"

        yield serve


CONFIGURED = [
    ("well", "", []),
    ("media-packed", "gzip_types application/rss+xml audio/mpeg audio/x-m4a;",
     ["recording.compression"]),
    ("no-ranges", "max_ranges 0;", ["recording.ranges"]),
    ("no-types", "types {} default_type application/octet-stream;",
     ["feed.type", "feed.compression", "recording.type", "artwork.type", "side-file.type"]),
    ("no-validators", "etag off; if_modified_since off;", ["feed.not-modified"]),
    ("password", "auth_basic podd; auth_basic_user_file /dev/null;", ["feed.answers"]),
    ("moved", "location ~ mp3$ { return 301 http://127.0.0.1:$server_port/gone; }",
     ["recording.head"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "names"), [case[1:] for case in CONFIGURED], ids=[case[0] for case in CONFIGURED]
)
def test_nginx(nginx: Serve, more: str, names: list[str]) -> None:
    assert failing(look(nginx(more))) == names


def test_what_feedtool_makes_is_found_well_by_the_command(nginx: Serve, here: Catalog) -> None:
    run = verify(here, nginx(""), "--all", "--json", env={"SOURCE_DATE_EPOCH": "1767225600"})
    assert run.code == 0
    assert json.loads(run.out)["ok"] is True
    assert NOW.startswith("2026-01-01")
