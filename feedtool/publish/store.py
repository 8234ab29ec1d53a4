"""Ask an object store: with which keys, how long, and what its refusals mean in words.

The only module that calls boto3.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)
from botocore.parsers import ResponseParserError

from ..declare import dataclass
from ..errors import AccessError, FeedtoolError, TargetError
from ..language import N_
from . import refusals
from .s3_listing import read_page

CONNECT, ANSWER = 15.0, 60.0
"""Seconds."""

_CREDENTIALS = N_("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE")
_WRONG_KEY = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"}
ABSENT_CODES = {"NoSuchKey", "NotFound", "404"}
CHANGED_CODES = {"PreconditionFailed", "ConditionalRequestConflict", "412"}
_FULL = {"InsufficientStorage", "XMinioStorageFull", "QuotaExceeded", "507"}


@dataclass(frozen=True, slots=True)
class S3Address:
    """Where the files are."""

    bucket: str
    prefix: str = ""  #: without "/" at its ends
    endpoint: str | None = None  #: None = as AWS' settings say
    region: str | None = None


class Store:
    """A part of a bucket; connected to when something is first asked of it."""

    def __init__(self, address: S3Address) -> None:
        self._address = address
        self._made: Any = None

    def close(self) -> None:
        if self._made is not None:
            self._made.close()
        self._made = None

    @property
    def client(self) -> Any:
        if self._made is None:
            self._made = boto3.session.Session().client(
                "s3",
                endpoint_url=self._address.endpoint,
                region_name=self._address.region,
                config=Config(
                    connect_timeout=CONNECT,
                    read_timeout=ANSWER,
                    retries={"mode": "standard", "total_max_attempts": 3},
                    # checksums of its own come in a form that many other stores do not know
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                    # buckets as names of hosts need a DNS that a store of one's own has not
                    s3={"addressing_style": "path" if self._address.endpoint else "auto"},
                ),
            )
            self._made.meta.events.register("before-parse.s3.ListObjectsV2", read_page)
        return self._made

    def objects(self, prefix: str) -> Iterator[dict[str, Any]]:
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self._address.bucket, Prefix=self.key(prefix)
        )
        for page in pages:
            yield from page.get("Contents", ())

    def key(self, path: str) -> str:
        return f"{self._address.prefix}/{path}" if self._address.prefix else path

    def at(self, path: str) -> dict[str, str]:
        return {"Bucket": self._address.bucket, "Key": self.key(path)}

    @contextmanager
    def told(self, path: str) -> Iterator[None]:
        """What the store, the network or boto3 refuses, in words."""
        place = self._place
        try:
            yield
        except ClientError as error:
            raise self._refusal(path, error) from error
        except (
            NoCredentialsError,
            PartialCredentialsError,
            ProfileNotFound,
            CredentialRetrievalError,
            TokenRetrievalError,
            SSOError,
        ) as error:
            raise refusals.not_let_in(place, _CREDENTIALS) from error
        except RecursionError as error:
            # a store that sends us on makes botocore ask where the bucket is, without end
            raise refusals.failed(place, "3xx") from error
        except (ConnectionError, HTTPClientError) as error:
            raise refusals.unreachable(place, error) from error
        except (BotoCoreError, ResponseParserError, ValueError) as error:
            raise TargetError(
                N_("{place} does not answer as an object store does: {reason}"),
                N_("check the endpoint in the address of the target"),
                place=place, reason=str(error).partition("\n")[0],
            ) from error  # fmt: skip

    @property
    def _place(self) -> str:
        endpoint = self._address.endpoint
        return (
            endpoint.partition("//")[2].strip("/") if endpoint else f"s3://{self._address.bucket}"
        )

    def _refusal(self, path: str, error: ClientError) -> FeedtoolError:
        code, status = code_of(error), error.response["ResponseMetadata"].get("HTTPStatusCode", 0)
        reason = error.response["Error"].get("Message") or code
        if code in CHANGED_CODES or code == "NoSuchKey":  # to be replaced, and gone
            return refusals.changed(path)
        if code in _WRONG_KEY or status == 401:
            return refusals.not_let_in(self._place, _CREDENTIALS)
        if code == "RequestTimeTooSkewed":
            return refusals.not_let_in(self._place, N_("set the clock of this machine right"))
        if status == 403:
            return AccessError(
                N_("{path}: {reason}"),
                N_("check that your key may list, read and write in the bucket {bucket}"),
                path=path or self._place, reason=reason, bucket=self._address.bucket,
            )  # fmt: skip
        if code == "NoSuchBucket" or (status == 404 and not path):
            return TargetError(
                N_("there is no bucket {bucket} at {place}"),
                N_("correct the address of the target, or make the bucket"),
                bucket=self._address.bucket, place=self._place,
            )  # fmt: skip
        if code in _FULL or status == 507:
            return refusals.full(self._place)
        return refusals.failed(self._place, f"{status} {reason}")


def code_of(error: ClientError) -> str:
    """What went wrong, as the protocol names it."""
    return str(error.response.get("Error", {}).get("Code", ""))
