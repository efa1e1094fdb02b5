"""The rules of ``domain/guards.py`` beside "only while it is editable", one function each.

Each is a context manager around CKAN's own action: it refuses, mends what was sent, or does what
has to come with it.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any

import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.guards import Rule
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.roles import Permission, Subject, may
from ckanext.satudata.domain.workflow import State
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.workflow import guard_find, store
from ckanext.satudata.workflow.guard_account import account, own_token
from ckanext.satudata.workflow.guard_call import Call, check_editor, check_source, conflict, hold
from ckanext.satudata.workflow.guard_end import clear_source, delete, end_organization, purge
from ckanext.satudata.workflow.guard_find import named_text

__all__ = ["RULES"]

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
#: ``private`` and ``state`` were asked for by name, not sent back with the rest of a dataset.
_EXPLICIT: ContextVar[bool] = ContextVar("satudata_explicit", default=False)
#: A datastore_create is under way, which writes rows after whatever it calls.
_ROWS_FOLLOW: ContextVar[bool] = ContextVar("satudata_rows_follow", default=False)

_PUBLISH = N_(
    "Dataset terbit hanya setelah diperiksa dan disetujui Walidata. Buka dataset, lalu pilih "
    "“Kirim untuk diperiksa”.")
_REMOVE = N_("Hapus dataset dengan package_delete, agar pembatalannya tercatat.")
_STATE = N_("Status CKAN “{state}” tidak dikenal. Tulis draft atau active.")
_NO_WAY_BACK = N_("Dataset yang sudah lengkap tidak kembali menjadi isian setengah jadi.")
_TYPE = N_("Jenis dataset “{type}” tidak dikenal portal ini. Pakai salah satu dari {known}.")
_TAKEN = N_("Id sumber daya {id} sudah dipakai. Kosongkan id agar portal memberi yang baru.")
_ALIAS = N_("Alias “{alias}” berbentuk id sumber daya. Pakai nama yang bisa dibaca orang.")
_NO_PRODUCER = N_("Setiap dataset punya produsen data. Pilih instansinya.")
_MOVE_LATER = N_(
    "Produsen data “{title}” hanya bisa diganti selama masih draf. Tarik kembali atau batalkan "
    "pengajuannya dahulu.")
_MOVE_NOT_YOURS = N_(
    "Produsen data diganti oleh orang yang berhak mengisi untuk kedua instansi, atau oleh "
    "Walidata. Minta Walidata menggantinya.")
_GROUP_STATE = N_("Hapus dengan {action}, agar dataset di dalamnya diperiksa dahulu.")
_GROUP_KIND = N_("Instansi dan grup tidak bisa saling diubah. Buat yang baru.")


@contextmanager
def _none(call: Call) -> Iterator[None]:
    yield


@contextmanager
def _new(call: Call) -> Iterator[None]:
    """A new dataset is a private draft of a type that has a workflow, with files of its own."""
    data = call.data_dict
    kind = named_text(data, "type")
    if kind == "harvest":
        check_source(call)
        yield
        return
    if kind is None:
        data.pop("type", None)  # CKAN chooses the default type only where there is no key
    elif kind not in store.KINDS:
        raise tk.ValidationError({"type": [tk._(_TYPE).format(
            type=kind[:50], known=", ".join(sorted(store.KINDS)))]})
    data["private"] = True
    _check_state(data, None)
    _check_resources(data, None)
    _keep_relationships(data, None)
    try:
        yield
    except tk.ValidationError as error:
        # CKAN lets nothing of nobody be private, and says so of a field no person filled in.
        if data.get("owner_org") or "private" not in error.error_dict:
            raise
        told = {key: value for key, value in error.error_dict.items() if key != "private"}
        raise tk.ValidationError({**told, "owner_org": [tk._(_NO_PRODUCER)]}) from error


@contextmanager
def _fields(call: Call) -> Iterator[None]:
    """``private``, ``state``, produsen and whose a resource is are not content."""
    data = call.data_dict
    for identifier in call.packages:
        package = model.Session.get(model.Package, identifier)
        if package is None or package.type not in store.KINDS:
            continue
        _keep_private(data, package)
        _check_state(data, package.state)
        _check_resources(data, package)
        _keep_relationships(data, package)
        if "owner_org" in data:
            _check_move(call, package, data["owner_org"])
    yield


@contextmanager
def _explicit(call: Call) -> Iterator[None]:
    token = _EXPLICIT.set(True)
    try:
        yield
    finally:
        _EXPLICIT.reset(token)


def _keep_private(data: dict[str, Any], package: model.Package) -> None:
    if "private" not in data:
        return
    if _EXPLICIT.get() and bool(_truth(data["private"])) != bool(package.private):
        raise conflict(package, store.content(package.id), _PUBLISH)
    data["private"] = package.private


def _truth(value: Any) -> bool | None:
    """Return what a flag of a request says, or None for what is none."""
    if isinstance(value, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(value.strip().lower())
    return bool(value) if isinstance(value, int) and value in (0, 1) else None


def _check_state(data: dict[str, Any], stored: str | None) -> None:
    """Let the form finish a draft (``draft`` to ``active``); no other state is an edit."""
    asked = data.get("state")
    if asked is None or asked == stored or (asked == "active" and stored in (None, "draft")):
        return
    if asked == "deleted":
        raise tk.ValidationError({"state": [tk._(_REMOVE)]})
    if asked not in ("draft", "active"):
        raise tk.ValidationError({"state": [tk._(_STATE).format(state=str(asked)[:50])]})
    if stored is not None:
        if _EXPLICIT.get():
            raise tk.ValidationError({"state": [tk._(_NO_WAY_BACK)]})
        data["state"] = stored


def _check_resources(data: dict[str, Any], package: model.Package | None) -> None:
    """Refuse ids of resources that are or were another dataset's.

    CKAN refuses those in use only: the id of a deleted resource would bring its table along.
    """
    resources = data.get("resources")
    if not isinstance(resources, list):
        return
    named = {named_text(each, "id") for each in resources if isinstance(each, Mapping)} - {None}
    if not named:
        return
    owned = {each.id: each.package_id for each in model.Session.execute(
        sa.select(model.Resource.id, model.Resource.package_id)
        .where(model.Resource.id.in_(named)))}
    own = package.id if package is not None else None
    taken = [each for each, owner in owned.items() if owner != own]
    taken += _tables(named - set(owned))
    if taken:
        raise tk.ValidationError({"resources": [tk._(_TAKEN).format(id=min(taken))]})


def _tables(identifiers: set[Any]) -> list[str]:
    """Return which of these name a datastore table, left behind by a purged resource."""
    if not identifiers or not p.plugin_loaded("datastore"):
        return []
    from ckanext.datastore.backend import DatastoreBackend

    backend = DatastoreBackend.get_active_backend()
    return [each for each in identifiers if backend.resource_exists(each)]


def _keep_relationships(data: dict[str, Any], package: model.Package | None) -> None:
    """Leave relations to package_relationship_*, which ask for both ends.

    CKAN would take a relation of two other datasets from its id alone.
    """
    for key in ("relationships_as_subject", "relationships_as_object"):
        if key in data and (data[key] or (package is not None and getattr(package, key))):
            data.pop(key)


def _check_move(call: Call, package: model.Package, asked: Any) -> None:
    if asked is not None and not isinstance(asked, str):
        raise tk.ValidationError({"owner_org": [tk._("Tulis id atau nama sebagai teks biasa.")]})
    if asked == package.owner_org:
        return
    wanted = model.Group.get(named_text({"owner_org": asked}, "owner_org") or "")
    if wanted is not None and wanted.id == package.owner_org:
        return
    check_editor(call.context, package.id)
    if not asked:
        raise tk.ValidationError({"owner_org": [tk._(_NO_PRODUCER)]})
    if wanted is None:
        return  # CKAN says that there is no such organization
    submission = store.lock_content(package.id)
    if submission is not None and submission.status is not State.DRAF:
        raise conflict(package, submission, _MOVE_LATER)
    if call.context.get("ignore_auth"):
        return
    actor = actor_of_context(call.context)
    for organization in (package.owner_org or "", wanted.id):
        subject = Subject(organization)
        if not (may(actor, Permission.ISI, subject)
                or may(actor, Permission.ISI_ATAS_NAMA, subject)):
            raise tk.NotAuthorized(tk._(_MOVE_NOT_YOURS))


@contextmanager
def _move(call: Call) -> Iterator[None]:
    """CKAN calls this inside every package_update, with the organization the dataset has."""
    name = named_text(call.data_dict, "id")
    package = model.Package.get(name) if name else None
    if package is None:
        yield
    elif package.type not in store.KINDS:
        check_source(call)
        yield
    else:
        before = package.owner_org
        _check_move(call, package, call.data_dict.get("organization_id"))
        yield
        if before != package.owner_org:
            call.packages = [package.id]


@contextmanager
def _group_fields(call: Call) -> Iterator[None]:
    """Keep a group or organization from ending, or turning into the other, by an edit."""
    data = call.data_dict
    name = named_text(data, "id")
    group = model.Group.get(name) if name else None
    if group is not None:
        kind = "organization" if group.is_organization else "group"
        if data.get("state") == "deleted" and group.state != "deleted":
            raise tk.ValidationError({"state": [
                tk._(_GROUP_STATE).format(action=f"{kind}_delete")]})
        if data.get("is_organization") is not None:
            if _truth(data["is_organization"]) is not bool(group.is_organization):
                raise tk.ValidationError({"is_organization": [tk._(_GROUP_KIND)]})
            data["is_organization"] = bool(group.is_organization)
    yield


@contextmanager
def _table(call: Call) -> Iterator[None]:
    """Give no table the id of a resource as an alias: whoever asks for that one would get this."""
    asked = call.data_dict.get("aliases")
    names = asked.split(",") if isinstance(asked, str) else asked
    if names is not None and not (
            isinstance(names, list) and all(isinstance(each, str) for each in names)):
        raise tk.ValidationError({"aliases": [tk._("Tulis sebagai daftar nama.")]})
    for each in names or []:
        name = each.strip()[:64]
        if _ID.fullmatch(name) or guard_find.resource_package(name):
            raise tk.ValidationError({"aliases": [tk._(_ALIAS).format(alias=name)]})
    token = _ROWS_FOLLOW.set(True)
    try:
        yield
    finally:
        _ROWS_FOLLOW.reset(token)


@contextmanager
def _first_half(call: Call) -> Iterator[None]:
    """Hold the version anew where datastore_create made a resource and goes on to its rows.

    CKAN commits the resource and each of its views by itself, and the lock goes with a commit:
    the dataset could be handed in, even approved, while its rows are still being written.
    """
    yield
    if _ROWS_FOLLOW.get():
        hold(call, call.packages)


@contextmanager
def _stored_file(call: Call) -> Iterator[None]:
    """Keep CKAN's files API away from the storage that holds the files of resources."""
    name = named_text(call.data_dict, "id")
    record = model.Session.get(model.File, name) if name else None
    asked = record.storage if record is not None else (
        named_text(call.data_dict, "storage") or tk.config["ckan.files.default_storages.default"])
    if asked in {"resources", tk.config["ckan.files.default_storages.resource"]}:
        raise tk.NotAuthorized(tk._(call.entry.say))
    yield


@contextmanager
def _portal_only(call: Call) -> Iterator[None]:
    if not call.context.get("ignore_auth"):
        raise tk.NotAuthorized(tk._(call.entry.say))
    yield


@contextmanager
def _never(call: Call) -> Iterator[None]:
    raise tk.NotAuthorized(tk._(call.entry.say))
    yield


RULES: Mapping[Rule, Callable[[Call], AbstractContextManager[None]]] = {
    Rule.NONE: _none,
    Rule.NEW: _new,
    Rule.FIELDS: _fields,
    Rule.EXPLICIT: _explicit,
    Rule.EDITOR: _none,  # asked while the lock is taken
    Rule.TABLE: _table,
    Rule.FIRST_HALF: _first_half,
    Rule.GROUP_FIELDS: _group_fields,
    Rule.DELETE: delete,
    Rule.PURGE: purge,
    Rule.MOVE: _move,
    Rule.END_ORGANIZATION: end_organization,
    Rule.CLEAR_SOURCE: clear_source,
    Rule.OWN_TOKEN: own_token,
    Rule.ACCOUNT: account,
    Rule.STORED_FILE: _stored_file,
    Rule.PORTAL_ONLY: _portal_only,
    Rule.NEVER: _never,
}
