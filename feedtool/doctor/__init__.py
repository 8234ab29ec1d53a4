"""What is installed and configured here, and what is not, for who wonders why something fails.

machine.py   everything, one after the other; the machine first
folder.py    the folder of the catalog
targets.py   what opens the places to publish to
hosts.py     who is signed in at services that hold episodes
check.py     the answer
"""

from .check import Check
from .machine import examine, masked

__all__ = ["Check", "examine", "masked"]
