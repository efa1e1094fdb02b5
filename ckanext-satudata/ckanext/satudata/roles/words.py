"""How roles, permissions and their standing are called, in the reader's language."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import ckan.plugins.toolkit as tk
from babel.dates import format_date
from ckan.plugins.toolkit import _
from flask import has_request_context

from ckanext.satudata import config
from ckanext.satudata.domain import vocabulary, workdays
from ckanext.satudata.domain.roles import GRANTS, SCOPES, Permission, Reach, Role, ScopeKind
from ckanext.satudata.domain.standing import Standing

__all__ = ["day", "duties", "first_day", "last_day", "role_label", "scope_rule", "standing_label"]

P = Permission

#: What a permission lets somebody do, as it reads after "Boleh"; a function, for the language.
PHRASES: Mapping[Permission, Callable[[], str]] = {
    P.BACA: lambda: _("membaca data yang belum terbit"),
    P.ISI: lambda: _("mengisi dan memperbaiki data"),
    P.ISI_ATAS_NAMA: lambda: _("mengisi atas nama instansi"),
    P.KONFIRMASI: lambda: _("mengonfirmasi isian atas nama"),
    P.AJUKAN: lambda: _("mengirim data untuk diperiksa"),
    P.TANDA_TANGAN: lambda: _("menandatangani pengajuan"),
    P.TARIK_AJUAN: lambda: _("menarik kembali pengajuan"),
    P.PERIKSA: lambda: _("memeriksa"),
    P.ALIHKAN: lambda: _("mengalihkan pemeriksaan"),
    P.KEMBALIKAN: lambda: _("mengembalikan ke instansi"),
    P.SETUJUI: lambda: _("menyetujui"),
    P.PERIKSA_PEMBINA: lambda: _("memeriksa ulang Data Prioritas"),
    P.TERUSKAN: lambda: _("meneruskan hasil pembina"),
    P.TERBITKAN: lambda: _("menerbitkan"),
    P.BATALKAN_PERSETUJUAN: lambda: _("membatalkan persetujuan"),
    P.TARIK: lambda: _("menarik data yang terbit"),
    P.TARIK_DARURAT: lambda: _("menarik data dalam keadaan darurat"),
    P.REVISI: lambda: _("membuka revisi"),
    P.BATALKAN: lambda: _("membatalkan draf"),
    P.BERITA_ACARA: lambda: _("membuat Berita Acara"),
    P.PANTAU: lambda: _("memantau tenggat"),
    P.BACA_TERBATAS: lambda: _("membaca berkas terbatas"),
    P.KELOLA_PERAN: lambda: _("mengelola peran"),
    P.BUAT_TAUTAN: lambda: _("membuat tautan setor"),
    P.KELOLA_KODE: lambda: _("mengelola kode referensi"),
}

#: Where a permission reaches less far than the role.
NARROWER: Mapping[tuple[Permission, Reach], Callable[[], str]] = {
    (P.BACA, Reach.RESTRICTED): lambda: _("membaca data yang aksesnya dibatasi"),
    (P.BACA, Reach.AT_PEMBINA): lambda: _("membaca data yang sudah sampai kepadanya"),
}

SCOPE_RULES: Mapping[ScopeKind, Callable[[], str]] = {
    ScopeKind.INSTALASI: lambda: _("Berlaku untuk seluruh pemerintah daerah."),
    ScopeKind.INSTANSI: lambda: _("Berlaku untuk satu instansi."),
    ScopeKind.JENIS_DATA: lambda: _("Berlaku untuk satu jenis data."),
}


def role_label(code: str) -> str:
    """Return the name of a role; an unknown one reads as its code."""
    known = vocabulary.get("peran").match(code)
    return known.label(_language()) if known else code


def jenis_data_label(code: str) -> str:
    """Return the name of a jenis_data."""
    known = vocabulary.get("jenis_data").match(code)
    return known.label(_language()) if known else code


def duties(role: Role) -> str:
    """Return in one line what a role may do, as the table of the law has it."""
    said = (NARROWER.get((permission, reach), PHRASES[permission])()
            for permission, reach in GRANTS[role].items())
    return _("Boleh {tugas}.").format(tugas=", ".join(dict.fromkeys(said)))


def scope_rule(role: Role) -> str:
    """Return in one sentence how far a role reaches."""
    return SCOPE_RULES[SCOPES[role]]()


def standing_label(
    standing: Standing, *, since: dt.date, until: dt.date | None, revoked: dt.date | None,
    organization: str,
) -> str:
    """Return where a grant stands, with the reason where it does not hold."""
    says: Mapping[Standing, Callable[[], str]] = {
        Standing.BERLAKU: lambda: _("Berlaku"),
        Standing.BELUM_MULAI: lambda: _("Berlaku mulai {tanggal}").format(tanggal=day(since)),
        Standing.BERAKHIR: lambda: _("Berakhir {tanggal}").format(tanggal=day(until)),
        Standing.DICABUT: lambda: _("Dicabut {tanggal}").format(tanggal=day(revoked)),
        Standing.PENGGUNA_NONAKTIF: lambda: _("Tidak berlaku: akun pengguna sudah dihapus"),
        Standing.BUKAN_ANGGOTA: lambda: _("Tidak berlaku: bukan lagi anggota {instansi}").format(
            instansi=organization),
        Standing.INSTANSI_NONAKTIF: lambda: _("Tidak berlaku: instansinya sudah dihapus"),
        Standing.WALIDATA_BELUM_DIATUR: lambda: _(
            "Tidak berlaku: organisasi walidata belum diatur"),
        Standing.TIDAK_DIKENAL: lambda: _("Tidak berlaku: peran atau cakupannya tidak dikenal"),
    }
    return says[standing]()


def day(value: dt.date | None) -> str:
    """Write a day as "3 November 2026" in the reader's language."""
    return format_date(value, "d MMMM y", locale=_language()) if value else ""


def first_day(moment: dt.datetime) -> dt.date:
    """Return the day here on which a grant begins."""
    return workdays.local(moment, config.zona_waktu()).date()


def last_day(moment: dt.datetime | None) -> dt.date | None:
    """Return the last day here on which a grant holds; its end is stored as the moment after."""
    if moment is None:
        return None
    return workdays.local(moment - dt.timedelta(microseconds=1), config.zona_waktu()).date()


def _language() -> str:
    chosen = tk.request.environ.get("CKAN_LANG") if has_request_context() else None
    language = str(chosen or tk.config.get("ckan.locale_default") or "id")
    return "en" if language.startswith("en") else "id"
