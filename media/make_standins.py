#!/usr/bin/env python3
"""Make the stand-ins below media/: recordings, their transcripts, and the artwork.

Each text in media/standins/<series>/<recording>.txt becomes media/<series>/<recording>, spoken by
a synthetic voice, and <recording>.vtt beside it, with the times at which each sentence is heard.
What is there already is left alone: a published address keeps its bytes. To make something
again, delete it first. feedtool itself never runs this; see media/README.md.

A text has a head ("title:", "length:") and parts. A part starts with its time, "02:30", and the
name of its chapter, if it has one; every line below it is a sentence. The voice starts each part
at its time, and silence fills the rest.
"""

from __future__ import annotations

import argparse
import itertools
import math
import subprocess
import sys
import tempfile
import textwrap
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

MEDIA = Path(__file__).resolve().parent
TEXTS = MEDIA / "standins"

RATE = 22_050  # samples a second, as espeak-ng gives them: 16 bits, mono
PAUSE = 0.6  # seconds between two sentences
LINE = 65  # characters in a line of a transcript, two lines in a cue
VOICE = "<v Talsyntes>"  # who speaks, in WebVTT

# What the Swedish voice would otherwise read wrongly; the transcript keeps the spelling.
SPOKEN = {
    "22 juni 2021": "tjugoandra juni tjugohundra tjugoett",
    "2017": "tjugohundra sjutton",
    "2019": "tjugohundra nitton",
    "SoundCloud": "saund klaud",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One chapter of a text."""

    start: int  #: seconds
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """What a stand-in says, and how long it lasts."""

    recording: Path
    title: str
    length: int  #: seconds
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """One sentence where it is heard; times in seconds."""

    start: float
    end: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Look:
    """How the artwork of a series looks."""

    title: str
    kind: str
    ground: str  #: colour
    accent: str  #: colour of the figure, readable on the ground
    figure: str


LOOKS = {
    "": Look("Ledning och styrning av digitalisering", "Katalog", "#12284c", "#ffc845", "squares"),
    "jakten-pa-den-perfekta-digitaliseringen": Look(
        "Jakten på den perfekta digitaliseringen", "Podd", "#0b4a3f", "#8fe3b0", "waves"
    ),
    "det-politiska-uppdraget": Look(
        "Digitalisering och det politiska uppdraget", "Föreläsningar", "#6b1430", "#ffb3a7", "bars"
    ),
    "fem-perspektiv": Look(
        "Fem perspektiv på utmaningar och ledarskap", "Intervjuer", "#43217a", "#d9b8ff", "dots"
    ),
    "digitalt-kompetenslyft": Look(
        "Digitalt kompetenslyft för förtroendevalda och tjänstepersoner",
        "Webbinarium",
        "#5a3410",
        "#ffd38a",
        "steps",
    ),
}


# Texts


def read_text(path: Path) -> Text:
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    facts = dict(line.split(": ", 1) for line in head.splitlines())
    parts: list[Part] = []
    for block in body.strip().split("\n\n"):
        heading, *sentences = block.splitlines()
        parts.append(Part(seconds(heading.split()[0]), tuple(sentences)))
    return Text(
        recording=MEDIA / path.relative_to(TEXTS).with_suffix(""),
        title=facts["title"],
        length=seconds(facts["length"]),
        parts=tuple(parts),
    )


def seconds(clock: str) -> int:
    minutes, _, rest = clock.partition(":")
    return int(minutes) * 60 + int(rest)


# Sound


def speak(sentence: str, folder: Path) -> bytes:
    """The sentence as samples."""
    for written, spoken in SPOKEN.items():
        sentence = sentence.replace(written, spoken)
    sound = folder / "sentence.wav"
    run("espeak-ng", "-v", "sv", "-s", "150", "-z", "-w", str(sound), "--", sentence)
    with wave.open(str(sound)) as reader:
        form = (reader.getframerate(), reader.getsampwidth(), reader.getnchannels())
        if form != (RATE, 2, 1):
            raise SystemExit(f"espeak-ng gave sound in another form than expected: {form}")
        samples: bytes = reader.readframes(reader.getnframes())
    return samples


def perform(text: Text, folder: Path) -> tuple[Path, list[Cue]]:
    """The whole recording as a WAV file, and when each sentence is heard in it."""
    samples = bytearray(2 * RATE * text.length)
    cues: list[Cue] = []
    ends = [part.start for part in text.parts[1:]] + [text.length]
    for part, limit in zip(text.parts, ends, strict=True):
        at = part.start + PAUSE
        for sentence in part.sentences:
            sound = speak(sentence, folder)
            first = 2 * round(RATE * at)
            cue = Cue(at, at + len(sound) / 2 / RATE, sentence)
            if cue.end > limit:
                raise SystemExit(f"{text.recording.name}: no time left for: {sentence}")
            samples[first : first + len(sound)] = sound
            cues.append(cue)
            at = cue.end + PAUSE
    whole = folder / "whole.wav"
    with wave.open(str(whole), "wb") as writer:
        writer.setparams((1, 2, RATE, 0, "NONE", ""))
        writer.writeframes(samples)
    return whole, cues


def encode(text: Text, sound: Path, folder: Path) -> None:
    """The recording in the format its name asks for."""
    inputs = ["-i", str(sound)]
    codecs = ["-ac", "1", "-ar", "44100", "-b:a", "32k"]
    match text.recording.suffix:
        case ".mp3":
            codecs += ["-c:a", "libmp3lame", "-id3v2_version", "0"]
        case ".m4a":
            codecs += ["-c:a", "aac", "-movflags", "+faststart"]
        case ".mp4":
            picture = folder / "picture.png"
            draw_picture(text, LOOKS[text.recording.parent.name]).save(picture)
            inputs = ["-loop", "1", "-framerate", "1", "-i", str(picture), *inputs]
            codecs += ["-c:a", "aac", "-movflags", "+faststart", "-t", str(text.length)]
            codecs += ["-c:v", "libx264", "-preset", "slow", "-tune", "stillimage", "-crf", "30"]
            codecs += ["-pix_fmt", "yuv420p", "-g", "60", "-flags:v", "+bitexact"]
        case other:
            raise SystemExit(f"{text.recording.name}: no recipe for {other}")
    bare = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
    text.recording.parent.mkdir(exist_ok=True)
    made = folder / text.recording.name
    run("ffmpeg", "-v", "error", *inputs, *bare, *codecs, str(made))
    text.recording.write_bytes(made.read_bytes())


# Transcripts


def webvtt(cues: list[Cue]) -> str:
    return "WEBVTT\n" + "".join(
        f"\n{stamp(cue.start)} --> {stamp(cue.end)}\n{lines(cue.sentence)}\n" for cue in cues
    )


def stamp(at: float) -> str:
    minutes, milliseconds = divmod(round(at * 1000), 60_000)
    return f"{minutes:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"


def lines(sentence: str) -> str:
    """The speaker and the sentence: in one line, or in two of about the same length."""
    length = len(VOICE) + len(sentence)
    for width in (LINE,) if length <= LINE else range(math.ceil(length / 2), LINE + 1):
        folded = textwrap.wrap(sentence, width, initial_indent=VOICE, break_on_hyphens=False)
        if len(folded) <= 2:
            return "\n".join(folded)
    raise SystemExit(f"longer than two lines of {LINE} characters: {sentence}")


# Pictures


def font(size: int, *, bold: bool = True) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf", size)


def draw_artwork(look: Look) -> Image.Image:
    """A square for podcast apps: 3000 x 3000, RGB, no transparency."""
    image = Image.new("RGB", (3000, 3000), look.ground)
    draw = ImageDraw.Draw(image)
    draw_figure(draw, look, 200, 200, 1100)
    draw_words(draw, look.title, 200, 1480, width=2600, height=1080, largest=300)
    draw.text((200, 2640), look.kind, fill=look.accent, font=font(140))
    return image


def draw_picture(text: Text, look: Look) -> Image.Image:
    """The still picture of a video: 1280 x 720."""
    image = Image.new("RGB", (1280, 720), look.ground)
    draw = ImageDraw.Draw(image)
    draw_figure(draw, look, 80, 70, 200)
    draw_words(draw, text.title, 80, 310, width=1120, height=200, largest=64)
    draw_words(draw, look.title, 80, 530, width=1120, height=45, largest=36, fill=look.accent)
    draw.text((80, 610), "Platshållare med talsyntes", fill="white", font=font(36, bold=False))
    return image


def draw_words(
    draw: ImageDraw.ImageDraw,
    words: str,
    left: int,
    top: int,
    *,
    width: int,
    height: int,
    largest: int,
    fill: str = "white",
) -> None:
    """The words as large as they fit, whole words only."""
    for size in range(largest, 0, -2):
        type_face = font(size)
        rows = fold(words, type_face, width)
        if rows and len(rows) * size * 1.25 <= height:
            for number, row in enumerate(rows):
                draw.text((left, top + number * size * 1.25), row, fill=fill, font=type_face)
            return
    raise SystemExit(f"no room for: {words}")


def fold(words: str, type_face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """The words in rows no wider than `width`; none if a single word is wider."""
    rows: list[str] = []
    for word in words.split():
        if type_face.getlength(word) > width:
            return []
        if rows and type_face.getlength(f"{rows[-1]} {word}") <= width:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    return rows


def draw_figure(draw: ImageDraw.ImageDraw, look: Look, left: int, top: int, size: int) -> None:
    """The figure that tells the series apart, in a square of `size`."""

    def box(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        return (left + x0 * size, top + y0 * size, left + x1 * size, top + y1 * size)

    match look.figure:
        case "squares":  # four series
            for x, y in ((0, 0), (0.55, 0), (0, 0.55), (0.55, 0.55)):
                draw.rectangle(box(x, y, x + 0.45, y + 0.45), fill=look.accent)
        case "waves":  # a call
            for step in range(4):
                edge = step * 0.13
                draw.ellipse(
                    box(edge, edge, 1 - edge, 1 - edge),
                    outline=look.accent,
                    width=round(size * 0.05),
                )
        case "bars":  # 8 and 12 minutes
            draw.rectangle(box(0, 1 / 3, 0.45, 1), fill=look.accent)
            draw.rectangle(box(0.55, 0, 1, 1), fill=look.accent)
        case "dots":  # five interviews
            for x, y in ((0, 0), (0.66, 0), (0.33, 0.33), (0, 0.66), (0.66, 0.66)):
                draw.ellipse(box(x, y, x + 0.34, y + 0.34), fill=look.accent)
        case "steps":  # a lift
            for step in range(4):
                draw.rectangle(box(step / 4, 0.75 - step / 4, step / 4 + 0.22, 1), fill=look.accent)


# All of it


def run(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def make_recordings() -> Iterator[Path]:
    for path in sorted(TEXTS.glob("*/*.txt")):
        text = read_text(path)
        transcript = text.recording.with_suffix(".vtt")
        if text.recording.exists() and transcript.exists():
            continue
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            sound, cues = perform(text, folder)
            if not text.recording.exists():
                encode(text, sound, folder)
                yield text.recording
        transcript.write_text(webvtt(cues), encoding="utf-8", newline="\n")
        yield transcript


def make_artwork() -> Iterator[Path]:
    for series, look in LOOKS.items():
        path = MEDIA / series / "omslag.png" if series else MEDIA / "katalog.png"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            draw_artwork(look).save(path, optimize=True, dpi=(72, 72))
            yield path


def main() -> None:
    argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0]).parse_args()
    made = 0
    for path in itertools.chain(make_artwork(), make_recordings()):
        print(f"{path.relative_to(MEDIA)}  {path.stat().st_size:,} bytes")
        made += 1
    if not made:
        print("Everything is there already; delete what should be made again.", file=sys.stderr)


if __name__ == "__main__":
    main()
