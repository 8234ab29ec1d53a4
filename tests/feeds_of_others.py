"""Feeds as other programs write them, with what each of them says of its episodes.

Written for these tests in the manner of the programs; `{base}` is the address of the server.
"""

# ruff: noqa: E501 - feeds have long lines

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """One episode, as subscribers know it."""

    guid: str
    title: str
    date: str  #: ISO 8601, an instant
    url: str
    length: int
    type: str = "audio/mpeg"


@dataclass(frozen=True)
class Shape:
    """A feed, and what it says; episodes in any order."""

    text: str
    told: tuple[Told, ...]
    encoding: str = "utf-8"

    def document(self, base: str) -> bytes:
        return self.text.replace("{base}", base).encode(self.encoding)

    def says(self, base: str) -> set[Told]:
        return {
            Told(
                one.guid.replace("{base}", base), one.title, one.date,
                one.url.replace("{base}", base), one.length, one.type,
            )
            for one in self.told
        }  # fmt: skip


ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
PODCAST = 'xmlns:podcast="https://podcastindex.org/namespace/1.0"'
ATOM = 'xmlns:atom="http://www.w3.org/2005/Atom"'
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'

WORDPRESS = Shape(
    f"""{DECLARED}<rss version="2.0" {CONTENT} {ATOM} {ITUNES}
 xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:rawvoice="https://blubrry.com/developer/rawvoice-rss/">
<channel>
<title>Nordviks podd</title>
<atom:link href="{{base}}/feed.xml" rel="self" type="application/rss+xml" />
<link>https://nordvik.example</link>
<description>Samtal om kommunen</description>
<lastBuildDate>Mon, 03 Feb 2020 08:00:00 +0000</lastBuildDate>
<language>sv-SE</language>
<sy:updatePeriod>hourly</sy:updatePeriod>
<generator>https://wordpress.org/?v=6.4</generator>
<itunes:summary>Samtal om kommunen</itunes:summary>
<itunes:author>Nordviks kommun</itunes:author>
<itunes:explicit>clean</itunes:explicit>
<itunes:owner><itunes:name>Nordvik</itunes:name><itunes:email>podd@nordvik.example</itunes:email></itunes:owner>
<itunes:category text="Government" />
<rawvoice:location>Nordvik</rawvoice:location>
<item>
 <title>Skolan &#8211; ett samtal</title>
 <link>https://nordvik.example/skolan/</link>
 <pubDate>Mon, 03 Feb 2020 07:30:00 +0000</pubDate>
 <dc:creator><![CDATA[redaktionen]]></dc:creator>
 <guid isPermaLink="false">https://nordvik.example/?p=123</guid>
 <comments>https://nordvik.example/skolan/#respond</comments>
 <wfw:commentRss>https://nordvik.example/skolan/feed/</wfw:commentRss>
 <category><![CDATA[Skola]]></category>
 <description><![CDATA[<p>Rektorn berättar [&#8230;]</p>]]></description>
 <content:encoded><![CDATA[<p>Rektorn berättar om <strong>läslyftet</strong>.</p>
<p><a href="https://nordvik.example/las?a=1&#038;b=2">Läs mer</a></p>]]></content:encoded>
 <enclosure url="{{base}}/skolan.mp3" length="12345678" type="audio/mpeg" />
 <itunes:subtitle>Rektorn berättar</itunes:subtitle>
 <itunes:duration>32:10</itunes:duration>
</item>
</channel></rss>""".replace("{{base}}", "{base}"),
    (
        Told(
            "https://nordvik.example/?p=123", "Skolan – ett samtal", "2020-02-03T07:30:00+00:00",
            "{base}/skolan.mp3", 12345678,
        ),
    ),
)  # fmt: skip

