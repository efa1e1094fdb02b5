"""What lies in a storage, however much it is: a listing never stands in memory whole."""
from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from ckan.lib import files

__all__ = ["Stored", "listing"]


class Stored(NamedTuple):
    """A file as a listing tells it.

    :ivar location: as the storage names it, below its own path
    :ivar modified: aware, UTC; when it is not known, now
    """

    location: str
    size: int
    modified: dt.datetime


def listing(storage: Any, prefix: str = "") -> Iterator[Stored]:
    """Yield every file below a folder (``prefix`` ends in ``/``) or in the whole storage.

    A file that vanishes meanwhile is left out.
    """
    if hasattr(storage, "listing"):
        yield from storage.listing(prefix)
    elif isinstance(storage, files.adapters["ckan:fs"]):
        yield from _on_disk(storage.settings.path, prefix)
    else:
        now = dt.datetime.now(dt.timezone.utc)
        for each in storage.scan():
            if each.startswith(prefix):
                with suppress(files.exc.MissingFileError):
                    yield Stored(each, storage.size(files.Location(each)), now)


def _on_disk(root: str, prefix: str) -> Iterator[Stored]:
    for folder, folders, names in os.walk(os.path.join(root, prefix)):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)
            with suppress(FileNotFoundError):
                about = os.stat(path, follow_symlinks=False)
                yield Stored(os.path.relpath(path, root), about.st_size,
                             dt.datetime.fromtimestamp(about.st_mtime, dt.timezone.utc))
