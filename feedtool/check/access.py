"""Rules about access for everybody: text versions, captions, descriptions of pictures."""

from __future__ import annotations
