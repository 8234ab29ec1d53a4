"""What the terminal shows while there is something to wait for, and sizes in words."""

from __future__ import annotations

import sys
import time

import pytest

from feedtool.console import Console
from feedtool.language import Size


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


@pytest.mark.parametrize(
    ("bytes", "english", "swedish"),
    [
        (0, "0 B", "0 B"),
        (999, "999 B", "999 B"),
        (24_449, "24.4 kB", "24,4 kB"),
        (999_960, "1.0 MB", "1,0 MB"),
        (8_300_000, "8.3 MB", "8,3 MB"),
        (4 * 1024**3, "4.3 GB", "4,3 GB"),
        (10**13, "10000.0 GB", "10000,0 GB"),
    ],
)
def test_sizes_in_messages(bytes: int, english: str, swedish: str) -> None:
    size = Size(bytes)
    assert f"{size}" == Console(language="en").text("{size}", size=size) == english
    assert Console(language="sv").text("{size}", size=size) == swedish
    assert size.told(Console(language="sv").text) == swedish
