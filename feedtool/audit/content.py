"""What the feed says, as far as it decides whether apps can read and follow it.

The findings of `feedtool check` are about what a producer writes; here only what breaks a
subscription, for any feed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from ..language import N_
from ..session import shown
from ..vocabulary import LISTS
from .aspect import NONE, UNSTATED, Aspect, Check, Subject, Words, as_it_is, words
from .channel import listed, old_explicit, refused, unknown_to_apple
from .dates import date_fault, is_old
from .enclosures import enclosure_fault
from .feed import RSS, WEB_PAGE, Feed, Item, is_web_page, read_feed
from .web import Answer, number

PODCAST_NAMESPACE = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""Of podcast:guid (Podcasting 2.0)."""

WELL_FORMED = Aspect(
    name="feed.xml",
    severity="error",
    title="XML",
    expected=N_("well-formed XML without a DOCTYPE"),
    mend=N_("correct the place, and leave out a DOCTYPE; a feed that is made by hand or by a"
            " template often has an & that should be &amp; or an &nbsp; that should be &#160;"),
    spec=("XML-01", "XML-03"),
)  # fmt: skip
KIND = Aspect(
    name="feed.kind",
    severity="error",
    title=N_("format"),
    expected=N_("RSS 2.0, which podcast apps read"),
    mend=N_("give the address of the RSS feed, which stands in the settings of the host; the feed"
            " itself begins with  <rss version=\"2.0\">"),
    spec=("RSS-01",),
)  # fmt: skip
TAGS = Aspect(
    name="feed.tags",
    severity="error",
    title=N_("what directories demand"),
    expected=N_("title, description, link, language, category, explicit and image, in a form that"
                " they know"),
    mend=N_("write into the channel: {tags}"),
    spec=("PSP-02", "RSS-03", "LANG-02", "APPLE-08", "APPLE-09", "APPLE-10", "XML-05"),
)  # fmt: skip
LANGUAGE = Aspect(
    name="feed.language",
    severity="warning",
    title=N_("language"),
    expected=N_("one that Apple Podcasts knows: with a code of two letters"),
    mend=N_("to be in Apple Podcasts, write the language there that is nearest; other apps take"
            " this one"),
    spec=("LANG-02", "APPLE-07"),
)  # fmt: skip
EXPLICIT = Aspect(
    name="feed.explicit",
    severity="warning",
    title="itunes:explicit",
    expected=N_("true or false"),
    mend=N_("write  <itunes:explicit>{today}</itunes:explicit> , for Apple's guide has no other"
            " words any more"),
    spec=("APPLE-10",),
)  # fmt: skip
EPISODES = Aspect(
    name="feed.episodes",
    severity="error",
    title=N_("episodes"),
    expected=N_("one or more with a recording"),
    mend=N_("every episode needs  <enclosure url=... length=... type=...>"),
    spec=("APPLE-40", "RSS-21"),
)
ENCLOSURES = Aspect(
    name="feed.enclosures",
    severity="error",
    title=N_("url, length and type of recordings"),
    expected=N_("one enclosure for each, with all three, the url a whole address without spaces"
                " and letters such as å"),
    mend=N_("name recordings with a to z, digits and hyphens; write the whole address as url, the"
            " bytes of the recording as length, and audio/mpeg or what it is as type"),
    spec=("RSS-21", "RSS-22", "RSS-23", "RSS-24", "URI-03", "PSP-05"),
)  # fmt: skip
SIZES = Aspect(
    name="feed.sizes",
    severity="warning",
    title=N_("size of recordings"),
    expected=N_("known, and not 0, for each"),
    mend=N_("write the bytes of the recording as length: 0 means that nobody knows, and apps show"
            " no size and no progress"),
    spec=("RSS-23",),
)  # fmt: skip
GUIDS = Aspect(
    name="feed.guids",
    severity="error",
    title=N_("guids"),
    expected=N_("one for each episode"),
    mend=N_("give each episode a guid that never changes; else apps know it by its address, and"
            " offer it again when that changes"),
    spec=("RSS-25", "PSP-05"),
)  # fmt: skip
UNIQUE = Aspect(
    name="feed.unique-guids",
    severity="error",
    title=N_("guids differ"),
    expected=N_("no guid twice"),
    mend=N_("give one of the episodes another guid: apps show only one of them"),
    spec=("RSS-25",),
)
DATES = Aspect(
    name="feed.dates",
    severity="error",
    title=N_("dates"),
    expected=N_("like  Tue, 22 Jun 2021 09:00:00 +0200"),
    mend=N_("write pubDate so for every episode: apps sort by it"),
    spec=("DATE-01", "DATE-02", "APPLE-26"),
)
DATE_FORMS = Aspect(
    name="feed.date-forms",
    severity="warning",
    title=N_("form of dates"),
    expected=N_("four figures for the year, single spaces, and a zone such as +0200 or GMT"),
    mend=N_("older forms are not read alike by all apps: write pubDate like"
            "  Tue, 22 Jun 2021 09:00:00 +0200"),
    spec=("DATE-03", "DATE-01"),
)  # fmt: skip
SELF = Aspect(
    name="feed.self",
    severity="warning",
    title=N_("own address"),
    expected=N_('{url}, in one  <atom:link rel="self">'),
    mend=N_("write the address at which the feed is public; hubs and directories know it by that"),
    spec=("PROF-01", "PSP-02", "PUSH-02"),
)
PODCAST_GUID = Aspect(
    name="feed.podcast-guid",
    severity="warning",
    title="podcast:guid",
    expected=N_("a UUID"),
    mend=N_("add  <podcast:guid>{made}</podcast:guid>  to the channel, made from this address; if"
            " the show has one already, keep that"),
    spec=("PC20-19", "PSP-03"),
)  # fmt: skip
MOVED = Aspect(
    name="feed.new-feed-url",
    severity="warning",
    title="itunes:new-feed-url",
    expected=N_("none, or the address of this feed"),
    mend=N_("apps move to that address: look at it with  feedtool verify , and redirect this one"
            " permanently (301)"),
    spec=("HTTP-09",),
)  # fmt: skip
HUBS = Aspect(
    name="feed.hubs",
    severity="warning",
    title=N_("hubs"),
    expected=N_("none, or https addresses beside the feed's own"),
    mend=N_("write the hub's https address, and the feed's own in  <atom:link rel=\"self\">"),
    spec=("PUSH-01", "PUSH-03"),
)


