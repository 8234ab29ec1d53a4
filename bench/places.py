"""A place to publish to, for as long as the bench needs it: until its standard input ends.

    python -m bench.places sftp|s3 FOLDER HERE

Shows the files of FOLDER: OpenSSH's server those themselves, moto's store copies of them. HERE is
for keys. Tells in one line of JSON the address and the environment that opens it. A process of its
own, so that its memory is not that of the runs.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path


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


if __name__ == "__main__":
    kind, folder, here = sys.argv[1:]
    {"sftp": sftp, "s3": s3}[kind](Path(folder), Path(here))
