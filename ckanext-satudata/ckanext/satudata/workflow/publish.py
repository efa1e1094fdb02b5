"""The door to the public: the only code that makes a dataset visible to everybody.

Nothing here asks whether it may: that is decided in ``domain/decision.py`` and called under the
row lock by ``service.py``. Nothing here commits.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.shared.signals import published, publishing, withdrawn
from ckanext.satudata.shared.types import Release
from ckanext.satudata.shared.withheld import put_back
from ckanext.satudata.workflow import tidied
from ckanext.satudata.workflow.model import Submission

__all__ = ["Door", "door_of", "hide", "is_opening", "settle", "show"]

_KEY = "satudata_door"
#: Visibility is being changed here; ``watch.py`` refuses a change that comes from elsewhere.
_OPENING: ContextVar[bool] = ContextVar("satudata_opening", default=False)


@dataclass(frozen=True)
class Door:
    """Lets our own code write content the guards hold shut; no client can put it in a context.

    :param revision_of: id of the public dataset a new working copy belongs to
    :param number: the version number of that copy
    """

    revision_of: str = ""
    number: int = 1

    def key(self) -> dict[str, Any]:
        """Return what a context must carry to pass the guards; rights are asked all the same."""
        return {_KEY: self}

    def context(self, **more: Any) -> dict[str, Any]:
        """Return a CKAN context that passes the guards; nothing commits in it."""
        return {**more, **self.key(), "defer_commit": True, "return_id_only": True,
                "ignore_auth": True}


def door_of(context: Any) -> Door | None:
    """Return the door a context carries."""
    found = context.get(_KEY)
    return found if isinstance(found, Door) else None


def show(submission: Submission, now: dt.datetime) -> None:
    """Make the dataset of a submission visible to everybody."""
    package = model.Session.get(model.Package, submission.package_id)
    assert package is not None
    tidied.forget_raw(package)
    with _opening():
        package.private = False
        package.state = model.State.ACTIVE
        package.metadata_modified = now.astimezone(dt.timezone.utc).replace(tzinfo=None)
        submission.published_at = now
        submission.belum_diperiksa = False
        model.Session.flush()
    settle(submission)
    published.send(
        package.id, first=submission.number == 1,
        actor=submission.approved_by or submission.submitted_by or submission.created_by)


def settle(submission: Submission) -> None:
    """Let the other rooms put in place what belongs to the content that is public from now on."""
    assert submission.published_at is not None
    content = put_back(tk.get_action("package_show")(
        {"ignore_auth": True, "use_cache": False}, {"id": submission.package_id}))
    publishing.send(submission.package_id, content=content, release=Release(
        submission.id, submission.number, submission.published_at, submission.content_hash or "",
        submission.kind, submission.reason, submission.snapshots or {}))


def hide(package_id: str, now: dt.datetime, emergency: bool = False) -> None:
    """Take a dataset away from everybody who is not of its OPD or has no role toward it.

    :param emergency: with every version there was
    """
    package = model.Session.get(model.Package, package_id)
    if package is None:
        return
    with _opening():
        package.private = True
        package.metadata_modified = now.astimezone(dt.timezone.utc).replace(tzinfo=None)
        model.Session.flush()
    withdrawn.send(package.id, emergency=emergency, at=now)


def is_opening() -> bool:
    """Tell whether visibility is being changed by this module."""
    return _OPENING.get()


@contextmanager
def _opening() -> Iterator[None]:
    token = _OPENING.set(True)
    try:
        yield
    finally:
        _OPENING.reset(token)
