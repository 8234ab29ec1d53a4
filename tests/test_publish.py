"""`feedtool publish` on the command line: what it asks, shows, refuses and answers."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from feedtool.publish.target import STATE_FILE

from .catalogs import CATALOG, NOW, REPOSITORY, SERIES, Catalog, Run, a_catalog, tree
from .servers import library

ETT, TVA = (str(uuid5(NAMESPACE_URL, f"samtal/{slug}")) for slug in ("ett", "tva"))
LATER = "2027-06-01T00:00:00+00:00"


@pytest.fixture
def www(tmp_path: Path) -> Path:
    return tmp_path / "www"


@pytest.fixture
def catalog(tmp_path: Path, www: Path) -> Catalog:
    """One series, one episode, one target: a folder."""
    targets = f"targets: {{webb: {{url: 'file://{www}'}}}}\n"
    made = a_catalog(tmp_path / "catalog", CATALOG + targets)
    made.episode()
    return made


def publish(catalog: Catalog, *arguments: str, now: str = NOW, **env: str) -> Run:
    return catalog.run("publish", "--now", now, *arguments, env=env)


def published(catalog: Catalog, *arguments: str, now: str = NOW, **env: str) -> dict[str, Any]:
    """The document of a publish that goes well."""
    run = publish(catalog, "--yes", "--json", *arguments, now=now, **env)
    assert run.code == 0, run.out + run.err
    return run.json


def world(folder: Path) -> dict[str, bytes]:
    return {path: data for path, data in tree(folder).items() if path != STATE_FILE}


# the plan


def test_the_plan_in_words(catalog: Catalog) -> None:
    run = publish(catalog, "--dry-run")
    assert run.code == 0
    told = run.err.splitlines()
    assert told[-4:] == [
        "  kept     0 files; nothing is deleted",
        "Subscribers of samtal will see",
        "  new:",
        "    Ett samtal",
    ]
    assert any(re.fullmatch(r"  new      media/samtal/ett\.mp3  \d+\.\d kB", one) for one in told)
    assert re.search(r"^Send to  file:///.*/www$", run.err, re.MULTILINE)
    assert "Traceback" not in run.err


def test_the_plan_in_swedish(catalog: Catalog) -> None:
    run = publish(catalog, "--dry-run", "--lang", "sv")
    assert run.code == 0
    assert "Send to" not in run.err


def test_a_dry_run_sends_nothing_and_promises_nothing(catalog: Catalog, www: Path) -> None:
    assert publish(catalog, "--dry-run", "--yes").code == 0
    assert not www.exists()
    assert not (catalog.root / "feedtool.lock").exists()


def test_a_publish_sends_all_and_promises_it(catalog: Catalog, www: Path) -> None:
    run = publish(catalog, "--yes")
    assert (run.code, run.out.splitlines()[0][:6]) == (0, "Sent: ")
    public = {path: data for path, data in catalog.public().items() if not path.startswith(".")}
    assert world(www) == public
    assert ETT in (catalog.root / "feedtool.lock").read_text("utf-8")


def test_the_second_has_nothing_to_send(catalog: Catalog, www: Path) -> None:
    publish(catalog, "--yes")
    before = tree(www)
    run = publish(catalog)
    assert (run.code, run.out) == (0, f"Nothing to send: file://{www} is up to date.\n")
    assert tree(www) == before


def test_the_lock_is_kept_also_when_there_is_nothing_to_send(catalog: Catalog) -> None:
    publish(catalog, "--yes")
    lock = catalog.root / "feedtool.lock"
    was = lock.read_bytes()
    lock.unlink()
    assert publish(catalog, "--dry-run").code == 0
    assert not lock.exists()
    assert publish(catalog).code == 0
    assert lock.read_bytes() == was


def test_errors_in_the_catalog_stop_it(catalog: Catalog, www: Path) -> None:
    catalog.write("episodes/samtal/ett.md", "---\ntitle: Ett samtal\n---\n")
    run = publish(catalog, "--yes")
    assert run.code == 1
    assert "Nothing was published." in run.err
    assert not www.exists()


# a person is asked


def answered(
    catalog: Catalog, *answers: str, language: str = "en", question: str = "Go ahead? [y/N]: "
) -> tuple[int, str]:
    """A publish in a pseudo-terminal: its code, and what it showed."""
    pexpect = library("pexpect", "pip install pexpect")
    child = pexpect.spawn(
        sys.executable, ["-m", "feedtool", "publish", "--now", NOW],
        cwd=catalog.root, encoding="utf-8", timeout=60, dimensions=(60, 200),
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "FEEDTOOL_LANG": language},
    )  # fmt: skip
    shown = ""
    for answer in answers:
        child.expect_exact(question)
        shown += child.before
        if answer == "^C":
            child.sendintr()
        else:
            child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, shown + child.before


def test_yes_sends(catalog: Catalog, www: Path) -> None:
    code, shown = answered(catalog, "y")
    assert code == 0
    assert "media/samtal/ett.mp3" in shown
    assert (www / "samtal/feed.xml").exists()


def test_in_swedish_j_is_yes(catalog: Catalog, www: Path) -> None:
    code, _ = answered(catalog, "J", language="sv", question="Fortsätta? [j/N]: ")
    assert code == 0
    assert (www / "samtal/feed.xml").exists()


def test_an_answer_that_is_neither_is_asked_for_again(catalog: Catalog, www: Path) -> None:
    code, shown = answered(catalog, "kanske", "nej", language="sv", question="Fortsätta? [j/N]: ")
    assert code == 130
    assert "Skriv j för ja eller n för nej." in shown
    assert not www.exists()


@pytest.mark.parametrize("answer", ["n", "", "^C"], ids=["no", "enter", "interrupt"])
def test_anything_else_leaves_target_and_lock_alone(
    catalog: Catalog, www: Path, answer: str
) -> None:
    code, shown = answered(catalog, answer)
    assert code == 130
    assert shown.endswith("Nothing was sent.\r\n")
    assert not www.exists()
    assert not (catalog.root / "feedtool.lock").exists()


def test_nobody_is_asked_where_nobody_is(catalog: Catalog, www: Path) -> None:
    for arguments in ([], ["--no-input"], ["--json"]):
        run = publish(catalog, *arguments)
        assert run.code == 2
        assert "--yes" in run.err + run.out
    assert not www.exists()


def test_quiet_says_nothing_where_nobody_is_asked(catalog: Catalog, www: Path) -> None:
    for arguments in (["--dry-run"], ["--yes"], ["--yes"]):
        run = publish(catalog, "--quiet", *arguments)
        assert (run.code, run.out, run.err) == (0, "", "")
    assert (www / "samtal/feed.xml").exists()


# what it answers programs


def test_the_document_of_a_publish(catalog: Catalog, www: Path) -> None:
    first = published(catalog)
    assert first["version"] == 1
    assert first["ok"] is True
    assert first["error"] is None
    assert first["target"] == "webb"
    assert sorted(first["sent"]) == sorted(world(www)) == sorted(first["files"]["new"])
    assert first["sent"][0] == "media/samtal/ett.mp3"
    assert first["files"]["changed"] == first["files"]["extra"] == []
    assert first["files"]["unchanged"] == 0
    assert (first["verified"], first["notified"]) == ([], [])
    none: list[str] = []
    others = dict.fromkeys(("changed", "moved", "redated", "redownload", "gone", "show"), none)
    assert first["subscribers"] == {"samtal": {"new": [ETT], **others}}

    (www / "robots.txt").write_bytes(b"")
    catalog.episode(title="Ett nytt namn")
    second = published(catalog)
    assert second["subscribers"] == {"samtal": {**others, "changed": [ETT], "new": []}}
    assert second["files"]["changed"] == second["sent"]
    assert second["files"]["extra"] == ["robots.txt"]
    assert second["files"]["new"] == []
    assert second["files"]["unchanged"] == len(first["sent"]) - len(second["sent"])
    assert set(second["sent"][-6:]) >= {"samtal/feed.xml", "samtal/atom.xml", "samtal/feed.json"}


def test_the_document_of_a_plan_has_sent_nothing(catalog: Catalog) -> None:
    document = publish(catalog, "--dry-run", "--json").json
    assert document["files"]["new"]
    assert document["sent"] == []


def test_the_document_of_a_failure_says_what_was_sent(catalog: Catalog, www: Path) -> None:
    www.mkdir()
    (www / "samtal").write_text("a file in the way of the feed", "utf-8")
    run = publish(catalog, "--yes", "--json")
    assert run.code == 5
    document = run.json
    assert document["ok"] is False
    assert document["sent"][0] == "media/samtal/ett.mp3"
    assert document["sent"] == sorted(world(www).keys() - {"samtal"}, key=document["sent"].index)
    error = document["error"]
    assert error["code"] == "target"
    assert re.fullmatch(r"3 of \d+ files were sent; the feeds are as they were", error["done"])


def test_the_document_of_a_failure_has_the_findings(catalog: Catalog, www: Path) -> None:
    fine = publish(catalog, "--dry-run", "--json").json
    assert fine["counts"]["warning"]
    www.write_text("a file in the way of the folder", "utf-8")
    for arguments in (["--yes"], [f"file://{catalog.root}", "--yes"], ["file:", "--yes"], []):
        run = publish(catalog, *arguments, "--json")
        assert run.code
        document = run.json
        assert document["ok"] is False
        assert document["counts"] == fine["counts"]
        assert document["findings"] == fine["findings"]
        assert document.keys() == fine.keys()


def test_a_damaged_recording_at_the_target_is_told(catalog: Catalog, www: Path) -> None:
    published(catalog)
    recording = www / "media/samtal/ett.mp3"
    good = recording.read_bytes()
    recording.write_bytes(bytes(len(good)))
    run = publish(catalog, "--yes")
    assert (run.code, "Nothing to send" in run.out) == (0, True)
    told = "warning  media/samtal/ett.mp3 has other bytes at the target than were sent; delete it"
    assert told in run.err
    recording.unlink()
    assert published(catalog)["sent"] == ["media/samtal/ett.mp3"]
    assert recording.read_bytes() == good
    assert "other bytes" not in publish(catalog, "--yes").err


def test_the_plan_as_a_comment(catalog: Catalog, www: Path) -> None:
    catalog.episode(title="Ett *samtal* @alla")
    run = publish(catalog, "--markdown")
    assert run.code == 0
    lines = run.out.splitlines()
    assert lines[0].startswith("### What publishing to file:///")
    assert lines[2:6] == ["**samtal**", "", "- new", r"  - Ett \*samtal\* \@alla"]
    assert re.fullmatch(r"\d+ files would be sent \(.* kB\), 0 stay as they are\.", lines[-1])
    assert not www.exists()


def test_what_happens_to_the_show_is_seen_before_it_is_sent(catalog: Catalog, www: Path) -> None:
    publish(catalog, "--yes")
    moved = "block: true\nnew_feed_url: https://ny.example/feed.xml\n"
    catalog.series(text=SERIES.replace("title: Samtal", "title: Nytt namn") + moved)
    run = publish(catalog, "--dry-run")
    assert run.err.splitlines()[-5:] == [
        "Subscribers of samtal will see",
        "  the show itself:",
        "    title: Samtal → Nytt namn",
        "    block: nothing → Yes  (TAKEN OUT of directories: nobody finds it there)",
        "    new_feed_url: nothing → https://ny.example/feed.xml  (EVERY APP MOVES to that address,"
        " and does not come back)",
    ]
    comment = publish(catalog, "--markdown").out
    assert "Subscribers will see nothing new" not in comment
    assert r"  - title: Samtal → Nytt namn" in comment
    shown = published(catalog)["subscribers"]["samtal"]
    assert shown["show"] == ["title", "block", "new_feed_url"]
    assert shown["new"] == shown["gone"] == []


def test_the_first_publish_changes_no_show(catalog: Catalog) -> None:
    assert published(catalog)["subscribers"]["samtal"]["show"] == []


def test_what_happens_to_the_feed_of_all_series_is_seen_before_it_is_sent(
    catalog: Catalog, www: Path
) -> None:
    publish(catalog, "--yes")
    text = (catalog.root / "feedtool.yaml").read_text("utf-8")
    other = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    catalog.write(
        "feedtool.yaml", text.replace("Nordviks kommun", "Nordviks *röst*") + f"guid: {other}\n"
    )
    allow = ("--allow", "guid:catalog")
    said = publish(catalog, "--dry-run", *allow).err.splitlines()[-4:]
    assert said[:3] == [
        "Subscribers of the feed of all series will see",
        "  the show itself:",
        "    title: Nordviks kommun → Nordviks *röst*",
    ]
    assert said[3].endswith(f"→ {other}  (ANOTHER SHOW for those who know it by this)")
    comment = publish(catalog, "--markdown", *allow).out
    assert "Subscribers will see nothing new" not in comment
    assert r"  - title: Nordviks kommun → Nordviks \*röst\*" in comment
    assert published(catalog, *allow)["subscribers"] == {
        "": {
            "new": [], "changed": [], "moved": [], "redated": [], "redownload": [], "gone": [],
            "show": ["title", "guid"],
        }
    }  # fmt: skip


def test_the_feed_of_another_program_is_not_replaced_by_that_of_all_series(
    catalog: Catalog, www: Path
) -> None:
    """A show that was made by hand has its feed there, and people who subscribe to it."""
    www.mkdir()
    (www / "feed.xml").write_text(
        "<rss version='2.0'><channel><title>Gammalt</title><item><title>Förr</title>"
        "<guid>forr</guid><enclosure url='https://podd.example/forr.mp3'/></item></channel></rss>"
    )
    before = world(www)
    run = publish(catalog, "--yes")
    assert run.code == 1
    assert "subscribers would lose episodes, or get them again: Förr" in run.err
    assert world(www) == before
    document = published(catalog, "--allow", "gone:forr")
    assert document["subscribers"][""]["gone"] == ["forr"]
    catalog.episode("tva", date="2025-04-01")
    assert "" not in published(catalog)["subscribers"]
    (www / STATE_FILE).unlink()
    catalog.episode("tre", date="2025-05-01")
    assert "" not in published(catalog)["subscribers"]


def test_a_new_episode_changes_nothing_of_the_feed_of_all_series(catalog: Catalog) -> None:
    publish(catalog, "--yes")
    catalog.episode("tva", date="2025-04-01 09:00")
    assert published(catalog)["subscribers"].keys() == {"samtal"}


def test_the_feed_of_a_series_that_is_gone_is_named_as_long_as_it_is_there(
    catalog: Catalog, www: Path
) -> None:
    catalog.series("annat", SERIES)
    catalog.episode("ett", series="annat")
    publish(catalog, "--yes")
    (catalog.root / "episodes/annat/ett.md").unlink()
    told = "annat/feed.xml is not made any more, and stays there as it was"
    comment = publish(catalog, "--markdown", "--allow", "gone:annat").out.replace("\\", "")
    assert f"- {told}" in comment
    assert told in publish(catalog, "--yes", "--allow", "gone:annat").err
    assert told in publish(catalog, "--yes").err
    assert (www / "annat/feed.xml").exists()
    (www / "annat/feed.xml").unlink()
    assert told not in publish(catalog, "--yes").err


def test_a_series_that_is_renamed_is_the_same_show_at_another_address(
    catalog: Catalog, www: Path
) -> None:
    publish(catalog, "--yes")
    guid = re.search(rb"<podcast:guid>(.*)</podcast:guid>", catalog.read("samtal/feed.xml"))
    assert guid
    (catalog.root / "episodes/samtal").rename(catalog.root / "episodes/prat")
    shutil.copytree(catalog.root / "media/samtal", catalog.root / "media/prat")
    catalog.series("prat", f"{SERIES}guid: {guid[1].decode()}\n")
    moved = ("--allow", "slug:prat", "--allow", "media:prat")
    told = "samtal/feed.xml is prat/feed.xml now: let the server lead the old address to the new"
    for run in (publish(catalog, "--yes", "--json", *moved), publish(catalog, "--yes", "--json")):
        assert (run.code, told in run.err) == (0, True)
        assert "delete it there" not in run.err
        happens = run.json["subscribers"].get("prat", {"moved": [ETT], "new": [], "show": []})
        assert (happens["moved"], happens["new"], happens["show"]) == ([ETT], [], [])


# what would hurt subscribers


def test_a_lost_episode_stops_it_also_with_yes(catalog: Catalog, www: Path) -> None:
    catalog.episode("tva", title="Ett till", date="2025-04-01 09:00")
    publish(catalog, "--yes")
    before = tree(www)
    (catalog.root / "feedtool.lock").unlink()  # as if somebody had lost it
    (catalog.root / "episodes/samtal/tva.md").unlink()
    run = publish(catalog, "--yes")
    assert run.code == 1
    assert "Ett till" in run.err
    assert f"--allow gone:{TVA}" in run.err
    assert tree(www) == before
    assert publish(catalog, "--yes", "--allow", f"gone:{TVA}").code == 0


def test_an_old_checkout_takes_nothing_away_that_others_published(
    catalog: Catalog, www: Path, tmp_path: Path
) -> None:
    publish(catalog, "--yes")
    old = in_ci(catalog, tmp_path / "old")
    catalog.episode("tva", title="Två samtal", date="2025-04-01")
    publish(catalog, "--yes")
    before = world(www)
    run = publish(old, "--yes")
    assert run.code == 1
    assert "get them again: Två samtal" in run.err
    assert "get what others committed (git pull)" in run.err
    assert world(www) == before


def test_what_would_allow_it_can_be_given_to_a_shell(catalog: Catalog, www: Path) -> None:
    publish(catalog, "--yes")
    feed = www / "samtal/feed.xml"
    theirs = b"<item><guid>https://nordvik.example/?p=7&amp;x=1</guid><title>Annat</title></item>"
    feed.write_bytes(feed.read_bytes().replace(b"</channel>", theirs + b"</channel>"))
    run = publish(catalog, "--yes", "--json")
    wish = "'gone:https://nordvik.example/?p=7&x=1'"
    assert run.json["error"]["mend"].endswith(f"; if it is meant, add  --allow {wish}")
    assert publish(catalog, "--yes", "--allow", wish.strip("'")).code == 0


@pytest.mark.parametrize(
    ("edit", "fact"),
    [({"date": "2025-03-02 09:00"}, "date"), ({"fixture": "vbr.mp3"}, "media")],
    ids=["another-date", "another-recording"],
)
def test_a_broken_promise_stops_it_until_it_is_allowed(
    catalog: Catalog, www: Path, edit: dict[str, str], fact: str
) -> None:
    publish(catalog, "--yes")
    before = tree(www)
    (catalog.root / "feedtool.lock").unlink()
    if "fixture" in edit:
        (catalog.root / "media/samtal/ett.mp3").unlink()
    catalog.episode(**edit)
    run = publish(catalog, "--yes")
    assert (run.code, tree(www)) == (1, before)
    assert f"--allow {fact}:samtal/ett" in run.err or f"--allow {fact}:{ETT}" in run.err
    assert publish(catalog, "--yes", "--allow", f"{fact}:samtal/ett").code == 0


def allowed_by_build(catalog: Catalog, *facts: str) -> None:
    """What the person does who commits the lock."""
    allow = [part for fact in facts for part in ("--allow", fact)]
    run = catalog.run("build", "--now", NOW, *allow)
    assert run.code == 0, run.err


def test_what_the_lock_says_was_allowed_needs_no_second_allow(catalog: Catalog, www: Path) -> None:
    catalog.episode("tva", title="Ett till", date="2025-04-01 09:00")
    publish(catalog, "--yes")
    catalog.episode("tva", title="Ett till", date="2025-04-02 09:00", fixture="vbr.mp3")
    allowed_by_build(catalog, "date:samtal/tva", "media:samtal/tva")
    shown = published(catalog)["subscribers"]["samtal"]
    assert (shown["redated"], shown["redownload"]) == ([TVA], [TVA])
    (catalog.root / "episodes/samtal/tva.md").unlink()
    allowed_by_build(catalog, "gone:samtal/tva")
    assert published(catalog)["subscribers"]["samtal"]["gone"] == [TVA]


def test_what_was_allowed_once_is_no_leave_for_other_bytes_of_the_same_size(
    catalog: Catalog, www: Path
) -> None:
    """The lock has no word of them: it knows sizes."""
    publish(catalog, "--yes")
    catalog.episode(fixture="vbr.mp3")
    allowed_by_build(catalog, "media:samtal/ett")
    published(catalog)
    path = catalog.root / "media/samtal/ett.mp3"
    path.write_bytes(path.read_bytes()[:-50] + bytes(50))
    before = tree(www)
    run = publish(catalog, "--yes")
    assert (run.code, tree(www)) == (1, before)
    assert "--allow media:samtal/ett" in run.err
    assert publish(catalog, "--yes", "--allow", "media:samtal/ett").code == 0
    assert publish(catalog, "--yes").code == 0


def test_an_earlier_recording_gets_no_other_bytes(catalog: Catalog, www: Path) -> None:
    publish(catalog, "--yes")
    catalog.episode(media="ett-v2.mp3", fixture="vbr.mp3")
    publish(catalog, "--yes", "--allow", "media:samtal/ett")
    file = catalog.root / "media/samtal/ett.mp3"
    published_bytes = file.read_bytes()
    file.unlink()
    file.write_bytes(published_bytes[:-1] + b"x")
    comment = publish(catalog, "--markdown").out
    assert "**It would stop here**: media/samtal/ett.mp3 was published with other bytes" in comment
    run = publish(catalog, "--yes", "--json")
    assert run.code == 1
    assert run.json["error"]["message"].startswith("media/samtal/ett.mp3 was published with other")
    assert (www / "media/samtal/ett.mp3").read_bytes() == published_bytes
    file.unlink()
    file.write_bytes(published_bytes)
    assert publish(catalog, "--yes").code == 0


MOVED = ("slug:annat/tva", "media:annat/tva", "gone:samtal/tva")


@pytest.mark.parametrize("built", [True, False], ids=["build-first", "publish-alone"])
def test_an_episode_leaves_its_series_only_when_it_may_be_gone_there(
    catalog: Catalog, www: Path, built: bool
) -> None:
    catalog.series("annat", SERIES)
    catalog.episode("tva", title="Ett till", date="2025-04-01 09:00")
    publish(catalog, "--yes")
    before = tree(www)
    (catalog.root / "episodes/samtal/tva.md").unlink()
    catalog.episode("tva", series="annat", title="Ett till", date="2025-04-01 09:00", guid=TVA)
    for facts in (MOVED[:2], MOVED):
        allow = [part for fact in facts for part in ("--allow", fact)]
        if built:
            catalog.run("build", "--now", NOW, *allow)
            allow = []
        run = publish(catalog, "--yes", "--json", *allow)
        if facts != MOVED:
            assert (run.code, tree(www)) == (1, before)
    assert run.json["subscribers"]["samtal"]["gone"] == [TVA]
    assert "LK030" not in run.out
    assert run.code == 0


def test_another_guid_or_another_series_that_was_allowed_is_not_asked_for_again(
    catalog: Catalog,
) -> None:
    catalog.series("annat", SERIES)
    catalog.episode("tva", title="Ett till", date="2025-04-01 09:00")
    publish(catalog, "--yes")
    catalog.episode(guid="5c0c94e0-9ea3-4d2b-8d34-0e3ee3a6b1f1")
    (catalog.root / "episodes/samtal/tva.md").unlink()
    catalog.episode("tva", series="annat", title="Ett till", date="2025-04-01 09:00", guid=TVA)
    allowed_by_build(catalog, "guid:samtal/ett", *MOVED)
    subscribers = published(catalog)["subscribers"]
    assert subscribers["samtal"]["gone"] == [TVA, ETT]
    assert subscribers["annat"]["new"] == [TVA]


def test_an_allow_that_only_the_target_needs_is_not_called_needless(
    catalog: Catalog, www: Path
) -> None:
    catalog.episode("tva", title="Ett till", date="2025-04-01 09:00")
    publish(catalog, "--yes")
    (catalog.root / "feedtool.lock").unlink()
    (catalog.root / "episodes/samtal/tva.md").unlink()
    run = publish(catalog, "--yes", "--allow", f"gone:{TVA}", "--allow", "gone:samtal/ett")
    assert run.code == 0
    assert [line for line in run.err.splitlines() if "not needed" in line] == [
        "  --allow gone:samtal/ett was not needed: nothing called that has changed in this way"
    ]


def test_a_comment_says_that_a_publish_would_stop(catalog: Catalog) -> None:
    catalog.episode("tva", title="Ett till", date="2025-04-01 09:00")
    publish(catalog, "--yes")
    assert "It would stop here" not in publish(catalog, "--markdown").out
    (catalog.root / "feedtool.lock").unlink()
    (catalog.root / "episodes/samtal/tva.md").unlink()
    run = publish(catalog, "--markdown")
    assert run.code == 0
    assert "**It would stop here**" in run.out
    assert f"`--allow gone:{TVA}`" in run.out


# by schedule


def test_at_due_is_quiet_when_nothing_is(catalog: Catalog, www: Path) -> None:
    catalog.episode("tva", date="2027-01-01 09:00")
    publish(catalog, "--yes")
    before = tree(www)
    run = publish(catalog, "--at-due", "--yes")
    assert (run.code, run.out, run.err) == (0, "", "")
    assert tree(www) == before


def test_at_due_publishes_what_has_become_due(catalog: Catalog, www: Path) -> None:
    catalog.episode("tva", date="2027-01-01 09:00")
    publish(catalog, "--yes")
    assert (www / "media/samtal/tva.mp3").exists()
    document = published(catalog, "--at-due", now=LATER)
    assert document["subscribers"]["samtal"]["new"] == [TVA]
    assert "media/samtal/tva.mp3" not in document["sent"]
    assert b"tva.mp3" in (www / "samtal/feed.xml").read_bytes()


def test_at_due_is_quiet_about_what_waits_for_a_person(catalog: Catalog, www: Path) -> None:
    publish(catalog, "--yes")
    catalog.episode(title="Ett nytt namn")
    before = tree(www)
    run = publish(catalog, "--at-due", "--yes")
    assert (run.code, run.out, tree(www)) == (0, "", before)


def interrupted(catalog: Catalog, www: Path) -> None:
    """What became due is in the feed of its series, and not yet in that of the catalog."""
    catalog.episode("tva", date="2027-01-01 09:00")
    publish(catalog, "--yes")
    (www / "feed.xml").unlink()
    (www / "feed.xml" / "in the way").mkdir(parents=True)
    assert publish(catalog, "--at-due", "--yes", now=LATER).code == 5
    shutil.rmtree(www / "feed.xml")


def test_at_due_goes_on_with_one_that_was_interrupted(catalog: Catalog, www: Path) -> None:
    interrupted(catalog, www)
    document = published(catalog, "--at-due", now=LATER)
    assert document["sent"] == ["feed.xml", "feeds.opml"]
    assert document["subscribers"] == {}
    assert publish(catalog, "--at-due", "--yes", now=LATER).err == ""


def test_at_due_goes_on_with_nothing_that_was_edited_since(catalog: Catalog, www: Path) -> None:
    interrupted(catalog, www)
    text = (catalog.root / "feedtool.yaml").read_text("utf-8")
    catalog.write("feedtool.yaml", text.replace("Nordviks kommun", "Sydviks kommun"))
    before = tree(www)
    run = publish(catalog, "--at-due", "--yes", now=LATER)
    assert (run.code, run.out, tree(www)) == (0, "", before)


def test_at_due_publishes_nothing_more(catalog: Catalog, www: Path) -> None:
    catalog.episode("tva", date="2027-01-01 09:00")
    publish(catalog, "--yes")
    before = tree(www)
    catalog.episode(title="Ett nytt namn")
    run = publish(catalog, "--at-due", "--yes", now=LATER)
    assert run.code == 1
    assert "--at-due" in run.err
    assert tree(www) == before


def test_at_due_leaves_the_show_to_a_person(catalog: Catalog, www: Path) -> None:
    catalog.episode("tva", date="2027-01-01 09:00")
    publish(catalog, "--yes")
    before = tree(www)
    catalog.series(text=SERIES + "block: true\n")
    run = publish(catalog, "--at-due", "--yes", now=LATER)
    assert run.code == 1
    assert tree(www) == before


def test_recordings_of_scheduled_episodes_may_stay_here(catalog: Catalog, www: Path) -> None:
    catalog.episode("tva", date="2027-01-01 09:00")
    publish(catalog, "--yes", "--no-ahead")
    assert not (www / "media/samtal/tva.mp3").exists()
    publish(catalog, "--yes")
    assert (www / "media/samtal/tva.mp3").exists()


# recordings elsewhere


@pytest.fixture
def split(tmp_path: Path, www: Path) -> Catalog:
    """Recordings in a place of their own, with an address of their own."""
    more = (
        "media_base_url: https://filer.example/podd/\n"
        f"targets: {{webb: {{url: 'file://{www}', media: 'file://{tmp_path}/filer'}}}}\n"
    )
    made = a_catalog(tmp_path / "catalog", CATALOG + more)
    made.episode()
    return made


def test_recordings_go_to_a_place_of_their_own(split: Catalog, www: Path, tmp_path: Path) -> None:
    published(split)
    assert tree(tmp_path / "filer").keys() == {"samtal/ett.mp3"}
    assert not (www / "media").exists()
    assert b"https://filer.example/podd/samtal/ett.mp3" in (www / "samtal/feed.xml").read_bytes()
    assert published(split)["sent"] == []


def test_recordings_that_somebody_else_brings_to_their_place_are_not_sent(
    tmp_path: Path, www: Path
) -> None:
    more = f"media_base_url: https://filer.example/\ntargets: {{webb: {{url: 'file://{www}'}}}}\n"
    made = a_catalog(tmp_path / "catalog", CATALOG + more)
    made.episode()
    there = "https://filer.example/samtal/ett.mp3"
    told = publish(made, "--dry-run").err.splitlines()
    assert told[-2].startswith("Recordings not sent from here: 1;")
    assert told[-1] == f"  {there}"
    assert f"- {there}" in publish(made, "--markdown").out.splitlines()
    assert published(made)["elsewhere"] == [there]
    assert (www / "samtal/feed.xml").exists()
    assert not (www / "media").exists()
    made.episode(title="Ett nytt namn")
    assert published(made)["elsewhere"] == []


def in_ci(catalog: Catalog, folder: Path) -> Catalog:
    """A checkout of the catalog on another machine, without recordings and what is not in git."""
    shutil.copytree(
        catalog.root, folder, ignore=shutil.ignore_patterns("public", ".feedtool", "*.mp3")
    )
    return Catalog(folder)


@pytest.mark.parametrize("kind", ["split", "catalog"])
def test_what_is_not_here_but_there_needs_not_be_here(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, www: Path
) -> None:
    """Publishing from CI, without the recordings."""
    here: Catalog = request.getfixturevalue(kind)
    published(here)
    ci = in_ci(here, tmp_path / "ci")
    path = ci.root / "episodes/samtal/ett.md"
    path.write_text(path.read_text("utf-8").replace("Ett samtal", "Ett nytt namn"), "utf-8")
    document = published(ci)
    assert document["subscribers"]["samtal"]["changed"] == [ETT]
    assert not any(one.endswith(".mp3") for one in document["sent"])
    assert b"Ett nytt namn" in (www / "samtal/feed.xml").read_bytes()


POINTERS = {
    "lfs": f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 9\n",
    "annex": f"/annex/objects/SHA256E-s9--{'0' * 64}.mp3\n",
}


@pytest.mark.parametrize("pointer", POINTERS)
def test_what_stands_for_a_recording_is_not_sent_for_it(
    pointer: str, catalog: Catalog, www: Path
) -> None:
    """A checkout without the large files has a small text in the place of each."""
    catalog.episode("liten", "alternates: [{file: liten-8.mp3}]\n", date="2025-04-01")
    catalog.recording("samtal/liten-8.mp3", "telephone.mp3")
    catalog.episode("tva", date="2027-01-01")
    published(catalog)
    recordings = tree(www / "media")
    assert len(recordings) == 4
    for path in recordings:
        catalog.write(f"media/{path}", POINTERS[pointer])
    assert published(catalog)["sent"] == []
    catalog.episode("ett", title="Ett nytt namn", fixture="")
    assert not [one for one in published(catalog)["sent"] if one.startswith("media/")]
    assert tree(www / "media") == recordings
    (www / "media/samtal/tva.mp3").unlink()
    assert "media/samtal/tva.mp3 is neither on this machine" in publish(catalog, "--yes").err


def test_what_is_neither_here_nor_there_stops_it(split: Catalog, www: Path, tmp_path: Path) -> None:
    published(split)
    ci = in_ci(split, tmp_path / "ci")
    (tmp_path / "filer/samtal/ett.mp3").unlink()
    path = ci.root / "episodes/samtal/ett.md"
    path.write_text(path.read_text("utf-8").replace("Ett samtal", "Ett nytt namn"), "utf-8")
    before = tree(www)
    run = publish(ci, "--yes")
    assert run.code == 1
    assert "media/samtal/ett.mp3 is neither on this machine nor at the target" in run.err
    assert tree(www) == before
    comment = publish(ci, "--markdown").out
    assert "**It would stop here**: media/samtal/ett.mp3 is neither" in comment


# where to


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("webbb", 'there is no target "webbb"'),
        ("webbb", "name webb, or write an address such as sftp://"),
        ("/srv/pub", "for a folder write its address:  file:///srv/pub"),
        ("../pub", "for a folder write its address:  file:///"),
        ("ftp://www.example/", "is not the address of a target"),
        ("sftp://anna:hemligt@www.example/podd", "FEEDTOOL_TARGET_PASSWORD"),
        ("s3://bucket/?secret=hemligt", "secret"),
    ],
    ids=["name", "right name", "folder", "folder near", "kind", "password", "option"],
)
def test_a_target_that_is_none(catalog: Catalog, wanted: str, told: str) -> None:
    run = publish(catalog, wanted, "--yes")
    assert (run.code, "Traceback" in run.err) == (2, False)
    assert told in run.err
    assert "hemligt" not in run.err


@pytest.mark.parametrize(
    "folder",
    ["", "/public", "/public/samtal", "/media", "/episodes/samtal", "/.feedtool/www", "/link"],
)
def test_a_target_is_not_the_catalog_itself(catalog: Catalog, folder: str) -> None:
    (catalog.root / "link").symlink_to(catalog.root / "media")
    assert catalog.rebuilt().ok

    def files() -> dict[str, bytes]:
        there = tree(catalog.root)
        return {path: data for path, data in there.items() if not path.startswith(".feedtool/")}

    before = files()
    run = publish(catalog, f"file://{catalog.root}{folder}", "--yes")
    assert run.code == 2
    assert f"{catalog.root}{folder} is where the catalog has its own files" in run.err
    assert f"such as  file://{catalog.root}-www" in run.err
    assert files() == before


@pytest.mark.parametrize("name", ["media", "samtal"])
def test_a_target_above_the_catalog_does_not_write_into_it(tmp_path: Path, name: str) -> None:
    catalog = a_catalog(tmp_path / name)
    catalog.episode()
    run = publish(catalog, f"file://{tmp_path}", "--yes")
    assert (run.code, "has its own files" in run.err) == (2, True)
    assert list(tmp_path.iterdir()) == [catalog.root]


def test_a_target_whose_recordings_are_those_of_the_catalog(catalog: Catalog, www: Path) -> None:
    www.mkdir()
    (www / "media").symlink_to(catalog.root / "media")
    run = publish(catalog, f"file://{www}", "--yes")
    assert (run.code, "has its own files" in run.err) == (2, True)
    target = f"{{url: 'file://{www}/2', media: 'file://{catalog.root}/media'}}"
    catalog.write("feedtool.yaml", f"{CATALOG}targets: {{webb: {target}}}\n")
    assert publish(catalog, "--yes").code == 2


def test_a_target_may_be_a_folder_of_its_own_in_the_catalog(catalog: Catalog) -> None:
    assert publish(catalog, f"file://{catalog.root}/docs", "--yes").code == 0
    assert (catalog.root / "docs/samtal/feed.xml").exists()
    assert "Nothing to send" in publish(catalog, f"file://{catalog.root}/docs", "--yes").out


@pytest.mark.parametrize("wanted", [(), ("webb",)], ids=["none", "a name"])
def test_without_a_target_there_is_nowhere_to_go(tmp_path: Path, wanted: tuple[str, ...]) -> None:
    catalog = a_catalog(tmp_path / "catalog")
    catalog.episode()
    run = publish(catalog, *wanted, "--yes")
    assert run.code == 2
    assert "targets: {web: {url: ...}}" in run.err


def test_of_several_targets_one_is_named(tmp_path: Path, www: Path) -> None:
    two = f"targets: {{ett: {{url: 'file://{www}'}}, tva: {{url: 'file://{tmp_path}/2'}}}}\n"
    catalog = a_catalog(tmp_path / "catalog", CATALOG + two)
    catalog.episode()
    run = publish(catalog, "--yes")
    assert run.code == 2
    assert "name one of ett, tva" in run.err
    assert publish(catalog, "tva", "--yes").code == 0
    assert not www.exists()


def test_an_address_needs_no_name(catalog: Catalog, tmp_path: Path) -> None:
    assert published(catalog, f"file://{tmp_path}/other")["sent"]
    assert (tmp_path / "other/samtal/feed.xml").exists()


def test_without_a_catalog(tmp_path: Path) -> None:
    assert Catalog(tmp_path).run("publish").code == 3


def test_many_findings_do_not_hide_the_plan(catalog: Catalog) -> None:
    for number in range(12):
        unused = "ignore: [{code: EP021, why: intet}]\n"
        catalog.episode(f"nr-{number}", unused, date=f"2025-05-{number + 1:02}")
    run = publish(catalog, "--dry-run")
    assert run.err.startswith("Warnings and notes: ")
    assert len(run.err.splitlines()) < 40


def test_a_target_is_called_by_its_name_or_by_its_address(catalog: Catalog, www: Path) -> None:
    assert published(catalog)["target"] == "webb"
    other = f"file://{www}-2"
    assert published(catalog, other)["target"] == other
    told = catalog.run("status", "--json").json["targets"]
    assert sorted(one["name"] for one in told) == sorted(["webb", other])


def test_a_target_that_got_a_name_is_told_once(catalog: Catalog, www: Path) -> None:
    published(catalog, f"file://{www}")
    published(catalog)
    (told,) = catalog.run("status", "--json").json["targets"]
    assert told["name"] == "webb"


def test_status_tells_what_changed_since(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path / "catalog")
    catalog.episode("ett", title="Ett", date="2025-03-01")
    catalog.episode("tva", title="Två", date="2025-04-01")
    place = f"file://{tmp_path}/www"
    assert catalog.run("status", "--json").json["targets"] == []
    assert catalog.run("publish", place, "--yes", "--now", NOW).code == 0
    catalog.episode("ett", title="Ett, mer", date="2025-03-01")
    catalog.episode("tre", title="Tre", date="2025-05-01")
    (catalog.root / "episodes/samtal/tva.md").unlink()
    (told,) = catalog.run("status", "--json").json["targets"]
    assert told == {
        "name": place,
        "new": ["samtal/tre"],
        "changed": ["samtal/ett"],
        "gone": ["samtal/tva"],
    }
    shown = catalog.run("status").out.splitlines()
    assert shown[-3:] == ["  new      samtal/tre", "  changed  samtal/ett", "  gone     samtal/tva"]


@pytest.mark.parametrize(
    "kept",
    ["[]", "[" * 100_000, '{"webb": 3}', '{"webb": []}'],
    ids=["list", "deep", "number", "lists"],
)
def test_status_tells_nothing_of_what_it_cannot_read(catalog: Catalog, kept: str) -> None:
    catalog.write(".feedtool/published.json", kept)
    run = catalog.run("status", "--json")
    assert (run.code, run.json["targets"]) == (0, [])