LIBSYN = Shape(
    f"""{DECLARED}<rss version="2.0" {ATOM} {CONTENT} {ITUNES}
 xmlns:googleplay="http://www.google.com/schemas/play-podcasts/1.0">
<channel><title>Samtal i Nordvik</title><link>http://samtal.host.example</link>
<description><![CDATA[Om <b>allt</b>]]></description><language><![CDATA[sv]]></language>
<itunes:type>serial</itunes:type><itunes:explicit>false</itunes:explicit>
<itunes:image href="{{base}}/cover.png"/>
<item><title>2: Vatten</title><itunes:title>Vatten</itunes:title>
<pubDate>Tue, 05 Mar 2019 05:00:00 +0000</pubDate>
<guid isPermaLink="false"><![CDATA[a81d3c7e5b1f4a0b9d3e]]></guid>
<link><![CDATA[http://samtal.host.example/vatten]]></link>
<description><![CDATA[<p>Om vatten.</p>]]></description>
<content:encoded><![CDATA[<p>Om vatten.</p>]]></content:encoded>
<enclosure length="20213321" type="audio/mpeg" url="{{base}}/vatten.mp3?dest-id=1234&amp;cnt=5" />
<itunes:duration>21:03</itunes:duration><itunes:explicit>false</itunes:explicit>
<itunes:keywords>vatten,avlopp</itunes:keywords><itunes:season>1</itunes:season>
<itunes:episode>2</itunes:episode><itunes:episodeType>full</itunes:episodeType></item>
<item><title>Kommer snart</title><pubDate>Mon, 04 Mar 2019 05:00:00 +0000</pubDate>
<guid isPermaLink="false"><![CDATA[b81d3c7e5b1f4a0b9d3e]]></guid>
<enclosure length="1021332" type="audio/mpeg" url="{{base}}/snart.mp3?dest-id=1234" />
<itunes:duration>62</itunes:duration><itunes:episodeType>trailer</itunes:episodeType></item>
</channel></rss>""".replace("{{base}}", "{base}"),
    (
        Told("a81d3c7e5b1f4a0b9d3e", "2: Vatten", "2019-03-05T05:00:00+00:00",
             "{base}/vatten.mp3?dest-id=1234&cnt=5", 20213321),
        Told("b81d3c7e5b1f4a0b9d3e", "Kommer snart", "2019-03-04T05:00:00+00:00",
             "{base}/snart.mp3?dest-id=1234", 1021332),
    ),
)  # fmt: skip

CASTOPOD = Shape(
    f"""{DECLARED}<rss version="2.0" {ITUNES} {PODCAST} {CONTENT} {ATOM}>
<channel><atom:link href="{{base}}/feed.xml" rel="self" type="application/rss+xml"/>
<podcast:guid>8a3c2b1d-0000-5000-8000-0123456789ab</podcast:guid>
<title>Röster</title><description>Röster ur stan</description><link>https://roster.example/@roster</link>
<language>sv</language><podcast:locked owner="podd@roster.example">no</podcast:locked>
<podcast:license url="https://creativecommons.org/licenses/by/4.0/">CC-BY-4.0</podcast:license>
<podcast:person role="host" group="cast" href="https://roster.example/elin" img="https://roster.example/elin.jpg">Elin Åberg</podcast:person>
<podcast:funding url="https://roster.example/stod">Stöd oss</podcast:funding>
<podcast:location geo="geo:59.3293,18.0686" osm="R398021">Stockholm</podcast:location>
<podcast:txt purpose="verify">abc123</podcast:txt>
<podcast:value type="lightning" method="keysend" suggested="0.00000005"><podcast:valueRecipient type="node" address="02d5c1bf8b940dc9cadca86d1b0a3c37fbe39cee4c7e839e33bef9174531d27f52" split="100" name="Röster"/></podcast:value>
<itunes:category text="Society &amp; Culture"><itunes:category text="Documentary"/></itunes:category>
<itunes:explicit>false</itunes:explicit><copyright>© Röster</copyright>
<item><title>Torget</title><enclosure url="{{base}}/torget.mp3" length="4321" type="audio/mpeg"/>
<guid isPermaLink="false">https://roster.example/@roster/episodes/torget</guid>
<pubDate>Sun, 01 Oct 2023 10:15:30 +0200</pubDate>
<podcast:season name="Hösten">2</podcast:season><podcast:episode display="Del 3">3</podcast:episode>
<podcast:person role="guest" group="cast">Kjell Ek</podcast:person>
<podcast:person role="host" group="cast" href="https://roster.example/elin" img="https://roster.example/elin.jpg">Elin Åberg</podcast:person>
<podcast:soundbite startTime="10.5" duration="30">Det viktigaste</podcast:soundbite>
<podcast:transcript url="{{base}}/torget.vtt" type="text/vtt" language="sv"/>
<podcast:transcript url="{{base}}/torget.json" type="application/json"/>
<podcast:chapters url="{{base}}/kapitel.json" type="application/json+chapters"/>
<podcast:socialInteract uri="https://roster.example/@roster/1" protocol="activitypub" accountId="@roster"/>
<podcast:alternateEnclosure type="audio/opus" length="1234" title="Liten"><podcast:source uri="https://roster.example/torget.opus"/></podcast:alternateEnclosure>
<podcast:liveValue uri="wss://roster.example/live"/>
<itunes:duration>1930</itunes:duration><description><![CDATA[<p>Om torget.</p>]]></description></item>
</channel></rss>""".replace("{{base}}", "{base}"),
    (
        Told("https://roster.example/@roster/episodes/torget", "Torget",
             "2023-10-01T08:15:30+00:00", "{base}/torget.mp3", 4321),
    ),
)  # fmt: skip

