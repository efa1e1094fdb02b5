"""Permissions to open restricted files: given and taken under one lock a dataset, kept for ever."""
from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.plugins.toolkit import _
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.satudata.access import fields, opening
from ckanext.satudata.access.model import AccessGrant
from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.access import (
    Audience,
    Basis,
    Holder,
    audience_of,
    audiences,
    opened_by,
)
from ckanext.satudata.domain.requests import desk
from ckanext.satudata.domain.roles import Actor, Grant, Role
from ckanext.satudata.shared import audit, moment, outbox
from ckanext.satudata.shared.actor import actor_of, people_among
from ckanext.satudata.shared.db import lock, unit_of_work
from ckanext.satudata.shared.signals import ended

__all__ = [
    "EVENT", "Named", "audience", "create", "demand_right", "give", "holder_of", "on_ended",
    "revoke", "select",
]

#: Kind of the events of this room, and of the message that tells people of one.
EVENT = "akses"
#: Of the message that mails somebody without an account.
LETTER = "surel_akses"
_NAMED = ("user", "organization", "role")
#: Why a permission of a purged dataset ends; data, so not translated.
_PURGED = "Datanya dihapus selamanya."


@dataclass(frozen=True)
class Named:
    """Whom a permission names.

    :param label: as people read it, kept in the event
    """

    kind: Holder
    id: str
    label: str


def create(by: Actor, data: dict[str, Any]) -> AccessGrant:
    """Give a permission, with its event in the same commit.

    :raises tk.ValidationError: naming each field that is wrong
    :raises tk.NotAuthorized: somebody else answers for whom it names
    """
    now = moment.now()
    wrong: dict[str, list[str]] = {}
    package = fields.collect(wrong, "id", lambda: _restricted(data))
    named = _named(wrong, data)
    reason = fields.collect(wrong, "reason", lambda: fields.text(
        data, "reason", fields.MAX_REASON, _("Tulis alasan izin ini; alasan tercatat.")))
    ends = fields.collect(wrong, "until", lambda: fields.until(data, now))
    if wrong:
        raise tk.ValidationError(wrong)
    assert package is not None and named is not None and reason and ends
    with unit_of_work():
        return give(by, package, named, reason, ends, now=now)


def give(
    by: Actor, package: model.Package, named: Named, reason: str, until: dt.datetime, *,
    files: Sequence[str] = (), request_id: str | None = None, now: dt.datetime | None = None,
) -> AccessGrant:
    """Give a permission inside the unit of work of the caller; commits nothing.

    :param until: the moment after its last day
    :param files: ids of the resources it opens; none: all
    :param request_id: the request it answers: who answers those was asked already
    :raises tk.ValidationError: it would give nothing new
    :raises tk.NotAuthorized: somebody else answers for whom it names
    """
    now = now or moment.now()
    if request_id is None:
        demand_right(by, audience(named))
    lock(EVENT, package.id)
    _refuse_useless(by, package, named, files, now)
    grant = AccessGrant(
        id=str(uuid.uuid4()), package_id=package.id, kind=named.kind.value, holder=named.id,
        files=sorted(files), reason=reason, since=now, until=until, request_id=request_id,
        granted_by=by.id or None, granted_at=now, revoke_reason="")
    model.Session.add(grant)
    model.Session.flush()
    _record("beri_izin", by, grant, named.label, reason, now)
    return grant


def revoke(by: Actor, data: dict[str, Any]) -> AccessGrant:
    """Take a permission back, with its event in the same commit; it stays on record.

    :raises tk.ObjectNotFound: there is none
    :raises tk.ValidationError: no reason, or it is over already
    :raises tk.NotAuthorized: somebody else answers for whom it names
    """
    wrong: dict[str, list[str]] = {}
    identifier = fields.collect(wrong, "id", lambda: fields.text(data, "id"))
    reason = fields.collect(wrong, "reason", lambda: fields.text(
        data, "reason", fields.MAX_REASON, _("Tulis alasan pencabutan; alasan ini tercatat.")))
    if wrong:
        raise tk.ValidationError(wrong)
    with unit_of_work():
        grant = model.Session.get(AccessGrant, identifier or "", with_for_update=True,
                                  populate_existing=True)
        if grant is None:
            raise tk.ObjectNotFound(_("Izin “{id}” tidak ada.").format(id=identifier))
        named = holder_of(grant)
        # Who answers requests takes back what an answer gave, whomever it names.
        if grant.request_id is None or not desk(by).answers:
            demand_right(by, audience(named))
        if grant.revoked_at is not None or grant.until <= moment.now():
            raise tk.ValidationError({"id": [_(
                "Izin ini sudah berakhir; tidak ada yang perlu dicabut.")]})
        _revoke(grant, by, named, reason or "")
    return grant


