"""What the terminal shows while there is something to wait for."""

from __future__ import annotations

import sys
import time

import pytest

from feedtool.console import Console


@pytest.mark.parametrize("title", ["[/x]", "[bold]Ett samtal", "Samtal [1]"])
def test_a_title_is_shown_as_it_is_beside_a_bar(
    title: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with Console(language="en").progress(title) as progress:
        now[0] = 60.0
        progress(1, 2)
    assert title in capsys.readouterr().err
