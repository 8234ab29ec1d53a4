"""feedtool against the script that a user would write instead, alternating, in one session.

    python -m bench.run [--series 10] [--episodes 1000] [--repetitions 3] [--all] [--json FILE]

Prints wall seconds, the memory of the largest process, and ratios of runs that stood side by side.
Imports little on purpose: a process that is started begins with the memory of the one that starts
it, so a large bench would hide how small the others are.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from bench.figures import Figures, Run
from bench.places import HOSTS
from bench.report import document, explained, report, title

BENCH = Path(__file__).resolve().parent
PROJECT = BENCH.parent
MIB = 1024 * 1024 if sys.platform == "darwin" else 1024  # the unit of ru_maxrss
RACY = 2.2  # seconds: a file younger than two seconds is read again, so wait a little longer
IDLES = 3  # builds with nothing changed, and with one edit, after each cold one: they are short
HELPS = 7  # pairs of --help
MARK = "Rättelse på bänken"  # what the edit of an episode says
NOT_OURS = {"SOURCE_DATE_EPOCH", "PYTHONDONTWRITEBYTECODE"}  # an installed program is compiled
SEVERAL, ONE = 80.0, 250.0  # MiB of a process for several series, and for one large series


class BenchError(Exception):
    """A run did not do its work; the figures would mean nothing."""


def run(
    command: Sequence[str | Path], *, given: bytes = b"", more: Mapping[str, str] | None = None
) -> Run:
    """Run a command to its end and measure it; BenchError with what it said if it fails."""
    environment = {key: value for key, value in os.environ.items() if key not in NOT_OURS}
    environment |= more or {}
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as told:
        told.write(given)
        told.seek(0)
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdin=told, stdout=said, stderr=said
        )
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0, os.SEEK_END)
            said.seek(max(0, said.tell() - 4000))
            text = said.read().decode("utf-8", "replace")
            words = shlex.join(map(str, command))
            raise BenchError(f"{words}\nended with {process.returncode}:\n{text}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / MIB)


def _files(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(Path(entry.path))
            else:
                yield entry


def _built(output: Path) -> Iterator[tuple[str, int, int]]:
    """Path, size and time of every file that was built; recordings are only linked."""
    links = os.path.join(output, "media", "")
    for entry in _files(output):
        if not entry.path.startswith(links):
            status = entry.stat()
            yield entry.path, status.st_size, status.st_mtime_ns


def _state(output: Path) -> tuple[int, int]:
    """The number of files, and a number that is another when one of them is written."""
    count = total = 0
    for file in _built(output):
        count += 1
        total += hash(file)
    return count, total


SET_ASIDE = "set-aside"
"""Where outputs of earlier runs wait. ext4 does not give away the inodes of deleted files for some
minutes, and looks at each such inode for every file it makes: 500 us instead of 50."""


def _set_aside(folder: Path, *paths: Path) -> None:
    """Move files and folders out of the way; they are deleted when all runs are done."""
    aside = folder / SET_ASIDE
    aside.mkdir(exist_ok=True)
    for path in paths:
        if path.exists():
            path.rename(aside / str(time.monotonic_ns()))


class Place(NamedTuple):
    """Where to publish, and what opens it."""

    url: str
    environment: Mapping[str, str]
    server: int  #: its process

    def work(self) -> float:
        """Seconds for which the server has worked so far; Linux counts hundredths."""
        said = Path(f"/proc/{self.server}/stat").read_text("ascii").rpartition(")")[2].split()
        user, system = said[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _place(kind: str, folder: Path, keys: Path) -> Iterator[Place | None]:
    """A server, in a process of its own; None = what it needs is not installed."""
    command = [sys.executable, "-m", "bench.places", kind, str(folder), str(keys)]
    process = subprocess.Popen(
        command, cwd=PROJECT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdin
        assert process.stdout
        told = process.stdout.readline()
        yield Place(**json.loads(told), server=process.pid) if told else None
        process.stdin.close()


class Bench:
    """The two that compete, on one catalog."""

    def __init__(self, folder: Path, command: Sequence[str]) -> None:
        self.folder = folder
        self.root = folder / "catalog"
        self.public = self.root / "public"
        self.naive_output = folder / "naive"
        self.floor_output = folder / "floor"
        self.command = command

    def naive(self) -> Run:
        _set_aside(self.folder, self.naive_output)
        self._settle()
        return run([sys.executable, BENCH / "naive.py", self.root, self.naive_output])

    def build(self) -> Run:
        return run([*self.command, "build", "--root", self.root])

    def check(self) -> Run:
        return run([*self.command, "check", "--root", self.root])

    def cold_check(self) -> Run:
        """From nothing, as the cold build."""
        lock = self.root / "feedtool.lock"
        _set_aside(self.folder, self.public, self.root / ".feedtool", lock)
        self._settle()
        return self.check()

    def cold(self) -> Run:
        """Everything from nothing: no output, no cache, no lock."""
        lock = self.root / "feedtool.lock"
        _set_aside(self.folder, self.public, self.root / ".feedtool", lock)
        self._settle()
        return self.build()

    @contextmanager
    def pages(self) -> Iterator[None]:
        """With a page for each episode."""
        file = self.root / "feedtool.yaml"
        text = file.read_bytes()
        file.write_bytes(text.replace(b"pages: false\n", b""))
        try:
            yield
        finally:
            file.write_bytes(text)

    def plan(self, place: Place) -> Run:
        """What a publish does that has nothing to send."""
        return self._publish(place, "--dry-run", "--json")

    def publish(self, place: Place) -> Run:
        return self._publish(place, "--yes")

    def _publish(self, place: Place, *options: str) -> Run:
        command = [*self.command, "publish", place.url, "--root", str(self.root), *options]
        return run(command, more=place.environment)

    def sync(self, place: Place, name: str) -> Run:
        """What a sync does that has nothing to change, with a host of this name.

        Without the time that the host works itself: meanwhile there is nothing to do but to wait.
        """
        options = ("--dry-run", "--json", "--root", str(self.root))
        before = place.work()
        ran = run([*self.command, "sync", name, *options], more=place.environment)
        return replace(ran, seconds=ran.seconds - (place.work() - before))

    @contextmanager
    def places(self) -> Iterator[dict[str, Place]]:
        """What was built, published to one place of each kind; those that can be had here."""
        www, over_sftp, keys = (self.folder / name for name in ("www", "www-sftp", "keys"))
        _set_aside(self.folder, www, over_sftp, keys)
        keys.mkdir()
        found = {"folder": Place(www.as_uri(), {}, os.getpid())}
        self.publish(found["folder"])
        shutil.copytree(www, over_sftp)  # with the times of its folders
        with ExitStack() as stack:
            for kind, folder in (("sftp", over_sftp), ("s3", www)):
                place = stack.enter_context(_place(kind, folder, keys))
                if place is None:
                    print(f"no {kind} here: make servers", file=sys.stderr)
                    continue
                found[kind] = place
                if kind == "sftp":  # it is to know the folders
                    next(over_sftp.glob("*/index.html")).unlink()
                    self.publish(place)
            yield found

    def idle(self) -> Run:
        before = _state(self.public)
        idle = self.build()
        if _state(self.public) != before:
            raise BenchError("nothing was changed, yet the build wrote something")
        return idle

    def changed(self, text: str) -> Run:
        """One episode edited: a sentence more at the end of its notes; then all is as before."""
        path = self._edited()
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(f"\n{MARK}: {text}.\n")
        try:
            changed = self.build()
        finally:
            self.restore()
        with (self.public / path.parent.name / "feed.xml").open("rb") as feed:
            if not any(f"{MARK}: {text}.".encode() in line for line in feed):
                raise BenchError(f"{path} was changed, yet its feed does not say so")
        self.build()
        return changed

    def restore(self) -> None:
        """Take back an edit, also one that an interrupted bench has left."""
        path = self._edited()
        content = path.read_bytes()
        at = content.find(f"\n{MARK}".encode())
        if at >= 0:
            path.write_bytes(content[:at])

    def _edited(self) -> Path:
        series = sorted((self.root / "episodes").iterdir())
        episodes = sorted(series[len(series) // 2].glob("*.md"))
        return episodes[len(episodes) // 2]

    def floor(self) -> Run:
        self._settle()
        return self._floor([size for _, size, _ in _built(self.public)])

    def _floor(self, sizes: Sequence[int]) -> Run:
        _set_aside(self.folder, self.floor_output)
        given = json.dumps(sizes).encode()
        return run([sys.executable, BENCH / "floor.py", self.root, self.floor_output], given=given)

    def _settle(self) -> None:
        """Let nobody pay for others: all inputs read into memory, all output on disk."""
        self._floor([])
        os.sync()

    def help(self) -> Run:
        return run([*self.command, "--help"])

    def click(self) -> Run:
        return run([sys.executable, BENCH / "hello.py", "--help"])

    def compare(self, episodes: int) -> None:
        run([sys.executable, BENCH / "compare.py", self.naive_output, self.public, str(episodes)])


def prepare(folder: Path, series: int, episodes: int, *, opus: bool) -> None:
    """Make the catalog below `folder`, unless it stands there from the same maker."""
    made, catalog = folder / "made.json", folder / "catalog"
    maker = "".join(
        f"{path.name} {zlib.crc32(path.read_bytes())}\n"
        for path in (BENCH / "corpus.py", *sorted((BENCH / "seeds").iterdir()))
    )
    wanted = {"series": series, "episodes": episodes, "opus": opus, "maker": maker}
    if made.is_file():
        if json.loads(made.read_text("utf-8")) == wanted and catalog.is_dir():
            return
    elif folder.exists() and any(folder.iterdir()):
        raise BenchError(f"{folder} holds something that the bench did not make")
    folder.mkdir(parents=True, exist_ok=True)
    made.write_text(json.dumps({}), "utf-8")
    shutil.rmtree(catalog, ignore_errors=True)
    arguments = ["--series", str(series), "--episodes", str(episodes), *["--opus"] * opus]
    run([sys.executable, BENCH / "corpus.py", catalog, *arguments])
    made.write_text(json.dumps(wanted), "utf-8")


def compete(bench: Bench, figures: Figures, number: int) -> None:
    """Everything once; who begins changes from one repetition to the next."""

    def naive() -> None:
        figures.add("naive", bench.naive())

    def ours() -> None:
        figures.add("checked", bench.cold_check())
        figures.add("cold", bench.cold())
        time.sleep(RACY)
        figures.add("second", bench.build())
        short = [
            (bench.idle(), bench.check(), bench.changed(f"gång {number + 1}.{one + 1}"))
            for one in range(IDLES)
        ]
        figures.add("idle", *(idle for idle, _, _ in short))
        figures.add("rechecked", *(check for _, check, _ in short))
        figures.add("changed", *(changed for _, _, changed in short))

    with bench.pages():
        figures.add("paged", bench.cold())
        if number == 0:
            plans(bench, figures)
    for competitor in (naive, ours) if number % 2 == 0 else (ours, naive):
        competitor()
    bench.compare(figures.episodes)
    figures.add("floor", bench.floor())
    pairs = [(bench.help(), bench.click()) for _ in range(HELPS)]
    figures.add("help", *(ours for ours, _ in pairs))
    figures.add("click", *(click for _, click in pairs))


def plans(bench: Bench, figures: Figures) -> None:
    """Publishes with nothing to send, and syncs with nothing to change, of what was just built
    with pages.

    Once a bench: to publish everything takes as long as a disk takes to keep each file.
    """
    time.sleep(RACY)
    bench.build()
    with bench.places() as places, _place("soundcloud", bench.root, bench.folder) as host:
        time.sleep(RACY)
        bench.build()
        for number in range(IDLES):
            figures.add("paged idle", bench.idle())
            for kind, place in places.items():
                figures.add(f"plan {kind}", bench.plan(place))
            if host:
                figures.add("first sync", bench.sync(host, HOSTS[number + 1]))
                if not number:
                    bench.sync(host, HOSTS[0])
                figures.add("sync", bench.sync(host, HOSTS[0]))


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    def positive(text: str) -> int:
        if int(text) < 1:
            raise ValueError(text)
        return int(text)

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--series", type=positive, default=10)
    parser.add_argument("--episodes", type=positive, default=1000, help="in each series")
    parser.add_argument("--opus", action="store_true", help="Opus instead of MP4 video")
    parser.add_argument("--repetitions", type=positive, default=3)
    parser.add_argument(
        "--all",
        action="store_true",
        help="cold builds of one large series and of ten times as many series too",
    )
    parser.add_argument("--corpus", type=Path, help="where the catalogs are kept between runs")
    parser.add_argument("--command", help="feedtool, if another than this project's")
    parser.add_argument("--explain", type=Path, metavar="FILE", help="write a page about it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures too")
    return parser.parse_args(arguments)  # fmt: skip


def _catalogs(options: argparse.Namespace) -> list[Figures]:
    """The catalogs to be built; the first is the one that the script competes on."""
    series, episodes = options.series, options.episodes
    every = [Figures(series, episodes, memory=SEVERAL)]
    if options.all:
        every += [Figures(1, series * episodes, memory=ONE), Figures(10 * series, episodes)]
    return every


def _folder(options: argparse.Namespace, figures: Figures) -> Path:
    parent = options.corpus or Path(tempfile.gettempdir()) / f"feedtool-bench-{os.getuid()}"
    name = f"{figures.series}x{figures.episodes}" + ("-opus" if options.opus else "")
    return Path(parent.resolve() / name)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _arguments(arguments)
    command = shlex.split(options.command or "") or [sys.executable, "-m", "feedtool"]
    every = _catalogs(options)
    try:
        # Once each on a few episodes: bytecode is compiled, and what is broken fails soon.
        print("warming up", file=sys.stderr)
        with tempfile.TemporaryDirectory() as temporary:
            small = Path(temporary) / "small"
            prepare(small, 1, 3, opus=options.opus)
            compete(Bench(small, command), Figures(1, 3), 0)
        benches = []
        for figures in every:
            folder = _folder(options, figures)
            print(f"{title(figures)} in {folder}", file=sys.stderr)
            prepare(folder, figures.series, figures.episodes, opus=options.opus)
            benches.append(Bench(folder, command))
            benches[-1].restore()
            sizes = (entry.stat().st_size for entry in _files(benches[-1].root / "media"))
            figures.media_mib = round(sum(sizes) / 2**20)
        for number in range(options.repetitions):
            print(f"repetition {number + 1} of {options.repetitions}", file=sys.stderr)
            compete(benches[0], every[0], number)
            for bench, figures in zip(benches[1:], every[1:], strict=True):
                figures.add("cold", bench.cold())
        for bench in benches:
            shutil.rmtree(bench.folder / SET_ASIDE, ignore_errors=True)
    except BenchError as failed:
        print(failed, file=sys.stderr)
        return 1
    print(report(every))
    if options.explain:
        options.explain.write_text(explained(every), "utf-8", newline="\n")
    if options.json:
        text = json.dumps(document(every), indent=2)
        options.json.write_text(text + "\n", "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
