"""``ckan satudata outbox``: what waits, what failed and why, and a hand to move it on."""
from __future__ import annotations

import datetime as dt

import ckan.model as model
import ckan.plugins.toolkit as tk
import click
import sqlalchemy as sa

from ckanext.satudata.notices import words
from ckanext.satudata.shared import mail
from ckanext.satudata.shared import outbox as messages
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.language import default_language
from ckanext.satudata.shared.outbox import Message

__all__ = ["outbox"]

_SHOWN = 20


@click.group(short_help="What is to be done after commits: mail, notices, index.")
def outbox() -> None:
    """See what waits in the outbox, or do it now."""


@outbox.command()
def status() -> None:
    """Say what waits, what failed and why, and what was given up."""
    with default_language():
        rows = model.Session.execute(
            sa.select(
                Message.kind,
                sa.func.count().filter(Message.done_at.is_(None)),
                sa.func.count().filter(Message.done_at.is_(None), Message.attempts > 0),
                sa.func.count().filter(Message.done_at.is_not(None), Message.error.is_not(None)),
                sa.func.min(Message.created_at).filter(Message.done_at.is_(None)),
            ).group_by(Message.kind).order_by(Message.kind)).all()
        for kind, waiting, failed, given_up, oldest in rows:
            since = tk._(", sejak {waktu}").format(waktu=words.moment(oldest)) if oldest else ""
            click.echo(tk._("{kind}: {waiting} menunggu, {failed} di antaranya pernah gagal, "
                            "{given_up} dihentikan{since}").format(
                kind=kind, waiting=waiting, failed=failed, given_up=given_up, since=since))
        if not rows:
            click.echo(tk._("Kotak keluar kosong."))
        _tell_errors()
        if not mail.is_set_up():
            click.echo(tk._("Tidak ada surel yang dikirim: isi smtp.server dan smtp.mail_from di "
                            "ckan.ini."))
    model.Session.rollback()


def _tell_errors() -> None:
    failed = model.Session.scalars(
        sa.select(Message).where(Message.error.is_not(None)).order_by(Message.id.desc())
        .limit(_SHOWN))
    for message in failed:
        again = (tk._("dihentikan") if message.done_at else
                 tk._("dicoba lagi {waktu}").format(waktu=words.moment(message.not_before)))
        click.echo(f"  {message.id} {message.key} ({message.attempts}x, {again}): {message.error}")


@outbox.command()
@click.option("--retry", is_flag=True,
              help="Also what failed and waits for its next try, and what was given up.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=1000, show_default=True,
              help="At most so many messages.")
def drain(retry: bool, limit: int) -> None:
    """Do now what waits; with --retry also what failed. Safe beside workers and schedulers."""
    with default_language():
        if retry:
            now = dt.datetime.now(dt.timezone.utc)
            with unit_of_work():
                model.Session.execute(sa.update(Message).where(
                    Message.error.is_not(None)).values(not_before=now, done_at=None))
        done = messages.drain(limit=limit)
        click.echo(tk.ungettext(
            "{n} pesan dikerjakan.", "{n} pesan dikerjakan.", done).format(n=done))
        left = model.Session.scalar(
            sa.select(sa.func.count()).select_from(Message).where(Message.done_at.is_(None)))
        model.Session.rollback()
        if left:
            click.echo(tk.ungettext("{n} masih menunggu.", "{n} masih menunggu.", left).format(
                n=left), err=True)
            raise click.exceptions.Exit(1)
