"""Which tables of the datastore change places when a revision is published.

Asked of the datastore itself, not of ``datastore_active``, which is what somebody wrote. A file
that stayed as it was keeps its table: it is neither moved nor locked, and its readers notice
nothing.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain.errors import StateConflictError
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.shared import datastore, outbox
from ckanext.satudata.workflow.model import Submission

__all__ = ["DISCARDED", "KIND", "Tables", "await_journal", "datastore_answers", "discarded"]

#: The journal: readers of ``resources`` wait until it is done (``tables/journal.py``).
KIND = "tabel"
#: Tables of a working copy that came to nothing.
DISCARDED = "tabel_buang"

_OPEN = N_(
    "Tabel dari versi sebelumnya masih dipasang, jadi versi ini belum bisa diterbitkan. Coba lagi "
    "dalam beberapa detik.")
_DOWN = N_(
    "Penyimpanan tabel sedang tidak bisa dihubungi, jadi tidak ada yang berubah. Coba lagi dalam "
    "beberapa menit.")


class Tables:
    """The tables of a published dataset and of its working copy, before anything changes.

    :ivar known: the published resources
    :raises StateConflictError: the datastore does not answer
    """

    def __init__(self, submission: Submission) -> None:
        self._public = submission.package_id
        rows = model.Session.scalars(sa.select(model.Resource).where(
            model.Resource.package_id.in_((submission.package_id, submission.content_id)))).all()
        with datastore_answers(submission):
            self._there = datastore.existing(each.id for each in rows)
        origins = {each.id: each for each in rows if each.package_id == submission.package_id}
        self._copies = {each.id: each for each in rows if each.package_id == submission.content_id}
        self.known = frozenset(each.id for each in origins.values() if each.state == "active")
        self._kept = frozenset(
            each.id for each in self._copies.values()
            if (origin := origins.get((each.extras or {}).get("asal_resource_id"))) is not None
            and origin.id in self._there and datastore.same_rows(each, origin))

    def has(self, copy: str) -> bool:
        """Tell whether the resource has a table once it is public."""
        return copy in self._there or copy in self._kept

    def plan(self, became: Mapping[str, str]) -> dict[str, Any]:
        """Return what the journal says: which tables move, which go, and whose readers wait.

        :param became: each resource of the copy and the published one it becomes
        """
        took = {source: target for source, target in became.items() if source in self._there}
        kept = {became[source] for source in self._kept - took.keys() if source in became}
        old = {each for each in self.known & self._there
               if each not in kept and each not in took.values()}
        unused = self._copies.keys() & self._there - took.keys()
        return {
            "package": self._public, "take": [[*pair] for pair in took.items()],
            "drop": sorted(old | unused), "resources": sorted({*took.values(), *old}),
        }


@contextmanager
def datastore_answers(submission: Submission) -> Iterator[None]:
    """Say in words that the datastore is down; nothing was changed then.

    :raises StateConflictError: it is
    """
    try:
        yield
    except sa.exc.OperationalError as error:
        raise StateConflictError(_DOWN, submission.state) from error


def await_journal(submission: Submission) -> None:
    """Refuse to publish over tables that are still being put in place.

    Their order is kept so: no two messages of one dataset are ever open.

    :raises StateConflictError: naming the wait
    """
    if outbox.unfinished(KIND, package=submission.package_id):
        raise StateConflictError(_OPEN, submission.state)


def discarded(submission: Submission) -> None:
    """Let the tables of a working copy that came to nothing be dropped after the commit."""
    found = model.Session.scalars(sa.select(model.Resource.id).where(
        model.Resource.package_id == submission.content_id)).all()
    if found:
        key = f"{DISCARDED}:{submission.id}"
        outbox.put(DISCARDED, key, {"drop": sorted(found)})
