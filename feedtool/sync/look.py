"""What a host has, asked once for a run."""

from __future__ import annotations

from .host import Held, Host
from .record import HostLock


def look(host: Host, lock: HostLock) -> list[Held]:
    """Every item, those included that a list left out: it may shift while it is read by pages."""
    held = {one.remote: one for one in host.items()}
    for record in lock.records.values():
        if record.remote not in held and (one := host.get(record.remote)) is not None:
            held[one.remote] = one
    return list(held.values())