@ended.connect
def on_ended(package_id: str, actor: str | None) -> None:
    """Take back the permissions of a purged dataset: its id may be given to another."""
    for each in model.Session.scalars(sa.select(AccessGrant).where(
            AccessGrant.package_id == package_id, AccessGrant.revoked_at.is_(None),
            AccessGrant.until > moment.now()).with_for_update()):
        _revoke(each, Actor(actor or ""), holder_of(each), _PURGED)


def _revoke(grant: AccessGrant, by: Actor, named: Named, reason: str) -> None:
    now = moment.now()
    grant.revoked_at, grant.revoked_by, grant.revoke_reason = now, by.id or None, reason
    _record("cabut_izin", by, grant, named.label, reason, now)


def select(
    *, package_id: str = "", holder: tuple[Holder, str] | None = None, of: Actor | None = None,
    past: bool = False, limit: int = 100, offset: int = 0,
) -> tuple[int, list[AccessGrant]]:
    """Return how many permissions there are, and one page of them, newest first.

    :param of: only those that hold for this person, by name, membership or role
    """
    query = sa.select(AccessGrant)
    if package_id:
        query = query.where(AccessGrant.package_id == package_id)
    if holder is not None:
        query = query.where(AccessGrant.kind == holder[0].value, AccessGrant.holder == holder[1])
    if of is not None:
        query = query.where(_of(of))
    if not past:
        query = query.where(AccessGrant.revoked_at.is_(None), AccessGrant.until > moment.now())
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = model.Session.scalars(
        query.order_by(AccessGrant.granted_at.desc(), AccessGrant.id).limit(limit).offset(offset)
        .execution_options(populate_existing=True))
    return count, list(rows)


def holder_of(grant: AccessGrant) -> Named:
    """Return whom a permission names, by the name they have now."""
    kind = Holder(grant.kind)
    if kind is Holder.PERMOHONAN:
        return Named(kind, grant.holder, _("Pemohon tanpa akun"))
    if kind is Holder.PERAN:
        concept = vocabulary.get("peran").match(grant.holder)
        return Named(kind, grant.holder, concept.label("id") if concept else grant.holder)
    found: Any = model.Session.get(
        model.User if kind is Holder.ORANG else model.Group, grant.holder)
    if found is None:
        return Named(kind, grant.holder, grant.holder)
    shown = found.fullname if kind is Holder.ORANG else found.title
    return Named(kind, grant.holder, shown or found.name)


def audience(named: Named) -> Audience:
    """Tell who answers for whom a permission names."""
    return audience_of(named.kind, actor_of(named.id) if named.kind is Holder.ORANG else None)


def demand_right(by: Actor, of: Audience) -> None:
    """Let only those answer whom Perpres 39/2019 art. 37 names.

    :raises tk.NotAuthorized: saying who does
    """
    if of in audiences(by):
        return
    raise tk.NotAuthorized(
        _("Izin bagi pengguna pemerintah diberikan walidata (Perpres 39/2019 pasal 37).")
        if of is Audience.PEMERINTAH else
        _("Izin bagi masyarakat diberikan PPID (Perpres 39/2019 pasal 37)."))


def _restricted(data: dict[str, Any]) -> model.Package:
    named = fields.text(data, "id", need=_("Sebut dataset yang dibukakan."))
    package = model.Package.get(named)
    if package is None or not opening.is_public(package):
        raise tk.Invalid(_("Dataset “{nama}” tidak ada atau belum terbit.").format(nama=named))
    if not opening.level(package).restricted:
        raise tk.Invalid(_("Data ini terbuka bagi siapa saja; tidak perlu izin."))
    return package


def _named(wrong: dict[str, list[str]], data: dict[str, Any]) -> Named | None:
    given = [name for name in _NAMED if data.get(name) not in (None, "")]
    if len(given) != 1:
        wrong["user"] = [_("Sebut satu saja: pengguna, instansi, atau peran.")]
        return None
    reader = {"user": _user, "organization": _organization, "role": _role}[given[0]]
    return fields.collect(wrong, given[0], lambda: reader(fields.text(data, given[0])))


