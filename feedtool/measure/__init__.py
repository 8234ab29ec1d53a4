"""Measure media: how long, how large, of which type, and whether the file tells the truth.

The only door to mutagen and Pillow. Files are read, never written; one module per container.
"""

from .files import digest, is_placeholder
from .media import measure
from .pictures import measure_picture

__all__ = ["digest", "is_placeholder", "measure", "measure_picture"]
