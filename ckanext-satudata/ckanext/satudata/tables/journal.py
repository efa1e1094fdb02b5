"""The journal of tables that change places: what is open in it, nobody reads from the datastore.

It is the outbox message of kind ``tabel`` that ``terbitkan`` writes in the commit that makes the
new version public. From that commit until the tables are in place, the dataset says the new
version and the datastore may hold the old one: a reader who asks meanwhile is told to ask again.
A partial index holds the open ones alone, and mostly there is none.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from flask import g, has_request_context

from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.datastore import TableSwitching

__all__ = ["AWAY", "KIND", "REFUSED", "answering", "open_resources", "refusal", "switching"]

KIND = "tabel"
REFUSED = N_(
    "Versi baru dari tabel ini sedang dipasang. Coba lagi dalam beberapa detik.")
AWAY = N_("Penyimpanan tabel sedang tidak bisa dihubungi. Coba lagi beberapa saat lagi.")
#: What PostgreSQL says to those whose connection it ends; one that is not made has no code.
_CLOSED = ("08", "57P")
# Literals, not parameters: the planner takes the partial index only where it can see them.
_OPEN = sa.text(
    "SELECT payload -> 'resources' FROM satudata_outbox "
    "WHERE done_at IS NULL AND kind = 'tabel'")
_DUE = sa.text(
    "SELECT EXISTS (SELECT 1 FROM satudata_outbox "
    "WHERE done_at IS NULL AND kind = 'tabel' AND not_before <= now())")


def open_resources() -> frozenset[str]:
    """Return the published resources whose tables are changing places now."""
    found = model.Session.scalars(_OPEN).all()
    return frozenset(each for resources in found for each in resources or ())


def switching(resource_ids: Iterable[str]) -> bool:
    """Tell whether one of these published resources is changing its table now."""
    return not open_resources().isdisjoint(resource_ids)


def refusal(said: str = REFUSED) -> TableSwitching:
    """Return the error to raise; the answer of this request becomes a 503 if it reaches the end.

    Who was to put the tables in place may have died on the way: a worker is asked to look.
    """
    if said == REFUSED and model.Session.scalar(_DUE):
        outbox.wake()
    if has_request_context():
        g.satudata_switching = said
    return TableSwitching(tk._(said))


@contextmanager
def answering() -> Iterator[None]:
    """Refuse so as well while the datastore's database cannot be reached.

    :raises TableSwitching: it is not
    """
    try:
        yield
    except sa.exc.OperationalError as error:
        code = getattr(error.orig, "pgcode", None)
        if code and not code.startswith(_CLOSED):
            raise
        raise refusal(AWAY) from error
