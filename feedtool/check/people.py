"""Rules about the people who take part."""

from __future__ import annotations