def _user(written: str) -> Named:
    found = model.User.get(written)
    if found is None or found.state != "active" or not people_among([found.id]):
        raise tk.Invalid(_("Pengguna “{nama}” tidak ada. Tulis nama akunnya.").format(nama=written))
    return Named(Holder.ORANG, found.id, found.fullname or found.name)


def _organization(written: str) -> Named:
    found = model.Group.get(written)
    if found is None or not found.is_organization or found.state != "active":
        raise tk.Invalid(_(
            "Instansi “{nama}” tidak ada atau sudah dihapus. Pilih instansi yang aktif.").format(
                nama=written))
    return Named(Holder.INSTANSI, found.id, found.title or found.name)


def _role(written: str) -> Named:
    concept = vocabulary.get("peran").match(written)
    if concept is None or concept.code not in {each.value for each in Role}:
        raise tk.Invalid(_("Peran “{kode}” tidak ada.").format(kode=written))
    return Named(Holder.PERAN, concept.code, concept.label("id"))


def _refuse_useless(
    by: Actor, package: model.Package, named: Named, files: Sequence[str], now: dt.datetime
) -> None:
    if named.kind is Holder.ORANG and named.id == by.id:
        raise tk.ValidationError({"user": [_(
            "Izin tidak diberikan kepada diri sendiri. Minta rekan yang berwenang.")]})
    if named.kind is Holder.PERMOHONAN:
        return
    if _opens_anyway(package, named, now):
        raise tk.ValidationError({_field(named.kind): [_(
            "{nama} sudah dapat membuka berkas ini tanpa izin, karena tugasnya.").format(
                nama=named.label)]})
    held = model.Session.scalar(
        sa.select(AccessGrant.until).where(
            AccessGrant.package_id == package.id, AccessGrant.kind == named.kind.value,
            AccessGrant.holder == named.id, AccessGrant.revoked_at.is_(None),
            AccessGrant.until > now, AccessGrant.files == sa.cast(sorted(files), JSONB)).limit(1))
    if held is not None:
        raise tk.ValidationError({_field(named.kind): [_(
            "{nama} sudah punya izin sampai {tanggal}. Cabut dahulu bila masanya berubah.").format(
                nama=named.label, tanggal=fields.last_day(held).isoformat())]})


def _opens_anyway(package: model.Package, named: Named, now: dt.datetime) -> bool:
    actor = {
        Holder.ORANG: lambda: actor_of(named.id),
        Holder.INSTANSI: lambda: Actor("?", grants=(Grant(Role.ANGGOTA, named.id),)),
        Holder.PERAN: lambda: Actor("?", grants=(Grant(Role(named.id)),)),
    }[named.kind]()
    right = opened_by(actor, opening.level(package), opening.subject_of(package), (), now)
    return right is not None and right.basis is not Basis.PENGELOLA


def _of(actor: Actor) -> Any:
    member_of = {each.scope for each in actor.grants
                 if each.role in (Role.PRODUSEN_DATA, Role.ANGGOTA)}
    named = {Holder.ORANG: {actor.id}, Holder.INSTANSI: member_of,
             Holder.PERAN: {each.role.value for each in actor.grants}}
    return sa.or_(*(
        sa.and_(AccessGrant.kind == kind.value, AccessGrant.holder.in_(sorted(ids)))
        for kind, ids in named.items()))


def _field(kind: Holder) -> str:
    return {Holder.ORANG: "user", Holder.INSTANSI: "organization", Holder.PERAN: "role"}[kind]


def _record(
    what: str, by: Actor, grant: AccessGrant, label: str, note: str, now: dt.datetime
) -> None:
    event = audit.record(
        EVENT, actor=by.id or None, at=now, package_id=grant.package_id, transition=what, note=note,
        data={"grant": grant.id, "kind": grant.kind, "holder": grant.holder,
              "holder_label": label, "since": grant.since.isoformat(),
              "until": grant.until.isoformat(), "files": grant.files,
              "request": grant.request_id})
    if grant.request_id is None or grant.revoked_at is not None:  # else the answer tells of it
        outbox.put(EVENT, f"{EVENT}:{event.id}", {"event_id": event.id}, event_id=event.id)
        if grant.kind == Holder.PERMOHONAN.value:
            outbox.put(LETTER, f"{LETTER}:{event.id}", {"event_id": event.id}, event_id=event.id)
