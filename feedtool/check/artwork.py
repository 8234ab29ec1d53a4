"""Rules about the pictures that stand for a series or an episode."""

from __future__ import annotations
