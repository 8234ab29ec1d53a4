"""feedtool explain."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import click

from ..errors import NoCatalogError, UsageError
from ..finding import N_, Code, nearest_codes
from .completing import complete_codes
from .options import Settings, global_options


@click.command("explain")
@click.argument("code", required=False, shell_complete=complete_codes)
@global_options
@click.pass_obj
def command(settings: Settings, code: str | None) -> None:
    """Say what a finding means, why it matters and how to mend it.

    Without CODE, list all findings there are.

    \b
    Examples:
      feedtool explain EP020
      feedtool explain
    """
    from ..codes import every_code

    with suppress(NoCatalogError):  # only for its language
        settings.find_root()
    console = settings.console()
    known = {one.id: one for one in every_code()}
    if code is None:
        for one in known.values():
            weight = console.text(one.severity)
            console.result(f"{one.id}  {weight:8}{one.text('message', console.text)}")
        chosen = list(known.values())
    elif code.upper() in known:
        chosen = [known[code.upper()]]
        for line in _explained(chosen[0], console.text):
            console.result(line)
    else:
        near = nearest_codes(code, 0.5)
        raise UsageError(
            N_('there is no finding "{code}"'),
            N_("did you mean {near}?") if near else N_("feedtool explain  lists all"),
            code=code,
            near=", ".join(near),
        )
    console.document(ok=True, more={"codes": [_plain(one, console.text) for one in chosen]})


def _explained(code: Code, translate: Callable[..., str]) -> list[str]:
    raised = ", ".join(f"{name}: {translate(severity)}" for name, severity in code.profiles.items())
    why, mend = translate(N_("why")), translate(N_("mend"))
    width = max(len(why), len(mend))
    lines = [
        f"{code.id}  {translate(code.severity)}" + (f"  ({raised})" if raised else ""),
        "",
        f"  {code.text('message', translate)}",
        "",
        f"  {why:{width}}  {code.text('why', translate)}",
        f"  {mend:{width}}  {code.text('mend', translate)}",
    ]
    return [*lines, "", f"  {', '.join(code.spec)}"] if code.spec else lines


def _plain(code: Code, translate: Callable[..., str]) -> dict[str, object]:
    return {
        "code": code.id,
        "severity": code.severity,
        "profiles": dict(code.profiles),
        "message": code.text("message", translate),
        "why": code.text("why", translate),
        "mend": code.text("mend", translate),
        "spec": list(code.spec),
    }
