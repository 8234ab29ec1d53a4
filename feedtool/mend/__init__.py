"""Mend what has exactly one right answer: `feedtool check --fix`.

source.py   a file as text that keeps its line ends, its byte order mark and everything else
outline.py  where each value stands in it
edits.py    one value changed, one line added, one entry of a list removed
fixes.py    one kind of finding = one function that mends it
broken.py   the same for lines that cannot be read yet
hyphens.py  lines of three hyphens, and those that should be
names.py    files below media/ whose name cannot be published, or is written in other letters
plan.py     all of it, in memory
write.py    a plan carried out
diff.py     a plan shown

Nothing that subscribers were promised is changed. What would be read as anything but meant is left
as it is, with its finding.
"""

from .diff import unified
from .plan import plan
from .state import Chapters, Edited, Known, Mended, Plan, Rename
from .write import carry_out

__all__ = [
    "Chapters", "Edited", "Known", "Mended", "Plan", "Rename", "carry_out", "plan", "unified",
]  # fmt: skip
