"""Small types that cross rooms."""
from __future__ import annotations

__all__ = ["ServerSet"]


class ServerSet(str):
    """A value that only our own code may put into a resource or dataset.

    JSON and forms can only ever make plain strings, so a validator that keeps
    nothing but ``ServerSet`` cannot be talked round by a client, whatever the
    action, and whether or not authorisation was skipped.
    """

    __slots__ = ()