ANCHOR = Shape(
    f"""{DECLARED}<rss xmlns:dc="http://purl.org/dc/elements/1.1/" {CONTENT} {ATOM} version="2.0" {ITUNES}>
<channel><title><![CDATA[Kaffe & kommun]]></title><description><![CDATA[Vi pratar.]]></description>
<link>https://kaffe.example</link><generator>Anchor Podcasts</generator>
<author><![CDATA[Kaffe]]></author><language><![CDATA[sv]]></language>
<atom:link rel="hub" href="https://pubsubhubbub.example/"/>
<item><title><![CDATA[Budget & "skuld"]]></title>
<description><![CDATA[<p>Om <em>budget</em></p>
]]></description>
<link>https://kaffe.example/e/1</link><guid isPermaLink="false">7f0e1d2c-aaaa-bbbb-cccc-1234567890ab</guid>
<dc:creator><![CDATA[Kaffe]]></dc:creator><pubDate>Wed, 01 Sep 2021 04:00:00 GMT</pubDate>
<enclosure url="{{base}}/s/1/podcast/play/1/https%3A%2F%2Fd3.cloud.example%2Fstaging%2F2021-8-1%2F1.mp3" length="23456789" type="audio/mpeg"/>
<itunes:summary>&lt;p&gt;Om &lt;em&gt;budget&lt;/em&gt;&lt;/p&gt;
</itunes:summary><itunes:explicit>No</itunes:explicit><itunes:duration>00:24:26</itunes:duration>
<itunes:image href="{{base}}/cover.png"/><itunes:episodeType>full</itunes:episodeType></item>
</channel></rss>""".replace("{{base}}", "{base}"),
    (
        Told("7f0e1d2c-aaaa-bbbb-cccc-1234567890ab", 'Budget & "skuld"',
             "2021-09-01T04:00:00+00:00",
             "{base}/s/1/podcast/play/1/https%3A%2F%2Fd3.cloud.example%2Fstaging%2F2021-8-1%2F1.mp3",
             23456789),
    ),
)  # fmt: skip

