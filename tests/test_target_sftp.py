"""A server over SFTP: OpenSSH's, and rclone's, which knows passwords of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from getpass import getuser
from pathlib import Path

import pytest

from feedtool.errors import AccessError, ChangedError, FeedtoolError, TargetError, UsageError
from feedtool.publish.half import half_of
from feedtool.publish.secrets import Secrets
from feedtool.publish.target import ABSENT
from feedtool.secret import Secret

from .delivery_contract import *  # noqa: F403
from .outside import program
from .servers import free_port, library, rclone, running
from .target_contract import *  # noqa: F403
from .target_contract import Make, Place

library("paramiko", 'pip install "feedtool[sftp]"')

from feedtool.publish import ssh  # noqa: E402
from feedtool.publish.sftp import Sftp  # noqa: E402
from feedtool.publish.ssh import SftpAddress  # noqa: E402


@dataclass
class Server:
    """A server with a folder, and what opens it."""

    address: SftpAddress
    secrets: Secrets
    folder: Path

    def open(self) -> Sftp:
        return Sftp(self.address, self.secrets)


def key(file: Path, passphrase: str = "") -> Path:
    keygen = program("ssh-keygen", "apt-get install openssh-client")
    made = [keygen, "-q", "-t", "ed25519", "-N", passphrase, "-C", "", "-f", str(file)]
    subprocess.run(made, check=True)
    return file


def known(file: Path, port: int, host_key: Path) -> Path:
    kind, text = host_key.with_suffix(".pub").read_text("ascii").split()[:2]
    file.write_text(f"[127.0.0.1]:{port} {kind} {text}\n", "ascii")
    return file


@contextmanager
def openssh_server(here: Path, mask: str = "0022") -> Iterator[Server]:
    """OpenSSH, for the user who runs the tests."""
    sshd = program("/usr/sbin/sshd", "apt-get install openssh-server")
    here.chmod(0o700)
    host, own = key(here / "host"), key(here / "own")
    (here / "authorized").write_bytes(own.with_suffix(".pub").read_bytes())
    port = free_port()
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # as its start script does
    settings = {
        "ListenAddress": f"127.0.0.1:{port}", "HostKey": host, "PidFile": here / "pid",
        "AuthorizedKeysFile": here / "authorized", "PermitRootLogin": "yes", "StrictModes": "no",
        "UsePAM": "no", "Subsystem": f"sftp internal-sftp -u {mask}", "MaxStartups": "100",
    }  # fmt: skip
    config = here / "config"
    config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()), "ascii")
    with running([sshd, "-D", "-e", "-f", config], port, here / "log"):
        yield Server(
            SftpAddress("127.0.0.1", "", port, getuser()),
            Secrets(
                variables="FEEDTOOL_WEBB",
                key_file=own,
                known_hosts=known(here / "known_hosts", port, host),
            ),
            here,
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with openssh_server(tmp_path_factory.mktemp("sshd")) as made:
        yield made


@contextmanager
def rclone_server(here: Path) -> Iterator[Server]:
    host, port, folder = key(here / "host"), free_port(), here / "www"
    folder.mkdir()
    command: list[object] = [
        rclone(), "serve", "sftp", folder, "--addr", f"127.0.0.1:{port}", "--key", host,
        "--user", "podd", "--pass", "rätt", "--config", here / "none",
    ]  # fmt: skip
    with running(command, port, here / "log"):
        yield Server(
            SftpAddress("127.0.0.1", "/", port, "podd"),
            Secrets(password=Secret("rätt"), known_hosts=known(here / "known_hosts", port, host)),
            folder,
        )


@pytest.fixture(params=["OpenSSH", "rclone"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """An empty folder at either server."""
    with ExitStack() as stack:
        if request.param == "rclone":
            yield stack.enter_context(rclone_server(tmp_path))
        else:
            server: Server = request.getfixturevalue("server")
            folder = tmp_path / "www"
            yield replace(
                server, address=replace(server.address, folder=str(folder)), folder=folder
            )


@pytest.fixture
def place(site: Server) -> Iterator[Place]:
    target = site.open()
    yield Place(target, site.open)
    target.close()


@pytest.fixture
def at_openssh(server: Server, tmp_path: Path) -> Server:
    folder = tmp_path / "www"
    folder.mkdir()
    return replace(server, address=replace(server.address, folder=str(folder)), folder=folder)


# a half is continued


def test_a_half_is_continued(at_openssh: Server, artifact: Make) -> None:
    one = artifact(bytes(range(256)) * 4096, "er.mp3")
    half = at_openssh.folder / half_of("er.mp3", one)
    # what is not compared is other than in the file, so that it shows that it was not sent
    half.write_bytes(b"?" * 500_000 + (bytes(range(256)) * 4096)[500_000:700_000])
    at_openssh.open().put("er.mp3", one)
    whole = (at_openssh.folder / "er.mp3").read_bytes()
    assert whole[:500_000] == b"?" * 500_000
    assert whole[500_000:] == (bytes(range(256)) * 4096)[500_000:]


def test_a_half_of_other_bytes_is_begun_anew(at_openssh: Server, artifact: Make) -> None:
    one = artifact(bytes(range(256)) * 4096, "er.mp3")
    (at_openssh.folder / half_of("er.mp3", one)).write_bytes(b"something else")
    at_openssh.open().put("er.mp3", one)
    assert (at_openssh.folder / "er.mp3").read_bytes() == bytes(range(256)) * 4096


def test_a_half_that_is_too_long_is_begun_anew(at_openssh: Server, artifact: Make) -> None:
    one = artifact(b"short", "er.mp3")
    (at_openssh.folder / half_of("er.mp3", one)).write_bytes(b"short and longer")
    at_openssh.open().put("er.mp3", one)
    assert (at_openssh.folder / "er.mp3").read_bytes() == b"short"


def test_a_half_of_the_file_before_is_removed(at_openssh: Server, artifact: Make) -> None:
    before, after = artifact(b"before", "er.mp3"), artifact(b"after", "er.mp3")
    (at_openssh.folder / half_of("er.mp3", before)).write_bytes(b"bef")
    at_openssh.open().put("er.mp3", after)
    assert [one.name for one in at_openssh.folder.iterdir()] == ["er.mp3"]


def test_a_half_of_long_ago_is_removed_and_a_recent_one_kept(
    at_openssh: Server, artifact: Make
) -> None:
    old = at_openssh.folder / half_of("gone.mp3", artifact(b"old"))
    recent = at_openssh.folder / half_of("other.mp3", artifact(b"recent"))
    old.write_bytes(b"ol")
    recent.write_bytes(b"re")
    os.utime(old, (1_600_000_000, 1_600_000_000))
    at_openssh.open().put("er.mp3", artifact(b"new"))
    assert {one.name for one in at_openssh.folder.iterdir()} == {"er.mp3", recent.name}


def test_halves_are_not_listed(at_openssh: Server, artifact: Make) -> None:
    (at_openssh.folder / half_of("er.mp3", artifact(b"x"))).write_bytes(b"")
    assert dict(at_openssh.open().list()) == {}


def test_a_file_that_grows_while_it_is_sent_is_told(at_openssh: Server, artifact: Make) -> None:
    one = artifact(b"long enough", "er.mp3")
    with pytest.raises(TargetError, match="was changed here"):
        at_openssh.open().put("er.mp3", replace(one, size=4))
    assert list(at_openssh.folder.iterdir()) == []


# what is there


def test_a_changed_file_is_noticed_where_it_can_be(at_openssh: Server, artifact: Make) -> None:
    target = at_openssh.open()
    target.put("state.json", artifact(b"one"))
    with pytest.raises(ChangedError):
        target.put("state.json", artifact(b"two"), if_unchanged=ABSENT)


def test_a_linked_folder_is_looked_into_once(
    at_openssh: Server, artifact: Make, tmp_path: Path
) -> None:
    (tmp_path / "disk").mkdir()
    (at_openssh.folder / "media").symlink_to(tmp_path / "disk")
    (tmp_path / "disk" / "again").symlink_to(tmp_path / "disk")
    (at_openssh.folder / "broken").symlink_to(tmp_path / "nothing")
    target = at_openssh.open()
    target.put("media/er.mp3", artifact(b"sound"))
    assert list(target.list()) == ["media/er.mp3"]
    assert (tmp_path / "disk" / "er.mp3").read_bytes() == b"sound"


def test_the_world_may_read_what_is_sent(at_openssh: Server, artifact: Make) -> None:
    at_openssh.open().put("feed.xml", artifact(b"<rss/>"))
    assert (at_openssh.folder / "feed.xml").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(("mask", "mode"), [("0077", 0o755), ("0002", 0o775)])
def test_the_world_may_enter_the_folders_that_are_made(
    tmp_path: Path, artifact: Make, mask: str, mode: int
) -> None:
    """And a group that publishes together may write to them."""
    with openssh_server(tmp_path, mask) as server:
        address = replace(server.address, folder=f"{tmp_path}/www")
        target = replace(server, address=address).open()
        target.put("samtal/ett/index.html", artifact(b"x"))
        target.close()
    for folder in ("www", "www/samtal", "www/samtal/ett"):
        assert (tmp_path / folder).stat().st_mode & 0o777 == mode


# what goes wrong


def fault(server: Server) -> FeedtoolError:
    with pytest.raises(FeedtoolError) as caught:
        server.open().list()
    assert "rätt" not in f"{caught.value} {caught.value.mend} {caught.value.params}"
    return caught.value


def told(error: FeedtoolError) -> str:
    return f"{error}\n{error.mend.format(**error.params)}"


def test_an_unknown_server_is_told_with_its_fingerprint(at_openssh: Server, tmp_path: Path) -> None:
    file = tmp_path / "known_hosts"
    secrets = replace(at_openssh.secrets, known_hosts=file)
    error = fault(replace(at_openssh, secrets=secrets))
    assert isinstance(error, AccessError)
    keygen = program("ssh-keygen", "apt-get install openssh-client")
    assert at_openssh.secrets.known_hosts
    listed = subprocess.check_output([keygen, "-lf", at_openssh.secrets.known_hosts], text=True)
    assert listed.split()[1] in told(error)
    # the line that it tells is the right one
    file.write_text(told(error).rpartition(f"{file}: ")[2] + "\n", "ascii")
    assert dict(replace(at_openssh, secrets=secrets).open().list()) == {}


@pytest.mark.parametrize("whose", ["home/.ssh/known_hosts", "ssh_known_hosts"])
def test_a_server_is_known_by_the_user_or_the_system_also_where_the_other_has_no_file(
    at_openssh: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(ssh, "_KNOWN_HOSTS_OF_ALL", tmp_path / "ssh_known_hosts")
    assert at_openssh.secrets.known_hosts
    (tmp_path / whose).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / whose).write_bytes(at_openssh.secrets.known_hosts.read_bytes())
    secrets = replace(at_openssh.secrets, known_hosts=None)
    assert dict(replace(at_openssh, secrets=secrets).open().list()) == {}


def test_a_server_with_another_key_is_told_with_both(at_openssh: Server, tmp_path: Path) -> None:
    file = known(tmp_path / "known_hosts", at_openssh.address.port, key(tmp_path / "other"))
    error = fault(replace(at_openssh, secrets=replace(at_openssh.secrets, known_hosts=file)))
    assert isinstance(error, AccessError)
    assert "has changed" in str(error)
    assert told(error).count("SHA256:") == 2
    assert str(file) in told(error)


def test_a_key_that_is_not_authorized(at_openssh: Server, tmp_path: Path) -> None:
    secrets = replace(at_openssh.secrets, key_file=key(tmp_path / "another"))
    error = fault(replace(at_openssh, secrets=secrets))
    assert isinstance(error, AccessError)
    assert "FEEDTOOL_WEBB_KEY_FILE" in told(error)


def test_a_key_file_with_a_passphrase(at_openssh: Server, tmp_path: Path) -> None:
    file = key(tmp_path / "locked", "rätt")
    secrets = replace(at_openssh.secrets, key_file=file)
    assert "FEEDTOOL_WEBB_PASSWORD" in told(fault(replace(at_openssh, secrets=secrets)))
    secrets = replace(secrets, password=Secret("rätt"))
    # opened, but the server does not know this key
    assert "check the user" in told(fault(replace(at_openssh, secrets=secrets)))


def test_a_key_file_that_is_not_there(at_openssh: Server, tmp_path: Path) -> None:
    secrets = replace(at_openssh.secrets, key_file=tmp_path / "nothing")
    error = fault(replace(at_openssh, secrets=secrets))
    assert isinstance(error, UsageError)
    assert str(tmp_path / "nothing") in str(error)


def test_a_file_that_is_no_key(at_openssh: Server, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no key", "ascii")
    secrets = replace(at_openssh.secrets, key_file=tmp_path / "text")
    assert fault(replace(at_openssh, secrets=secrets)).exit_code in {2, 4}


@pytest.mark.parametrize("password", ["fel", ""])
def test_a_wrong_password(password: str, tmp_path: Path) -> None:
    with rclone_server(tmp_path) as server:
        wrong = replace(server, secrets=replace(server.secrets, password=Secret(password)))
        if not password:  # and no key of the user who runs the tests
            wrong.secrets = replace(wrong.secrets, key_file=key(tmp_path / "another"))
        error = fault(wrong)
    assert isinstance(error, AccessError)
    assert error.exit_code == 4


def test_a_password_is_tried_once_at_openssh(at_openssh: Server) -> None:
    secrets = replace(at_openssh.secrets, key_file=None, password=Secret("rätt"))
    assert isinstance(fault(replace(at_openssh, secrets=secrets)), AccessError)


def test_the_server_goes_away(tmp_path: Path, artifact: Make) -> None:
    with rclone_server(tmp_path) as server:
        target = server.open()
        target.put("feed.xml", artifact(b"old"))
    with pytest.raises(TargetError) as caught:
        target.put("feed.xml", artifact(b"new"))
    assert "run the same command again" in caught.value.mend
    assert (server.folder / "feed.xml").read_bytes() == b"old"
    target.close()


def test_after_a_broken_connection_there_is_another(at_openssh: Server, artifact: Make) -> None:
    target = at_openssh.open()
    target.put("feed.xml", artifact(b"old"))
    assert target._connection._client
    transport = target._connection._client.get_transport()
    assert transport
    transport.close()
    with pytest.raises(TargetError):
        target.put("feed.xml", artifact(b"new"))
    target.put("feed.xml", artifact(b"new"))
    assert target.read("feed.xml") == b"new"


def test_nobody_answers_there(at_openssh: Server) -> None:
    error = fault(replace(at_openssh, address=replace(at_openssh.address, port=free_port())))
    assert isinstance(error, TargetError)
    assert "refuses the connection" in str(error)


def test_a_name_that_nobody_has(at_openssh: Server) -> None:
    address = replace(at_openssh.address, host="nowhere.invalid")
    assert "is not found" in str(fault(replace(at_openssh, address=address)))


def test_something_else_answers_there(at_openssh: Server, tmp_path: Path) -> None:
    port = free_port()
    command: list[object] = [rclone(), "serve", "webdav", tmp_path, "--addr", f"127.0.0.1:{port}"]
    with running(command, port, tmp_path / "log"):
        error = fault(replace(at_openssh, address=replace(at_openssh.address, port=port)))
    assert isinstance(error, TargetError)


def test_a_folder_in_a_folder_that_is_not_there(at_openssh: Server, artifact: Make) -> None:
    address = replace(at_openssh.address, folder=f"{at_openssh.folder}/nothing/here")
    with pytest.raises(TargetError, match=f"no folder {at_openssh.folder}/nothing at"):
        replace(at_openssh, address=address).open().put("feed.xml", artifact(b"x"))


def test_a_file_where_a_folder_should_be(at_openssh: Server, artifact: Make) -> None:
    target = at_openssh.open()
    target.put("samtal", artifact(b"x"))
    with pytest.raises(FeedtoolError):
        target.put("samtal/feed.xml", artifact(b"x"))


def test_a_full_disk(at_openssh: Server, artifact: Make) -> None:
    # the device that is always full; writing to it fails as on a disk without room
    one = artifact(b"x" * 100_000, "er.mp3")
    (at_openssh.folder / half_of("er.mp3", one)).symlink_to("/dev/full")
    with pytest.raises(TargetError, match="could not store") as caught:
        at_openssh.open().put("er.mp3", one)
    assert "full" in caught.value.mend
    assert not (at_openssh.folder / "er.mp3").exists()
