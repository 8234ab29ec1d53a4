"""Make the bench's catalog: an archive as a public body would have after ten years.

    python bench/corpus.py FOLDER [--series 10] [--episodes 1000] [--opus]

The same arguments give the same bytes (with the same Pillow and mutagen, which write the artwork
and the tags). Every recording is a whole, truthful file of its own length, made from the seeds in
bench/seeds/; neither ffmpeg nor any other program is needed.
"""

# mypy: allow-untyped-calls

from __future__ import annotations

import argparse
import json
import shutil
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from uuid import UUID

from mutagen.id3 import ID3
from mutagen.id3._frames import TALB, TIT2, TPE1, TRCK
from mutagen.oggopus import OggOpus
from PIL import Image, ImageDraw

SEEDS = Path(__file__).resolve().parent / "seeds"
BASE_URL = "https://bench.example/"
FIRST_DAY = datetime(2015, 1, 5)
TEN_YEARS = timedelta(days=3650)  # the last episode is of the first days of January 2025

PEOPLE = {
    "asa-oberg": ("Åsa Öberg", "kommundirektör", "Ängsbyggets kommun"),
    "bjorn-hjalmarsson": ("Björn Hjälmarsson", "digitaliseringsstrateg", "Region Västvik"),
    "elsa-lind": ("Elsa Lind", "redaktör", "Exempelmyndigheten"),
    "goran-ahlen": ("Göran Åhlén", "it-chef", "Sjöstads kommun"),
    "ingela-aker": ("Ingela Åker", "professor i statsvetenskap", "Norra högskolan"),
    "jorgen-ost": ("Jörgen Öst", "ordförande i kommunstyrelsen", "Lillköpings kommun"),
    "kajsa-ang": ("Kajsa Äng", "verksamhetsutvecklare", "Exempelmyndigheten"),
    "marten-falt": ("Mårten Fält", "jurist", "Byrån Fält & Ström"),
    "nour-haddad": ("Nour Haddad", "kundtjänstchef", "Sjöstads kommun"),
    "par-sandelov": ("Pär Sandelöv", "arkivarie", "Riksarkivet i Exempelby"),
    "sara-moller": ("Sara Möller", "designer", "Form & Funktion"),
    "ture-ojebro": ("Ture Öjebro", "rektor", "Åbackens gymnasium"),
}
NAMED = ["Samtal om styrning", "Öppna möten", "Frågor & svar", "Så gjorde vi", "Vägen framåt"]
SUBJECTS = [
    ("kundtjansten", "Kundtjänsten"),
    ("oppna-data", "Öppna data & gamla register"),
    ("e-arkivet", "E-arkivet"),
    ("skolan", 'Skolan och "den digitala eleven"'),
    ("hemtjansten", "Hemtjänsten"),
    ("upphandling", "Upphandling: vad får det kosta?"),
    ("tillganglighet", "Tillgänglighet för <alla>"),
    ("ai-i-namnden", "AI i nämnden"),
    ("byggloven", "Byggloven som blev färdiga"),
    ("sakerheten", "Säkerheten; vem bär ansvaret?"),
    ("biblioteket", "Biblioteket"),
    ("spraket", "Språket i e-tjänsten"),
]
PLACES = ["Sjöstad", "Ängsbygget", "Västvik", "Lillköping", "Åbacken", "Norrö", "Östanå", "Håby"]
ANGLES = ["så började det", "vad vi lärde oss", "ett år senare", "frågorna från invånarna",
          "vad kostade det?", "politikens roll", "tre röster", "inifrån"]  # fmt: skip
