"""Rules about dates."""

from __future__ import annotations
