"""Syncs of made-up episodes with the host in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from feedtool.sync.apply import Done, Sync
from feedtool.sync.host import Progress, Value, Wanted
from feedtool.sync.journal import Journal, load_host_lock
from feedtool.sync.look import look
from feedtool.sync.plan import Plan, plan
from feedtool.sync.record import marks
from feedtool.sync.step import Asked, Step, Wish
from tests.hosts.memory import MemoryHost

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass
class Quiet:
    """Watches nothing."""

    def begins(self, step: Step) -> Progress:
        return lambda done, total: None

    def ended(self, done: Done) -> None:
        pass


@dataclass
class Desk:
    """Where somebody syncs: a folder with recordings, wishes, and a clock that waits quickly."""

    root: Path
    host: MemoryHost
    wishes: dict[str, Wish] = field(default_factory=dict)
    clock: datetime = START

    def now(self) -> datetime:
        self.clock += timedelta(microseconds=1)
        self.host.now = self.clock
        return self.clock

    def wait(self, seconds: float) -> None:
        self.clock += timedelta(seconds=seconds)
        self.host.now = self.clock

    @property
    def path(self) -> Path:
        return self.root / "host.lock"

    def episode(
        self,
        slug: str,
        title: str = "",
        sound: bytes = b"",
        media: str = "",
        guid: str = "",
        **fields: Value,
    ) -> Wish:
        """An episode as a person has written it, in place of an earlier one of that name."""
        content = sound or slug.encode()
        file = self.root / (media or f"samtal/{slug}.mp3")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        values: dict[str, Value] = {
            "title": title or slug.title(),
            "description": "Om\nmer",
            "tags": ("a", "b"),
        }
        values |= fields
        wish = Wish(
            guid=guid or f"guid-{slug}",
            name=f"samtal/{slug}",
            title=str(values["title"]),
            date=START - timedelta(days=10 - len(self.wishes)),
            media=media or f"samtal/{slug}.mp3",
            bytes=len(content),
            type="audio/mpeg",
            duration=timedelta(seconds=60),
            here=True,
            marks=marks(values),
            wanted=lambda: Wanted(fields=values),
            sum=lambda: sha256(content).hexdigest(),
        )
        self.wishes[slug] = wish
        return wish

    def plan(self, asked: Asked | None = None) -> Plan:
        lock = load_host_lock(self.path)
        return plan(
            list(self.wishes.values()), lock, look(self.host, lock), self.host.abilities,
            self.host.account(), asked or Asked(),
        )  # fmt: skip

    def sync(
        self, *, replace: bool = False, adopt: bool = False, delete: bool = False
    ) -> list[Done]:
        """Plan and carry out, as `feedtool sync --yes` does."""
        return list(self.steps(Asked(replace=replace, adopt=adopt, delete=delete)))

    def steps(self, asked: Asked) -> Iterator[Done]:
        began = self.now()
        planned = self.plan(asked)
        journal = Journal(self.path, load_host_lock(self.path), self.now)
        sync = Sync(
            host=self.host, journal=journal, media=self.root, channels=lambda wish: None,
            wait=self.wait, began=began,
        )  # fmt: skip
        for record in planned.agreed:
            journal.note(record)
        yield from sync.carry_out(planned.steps, Quiet())
        journal.tidy()

    def told(
        self, *, replace: bool = False, adopt: bool = False, delete: bool = False
    ) -> list[str]:
        """What would be done: "create samtal/maj"."""
        steps = self.plan(Asked(replace=replace, adopt=adopt, delete=delete)).steps
        return [f"{step.action} {step.name or step.title}" for step in steps]

    def public(self) -> list[str]:
        """The titles that listeners see."""
        items = self.host.items_there.values()
        return sorted(str(one.fields["title"]) for one in items if one.public)


def failed(done: Sequence[Done]) -> list[str]:
    return [f"{one.step.name}: {one.error}" for one in done if one.error]
