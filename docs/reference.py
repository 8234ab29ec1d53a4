"""Writes docs/reference/ from the declarations in the code: findings, keys, commands, answers.

`python -m docs.reference` (or `make reference`) after any change of a message, a key or an option.
Nothing in docs/reference/ is written by hand.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from feedtool import errors, release
from feedtool.adopt import document
from feedtool.cli.main import COMMANDS, feedtool
from feedtool.codes import every_code
from feedtool.finding import Code
from feedtool.podcast.table import CHANNEL, ITEM, TABLE, Attribute, Count, Need, listed_in
from feedtool.read.kinds import KINDS
from feedtool.read.schema import declared
from feedtool.sync import host
from feedtool.vocabulary import CATEGORIES, LICENSES, MEDIUMS, PROFILES, ROLES

from . import checks, profiles, requirements

FOLDER = Path(__file__).parent / "reference"

AREAS = {
    "A11Y": "Accessibility",
    "AR": "Artwork",
    "CF": "Files and values",
    "CH": "Chapters",
    "EP": "Episodes",
    "LK": "The lock",
    "ME": "Recordings",
    "SE": "Series",
    "TR": "Transcripts",
}
"""What the letters of a finding stand for."""

NEEDED = {
    ("feedtool.yaml", "title"): "yes",
    ("feedtool.yaml", "language"): "yes",
    ("episode", "date"): "unless it is a draft",
    ("episode", "guid"): "unless it is a draft",
    ("episode", "media"): "unless it is a draft",
}
"""Keys that an editor lets you leave out, but `feedtool build` does not."""

NOT_BUILT = {"hosts", "pubnotify", "targets"}
"""Keys for `publish` and `sync`, which change nothing of what is built."""

WHERE = {
    "feedtool.yaml": "`feedtool.yaml`",
    "series.yaml": "`episodes/<series>/series.yaml`",
    "episode": "`episodes/<series>/<episode>.md`",
}

ANSWERS: Mapping[str, Mapping[str, str]] = {
    "Every command": {
        "version": "1; grows when a key changes its meaning",
        "ok": "true when the exit code is 0",
        "counts": "how many findings there are: error, warning, note",
        "findings": "list; see below",
        "error": "why the command could not be carried out, else null; see below",
    },
    "A finding": {
        "code": "such as EP020",
        "severity": "error, warning or note",
        "file": "path from the folder of feedtool.yaml; empty for the catalog as a whole",
        "line": "counted from 1, or null",
        "column": "counted from 1, in characters, or null",
        "message": "what is wrong",
        "why": "what would happen",
        "mend": "what to do",
        "params": "the values that the texts name",
        "fixable": "whether a program could mend it",
    },
    "An error": {
        "code": "the kind; see exit codes",
        "message": "what happened",
        "mend": "what to do",
        "done": "what was done before it, in words; only where something might have been",
    },
    "feedtool --version": {
        "feedtool": "the version that is installed",
    },
    "feedtool init": {
        "made": "paths of the files and folders that are new",
        "changed": "paths of the files that have lines more",
    },
    "feedtool new": {
        "episodes": "list of {episode, guid, file, media, copied}: copied are the paths of what was"
        " copied into the catalog",
    },
    "feedtool build": {
        "series": "list of {slug, episodes, feeds}: how many episodes, paths of the feeds",
        "written": "paths of the files that are new or changed",
        "unchanged": "how many files stay as they are",
        "removed": "paths of the files that are removed",
    },
    "feedtool check": {
        "fixed": "with --fix: list of {code, file, line, change}: what was mended, or would be with"
        " --dry-run; line is null where it is not about one, change says what became what",
    },
    "feedtool preview": {
        "address": "of what is shown; this document is printed when the preview begins",
        "feeds": "addresses of the feeds of the series",
    },
    "feedtool publish": {
        "target": "its name under targets:, or its address",
        "files": "{new, changed, unchanged, extra}: paths that are or would be sent, how many stay"
        " as they are, paths of what is there beside",
        "elsewhere": "addresses of recordings that are announced and not sent from here",
        "sent": "paths of the files that were sent",
        "verified": "addresses that answer as they should",
        "notified": "list of {url, feed, status}: who was told of a feed, and the HTTP status",
        "subscribers": 'by series, "" for the feed of all: {new, changed, moved, redated,'
        " redownload, gone, show}: guids of the episodes that this happens to; show has the keys of"
        " series.yaml that change",
    },
    "feedtool import": {
        "series": "its folder in episodes/",
        "episodes": "paths of the new episode files",
        "media": "list of {path, bytes, sha256}: what was downloaded; with --dry-run what would be,"
        " without a sum",
        "skipped": "list of {guid, why}: episodes that were left out",
        "unchanged": "paths of the episode files that were there already",
        "report": "path of the report; not with --dry-run",
        "proof": "{compared, same, differences}: the built feed against the source; a difference is"
        " {guid, fact, source, built, why}; not with --dry-run",
    },
    "feedtool sync": {
        "host": "its name under hosts:",
        "plan": "list of {action, episode, remote, fields, why}: remote is the id there or null,"
        " fields are the names of what differs",
        "done": "the same of what was carried out, with ok; remote is the id it has now",
    },
    "feedtool status": {
        "series": "list of {slug, episodes}; an episode is {episode, title, state, date}, its state"
        " due, scheduled or draft",
        "targets": "list of {name, new, changed, gone}: as publish calls the target; episodes that"
        " are not as they were published from here",
        "hosts": "list of {name, public, hidden, waiting, unclear}: by the last sync; how many are"
        " public, which are hidden, which are due and not there, uploads with no clear end",
    },
    "feedtool a11y-report": {
        "recordings": "how many there are: {all, complete, exempt, lacking}",
        "series": "list of {slug, title, recordings, episodes}; an episode is {episode, title,"
        " date, kind, state, text, captions, translations, audio_description, exempt, lacking},"
        " its state complete, exempt or lacking",
    },
    "feedtool login": {
        "host": "its name under hosts:",
        "account": "the name of who is signed in; null after --forget",
        "kept": "where the key is: keyring or file; null after --forget",
    },
    "feedtool verify": {
        "url": "that was looked at, without a password",
        "checks": "list of {name, ok, severity, about, title, expected, got, mend, spec}: severity"
        " is that of a failed check, about the address, title that of the episode or series; the"
        " names are those of checks.md. `counts` counts the failed ones",
    },
    "feedtool explain": {
        "codes": "list of {code, severity, profiles, message, why, mend, spec}",
    },
    "feedtool schema": {
        "schemas": "JSON Schemas by kind of file",
    },
    "feedtool doctor": {
        "checks": "list of {name, status, detail, mend}; a status is ok, missing, warning, skipped"
        " or error",
    },
    "feedtool completion": {
        "shell": "bash, zsh, fish or powershell",
        "script": "what it is to carry out",
    },
}
"""The keys of the documents that `--json` prints; tests/test_docs.py compares them."""

_BEGUN = "<!-- Made by `make reference`; changes here are lost. -->\n"


def pages() -> dict[str, str]:
    """Every file of docs/reference/ with its text."""
    written = {
        "findings.md": _findings(every_code()),
        "profiles.md": profiles.page(every_code()),
        "requirements.md": requirements.page(),
        "keys.md": _keys(),
        "tags.md": _tags(),
        "commands.md": _commands(),
        "answers.md": _answers(),
        "checks.md": checks.page(),
    }
    return {name: f"{_BEGUN}\n{text.rstrip()}\n" for name, text in written.items()}


# --- findings --------------------------------------------------------------------------------


def _findings(codes: Sequence[Code]) -> str:
    parts = [
        "# Findings\n",
        "Everything that `feedtool build` can find wrong. `feedtool explain EP020` says the same on"
        " the\ncommand line. Words in braces stand for what is found.\n",
        "An **error** stops the build; a **warning** or a **note** does not. A profile that the"
        " catalog\nnames under `profiles:` can raise a finding. A code is never used again for"
        " something else.\n",
        _table(
            ("code", "", "what is wrong"),
            (
                (f"[{one.id}](#{one.id.lower()})", one.severity, _plain(one.message))
                for one in codes
            ),
        ),
    ]
    for area, members in groupby(codes, lambda one: re.sub(r"\d+$", "", one.id)):
        parts.append(f"\n## {AREAS[area]}\n")
        parts += [_finding(one) for one in members]
    used = {rule.partition("-")[0] for one in codes for rule in one.spec}
    parts.append("\n## Where the rules come from\n")
    parts.append("[Requirements](requirements.md) has each of them.\n")
    rows = (
        (f"[{letters}-](requirements.md#{letters.lower()})", requirements.SOURCES[letters])
        for letters in sorted(used)
    )
    parts.append(_table(("rules", "source"), rows))
    return "\n".join(parts)


def _finding(code: Code) -> str:
    raised = (f"{severity} under `{profile}`" for profile, severity in code.profiles.items())
    lines = [
        f"### {code.id}\n",
        f"**{_plain(code.message)}**\n",
        f"- {', '.join([str(code.severity), *raised])}",
        f"- why: {_plain(code.why)}",
        f"- mend: {_plain(code.mend)}",
    ]
    if code.spec:
        lines.append(f"- rules: {', '.join(code.spec)}")
    return "\n".join(lines) + "\n"


def _plain(template: str) -> str:
    """A template as text in Markdown."""
    text = template.replace("{{", "{").replace("}}", "}")
    text = re.sub(r"([<>*|\\])", r"\\\1", re.sub(r"\s+", " ", text))
    return text.replace("](", "]\\(")  # Markdown as an example is no link


# --- keys ------------------------------------------------------------------------------------


def _keys() -> str:
    parts = [
        "# Keys\n",
        "What may stand in the three kinds of file. An unknown key is an error, with the nearest"
        " one there\nis. `feedtool schema` prints the same for editors.\n",
        "The keys of a series may stand in `feedtool.yaml` too: there they describe the feed of the"
        " whole\ncatalog, and most of them are the defaults of every series.\n",
    ]
    objects: dict[str, Any] = {}
    for kind in KINDS:
        schema = declared(kind)
        objects |= schema.get("$defs", {})
        parts.append(f"\n## {kind}\n\n{WHERE[kind]}\n")
        parts.append(_key_table(kind, schema))
    parts.append("\n## Objects\n\nWhat stands in braces, or indented below a key.")
    for name in sorted(objects):
        parts.append(f"\n### {_object(name)}\n")
        parts.append(_key_table(name, objects[name]))
    parts.append("\n## Values\n\nWhat some keys may say, spelled like this.\n")
    shelves = (" > ".join(filter(None, one)) for one in _shelves())
    for key, words in {
        "profiles": PROFILES,
        "categories": shelves,
        "role (people)": ROLES,
        "license": LICENSES,
        "medium": MEDIUMS,
    }.items():
        parts.append(f"- **{key}**: {', '.join(f'`{word}`' for word in words)}")
    return "\n".join(parts)


def _shelves() -> Iterator[tuple[str, str]]:
    for shelf, boards in CATEGORIES.items():
        yield shelf, ""
        yield from ((shelf, board) for board in boards)


def _key_table(kind: str, schema: Mapping[str, Any]) -> str:
    required = set(schema.get("required", ()))
    rows = []
    for key, value in schema["properties"].items():
        need = "yes" if key in required else NEEDED.get((kind, key), "")
        described = _plain(value.get("description", ""))
        if kind in KINDS and key in NOT_BUILT:
            described = f"{described} Changes nothing of what is built.".strip()
        rows.append((f"`{key}`", _type(value), need, described))
    return _table(("key", "type", "needed", "meaning"), rows)


def _type(value: Mapping[str, Any]) -> str:
    """The type of a key in words."""
    choices = [one for one in value.get("enum", [value.get("const")]) if one is not None]
    if choices:
        words = (str(one).lower() if isinstance(one, bool) else one for one in choices)
        return ", ".join(f"`{word}`" for word in words)
    kinds = [*value.get("anyOf", ()), *value.get("oneOf", ())]
    if kinds and not _is_tag(value):
        words = (_type(one) for one in kinds if one.get("type") != "null")
        return " or ".join(dict.fromkeys(words))
    if _is_tag(value):
        return "[tags](tags.md)"
    if "$ref" in value:
        name = _object(value["$ref"].rpartition("/")[2])
        return f"[{name}](#{name.lower().replace(' ', '-')})"
    if value["type"] == "array":
        return f"list of {_type(value['items'])}"
    if value["type"] == "object":
        return f"{_type(value['additionalProperties'])} by id"
    return _SCALARS[value.get("format", value["type"])]


def _is_tag(value: Mapping[str, Any]) -> bool:
    """An entry of `podcast:`, one of many kinds."""
    return value.get("type") == "object" and "oneOf" in value


_SCALARS = {
    "string": "text",
    "boolean": "true or false",
    "integer": "number",
    "number": "number",
    "uri": "address",
    "email": "e-mail address",
}


def _object(name: str) -> str:
    """ "UpdateFrequencyKeys" as a heading."""
    return name.removesuffix("Keys")


# --- tags --------------------------------------------------------------------------------------

_STANDS = {
    CHANNEL: "`podcast:` of a series or of feedtool.yaml",
    ITEM: "`podcast:` of an episode",
}


def _tags() -> str:
    listed = [rule for rule in TABLE.values() if rule.listed]
    parts = [
        "# Podcasting 2.0 tags\n",
        "What may stand in the list `podcast:` of `feedtool.yaml`, of a series and of an episode."
        " An entry\nnames its tag; the rest are the attributes of the tag, `text:` and"
        " `children:`. The names are those\nof the"
        " [namespace](https://github.com/Podcastindex-org/podcast-namespace). Values that"
        " YAML could\nread as something else need no quotes.\n",
        "In `feedtool.yaml` a tag is the default of every series that does not write the same tag"
        " itself,\nunless it says here that it is not.\n",
    ]
    for rule in listed:
        parts.append(f"\n## {rule.name}\n\n{_plain(rule.about)}\n")
        if rule.instead:
            parts.append(f"Out of use: write [{rule.instead}](#{rule.instead.lower()}).\n")
        where = [
            f"{_STANDS.get(parent, f'`children:` of a [{parent}](#{parent.lower()})')}"
            f" ({_often(count)})"
            for parent, count in rule.parents.items()
            if parent not in rule.keys
        ]
        parts.append(f"- stands in: {'; '.join(where)}")
        if not rule.inherited and CHANNEL in rule.parents:
            parts.append("- in `feedtool.yaml`: of the catalog's own feed only")
        if inside := listed_in(rule.name):
            names = (f"[{one.name}](#{one.name.lower()})" for one in inside)
            parts.append(f"- children: {', '.join(names)}")
        parts.append(f"- rules: {', '.join(rule.spec)}\n")
        stated = [*rule.attributes]
        if rule.text:
            stated.append(Attribute("text", rule.text, rule.text_need, "between the tags"))
        if stated:
            parts.append(
                _table(("key", "what stands there", "needed", "meaning"), map(_row, stated))
            )
        parts.append(f"\n```yaml\n# an entry\n{rule.example}\n```")
    parts.append("\n## Tags with keys of their own\n\nThese are not written in the list.\n")
    rows = (
        (f"podcast:{rule.name}", ", ".join(f"`{key}`" for key in dict.fromkeys(rule.keys.values())))
        for rule in TABLE.values()
        if rule.keys
    )
    parts.append(_table(("tag", "key"), rows))
    return "\n".join(parts)


def _often(count: Count) -> str:
    if count.least and count.most == count.least:
        return "once"
    most = "as often as you like" if count.most is None else "at most once"
    return "once or more" if count.least and count.most is None else most


def _row(one: Attribute) -> tuple[str, ...]:
    words = ", ".join(f"`{word}`" for word in one.kind.choices) or one.kind.name
    if one.file:
        words = f"the name of a file below media/, or {words}"
    need = {Need.REQUIRED: "yes", Need.RECOMMENDED: "better", Need.OPTIONAL: ""}[one.need]
    if one.unless:
        need = f"unless `{one.unless[0]}: {one.unless[1]}`"
    return (f"`{one.name}`", words, need, one.about)


# --- commands --------------------------------------------------------------------------------


def _commands() -> str:
    context = click.Context(feedtool, info_name="feedtool")
    shared = {parameter.name for parameter in feedtool.params}
    parts = [
        "# Commands\n",
        _table(
            ("command", ""),
            ((f"[feedtool {name}](#feedtool-{name})", text) for name, text in COMMANDS.items()),
        ),
        "\n## Options of every command\n",
        "They may stand before or after the name of the command; `--version` stands alone.\n",
        _options(context, feedtool.params),
    ]
    for name in COMMANDS:
        command = feedtool.get_command(context, name)
        assert command is not None
        inside = click.Context(command, info_name=name, parent=context)
        own = [parameter for parameter in command.params if parameter.name not in shared]
        parts.append(f"\n## feedtool {name}\n\n```\n{inside.command_path} {_usage(inside)}\n```\n")
        parts.append(_help(command))
        if any(isinstance(parameter, click.Option) for parameter in own):
            parts += ["", _options(inside, own)]
    return "\n".join(parts)


def _help(command: click.Command) -> str:
    """The text of `--help`; what click must not wrap is shown as it stands."""
    text = inspect.cleandoc(command.help or "")
    return re.sub(r"\x08\n(Examples?:)\n((?:  .*(?:\n|$))+)", _verbatim, text).rstrip()


def _verbatim(match: re.Match[str]) -> str:
    return f"{match[1]}\n\n```\n{inspect.cleandoc(match[2])}\n```\n"


def _usage(context: click.Context) -> str:
    return " ".join(context.command.collect_usage_pieces(context))


def _options(context: click.Context, parameters: Iterable[click.Parameter]) -> str:
    records = (
        parameter.get_help_record(context)
        for parameter in parameters
        if isinstance(parameter, click.Option)
    )
    return _table(
        ("option", ""), ((f"`{record[0]}`", _plain(record[1])) for record in records if record)
    )


# --- answers ---------------------------------------------------------------------------------


def _answers() -> str:
    parts = [
        "# Exit codes and JSON\n",
        "## Exit codes\n",
        _table(("code", "meaning", '`"code"` of the error in JSON'), _exit_codes()),
        "\n## Where it is printed\n",
        "Results go to stdout; findings, progress and errors to stderr. With `--json` every"
        " command prints\none JSON document on stdout, also when it fails. Keys may be added; none"
        " is renamed. Paths are\nrelative to the folder of `feedtool.yaml` and have `/` on every"
        " system.",
    ]
    for title, keys in ANSWERS.items():
        parts.append(f"\n## {title}\n")
        rows = ((f"`{key}`", _plain(text)) for key, text in keys.items())
        parts.append(_table(("key", ""), rows))
    return "\n".join(parts)


def _exit_codes() -> Iterator[tuple[str, str, str]]:
    kinds = {
        kind
        for module in (errors, document, release, host)
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, errors.FeedtoolError) and "code" in vars(kind)
    }
    rows = [(0, "Done. There may be warnings and notes.", "")]
    rows += [(errors.EXIT_FINDINGS, "There are findings with errors; nothing was changed.", "")]
    for kind in kinds:
        meaning = (inspect.getdoc(kind) or "").partition("\n")[0]
        rows.append((kind.exit_code, meaning, f"`{kind.code}`"))
    rows += [(130, "Interrupted (Ctrl-C), or not agreed to when it asked. Safe to run again.", "")]
    rows += [(143, "Ended by the system (SIGTERM). Safe to run again.", "")]
    for code, meaning, name in sorted(rows):
        yield str(code), meaning, name


# --- Markdown --------------------------------------------------------------------------------


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(content: object) -> str:
    """A bar inside a cell would begin another, in code too."""
    return re.sub(r"(?<!\\)\|", r"\|", str(content))


def main() -> None:
    """Write the folder anew."""
    FOLDER.mkdir(exist_ok=True)
    written = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in written:
            path.unlink()
    for name, text in written.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"docs/reference/{name}\n")


if __name__ == "__main__":
    main()