def read(subject: Subject, answer: Answer) -> tuple[Feed | None, list[Check]]:
    """The feed, and whether it is one; None when there is nothing to look at."""
    page = words(N_("a web page (HTML): of a login, or of an error?"))
    if not answer.whole:
        return None, [WELL_FORMED.of(subject, False, words(N_("too long to be read")))]
    if is_web_page(answer.body):
        return None, [KIND.of(subject, False, page)]
    if answer.body.lstrip()[:1] in (b"{", b"["):
        return None, [KIND.of(subject, False, words("JSON"))]
    try:
        feed = read_feed(answer.body, answer.url)
    except ValueError as error:
        got = as_it_is(str(error)) if answer.body.strip() else words(N_("nothing: 0 bytes"))
        return None, [WELL_FORMED.of(subject, False, got)]
    got = words("DOCTYPE") if feed.doctype else words(N_("well-formed"))
    told = [WELL_FORMED.of(subject, not feed.doctype, got)]
    if feed.kind != RSS:
        kind = page if feed.kind == WEB_PAGE else as_it_is(feed.kind)
        return None, [*told, KIND.of(subject, False, kind)]
    named = words(N_("RSS without a version"))
    if feed.version:
        named = as_it_is(f"RSS {feed.version}")
    return feed, [*told, KIND.of(subject, feed.version == "2.0", named)]


def content(subject: Subject, answer: Answer, feed: Feed) -> Iterator[Check]:
    """All that is seen in the feed alone."""
    told = refused(feed)
    got = listed([one.got for one in told]) if told else words(N_("all of it"))
    yield TAGS.of(subject, not told, got, tags=listed([one.mend for one in told]))
    if rare := unknown_to_apple(feed):
        yield LANGUAGE.of(subject, False, as_it_is(rare))
    old, today = old_explicit(feed)
    if old:
        yield EXPLICIT.of(subject, False, as_it_is(old), today=today)
    yield from _episodes(subject, feed)
    addresses = {_plain(subject.url), _plain(answer.url)}
    ok = len(feed.self_links) == 1 and _plain(feed.self_links[0]) in addresses
    yield SELF.of(subject, ok, _urls(feed.self_links), url=as_it_is(shown(answer.url), 400))
    yield _podcast_guid(subject, answer, feed)
    new = feed.new_feed_url
    yield MOVED.of(subject, not new or _plain(new) in addresses, _urls([new] if new else []))
    hubs = feed.hubs
    safe = all(_is_secure(hub) for hub in hubs)
    yield HUBS.of(subject, not hubs or (safe and bool(feed.self_links)), _urls(hubs))


