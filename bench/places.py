"""A place to publish to, for as long as the bench needs it: until its standard input ends.

    python -m bench.places sftp|s3|soundcloud FOLDER HERE

Shows the files of FOLDER: OpenSSH's server those themselves, moto's store copies of them; the
double of SoundCloud has the episodes of the catalog in FOLDER. HERE is for keys. Tells in one line
of JSON the address and the environment that opens it. A process of its own, so that its memory is
not that of the runs.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from feedtool.sync.host import key_of


def tell(url: str, environment: dict[str, str]) -> None:
    print(json.dumps({"url": url, "environment": environment}), flush=True)
    sys.stdin.read()


def sftp(folder: Path, here: Path) -> None:
    from tests.test_target_sftp import openssh_server

    with openssh_server(here) as server:
        address, secrets = server.address, server.secrets
        tell(
            f"sftp://{address.user}@{address.host}:{address.port}{folder}",
            {
                "FEEDTOOL_TARGET_KEY_FILE": str(secrets.key_file),
                "FEEDTOOL_TARGET_KNOWN_HOSTS": str(secrets.known_hosts),
            },
        )


def s3(folder: Path, here: Path) -> None:
    from moto.s3.models import s3_backends
    from moto.server import ThreadedMotoServer

    from tests.sites import AWS

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    store = s3_backends["123456789012"]["aws"]
    store.create_bucket("bench", "us-east-1")
    for path in folder.rglob("*"):
        if path.is_file():
            # not over HTTP, which would take minutes
            store.put_object("bench", path.relative_to(folder).as_posix(), path.read_bytes())
    tell(f"s3://bench?endpoint=http://{host}:{port}", AWS)
    server.stop()


HOSTS = ("bench", *(f"bench-{number}" for number in range(1, 10)))
"""Names of the same host: of the first a sync knows how everything was, of the others nothing."""


def soundcloud(root: Path, here: Path) -> None:
    """Everything that is due there, as if feedtool had brought it; FOLDER is a catalog."""
    from feedtool.load import load_catalog
    from feedtool.mirror import mirror_of
    from feedtool.order import Order
    from feedtool.rebuild import rebuild
    from feedtool.sync.api import Api
    from feedtool.sync.record import HostLock, Record, host_lock_lines, marks
    from feedtool.sync.soundcloud import SoundCloud
    from tests.hosts.soundcloud_double import SoundCloudDouble

    double = SoundCloudDouble(here / "soundcloud")
    settings = root / "feedtool.yaml"
    before = settings.read_bytes()
    with double.serving():
        names = "".join(f"  {one}: {{kind: soundcloud, url: '{double.url}'}}\n" for one in HOSTS)
        settings.write_bytes(before + f"hosts:\n{names}".encode())
        order = Order(root=root, now=datetime.now(UTC), defers_lock=True)
        outcome = rebuild(order, lambda done, total: None)
        catalog = load_catalog(root, [])
        assert catalog is not None
        host = SoundCloud(Api(double.url, _Bearer(double.grant().access), "bench", time.sleep))
        counts = {slug: count for slug, count, _ in outcome.series}
        with mirror_of(order, catalog, host, "bench", counts) as mirror:
            wishes = list(mirror.wishes())
            for wish in wishes:
                _put(double, wish)
        there = {one.marker.key: one for one in host.items() if one.marker}
        lock = HostLock(url=double.url, account=host.account().id)
        for wish in wishes:
            held = there[key_of(wish.guid)]
            lock.records[wish.guid] = Record(
                guid=wish.guid, episode=wish.name, remote=held.remote, media=wish.media,
                bytes=wish.bytes, sha256="0" * 64, public=True, sent=dict(wish.marks),
                seen=marks(held.fields), at="2026-01-01T00:00:00.000000+00:00",
            )  # fmt: skip
        locks = [root / f"{name}.lock" for name in HOSTS]
        for path in locks:
            path.write_text("".join(host_lock_lines(lock)), "utf-8")
        token = double.grant().access
        tokens = {f"FEEDTOOL_{name.upper().replace('-', '_')}_TOKEN": token for name in HOSTS}
        tell(double.url, tokens)
        settings.write_bytes(before)
        for path in locks:
            path.unlink()


def _put(double: Any, wish: Any) -> None:
    said = dict(wish.wanted().fields)
    tags = (*said.pop("tags"), f"feedtool:ep={key_of(wish.guid)}")
    for name in ("artwork", "permalink"):
        said.pop(name, None)
    tag_list = " ".join(f'"{tag}"' for tag in tags)
    track = double.make(**said, tag_list=tag_list, sharing="public")
    track.milliseconds = int(wish.duration.total_seconds() * 1000)


class _Bearer:
    def __init__(self, token: str) -> None:
        self._token = token

    def header(self) -> str:
        return f"OAuth {self._token}"

    def renew(self) -> bool:
        return False


if __name__ == "__main__":
    kind, folder, here = sys.argv[1:]
    {"sftp": sftp, "s3": s3, "soundcloud": soundcloud}[kind](Path(folder), Path(here))
