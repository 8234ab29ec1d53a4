"""The house: floors, doors and rooms. Imports go down, foreign libraries have one door each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "feedtool"

# From the ground up; a module imports from lower floors, or from its own folder.
FLOORS = [
    {"language", "declare", "pattern", "secret", "vocabulary"},
    {"finding", "model"},
    {"errors", "formats", "reach"},
    {"reasons", "session"},
    {"podcast", "blanked", "before"},
    {"read", "measure", "lock", "cache", "readback", "output", "console", "process_lock"},
    {"idle", "entry", "folders", "misnamed", "patched", "tagged"},
    {"media_files", "earlier", "side_by_side"},
    {"artwork", "embedding", "noted", "order", "renditions", "request", "side_files"},
    {"check", "render", "recordings", "publish", "sync", "audit"},
    {"load", "placing", "statement", "login"},
    {"judging"},
    {"prepare"},
    {"workers", "assemble", "lock_file", "kept", "remember"},
    {"published"},
    {"survey"},
    {"gather"},
    {"whole"},
    {"build", "touched", "mend"},
    {"rebuild", "codes"},
    {"recheck", "artifacts", "access_survey", "publisher"},
    {"mirror"},
    {"syncing", "release", "preview", "scaffold", "doctor"},
    {"goods", "adopt"},
    {"cli"},
    {"__main__"},
]

DOORS = {
    "authlib": {"login/oauth"},
    "boto3": {"publish/store"},
    "botocore": {"publish/s3", "publish/store"},
    "click": {"cli", "console"},
    "feedgen": {"render/rss", "render/atom", "render/podcast_ns"},
    "feedparser": {"adopt/tolerant"},
    "filelock": {"process_lock", "publisher", "syncing", "login/keep", "adopt/carry"},
    "jinja2": {"render/pages/templates"},
    "keyring": {"login/ring"},
    "markupsafe": {"render"},
    "langcodes": {"read/languages"},
    "lxml": {
        "render/podcast_ns",
        "render/opml",
        "publish/feeds",
        "publish/s3_listing",
        "publish/webdav",
        "audit/feed",
        "adopt/document",
        "adopt/atom",
        "adopt/spoken_page",
        "sync/plain_text",
    },
    "markdownify": {"adopt/notes"},
    "mutagen": {"measure", "tagged"},
    "nh3": {"read/notes"},
    "orjson": {"cache", "render/chapters", "render/jsonfeed"},
    "PIL": {"measure"},
    "paramiko": {"publish/sftp", "publish/sftp_folders", "publish/sftp_listing", "publish/ssh"},
    "platformdirs": {"login/ring"},
    "pydantic": {"read/schema"},
    "pydantic_core": {"read/schema", "read/shape", "read/unfit"},
    "pyromark": {"read/notes"},
    "requests": {
        "publish",
        "sync/api",
        "login/oauth",
        "audit/web",
        "adopt/web",
        "reach",
        "reasons",
        "session",
    },
    "requests_toolbelt": {"sync/api"},
    "rich": {"console"},
    "ruamel": {"mend/outline", "scaffold/yaml_lines"},
    "starlette": {"preview/server"},
    "slugify": {"read/values"},
    "sqlite3": {"cache"},
    "urllib3": {
        "publish/dav",
        "sync/api",
        "login/oauth",
        "audit/web",
        "adopt/web",
        "adopt/refusals",
        "reach",
        "reasons",
    },
    "uvicorn": {"preview/server"},
    "watchfiles": {"preview/watch"},
    "webvtt": {"read/cues"},
    "xml": {"readback"},
    "yaml": {"read/yaml_tree", "scaffold/yaml_lines"},
}

PURE = (
    "language",
    "model",
    "formats",
    "podcast",
    "finding",
    "vocabulary",
    "check",
    "render",
    "lock",
)
PURE_FILES = {f"sync/{name}" for name in ("decide", "host", "plan", "present", "record", "step")}
"""What decides about hosts, in a room that has doors to them."""
WORLD = {"os", "sys", "time", "socket", "subprocess", "random", "tempfile", "shutil"}

MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


def room(name: str) -> str:
    return name.split("/", maxsplit=1)[0]


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """What a module imports: our modules by name ("read/text", True), others (..., False)."""
    here = path.relative_to(PACKAGE).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.split(".")[0], False
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").split(".")[0], False
        elif isinstance(node, ast.ImportFrom):
            base = [*here[: len(here) - node.level + 1], *(node.module or "").split(".")]
            base = [part for part in base if part]
            for alias in node.names:
                found = "/".join([*base, alias.name])
                target = PACKAGE / found
                is_module = target.with_suffix(".py").exists() or target.is_dir()
                yield found if is_module else "/".join(base) or "__init__", True


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_down(path: Path) -> None:
    height = {name: floor for floor, names in enumerate(FLOORS) for name in names}
    own = room(name_of(path))
    if own == "__init__":
        return
    for target, ours in imports(path):
        if ours and room(target) not in {own, "__init__"}:
            assert height[room(target)] < height[own], f"{name_of(path)} imports {target}"


def test_no_imports_in_a_circle() -> None:
    graph = {name_of(path): {target for target, ours in imports(path) if ours} for path in MODULES}
    visited: dict[str, bool] = {}  # False while a module is on the way

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert visited.get(name, True), " -> ".join([*way, name])
        if name in visited:
            return
        visited[name] = False
        for target in graph.get(name, ()):
            if target != name:
                visit(target, (*way, name))
        visited[name] = True

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_foreign_library_is_met_at_its_door(path: Path) -> None:
    for target, ours in imports(path):
        if not ours and target in DOORS:
            doors = DOORS[target]
            assert name_of(path) in doors or room(name_of(path)) in doors, target


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if room(name_of(path)) in PURE or name_of(path) in PURE_FILES],
    ids=name_of,
)
def test_the_core_does_not_touch_the_world(path: Path) -> None:
    assert not {target for target, ours in imports(path) if not ours} & WORLD
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in {"print", "open", "input"}
            assert called not in {"datetime.now", "datetime.today", "date.today"}


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if room(name_of(path)) not in {"cli", "console"}],
    ids=name_of,
)
def test_clock_environment_and_printing_belong_to_the_command_line(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute):
            assert ast.unparse(node) not in {"os.environ", "sys.argv", "time.time", "time.time_ns"}
        if isinstance(node, ast.Call):
            assert ast.unparse(node.func) not in {"print", "datetime.now", "os.getenv"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_file_has_one_subject_and_says_so(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring, "the first lines say what it is for"
    assert len(text.splitlines()) <= 640, "too long to read in one sitting"
    assert not any(word in path.stem for word in ("util", "manager", "helper", "misc"))


def test_every_library_of_a_door_is_declared_with_its_reason() -> None:
    setup = (PACKAGE.parent / "setup.cfg").read_text(encoding="utf-8")
    listed = setup.partition("install_requires =")[2].partition("[options.packages")[0]
    lines = [line.strip() for line in listed.splitlines() if line.strip()]
    for number, line in enumerate(lines):
        if not line.startswith("#"):
            assert lines[number - 1].startswith("#"), f"{line}: why is it here?"
