"""Texts that open something: they do not show themselves when what they are in is printed."""

from __future__ import annotations


class Secret(str):
    """A text whose `repr` is no text of its own."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"
