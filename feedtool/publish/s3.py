"""An object store: S3 itself, or any endpoint that speaks as it does.

An object is visible only when it is whole. Large ones go in
parts; a note beside them, which no listing tells, says which unfinished upload is of which bytes.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from hashlib import md5, sha256
from typing import Any, BinaryIO

from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from . import refusals
from .half import HALF, half_of, halves_of, is_half
from .sending import bytes_of
from .store import ABSENT_CODES, CHANGED_CODES, S3Address, Store, code_of
from .target import ABSENT, Artifact, Remote

PART = 16 << 20
"""Bytes. What is larger than this is sent in parts of this size."""
_MOST_PARTS = 10_000
_SHA256 = "feedtool-sha256"
"""In the metadata of an object: the ETag of one that came in parts is no digest of it."""
_UNKNOWN = {"NotImplemented", "InvalidRequest", "InvalidArgument", "MethodNotAllowed", "405", "501"}
"""How servers answer a request that they do not know."""


class S3:
    """`s3://bucket/prefix?endpoint=https://...`."""

    def __init__(self, address: S3Address) -> None:
        self._store = Store(address)
        self.conditions: bool | None = None
        """Does it keep conditions? What is remembered can be told; else it is tried once."""

    def list(self, prefix: str = "") -> Mapping[str, Remote]:
        with self._store.told(prefix):
            found = {
                one["Key"][len(self._store.key("")) :]: Remote(one["Size"], one.get("ETag", ""))
                for one in self._store.objects(prefix)
            }
        # some tools make empty objects with names of folders
        return {path: one for path, one in found.items() if path[-1:] != "/" and not is_half(path)}

    def read(self, path: str) -> bytes | None:
        with self._store.told(path):
            try:
                answer = self._store.client.get_object(**self._store.at(path))
            except ClientError as error:
                if code_of(error) in ABSENT_CODES:
                    return None
                raise
            with answer["Body"] as body:
                data: bytes = body.read()
            return data

    def put(self, path: str, artifact: Artifact, *, if_unchanged: Remote | None = None) -> None:
        condition = self._condition(path, if_unchanged)
        with self._store.told(path), bytes_of(artifact) as data:
            if artifact.size > PART:
                self._put_parts(path, artifact, data, condition)
            else:
                digest = b64encode(bytes.fromhex(artifact.sha256)).decode()
                try:
                    self._store.client.put_object(
                        **self._store.at(path),
                        **_headers(artifact),
                        **condition,
                        Body=data,
                        ContentLength=artifact.size,
                        ChecksumSHA256=digest,
                    )
                except ClientError as error:
                    # the answer to it was lost, and it was asked again
                    if code_of(error) not in CHANGED_CODES or not self._holds(path, artifact):
                        raise

    def delete(self, path: str) -> None:
        with self._store.told(path):
            self._store.client.delete_object(**self._store.at(path))

    @property
    def compares(self) -> bool:
        if self.conditions is None:
            with self._store.told(HALF):
                self.conditions = self._probe()
        return self.conditions

    def close(self) -> None:
        self._store.close()

    # conditions

    def _condition(self, path: str, if_unchanged: Remote | None) -> dict[str, str]:
        if if_unchanged is None:
            return {}
        if self.compares and if_unchanged == ABSENT:
            return {"IfNoneMatch": "*"}
        if self.compares and if_unchanged.tag:
            return {"IfMatch": if_unchanged.tag}
        if self.list(path).get(path, ABSENT) != if_unchanged:
            raise refusals.changed(path)
        return {}

    def _probe(self) -> bool:
        """Some servers ignore conditions, and write."""
        at = self._store.at(f"{HALF}probe")
        self._store.client.put_object(**at, Body=b"1")
        try:
            return all(
                self._refuses(at, condition)
                for condition in ({"IfNoneMatch": "*"}, {"IfMatch": f'"{"0" * 32}"'})
            )
        finally:
            self._store.client.delete_object(**at)

    def _refuses(self, at: dict[str, str], condition: dict[str, str]) -> bool:
        try:
            self._store.client.put_object(**at, **condition, Body=b"2")
        except ClientError as error:
            if code_of(error) in CHANGED_CODES:
                return True
            if code_of(error) in _UNKNOWN:
                return False
            raise
        return False

    # parts

    def _put_parts(
        self, path: str, artifact: Artifact, data: BinaryIO, condition: dict[str, str]
    ) -> None:
        if not condition and self._holds(path, artifact):
            self._forget(path)
            return
        upload, size, there = self._begun(path, artifact)
        parts: list[dict[str, Any]] = []
        sent = sha256()
        while block := data.read(size):
            number = len(parts) + 1
            sent.update(block)
            digest = md5(block, usedforsecurity=False)
            tag = f'"{digest.hexdigest()}"'
            # the ETag of one part is its MD5; where it is not, the part is sent again
            if there.get(number) != (len(block), tag.strip('"')):
                answer = self._store.client.upload_part(
                    **self._store.at(path),
                    UploadId=upload,
                    PartNumber=number,
                    Body=block,
                    ContentMD5=b64encode(digest.digest()).decode(),
                )
                tag = answer["ETag"]
            parts.append({"ETag": tag, "PartNumber": number})
        if sent.hexdigest() != artifact.sha256:
            raise refusals.shrunk(path)
        try:
            self._store.client.complete_multipart_upload(
                **self._store.at(path),
                **condition,
                UploadId=upload,
                MultipartUpload={"Parts": parts},
            )
        except ClientError as error:
            # the answer to it was lost, and it was asked again
            again = {"NoSuchUpload", *CHANGED_CODES}
            if code_of(error) not in again or not self._holds(path, artifact):
                raise
        self._store.client.delete_object(**self._store.at(half_of(path, artifact)))

    def _begun(self, path: str, artifact: Artifact) -> tuple[str, int, dict[int, tuple[int, str]]]:
        """An unfinished upload of these bytes, its size of parts, and which are there."""
        note = half_of(path, artifact)
        written = self.read(note)
        if written is not None:
            with suppress(ClientError, ResponseParserError, ValueError, LookupError):
                noted = json.loads(written)
                upload, size = str(noted["upload"]), int(noted["part"])
                return upload, size, self._parts(path, upload)
        self._forget(path)
        size = max(PART, -(-artifact.size // _MOST_PARTS))
        made = self._store.client.create_multipart_upload(
            **self._store.at(path), **_headers(artifact)
        )
        upload = made["UploadId"]
        self._store.client.put_object(
            **self._store.at(note), Body=json.dumps({"upload": upload, "part": size}).encode()
        )
        return upload, size, {}

    def _parts(self, path: str, upload: str) -> dict[int, tuple[int, str]]:
        pages = self._store.client.get_paginator("list_parts").paginate(
            **self._store.at(path), UploadId=upload
        )
        return {
            part["PartNumber"]: (part["Size"], part["ETag"].strip('"').lower())
            for page in pages
            for part in page.get("Parts", ())
        }

    def _holds(self, path: str, artifact: Artifact) -> bool:
        """Is this object there already?"""
        try:
            head = self._store.client.head_object(**self._store.at(path))
        except ClientError as error:
            if code_of(error) in ABSENT_CODES:
                return False
            raise
        # some servers give names back capitalised
        metadata = {name.lower(): text for name, text in head.get("Metadata", {}).items()}
        return bool(
            head["ContentLength"] == artifact.size and metadata.get(_SHA256) == artifact.sha256
        )

    def _forget(self, path: str) -> None:
        """End what was begun of this object and is not wanted, and its notes."""
        for one in list(self._store.objects(halves_of(path))):
            note = one["Key"][len(self._store.key("")) :]
            with suppress(ClientError, ValueError, LookupError):
                upload = json.loads(self.read(note) or b"")["upload"]
                self._store.client.abort_multipart_upload(**self._store.at(path), UploadId=upload)
            self._store.client.delete_object(**self._store.at(note))


def _headers(artifact: Artifact) -> dict[str, Any]:
    return {
        "ContentType": artifact.type,
        "CacheControl": artifact.cache_control,
        "Metadata": {_SHA256: artifact.sha256},
    }
