"""Makes the recordings and pictures beside it: tones, so small that they can be committed.

Run once, by hand; needs ffmpeg, lame, flac, oggenc, opusenc and sox. The tests use its results and
need none of these. What a file is to prove stands in its name; how long it is, in
`test_measure.py`, from the number of samples that went in. Broken files are made by the tests
from these whole ones, so that what is broken in them can be read there.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import mutagen.id3
from PIL import Image

id3: Any = mutagen.id3  # its classes have no types

HERE = Path(__file__).parent


def run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def ffmpeg(*arguments: str | Path) -> None:
    *before, output = arguments
    run("ffmpeg", "-y", "-nostdin", *before, "-bitexact", output)


def tone(seconds: float, rate: int = 44100, channels: int = 1) -> Path:
    """A WAV of rising and falling loudness, so that variable bit rates vary."""
    path = TEMPORARY / f"{seconds}-{rate}-{channels}.wav"
    if not path.exists():
        run(
            "sox", "-R", "-n", "-r", str(rate), "-c", str(channels), "-b", "16", path,
            "synth", str(seconds), "sine", "200-4000", "tremolo", "1.5", "95", "gain", "-3",
        )  # fmt: skip
    return path


def mp3() -> None:
    def lame(name: str, source: Path, *options: str) -> None:
        run("lame", "--quiet", *options, source, HERE / name)

    lame("cbr.mp3", tone(3), "-b", "64", "--cbr")
    lame("cbr-48k.mp3", tone(2, 48000, 2), "-b", "64", "--cbr")
    lame("cbr-mpeg2.mp3", tone(3, 22050), "-b", "32", "--cbr")
    lame("cbr-headerless.mp3", tone(2), "-b", "32", "--cbr", "-t")
    lame("vbr.mp3", tone(4), "-V", "7")
    lame("vbr-headerless.mp3", tone(4), "-V", "7", "-t")
    lame("abr.mp3", tone(2), "--abr", "48")
    lame("tagged.mp3", tone(2), "-b", "56", "--cbr", "--add-id3v2", "--pad-id3v2-size", "900",
         "--tt", "Räksmörgås", "--ta", "feedtool")  # fmt: skip
    # -bitexact leaves the Info header out
    run("ffmpeg", "-y", "-i", tone(2), "-map_metadata", "-1", "-c:a", "libmp3lame", "-b:a", "64k",
        HERE / "ffmpeg.mp3")  # fmt: skip
    ffmpeg("-i", tone(1), "-c:a", "mp2", "-b:a", "64k", "-f", "mp2", HERE / "layer2.mp3")


def mp4() -> None:
    aac = ("-c:a", "aac", "-b:a", "32k")
    picture = ("-f", "lavfi", "-i", "color=navy:size=64x48:rate=10:duration=2")
    h264 = ("-c:v", "libx264", "-preset", "veryslow", "-crf", "40", "-pix_fmt", "yuv420p")
    ffmpeg("-i", tone(3), *aac, HERE / "sound.m4a")
    ffmpeg("-i", tone(3), *aac, "-movflags", "faststart", HERE / "faststart.m4a")
    ffmpeg("-i", tone(2), *aac, "-movflags", "frag_keyframe+empty_moov", HERE / "fragmented.m4a")
    ffmpeg("-i", tone(2), *aac, "-f", "mp4", HERE / "sound-isom.m4a")
    ffmpeg(*picture, "-i", tone(2), *h264, *aac, HERE / "video.mp4")
    ffmpeg(*picture, "-i", tone(2), *h264, *aac, HERE / "video.m4v")
    ffmpeg(*picture, "-i", tone(2), *h264, *aac, HERE / "video.mov")
    ffmpeg(*picture, *h264, HERE / "silent.mp4")
    ffmpeg(*picture, "-i", tone(1), *h264, *aac, HERE / "short-sound.mp4")
    with_turn = ("-i", HERE / "video.mp4", "-c", "copy", "-metadata:s:v:0", "rotate=90")
    ffmpeg(*with_turn, HERE / "upright.mp4")


def others() -> None:
    ffmpeg("-i", tone(3), "-c:a", "libvorbis", "-q:a", "0", "-page_duration", "250000",
           HERE / "vorbis.ogg")  # fmt: skip
    run("oggenc", "--quiet", "-q", "0", "--serial", "2", tone(2, 22050), "-o",
        TEMPORARY / "second.ogg")  # fmt: skip
    chain = (HERE / "vorbis.ogg").read_bytes() + (TEMPORARY / "second.ogg").read_bytes()
    (HERE / "chain.ogg").write_bytes(chain)
    run("opusenc", "--quiet", "--bitrate", "12", "--max-delay", "250", "--serial", "3",
        tone(3, 48000), HERE / "opus.opus")  # fmt: skip
    flac = ("flac", "--silent", "--totally-silent", "-f", "--no-padding", "-8")
    run(*flac, tone(2, 8000), "-o", HERE / "fixed.flac")
    ffmpeg("-i", tone(1.5, 8000), HERE / "ffmpeg.flac")
    ffmpeg("-i", tone(1, 8000), "-c:a", "pcm_u8", HERE / "pcm.wav")
    ffmpeg("-i", tone(2, 8000), "-c:a", "adpcm_ima_wav", HERE / "adpcm.wav")


def odd() -> None:
    """Recordings of the same tones with one thing about them changed; needs no program."""

    def changed(source: str, name: str, *changes: tuple[bytes, bytes]) -> None:
        content = (HERE / source).read_bytes()
        for old, new in changes:
            assert old in content
            assert len(old) == len(new)
            content = content.replace(old, new)
        (HERE / name).write_bytes(content)

    # AudioSpecificConfig: AAC-LC, 44100 Hz, one channel; six
    changed("faststart.m4a", "six-channels.m4a", (b"\x05\x12\x08", b"\x05\x12\x30"))
    changed("faststart.m4a", "lossless.m4a", (b"mp4a", b"alac"), (b"esds", b"alac"))
    video = (HERE / "video.mp4").read_bytes()
    sound, index = video.index(b"mdat") - 4, video.index(b"moov") - 4
    early = bytearray(video[index:])
    at = 0
    while (at := early.find(b"stco", at + 4)) > 0:  # what the index points at moves behind it
        for entry in range(struct.unpack_from(">I", early, at + 8)[0]):
            where = at + 12 + 4 * entry
            struct.pack_into(
                ">I", early, where, struct.unpack_from(">I", early, where)[0] + len(early)
            )
    (HERE / "fast-video.mp4").write_bytes(video[:sound] + early + video[sound:index])
    changed("fast-video.mp4", "hevc.mp4", (b"avc1", b"hvc1"))
    # twelve times as fast: so many bits in a second
    changed("faststart.m4a", "dense.m4a", *(
        (struct.pack(">I", scale), struct.pack(">I", 12 * scale)) for scale in (1000, 44100)
    ))  # fmt: skip

    def silence(name: str, header: str, length: int) -> None:
        (HERE / name).write_bytes((bytes.fromhex(header) + bytes(length - 4)) * 40)

    silence("telephone.mp3", "ffe348c4", 288)  # MPEG 2.5, layer III, 32 kbit/s, 8000 Hz, mono
    silence("thin-stereo.mp3", "fffb1004", 104)  # MPEG 1, layer III, 32 kbit/s, 44100 Hz

    def chaptered(name: str, *, table: bool, titles: tuple[str, ...] = ("Sjön", "Kranen")) -> None:
        path = shutil.copyfile(HERE / "cbr.mp3", HERE / name)
        tag = id3.ID3()
        tag.add(id3.TIT2(text="Vattnet i kranen"))
        tag.add(id3.APIC(mime="image/png", type=3, data=(HERE / "grey.png").read_bytes()))
        names = [f"chp{number}" for number in range(len(titles))]
        for number, title in enumerate(titles):
            tag.add(id3.CHAP(
                element_id=names[number], start_time=1500 * number, end_time=1500 * (number + 1),
                start_offset=0xFFFFFFFF, end_offset=0xFFFFFFFF,
                sub_frames=[id3.TIT2(encoding=1, text=title)],
            ))  # fmt: skip
        if table:
            tag.add(id3.CTOC(element_id="toc", flags=3, child_element_ids=names, sub_frames=[]))
        tag.save(path, v2_version=3, padding=lambda info: 0)

    chaptered("chapters.mp3", table=True)
    chaptered("chapters-without-table.mp3", table=False)

    entries = b"".join(
        struct.pack(">QB", 15_000_000 * number, len(title.encode())) + title.encode()
        for number, title in enumerate(("Sjön", "Kranen"))
    )
    chapters = b"\1\0\0\0" + bytes(4) + b"\2" + entries
    atom = struct.pack(">I4s", 8 + len(chapters), b"chpl") + chapters
    content = bytearray((HERE / "faststart.m4a").read_bytes())
    for name in (b"moov", b"udta"):
        at = content.index(name) - 4
        struct.pack_into(">I", content, at, struct.unpack_from(">I", content, at)[0] + len(atom))
    at = content.index(b"stco") + 12
    struct.pack_into(">I", content, at, struct.unpack_from(">I", content, at)[0] + len(atom))
    at = content.index(b"udta") + 4
    content[at:at] = atom
    (HERE / "chapters.m4a").write_bytes(content)


def pictures() -> None:
    small = Image.linear_gradient("L").resize((60, 60))
    small.convert("RGB").save(HERE / "rgb.jpg", quality=50)
    small.convert("CMYK").save(HERE / "cmyk.jpg", quality=50)
    small.save(HERE / "grey.png")
    small.convert("RGBA").save(HERE / "alpha.png")
    Image.new("1", (1600, 900)).save(HERE / "wide.png", optimize=True)
    small.save(HERE / "plain.gif")
    small.save(HERE / "plain.webp")
    covers()


def covers() -> None:
    """Artwork in one colour, which takes little room; "cover" is as directories want it."""
    cover = Image.new("RGB", (1400, 1400), (0, 60, 120))
    cover.save(HERE / "cover.jpg", quality=50, optimize=True)
    cover.save(HERE / "cover.png", optimize=True)
    cover.save(HERE / "cover.webp")
    cover.convert("CMYK").save(HERE / "cover-cmyk.jpg", quality=50, optimize=True)
    cover.convert("L").save(HERE / "cover-grey.png", optimize=True)
    cover.convert("RGBA").save(HERE / "cover-alpha.png", optimize=True)
    cover.quantize(8).save(HERE / "cover-palette.png", optimize=True)
    cover.quantize(8).save(HERE / "cover-clear.png", optimize=True, transparency=0)
    cover.resize((3001, 3001)).save(HERE / "cover-large.png", optimize=True)
    cover.resize((1600, 1400)).save(HERE / "cover-wide.png", optimize=True)
    lying = Image.Exif()
    lying[0x0112] = 6
    cover.save(HERE / "cover-turned.jpg", quality=50, optimize=True, exif=lying)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        TEMPORARY = Path(folder)
        for old in HERE.iterdir():
            if old.suffix != ".py" and old.is_file():
                old.unlink()
        mp3()
        mp4()
        others()
        pictures()
        odd()
    total = sum(path.stat().st_size for path in HERE.iterdir() if path.is_file())
    print(f"{total} bytes in {HERE.name}")