ACAST = Shape(
    f"""{DECLARED}<rss version="2.0" {ATOM} {CONTENT} {ITUNES} {PODCAST}
 xmlns:acast="https://schema.acast.com/1.0/">
<channel><ttl>60</ttl><generator>acast.com</generator><title>Nordviks nyheter</title>
<link>https://nyheter.example</link><language>sv</language><copyright>Nordvik</copyright>
<itunes:keywords/><itunes:author>Nordvik</itunes:author><description><![CDATA[Nyheter]]></description>
<acast:showId>5f1</acast:showId><acast:importedFeed>https://x.example</acast:importedFeed>
<podcast:locked>yes</podcast:locked>
<item><title>Måndag</title><itunes:title>Måndag</itunes:title>
<pubDate>Mon, 06 Dec 2021 05:00:00 GMT</pubDate><itunes:duration>9:59</itunes:duration>
<enclosure url="{{base}}/p/acast/s/1/e/2/media.mp3" length="9580000" type="audio/mpeg"/>
<guid isPermaLink="false">61ad0d3b5a2d5e0012a1b2c3</guid><itunes:explicit>false</itunes:explicit>
<acast:episodeId>61ad</acast:episodeId><acast:settings><![CDATA[FYjHyZ]]></acast:settings>
<description><![CDATA[<p>Nytt</p><br><hr><p style="color:grey;font-size:0.75em;">Hosted on Acast. See <a style="color:grey;" target="_blank" rel="noopener noreferrer" href="https://acast.example/privacy">privacy</a>.</p>]]></description>
</item></channel></rss>""".replace("{{base}}", "{base}"),
    (
        Told("61ad0d3b5a2d5e0012a1b2c3", "Måndag", "2021-12-06T05:00:00+00:00",
             "{base}/p/acast/s/1/e/2/media.mp3", 9580000),
    ),
)  # fmt: skip

PODLOVE = Shape(
    f"""{DECLARED}<rss version="2.0" {ATOM} {ITUNES} {CONTENT}
 xmlns:psc="http://podlove.org/simple-chapters" xmlns:fh="http://purl.org/syndication/history/1.0">
<channel><title>Teknik</title><link>https://teknik.example/</link><description>Teknik</description>
<language>de-DE</language><atom:link rel="self" href="{{base}}/feed.xml"/><atom:link rel="first" href="{{base}}/feed.xml"/>
<fh:complete/>
<item><title>TE001 Början</title><link>https://teknik.example/te001</link>
<guid isPermaLink="false">podlove-2013-03-06t13:00:54+00:00-e4f3b0f4a1</guid>
<pubDate>Wed, 06 Mar 2013 13:00:54 +0000</pubDate>
<enclosure url="{{base}}/te001.m4a?source=feed" length="30123456" type="audio/mp4"/>
<itunes:duration>01:02:03</itunes:duration><itunes:subtitle>Så började det</itunes:subtitle>
<psc:chapters version="1.2"><psc:chapter start="00:00:00.000" title="Intro"/>
<psc:chapter start="00:02:10.500" title="Historia" href="https://teknik.example/h"/></psc:chapters>
<content:encoded><![CDATA[Så började det.]]></content:encoded></item>
</channel></rss>""".replace("{{base}}", "{base}"),
    (
        Told("podlove-2013-03-06t13:00:54+00:00-e4f3b0f4a1", "TE001 Början",
             "2013-03-06T13:00:54+00:00", "{base}/te001.m4a?source=feed", 30123456, "audio/x-m4a"),
    ),
)  # fmt: skip

BUZZSPROUT = Shape(
    f"""{DECLARED}<?xml-stylesheet href="/styles.xsl" type="text/xsl"?>
<rss version="2.0" {ITUNES} {CONTENT} {PODCAST} {ATOM}>
<channel><atom:link href="{{base}}/feed.xml" rel="self" type="application/rss+xml" />
<title>Utbildning</title><lastBuildDate>Mon, 01 Jan 2024 10:00:00 -0500</lastBuildDate>
<link>https://utbildning.example</link><language>sv</language><copyright>© 2024 Utbildning</copyright>
<podcast:medium>podcast</podcast:medium><podcast:guid>a17393e3-1b1e-5cef-ace4-edaa54e1f812</podcast:guid>
<podcast:podroll><podcast:remoteItem feedGuid="29cdca4a-32d8-56ba-b48b-09a011c5daa9"/></podcast:podroll>
<description><![CDATA[Kurser.]]></description>
<item><itunes:title>Lektion ett</itunes:title><title>Lektion ett</title>
<description><![CDATA[<p>Första lektionen.</p>]]></description>
<enclosure url="{{base}}/123456-lektion-ett.mp3" length="11223344" type="audio/mpeg" />
<guid isPermaLink="false">Buzzsprout-123456</guid><pubDate>Mon, 01 Jan 2024 05:00:00 -0500</pubDate>
<podcast:transcript url="{{base}}/123456.srt" type="application/x-subrip" />
<itunes:duration>765</itunes:duration><itunes:episodeType>bonus</itunes:episodeType></item>
</channel></rss>""".replace("{{base}}", "{base}"),
    (
        Told("Buzzsprout-123456", "Lektion ett", "2024-01-01T10:00:00+00:00",
             "{base}/123456-lektion-ett.mp3", 11223344),
    ),
)  # fmt: skip

