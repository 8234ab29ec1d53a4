"""feedtool status."""

from __future__ import annotations

import click

from ..errors import EXIT_FINDINGS
from ..finding import N_
from .clock import now_option, parse_now
from .options import Settings, global_options


@click.command("status")
@now_option
@global_options
@click.pass_obj
def command(settings: Settings, now: str | None) -> int:
    """Say which episodes are due, scheduled (and when) or drafts, and what changed since the last
    publish and sync.

    Nobody is asked: it tells what was published and synced from here.

    \b
    Examples:
      feedtool status
      feedtool status --now 2026-12-24T09:00:00+01:00
    """
    from ..formats import rfc3339
    from ..survey import survey

    console = settings.console()
    surveyed = survey(settings.find_root(), parse_now(now))
    console.speak(surveyed.language)
    findings = [finding.shown() for finding in surveyed.findings]
    ok = not any(finding.severity == "error" for finding in findings)
    console.findings(findings)
    words = {"scheduled": N_("scheduled"), "draft": N_("draft")}
    for slug, standings in surveyed.series:
        counts = {
            state: sum(one.state == state for one in standings)
            for state in ("due", "scheduled", "draft")
        }
        console.result(
            console.text(
                N_("{slug}: {due} due, {scheduled} scheduled, {draft} in draft"),
                slug=slug, **counts,
            )
        )  # fmt: skip
        for one in standings:
            if one.state in words:
                when = one.date.strftime("%Y-%m-%d %H:%M") if one.date else "-"
                console.result(f"  {when:16}  {console.text(words[one.state])}  {one.title}")
    for target in surveyed.targets:
        told = N_("{target}: {new} new, {changed} changed, {gone} gone since it was published")
        numbers = {name: len(getattr(target, name)) for name in ("new", "changed", "gone")}
        console.result(console.text(told, target=target.name, **numbers))
        marks = {"new": N_("new"), "changed": N_("changed"), "gone": N_("gone")}
        width = max(len(console.text(mark)) for mark in marks.values())
        for kind, mark in marks.items():
            for name in getattr(target, kind):
                console.result(f"  {console.text(mark):{width}}  {name}")
    for name, host in surveyed.hosts:
        told = N_("{host}: {public} public, {hidden} hidden, {waiting} not there yet")
        numbers = {"hidden": len(host.hidden), "waiting": len(host.waiting)}
        console.result(console.text(told, host=name, public=host.public, **numbers))
        if host.unclear:
            told = N_("{count} uploads had no clear end: the next sync looks what is there")
            console.result(f"  {console.text(told, count=host.unclear)}")
    console.document(
        ok=ok,
        findings=findings,
        more={
            "series": [
                {
                    "slug": slug,
                    "episodes": [
                        {
                            "episode": f"{slug}/{one.slug}",
                            "title": one.title,
                            "state": one.state,
                            "date": one.date and rfc3339(one.date),
                        }
                        for one in standings
                    ],
                }
                for slug, standings in surveyed.series
            ],
            "targets": [
                {
                    "name": target.name,
                    "new": list(target.new),
                    "changed": list(target.changed),
                    "gone": list(target.gone),
                }
                for target in surveyed.targets
            ],
            "hosts": [
                {
                    "name": name,
                    "public": host.public,
                    "hidden": list(host.hidden),
                    "waiting": list(host.waiting),
                    "unclear": host.unclear,
                }
                for name, host in surveyed.hosts
            ],
        },
    )
    return 0 if ok else EXIT_FINDINGS