TAGS = ["digitalisering", "ledarskap", "ai", "öppna data", "språk", "skola", "vård & omsorg"]
SENTENCES = [
    "Vad händer när hundra små beslut ska bli **en** tjänst som fungerar dygnet runt?",
    "Vi börjar i korridoren utanför nämnden, där någon skrev *ingen vet vem som äger frågan*.",
    "Kommunen har mätt i två år, och svaren är inte de som alla väntade sig.",
    "Det gäller avgifter, köer & besked, men också om människor vågar ringa igen.",
    'En chef säger det rakt ut: "vi köpte ett system när vi behövde ett arbetssätt".',
    "När färre än 5 av 10 hittar rätt blankett är det inte invånarna som gör fel.",
    "Förvaltningen prövade med tolv hushåll, sedan med trettio, och till sist med hela staden.",
    "Reglerna är desamma överallt, ändå ser handläggningen olika ut från ö till ö.",
    "Här finns frågor som *inte* går att delegera, och några som borde ha delegerats förut.",
    "Lagen säger en sak, avtalet en annan; i praktiken avgör den som svarar i telefonen.",
    "Efteråt är det lätt att se att pengarna lades på fel ställe, säger en av de ansvariga.",
    "Det som tog längst tid var inte tekniken utan att enas om vad orden betyder.",
    "Vi hör också en röst från landsbygden, där bredbandet är nytt och vägen är gammal.",
    "Nästa steg är att låta **alla** nämnder se samma siffror på samma dag.",
]
CHAPTERS = ["Inledning", "Bakgrunden", "Kundtjänsten ringer", "Frågor & svar", "Siffrorna",
            "Vad säger lagen?", "Ett år senare", "Rösten från Östanå", "Slutord"]  # fmt: skip
SPOKEN = [
    "Välkommen hit, och tack för att du tog dig tid.",
    "Tack, det känns bra att få berätta hur det gick till.",
    "Om vi börjar från början: vem ställde frågan först?",
    "Det var faktiskt en invånare som ringde till kundtjänsten.",
    "Och då visste ingen vad svaret var?",
    "Nej, vi fick gå tillbaka till tre olika register &amp; fråga.",
    "Hur lång tid tog det innan ni såg en skillnad?",
    "Efter ett halvår hade köerna blivit hälften så långa.",
    "Det låter nästan för bra för att vara sant.",
    "Ja, och på hösten blev det sämre igen, det ska sägas.",
]


@dataclass(frozen=True, slots=True)
class Recording:
    """A whole media file and what is true of it."""

    suffix: str
    content: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Tags:
    """What stands in a recording's own tags; the same as in the episode's file."""

    title: str
    series: str
    number: int


def mp3_frames(seed: bytes) -> list[bytes]:
    """The frames of a bare MPEG-1 Layer III stream at 44.1 kHz, which is what the seeds are."""
    kbps = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
    frames, at = [], 0
    while at < len(seed):
        assert seed[at : at + 2] == b"\xff\xfb", "not a frame of MPEG-1 Layer III without CRC"
        size = 144_000 * kbps[seed[at + 2] >> 4] // 44_100 + (seed[at + 2] >> 1 & 1)
        frames.append(seed[at : at + size])
        at += size
    return frames