FEEDBURNER = Shape(
    f"""<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" media="screen" href="/~d/styles/rss2full.xsl"?>
<rss version="2.0" {ITUNES} xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">
<channel><title>Arkivet</title><link>http://arkivet.example</link><description>Gamla band</description>
<language>sv</language><feedburner:info uri="arkivet"/>
<item><title>Band 1</title><link>http://feedproxy.example/~r/arkivet/~3/1/</link>
<guid>http://arkivet.example/band1.html</guid><pubDate>Sat, 12 Jan 2008 19:00:00 PST</pubDate>
<description>Ett band &lt;img src="http://feeds.example/~r/arkivet/~4/1" height="1" width="1"/&gt;</description>
<media:content url="{{base}}/band1.mp3" fileSize="555" type="audio/mpeg"/>
<enclosure url="{{base}}/band1.mp3" length="555" type="audio/mpeg"/>
<feedburner:origLink>http://arkivet.example/band1.html</feedburner:origLink>
<feedburner:origEnclosureLink>http://arkivet.example/band1.mp3</feedburner:origEnclosureLink></item>
</channel></rss>""".replace("{{base}}", "{base}"),
    (
        Told("http://arkivet.example/band1.html", "Band 1", "2008-01-13T03:00:00+00:00",
             "{base}/band1.mp3", 555),
    ),
)  # fmt: skip

WITHOUT_GUID = Shape(
    """<rss version="0.92"><channel><title>Utan guid</title><description>x</description>
<item><title>Ett</title><enclosure url="{base}/ett.mp3" length="100" type="audio/mpeg"/>
<pubDate>Sat, 07 Sep 2002 00:00:01 GMT</pubDate></item>
<item><title>Två</title><enclosure url="{base}/tva.mp3" length="200" type="audio/mpeg"/>
<pubDate>Sun, 08 Sep 2002 00:00:01 GMT</pubDate></item></channel></rss>""",
    (
        Told("{base}/ett.mp3", "Ett", "2002-09-07T00:00:01+00:00", "{base}/ett.mp3", 100),
        Told("{base}/tva.mp3", "Två", "2002-09-08T00:00:01+00:00", "{base}/tva.mp3", 200),
    ),
)


def _one(title: str, *, declared: str = "utf-8", before: str = "", guid: str = "ett") -> str:
    return (
        f'{before}<?xml version="1.0" encoding="{declared}"?>\n'
        f'<rss version="2.0" {ITUNES}><channel><title>Prov</title><language>sv</language>'
        f"<description>x</description><item><title>{title}</title><guid>{guid}</guid>"
        "<pubDate>Tue, 22 Jun 2021 09:00:00 +0200</pubDate>"
        '<enclosure url="{base}/ett.mp3?a=1&amp;b=2" length="100" type="audio/mpeg"/>'
        "<itunes:duration>1:00</itunes:duration></item></channel></rss>\n"
    )


def _told(title: str, guid: str = "ett") -> tuple[Told, ...]:
    return (
        Told(guid, title, "2021-06-22T07:00:00+00:00", "{base}/ett.mp3?a=1&b=2", 100),
    )  # fmt: skip


