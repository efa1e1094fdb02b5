"""Giving and taking roles: checked under one lock, kept for ever, written with its event.

One advisory lock for all changes of roles: two admins who each take one of the last two walidata
away would otherwise both be right about the other.
"""
from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.plugins.toolkit import _

from ckanext.satudata import config
from ckanext.satudata.domain.roles import SCOPES, Role, ScopeKind
from ckanext.satudata.domain.standing import Standing, grantable
from ckanext.satudata.roles import fields, words
from ckanext.satudata.shared import actor, audit
from ckanext.satudata.shared.actor import RoleGrant
from ckanext.satudata.shared.db import lock, unit_of_work

__all__ = ["EVENT", "LEAST_WALIDATA", "find", "grant", "is_last_walidata", "revoke", "select",
           "walidata_is_missing"]

#: Kind of the events of this room.
EVENT = "peran"
#: With fewer nobody can approve what the other typed or inspected.
LEAST_WALIDATA = 2

T = TypeVar("T")


def grant(by: str | None, data: dict[str, Any]) -> RoleGrant:
    """Give a role, with its event in the same commit.

    :param by: id of the user who gives it, ``None`` for the system
    :raises tk.ValidationError: naming each field that is wrong
    """
    now = dt.datetime.now(dt.timezone.utc)
    found = _read(data, now)
    with unit_of_work():
        lock(EVENT)
        found.id, found.granted_by, found.granted_at = str(uuid.uuid4()), by, now
        _refuse_unfit(found)
        _refuse_second(found, now)
        model.Session.add(found)
        audit.record(EVENT, actor=by, at=now, transition="beri", note=found.decree, data=_facts(
            found))
    return found


def revoke(by: str | None, data: dict[str, Any]) -> RoleGrant:
    """Take a role away, with its event in the same commit; the grant stays on record.

    :param by: id of the user who takes it, ``None`` for the system
    :raises tk.ObjectNotFound: no such grant
    :raises tk.ValidationError: no reason, over already, or the last walidata without ``force``
    """
    wrong: dict[str, list[str]] = {}
    identifier = _each(wrong, "id", lambda: fields.text(data, "id")) or ""
    reason = _each(wrong, "reason", lambda: fields.text(data, "reason", fields.MAX_REASON))
    force = _each(wrong, "force", lambda: fields.flag(data, "force"))
    if reason == "":
        wrong["reason"] = [_("Tulis alasan pencabutan; alasan ini tercatat di riwayat.")]
    if wrong:
        raise tk.ValidationError(wrong)
    now = dt.datetime.now(dt.timezone.utc)
    with unit_of_work():
        lock(EVENT)
        found = find(identifier)
        ends = words.last_day(found.until)
        if found.revoked_at is not None:
            raise tk.ValidationError({"id": [_("Peran ini sudah dicabut {tanggal}.").format(
                tanggal=words.day(words.first_day(found.revoked_at)))]})
        if found.until is not None and found.until <= now:
            raise tk.ValidationError({"id": [_(
                "Peran ini sudah berakhir {tanggal}; tidak ada yang perlu dicabut.").format(
                    tanggal=words.day(ends))]})
        if not force and is_last_walidata(found):
            raise tk.ValidationError({"force": [_(
                "Ini walidata terakhir: tanpa walidata tidak ada data yang dapat diperiksa atau "
                "terbit. Beri dahulu peran walidata kepada orang lain, atau kirim force=true "
                "dengan alasannya.")]})
        found.revoked_at, found.revoked_by, found.revoke_reason = now, by, reason or ""
        audit.record(EVENT, actor=by, at=now, transition="cabut", note=reason or "", data={
            **_facts(found), "force": bool(force)})
    return found


def find(identifier: str) -> RoleGrant:
    """Return a grant as the database has it now.

    :raises tk.ObjectNotFound: no such grant
    """
    found = None
    if "\x00" not in identifier:  # which the database takes for an error of ours
        found = model.Session.get(RoleGrant, identifier, populate_existing=True)
    if found is None:
        raise tk.ObjectNotFound(_("Pemberian peran “{id}” tidak ada.").format(id=identifier))
    return found


def is_last_walidata(found: RoleGrant) -> bool:
    """Tell whether nobody else would hold walidata if this grant went."""
    if found.role != Role.WALIDATA.value:
        return False
    rest = actor.standings(model.Session.scalars(
        sa.select(RoleGrant)
        .where(RoleGrant.role == found.role, RoleGrant.revoked_at.is_(None))
        .execution_options(populate_existing=True)))
    holding = {key for key, stands in rest.items() if stands is Standing.BERLAKU}
    return holding == {found.id}


