"""`check --fix`: one right answer is written down, everything else keeps its bytes.

tests/mend/ holds a catalog before and after for each kind, in the form of case_files.py: what is
found and what stands there, then a line `>>> after` and the same for the files that differ then.
`>>> nothing` = they stay as they are.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feedtool.finding import Place
from feedtool.lock import NO_LOCK
from feedtool.mend import Known, plan, unified
from feedtool.mend.edits import spelled
from feedtool.mend.outline import Outline
from feedtool.mend.source import Source
from feedtool.read.values import CF058
from feedtool.read.yaml_faults import ALMOST_HYPHENS

from .case_files import cases, found_in, name_of
from .mending import GUID, before_and_after, look, mend, mending, tree_of


def as_it_is(text: bytes) -> bytes:
    return text


def of_windows(text: bytes) -> bytes:
    return b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n")


def of_an_old_mac(text: bytes) -> bytes:
    return text.replace(b"\n", b"\r")


def respelled(root: Path, spelling: Callable[[bytes], bytes]) -> None:
    for path in [root / "feedtool.yaml", *(root / "episodes").rglob("*.*")]:
        path.write_bytes(spelling(path.read_bytes()))


@pytest.mark.parametrize("spelling", [as_it_is, of_windows, of_an_old_mac])
@pytest.mark.parametrize("path", cases("mend"), ids=name_of)
def test_exactly_what_is_meant_is_changed(
    path: Path, spelling: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    root, before, wanted, after = before_and_after(path, tmp_path)
    respelled(root, spelling)
    respelled(wanted, spelling)
    assert found_in(root) == before.expected
    mend(root)
    assert tree_of(root) == tree_of(wanted)
    assert found_in(root) == after.expected


@pytest.mark.parametrize("path", cases("mend"), ids=name_of)
def test_the_second_time_nothing_is_changed(path: Path, tmp_path: Path) -> None:
    root = before_and_after(path, tmp_path)[0]
    mend(root)
    once = tree_of(root)
    assert not mend(root).done
    assert tree_of(root) == once


@pytest.mark.parametrize("path", cases("mend"), ids=name_of)
def test_the_diff_does_what_fix_does_and_writes_nothing(path: Path, tmp_path: Path) -> None:
    root = before_and_after(path, tmp_path)[0]
    before = tree_of(root)
    run = mending(root, diff=True)
    run.carry_out(look(root))
    assert tree_of(root) == before
    assert run.plan
    text = "".join(f"{line}\n" for line in unified(run.plan))
    if text:
        subprocess.run(["git", "init", "-q"], cwd=root, check=True)
        subprocess.run(["git", "apply", "-"], cwd=root, input=text.encode(), check=True)
    applied = tree_of(root)
    if "\n# nothing of the file can be read before" not in "\n" + path.read_text(encoding="utf-8"):
        assert not mend(root).done
        assert tree_of(root) == applied


@pytest.mark.parametrize("path", cases("mend"), ids=name_of)
def test_what_is_marked_as_fixable_is_mended(path: Path, tmp_path: Path) -> None:
    root = before_and_after(path, tmp_path)[0]
    checked = mending(root).marked(look(root))
    marked = {(one.code, one.file) for one in checked.shown if one.fixable}
    assert bool(marked) == ("left-alone" not in path.name)
    run = mending(root)
    left = run.carry_out(look(root)).shown
    assert marked <= {(one.code, one.file) for one in run.done}
    assert [one.code for one in left if one.fixable] == []


# --- any file ------------------------------------------------------------------------------------

WORDS = st.text(st.sampled_from("aåä bc.,:#'\"-[]{}&*|>é\u2028"), min_size=1, max_size=12)
COMMENTS = st.builds("{}# {}".format, st.sampled_from(["", "  "]), WORDS)


def _valued(key: str) -> st.SearchStrategy[str]:
    quoted = st.builds(
        lambda text, style: spelled(text, style) or "x", WORDS, st.sampled_from(["", "'", '"'])
    )
    return st.builds(
        "{}:{}{}{}".format,
        st.just(key),
        st.sampled_from([" ", "   "]),
        quoted,
        st.sampled_from(["", "  # why"]),
    )


def _lists(key: str) -> st.SearchStrategy[str]:
    return st.sampled_from(
        [f"{key}: [ a,  b ]", f"{key}:\n- a\n# of it\n- b", f"{key}: |\n  a\n\n"]
    )


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str]:
    """An episode file with one word in large letters, and the same file with small ones."""
    lines = [draw(st.one_of(COMMENTS, st.just(""), _valued(f"k{n}"), _lists(f"l{n}")))
             for n in range(draw(st.integers(0, 6)))]  # fmt: skip
    at = draw(st.integers(0, len(lines)))
    begin = "episode_type:" + draw(st.sampled_from([" ", "  "]))
    quote, end = draw(st.sampled_from(["", "'", '"'])), draw(st.sampled_from(["", " # why"]))
    newline = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    mark = draw(st.sampled_from(["", "\ufeff"]))
    before, after = (
        mark + newline.join(
            "\n".join(["---", *lines[:at], begin + quote + word + quote + end, *lines[at:], "---",
                       "episode_type: Bonus", ""]).split("\n")
        )
        for word in ("Bonus", "bonus")
    )  # fmt: skip
    return before, after


@given(files())
def test_only_the_line_that_is_meant_differs(
    tmp_path_factory: pytest.TempPathFactory, pair: tuple[str, str]
) -> None:
    root = tmp_path_factory.getbasetemp()
    file = "episodes/samtal/ett.md"
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    (root / file).write_bytes(pair[0].encode())
    source = Source.of(file, pair[0].encode())
    assert source
    assume(source.read()[0] is not None and not source.read()[1])
    finding = CF058.at(Place(file, ("episode_type",), 1, 1), text="Bonus", better="bonus")
    made = plan(root, Known([finding], NO_LOCK, lambda: GUID), list)
    for edited in made.edited:
        assert edited.after.decode() == pair[1]
    assert made.edited or not Outline(source).parts  # ruamel reads a little less than libyaml


def notes_of(path: Path) -> str:
    """What stands behind the keys, also where the line of hyphens is not right yet."""
    lines = path.read_text("utf-8").split("\n")
    hyphens = (n for n, line in enumerate(lines) if ALMOST_HYPHENS.fullmatch(line))
    return "\n".join(lines[max(hyphens, default=-1) + 1 :])


@given(st.randoms(use_true_random=False), st.sampled_from(cases("mend")))
@settings(max_examples=25)
def test_whatever_stands_there_the_second_time_nothing_is_changed(
    tmp_path_factory: pytest.TempPathFactory, random: Random, path: Path
) -> None:
    root = before_and_after(path, tmp_path_factory.mktemp("any"))[0]
    for file in [root / "feedtool.yaml", *(root / "episodes").rglob("*.*")]:
        text = file.read_text(encoding="utf-8")
        for _ in range(random.randrange(3)):
            at = random.randrange(len(text))
            text = (
                text[:at]
                + random.choice(["", "\t", "“", ":", "'", "- ", "\n", " # "])
                + text[at + 1 :]
            )
        file.write_text(text, encoding="utf-8")
    notes = {path: notes_of(path) for path in root.rglob("*.md")}
    mend(root)
    once = tree_of(root)
    assert not mend(root).done
    assert tree_of(root) == once
    if "in-the-notes" not in path.name:
        after = {path: notes_of(path) for path in root.rglob("*.md")}
        assert notes == after
