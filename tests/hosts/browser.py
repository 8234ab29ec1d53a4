"""A browser for tests: it says yes to everything, and keeps the page that it sees in the end.

BROWSER="python -m tests.hosts.browser FILE %s"
"""

from __future__ import annotations

import sys
from pathlib import Path

import requests


def main(file: str, url: str) -> None:
    sys.stdout.write("Opening in existing browser session.\n")  # as Chrome does
    answer = requests.get(url, timeout=20)
    Path(file).write_text(f"{answer.status_code} {answer.url}\n{answer.text}", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
