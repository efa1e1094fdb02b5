"""How datasets end: a draft is cancelled, what is public is withdrawn first, no event is lost."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.decision import Request
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.roles import Actor
from ckanext.satudata.domain.workflow import EDITABLE, FROZEN, OPEN, PUBLIC, State
from ckanext.satudata.shared import signals
from ckanext.satudata.shared.actor import actor_of, actor_of_context
from ckanext.satudata.shared.asking import acting
from ckanext.satudata.workflow import service, store
from ckanext.satudata.workflow.errors import StateConflict, said_by_ckan
from ckanext.satudata.workflow.guard_call import Call, check_editor, check_source, conflict
from ckanext.satudata.workflow.guard_find import named_text
from ckanext.satudata.workflow.model import Submission
from ckanext.satudata.workflow.watch import ending, said_to_operator

__all__ = ["clear_source", "delete", "end_organization", "purge"]

_STILL_PUBLIC = N_(
    "“{title}” sudah terbit, jadi tidak bisa dihapus. Minta Walidata menariknya dahulu dari "
    "halaman pengajuannya.")
_STILL_SUBMITTED = N_(
    "“{title}” sedang diperiksa ({status}), jadi tidak bisa dihapus. Tarik kembali kirimannya, "
    "atau tunggu sampai dikembalikan.")
_STILL_REVISED = N_(
    "Versi berikutnya dari “{title}” sedang disiapkan. Batalkan dahulu versi itu.")
_ORGANIZATION = N_(
    "{name} masih punya {count} dataset yang terbit atau sedang diperiksa. Tarik atau selesaikan "
    "dahulu, lalu pindahkan atau hapus.")
_PRODUCER = N_(
    "{name} masih menjadi produsen {count} dataset. Pindahkan ke instansi lain atau hapus dahulu, "
    "karena setiap dataset punya produsen data.")


@contextmanager
def delete(call: Call) -> Iterator[None]:
    """Cancel a draft with its event; refuse what is public or being inspected."""
    with said_to_operator():
        ended = _end(call, "package_delete")
    with ending(ended):
        yield


@contextmanager
def purge(call: Call) -> Iterator[None]:
    """The same for good: rows of CKAN go, submissions and events stay."""
    with said_to_operator():
        ended = _end(call, "dataset_purge")
    with ending(ended):
        for each in ended:
            signals.ended.send(each, actor=_who(call).id or None)
        yield


def _end(call: Call, action: str) -> list[str]:
    name = named_text(call.data_dict, "id")
    package = model.Package.get(name) if name else None
    if package is None:
        return []
    identifier = package.id
    if package.type not in store.KINDS:
        check_source(call)
        return [identifier]
    _settle(call, package, action)
    return [identifier]


def _settle(call: Call, package: model.Package, action: str) -> None:
    """Bring the versions of a dataset to an end, or refuse."""
    identifier = package.id
    tk.check_access(action, acting(call.context), {"id": identifier})
    own = store.content(identifier)
    copy = own is not None and own.package_id != identifier
    family = [own] if copy else store.of_package(identifier)
    for hindered, message in (
        ([each for each in family if each.status in PUBLIC and not copy], _STILL_PUBLIC),
        ([each for each in family if each.status in FROZEN], _STILL_SUBMITTED),
        ([each for each in family if each.status in OPEN and each.content_id != identifier],
         _STILL_REVISED),
    ):
        if hindered:
            raise conflict(package, hindered[0], message)
    if not family and package.state == "active" and not package.private:
        raise conflict(package, None, _STILL_PUBLIC)
    for each in family:
        if each.status in EDITABLE:
            with said_by_ckan():
                service.transition(
                    each.id, service.Step(Request("batalkan", each.version)), _who(call))


def _who(call: Call) -> Actor:
    """Return who cancels; code without a person acts as the site does."""
    actor = actor_of_context(call.context)
    if actor.id or not call.context.get("ignore_auth"):
        return actor
    return actor_of(tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"])


@contextmanager
def end_organization(call: Call) -> Iterator[None]:
    """Keep an organization while it answers for data, above all for what is public or inspected.

    CKAN would take the producer off its other datasets, one commit after the other.
    """
    name = named_text(call.data_dict, "id")
    group = model.Group.get(name) if name else None
    if group is not None:
        held = sa.select(sa.func.count()).where(
            Submission.owner_org == group.id,
            Submission.state.in_([each.value for each in FROZEN | PUBLIC]))
        owned = sa.select(sa.func.count()).where(
            model.Package.owner_org == group.id, model.Package.state != "deleted")
        for count, message, state in (
            (model.Session.scalar(held), _ORGANIZATION, State.TERBIT),
            (model.Session.scalar(owned), _PRODUCER, State.DRAF),
        ):
            if count:
                tk.check_access(call.name, dict(call.context), {"id": group.id})
                raise StateConflict(tk._(message).format(
                    name=group.title or group.name, count=count), state.value)
    yield


@contextmanager
def clear_source(call: Call) -> Iterator[None]:
    """Harvested datasets end as others do: ckanext-harvest would delete their rows by SQL."""
    ids = list(_harvested(named_text(call.data_dict, "id")))
    for identifier in ids:
        package = model.Session.get(model.Package, identifier)
        if package is None or package.type not in store.KINDS:
            continue
        if call.name == "harvest_source_clear":
            _settle(call, package, "package_delete")
        elif store.is_public(identifier):
            check_editor(call.context, identifier)
            raise conflict(package, store.content(identifier), _STILL_PUBLIC)
    with ending(ids):
        yield


def _harvested(source: str | None) -> Iterable[Any]:
    if not source or not p.plugin_loaded("harvest"):
        return []
    from ckanext.harvest.model import HarvestObject, HarvestSource

    found = HarvestSource.get(source)
    if not found:
        return []
    return model.Session.scalars(
        sa.select(HarvestObject.package_id)
        .where(HarvestObject.harvest_source_id == found.id, HarvestObject.package_id.is_not(None))
        .distinct().order_by(HarvestObject.package_id))
