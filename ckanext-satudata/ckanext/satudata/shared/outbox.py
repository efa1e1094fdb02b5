"""What is still to be done after a commit: index, mail, notices; nothing of it gets lost.

A message is written in the same transaction as what it tells of, so that a process that dies
between commit and mail has lost nothing: the next drain finds it. A handler must therefore be
repeatable: it may run again when the process died after it worked and before that was written.

A commit with new messages wakes whoever asked for it (:func:`on_commit`); waking may fail, since
the scheduler looks every half minute as well.
"""
from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.shared.db import Base

__all__ = [
    "HANDLERS",
    "GiveUpError",
    "Message",
    "ask",
    "at_end",
    "drain",
    "forget_done",
    "handles",
    "held",
    "is_waiting",
    "on_commit",
    "on_retry",
    "put",
    "queue",
    "unfinished",
    "wake",
]

log = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any]], None]
HANDLERS: dict[str, Handler] = {}
#: Kinds of which one message does for all waiting ones that say the same.
_TOGETHER: set[str] = set()
#: Seconds until the next try, by the number of failed ones; the last stands for all further.
BACKOFF = (30, 120, 600, 3600, 6 * 3600)
#: Kinds that are tried again at times of their own.
_BACKOFFS: dict[str, tuple[int, ...]] = {}

_PUT = "satudata_outbox_put"
_QUEUES: list[Callable[[], bool]] = []
_WAKERS: list[Callable[[], None]] = []
_RETRIERS: list[Callable[[float], None]] = []
_draining: ContextVar[bool] = ContextVar("satudata_outbox_draining", default=False)
#: Keys asked for inside of :func:`held`.
_held: ContextVar[set[str] | None] = ContextVar("satudata_outbox_held", default=None)
#: Seconds in which what was put off to the end of a drain must be done, or it is tried again.
_PUT_OFF = 30


@dataclass
class _Ending:
    """What is left for the end of a drain.

    :ivar asked: the handler that runs now put something off
    :ivar numbers: messages that are not done before that is
    """

    finish: dict[str, Callable[[], None]] = field(default_factory=dict)
    asked: bool = False
    numbers: list[int] = field(default_factory=list)


_at_end: ContextVar[_Ending | None] = ContextVar("satudata_outbox_at_end", default=None)


class GiveUpError(Exception):
    """A handler will not succeed however often it is tried; the message is closed with this."""


