"""The datastore's database gone in the middle of work, as when its server stops."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk

__all__ = ["READ", "WRITE", "no_datastore"]

WRITE, READ = "ckan.datastore.write_url", "ckan.datastore.read_url"
_END = sa.text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name "
    "AND usename = current_user AND pid <> pg_backend_pid()")


@contextmanager
def no_datastore() -> Iterator[None]:
    """Let nobody connect to it, and end every connection there is.

    Needs its owner and no superuser: each role ends the connections of its own.
    """
    name = sa.make_url(tk.config[WRITE]).database
    apart = {"poolclass": sa.NullPool, "isolation_level": "AUTOCOMMIT"}
    reader = sa.create_engine(tk.config[READ], **apart).connect()
    owner = sa.create_engine(tk.config["sqlalchemy.url"], **apart).connect()
    try:
        owner.execute(sa.text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        for each in (reader, owner):
            each.execute(_END, {"name": name})
        reader.close()
        yield
    finally:
        owner.execute(sa.text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
        owner.close()
        model.Session.remove()
