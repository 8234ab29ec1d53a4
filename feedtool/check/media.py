"""Rules about what was found in a recording."""

from __future__ import annotations