def xing_frame(frames: Sequence[bytes]) -> bytes:
    """The header frame of a VBR file: the count, the bytes and the table to seek by, all true."""
    size = 144 * 64_000 // 44_100
    total = size + sum(map(len, frames))
    offsets = [size]
    for frame in frames:
        offsets.append(offsets[-1] + len(frame))
    table = bytes(min(255, offsets[len(frames) * i // 100] * 256 // total) for i in range(100))
    head = frames[0][:2] + bytes([0x50, frames[0][3]]) + bytes(17)  # 64 kbit/s, side info of mono
    return (head + b"Xing" + struct.pack(">III", 7, len(frames), total) + table).ljust(size, b"\0")


def id3(tags: Tags, padding: int) -> bytes:
    """An ID3v2 tag."""
    written = ID3()
    written.add(TIT2(encoding=3, text=tags.title))
    written.add(TALB(encoding=3, text=tags.series))
    written.add(TPE1(encoding=3, text="Exempelmyndigheten"))
    written.add(TRCK(encoding=3, text=str(tags.number)))
    file = BytesIO()
    written.save(file, v1=0, padding=lambda info: padding)
    return file.getvalue()


class Recordings:
    """Makes recordings of each format from the seeds."""

    def __init__(self, *, opus: bool) -> None:
        self.cbr = mp3_frames((SEEDS / "cbr.mp3").read_bytes())
        self.vbr = mp3_frames((SEEDS / "vbr.mp3").read_bytes())
        self.m4a = [(4.0, (SEEDS / "four.m4a").read_bytes())]
        self.m4a.append((7.0, (SEEDS / "seven.m4a").read_bytes()))
        self.mp4 = (SEEDS / "seven.mp4").read_bytes()
        self.opus = (SEEDS / "seven.opus").read_bytes()
        fourth = self._opus if opus else self._mp4
        self.kinds: tuple[Callable[[Random, Tags], Recording], ...] = (
            self._cbr, self._vbr, self._m4a, fourth)  # fmt: skip

    def make(self, kind: int, random: Random, tags: Tags) -> Recording:
        return self.kinds[kind % len(self.kinds)](random, tags)

    def _cbr(self, random: Random, tags: Tags) -> Recording:
        frames = _repeated(self.cbr, random.randrange(230, 561))
        content = id3(tags, random.randrange(64, 2048)) + b"".join(frames)
        return Recording(".mp3", content, len(frames) * 1152 / 44_100)

    def _vbr(self, random: Random, tags: Tags) -> Recording:
        frames = _repeated(self.vbr, random.randrange(160, 341))
        content = id3(tags, random.randrange(64, 2048)) + xing_frame(frames) + b"".join(frames)
        return Recording(".mp3", content, len(frames) * 1152 / 44_100)

    def _m4a(self, random: Random, tags: Tags) -> Recording:
        seconds, seed = random.choice(self.m4a)
        return Recording(".m4a", seed + _free_box(random), seconds)

    def _mp4(self, random: Random, tags: Tags) -> Recording:
        return Recording(".mp4", self.mp4 + _free_box(random), 7.0)

    def _opus(self, random: Random, tags: Tags) -> Recording:
        file = BytesIO(self.opus)
        opus = OggOpus(file)
        opus["TITLE"] = [tags.title]
        opus["ALBUM"] = [tags.series]
        opus["TRACKNUMBER"] = [str(tags.number)]
        file.seek(0)
        padding = random.randrange(2_000, 24_000)
        opus.save(file, padding=lambda info: padding)
        return Recording(".opus", file.getvalue(), 7.0)


def _repeated(frames: Sequence[bytes], count: int) -> list[bytes]:
    """Whole frames, again and again; the seeds use no bit reservoir, so any may follow any."""
    return [frames[i % len(frames)] for i in range(count)]


def _free_box(random: Random) -> bytes:
    """Room for later tags at the end of an MP4 file, as editors leave it."""
    size = random.randrange(1_000, 24_000)
    return struct.pack(">I4s", size, b"free") + bytes(size - 8)


def _quoted(text: str) -> str:
    """A YAML scalar in single quotes, as people write them."""
    return "'" + text.replace("'", "''") + "'"


def _title(index: int) -> tuple[str, str]:
    """A slug and a title, different for each index of a series."""
    rest, subject = divmod(index, len(SUBJECTS))
    rest, place = divmod(rest, len(PLACES))
    part, angle = divmod(rest, len(ANGLES))
    slug, title = SUBJECTS[subject]
    title = f"{title} – {PLACES[place]}, {ANGLES[angle]}"
    return f"{slug}-{index + 1:05}", f"{title} (del {part + 1})" if part else title


def _date(series: int, index: int, episodes: int) -> datetime:
    """Spread evenly over ten years, by day: never in an hour that a change of clocks touches."""
    evenly = FIRST_DAY + timedelta(minutes=37 * series) + TEN_YEARS * index / episodes
    minute = 6 * 60 + (evenly.hour * 60 + evenly.minute) * 14 // 24  # 06:00 to 20:00
    return evenly.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)


def _notes(random: Random) -> str:
    """Show notes of one and a half to two kilobytes."""

    def paragraph(count: int) -> str:
        return " ".join(random.sample(SENTENCES, count))

    number = random.randrange(10_000)
    links = "\n".join(
        f"- [{text}](https://bench.example/kallor/{number + i}?sida=1&rad={i})"
        for i, text in enumerate(random.sample([title for _, title in SUBJECTS], 3))
    )
    steps = "\n".join(f"{i}. {text}" for i, text in enumerate(random.sample(SENTENCES, 3), 1))
    return (
        f"{paragraph(3)}\n\n{paragraph(2)} Läs mer hos\n"
        f"[Exempelmyndigheten](https://bench.example/{number}) och <https://bench.example/om>.\n\n"
        f"## I avsnittet\n\n{steps}\n\n{paragraph(random.randrange(3, 6))}\n\n"
        f"> {random.choice(SENTENCES)}\n\n### Länkar\n\n{links}\n\n"
        f"Mått: a < b & b < c, 20 % av *alla* ärenden; å, ä och ö. {paragraph(1)}\n"
    )


def _vtt(random: Random, seconds: float) -> str:
    """A transcript of about two kilobytes inside the recording."""

    def clock(at: float) -> str:
        whole, millis = divmod(int(at * 1000), 1000)
        return f"{whole // 60:02}:{whole % 60:02}.{millis:03}"

    count, first = 24, random.randrange(len(SPOKEN))
    voices = random.sample([name for name, *_ in PEOPLE.values()], 2)
    cues = (
        f"{clock(seconds * i / count)} --> {clock(seconds * (i + 1) / count)}\n"
        f"<v {voices[i % 2]}>{SPOKEN[(first + i) % len(SPOKEN)]}\n"
        for i in range(count)
    )
    return "WEBVTT\n\n" + "\n".join(cues)


def _chapters(random: Random, seconds: float) -> Iterator[str]:
    """Chapters inside the recording; the first at its start."""
    possible = range(1, int(seconds))
    starts = [0, *sorted(random.sample(possible, min(len(possible), random.randrange(2, 6))))]
    for start, title in zip(starts, [CHAPTERS[0], *random.sample(CHAPTERS[1:], 5)], strict=False):
        yield f"{start // 60:02}:{start % 60:02} {title}"


def _artwork(path: Path, hue: int) -> None:
    picture = Image.new("RGB", (1400, 1400), (20 + hue * 7 % 90, 60, 150 - hue * 11 % 90))
    draw = ImageDraw.Draw(picture)
    for i in range(hue + 1):
        edge = 80 + 60 * (i % 10)
        draw.rectangle((edge, edge, 1400 - edge, 1400 - edge), outline="white", width=12)
    picture.save(path, quality=80)


def _catalog_yaml(profiles: Sequence[str]) -> str:
    people = "\n".join(
        f"  {id}: {{name: {name}, title: {title}, organisation: {organisation}}}"
        for id, (name, title, organisation) in PEOPLE.items()
    )
    return f"""\
title: Exempelmyndigheten lyssnar
description: Alla samtal, föreläsningar och möten på ett ställe.
base_url: {BASE_URL}
language: sv
timezone: Europe/Stockholm
author: Exempelmyndigheten
owner: {{name: Exempelmyndigheten, email: redaktion@bench.example}}
explicit: false
locked: true
categories: [Government]
image: omslag.jpg
image_alt: Vita ramar på blå botten
profiles: [{", ".join(profiles)}]
pages: false
people:
{people}
"""


def _series_title(series: int) -> str:
    round, which = divmod(series, len(NAMED))
    return NAMED[which] + (f", omgång {round + 1}" if round else "")


def _series_yaml(series: int, host: str) -> str:
    return f"""\
title: {_quoted(_series_title(series))}
description: >-
  Samtal om hur det offentliga styr, leder och förstår det digitala,
  med människor som har gjort det. Serie {series + 1} av Exempelmyndigheten.
language: sv
author: Exempelmyndigheten
type: episodic
explicit: false
categories: ["Government"]
image: omslag.jpg
image_alt: Vita ramar på blå botten
people: [{{id: {host}, role: host}}]
"""


def _write_series(root: Path, series: int, episodes: int, recordings: Recordings) -> None:
    name = f"serie-{series + 1:02}"
    files, media = root / "episodes" / name, root / "media" / name
    files.mkdir()
    media.mkdir()
    ids = list(PEOPLE)
    host = ids[series % len(ids)]
    others = [id for id in ids if id != host]
    (files / "series.yaml").write_text(_series_yaml(series, host), "utf-8", newline="\n")
    _artwork(media / "omslag.jpg", series + 1)
    year, number = 0, 0
    for index in range(episodes):
        random = Random(f"feedtool bench {series} {index}")  # a text: the same on every machine
        slug, title = _title(index)
        date = _date(series, index, episodes)
        year, number = (year, number + 1) if date.year == year else (date.year, 1)
        recording = recordings.make(index, random, Tags(title, _series_title(series), index + 1))
        (media / f"{slug}{recording.suffix}").write_bytes(recording.content)
        guests = random.sample(others, random.randrange(1, 4))
        lines = [
            "---",
            f"title: {_quoted(title)}",
            f"date: {date:%Y-%m-%d %H:%M}",
            f"guid: {UUID(int=random.getrandbits(128), version=4)}",
            f"media: {slug}{recording.suffix}",
            f"summary: {_quoted(random.choice(SENTENCES).replace('*', ''))}",
            f"season: {date.year - FIRST_DAY.year + 1}",
            f"episode: {number}",
            f"people: [{', '.join(f'{{id: {id}, role: guest}}' for id in guests)}]",
            f"tags: [{', '.join(random.sample(TAGS, 3))}]",
        ]
        if index % 8 in (0, 3, 5, 6):  # half of them, of each format
            lines.append("chapters:")
            lines += (f"  - {_quoted(text)}" for text in _chapters(random, recording.seconds))
        if index % 10 == 3:
            vtt = _vtt(random, recording.seconds)
            (media / f"{slug}.vtt").write_text(vtt, "utf-8", newline="\n")
            lines.append(f"transcripts: [{slug}.vtt]")
        text = "\n".join([*lines, "---", "", _notes(random)])
        (files / f"{slug}.md").write_text(text, "utf-8", newline="\n")


def make(root: Path, *, series: int, episodes: int, opus: bool = False) -> None:
    """Write the whole catalog into `root`, which must not exist."""
    (root / "episodes").mkdir(parents=True)
    (root / "media").mkdir()
    # Apple's and PSP-1's directories know no Opus, so a catalog with Opus does not claim them.
    profiles = ["podcasting2"] if opus else ["apple", "psp1", "podcasting2"]
    (root / "feedtool.yaml").write_text(_catalog_yaml(profiles), "utf-8", newline="\n")
    _artwork(root / "media" / "omslag.jpg", 0)
    recordings = Recordings(opus=opus)
    for number in range(series):
        _write_series(root, number, episodes, recordings)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="made anew; must not exist")
    parser.add_argument("--series", type=int, default=10)
    parser.add_argument("--episodes", type=int, default=1000, help="in each series")
    parser.add_argument("--opus", action="store_true", help="Opus instead of MP4 video")
    options = parser.parse_args(arguments)
    folder: Path = options.folder
    if folder.exists():
        print(f"{folder} is there already", file=sys.stderr)
        return 2
    part = folder.with_name(folder.name + ".part")
    if part.exists():
        shutil.rmtree(part)
    make(part, series=options.series, episodes=options.episodes, opus=options.opus)
    part.rename(folder)
    print(json.dumps({"folder": str(folder), "episodes": options.series * options.episodes}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
