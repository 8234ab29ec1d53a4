"""Copies of the catalog in this repository, to be synced with doubles of hosts."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from .catalogs import REPOSITORY, Catalog


def shipped_catalog(root: Path, hosts: str) -> Catalog:
    """A copy below `root`, its hosts as given in YAML."""
    for folder in ("episodes", "media"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    shutil.copyfile(REPOSITORY / "feedtool.lock", root / "feedtool.lock")
    text = (REPOSITORY / "feedtool.yaml").read_text("utf-8")
    without = re.sub(r"^hosts:.*\n(?:[ #].*\n|\n)*", "", text, flags=re.MULTILINE)
    (root / "feedtool.yaml").write_text(f"{without}hosts: {hosts}\n", "utf-8")
    return Catalog(root)
