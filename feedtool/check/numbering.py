"""Rules about seasons, numbers, trailers and bonus episodes."""

from __future__ import annotations
