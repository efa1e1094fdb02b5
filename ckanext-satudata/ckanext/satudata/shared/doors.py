"""Ways into the workflow for rooms that run on the server, without importing its room."""
from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

__all__ = ["Ended", "draft_followed", "example_ended", "existing_changed", "existing_published",
           "existing_recorded", "open_door"]

Way = Callable[[str, str], Any]
_DOORS: dict[str, Way] = {}


@dataclass(frozen=True)
class Ended:
    """An example on its way out.

    :ivar key: what the CKAN context of each purge must carry
    :ivar packages: ids of the dataset and of its working copies
    :ivar submissions: ids of its versions
    """

    key: dict[str, Any]
    packages: frozenset[str]
    submissions: frozenset[str]


def open_door(name: str) -> Callable[[Way], Way]:
    """Register the function behind a door, at import of its module."""
    def register(function: Way) -> Way:
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


def existing_changed(package_id: str, user: str) -> AbstractContextManager[dict[str, Any]]:
    """Let one write of content pass to data that nobody has inspected since it was moved here.

    Inside a unit of work of the caller; the event is in the same commit. Only for commands on
    the server: there is no action that leads here.

    :param user: name or id of who runs the command; kept in the event
    :returns: a context manager that gives what the CKAN context of the write must carry
    :raises StateConflictError: it was inspected, or a revision is under way
    """
    return _DOORS["pindahan_isi"](package_id, user)


def existing_recorded(package_id: str, user: str) -> AbstractContextManager[str | None]:
    """Record what is public now as the version it is, in a unit of work of the caller.

    For data that were public before versions were kept. Only for commands on the server: there
    is no action that leads here.

    :param user: name or id of who runs the command
    :returns: a context manager that gives the id of its submission, ``None`` if it has none that
        is public; the version is recorded when it is left without an error
    """
    return _DOORS["versi_pertama"](package_id, user)


def example_ended(package_id: str, user: str) -> AbstractContextManager[Ended]:
    """Let a dataset of the demo be purged whatever its state.

    Only for ``ckan satudata demo --purge``: there is no action that leads here.

    :param user: name or id of who runs the command
    :raises StateConflictError: it does not carry the marks of the demo
    """
    return _DOORS["contoh"](package_id, user)


def draft_followed(package_id: str, content_id: str) -> AbstractContextManager[
        dict[str, Any] | None]:
    """Let the portal itself bring the files of a draft in line with how they are read now.

    It is no edit: nobody becomes an author by it, and who has the page open sees the same version.
    Only for what a person's correction leads to; there is no action that leads here.

    :returns: a context manager that gives the CKAN context of the write, ``None`` where the
        version is not its producer's to write now
    """
    return _DOORS["susulan"](package_id, content_id)