def select(
    *, user: str = "", role: str = "", scope: str = "", q: str = "",
    past: bool | None = False, limit: int, offset: int = 0,
) -> tuple[int, list[RoleGrant]]:
    """Return how many grants there are and one page of them, by role, person and time.

    :param user: id of a user
    :param q: only where the person's or the organization's name contains this
    :param past: only those whose time is over or that were revoked (``True``), only the others
        (``False``), all (``None``)
    """
    now = dt.datetime.now(dt.timezone.utc)
    over = sa.or_(RoleGrant.revoked_at.is_not(None), sa.and_(
        RoleGrant.until.is_not(None), RoleGrant.until <= now))
    where: list[Any] = []
    if user:
        where.append(RoleGrant.user_id == user)
    if role:
        where.append(RoleGrant.role == role)
    if scope:
        where.append(RoleGrant.scope == scope)
    if q:
        like = "%" + re.sub(r"([\\%_])", r"\\\1", q) + "%"
        where.append(sa.or_(*(column.ilike(like, escape="\\") for column in (
            model.User.fullname, model.User.name, model.Group.title, model.Group.name))))
    if past is not None:
        where.append(over if past else sa.not_(over))
    order = sa.case({each.value: number for number, each in enumerate(grantable())},
                    value=RoleGrant.role, else_=len(grantable()))
    name = sa.func.coalesce(sa.func.nullif(model.User.fullname, ""), model.User.name, "")
    joined = (sa.select(RoleGrant)
              .outerjoin(model.User, model.User.id == RoleGrant.user_id)
              .outerjoin(model.Group, model.Group.id == RoleGrant.scope)
              .where(*where))
    count = model.Session.scalar(
        joined.with_only_columns(sa.func.count(), maintain_column_froms=True))
    query = joined.order_by(order, sa.func.lower(name), RoleGrant.since, RoleGrant.id)
    return count or 0, list(model.Session.scalars(query.limit(limit).offset(offset)))


def _read(data: dict[str, Any], now: dt.datetime) -> RoleGrant:
    """Return the grant asked for, not yet stored; every field that is wrong is named at once."""
    wrong: dict[str, list[str]] = {}
    user = _each(wrong, "user", lambda: fields.user(data))
    role = _each(wrong, "role", lambda: fields.role(data))
    scope = _each(wrong, "scope", lambda: fields.scope(data, role)) if role else None
    decree = _each(wrong, "decree", lambda: fields.text(data, "decree", fields.MAX_DECREE))
    since = _each(wrong, "since", lambda: fields.moment_from(data, now))
    until = _each(wrong, "until", lambda: fields.moment_until(data, since or now, now))
    if wrong or role is None or since is None:
        raise tk.ValidationError(wrong)
    return RoleGrant(user_id=user.id, role=role.value, scope=scope or "", decree=decree or "",
                     since=since, until=until, revoke_reason="")


def _each(wrong: dict[str, list[str]], name: str, read: Callable[[], T]) -> T | None:
    try:
        return read()
    except tk.Invalid as error:
        wrong[name] = [str(error.error)]
        return None


def _refuse_unfit(found: RoleGrant) -> None:
    """Refuse a grant that would not hold: it would look given and give nothing."""
    stands = actor.standings([found])[found.id]
    if stands is Standing.BUKAN_ANGGOTA:
        member_of = fields.organization(
            config.walidata() if found.role == Role.WALIDATA.value else found.scope)
        raise tk.ValidationError({"user": [_(
            "Peran ini hanya untuk anggota {instansi}. Masukkan dahulu pengguna itu sebagai "
            "anggota instansi tersebut, lalu beri perannya.").format(
                instansi=member_of.title or member_of.name)]})
    if stands is Standing.WALIDATA_BELUM_DIATUR:
        raise tk.ValidationError({"role": [walidata_is_missing()]})
    if stands is Standing.PENGGUNA_NONAKTIF:
        raise tk.ValidationError({"user": [_("Akun ini sudah dihapus. Pilih pengguna lain.")]})
    if stands is Standing.INSTANSI_NONAKTIF:
        raise tk.ValidationError({"scope": [_(
            "Instansi ini sudah dihapus. Pilih instansi yang aktif.")]})


def walidata_is_missing() -> str:
    """Say which line to write where no organization is the walidata."""
    name = config.walidata()
    if not name:
        return _(
            "Organisasi walidata belum diatur. Tulis baris ini di berkas konfigurasi, lalu "
            "mulai ulang portal: ckanext.satudata.walidata = nama-organisasi")
    return _(
        "ckanext.satudata.walidata menyebut “{nama}”, tetapi instansi itu tidak ada atau sudah "
        "dihapus. Betulkan baris itu di berkas konfigurasi, lalu mulai ulang portal.").format(
            nama=name)


def _refuse_second(found: RoleGrant, now: dt.datetime) -> None:
    """Refuse a grant while the same one holds, or will, at some time of it."""
    query = sa.select(RoleGrant).where(
        RoleGrant.user_id == found.user_id, RoleGrant.role == found.role,
        RoleGrant.scope == found.scope, RoleGrant.revoked_at.is_(None),
        sa.or_(RoleGrant.until.is_(None), RoleGrant.until > max(now, found.since)))
    if found.until is not None:
        query = query.where(RoleGrant.since < found.until)
    other = model.Session.scalars(query.order_by(RoleGrant.since).limit(1)).first()
    if other is None:
        return
    since, ends = words.day(words.first_day(other.since)), words.day(words.last_day(other.until))
    held = (_("dari {mulai} sampai {akhir}").format(mulai=since, akhir=ends) if ends
            else _("mulai {mulai} tanpa batas").format(mulai=since))
    raise tk.ValidationError({"user": [_(
        "Pengguna ini sudah memegang peran ini {masa}. Bila keputusannya berubah, cabut dahulu "
        "yang lama.").format(masa=held)]})


def _facts(found: RoleGrant) -> dict[str, Any]:
    """Return what an event keeps: enough to tell the story without the grant."""
    facts = {
        "grant": found.id, "user": found.user_id, "role": found.role, "scope": found.scope,
        "decree": found.decree, "since": found.since.isoformat(),
        "until": found.until.isoformat() if found.until else None,
    }
    if SCOPES[Role(found.role)] is ScopeKind.INSTANSI:
        group = model.Group.get(found.scope)
        facts["scope_title"] = (group.title or group.name) if group else ""
    return facts
