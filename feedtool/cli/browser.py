"""The browser of the person at this machine."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")


def open_browser(url: str) -> bool:
    """Show an address there; False = there is none that could.

    Without a screen, `webbrowser` would start one in the terminal that the command talks in.
    """
    has_screen = sys.platform in ("win32", "darwin")
    if not has_screen and not any(os.environ.get(name) for name in _SCREENS):
        return False
    try:
        with _chatter_aside():
            return webbrowser.open(url)
    except (webbrowser.Error, OSError):
        return False


@contextmanager
def _chatter_aside() -> Iterator[None]:
    """Chrome says "Opening in existing browser session." where our result goes."""
    result = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(result, 1)
        os.close(result)
