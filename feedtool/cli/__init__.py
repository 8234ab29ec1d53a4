"""The command line: one command a file, each short: parse, call one function, show."""

from .main import main

__all__ = ["main"]
