"""Audit a live feed, ours or not, as podcast apps read it.

`visit.py` is the way through it. What can be wrong stands in `serving.py` (how the feed is served),
`content.py` (what it says), `recordings.py`, `artwork.py` and `side_files.py`. Only `web.py` asks
servers; nothing here prints, or writes to the catalog.
"""
