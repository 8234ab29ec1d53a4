"""Rules about titles, summaries, notes and descriptions."""

from __future__ import annotations
