"""The one place that commits: a unit of work is everything or nothing."""
from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

__all__ = ["Base", "lock", "number_of", "unit_of_work"]


class Base(DeclarativeBase):
    """Base of our tables (``satudata_*``).

    Its metadata is not CKAN's: whatever walks or empties CKAN's tables leaves ours, whose
    events are kept for ever, and alembic compares only ours.
    """


@contextmanager
def unit_of_work(keep: bool = True) -> Iterator[None]:
    """Commit once at the end, roll back on any error (or always, with ``keep=False``).

    Actions called inside get ``defer_commit`` (and ``return_id_only``: without it
    CKAN's ``package_update`` loses the change) so that nothing commits half-way.
    """
    try:
        yield
        if keep:
            model.Session.commit()
    except BaseException:
        model.Session.rollback()
        raise
    finally:
        if not keep:
            model.Session.rollback()


def lock(*name: str, shared: bool = False) -> None:
    """Hold a lock on a name until this transaction ends, across all processes.

    :param shared: beside others who hold it so
    """
    function = sa.func.pg_advisory_xact_lock_shared if shared else sa.func.pg_advisory_xact_lock
    model.Session.execute(sa.select(function(number_of(*name))))


def number_of(*name: str) -> int:
    """Return the number by which the database knows the lock of a name."""
    digest = hashlib.sha256("\x00".join(name).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
