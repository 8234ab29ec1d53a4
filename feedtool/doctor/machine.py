"""What is installed and configured here, and what is not, for who wonders why something fails.

Looks only: nothing is written, sent or fetched, and no secret is shown.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import available_timezones

from ..finding import N_, Finding, has_errors
from ..load import CATALOG_FILE, load_catalog
from ..publish.secrets import read_secrets
from ..read.catalog import Catalog
from .check import Check, checked
from .folder import look_at_cache, look_at_git, look_at_lock, look_at_media, look_at_room
from .hosts import look_at_hosts
from .targets import look_at_target

EXTRAS = {
    "preview": (N_("looking at pages and feeds before they are published"),
                ("starlette", "uvicorn", "watchfiles")),
    "sftp": (N_("publishing to a server over SFTP"), ("paramiko",)),
    "s3": (N_("publishing to an object store"), ("boto3",)),
    "hosts": (N_("holding the episodes at SoundCloud or Funkwhale too"),
              ("authlib", "keyring", "requests_toolbelt")),
}  # fmt: skip
"""What can be installed beside feedtool: what for, and the modules it brings."""


def examine(root: Path | None, environment: Mapping[str, str], now: datetime) -> Iterator[Check]:
    """Everything, one after the other; without a catalog, what can be said of the machine."""
    yield checked(
        "versions", "ok", N_("Python {python}, feedtool {feedtool}"),
        python=platform.python_version(), feedtool=importlib.metadata.version("feedtool"),
    )  # fmt: skip
    found: list[Finding] = []
    catalog = load_catalog(root, found) if root else None
    yield _settings(root, catalog, found)
    yield _zone(catalog)
    yield _clock(root, environment, now)
    yield from _extras()
    if root is None:
        return
    yield look_at_media(root)
    yield look_at_room(root)
    yield look_at_git(root)
    yield look_at_lock(root, now)
    yield look_at_cache(root)
    for name, target in (catalog.keys.targets if catalog else {}).items():
        yield look_at_target(name, target.url, read_secrets(name, environment), environment)
    if catalog:
        yield from look_at_hosts(root, catalog.keys.hosts, environment, now)


def masked(text: str, home: Path) -> str:
    """The text as it can be sent to others: without the home folder and e-mail addresses."""
    if len(home.parts) > 1:
        text = text.replace(str(home), "~")
    return re.sub(r"[^\s@/:\"'<>]+@[^\s@/:\"'<>]+\.\w+", "***@***", text)


def _settings(root: Path | None, catalog: Catalog | None, found: list[Finding]) -> Check:
    if root is None:
        return checked(
            "settings", "missing", N_("there is no {file} here"),
            N_("go to the folder of your catalog, or start one:  feedtool init"),
            file=CATALOG_FILE,
        )  # fmt: skip
    errors = sum(has_errors([finding]) for finding in found)
    if catalog is None:
        return checked(
            "settings", "error", N_("{file} has errors: {count}"), "feedtool check",
            file=str(root / CATALOG_FILE), count=errors,
        )  # fmt: skip
    return checked("settings", "ok", N_("settings {file}"), file=str(root / CATALOG_FILE))


def _zone(catalog: Catalog | None) -> Check:
    if not available_timezones():
        return checked(
            "time zones", "error", N_("the system knows no time zones"), "pip install tzdata"
        )
    if catalog is None:
        return checked("time zones", "ok", N_("time zones are known"))
    return checked("time zones", "ok", N_("time zone {zone}"), zone=str(catalog.zone))


def _clock(root: Path | None, environment: Mapping[str, str], now: datetime) -> Check:
    """Files are not written in the future: a clock that is behind them is wrong."""
    if environment.get("SOURCE_DATE_EPOCH"):
        return checked(
            "clock", "skipped", N_("SOURCE_DATE_EPOCH says what time it is, not the clock")
        )
    files = [Path(__file__), *([root / CATALOG_FILE] if root else [])]
    newest = max(
        (datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in files if path.exists()),
        default=now,
    )
    if now + timedelta(days=1) < newest:
        return checked(
            "clock", "warning", N_("the clock says {now}, but files were written on {newest}"),
            N_("set the clock: it decides which episodes are due"),
            now=f"{now:%Y-%m-%d}", newest=f"{newest:%Y-%m-%d}",
        )  # fmt: skip
    return checked(
        "clock", "ok", N_("clock {now} UTC"), now=f"{now.astimezone(UTC):%Y-%m-%d %H:%M}"
    )


def _extras() -> Iterator[Check]:
    for extra, (purpose, modules) in EXTRAS.items():
        absent = [name for name in modules if importlib.util.find_spec(name) is None]
        if absent:
            yield checked(
                f"extra {extra}", "missing", N_("extra {extra}: {known}"),
                f'pip install "feedtool[{extra}]"', extra=extra, known=purpose,
            )  # fmt: skip
        else:
            yield checked(
                f"extra {extra}", "ok", N_("extra {extra}: {known}"), extra=extra, known=purpose
            )
