"""The last line: no code of this process publishes, hides or ends a dataset beside the workflow.

The guards stand in actions. What writes rows itself (``ckan dataset delete``, a plugin with its own
models) is seen when the session is flushed, and refused there. Statements in plain SQL are not
seen: whoever may send those holds the database.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk
import click
import flask
import sqlalchemy as sa

from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.workflow import FROZEN, PUBLIC, State
from ckanext.satudata.shared import withheld
from ckanext.satudata.workflow import publish, store
from ckanext.satudata.workflow.errors import StateConflict
from ckanext.satudata.workflow.model import Submission

__all__ = ["ending", "said_to_operator", "watch"]

_ENDING: ContextVar[frozenset[str]] = ContextVar("satudata_ending", default=frozenset())

_PUBLISH = N_("“{title}” hanya terbit lewat alur pemeriksaan Walidata.")
_HIDE = N_("“{title}” sudah terbit. Minta Walidata menariknya dari halaman pengajuannya.")
_END = N_(
    "“{title}” sudah terbit atau sedang diperiksa, jadi tidak bisa dihapus. Tarik dahulu dari "
    "halaman pengajuannya.")


@contextmanager
def ending(packages: Iterable[str]) -> Iterator[None]:
    """Let datasets end that the guards have brought to an end."""
    token = _ENDING.set(_ENDING.get() | frozenset(packages))
    try:
        yield
    finally:
        _ENDING.reset(token)


@contextmanager
def said_to_operator() -> Iterator[None]:
    """Let a command of CKAN end with the reason instead of a traceback."""
    try:
        yield
    except StateConflict as error:
        if click.get_current_context(silent=True) and not flask.has_request_context():
            raise click.ClickException(error.error_dict["message"][0]) from error
        raise


def watch() -> None:
    """Look at every flush from now on; called once the plugin is configured."""
    if not sa.event.contains(model.Session, "before_flush", _look):
        sa.event.listen(model.Session, "before_flush", _look)


def _look(session: Any, _context: Any, _instances: Any) -> None:
    """Compare what is about to be written with what the workflow holds."""
    if not (session.dirty or session.new or session.deleted) or not p.plugin_loaded("satudata"):
        return
    for each in session.new:
        # package_create has said so already; this is for what makes rows itself.
        if isinstance(each, model.Package) and each.type in store.KINDS and not each.private:
            each.private = True
    if publish.is_opening():
        return
    for each in session.dirty:
        if isinstance(each, model.Package) and each.type in store.KINDS:
            _check_change(session, each)
    for each in session.deleted:
        if isinstance(each, model.Package) and each.type in store.KINDS:
            _check_end(session, each)
            withheld.forget(each.id)


def _check_change(session: Any, package: model.Package) -> None:
    state = sa.inspect(package)
    if state.attrs.private.history.added:
        _check_visibility(session, package, bool(state.attrs.private.history.added[0]))
    if state.attrs.state.history.added == ["deleted"]:
        _check_end(session, package)


def _check_visibility(session: Any, package: model.Package, private: bool) -> None:
    public = _has(session, package.id, PUBLIC)
    if private == public:  # visible without a published version, or hidden while there is one
        _refuse(_HIDE if private else _PUBLISH, package)


def _check_end(session: Any, package: model.Package) -> None:
    if package.id not in _ENDING.get() and _has(session, package.id, FROZEN | PUBLIC):
        _refuse(_END, package)


def _has(session: Any, package_id: str, states: Iterable[State]) -> bool:
    with session.no_autoflush:
        return session.scalar(sa.select(sa.exists().where(
            sa.or_(Submission.package_id == package_id, Submission.content_id == package_id),
            Submission.state.in_([each.value for each in states])))) or False


def _refuse(message: str, package: model.Package) -> None:
    with said_to_operator():
        raise StateConflict(
            tk._(message).format(title=package.title or package.name), "terbit",
            package_id=package.id)
