"""Permissions and the log as the API and the pages show them, with names of today."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins.toolkit import _

from ckanext.satudata.access import fields, grants
from ckanext.satudata.access.model import AccessGrant, Download
from ckanext.satudata.domain.access import Basis, Standing, standing
from ckanext.satudata.shared import moment

__all__ = ["WAYS", "basis_label", "datasets", "downloads", "permissions", "standing_label",
           "users"]

Data = dict[str, Any]

#: By what right, as people read it.
_BASES: Mapping[Basis, Callable[[], str]] = {
    Basis.TERBUKA: lambda: _("Terbuka"),
    Basis.INSTANSI: lambda: _("Instansi pembuat data"),
    Basis.PEMERIKSA: lambda: _("Pemeriksa"),
    Basis.PPID: lambda: _("PPID"),
    Basis.PEMERINTAH: lambda: _("Pengguna pemerintah"),
    Basis.IZIN: lambda: _("Izin"),
    Basis.DRAF: lambda: _("Pembaca data yang belum terbit"),
    Basis.PENGELOLA: lambda: _("Pengelola portal"),
    Basis.SERVER: lambda: _("Perintah di server"),
}

#: How it left, as people read it.
WAYS: Mapping[str, Callable[[], str]] = {
    "unduh": lambda: _("Unduhan berkas"),
    "versi": lambda: _("Unduhan versi lama"),
    "tabel": lambda: _("Baris tabel"),
    "tautan": lambda: _("Tautan ke luar portal"),
    "arsip": lambda: _("Arsip seluruh berkas"),
}

_STANDINGS: Mapping[Standing, Callable[[], str]] = {
    Standing.BELUM_MULAI: lambda: _("Belum mulai"),
    Standing.BERLAKU: lambda: _("Berlaku"),
    Standing.BERAKHIR: lambda: _("Berakhir"),
    Standing.DICABUT: lambda: _("Dicabut"),
}


def basis_label(code: str) -> str:
    """Return the words for a right; a code of a later version reads as it is."""
    try:
        return _BASES[Basis(code)]()
    except ValueError:
        return code


def standing_label(found: Standing) -> str:
    """Return the words for where a permission stands."""
    return _STANDINGS[found]()


def permissions(rows: Sequence[AccessGrant]) -> list[Data]:
    """Return permissions as dictionaries."""
    people = users(each for row in rows for each in (row.granted_by, row.revoked_by))
    shown = datasets(row.package_id for row in rows)
    return [_permission(row, people, shown) for row in rows]


def downloads(rows: Sequence[Download]) -> list[Data]:
    """Return lines of the log as dictionaries."""
    people, shown = users(row.user_id for row in rows), datasets(row.package_id for row in rows)
    files = _files(row.resource_id for row in rows)
    return [{
        "id": row.id, "at": row.at.isoformat(), "dataset": shown.get(row.package_id) or {
            "id": row.package_id, "name": "", "title": ""},
        "resource_id": row.resource_id, "resource_name": files.get(row.resource_id or "", ""),
        "number": row.number, "sha256": row.sha256, "way": row.way,
        "way_label": WAYS[row.way]() if row.way in WAYS else row.way,
        "size": row.size, "rows": row.rows, "level": row.level,
        "user": people.get(row.user_id or ""), "right": row.right,
        "right_label": basis_label(row.right), "role": row.role, "grant_id": row.grant_id,
    } for row in rows]


def users(ids: Iterable[str | None]) -> dict[str, Data]:
    """Return id -> ``id``, ``name``, ``fullname`` of users."""
    wanted = {each for each in ids if each}
    if not wanted:
        return {}
    return {row.id: {"id": row.id, "name": row.name, "fullname": row.fullname or row.name}
            for row in model.Session.execute(
                sa.select(model.User.id, model.User.name, model.User.fullname)
                .where(model.User.id.in_(wanted)))}


def datasets(ids: Iterable[str]) -> dict[str, Data]:
    """Return id -> ``id``, ``name``, ``title`` of datasets."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {row.id: {"id": row.id, "name": row.name, "title": row.title or row.name}
            for row in model.Session.execute(
                sa.select(model.Package.id, model.Package.name, model.Package.title)
                .where(model.Package.id.in_(wanted)))}


def _files(ids: Iterable[str | None]) -> dict[str, str]:
    wanted = {each for each in ids if each}
    if not wanted:
        return {}
    return dict(model.Session.execute(
        sa.select(model.Resource.id, model.Resource.name)
        .where(model.Resource.id.in_(wanted))).all())


def _permission(row: AccessGrant, people: dict[str, Data], shown: dict[str, Data]) -> Data:
    stands, named = standing(row.permit, moment.now()), grants.holder_of(row)
    return {
        "id": row.id,
        "dataset": shown.get(row.package_id) or {"id": row.package_id, "name": "", "title": ""},
        "kind": row.kind, "holder": row.holder, "holder_label": named.label, "files": row.files,
        "audience": grants.audience(named).value, "reason": row.reason,
        "since": fields.first_day(row.since).isoformat(),
        "until": fields.last_day(row.until).isoformat(),
        "request_id": row.request_id,
        "granted_by": people.get(row.granted_by or ""),
        "granted_at": row.granted_at.isoformat(),
        "revoked_by": people.get(row.revoked_by or ""),
        "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
        "revoke_reason": row.revoke_reason,
        "standing": stands.value, "standing_label": standing_label(stands),
        "effective": stands is Standing.BERLAKU,
    }
