"""Who empties the outbox: a worker soon after each commit, the scheduler in any case.

Mail is never sent in a web request: a mail server that hangs must not hang an approval.
"""
from __future__ import annotations

import datetime as dt
import time

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis

from ckanext.satudata.notices import service
from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.scheduler import timed

__all__ = ["POLL", "drain_in_time", "drain_job", "forget", "wake_worker", "wake_worker_later"]

POLL = dt.timedelta(seconds=20)  # below the scheduler's own pace, so due at each of its looks
#: How long the scheduler may spend on the outbox at once; a release must not wait for a mail.
SECONDS = 15.0
#: How long an errand that is done can be looked up.
KEPT = dt.timedelta(days=90)
#: How long a notice that was read stays in the list.
READ_KEPT = dt.timedelta(days=400)
#: One job in the queue is enough, however many commits ask for it; a worker forks for each.
_QUEUED_SECONDS = 30


@outbox.on_commit
def wake_worker() -> None:
    """Ask a worker to empty the outbox, unless one was asked already."""
    if connect_to_redis().set(_flag(), "1", nx=True, ex=_QUEUED_SECONDS):
        tk.enqueue_job(drain_job, title="satudata: outbox", rq_kwargs={"timeout": 900})


@outbox.on_retry
def wake_worker_later(seconds: float) -> None:
    """Ask a worker to look again when what failed is due: the scheduler looks too seldom for it."""
    tk.get_job_queue().enqueue_in(dt.timedelta(seconds=seconds + 0.1), drain_job)


def drain_job() -> int:
    """Empty the outbox; what comes in meanwhile may ask for the next job."""
    connect_to_redis().delete(_flag())
    return outbox.drain(limit=500)


@timed("satudata_outbox", POLL)
def drain_in_time(now: dt.datetime) -> None:
    """Do what is due until the time is up: no worker may run, or the queue may be down."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and outbox.is_waiting():
        outbox.drain(limit=1)


@timed("satudata_outbox_lama", dt.timedelta(days=1))
def forget(now: dt.datetime) -> None:
    """Delete errands done long ago and notices read long ago; events are kept for ever."""
    with unit_of_work():
        outbox.forget_done(now - KEPT)
        service.forget_read(now - READ_KEPT)


def _flag() -> str:
    return f"ckan:{tk.config['ckan.site_id']}:satudata:outbox"
