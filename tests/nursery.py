"""Processes of feedtool that are there at once: forked from one that has imported everything.

A test that kills hundreds of them would else spend its time on imports.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from .catalogs import REPOSITORY, Run


class Nursery:
    """Where they come from."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(
        self,
        folder: Path,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        born: Callable[[int], None] = lambda process: None,
    ) -> Run:
        """`feedtool ARGUMENTS` in a folder; `born` is told the number of its process.

        Pauses end at once.
        """
        asked = {"folder": str(folder), "arguments": arguments, "env": dict(env or {})}
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(asked) + "\n")
        stdin.flush()
        born(int(stdout.readline()))
        stdin.write("go\n")
        stdin.flush()
        code, out, err = json.loads(stdout.readline())
        return Run(code, out, err)


@contextmanager
def nursery() -> Iterator[Nursery]:
    """Ends when the test does."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.nursery"],
        cwd=REPOSITORY, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "FEEDTOOL_LANG": "en"},
    ) as process:  # fmt: skip
        try:
            yield Nursery(process)
        finally:
            process.kill()


def _serve() -> None:
    for line in iter(sys.stdin.readline, ""):
        asked = json.loads(line)
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            child = os.fork()
            if not child:
                _live(asked, out.fileno(), err.fileno())
            print(child, flush=True)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            told = []
            for stream in (out, err):
                stream.seek(0)
                told.append(stream.read())
        print(json.dumps([code, *told]), flush=True)


def _live(asked: Mapping[str, object], out: int, err: int) -> None:
    sys.stdin.readline()  # "go": its number is known
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.environ.update(asked["env"])  # type: ignore[call-overload]
    os.chdir(str(asked["folder"]))
    sys.argv = ["feedtool", *asked["arguments"]]  # type: ignore[misc]
    code = 1
    try:
        import time

        time.sleep = lambda seconds: None
        from feedtool.cli import main

        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _import() -> None:
    import feedtool.build
    import feedtool.cli.host_of
    import feedtool.cli.login
    import feedtool.cli.sync
    import feedtool.cli.told_sync
    import feedtool.login.bearer
    import feedtool.mirror
    import feedtool.sync.soundcloud
    import feedtool.syncing
    import feedtool.touched  # noqa: F401


if __name__ == "__main__":
    _import()
    _serve()
