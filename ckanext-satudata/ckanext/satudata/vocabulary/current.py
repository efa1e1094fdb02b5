"""What every process of the portal knows of the lists: as delivered, with what was decided since.

Each process looks once a second whether there is a newer version, by one look-up of an index, and
only when a list is asked for; a new version is read once. Whoever decides one knows it at once.
"""
from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.vocabulary import Edition
from ckanext.satudata.domain.vocabulary_changes.changes import ChangeSet, CodeChange, replay
from ckanext.satudata.shared import snapshot
from ckanext.satudata.vocabulary.model import VocabularyRow, VocabularyVersion

__all__ = ["SECONDS", "Current", "change_sets", "current", "install"]

log = logging.getLogger(__name__)

#: A version is known in every process after so many seconds.
SECONDS = 1.0
_PATIENCE = 2.0
_NEWEST = sa.select(sa.func.max(VocabularyVersion.sequence))


class Current:
    """The source of :mod:`ckanext.satudata.domain.vocabulary` in a portal."""

    def __init__(self) -> None:
        self._edition = Edition()
        self._next = 0.0
        self._read = False
        self._looking = threading.Lock()
        self._mine = threading.local()

    def edition(self) -> Edition:
        """Return what is current, as it was known a second ago at most."""
        # Nobody waits for somebody else's look, but for the very first one.
        if time.monotonic() >= self._next and not self._held() and self._looking.acquire(
                blocking=not self._read):
            try:
                self._look()
            finally:
                self._looking.release()
        return self._edition

    def refresh(self) -> None:
        """Know what was committed before this call."""
        if not self._held():
            # Whoever looks now may wait for a connection that this thread has.
            mine = self._looking.acquire(timeout=_PATIENCE)
            try:
                self._look()
            finally:
                if mine:
                    self._looking.release()

    @contextmanager
    def unmoved(self) -> Iterator[None]:
        """Let this thread go by what it knows: what it writes is nobody's yet."""
        self._mine.held = True
        try:
            yield
        finally:
            self._mine.held = False

    def _held(self) -> bool:
        return getattr(self._mine, "held", False)

    def _look(self) -> None:
        self._mine.held = True
        try:
            if model.meta.engine is not None and not snapshot.is_held():
                with _reading() as connection:
                    self._follow(connection)
                self._read = True
        except sa.exc.SQLAlchemyError:  # no table yet, or no database: the next look is soon
            if _is_lost():
                raise  # what the caller is at is over, and it must hear of it from who saw it
            log.debug("What is current of the kode referensi was not read", exc_info=True)
        finally:
            self._mine.held = False
            self._next = time.monotonic() + SECONDS

    def _follow(self, connection: Any) -> None:
        newest = connection.scalar(_NEWEST) or 0
        known = self._edition
        if newest == known.number:
            return
        if newest < known.number:  # the database is an older one: it was restored
            known = Edition()
        found = change_sets(connection, after=known.number)
        lists = dict(known.lists)
        for name, sets in found.items():
            held = lists.get(name)  # one without codes is false
            made = replay(vocabulary.delivered(name) if held is None else held, name, sets)
            if made is not None:
                lists[name] = made
        self._edition = Edition(newest, lists)


def _is_lost() -> bool:
    """Tell whether the connection of the running transaction ended."""
    session = model.Session()
    return session.in_transaction() and session.connection().invalidated


@contextmanager
def _reading() -> Iterator[Any]:
    """Give a connection: the one this thread has, or else one for a moment; never a second one."""
    session = model.Session()
    bound = isinstance(session.get_bind(), sa.engine.Connection)
    if bound or session.in_transaction():
        connection = session.connection()
        # What fails here must not break what the caller is at.
        with connection.begin_nested():
            yield connection
    else:
        with model.meta.engine.connect() as connection:
            yield connection


def change_sets(
    connection: Any, name: str = "", after: int = 0
) -> dict[str, list[ChangeSet]]:
    """Return change sets in order, by list.

    :param name: of this list only
    :param after: only those with a higher sequence
    """
    versions, rows = VocabularyVersion.__table__, VocabularyRow.__table__
    wanted = versions.c.sequence > after
    if name:
        wanted = sa.and_(wanted, versions.c.vocabulary == name)
    codes: dict[int, list[CodeChange]] = defaultdict(list)
    for each in connection.execute(
            sa.select(rows).join(versions, versions.c.sequence == rows.c.sequence)
            .where(wanted).order_by(rows.c.sequence, rows.c.position)):
        codes[each.sequence].append(CodeChange(each.code, each.before, each.after))
    found: dict[str, list[ChangeSet]] = defaultdict(list)
    for each in connection.execute(sa.select(versions).where(wanted).order_by(
            versions.c.sequence)):
        found[each.vocabulary].append(ChangeSet(
            each.number, each.at, tuple(codes[each.sequence]), each.about))
    return found


current = Current()


def install() -> None:
    """Let the lists of this process follow the database."""
    vocabulary.use(current)
