"""The floor under any build: read every input, write as many bytes to as many files.

    python bench/floor.py CATALOG OUTPUT < SIZES

SIZES is a JSON list: the size of every file that was built.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator


def files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from files(entry.path)
            else:
                yield entry.path


def main() -> None:
    root, output = sys.argv[1:]
    for folder in ("episodes", "media"):
        for path in files(os.path.join(root, folder)):
            with open(path, "rb", buffering=0) as file:
                file.read()
    os.mkdir(output)
    for number, size in enumerate(json.load(sys.stdin)):
        with open(os.path.join(output, str(number)), "wb", buffering=0) as file:
            file.write(b"x" * size)


if __name__ == "__main__":
    main()
