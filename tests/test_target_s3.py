"""An object store: one that keeps conditions (moto's), and a careless one (rclone's)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from feedtool.errors import AccessError, ChangedError, FeedtoolError, TargetError
from feedtool.publish.target import ABSENT, Artifact, Remote

from .delivery_contract import *  # noqa: F403
from .servers import answering, free_port, library, rclone, running
from .target_contract import *  # noqa: F403
from .target_contract import Make, Place

library("boto3", 'pip install "feedtool[s3]"')

from feedtool.publish import s3  # noqa: E402
from feedtool.publish.s3 import S3  # noqa: E402
from feedtool.publish.store import S3Address  # noqa: E402

PART = 5 << 20  # the smallest that stores take


@dataclass
class Bucket:
    """An empty bucket at some server."""

    address: S3Address
    client: Any
    strict: bool = True  #: does it keep conditions?

    def open(self) -> S3:
        return S3(self.address)

    def names(self) -> list[str]:
        found = self.client.list_objects_v2(Bucket=self.address.bucket)
        return [one["Key"] for one in found.get("Contents", ())]

    def head(self, path: str) -> dict[str, Any]:
        key = f"{self.address.prefix}/{path}".lstrip("/")
        found: dict[str, Any] = self.client.head_object(Bucket=self.address.bucket, Key=key)
        return found


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the user who runs the tests."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    server = library("moto.server", "pip install moto[s3]")
    thread = server.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    thread.start()
    host, port = thread.get_host_and_port()
    yield f"http://{host}:{port}"
    thread.stop()


@pytest.fixture(scope="module")
def careless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    here = tmp_path_factory.mktemp("rclone")
    (here / "buckets").mkdir()
    port = free_port()
    command = [
        rclone(), "serve", "s3", here / "buckets", "--addr", f"127.0.0.1:{port}",
        "--auth-key", "key,secret", "--config", here / "none",
    ]  # fmt: skip
    with running(command, port, here / "log"):
        yield f"http://127.0.0.1:{port}"


def bucket_at(endpoint: str, name: str, prefix: str = "") -> Bucket:
    import boto3

    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    client.create_bucket(Bucket=name)
    return Bucket(S3Address(name, prefix, endpoint), client)


NUMBER = iter(range(10_000))


@pytest.fixture(params=["moto", "careless"])
def bucket(request: pytest.FixtureRequest, keys: None) -> Bucket:
    endpoint = request.getfixturevalue(request.param)
    made = bucket_at(endpoint, f"podd-{next(NUMBER)}", "show/media")
    return replace(made, strict=request.param == "moto")


@pytest.fixture
def strict(moto: str, keys: None) -> Bucket:
    return bucket_at(moto, f"podd-{next(NUMBER)}")


@pytest.fixture
def place(bucket: Bucket) -> Iterator[Place]:
    target = bucket.open()
    yield Place(target, bucket.open)
    target.close()


# what a server keeps is tried


def test_conditions_are_tried_once_and_nothing_is_left(bucket: Bucket) -> None:
    target = bucket.open()
    assert target.compares is bucket.strict
    assert bucket.names() == []
    assert target.conditions is bucket.strict


def test_what_is_remembered_is_not_tried_again(careless: str, artifact: Make) -> None:
    bucket = bucket_at(careless, f"podd-{next(NUMBER)}")
    target = bucket.open()
    target.conditions = True
    assert target.compares


def test_a_changed_file_is_noticed_also_where_conditions_are_ignored(
    careless: str, artifact: Make
) -> None:
    target = bucket_at(careless, f"podd-{next(NUMBER)}").open()
    target.put("state.json", artifact(b"one"))
    with pytest.raises(ChangedError):
        target.put("state.json", artifact(b"two"), if_unchanged=ABSENT)
    assert target.read("state.json") == b"one"


def test_a_file_that_was_removed_is_no_longer_the_same(strict: Bucket, artifact: Make) -> None:
    target = strict.open()
    target.put("state.json", artifact(b"one"))
    seen = target.list()["state.json"]
    target.delete("state.json")
    with pytest.raises(ChangedError):
        target.put("state.json", artifact(b"two"), if_unchanged=seen)


def test_a_lost_answer_is_no_change_by_others(strict: Bucket, artifact: Make) -> None:
    """boto3 asks again, and the condition does not hold any more."""
    target, one = strict.open(), artifact(b"one", "feed.xml")
    target.put("feed.xml", one, if_unchanged=ABSENT)
    target.put("feed.xml", one, if_unchanged=ABSENT)
    with pytest.raises(ChangedError):
        target.put("feed.xml", artifact(b"two", "feed.xml"), if_unchanged=ABSENT)


# how objects are served


@pytest.mark.parametrize("size", [10, PART + 1], ids=["whole", "in parts"])
def test_every_object_says_what_it_is(
    size: int, bucket: Bucket, artifact: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "PART", PART)
    one = artifact(b"x" * size, "media/samtal/er.mp3")
    bucket.open().put(one.path, one)
    head = bucket.head(one.path)
    assert head["ContentType"] == "audio/mpeg"
    assert head["CacheControl"] == "public, max-age=31536000, immutable"
    assert list(head["Metadata"].values()) == [one.sha256]


def test_objects_outside_of_the_prefix_are_not_ours(strict: Bucket, artifact: Make) -> None:
    strict.open().put("other/feed.xml", artifact(b"x"))
    strict.open().put("show", artifact(b"x"))
    target = S3(replace(strict.address, prefix="show"))
    assert dict(target.list()) == {}
    target.put("feed.xml", artifact(b"x"))
    assert list(target.list()) == ["feed.xml"]
    assert strict.names() == ["other/feed.xml", "show", "show/feed.xml"]


def test_names_of_folders_are_not_files(strict: Bucket) -> None:
    strict.client.put_object(Bucket=strict.address.bucket, Key="media/", Body=b"")
    assert dict(strict.open().list()) == {}


def test_a_long_listing_comes_in_pages(strict: Bucket) -> None:
    for number in range(7):
        strict.client.put_object(Bucket=strict.address.bucket, Key=f"{number}", Body=b"")
    target = strict.open()
    target._store.client.meta.events.register(
        "provide-client-params.s3.ListObjectsV2", lambda params, **_: {**params, "MaxKeys": 3}
    )
    asked = requests_of(target)
    assert len(target.list()) == 7
    assert asked == ["ListObjectsV2"] * 3


def test_a_listing_tells_what_boto3_reads_of_it(bucket: Bucket) -> None:
    name, prefix = bucket.address.bucket, f"{bucket.address.prefix}/"
    for key in ("å b.txt", "a+b&c=d#e?f%20<g>.txt", "empty", "deep/er.mp3"):
        bucket.client.put_object(
            Bucket=name, Key=prefix + key, Body=b"" if key == "empty" else b"x"
        )
    read = bucket.client.list_objects_v2(Bucket=name, Prefix=prefix)["Contents"]
    assert bucket.open().list() == {
        one["Key"].removeprefix(prefix): Remote(one["Size"], one.get("ETag", "")) for one in read
    }
    assert len(read) == 4


@pytest.mark.parametrize("size", ["", "many"])
def test_a_listing_with_nonsense_is_told(size: str) -> None:
    page = (
        f"<ListBucketResult><Contents><Key>a</Key><Size>{size}</Size></Contents></ListBucketResult>"
    )
    with answering(200, page.encode()) as (port, _), at(port) as target:
        assert "does not answer as an object store does" in str(fault(target))


def test_a_listing_without_a_namespace_is_read() -> None:
    page = b"""<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>
        <Contents><Key>a.txt</Key><Size>7</Size><ETag>"e"</ETag></Contents></ListBucketResult>"""
    with answering(200, page) as (port, _), at(port) as target:
        assert target.list() == {"a.txt": Remote(7, '"e"')}


# large files are continued


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "PART", PART)


def requests_of(target: S3) -> list[str]:
    """The names of what is asked from now on."""
    asked: list[str] = []
    events = target._store.client.meta.events
    events.register("before-call.s3", lambda model, **_: asked.append(model.name))
    return asked


def break_off(target: S3, after: int) -> None:
    """Fail when one part more than these is to be sent."""
    left = [after]

    def count(model: Any, **_: Any) -> None:
        if model.name == "UploadPart":
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt

    target._store.client.meta.events.register("before-call.s3", count)


def large(make: Make) -> Artifact:
    data = b"".join(bytes([number]) * PART for number in range(4)) + b"end"
    return make(data, "media/lang.mp3")


@pytest.mark.usefixtures("parts")
def test_parts_that_are_there_are_not_sent_again(bucket: Bucket, artifact: Make) -> None:
    one = large(artifact)
    target = bucket.open()
    break_off(target, 2)
    with pytest.raises(KeyboardInterrupt):
        target.put(one.path, one)
    target = bucket.open()
    assert target.read(one.path) is None
    assert dict(target.list()) == {}
    asked = requests_of(target)
    target.put(one.path, one)
    assert asked.count("UploadPart") == 3
    assert digest(target.read(one.path)) == one.sha256
    assert [key.rpartition("/")[2] for key in bucket.names()] == ["lang.mp3"]


@pytest.mark.usefixtures("parts")
def test_parts_of_other_bytes_are_given_up(bucket: Bucket, artifact: Make) -> None:
    one, other = large(artifact), artifact(b"y" * (PART + 1), "media/lang.mp3")
    target = bucket.open()
    break_off(target, 2)
    with pytest.raises(KeyboardInterrupt):
        target.put(one.path, one)
    bucket.open().put(other.path, other)
    assert digest(bucket.open().read(one.path)) == other.sha256
    assert [key.rpartition("/")[2] for key in bucket.names()] == ["lang.mp3"]
    uploads = bucket.client.list_multipart_uploads(Bucket=bucket.address.bucket)
    assert uploads.get("Uploads", []) == []


@pytest.mark.usefixtures("parts")
def test_an_upload_that_the_store_gave_up_is_begun_anew(strict: Bucket, artifact: Make) -> None:
    one = large(artifact)
    target = strict.open()
    break_off(target, 2)
    with pytest.raises(KeyboardInterrupt):
        target.put(one.path, one)
    name = strict.address.bucket
    for upload in strict.client.list_multipart_uploads(Bucket=name)["Uploads"]:
        strict.client.abort_multipart_upload(
            Bucket=name, Key=upload["Key"], UploadId=upload["UploadId"]
        )
    strict.open().put(one.path, one)
    assert digest(strict.open().read(one.path)) == one.sha256


@pytest.mark.usefixtures("parts")
def test_a_large_file_that_is_there_is_not_sent_again(bucket: Bucket, artifact: Make) -> None:
    one = large(artifact)
    bucket.open().put(one.path, one)
    target = bucket.open()
    asked = requests_of(target)
    target.put(one.path, one)
    assert "UploadPart" not in asked


@pytest.mark.usefixtures("parts")
def test_a_file_that_changes_while_it_is_sent_never_appears(strict: Bucket, artifact: Make) -> None:
    one = replace(large(artifact), sha256="0" * 64)
    with pytest.raises(TargetError, match="was changed here"):
        strict.open().put(one.path, one)
    assert strict.open().read(one.path) is None


def digest(data: bytes | None) -> str:
    return hashlib.sha256(data or b"").hexdigest()


# what goes wrong


def fault(target: S3, does: Callable[[S3], object] = lambda target: target.list()) -> FeedtoolError:
    with pytest.raises(FeedtoolError) as caught:
        does(target)
    told = f"{caught.value} {caught.value.mend.format(**caught.value.params)}"
    assert "secret" not in told
    assert "\n" not in told
    return caught.value


def test_there_is_no_such_bucket(bucket: Bucket, artifact: Make) -> None:
    nowhere = S3(replace(bucket.address, bucket="nowhere"))
    for does in (
        lambda target: target.list(),
        lambda target: target.read("feed.xml"),
        lambda target: target.put("feed.xml", artifact(b"x")),
    ):
        error = fault(nowhere, does)
        assert isinstance(error, TargetError)
        assert "no bucket nowhere at 127.0.0.1" in str(error)


def test_a_wrong_key(careless: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = bucket_at(careless, f"podd-{next(NUMBER)}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "another")
    error = fault(bucket.open())
    assert isinstance(error, AccessError)
    assert "AWS_ACCESS_KEY_ID" in error.mend
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    assert isinstance(fault(bucket.open()), AccessError)


def test_no_key(strict: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    error = fault(strict.open())
    assert isinstance(error, AccessError)
    assert "AWS_ACCESS_KEY_ID" in error.mend


def test_a_profile_that_is_not_there(strict: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert isinstance(fault(strict.open()), AccessError)


@contextmanager
def at(port: int, scheme: str = "http", host: str = "127.0.0.1") -> Iterator[S3]:
    target = S3(S3Address("podd", "", f"{scheme}://{host}:{port}"))
    yield target
    target.close()


def test_nobody_answers_there() -> None:
    with at(free_port()) as target:
        error = fault(target)
    assert isinstance(error, TargetError)
    assert "refuses the connection" in str(error)


def test_a_name_that_nobody_has() -> None:
    with at(80, host="nowhere.invalid") as target:
        assert "is not found" in str(fault(target))


XML = "<Error><Code>{}</Code><Message>{}</Message></Error>"


# botocore takes a redirect to another host for one to another region, and asks without end
@pytest.mark.parametrize(
    ("status", "body", "kind", "text"),
    [
        (403, XML.format("AccessDenied", "Access Denied"), AccessError, "Access Denied"),
        (401, "", AccessError, "does not let us in"),
        (403, XML.format("RequestTimeTooSkewed", ""), AccessError, "does not let us in"),
        (500, XML.format("InternalError", "we lost it"), TargetError, "500 we lost it"),
        (503, XML.format("SlowDown", "slow down"), TargetError, "503 slow down"),
        (507, XML.format("XMinioStorageFull", "no"), TargetError, "has no room left"),
        (507, "", TargetError, "has no room left"),
        (200, "<html><p>Welcome", TargetError, "failed"),
        (404, "<html>nothing here</html>", TargetError, ""),
        (307, "", TargetError, "3xx"),
    ],
)
def test_what_a_server_refuses(
    status: int, body: str, kind: type, text: str, artifact: Make
) -> None:
    headers = {"Location": "http://127.0.0.1:9/elsewhere"} if status == 307 else {}
    with answering(status, body.encode(), headers) as (port, _), at(port) as target:
        errors = [fault(target)]
        if status != 200:
            errors.append(fault(target, lambda target: target.put("feed.xml", artifact(b"x"))))
    for error in errors:
        assert isinstance(error, kind), error
        assert text in str(error)


def test_a_probe_that_fails_says_why() -> None:
    with answering(403, XML.format("AccessDenied", "no").encode()) as (port, _), at(port) as target:
        assert isinstance(fault(target, lambda target: target.compares), AccessError)


def test_a_server_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedtool.publish.store.ANSWER", 0.2)
    with answering(0) as (port, _), at(port) as target:
        assert "does not answer in time" in str(fault(target))


def test_tls_where_there_is_none() -> None:
    with answering(200) as (port, _), at(port, "https") as target:
        assert "TLS" in str(fault(target))


def test_a_certificate_of_nobody(tmp_path: Path) -> None:
    with answering(200, tls=tmp_path) as (port, _), at(port, "https") as target:
        error = fault(target)
    assert isinstance(error, TargetError)
    assert "certificate" in str(error)
