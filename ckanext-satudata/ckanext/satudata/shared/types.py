"""Small types that cross rooms."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

__all__ = ["Purge", "Purged", "Release", "ServerSet"]


class ServerSet(str):
    """A value that only our own code may put into a resource or dataset.

    JSON and forms can only ever make plain strings, so a validator that keeps
    nothing but ``ServerSet`` cannot be talked round by a client, whatever the
    action, and whether or not authorisation was skipped.
    """

    __slots__ = ()


@dataclass(frozen=True)
class Release:
    """What a version is as it becomes public.

    :param id: of its submission
    :param kind: a code of ``domain/versions/kinds.py``; empty for the first
    :param snapshots: id of a resource whose table is the data -> SHA-256 of its rows as CSV
    """

    id: str
    number: int
    at: datetime
    content_hash: str
    kind: str = ""
    reason: str = ""
    snapshots: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Purge:
    """What of a dataset is deleted for good.

    :param packages: ids of the dataset and of its working copies
    :param numbers: versions of which something is deleted
    :param texts: versions whose text (title, notes ...) is deleted
    :param hashes: SHA-256 of files and of rows
    :param unhashed: ids of resources whose file has no hash: it lies at another address, or was
        stored before this extension
    :param drafts: ids of resources of what was never published: all that was made of them goes
    :param letters: SHA-256 of scans of letters
    """

    packages: frozenset[str]
    numbers: frozenset[int] = frozenset()
    texts: frozenset[int] = frozenset()
    hashes: frozenset[str] = frozenset()
    unhashed: frozenset[str] = frozenset()
    drafts: frozenset[str] = frozenset()
    letters: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Purged:
    """What a room deleted.

    :param counts: what (a word for people) -> how many
    :param blobs: further stored bytes that were made of what is deleted, to go with it
    """

    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    blobs: frozenset[str] = frozenset()
