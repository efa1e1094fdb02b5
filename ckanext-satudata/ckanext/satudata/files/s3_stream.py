"""A file in S3 as a Python file object: read in order, jumped in, picked up after a break."""
from __future__ import annotations

import io
from contextlib import suppress
from typing import Any

from ckan.lib import files

from ckanext.satudata.shared.storage_errors import StorageAwayError

__all__ = ["ObjectStream"]

#: A download that breaks off is picked up where it was so often.
_RESUMED = 2


class ObjectStream(io.RawIOBase):
    """Bytes of one object as it was when opened: another one in its place is never mixed in.

    Nothing is asked for before the first byte is read.
    """

    def __init__(self, service: Any, location: str, size: int, etag: str) -> None:
        super().__init__()
        self._service, self._location, self._size, self._etag = service, location, size, etag
        self._at = 0
        self._body: Any = None
        self._breaks = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Jump; the next read sends a new request."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        wanted = max(0, start + offset)
        if wanted != self._at:
            self._drop()
            self._at = wanted
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer.

        :raises StorageAwayError: the storage broke off and did not come back
        """
        if self._at >= self._size or not len(buffer):
            return 0
        while True:
            try:
                with self._service.ask(self._location) as (client, address):
                    if self._body is None:
                        self._body = client.get_object(
                            **address, IfMatch=self._etag, Range=f"bytes={self._at}-")["Body"]
                    content = self._body.read(len(buffer))
                if not content:
                    raise StorageAwayError(f"{self._location} ended at byte {self._at}")
                break
            except files.exc.MissingFileError:
                raise
            except StorageAwayError:
                self._drop()
                self._breaks += 1
                if self._breaks > _RESUMED:
                    raise
        buffer[:len(content)] = content
        self._at += len(content)
        return len(content)

    def close(self) -> None:
        self._drop()
        super().close()

    def _drop(self) -> None:
        if self._body is not None:
            with suppress(Exception):
                self._body.close()
        self._body = None
