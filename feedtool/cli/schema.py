"""feedtool schema."""

from __future__ import annotations

import json

import click

from .options import Settings, global_options

KINDS = ("feedtool.yaml", "series.yaml", "episode")


@click.command("schema")
@click.argument("kind", required=False, type=click.Choice(KINDS))
@global_options
@click.pass_obj
def command(settings: Settings, kind: str | None) -> None:
    """Print the JSON Schema of a kind of file, so that an editor completes and checks its keys.

    Without KIND, all three in one document, by kind.

    \b
    Examples:
      feedtool schema episode > episode.schema.json
      feedtool schema
    """
    from ..read.schema import json_schema

    console = settings.console()
    schemas = {name: json_schema(name) for name in ([kind] if kind else KINDS)}
    shown = schemas[kind] if kind else schemas
    console.result(json.dumps(shown, ensure_ascii=False, indent=2))
    console.document(ok=True, more={"schemas": schemas})
