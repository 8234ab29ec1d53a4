"""The output folder: everything is made in a folder of its own first, then moved in, feeds last.

The only place that writes to public/. Killed at any point, every file there is whole and every
feed names only what is there: side files and media come before the feeds that name them; what is
no longer named goes after, feeds before what they name.

What changes under its old name (chapters, or a recording whose new bytes somebody allowed) is new
a moment before the feed that describes it. That is the better order: who reads the new feed never
gets the old file.
"""

from .folder import Output, Staged, Written
from .media import Copies, Origin
from .ours import MARKER, STAGING

__all__ = ["MARKER", "STAGING", "Copies", "Origin", "Output", "Staged", "Written"]