ODD = {
    "windows-1252 that says utf-8": Shape(
        _one("Blå – bär”"), _told("Blå – bär”"), encoding="windows-1252"
    ),
    "Latin-1": Shape(_one("Blåbär", declared="iso-8859-1"), _told("Blåbär"), encoding="latin-1"),
    "UTF-16": Shape(_one("Blåbär", declared="utf-16"), _told("Blåbär"), encoding="utf-16"),
    "byte order mark": Shape(_one("Blåbär", before="\ufeff"), _told("Blåbär")),
    "words of a program first": Shape(
        "Warning: foreach() in feed.php on line 7\n" + _one("Blåbär"), _told("Blåbär")
    ),
    "and in HTML": Shape(
        "<br />\n<b>Warning</b>:  foreach() in <b>feed.php</b> on line 7<br />\n" + _one("Blåbär"),
        _told("Blåbär"),
    ),
    "empty lines first": Shape(_one("Blåbär", before="\n\n  "), _told("Blåbär")),
    "entities of HTML": Shape(
        _one("Caf&eacute;&nbsp;&mdash; ett &copy;"), _told("Café\u00a0— ett ©")
    ),
    "bare ampersands": Shape(
        _one("AT&T & co", guid="a&b&amp;c?d=1&e=2"), _told("AT&T & co", "a&b&c?d=1&e=2")
    ),
    "CDATA everywhere": Shape(
        _one("<![CDATA[Ett & <två>]]>", guid="<![CDATA[ ett&två ]]>"),
        _told("Ett & <två>", "ett&två"),
    ),
    "control characters": Shape(_one("Ett\x0b två\x00"), _told("Ett två")),
    "guid with spaces inside": Shape(_one("Ett", guid="  a  b : c # d  "), _told("Ett", "a  b : c # d")),
    "guid with no-break spaces around it": Shape(
        _one("Ett", guid="\n\u00a0ett\u00a0 "), _told("Ett", "\u00a0ett\u00a0")
    ),
    "windows-1252 that says Latin-1": Shape(
        _one("”Blå” – bär", declared="iso-8859-1"), _told("”Blå” – bär"), encoding="windows-1252"
    ),
    "controls that are meant for letters": Shape(
        _one("&#147;Blå\x94 &#150; bär"), _told("“Blå” – bär")
    ),
    "letters of the document type": Shape(
        '<!DOCTYPE rss [<!ENTITY nbsp "&#160;"><!ENTITY nordvik "Nordvik">]>\n'
        + _one("I&nbsp;&nordvik;").partition("\n")[2],
        _told("I\u00a0Nordvik"),
    ),
    "broken off": Shape(
        _one("Ett").replace("</channel></rss>", "<item><title>Två</title><guid>tv"), _told("Ett")
    ),
    "no namespace declared": Shape(_one("Ett").replace(f" {ITUNES}", ""), _told("Ett")),
    "a tag that is never closed": Shape(
        _one("Ett").replace("<guid>", "<description>a <b>c</description><guid>"), _told("Ett")
    ),
    "attributes without quotes": Shape(
        _one("Ett").replace('type="audio/mpeg"', "type=audio/mpeg type='x'"), _told("Ett")
    ),
}  # fmt: skip
"""Malformed, and common."""

ATOM_PODCAST = Shape(
    f"""{DECLARED}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="sv" {ITUNES}>
<title type="html">Atom &amp;amp; eld</title><subtitle>Om atomer</subtitle><id>urn:x:feed</id>
<updated>2021-06-22T09:00:00Z</updated><author><name>Nordvik</name></author>
<link rel="self" href="{{base}}/feed.xml"/><link rel="alternate" href="https://atom.example/"/>
<entry><title type="text">Kärnan</title><id>tag:atom.example,2021:1</id>
<published>2021-06-22T09:00:00.250+02:00</published><updated>2021-06-23T09:00:00Z</updated>
<link rel="alternate" href="https://atom.example/1"/>
<link rel="enclosure" type="audio/mpeg" length="777" href="{{base}}/karnan.mp3"/>
<category term="fysik"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Om <em>kärnan</em>.</p></div></content>
<itunes:duration>0:30</itunes:duration></entry>
</feed>""".replace("{{base}}", "{base}"),
    (
        Told("tag:atom.example,2021:1", "Kärnan", "2021-06-22T07:00:00+00:00",
             "{base}/karnan.mp3", 777),
    ),
)  # fmt: skip

