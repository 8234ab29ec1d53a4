"""The specification of feedtool.

Properties are tried with the same cases each time, so that what passes once passes again; new
ones at random are those of `make fuzz`. No test asks how long something took.
"""

import os

from hypothesis import settings

settings.register_profile("feedtool", deadline=None)
settings.register_profile("same", parent=settings.get_profile("feedtool"), derandomize=True)
settings.load_profile("feedtool" if os.environ.get("FEEDTOOL_FUZZ") == "long" else "same")
