"""The time that decides what is due. The clock is read here and nowhere below."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import click

from ..errors import UsageError
from ..finding import N_

now_option = click.option(
    "--now",
    metavar="ISO",
    help="The time that decides what is due (default: SOURCE_DATE_EPOCH, else the clock).",
)


def parse_now(text: str | None) -> datetime:
    """`--now`, else SOURCE_DATE_EPOCH, else the clock; without an offset in the catalog's zone.

    Raises UsageError for a text that is no time.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        if text is not None:
            return datetime.fromisoformat(text)
        if epoch:
            return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(
            N_('{option}: "{text}" is not a time'),
            N_("write it as 2021-06-22T09:00:00+02:00 (SOURCE_DATE_EPOCH: seconds since 1970)"),
            option="--now" if text is not None else "SOURCE_DATE_EPOCH",
            text=epoch if text is None else text,
        ) from error
    return datetime.now(UTC)


def clock() -> datetime:
    """The time now, for what has to wait or to end."""
    return datetime.now(UTC)
