"""Files in S3: any object storage that speaks its protocol (MinIO, Ceph, the public clouds).

Why our own: the adapter CKAN's library brings stops listing at 1,000 files, reads a file to learn
whether it is there, asks the network before a portal can start and serves no part of a file.
Every download passes through the portal, never by a signed address: what is withdrawn or
restricted is closed at once, not when an address runs out.
"""
from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import hashlib
import importlib.util
import io
import logging
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import flask
from ckan.config.declaration import Declaration, Key
from ckan.lib import files
from werkzeug.wsgi import FileWrapper

from ckanext.satudata.files.listing import Stored
from ckanext.satudata.files.s3_errors import translated
from ckanext.satudata.files.s3_stream import ObjectStream

__all__ = ["S3Storage"]

log = logging.getLogger(__name__)

#: Bytes sent at once and held in memory; a file above goes in parts of this size.
PART = 16 * 1024 * 1024
#: S3 takes at most 10,000 parts.
MOST_PARTS = 9_000
#: Files a listing brings at once; S3 gives no more.
PAGE = 1_000
#: S3 copies no more than 5 GB at once.
COPY_AT_ONCE = 5 * 1000**3


@dataclasses.dataclass()
class Settings(files.Settings):
    """What the portal's ini says of a bucket.

    ``path`` is a prefix within the bucket. Without ``key`` and ``secret`` the customary places
    are looked at (``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY``, the machine's role).
    """

    bucket: str = ""
    endpoint: str = ""
    region: str = ""
    key: str = ""
    secret: str = ""
    addressing: str = "auto"

    _required_options = ["bucket"]

    def __post_init__(self, **kwargs: Any) -> None:
        super().__post_init__(**kwargs)
        if importlib.util.find_spec("boto3") is None:
            raise files.exc.InvalidStorageConfigurationError(
                self.name, "package boto3 is missing. Run: pip install 'ckanext-satudata[s3]'")
        self.path = self.path.strip("/")
        self._clients: dict[int, Any] = {}
        self._making = threading.Lock()

    def client(self) -> Any:
        """Return the client of this process; made late, so that a portal starts without S3.

        One per process: a forked child that used its parent's connections would mix answers.
        """
        process = os.getpid()
        with self._making:
            if process not in self._clients:
                self._clients = {process: self._make()}
            return self._clients[process]

    def _make(self) -> Any:
        import boto3
        from botocore.config import Config

        return boto3.session.Session().client(
            "s3", endpoint_url=self.endpoint or None, region_name=self.region or None,
            aws_access_key_id=self.key or None, aws_secret_access_key=self.secret or None,
            config=Config(
                connect_timeout=5, read_timeout=60,
                retries={"total_max_attempts": 3, "mode": "standard"},
                s3={"addressing_style": self.addressing},
                # Newer checksums in the request are refused by many servers that are not AWS.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ))


class Service:
    """What the services of the storage share."""

    storage: Any

    @contextmanager
    def ask(self, location: str = "") -> Iterator[tuple[Any, dict[str, str]]]:
        """Give the client and the address of a file; its errors become ours.

        :raises MissingFileError: nothing lies there
        :raises StorageTroubleError: in words
        """
        settings = self.storage.settings
        with translated(self.storage, location):
            address = {"Bucket": settings.bucket}
            if location:
                address["Key"] = self.storage.full_path(files.Location(location))
            yield settings.client(), address


class Reader(Service, files.Reader):
    """Reads whole files and parts of them."""

    capabilities = files.Capability.STREAM | files.Capability.RANGE

    def stream(self, data: files.FileData, extras: dict[str, Any]) -> Any:
        """Return a seekable file object; one request is sent, and one more after each jump."""
        with self.ask(data.location) as (client, address):
            head = client.head_object(**address)
        raw = ObjectStream(self, data.location, head["ContentLength"], head["ETag"])
        return io.BufferedReader(raw, 256 * 1024)

    def range(self, data: files.FileData, start: int, end: int | None,
              extras: dict[str, Any]) -> Iterator[bytes]:
        """Yield the bytes from ``start`` up to, not with, ``end``."""
        with self.stream(data, extras) as stream:
            stream.seek(start)
            left = None if end is None else max(0, end - start)
            while left is None or left:
                piece = stream.read(65536 if left is None else min(left, 65536))
                if not piece:
                    return
                left = None if left is None else left - len(piece)
                yield piece

    def response(self, data: files.FileData, extras: dict[str, Any]) -> flask.Response:
        """Return the file, the part of it that is asked for, or that it has not changed."""
        with self.ask(data.location) as (client, address):
            head = client.head_object(**address)
        raw = ObjectStream(self, data.location, head["ContentLength"], head["ETag"])
        answer = flask.Response(
            FileWrapper(raw, 256 * 1024), direct_passthrough=True,
            mimetype=data.content_type or "application/octet-stream")
        answer.call_on_close(raw.close)
        answer.content_length = head["ContentLength"]
        answer.last_modified = head["LastModified"]
        answer.set_etag(head["ETag"].strip('"'))
        answer.cache_control.no_cache = True  # as CKAN's own: asked for anew each time
        return answer.make_conditional(
            flask.request, accept_ranges=True, complete_length=head["ContentLength"])


class Uploader(Service, files.Uploader):
    """Writes a file whole or not at all: S3 shows nothing before the last byte is there."""

    capabilities = files.Capability.CREATE

    def upload(self, location: files.Location, upload: files.Upload,
               extras: dict[str, Any]) -> files.FileData:
        """Send a file; above 16 MB in parts, so that memory stays small whatever its size.

        :raises UploadSizeMismatchError: the stream ended early; nothing is stored then
        """
        if not self.storage.settings.overwrite_existing and self.storage.exists(
                files.FileData(location)):
            raise files.exc.ExistingFileError(self.storage, location)
        with self.ask(location) as (client, address):
            about = {**address, "ContentType": upload.content_type}
            if upload.size <= PART:
                content = upload.stream.read()
                _whole(len(content), upload.size)
                client.put_object(**about, Body=content, ContentMD5=_md5(content))
            else:
                self._in_parts(client, address, about, upload)
        return files.FileData(location, size=upload.size, content_type=upload.content_type)

    @staticmethod
    def _in_parts(client: Any, address: dict[str, str], about: dict[str, str],
                  upload: files.Upload) -> None:
        size = max(PART, -(-upload.size // MOST_PARTS))
        ticket = {**address,
                  "UploadId": client.create_multipart_upload(**about)["UploadId"]}
        try:
            parts, sent = [], 0
            while content := _read(upload.stream, size):
                number = len(parts) + 1
                answer = client.upload_part(
                    **ticket, PartNumber=number, Body=content, ContentMD5=_md5(content))
                parts.append({"PartNumber": number, "ETag": answer["ETag"]})
                sent += len(content)
            _whole(sent, upload.size)
            client.complete_multipart_upload(**ticket, MultipartUpload={"Parts": parts})
        except BaseException:
            with suppress(Exception):  # the reason it broke off counts; gc ends what is left
                client.abort_multipart_upload(**ticket)
            raise


class Manager(Service, files.Manager):
    """Finds, copies and removes files."""

    capabilities = (
        files.Capability.REMOVE | files.Capability.EXISTS | files.Capability.SCAN
        | files.Capability.ANALYZE | files.Capability.COPY | files.Capability.MOVE)

    def exists(self, data: files.FileData, extras: dict[str, Any]) -> bool:
        """Tell whether a file is there."""
        try:
            self._head(data.location)
        except files.exc.MissingFileError:
            return False
        return True

    def size(self, location: files.Location, extras: dict[str, Any]) -> int:
        """Return how many bytes a file has."""
        return int(self._head(location)["ContentLength"])

    def content_type(self, location: files.Location, extras: dict[str, Any]) -> str:
        """Return the type a file was stored with."""
        return str(self._head(location).get("ContentType", ""))

    def analyze(self, location: files.Location, extras: dict[str, Any]) -> files.FileData:
        """Return what S3 knows of a file; its ETag is no hash of the content in every case."""
        head = self._head(location)
        return files.FileData(location, size=int(head["ContentLength"]),
                              content_type=str(head.get("ContentType", "")))

    def remove(self, data: files.FileData, extras: dict[str, Any]) -> bool:
        """Remove a file; tell whether it was there."""
        found = self.exists(data, extras)
        with self.ask(data.location) as (client, address):
            client.delete_object(**address)
        return found

    def copy(self, location: files.Location, data: files.FileData,
             extras: dict[str, Any]) -> files.FileData:
        """Copy within the bucket; the bytes do not pass through the portal."""
        size = self.size(data.location, extras)
        with self.ask(data.location) as (client, source):
            target = {**source, "Key": self.storage.full_path(location)}
            if size <= COPY_AT_ONCE:
                client.copy_object(**target, CopySource=source)
            else:
                client.copy(source, target["Bucket"], target["Key"])
        return files.FileData.from_object(data, location=location)

    def move(self, location: files.Location, data: files.FileData,
             extras: dict[str, Any]) -> files.FileData:
        """Copy, then remove: a crash between leaves both, never none."""
        if location == data.location:
            return data
        moved = self.copy(location, data, extras)
        self.remove(data, extras)
        return moved

    def scan(self, extras: dict[str, Any]) -> Iterable[str]:
        """Yield where every file lies, however many there are."""
        for each in self.storage.listing():
            yield each.location

    def _head(self, location: str) -> dict[str, Any]:
        with self.ask(location) as (client, address):
            return client.head_object(**address)


class S3Storage(files.Storage):
    """Storage type ``satudata:s3``.

    :cvar writes_whole: an upload is there whole or not at all, so nothing need be put aside
    """

    writes_whole = True
    settings: Settings
    SettingsFactory = Settings
    UploaderFactory = Uploader
    ReaderFactory = Reader
    ManagerFactory = Manager

    def __init__(self, settings: Any, /) -> None:
        super().__init__(settings)
        if self.settings.initialize:
            self._make_bucket()

    def _make_bucket(self) -> None:
        """Make the bucket where it is missing; a storage that is away does not stop the start."""
        from botocore.exceptions import BotoCoreError, ClientError

        client, bucket = self.settings.client(), self.settings.bucket
        try:
            client.head_bucket(Bucket=bucket)
        except ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") != 404:
                log.error("Bucket %s of storage %s: %s", bucket, self.settings.name, error)
                return
            where = {"CreateBucketConfiguration": {"LocationConstraint": self.settings.region}} if (
                self.settings.region not in {"", "us-east-1"}) else {}
            client.create_bucket(Bucket=bucket, **where)
        except BotoCoreError as error:
            log.error("Storage %s does not answer: %s", self.settings.name, error)

    def listing(self, prefix: str = "") -> Iterator[Stored]:
        """Yield every file whose location begins so, page after page."""
        root = f"{self.settings.path}/" if self.settings.path else ""
        with self.manager.ask() as (client, address):  # type: ignore[attr-defined]
            pages = client.get_paginator("list_objects_v2").paginate(
                **address, Prefix=root + prefix, PaginationConfig={"PageSize": PAGE})
            for page in pages:
                for each in page.get("Contents", []):
                    yield Stored(each["Key"][len(root):], each["Size"], each["LastModified"])

    def end_uploads(self, prefix: str, before: dt.datetime) -> int:
        """End uploads in parts that broke off before a moment; their parts are paid for else."""
        root = f"{self.settings.path}/" if self.settings.path else ""
        ended = 0
        with self.manager.ask() as (client, address):  # type: ignore[attr-defined]
            pages = client.get_paginator("list_multipart_uploads").paginate(
                **address, Prefix=root + prefix)
            for each in (row for page in pages for row in page.get("Uploads", [])):
                if each["Initiated"] < before:
                    client.abort_multipart_upload(
                        **address, Key=each["Key"], UploadId=each["UploadId"])
                    ended += 1
        return ended

    def keeps_old(self) -> bool:
        """Tell whether the bucket keeps what is removed: personal data would not be gone."""
        with self.manager.ask() as (client, address):  # type: ignore[attr-defined]
            return client.get_bucket_versioning(**address).get("Status") == "Enabled"

    @classmethod
    def declare_config_options(cls, declaration: Declaration, key: Key) -> None:
        """Declare what the ini may say."""
        super().declare_config_options(declaration, key)
        declaration.declare(key.bucket).required().set_description("Name of the bucket.")
        declaration.declare(key.endpoint, "").set_description(
            "Address of a server that is not AWS, as https://s3.example.go.id.")
        declaration.declare(key.region, "").set_description("Region, where the server has them.")
        declaration.declare(key.key, "").set_description(
            "Access key; empty: AWS_ACCESS_KEY_ID or the machine's role.")
        declaration.declare(key.secret, "").set_description(
            "Secret key; empty: AWS_SECRET_ACCESS_KEY or the machine's role.")
        declaration.declare(key.addressing, "auto").append_validators(
            'one_of(["auto","path","virtual"])').set_description(
            "How a bucket is addressed: path for most servers that are not AWS.")


def _read(stream: Any, size: int) -> bytes:
    """Read exactly so much, less only at the end: a part in the middle must be full."""
    pieces, left = [], size
    while left and (piece := stream.read(left)):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _whole(sent: int, promised: int) -> None:
    if sent != promised:
        raise files.exc.UploadSizeMismatchError(sent, promised)


def _md5(content: bytes) -> str:
    """Return what the server compares with what arrived."""
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
