"""Ways into the workflow for rooms that run on the server, without importing its room."""
from __future__ import annotations

from collections.abc import Callable

__all__ = ["existing_published", "open_door"]

_DOORS: dict[str, Callable[[str, str], None]] = {}


def open_door(name: str) -> Callable[[Callable[[str, str], None]], Callable[[str, str], None]]:
    """Register the function behind a door, at import of its module."""
    def register(function: Callable[[str, str], None]) -> Callable[[str, str], None]:
        _DOORS[name] = function
        return function
    return register


def existing_published(package_id: str, user: str) -> None:
    """Publish data that stood online before this portal, with the mark that nobody inspected it.

    Only for commands on the server: there is no action that leads here.

    :param user: name or id of who runs the command; kept in the event
    :raises StateConflictError: a version of it is being inspected
    """
    _DOORS["pindahan"](package_id, user)
