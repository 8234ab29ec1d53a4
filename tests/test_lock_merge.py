"""Two branches and one lock: git merges it without a conflict, and the next build reads it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedtool.lock import (
    LOCK_FILE,
    NO_LOCK,
    Lock,
    Promise,
    parse_allow,
    promise_changes,
    read_lock,
    reconcile,
    write_lock,
)

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)

Change = Callable[[dict[str, Promise]], None]


@dataclass(frozen=True)
class Repository:
    """A git repository that holds a lock and what git was told about it."""

    root: Path

    def git(self, *args: str) -> str:
        nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        run = subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *args],
            cwd=self.root,
            env={**os.environ, **nobody},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    @property
    def text(self) -> str:
        return (self.root / LOCK_FILE).read_text(encoding="utf-8")

    def commit(self, lock: Lock) -> Lock:
        (self.root / LOCK_FILE).write_text(write_lock(lock), encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a build")
        return lock


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path)
    repository.git("init", "--quiet", "--initial-branch=main")
    (tmp_path / ".gitattributes").write_text("*.lock merge=union\n", encoding="utf-8")
    return repository


def an_episode(guid: str, date: datetime = NOW) -> Promise:
    return Promise(
        guid=guid,
        series="jakten",
        slug=f"avsnitt-{guid}",
        date=date,
        media=f"jakten/{guid}.mp3",
        bytes=1000,
        duration=timedelta(minutes=11),
        type="audio/mpeg",
    )


def files(episodes: dict[str, Promise], **facts: str) -> Lock:
    addresses = {"base_url": "https://a/", "media_base_url": "https://a/media/", "guid": "c"}
    return Lock(**{**addresses, **facts}, series={"jakten": "s"}, episodes=episodes)  # type: ignore[arg-type]


def built(lock: Lock, wanted: Lock, *allow: str, why: str = "") -> Lock:
    new, findings = reconcile(
        lock, wanted, now=NOW, allow=frozenset(map(parse_allow, allow)), why=why
    )
    assert findings == []
    return new


START = {guid: an_episode(guid) for guid in ("a1", "b1", "c1", "d1", "e1")}
START["s1"] = an_episode("s1", TOMORROW)


def adds(guid: str) -> tuple[Change, str | None]:
    return lambda episodes: episodes.update({guid: an_episode(guid)}), None


def corrects(guid: str) -> tuple[Change, str | None]:
    def change(episodes: dict[str, Promise]) -> None:
        episodes[guid] = replace(episodes[guid], media=f"jakten/{guid}-v2.mp3", bytes=7)

    return change, f"media:{guid}"


def redates(guid: str) -> tuple[Change, str | None]:
    def change(episodes: dict[str, Promise]) -> None:
        episodes[guid] = replace(episodes[guid], date=NOW - timedelta(days=3))

    return change, f"date:{guid}"


def renames(guid: str) -> tuple[Change, str | None]:
    def change(episodes: dict[str, Promise]) -> None:
        episodes[guid] = replace(episodes[guid], slug="nytt-namn")

    return change, f"slug:{guid}"


def rekeys(guid: str) -> tuple[Change, str | None]:
    def change(episodes: dict[str, Promise]) -> None:
        episodes["x" + guid] = replace(episodes.pop(guid), guid="x" + guid)

    return change, f"guid:{guid}"


def deletes(guid: str) -> tuple[Change, str | None]:
    def change(episodes: dict[str, Promise]) -> None:
        del episodes[guid]

    return change, f"gone:{guid}"


def reschedules(guid: str) -> tuple[Change, str | None]:
    def change(episodes: dict[str, Promise]) -> None:
        episodes[guid] = replace(episodes[guid], date=TOMORROW + timedelta(days=1))

    return change, None


def does_nothing() -> tuple[Change, str | None]:
    return lambda episodes: None, None


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (adds("b2"), adds("b3")),
        (adds("zz"), adds("00")),
        (adds("b2"), corrects("b1")),
        (corrects("b1"), corrects("c1")),
        (corrects("b1"), redates("c1")),
        (redates("b1"), renames("c1")),
        (rekeys("b1"), corrects("c1")),
        (rekeys("b1"), adds("c2")),
        (deletes("b1"), corrects("c1")),
        (deletes("b1"), deletes("c1")),
        (deletes("b1"), adds("b2")),
        (corrects("e1"), reschedules("s1")),
        (reschedules("s1"), adds("s2")),
        (deletes("e1"), adds("e2")),
        (corrects("b1"), does_nothing()),
    ],
    ids=lambda pair: pair[1] or "no-override",
)
def test_branches_that_touch_different_episodes_merge_into_one_lock(
    repository: Repository,
    ours: tuple[Change, str | None],
    theirs: tuple[Change, str | None],
) -> None:
    start = repository.commit(built(NO_LOCK, files(START)))
    merged_files = dict(START)
    for name, (change, allow) in (("ours", ours), ("theirs", theirs)):
        own_files = dict(START)
        change(own_files)
        change(merged_files)
        repository.git("checkout", "--quiet", "-b", name, "main")
        repository.commit(built(start, files(own_files), *([allow] if allow else [])))
    repository.git("merge", "--quiet", "--message", "merge", "ours")

    lock, findings = read_lock(repository.text, now=NOW)
    assert findings == []
    after = built(lock, files(merged_files))  # and no override is needed a second time
    assert {guid for guid, each in after.episodes.items() if each.gone is None} == set(merged_files)
    assert read_lock(write_lock(after), now=NOW) == (after, [])


def test_both_branches_keep_what_they_overrode(repository: Repository) -> None:
    start = repository.commit(built(NO_LOCK, files(START)))
    for guid in ("b1", "c1"):
        own_files = dict(START)
        corrects(guid)[0](own_files)
        repository.git("checkout", "--quiet", "-b", guid, "main")
        repository.commit(built(start, files(own_files), f"media:{guid}", why=f"noise in {guid}"))
    repository.git("merge", "--quiet", "--message", "merge", "b1")
    lock, _ = read_lock(repository.text, now=NOW)
    reasons = {guid: [fact["why"] for fact in each.was] for guid, each in lock.episodes.items()}
    assert (reasons["b1"], reasons["c1"]) == (["noise in b1"], ["noise in c1"])


def test_a_merge_leaves_nothing_for_a_locked_build_to_change(repository: Repository) -> None:
    start = repository.commit(built(NO_LOCK, files(START)))
    merged_files = dict(START)
    for guid in ("b1", "c1"):
        own_files = dict(START)
        for each in (own_files, merged_files):
            corrects(guid)[0](each)
        repository.git("checkout", "--quiet", "-b", guid, "main")
        repository.commit(built(start, files(own_files), f"media:{guid}"))
    repository.git("merge", "--quiet", "--message", "merge", "b1")
    lock, _ = read_lock(repository.text, now=NOW)
    assert promise_changes(lock, built(lock, files(merged_files))) == []


def test_a_branch_that_moves_the_catalog_merges_with_one_that_adds_an_episode(
    repository: Repository,
) -> None:
    start = repository.commit(built(NO_LOCK, files(START)))
    new_address = {"base_url": "https://b/", "media_base_url": "https://b/media/"}
    repository.git("checkout", "--quiet", "-b", "moves", "main")
    repository.commit(built(start, files(START, **new_address), "base-url:b"))
    repository.git("checkout", "--quiet", "-b", "adds", "main")
    more = {**START, "00": an_episode("00")}
    repository.commit(built(start, files(more)))
    repository.git("merge", "--quiet", "--message", "merge", "moves")
    lock, findings = read_lock(repository.text, now=NOW)
    assert (lock.base_url, findings) == ("https://b/", [])
    built(lock, files(more, **new_address))


def test_branches_that_override_one_episode_in_two_ways_stop_the_next_build(
    repository: Repository,
) -> None:
    start = repository.commit(built(NO_LOCK, files(START)))
    for name in ("one", "two"):
        own_files = {**START, "b1": replace(START["b1"], media=f"jakten/{name}.mp3")}
        repository.git("checkout", "--quiet", "-b", name, "main")
        repository.commit(built(start, files(own_files), "media:b1"))
    repository.git("merge", "--quiet", "--message", "merge", "one")
    _, findings = read_lock(repository.text, now=NOW)
    assert [finding.code.id for finding in findings] == ["LK007"]


@pytest.mark.parametrize(("kept", "asked"), [("media", "LK012"), ("date", "LK013")])
def test_when_one_of_two_lines_is_deleted_the_next_build_asks_for_what_it_said(
    repository: Repository, kept: str, asked: str
) -> None:
    start = repository.commit(built(NO_LOCK, files(START)))
    new = START["b1"]
    branches = {
        "media": replace(new, media="jakten/new.mp3"),
        "date": replace(new, date=new.date - timedelta(days=1)),
    }
    for fact, changed in branches.items():
        repository.git("checkout", "--quiet", "-b", fact, "main")
        repository.commit(built(start, files({**START, "b1": changed}), f"{fact}:b1"))
    repository.git("merge", "--quiet", "--message", "merge", "media")
    wrong = {"media": "date", "date": "media"}[kept]
    lines = [line for line in repository.text.splitlines() if f'"was":[{{"{wrong}"' not in line]
    lock, findings = read_lock("\n".join(lines), now=NOW)
    assert findings == []

    merged = replace(branches["media"], date=branches["date"].date)
    _, [finding] = reconcile(lock, files({**START, "b1": merged}), now=NOW)
    assert finding.code.id == asked
    held = built(lock, files({**START, "b1": merged}), f"{wrong}:b1").episodes["b1"]
    assert (held.media, held.date) == (merged.media, merged.date)
    assert [next(iter(fact)) for fact in held.was] == [kept, wrong]


def test_a_conflict_that_nobody_solved_is_read_all_the_same(repository: Repository) -> None:
    """The setting is missing: git writes both sides with its markers."""
    (repository.root / ".gitattributes").unlink()
    start = repository.commit(built(NO_LOCK, files(START)))
    for guid in ("b2", "b3"):
        repository.git("checkout", "--quiet", "-b", guid, "main")
        repository.commit(built(start, files({**START, guid: an_episode(guid)})))
    with pytest.raises(AssertionError, match="CONFLICT"):
        repository.git("-c", "merge.conflictStyle=diff3", "merge", "b2")
    assert "<<<<<<<" in repository.text
    lock, findings = read_lock(repository.text, now=NOW)
    assert findings == []
    assert {*START, "b2", "b3"} == set(lock.episodes)
