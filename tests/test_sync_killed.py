"""A sync that is killed at every boundary of its requests, and inside uploads.

At no moment is an item public that is not whole, or an episode public twice; the next sync uploads
nothing that is there, and ends where an undisturbed one does.
"""

from __future__ import annotations

import copy
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from .catalogs import NOW, Catalog, a_catalog
from .hosts.double import Boundary, Double
from .hosts.funkwhale_double import FunkwhaleDouble
from .hosts.soundcloud_double import SoundCloudDouble
from .nursery import Nursery, nursery

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")

EVERY = 1 if os.environ.get("FEEDTOOL_KILLS") else 10
"""Of the boundaries; another tenth in each of the variants."""


Item = tuple[str, bool, bool]
"""Title, public, and whole, of an item at the host."""


@dataclass(frozen=True)
class Kind:
    """A kind of host, as its double has it."""

    open: Callable[[Path], Any]
    keeps: Sequence[str]  #: the attributes that are what it holds
    items: Callable[[Any], list[Item]]
    made: Callable[[Any], int]  #: recordings that were ever uploaded
    variants: Sequence[Mapping[str, Any]]


@dataclass
class Stage:
    """A catalog, a host with the first sync of it, and what the second has to change."""

    kind: Kind
    double: Double
    catalog: Catalog
    born: Nursery
    env: dict[str, str]
    saved: tuple[Any, bytes]  #: the host and the lock after the first sync
    variant: Mapping[str, Any] = field(default_factory=dict)

    def sync(self, born: Callable[[int], None] = lambda process: None) -> Any:
        arguments = ("sync", "host", "--yes", "--replace", "--json", "--now", NOW)
        return self.born.run(self.catalog.root, *arguments, env=self.env, born=born)

    def reset(self) -> None:
        """As after the first sync."""
        kept, lock = self.saved
        vars(self.double).update(copy.deepcopy(kept))
        self.double.requests.clear()
        vars(self.double).update(self.variant)
        self.catalog.write("host.lock", lock)

    def killed_at(self, boundary: int) -> bool:
        """A sync that is killed when so many boundaries were passed; False = it ended before."""
        passed = 0
        process = 0

        def born(number: int) -> None:
            nonlocal process
            process = number

        def hook(at: Boundary) -> bool:
            nonlocal passed
            passed += 1
            if passed == boundary:
                os.kill(process, signal.SIGKILL)
            return False

        self.double.hook = hook
        try:
            return bool(self.sync(born).code == -signal.SIGKILL)
        finally:
            self.double.hook = None


def tracks(double: SoundCloudDouble) -> list[Item]:
    return [
        (str(one.fields["title"]), one.public, not one.reads_left and bool(one.milliseconds))
        for one in double.tracks.values()
    ]


def uploads(double: FunkwhaleDouble) -> list[Item]:
    return [
        (
            str(one.track.fields["title"] if one.track else one.metadata["title"]),
            one.public,
            one.sound is not None and one.left <= 0,
        )
        for one in double.uploads.values()
    ]


KINDS = {
    "soundcloud": Kind(
        open=SoundCloudDouble,
        keeps=("tracks", "_last", "_unseen"),
        items=tracks,
        made=lambda double: int(double._last),
        variants=(
            {"processing": 0},
            {"processing": 3},
            {"late": 2},
            {"processing": 2, "late": 3},
        ),
    ),
    "funkwhale": Kind(
        open=FunkwhaleDouble,
        keeps=("channels", "attachments", "uploads", "tracks", "made", "edits", "spelled"),
        items=uploads,
        made=lambda double: int(double.made),
        variants=(
            {"processing": 0, "editing": 0},
            {"processing": 3, "editing": 3},
            {"one_track_per_title": True},
            {"most_per_page": 1},
        ),
    ),
}
VARIANTS = 4


@pytest.fixture(scope="module", params=KINDS)
def stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    here = tmp_path_factory.mktemp("sync-killed")
    kind = KINDS[request.param]
    double = kind.open(here / "double")
    env = {"FEEDTOOL_HOST_TOKEN": double.grant().access}
    with double.serving(), nursery() as born:
        catalog = a_catalog(here / "catalog")
        path = catalog.root / "feedtool.yaml"
        hosts = f'hosts: {{host: {{kind: {request.param}, url: "{double.url}"}}}}\n'
        path.write_text(path.read_text("utf-8") + hosts, "utf-8")
        catalog.series(
            text="title: Samtal\ndescription: Samtal.\nimage: omslag.png\n"
            'categories: ["Government"]\n'
        )
        catalog.recording("samtal/omslag.png", "cover.png")
        catalog.episode("april", title="April", date="2025-04-01")
        catalog.episode("maj", title="Maj", date="2025-05-01")
        stage = Stage(kind, double, catalog, born, env, (None, b""))
        first = stage.sync()
        assert first.code == 0, first.out + first.err
        catalog.recording("samtal/omslag-2.png", "cover-palette.png")
        catalog.episode(
            "april", title="April igen", date="2025-04-01", media="april-2.mp3", fixture="vbr.mp3"
        )
        catalog.episode("maj", "image: omslag-2.png\n", title="Maj igen", date="2025-05-01")
        catalog.episode("juni", title="Juni", date="2025-06-01")
        allowed = catalog.build("--allow", "media:samtal/april")
        assert allowed.code == 0, allowed.out
        catalog.age(3600)
        held = copy.deepcopy({name: getattr(double, name) for name in kind.keeps})
        stage.saved = held, (catalog.root / "host.lock").read_bytes()
        yield stage


@pytest.mark.parametrize("variant", range(VARIANTS))
def test_killed_anywhere_it_ends_as_if_nothing_had_happened(stage: Stage, variant: int) -> None:
    stage.variant = stage.kind.variants[variant]
    stage.reset()
    last = stage.kind.made(stage.double)
    kills, boundary = 0, 1 + variant % EVERY
    while True:
        stage.reset()
        if not stage.killed_at(boundary):
            break
        kills += 1
        where = f"killed at boundary {boundary}: {stage.double.requests[-1:]}"
        now = stage.kind.items(stage.double)
        assert all(whole for _, public, whole in now if public), where
        public = [title.split()[0] for title, public, _ in now if public]
        assert len(public) == len(set(public)), where
        again = stage.sync()
        assert again.code == 0, (where, again.out, again.err)
        expected = [("April igen", True), ("Juni", True), ("Maj igen", True)]
        ends = sorted((title, public) for title, public, _ in stage.kind.items(stage.double))
        assert ends == expected, where
        made = stage.kind.made(stage.double) - last
        assert made == 2, f"uploaded again; {where}"
        idle = stage.sync()
        assert idle.json["plan"] == [], where
        boundary += EVERY
    assert kills >= 40 // EVERY