def _episodes(subject: Subject, feed: Feed) -> Iterator[Check]:
    items = feed.items
    with_recording = [one for one in items if one.url]
    got = words(N_("{count}, of them {recordings} with a recording"),
                count=len(items), recordings=len(with_recording))  # fmt: skip
    if with_recording or feed.medium not in (
        *LISTS,
        "publisher",
    ):  # they name other feeds (PC20-25)
        yield EPISODES.of(subject, bool(with_recording), got)
    if enclosed := [one for one in items if one.enclosures]:
        partly = [one for one in enclosed if enclosure_fault(one)]
        said = enclosure_fault(partly[0]) if partly else None
        yield ENCLOSURES.of(subject, not partly, _named(partly, len(enclosed), said))
    if not with_recording:
        return
    if unknown := [one for one in with_recording if number(one.length) == 0]:
        yield SIZES.of(subject, False, _named(unknown, len(with_recording)))
    without = [one for one in items if one.guids != 1]
    several = without and without[0].guids
    said = words(N_("{name} {count} times"), name="guid", count=several) if several else None
    yield GUIDS.of(subject, not without, _named(without, len(items), said))
    counted = Counter(one.guid for one in items if one.guid)
    twice = [guid for guid, count in counted.items() if count > 1]
    got = _named((), len(items))
    if twice:
        told = N_("{count} used more than once, such as {guid}")
        got = words(told, count=len(twice), guid=as_it_is(twice[0]))
    yield UNIQUE.of(subject, not twice, got)
    faults = {text: date_fault(text) for text in (one.date_text for one in items)}
    wrong = [one for one in items if faults[one.date_text]]
    said = faults[wrong[0].date_text] if wrong else None
    yield DATES.of(subject, not wrong, _named(wrong, len(items), said))
    old = [one for one in items if not faults[one.date_text] and is_old(one.date_text)]
    if old:
        yield DATE_FORMS.of(subject, False, _named(old, len(items), as_it_is(old[0].date_text)))


def _named(items: Sequence[Item], of: int, said: Words | None = None) -> Words:
    """How many episodes are otherwise, and the first of them, with what it says instead."""
    if not items:
        return words(N_("as it should be, for every episode"))
    title = as_it_is(items[0].title or items[0].url or "?")
    counts = {"count": len(items), "all": of}
    if not said:
        return words(N_('otherwise in {count} of {all}, such as "{title}"'), **counts, title=title)
    told = N_('otherwise in {count} of {all}, such as "{title}": {said}')
    return words(told, **counts, title=title, said=said)


def _for_ever(url: str, answer: Answer) -> str:
    """Where directories look from now on: they follow permanent redirects only."""
    for hop in takewhile(lambda hop: hop.permanent, answer.hops):
        url = hop.to
    return url


def _podcast_guid(subject: Subject, answer: Answer, feed: Feed) -> Check:
    made = podcast_guid(_for_ever(subject.url, answer))
    if not feed.guid:
        return PODCAST_GUID.of(subject, False, UNSTATED, made=made)
    try:
        given = str(UUID(feed.guid))
        ok = given == feed.guid.lower()  # UUID() takes braces and no hyphens, apps do not
    except ValueError:
        given, ok = feed.guid, False
    here = {podcast_guid(url) for url in (subject.url, answer.url, *feed.self_links)}
    if not ok:
        got = as_it_is(feed.guid)
    elif given in here:
        got = words(N_("{guid}, made from this address"), guid=given)
    else:
        got = words(N_("{guid}, kept from an earlier address"), guid=given)
    return PODCAST_GUID.of(subject, ok, got, made=made)


def podcast_guid(url: str) -> str:
    """The UUIDv5 of the address without its scheme, a password, and the slashes at its end."""
    host, slash, path = url.partition("://")[2].partition("/")
    public = host.rpartition("@")[2] + slash + path
    return str(uuid5(PODCAST_NAMESPACE, public.rstrip("/")))


def _plain(url: str) -> str:
    """An address as servers compare it: its host in small letters, no fragment, no password."""
    try:
        where = urlsplit(url.strip())
    except ValueError:
        return url
    host = where.netloc.rpartition("@")[2].lower()
    default = {"http": ":80", "https": ":443"}.get(where.scheme, "")
    host = host.removesuffix(default) if default else host
    return where._replace(netloc=host, path=where.path or "/", fragment="").geturl()


def _is_secure(url: str) -> bool:
    """Is it an https address that can be asked?"""
    try:
        where = urlsplit(url)
        return where.scheme == "https" and bool(where.hostname) and where.port != 0
    except ValueError:
        return False


def _urls(urls: Sequence[str]) -> Words:
    return as_it_is(", ".join(shown(url) for url in urls), 400) if urls else NONE
