"""What a sync would do, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from feedtool.cli.told_sync import plain, told
from feedtool.sync.host import Abilities, Account, State
from feedtool.sync.step import Asked, Step
from tests.hosts.memory import FIELDS, MemoryHost
from tests.syncs import Desk, failed


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, MemoryHost())


@pytest.fixture
def synced(desk: Desk) -> Desk:
    """Two episodes that are at the host."""
    desk.episode("april")
    desk.episode("maj")
    assert failed(desk.sync()) == []
    return desk


def test_what_is_not_there_is_uploaded_oldest_first(desk: Desk) -> None:
    desk.episode("april")
    desk.episode("maj")
    assert desk.told() == ["create samtal/april", "create samtal/maj"]


def test_after_it_there_is_nothing_to_do(synced: Desk) -> None:
    assert synced.told() == []
    assert synced.plan().nothing
    assert synced.plan().unchanged == 2
    assert synced.public() == ["April", "Maj"]


def test_a_changed_title_is_one_update(synced: Desk) -> None:
    synced.episode("maj", "Maj, igen")
    (step,) = synced.plan().steps
    assert (step.action, step.fields) == ("update", ("title",))
    synced.sync()
    assert synced.public() == ["April", "Maj, igen"]
    assert synced.told() == []


def test_what_a_host_cannot_change_is_said(synced: Desk) -> None:
    synced.host.abilities = replace(synced.host.abilities, changes=FIELDS - {"title"})
    synced.episode("maj", "Maj, igen")
    (step,) = synced.plan().steps
    assert (step.action, step.fields) == ("drift", ("title",))
    assert "cannot" in step.why.message


def test_an_address_that_a_host_has_given_is_no_difference_for_ever(desk: Desk) -> None:
    desk.episode("maj", permalink="maj")
    desk.sync()
    there = desk.host.items_there["item-0"]
    told = {name: value for name, value in there.fields.items() if name != "permalink"}
    desk.host.items_there["item-0"] = replace(there, fields=told)
    desk.episode("maj", permalink="vackra-maj")
    assert desk.told() == []


def test_what_was_changed_there_alone_is_shown_and_left(synced: Desk) -> None:
    synced.host.somebody_writes("item-1", title="Vackra maj")
    (step,) = synced.plan().steps
    assert (step.action, step.fields, step.does) == ("drift", ("title",), False)
    assert synced.sync() == []
    assert synced.public() == ["April", "Vackra maj"]


def test_what_was_changed_on_both_sides_follows_the_file_and_says_so(synced: Desk) -> None:
    synced.host.somebody_writes("item-1", title="Vackra maj")
    synced.episode("maj", "Maj, igen")
    (step,) = synced.plan().steps
    assert (step.action, step.fields) == ("update", ("title",))
    assert step.why.params == {"fields": "title"}


def test_what_was_changed_there_stays_shown_while_another_field_is_updated(synced: Desk) -> None:
    synced.host.somebody_writes("item-1", license="cc-by")
    synced.host.somebody_writes("item-1", tags=("c",))
    synced.episode("maj", "Maj, igen")
    synced.sync()
    (step,) = synced.plan().steps
    assert (step.action, step.fields) == ("drift", ("tags",))


def test_the_same_change_on_both_sides_is_agreement(synced: Desk) -> None:
    synced.host.somebody_writes("item-1", title="Maj, igen")
    synced.episode("maj", "Maj, igen")
    assert synced.told() == []
    synced.sync()
    synced.host.somebody_writes("item-1", title="Maj")  # from here on it is a change there
    assert synced.told() == ["drift samtal/maj"]


def test_an_order_of_tags_is_no_change(synced: Desk) -> None:
    synced.host.somebody_writes("item-1", tags=("b", "a"))
    assert synced.told() == []


def test_a_new_name_of_the_same_recording_uploads_nothing(synced: Desk) -> None:
    synced.episode("maj", sound=b"maj", media="samtal/maj-nytt-namn.mp3")
    assert synced.told() == []


def test_another_recording_needs_consent(synced: Desk) -> None:
    synced.episode("maj", sound=b"maj, klippt", media="samtal/maj-2.mp3")
    (step,) = synced.plan().steps
    assert step.action == "drift"
    assert "--replace" in step.why.message
    (step,) = synced.plan(Asked(replace=True)).steps
    assert step.action == "replace"
    assert failed(synced.sync(replace=True)) == []
    assert synced.public() == ["April", "Maj"]
    assert synced.host.deleted == ["item-1"]
    assert synced.told() == []


def test_what_was_removed_there_is_not_uploaded_again_by_itself(synced: Desk) -> None:
    synced.host.delete("item-1")
    assert synced.told() == ["missing samtal/maj"]
    assert synced.sync() == []
    assert synced.told(replace=True) == ["create samtal/maj"]
    synced.sync(replace=True)
    assert synced.public() == ["April", "Maj"]


def test_what_is_no_longer_here_stays_there_unless_it_is_said(synced: Desk) -> None:
    del synced.wishes["maj"]
    assert synced.told() == ["skip samtal/maj"]
    assert synced.told(delete=True) == ["delete samtal/maj"]
    synced.sync(delete=True)
    assert synced.public() == ["April"]
    assert synced.told() == []


def test_an_empty_folder_removes_nothing(synced: Desk) -> None:
    synced.wishes.clear()
    assert synced.plan(Asked(delete=True)).refusal is not None


def test_many_deletions_look_like_an_accident(desk: Desk) -> None:
    for number in range(20):
        desk.episode(f"e{number:02}")
    desk.sync()
    for number in range(3):
        del desk.wishes[f"e{number:02}"]
    assert desk.plan(Asked(delete=True)).refusal is None
    del desk.wishes["e03"]
    assert desk.plan(Asked(delete=True)).refusal is not None


def test_what_others_made_is_left_alone(synced: Desk) -> None:
    synced.host.somebody_uploads("Höstmöte")
    assert synced.told() == ["foreign Höstmöte"]
    assert synced.told(delete=True, replace=True, adopt=True) == ["foreign Höstmöte"]


@pytest.mark.parametrize("told_duration", [timedelta(seconds=60.4), None])
def test_an_episode_that_seems_to_be_there_is_not_uploaded_twice(
    desk: Desk, told_duration: timedelta | None
) -> None:
    desk.episode("maj", "Maj  månad")
    remote = desk.host.somebody_uploads("maj månad", told_duration)
    assert desk.told() == ["skip samtal/maj"]
    assert desk.told(adopt=True) == ["adopt samtal/maj"]
    desk.sync(adopt=True)
    assert desk.host.uploads == []
    assert desk.host.items_there[remote].fields["title"] == "Maj  månad"
    assert desk.told() == []


@pytest.fixture
def adopted(desk: Desk) -> Desk:
    """An episode that somebody else had uploaded."""
    desk.episode("maj")
    desk.host.somebody_uploads("Maj")
    assert failed(desk.sync(adopt=True)) == []
    assert desk.told() == []
    return desk


@pytest.mark.parametrize("marks_later", [True, False])
@pytest.mark.parametrize("lost", [True, False])
def test_an_episode_with_another_guid_is_not_uploaded_again(
    marks_later: bool, lost: bool, synced: Desk
) -> None:
    synced.host.abilities = replace(synced.host.abilities, marks_later=marks_later)
    synced.episode("maj", guid="another")
    if lost:
        synced.path.unlink()
        assert synced.told() == ["adopt samtal/april", "skip samtal/maj"]
    else:
        assert synced.told() == ["skip samtal/maj"]
        assert synced.told(delete=True) == ["skip samtal/maj"]
    assert failed(synced.sync(adopt=True)) == []
    assert synced.told(delete=True) == []
    assert synced.plan(Asked(series=frozenset({"webb"}))).steps == ()
    assert len(synced.host.uploads) == 2
    del synced.wishes["maj"]
    assert synced.told(delete=True) == ["delete samtal/maj"]


def test_what_was_there_before_us_is_never_removed(adopted: Desk) -> None:
    adopted.episode("juni")
    del adopted.wishes["maj"]
    for lost in (False, True):
        steps = adopted.plan(Asked(delete=True)).steps
        (step,) = [one for one in steps if one.name != "samtal/juni"]
        assert step.action in ("skip", "foreign")
        assert "--delete" not in step.why.message
        if not lost:
            adopted.path.unlink()


def test_another_recording_of_what_was_there_before_needs_consent(adopted: Desk) -> None:
    adopted.episode("maj", sound=b"maj", media="samtal/maj-nytt-namn.mp3")
    assert adopted.told() == []
    adopted.episode("maj", sound=b"maj, klippt", media="samtal/maj-2.mp3")
    assert adopted.told() == ["drift samtal/maj"]
    assert adopted.told(replace=True) == ["replace samtal/maj"]


def test_a_hidden_item_that_is_taken_over_is_said_to_become_public(desk: Desk) -> None:
    desk.episode("maj")
    remote = desk.host.somebody_uploads("Maj")
    desk.host.items_there[remote] = replace(desk.host.items_there[remote], public=False)
    (step,) = desk.plan(Asked(adopt=True)).steps
    assert (step.action, step.why.message) == ("adopt", "it is made public")


def test_an_imported_episode_is_known_by_its_guid(desk: Desk) -> None:
    guid = "tag:soundcloud,2010:tracks/17"
    desk.episode("maj", "Maj", guid=guid)
    desk.host.somebody_uploads("Nåt helt annat", guids=(guid,))
    assert desk.told() == ["skip samtal/maj"]
    assert desk.told(adopt=True) == ["adopt samtal/maj"]


def test_another_length_is_another_episode(desk: Desk) -> None:
    desk.episode("maj", "Maj")
    desk.host.somebody_uploads("Maj", timedelta(seconds=62))
    assert desk.told() == ["create samtal/maj", "foreign Maj"]


def test_a_lost_lock_is_rebuilt_from_markers(synced: Desk) -> None:
    before = synced.path.read_text()
    synced.path.unlink()
    assert synced.told() == ["adopt samtal/april", "adopt samtal/maj"]
    uploads = list(synced.host.uploads)
    synced.sync()
    assert synced.host.uploads == uploads
    assert synced.told() == []
    told = [line.partition(',"at"')[0] for line in synced.path.read_text().splitlines()]
    assert told == [line.partition(',"at"')[0] for line in before.splitlines()]


def test_a_lost_lock_does_not_hide_another_recording(synced: Desk) -> None:
    synced.path.unlink()
    synced.episode("maj", sound=b"maj, klippt", media="samtal/maj-2.mp3")
    assert synced.told() == ["adopt samtal/april", "drift samtal/maj"]
    assert synced.told(replace=True) == ["adopt samtal/april", "replace samtal/maj"]


@pytest.fixture
def rebuilt(synced: Desk) -> Desk:
    """The lock was lost, and came back on a machine without the recording of maj."""
    synced.path.unlink()
    maj = synced.wishes["maj"]
    synced.wishes["maj"] = replace(maj, here=False)
    assert failed(synced.sync()) == []
    assert synced.told() == []
    return synced


def test_what_feedtool_made_is_known_as_such_without_its_recording(rebuilt: Desk) -> None:
    del rebuilt.wishes["maj"]
    (step,) = rebuilt.plan().steps
    assert "--delete" in step.why.message
    assert rebuilt.told(delete=True) == ["delete samtal/maj"]
    assert failed(rebuilt.sync(delete=True)) == []
    assert rebuilt.public() == ["April"]


@pytest.mark.parametrize("title", ["Maj", "Maj, igen"])
def test_a_recording_that_comes_back_is_the_one_that_was_sent_or_another(
    title: str, rebuilt: Desk
) -> None:
    rebuilt.wishes["maj"] = replace(rebuilt.episode("maj", title), here=False)
    assert failed(rebuilt.sync()) == []
    rebuilt.episode("maj", title)
    assert rebuilt.told() == []
    rebuilt.episode("maj", title, sound=b"jam")
    assert rebuilt.told() == ["drift samtal/maj"]
    assert rebuilt.told(replace=True) == ["replace samtal/maj"]


def test_a_lock_that_takes_ours_for_somebodys_is_put_right(synced: Desk) -> None:
    lock = synced.path.read_text()
    synced.path.write_text(lock.replace(synced.wishes["maj"].sum(), ""))
    synced.sync()
    del synced.wishes["maj"]
    assert synced.told(delete=True) == ["delete samtal/maj"]


def test_two_items_of_one_episode_are_told(synced: Desk) -> None:
    item = synced.host.items_there["item-1"]
    synced.host.items_there["copy"] = replace(item, remote="copy")
    (step,) = synced.plan().steps
    assert (step.action, step.remote) == ("drift", "copy")
    assert "another" in step.why.message


@pytest.fixture
def hidden(synced: Desk) -> Desk:
    """Somebody hid one of the two on the web site of the host."""
    synced.host.items_there["item-1"] = replace(synced.host.items_there["item-1"], public=False)
    return synced


LEFT_HIDDEN = "it was hidden there; it is left so"


def reasons(step: Step) -> list[str]:
    return [why.message for why in step.reasons]


def test_what_was_hidden_there_is_left_so(hidden: Desk) -> None:
    (step,) = hidden.plan().steps
    assert (step.action, reasons(step)) == ("drift", [LEFT_HIDDEN])


def test_an_update_of_what_was_hidden_there_leaves_it_hidden_and_says_so(hidden: Desk) -> None:
    hidden.episode("maj", "Maj, igen")
    (step,) = hidden.plan().steps
    assert (step.action, step.fields, reasons(step)) == ("update", ("title",), [LEFT_HIDDEN])
    assert failed(hidden.sync()) == []
    assert hidden.public() == ["April"]
    assert hidden.host.items_there["item-1"].fields["title"] == "Maj, igen"
    assert hidden.told() == ["drift samtal/maj"]


def test_all_that_is_to_be_said_of_a_hidden_item_is_said(hidden: Desk) -> None:
    hidden.host.somebody_writes("item-1", title="Vackra maj")
    (step,) = hidden.plan().steps
    assert (step.action, reasons(step)[1:]) == ("drift", [LEFT_HIDDEN])
    hidden.episode("maj", "Maj, igen")
    (step,) = hidden.plan().steps
    assert [step.action, *reasons(step)] == [
        "update", "what was changed there is overwritten: {fields}", LEFT_HIDDEN,
    ]  # fmt: skip
    (line,) = (line for line in told(hidden.plan(), str.format) if "update" in line)
    assert line.endswith(f"(what was changed there is overwritten: title; {LEFT_HIDDEN})")
    assert plain(step, str.format)["why"].endswith(f": title; {LEFT_HIDDEN}")


def test_another_recording_of_what_was_hidden_there_is_not_shown(hidden: Desk) -> None:
    hidden.episode("maj", sound=b"maj, klippt", media="samtal/maj-2.mp3")
    (step,) = hidden.plan(Asked(replace=True)).steps
    assert (step.action, reasons(step)) == ("drift", [LEFT_HIDDEN])
    hidden.path.unlink()
    assert hidden.told(replace=True) == ["adopt samtal/april", "drift samtal/maj"]


def test_a_hidden_item_keeps_the_address_that_it_had_in_public(hidden: Desk) -> None:
    hidden.host.abilities = replace(hidden.host.abilities, changes=FIELDS - {"title"})
    hidden.episode("maj", "Maj, igen")
    (step,) = hidden.plan().steps
    assert (step.action, step.fields, step.hidden) == ("drift", ("title",), True)
    hidden.path.unlink()
    (step,) = (one for one in hidden.plan().steps if one.hidden)
    assert (step.action, "title" in step.fields) == ("adopt", False)


@pytest.mark.parametrize("title", ["Maj", "Maj, igen"])
def test_what_was_hidden_there_stays_so_when_the_lock_is_lost(title: str, hidden: Desk) -> None:
    hidden.path.unlink()
    hidden.episode("maj", title)
    (step,) = (step for step in hidden.plan().steps if step.name == "samtal/maj")
    assert [step.action, *reasons(step)] == ["adopt", "found there by its marker", LEFT_HIDDEN]
    assert failed(hidden.sync()) == []
    assert hidden.public() == ["April"]
    assert hidden.told() == ["drift samtal/maj"]
    assert failed(hidden.sync()) == []
    assert hidden.public() == ["April"]


def test_a_host_at_which_nothing_can_be_hidden_has_only_unfinished_hidden_items(
    hidden: Desk,
) -> None:
    hidden.host.abilities = replace(hidden.host.abilities, hides=False)
    hidden.path.unlink()
    assert failed(hidden.sync()) == []
    assert hidden.public() == ["April", "Maj"]


def test_what_somebody_shows_again_is_as_any_other(hidden: Desk) -> None:
    hidden.sync()
    hidden.host.items_there["item-1"] = replace(hidden.host.items_there["item-1"], public=True)
    assert hidden.told() == []


def test_an_episode_that_moved_to_another_series_is_told(synced: Desk) -> None:
    item = synced.host.items_there["item-1"]
    synced.host.items_there["item-1"] = replace(item, channel="samtal")
    assert synced.told() == []
    synced.host.items_there["item-1"] = replace(item, channel="webb")
    (step,) = synced.plan().steps
    assert (step.action, step.why.params) == ("drift", {"series": "webb"})


def test_a_part_of_the_series_touches_no_other(synced: Desk) -> None:
    synced.episode("juni")
    other = replace(synced.wishes["maj"], guid="g", name="webb/maj")
    synced.wishes["other"] = other
    told = [step.name for step in synced.plan(Asked(series=frozenset({"webb"}))).steps]
    assert told == ["webb/maj"]


@pytest.mark.parametrize(
    ("abilities", "words"),
    [
        (Abilities(most_bytes=2), "at most"),
        (Abilities(longest=timedelta(seconds=59)), "at most"),
        (Abilities(types=frozenset({"audio/flac"})), "type"),
    ],
)
def test_what_a_host_does_not_take_is_not_planned(
    desk: Desk, abilities: Abilities, words: str
) -> None:
    desk.host.abilities = abilities
    desk.episode("maj")
    (step,) = desk.plan().steps
    assert (step.action, words in step.why.message) == ("skip", True)


def test_a_recording_elsewhere_is_not_uploaded(desk: Desk) -> None:
    wish = desk.episode("maj")
    desk.wishes["maj"] = replace(wish, here=False)
    assert desk.told() == ["skip samtal/maj"]
    desk.wishes["maj"] = replace(wish, media="https://old.example/maj.mp3", here=False)
    (step,) = desk.plan().steps
    assert "another address" in step.why.message


@pytest.mark.parametrize(
    "account",
    [
        Account(id="1", name="SKR", seconds_left=119.0),
        Account(id="1", name="SKR", bytes_left=7),
    ],
)
def test_a_quota_is_refused_in_the_plan(desk: Desk, account: Account) -> None:
    desk.episode("april")
    desk.episode("maj")
    desk.host.owner = account
    refusal = desk.plan().refusal
    assert refusal is not None
    assert refusal.exit_code == 5


def test_what_the_host_could_not_process_needs_consent_once_it_was_public(synced: Desk) -> None:
    item = synced.host.items_there["item-1"]
    synced.host.items_there["item-1"] = replace(item, state=State.FAILED, why="noise")
    assert synced.told() == ["drift samtal/maj"]
    assert synced.told(replace=True) == ["replace samtal/maj"]
