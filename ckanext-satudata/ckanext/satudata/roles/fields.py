"""Reading what came in with a grant: every value is bounded, every refusal says how to mend it."""
from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.plugins.toolkit import _

from ckanext.satudata import config
from ckanext.satudata.domain import vocabulary, workdays
from ckanext.satudata.domain.roles import SCOPES, Role, ScopeKind
from ckanext.satudata.domain.standing import grantable
from ckanext.satudata.shared.reading import day, flag, number, text

__all__ = ["flag", "moment_from", "moment_until", "number", "organization", "role", "scope",
           "text", "user"]

#: Kinds of organization (vocabulary ``jenis_instansi``) that have an agen_statistik.
VILLAGES = ("desa", "kelurahan")
MAX_DECREE = 200
MAX_REASON = 1000


def role(data: dict[str, Any]) -> Role:
    """Return the role to give.

    :raises tk.Invalid: for none, an unknown one, or one that nobody grants.
    """
    code = text(data, "role")
    if code == Role.PRODUSEN_DATA.value:
        raise tk.Invalid(_(
            "Produsen data tidak diberikan di sini: ia mengikuti keanggotaan instansi. Jadikan "
            "pengguna itu editor atau admin di halaman anggota instansinya."))
    known = grantable()
    if code not in {each.value for each in known}:
        raise tk.Invalid(_("Peran “{kode}” tidak ada. Pilih salah satu: {pilihan}.").format(
            kode=code, pilihan=", ".join(each.value for each in known)))
    return Role(code)


def user(data: dict[str, Any]) -> Any:
    """Return the active user named, by name or id.

    :raises tk.Invalid: when there is no such user or the account was deleted.
    """
    written = text(data, "user")
    if not written:
        raise tk.Invalid(_("Tulis nama pengguna yang diberi peran."))
    found = model.User.get(written)
    if found is None:
        raise tk.Invalid(_(
            "Pengguna “{nama}” tidak ada. Tulis nama akunnya, misalnya budi-santoso.").format(
                nama=written))
    if found.state != "active":
        raise tk.Invalid(_(
            "Akun “{nama}” sudah dihapus. Pulihkan dahulu akunnya, atau pilih pengguna lain."
        ).format(nama=found.name))
    return found


def organization(written: str) -> Any:
    """Return an active organization, by name or id, or ``None``."""
    if not written:
        return None
    by_name = sa.case((model.Group.name == written, 0), else_=1)
    return model.Session.scalars(
        sa.select(model.Group)
        .where(sa.or_(model.Group.name == written, model.Group.id == written),
               model.Group.is_organization.is_(True), model.Group.state == "active")
        .order_by(by_name).limit(1)).first()


def scope(data: dict[str, Any], role: Role) -> str:
    """Return what the grant is for, as it is stored: nothing, an id, or a code.

    :raises tk.Invalid: when it does not fit the role.
    """
    written = text(data, "scope")
    kind = SCOPES[role]
    if kind is ScopeKind.INSTALASI:
        if written:
            raise tk.Invalid(_(
                "Peran ini berlaku untuk seluruh pemerintah daerah. Kosongkan cakupannya."))
        return ""
    if kind is ScopeKind.JENIS_DATA:
        codes = [concept.code for concept in vocabulary.get("jenis_data")]
        if written not in codes:
            raise tk.Invalid(_(
                "Jenis data “{kode}” tidak ada. Pilih salah satu: {pilihan}.").format(
                    kode=written, pilihan=", ".join(codes)))
        return written
    if not written:
        raise tk.Invalid(_("Pilih instansi tempat peran ini berlaku."))
    found = organization(written)
    if found is None:
        raise tk.Invalid(_(
            "Instansi “{nama}” tidak ada atau sudah dihapus. Pilih instansi yang aktif.").format(
                nama=written))
    if role is Role.AGEN_STATISTIK and (found.extras or {}).get("jenis_instansi") not in VILLAGES:
        raise tk.Invalid(_(
            "Agen statistik hanya ada di desa atau kelurahan. “{instansi}” bukan keduanya: pilih "
            "desa atau kelurahan, atau ubah jenis instansinya di halaman instansi itu.").format(
                instansi=found.title or found.name))
    return found.id


def moment_from(data: dict[str, Any], now: dt.datetime) -> dt.datetime:
    """Return when the grant begins: the start of the day named, now where none is."""
    named = day(data, "since")
    return now if named is None else workdays.at(named, dt.time(), config.zona_waktu())


def moment_until(
    data: dict[str, Any], begins: dt.datetime, now: dt.datetime
) -> dt.datetime | None:
    """Return the moment after the last day named, ``None`` where the grant has no end.

    :raises tk.Invalid: when that day is over already or lies before the first one.
    """
    named = day(data, "until")
    if named is None:
        return None
    zone = config.zona_waktu()
    today = workdays.local(now, zone).date()
    if named < today:
        raise tk.Invalid(_(
            "Tanggal akhir {tanggal} sudah lewat. Pilih hari ini atau sesudahnya; untuk "
            "mengakhiri peran yang berlaku, cabut peran itu.").format(tanggal=named.isoformat()))
    ends = workdays.at(named + dt.timedelta(days=1), dt.time(), zone)
    if ends <= begins:
        raise tk.Invalid(_(
            "Tanggal akhir {akhir} mendahului tanggal mulai {mulai}. Tukar atau betulkan "
            "salah satunya.").format(
                akhir=named.isoformat(), mulai=workdays.local(begins, zone).date().isoformat()))
    return ends
