"""``ckan satudata feed``: make the feed anew, say how it stands."""
from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Sequence
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import click
import sqlalchemy as sa

from ckanext.satudata.federation.feed import settling
from ckanext.satudata.federation.feed.writing import state
from ckanext.satudata.federation.site import fingerprint
from ckanext.satudata.shared.console import Progress
from ckanext.satudata.shared.db import lock, unit_of_work
from ckanext.satudata.shared.feed_marks import LOCK, Mark
from ckanext.satudata.shared.language import default_language

__all__ = ["feed"]

_LOOK = 0.5


@click.group(short_help="The feed for harvesters: make it anew, say how it stands.")
def feed() -> None:
    """Look after what other portals harvest."""


@feed.command()
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True,
              help="How many processes describe datasets at once.")
def rebuild(jobs: int) -> None:
    """Describe every public dataset anew.

    The portal goes on answering meanwhile. What comes out as before keeps its place, its number
    and its time; harvesters notice only what changed. A rebuild that was stopped is finished by
    the worker, or by another rebuild.
    """
    with default_language():
        with unit_of_work():
            lock(LOCK)
            here = state()
            here.made_with, before = fingerprint(), here.sequence
            settling.mark_all()
        start, total = time.monotonic(), _left()
        with Progress(tk._("Menyusun umpan"), total) as progress:
            failed = _settled_by(jobs, total, progress)
        settling.finish()
        changed = state().sequence - before
        model.Session.rollback()
        if failed:
            click.secho(tk._("{left} dataset belum tersusun. Sebabnya ada di log; jalankan lagi "
                             "perintah ini.").format(left=_left()), fg="red", err=True)
            sys.exit(1)
        said = tk._("{total} dataset disusun ulang, {changed} berubah. {seconds} detik.")
        click.echo(said.format(
            total=total, changed=changed, seconds=f"{time.monotonic() - start:.1f}"))


def _left() -> int:
    found = model.Session.scalar(sa.select(sa.func.count(sa.distinct(Mark.package_id)))) or 0
    model.Session.rollback()
    return found


def _settled_by(jobs: int, total: int, progress: Progress) -> bool:
    """Settle all marks in some processes; tell whether one of them failed."""
    if jobs == 1:
        while True:
            with unit_of_work():
                claim = settling.claimed()
                settling.settle(claim)
            if not claim.marks:
                return settling.waiting() is not None
            progress.step(len(claim.packages))
    assert model.meta.engine is not None
    model.Session.remove()
    model.meta.engine.dispose()
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_work) for _ in range(jobs)]
    for each in workers:
        each.start()
    done = 0
    while any(each.is_alive() for each in workers):
        time.sleep(_LOOK)
        now = max(0, total - _left())
        progress.step(max(0, now - done))
        done = max(done, now)
    progress.step(max(0, total - _left() - done))
    return any(each.exitcode for each in workers)


def _work() -> None:
    """Settle until nothing is left that nobody works on."""
    assert model.meta.engine is not None
    model.meta.engine.dispose(close=False)  # connections of the process this one came from
    while True:
        with unit_of_work():
            claim = settling.claimed()
            settling.settle(claim)
        if not claim.marks:
            return


@feed.command()
def status() -> None:
    """Say what the feed holds and what waits to be settled."""
    with default_language():
        here = state()
        rows: Sequence[tuple[str, Any]] = (
            (tk._("Dataset publik"), here.live),
            (tk._("Nomor perubahan terakhir"), here.sequence),
            (tk._("Slot terakhir"), here.slot),
            (tk._("Perubahan terakhir"), here.changed_at.isoformat(timespec="seconds")),
            (tk._("Lengkap sejak"), here.filled_at.isoformat(timespec="seconds")
             if here.filled_at else tk._("belum lengkap")),
            (tk._("Menunggu disusun"), _left()),
        )
        for name, value in rows:
            click.echo(f"{name}: {value}")
