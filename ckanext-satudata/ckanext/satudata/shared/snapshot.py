"""One answer, one state of the database: for requests that only read.

CKAN asks for a dataset, its files, views and labels one after the other; a version that is
published meanwhile would be shown by halves. PostgreSQL gives a whole transaction one look at all
tables (REPEATABLE READ), at no cost. The datastore is another database and the index none: what
comes from there is compared with what is said here.
"""
from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.model as model
import sqlalchemy as sa

__all__ = ["begin", "is_held", "modified_now", "remembered"]

_LEVEL = "REPEATABLE READ"
_KEY = "satudata_moment"


def begin() -> None:
    """Let all that this session reads until its next commit be of one moment.

    Who was identified is read again: the session must have read nothing before. A session bound
    to a connection belongs to somebody who rules its transaction himself.
    """
    session = model.Session()
    if isinstance(session.get_bind(), sa.engine.Connection):
        return
    session.rollback()
    session.connection(execution_options={"isolation_level": _LEVEL})


def is_held() -> bool:
    """Tell whether this session reads one moment."""
    session = model.Session()
    if not session.in_transaction():
        return False
    return session.connection().get_execution_options().get("isolation_level") == _LEVEL


def remembered() -> dict[Any, Any]:
    """Return where to keep what was read of this moment, which would be the same read again.

    It is forgotten with the moment; outside of one it is a new one each time.
    """
    if not is_held():
        return {}
    session = model.Session()
    moment, kept = session.info.get(_KEY, (None, {}))
    if moment is not session.get_transaction():
        kept = {}
        session.info[_KEY] = session.get_transaction(), kept
    return kept


def modified_now(package_id: str, fresh: bool = False) -> dt.datetime | None:
    """Return when a dataset was last changed, by the database and not by what was read before.

    :param fresh: beside the moment this session reads
    """
    query = sa.select(model.Package.metadata_modified).where(model.Package.id == package_id)
    if not fresh:
        return model.Session.scalar(query)
    assert model.meta.engine is not None
    with model.meta.engine.connect() as connection:  # one question: no transaction around it
        return connection.execution_options(isolation_level="AUTOCOMMIT").scalar(query)
