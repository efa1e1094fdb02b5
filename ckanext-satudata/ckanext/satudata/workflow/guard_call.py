"""One guarded call: what is asked, and the lock and the answer of the version it would change."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.guards import Entry, Rule
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.roles import Permission, Subject, may
from ckanext.satudata.domain.workflow import EDITABLE, FROZEN, STATE_LABELS, State
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.asking import acting
from ckanext.satudata.workflow import store
from ckanext.satudata.workflow.errors import StateConflict
from ckanext.satudata.workflow.model import Submission
from ckanext.satudata.workflow.publish import door_of

__all__ = ["Call", "check_editor", "check_source", "conflict", "hold", "through_door"]

#: Actions that one through the door calls: CKAN gives most of them a fresh context.
_INSIDE: ContextVar[bool] = ContextVar("satudata_inside", default=False)

#: Actions that change a file there is, by ``id``.
_OF_A_FILE = frozenset({"resource_patch", "resource_update"})

_OPEN_COPY = N_(
    "“{title}” sudah terbit dan versi berikutnya sedang disiapkan. Ubah salinan kerjanya: "
    "{working_copy}.")
_PUBLIC = N_(
    "“{title}” sudah terbit, jadi isinya tidak diubah langsung. Pilih “Perbarui data” di halaman "
    "pengajuannya, lalu ubah salinan kerjanya.")
_SUBMITTED = N_(
    "“{title}” sudah dikirim untuk diperiksa, jadi isinya tidak bisa diubah. Tarik kembali "
    "kirimannya, atau tunggu sampai dikembalikan.")
_INSPECTED = N_(
    "“{title}” berstatus “{status}”, jadi isinya tidak bisa diubah. Tunggu sampai dikembalikan, "
    "atau minta Walidata mengembalikannya.")
_WITHDRAWN = N_(
    "“{title}” sudah ditarik dari publik. Pilih “Perbaiki dan kirim lagi” di halaman "
    "pengajuannya, lalu ubah isinya.")
_CLOSED = N_(
    "Versi “{title}” ini sudah ditutup ({status}) dan tidak berubah lagi. Buat dataset baru, atau "
    "ubah versi yang sekarang.")


@dataclass
class Call:
    """What somebody asks of a guarded action."""

    name: str
    entry: Entry
    next_action: Callable[..., Any]
    context: Any
    data_dict: dict[str, Any]
    packages: list[str] = field(default_factory=list)

    def proceed(self) -> Any:
        """Let CKAN do it."""
        return self.next_action(self.context, self.data_dict)


@contextmanager
def through_door(context: Any) -> Iterator[bool]:
    """Tell whether this call, or one it is part of, came through the door to the public."""
    if _INSIDE.get() or door_of(context) is None:
        yield _INSIDE.get()
        return
    token = _INSIDE.set(True)
    try:
        yield True
    finally:
        _INSIDE.reset(token)


def hold(call: Call, packages: Iterable[str]) -> None:
    """Lock the versions a call would change until the commit; refuse where one is not editable.

    :raises StateConflict: said only to those who might edit it otherwise, for it names the dataset
    :raises NotAuthorized: to everybody else
    """
    for identifier in packages:
        package = model.Session.get(model.Package, identifier)
        if package is None:
            continue
        if package.type not in store.KINDS:
            check_source(call)
            continue
        if call.entry.rule in (Rule.EDITOR, Rule.GROUP_FIELDS):
            check_editor(call.context, identifier)
        submission = store.lock_content(identifier)
        if submission is None and (package.private or package.state != "active"):
            continue  # came in beside the actions and is entered by the write itself
        if submission is None or submission.status not in EDITABLE:
            check_editor(call.context, identifier)
            raise conflict(package, submission)
    if call.name in _OF_A_FILE:
        _demand_there(call)


def _demand_there(call: Call) -> None:
    """Look at a file as the lock finds it, and refuse to change one that is deleted.

    CKAN takes a file by its place among those there are; a place that was looked at before the
    lock, while somebody deleted another file, is a wrong one or none.

    :raises ObjectNotFound: said only to those who might change it otherwise
    """
    named = call.data_dict.get("id")
    found = model.Resource.get(named) if isinstance(named, str) else None
    if found is None:
        return
    if not model.Session.is_modified(found):
        model.Session.refresh(found)
    if found.state != model.State.ACTIVE and found.package_id:
        check_editor(call.context, found.package_id)
        raise tk.ObjectNotFound(tk._(
            "Berkas ini tidak ada lagi: dihapus sejak Anda membukanya."))


def check_editor(context: Any, package_id: str) -> None:
    """Refuse those who may not edit the dataset in any state.

    :raises NotAuthorized: as CKAN says it
    """
    tk.check_access("package_update", acting(context), {"id": package_id})


def check_source(call: Call) -> None:
    """Let a harvest source be set up by the walidata only: its page is public at once.

    :raises NotAuthorized: to a person who is neither walidata nor sysadmin
    """
    if call.context.get("ignore_auth"):
        return
    if not may(actor_of_context(call.context), Permission.TERBITKAN, Subject()):
        raise tk.NotAuthorized(tk._(
            "Sumber panen diatur oleh Walidata, karena hasilnya langsung terlihat publik. Minta "
            "Walidata menambahkannya."))


def conflict(
    package: model.Package, submission: Submission | None, message: str | None = None
) -> StateConflict:
    """Return the refusal for the state a dataset is in, with the way to mend it."""
    copy = store.visible_open(package.id)
    public = store.is_public(package.id) or submission is None
    versions = store.of_package(package.id)
    state = State.TERBIT if public or not versions else versions[0].status
    more: dict[str, Any] = {"package_id": package.id}
    if submission is not None:
        more["submission"] = submission.id
    if copy is not None:
        more["working_copy"] = copy.content_id
    text = message or (
        _OPEN_COPY if public and copy is not None else
        _PUBLIC if public else
        _SUBMITTED if state is State.DIAJUKAN else
        _INSPECTED if state in FROZEN else
        _WITHDRAWN if state is State.DITARIK else _CLOSED)
    return StateConflict(
        tk._(text).format(
            title=package.title or package.name, status=tk._(STATE_LABELS[state]),
            working_copy=copy.content_id if copy is not None else ""),
        state.value, **more)
