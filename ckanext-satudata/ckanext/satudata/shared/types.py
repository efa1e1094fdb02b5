"""Small types that cross rooms."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

__all__ = ["Release", "ServerSet"]


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
