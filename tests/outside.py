"""Programs that some tests need besides Python, and how to get them.

Where one is missing its tests are skipped, and say how to get it; with FEEDTOOL_TEST_ALL=1, as in
CI, that is a failure.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

NODE = Path(__file__).parent / "node"
PACKAGES = NODE / "node_modules"


def missing(what: str, how: str) -> NoReturn:
    """Skip a test, or fail where everything must be there."""
    told = f"{what} is not here: {how}"
    if os.environ.get("FEEDTOOL_TEST_ALL") == "1":
        pytest.fail(told)
    pytest.skip(told)


def program(name: str, how: str, setting: str = "") -> str:
    """The path of a program, from the environment variable `setting` or from PATH."""
    path = (os.environ.get(setting) if setting else None) or shutil.which(name)
    return path or missing(name, how)


def chromium() -> str:
    """A browser. Nothing is downloaded: it is the system's own."""
    return program(
        "chromium", "apt-get install chromium, or name it in FEEDTOOL_CHROMIUM", "FEEDTOOL_CHROMIUM"
    )


def node_package(path: str) -> Path:
    """A file of a package that tests/node/package.json lists."""
    found = PACKAGES / path
    return found if found.exists() else missing(path, "make outside")
