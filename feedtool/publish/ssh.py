"""Connect to a server over SSH: its key must be known, and it must know us.

Says in words what paramiko, the server and the network refuse.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import paramiko
from paramiko.pkey import UnknownKeyType
from paramiko.ssh_exception import NoValidConnectionsError

from ..declare import dataclass
from ..errors import AccessError, TargetError, UsageError
from ..language import N_
from . import refusals
from .secrets import Secrets

CONNECT, ANSWER = 15.0, 60.0
"""Seconds."""
_LOG = "feedtool.sftp"
logging.getLogger(_LOG).addHandler(logging.NullHandler())
logging.getLogger(_LOG).propagate = False
_KNOWN_HOSTS = Path("~/.ssh/known_hosts")
_KNOWN_HOSTS_OF_ALL = Path("/etc/ssh/ssh_known_hosts")


@dataclass(frozen=True, slots=True)
class SftpAddress:
    """Where the files are."""

    host: str
    folder: str  #: absolute, or below the home folder; "" = that one itself
    port: int = 22
    user: str | None = None  #: None = as here

    @property
    def name(self) -> str:
        """The server as known_hosts names it."""
        return self.host if self.port == 22 else f"[{self.host}]:{self.port}"


class Connection:
    """To one server; made when something is first asked of it."""

    def __init__(self, address: SftpAddress, secrets: Secrets) -> None:
        self._address = address
        self._secrets = secrets
        self._client: paramiko.SSHClient | None = None
        self._sftp: paramiko.SFTPClient | None = None

    @property
    def sftp(self) -> paramiko.SFTPClient:
        """What files are asked with, inside of `told`."""
        assert self._sftp is not None
        return self._sftp

    def close(self) -> None:
        if self._client:
            self._client.close()
        self._client = self._sftp = None

    def _connect(self) -> None:
        self._client = client = paramiko.SSHClient()
        # it would write about every failure, with a traceback, where nobody asked for it
        client.set_log_channel(_LOG)
        client.set_missing_host_key_policy(_Refuse())
        address, secrets = self._address, self._secrets
        if secrets.known_hosts is None:
            client.load_system_host_keys()
            if _KNOWN_HOSTS_OF_ALL.exists():  # most systems have none, and paramiko needs it then
                client.load_system_host_keys(str(_KNOWN_HOSTS_OF_ALL))
        elif secrets.known_hosts.exists():
            client.load_system_host_keys(str(secrets.known_hosts))
        key = self._key(secrets.key_file) if secrets.key_file else None
        client.connect(
            address.host,
            address.port,
            address.user,
            password=None if key else secrets.password or None,
            pkey=key,
            # where something is stated, other keys would only use up attempts
            allow_agent=not (key or secrets.password),
            look_for_keys=not (key or secrets.password),
            timeout=CONNECT,
            banner_timeout=CONNECT,
            auth_timeout=ANSWER,
            channel_timeout=ANSWER,
        )
        transport = client.get_transport()
        assert transport is not None
        transport.set_keepalive(30)  # somebody may be reading the plan for a while
        self._sftp = client.open_sftp()
        channel = self._sftp.get_channel()
        assert channel is not None
        channel.settimeout(ANSWER)

    def _key(self, file: Path) -> paramiko.PKey:
        variables = self._secrets.variables
        passphrase = self._secrets.password
        try:
            # declared to take a text, but it takes bytes
            return paramiko.PKey.from_path(file, passphrase.encode() or None)  # type: ignore[arg-type]
        except OSError as error:
            raise UsageError(
                N_("{path}: {reason}"), N_("check {variables}_KEY_FILE"),
                path=file, reason=error.strerror, variables=variables,
            ) from error  # fmt: skip
        except (paramiko.SSHException, UnknownKeyType, ValueError, TypeError) as error:
            # which of these it is depends on the kind of key
            raise AccessError(
                N_("{path} cannot be opened as a private key"),
                N_("check {variables}_KEY_FILE, and its passphrase in {variables}_PASSWORD"),
                path=file, variables=variables,
            ) from error  # fmt: skip

    @contextmanager
    def told(self, path: str) -> Iterator[None]:
        """What the server, the network or paramiko refuses, in words."""
        host = self._address.host
        try:
            if self._sftp is None:
                self.close()
                self._connect()
            yield
        except _UnknownHostError as error:
            raise self._unknown(error.key) from error
        except paramiko.BadHostKeyException as error:
            raise self._another(error.key, error.expected_key) from error
        except paramiko.AuthenticationException as error:
            raise refusals.not_let_in(
                host,
                N_("check the user in the address, and {variables}_KEY_FILE or _PASSWORD"),
                variables=self._secrets.variables,
            ) from error
        except NoValidConnectionsError as error:
            raise refusals.unreachable(host, next(iter(error.errors.values()))) from error
        except PermissionError as error:
            raise refusals.forbidden(path or self._address.folder, error.strerror or "") from error
        except (paramiko.SSHException, EOFError, TimeoutError, ConnectionError) as error:
            self.close()  # what is asked next may have better luck
            raise refusals.unreachable(host, error) from error
        except OSError as error:
            # SFTP has one word for everything else, "Failure": a full disk, a name it does not like
            reason = error.strerror or str(error)
            if reason == "Failure":
                raise TargetError(
                    N_("{place} could not store {path}"),
                    N_("look whether its disk or your quota is full, then run the same again"),
                    place=host, path=path,
                ) from error  # fmt: skip
            self.close()
            raise refusals.unreachable(host, error) from error

    def _unknown(self, key: paramiko.PKey) -> AccessError:
        return AccessError(
            N_("{host} is not known: its {kind} key is {fingerprint}"),
            N_(
                "compare with what the owner of the server says; if it is that, add to {file}:"
                " {line}"
            ),
            host=self._address.host,
            kind=key.get_name(),
            fingerprint=key.fingerprint,
            file=self._secrets.known_hosts or _KNOWN_HOSTS,
            line=f"{self._address.name} {key.get_name()} {key.get_base64()}",
        )

    def _another(self, key: paramiko.PKey, known: paramiko.PKey) -> AccessError:
        return AccessError(
            N_("the key of {host} has changed: it is {fingerprint}, and was {known}"),
            N_(
                "somebody may be in between. Ask the owner of the server; if the new key is right,"
                " replace the line of {name} in {file} by: {line}"
            ),
            host=self._address.host,
            fingerprint=key.fingerprint,
            known=known.fingerprint,
            name=self._address.name,
            file=self._secrets.known_hosts or _KNOWN_HOSTS,
            line=f"{self._address.name} {key.get_name()} {key.get_base64()}",
        )


class _UnknownHostError(Exception):
    def __init__(self, key: paramiko.PKey) -> None:
        super().__init__(key.fingerprint)
        self.key = key


class _Refuse(paramiko.MissingHostKeyPolicy):
    def missing_host_key(
        self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey
    ) -> None:
        raise _UnknownHostError(key)
