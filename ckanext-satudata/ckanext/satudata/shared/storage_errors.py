"""What a storage of files says when it cannot do what it is asked, in words for people.

::

    StorageTroubleError       (of CKAN's storages: whoever catches those catches ours)
    ├── StorageFullError      no room is left
    ├── StorageAwayError      it does not answer, or answers that it cannot now
    └── StorageRefusedError   it does not let this portal in: keys, name, rights
"""
from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import ckan.plugins.toolkit as tk
from ckan.lib import files

from ckanext.satudata.domain.metadata_values import N_

__all__ = ["StorageAwayError", "StorageFullError", "StorageRefusedError", "StorageTroubleError",
           "refusing", "said"]

#: What a full disk, a full quota and a limit on a file's size are called.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class StorageTroubleError(files.exc.StorageError):
    """The storage cannot do this; ``str()`` is for the log, ``message`` for people.

    :cvar message: a msgid: what, and how to mend it
    :cvar status: what a page answers with
    """

    message: ClassVar[str]
    status: ClassVar[int] = 503


class StorageFullError(StorageTroubleError):
    """There is no room left."""

    message = N_("Ruang penyimpanan berkas di peladen penuh, jadi tidak ada yang tersimpan. Isi "
                 "yang lama tetap ada. Beri tahu pengelola portal, lalu coba lagi.")
    status = 507


class StorageAwayError(StorageTroubleError):
    """It does not answer, or answers that it cannot now."""

    message = N_("Penyimpanan berkas sedang tidak bisa dihubungi. Tunggu sebentar, lalu coba lagi. "
                 "Bila berulang, beri tahu pengelola portal.")


class StorageRefusedError(StorageTroubleError):
    """It does not let this portal in."""

    message = N_("Penyimpanan berkas menolak portal ini. Beri tahu pengelola portal: kunci, nama "
                 "bucket, atau hak aksesnya perlu diperiksa.")


@contextmanager
def refusing(field: str = "upload") -> Iterator[None]:
    """Turn the trouble of a storage into a refusal that forms and API show beside a field."""
    try:
        with said():
            yield
    except StorageTroubleError as error:
        raise tk.ValidationError({field: [tk._(error.message)]}) from error


@contextmanager
def said() -> Iterator[None]:
    """Turn what the operating system says of a disk into our own errors."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFullError(str(error)) from error
        if error.errno in _CLOSED:
            raise StorageRefusedError(str(error)) from error
        raise
