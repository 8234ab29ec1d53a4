"""Web pages: the catalog, its series, their episodes. Values in, HTML out; no script on them.

An episode's page depends on the episode, its series and its transcripts only, never on its
neighbours. Addresses are relative, so that pages work wherever the output folder is served.
"""

from .catalog import NEWEST_ROWS, Listed, catalog_page
from .episode import episode_page
from .series import series_frame, series_page, series_row
from .templates import STYLESHEET, compile_for, stylesheet

__all__ = [
    "NEWEST_ROWS",
    "STYLESHEET",
    "Listed",
    "catalog_page",
    "compile_for",
    "episode_page",
    "series_frame",
    "series_page",
    "series_row",
    "stylesheet",
]