JSON_FEED = Shape(
    """{"version": "https://jsonfeed.org/version/1.1", "title": "Json", "language": "sv",
 "home_page_url": "https://json.example/", "authors": [{"name": "Nordvik"}],
 "items": [{"id": 17, "title": "Sjutton", "url": "https://json.example/17",
  "content_html": "<p>Om <b>sjutton</b></p>", "summary": "Sjutton", "tags": ["tal"],
  "date_published": "2022-01-02T03:04:05+01:00", "date_modified": "2022-01-03T03:04:05+01:00",
  "attachments": [{"url": "{base}/17.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 1717,
                   "duration_in_seconds": 61.5}]}]}""",
    (Told("17", "Sjutton", "2022-01-02T02:04:05+00:00", "{base}/17.mp3", 1717),),
)

RDF = Shape(
    """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:enc="http://purl.oclc.org/net/rss_2.0/enc#">
<channel rdf:about="https://rdf.example/"><title>Ett noll</title><link>https://rdf.example/</link>
<description>Gammalt</description><dc:language>sv</dc:language></channel>
<item rdf:about="https://rdf.example/1"><title>Ett</title><link>https://rdf.example/1</link>
<dc:date>2004-05-06T07:08:09+02:00</dc:date><enclosure url="{base}/1.mp3" length="9" type="audio/mpeg"/>
</item></rdf:RDF>""",
    (Told("https://rdf.example/1", "Ett", "2004-05-06T05:08:09+00:00", "{base}/1.mp3", 9),),
)

PROGRAMS = {
    "WordPress with PowerPress": WORDPRESS,
    "Libsyn": LIBSYN,
    "Castopod": CASTOPOD,
    "Anchor": ANCHOR,
    "Acast": ACAST,
    "Podlove": PODLOVE,
    "Buzzsprout": BUZZSPROUT,
    "FeedBurner": FEEDBURNER,
    "RSS without guid": WITHOUT_GUID,
    "RSS 1.0": RDF,
    "Atom": ATOM_PODCAST,
    "JSON Feed": JSON_FEED,
}


def soundcloud_page(base: str, numbers: range, following: str) -> bytes:
    """A page of a user's feed on SoundCloud, newest first; `following` "" = the last."""
    link = f'<atom:link href="{base}{following}" rel="next" type="application/rss+xml"/>'
    items = "".join(
        f'<item><guid isPermaLink="false">tag:soundcloud,2010:tracks/{number}</guid>'
        f"<title>Spår {number}</title><pubDate>Mon, 01 Jan 2018 00:{number // 60:02}:"
        f"{number % 60:02} +0000</pubDate><link>https://soundcloud.example/nordvik/{number}</link>"
        "<itunes:duration>00:10:00</itunes:duration><itunes:author>Nordvik</itunes:author>"
        "<itunes:explicit>no</itunes:explicit><itunes:summary>Rad ett\nRad två\n\n"
        "https://nordvik.example/las_mer</itunes:summary><itunes:subtitle>Rad ett…</itunes:subtitle>"
        "<description>Rad ett\nRad två\n\nhttps://nordvik.example/las_mer</description>"
        f'<enclosure type="audio/mpeg" url="{base}/stream/{number}-nordvik-spar.mp3" length="0"/>'
        "</item>"
        for number in reversed(numbers)
    )
    return (
        f'{DECLARED}<rss version="2.0" {ITUNES} {ATOM}><channel>'
        f'<atom:link href="{base}/feed.xml" rel="self" type="application/rss+xml"/>'
        f"{link if following else ''}<title>Nordvik</title><link>https://soundcloud.example/nordvik</link>"
        "<language>sv</language><description>Podcast by Nordvik</description>"
        "<itunes:owner><itunes:name>Nordvik</itunes:name><itunes:email>feeds@soundcloud.example"
        f"</itunes:email></itunes:owner>{items}</channel></rss>"
    ).encode()  # fmt: skip