class Message(Base):
    """Something to be done once; ``key`` says what, so that it is not put twice."""

    __tablename__ = "satudata_outbox"

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.Text)
    key: Mapped[str] = mapped_column(sa.Text, unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    event_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    created_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    not_before: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    done_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    error: Mapped[str | None] = mapped_column(sa.Text)


def handles(
    kind: str, together: bool = False, backoff: tuple[int, ...] = BACKOFF
) -> Callable[[Handler], Handler]:
    """Register the function that does messages of a kind, at import of its module.

    :param together: done once it is done for every waiting message with the same payload
        (bringing an index up to date, say)
    :param backoff: seconds until the next try, by the number of failed ones
    """
    def register(function: Handler) -> Handler:
        if kind in HANDLERS:
            raise ValueError(f"Outbox kind {kind!r} has two handlers")
        HANDLERS[kind] = function
        if together:
            _TOGETHER.add(kind)
        _BACKOFFS[kind] = backoff
        return function
    return register


def put(
    kind: str, key: str, payload: dict[str, Any], event_id: int | None = None,
    not_before: dt.datetime | None = None,
) -> None:
    """Add a message to the running transaction; a key that was put before does nothing."""
    now = dt.datetime.now(dt.timezone.utc)
    model.Session.execute(insert(Message).values(
        kind=kind, key=key, payload=payload, event_id=event_id, created_at=now,
        not_before=not_before or now, attempts=0,
    ).on_conflict_do_nothing(index_elements=["key"]))
    model.Session.info[_PUT] = True


def queue(take: Callable[[], bool]) -> Callable[[], bool]:
    """Register what is emptied at each drain beside the messages: a table that is its own list.

    The function does a part of it, which is committed after it, and tells whether there is more.
    Whoever adds to the table asks for a drain (:func:`ask`).
    """
    _QUEUES.append(take)
    return take


def ask() -> None:
    """Let the outbox be drained soon after the running transaction is committed."""
    model.Session.info[_PUT] = True


def on_commit(waker: Callable[[], None]) -> Callable[[], None]:
    """Register what is called after a commit that put messages; it may not use the session."""
    _WAKERS.append(waker)
    return waker


@sa.event.listens_for(model.Session, "after_commit")
def _wake(session: Any) -> None:
    if session.in_nested_transaction() or not session.info.pop(_PUT, False) or _draining.get():
        return  # of a savepoint, of others, or of a drain that finds them by itself
    wake()


def wake() -> None:
    """Ask for somebody to do what is due; whoever calls does not wait for it."""
    _ask(_WAKERS)


def on_retry(waker: Callable[[float], None]) -> Callable[[float], None]:
    """Register what is called with the seconds after which a failed message is due again.

    Only for kinds that cannot wait for the scheduler's next look.
    """
    _RETRIERS.append(waker)
    return waker


def _ask(wakers: Collection[Callable[..., None]], *said: float) -> None:
    for waker in wakers:
        try:
            waker(*said)
        except Exception:  # the queue is down: nothing is lost, only later
            log.warning("The outbox could not wake a worker; the scheduler will", exc_info=True)


@sa.event.listens_for(model.Session, "after_rollback")
def _forget(session: Any) -> None:
    session.info.pop(_PUT, None)


@sa.event.listens_for(model.Session, "after_transaction_end")
def _forget_closed(session: Any, transaction: Any) -> None:
    """Remember nothing of a transaction that ended without saying how: its session was closed."""
    if transaction.parent is None:
        session.info.pop(_PUT, None)


def at_end(name: str, finish: Callable[[], None]) -> None:
    """Let something be done once after the last message of this drain; at once outside of one.

    Messages whose handlers ask for it are done when that is.
    """
    ending = _at_end.get()
    if ending is None:
        finish()
    else:
        ending.finish[name], ending.asked = finish, True


@contextmanager
def held() -> Iterator[None]:
    """Let drains inside wait: what they ask for by key is done once, at the end of the batch.

    The commit of the index takes longer than a step does.
    """
    outer = _held.get()
    keys = set[str]() if outer is None else outer
    token = _held.set(keys)
    try:
        yield
    finally:
        _held.reset(token)
        if outer is None and keys:
            drain(limit=len(keys), keys=keys)


def is_waiting(kinds: Collection[str] | None = None) -> bool:
    """Tell whether a message is due that nobody works on."""
    found = _next(HANDLERS.keys() if kinds is None else kinds, None, ()) is not None
    model.Session.rollback()
    return found


def unfinished(kind: str, **said: Any) -> list[str]:
    """Return the keys of the messages of a kind that say this and are not done yet."""
    return list(model.Session.scalars(
        sa.select(Message.key).where(
            Message.done_at.is_(None), Message.kind == kind, Message.payload.contains(said))
        .order_by(Message.id)))


def forget_done(before: dt.datetime) -> int:
    """Delete messages done before a time, in the running transaction; return how many.

    What happened stays in the events; a message is only the errand.
    """
    done = model.Session.execute(sa.delete(Message).where(Message.done_at < before))
    return done.rowcount


def drain(limit: int = 100, kinds: Collection[str] | None = None,
          keys: Collection[str] | None = None, at_once: bool = False) -> int:
    """Do up to ``limit`` messages that are due, each in a transaction of its own.

    Any number of processes may drain at once: a message one works on is skipped by the others.

    :param kinds: only these; all that have a handler unless given
    :param keys: only these
    :param at_once: also inside of :func:`held`, where the public waits for it
    :returns: how many were done
    """
    batch = None if at_once else _held.get()
    if batch is not None:
        batch.update(keys or ())
        return 0
    done = 0
    tried: set[int] = set()
    ending = _Ending()
    token, ended = _draining.set(True), _at_end.set(ending)
    try:
        for _ in range(limit):
            message = _next(HANDLERS.keys() if kinds is None else kinds, keys, tried)
            if message is None:
                model.Session.rollback()
                break
            same = [message.id, *_twins(message)]
            tried.update(same)
            done += _do(same, message.kind, dict(message.payload), ending)
        done -= _finish(ending)
        if kinds is None and keys is None:
            _empty(limit)
    finally:
        _draining.reset(token)
        _at_end.reset(ended)
    return done


def _empty(limit: int) -> None:
    """Empty the lists that other rooms keep; what fails stays there for the next drain."""
    for take in _QUEUES:
        try:
            for _ in range(limit):
                more = take()
                model.Session.commit()
                if not more:
                    break
        except Exception:
            model.Session.rollback()
            log.exception("%s.%s failed; the next drain tries again", take.__module__,
                          take.__name__)


def _next(
    kinds: Collection[str], keys: Collection[str] | None, tried: Collection[int]
) -> Message | None:
    query = sa.select(Message).where(
        Message.done_at.is_(None), Message.not_before <= dt.datetime.now(dt.timezone.utc),
        Message.kind.in_(list(kinds)), Message.id.not_in(list(tried)))
    if keys is not None:
        query = query.where(Message.key.in_(list(keys)))
    return model.Session.scalars(
        query.order_by(Message.id).limit(1).with_for_update(skip_locked=True)).first()


def _twins(message: Message) -> list[int]:
    """Lock the messages that are done with this one; those put from now on are not among them."""
    if message.kind not in _TOGETHER:
        return []
    return list(model.Session.scalars(
        sa.select(Message.id)
        .where(Message.kind == message.kind, Message.payload == message.payload,
               Message.done_at.is_(None), Message.id != message.id)
        .order_by(Message.id).with_for_update(skip_locked=True)))


def _do(numbers: list[int], kind: str, payload: dict[str, Any], ending: _Ending) -> int:
    number = numbers[0]
    row = sa.update(Message).where(Message.id.in_(numbers))
    ending.asked = False
    try:
        HANDLERS[kind](payload)
        if ending.asked:
            ending.numbers += numbers
            model.Session.execute(row.values(
                not_before=dt.datetime.now(dt.timezone.utc) + dt.timedelta(seconds=_PUT_OFF)))
        else:
            model.Session.execute(_done(row))
        model.Session.commit()
    except GiveUpError as error:
        model.Session.rollback()
        log.error("Outbox message %s (%s) is given up: %s", number, kind, error)
        model.Session.execute(row.values(
            done_at=dt.datetime.now(dt.timezone.utc), error=str(error)[:2000],
            attempts=Message.attempts + 1))
        model.Session.commit()
        return 0
    except Exception as error:
        model.Session.rollback()
        log.exception("Outbox message %s (%s) failed", number, kind)
        attempts = model.Session.scalar(
            sa.select(Message.attempts).where(Message.id == number)) or 0
        backoff = _BACKOFFS.get(kind, BACKOFF)
        wait = backoff[min(attempts, len(backoff) - 1)]
        model.Session.execute(row.values(
            attempts=attempts + 1, error=str(error)[:2000],
            not_before=dt.datetime.now(dt.timezone.utc) + dt.timedelta(seconds=wait)))
        model.Session.commit()
        if wait < BACKOFF[0]:
            _ask(_RETRIERS, wait)
        return 0
    return len(numbers)


def _done(row: sa.Update) -> sa.Update:
    return row.values(
        done_at=dt.datetime.now(dt.timezone.utc), error=None, attempts=Message.attempts + 1)


def _finish(ending: _Ending) -> int:
    """Do what was put off; return how many messages it left undone.

    They are marked as done only then: a process that dies before leaves them to the next drain.
    """
    if not ending.finish:
        return 0
    row = sa.update(Message).where(Message.id.in_(ending.numbers))
    try:
        for finish in ending.finish.values():
            finish()
    except Exception as error:
        model.Session.rollback()
        log.exception("What %s outbox messages put off failed", len(ending.numbers))
        model.Session.execute(row.values(
            attempts=Message.attempts + 1, error=str(error)[:2000]))
        model.Session.commit()
        return len(ending.numbers)
    model.Session.execute(_done(row))
    model.Session.commit()
    return 0
