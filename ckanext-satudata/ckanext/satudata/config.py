"""Typed readers of our options; no other module reads a raw key.

Every option is declared in ``config_declaration.yaml`` with its default.
"""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

import ckan.plugins.toolkit as tk
from ckan.exceptions import CkanConfigurationException

from ckanext.satudata.domain import wilayah as area
from ckanext.satudata.domain import workdays
from ckanext.satudata.domain.berita_acara.numbering import Numbering
from ckanext.satudata.domain.federation.nasional import Shape
from ckanext.satudata.domain.purging import parse_days

__all__: list[str] = [
    "SLA_OPTIONS",
    "alamat",
    "arsip_batas",
    "bentuk_nasional",
    "check_calendar",
    "check_documents",
    "dasar_hukum",
    "demo",
    "eskalasi",
    "hari_libur",
    "jam_rilis",
    "keberatan",
    "logo",
    "nama_pemerintah",
    "nasional_alamat",
    "nasional_panenan",
    "nomor_berita_acara",
    "nomor_permohonan",
    "pemusnahan_hari",
    "periksa_pembina",
    "sla",
    "surat_pengantar",
    "tindakan_lain",
    "walidata",
    "walidata_nama",
    "walidata_surel",
    "warna",
    "warna_2",
    "wilayah",
    "zona_waktu",
]

#: The option that sets how long a submission may wait in a state.
SLA_OPTIONS: Mapping[str, str] = MappingProxyType({
    "diajukan": "ckanext.satudata.sla.diajukan",
    "diperiksa_walidata": "ckanext.satudata.sla.diperiksa_walidata",
    "diperiksa_pembina": "ckanext.satudata.sla.diperiksa_pembina",
    "dikembalikan": "ckanext.satudata.sla.dikembalikan",
    "dikembalikan_pembina": "ckanext.satudata.sla.dikembalikan_pembina",
    "disetujui": "ckanext.satudata.sla.disetujui",
})

T = TypeVar("T")

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def alamat() -> str:
    """Return where the portal answers: its address and the path it stands under, no language."""
    root = str(tk.config.get("ckan.root_path") or "").replace("/{{LANG}}", "").rstrip("/")
    return str(tk.config["ckan.site_url"]).rstrip("/") + root


def wilayah() -> str:
    """Kemendagri code of the government this installation belongs to (``36.04``)."""
    return tk.config["ckanext.satudata.wilayah"]


def nama_pemerintah() -> str:
    """Name of the government as it signs ("Pemerintah Kabupaten Serang").

    Where none is set it follows from the kode wilayah, so that one option names a region.
    """
    given = tk.config["ckanext.satudata.nama_pemerintah"]
    return given or f"Pemerintah {area.get(wilayah()).full_name}"


def walidata() -> str:
    """Name (slug) of the organization that is the walidata, or an empty string."""
    return tk.config["ckanext.satudata.walidata"] or ""


def walidata_nama() -> str:
    """Name of the walidata as people read it, or an empty string."""
    return tk.config["ckanext.satudata.walidata_nama"] or ""


def walidata_surel() -> str:
    """E-mail address of the walidata, or an empty string."""
    return tk.config["ckanext.satudata.walidata_surel"] or ""


def warna() -> str:
    """First brand colour, ``#RRGGBB``; what is not one reads as the default.

    The value goes into a style sheet, so nothing but six hexadecimal digits passes.
    """
    return _colour("ckanext.satudata.warna", "#1E3F7A")


def warna_2() -> str:
    """Second brand colour, ``#RRGGBB``; see :func:`warna`."""
    return _colour("ckanext.satudata.warna_2", "#E8B23A")


def logo() -> str:
    """Path or URL of the government's logo, or an empty string for the woven mark."""
    return tk.config["ckanext.satudata.logo"] or ""


def bentuk_nasional() -> Shape:
    """In which shape the national portal reads datasets at ``/nasional``.

    :raises CkanConfigurationException: there is no such shape; checked at start
    """
    given = tk.config["ckanext.satudata.nasional.bentuk"]
    shapes = {each.name.lower(): each for each in Shape}
    if given not in shapes:
        raise CkanConfigurationException(
            f"ckanext.satudata.nasional.bentuk = {given!r}: write {' or '.join(shapes)}.")
    return shapes[given]


def nasional_panenan() -> bool:
    """Whether ``/nasional`` and ``/data.json`` also give on what was harvested from others."""
    return tk.asbool(tk.config["ckanext.satudata.nasional.panenan"])


def arsip_batas() -> int:
    """Return how many bytes of files the archive of a dataset may hold; 0 for any number."""
    return max(int(tk.config["ckanext.satudata.arsip.batas"]), 0) * 1_000_000


def nasional_alamat() -> str:
    """Path below which the national portal harvests (``/nasional``), without a slash at its end."""
    return "/" + str(tk.config["ckanext.satudata.nasional.alamat"]).strip("/")


def demo() -> bool:
    """Whether this installation shows the demo region, so that every page says so."""
    return tk.asbool(tk.config["ckanext.satudata.demo"])


def zona_waktu() -> dt.tzinfo:
    """Return the zone whose days and minutes count here: Asia/Jakarta, Makassar or Jayapura.

    :raises CkanConfigurationException: for any other; checked at start.
    """
    return _read("ckanext.satudata.zona_waktu", workdays.parse_zone)


def hari_libur() -> frozenset[dt.date]:
    """Return the days off besides Saturday and Sunday.

    :raises CkanConfigurationException: for what is no date; checked at start.
    """
    return _read("ckanext.satudata.hari_libur", _holidays)


def sla(state: str) -> int | None:
    """Return how many working days a submission may wait in a state; None: no deadline.

    The law sets none (Perpres 39/2019, art. 34-35), so each government writes its own.

    :raises CkanConfigurationException: for what is no count of days; checked at start.
    """
    key = SLA_OPTIONS.get(state)
    return _read(key, _days) or None if key else None


def eskalasi() -> int | None:
    """Return how many working days late a submission goes to the koordinator; None: never.

    :raises CkanConfigurationException: for what is no count of days; checked at start.
    """
    return _read("ckanext.satudata.eskalasi", _days) or None


def jam_rilis() -> dt.time:
    """Return the local time of day of a release of which only the date is known.

    :raises CkanConfigurationException: for what is no time of day; checked at start.
    """
    return _read("ckanext.satudata.jam_rilis", workdays.parse_time)


def periksa_pembina() -> frozenset[str]:
    """Return the kinds of data (codes of jenis_data) whose Data Prioritas the pembina re-checks."""
    return frozenset(str(tk.config["ckanext.satudata.periksa_pembina"] or "").split())


def tindakan_lain() -> list[str]:
    """Return what the operator says of other plugins' actions, ``name:class`` each."""
    return str(tk.config["ckanext.satudata.tindakan_lain"] or "").split()


def surat_pengantar() -> bool:
    """Whether an official of the OPD signs what is handed in, with a surat pengantar."""
    return tk.asbool(tk.config["ckanext.satudata.surat_pengantar"])


def check_calendar() -> None:
    """Read every option about days and times, so that a slip stops the start, not a deadline.

    :raises CkanConfigurationException: naming the option and what to write.
    """
    zona_waktu()
    hari_libur()
    jam_rilis()
    eskalasi()
    for state in SLA_OPTIONS:
        sla(state)


def pemusnahan_hari() -> int:
    """Return how many days lie between the answer to an emergency and the deletion.

    :raises CkanConfigurationException: for what is no number of days; checked at start.
    """
    key = "ckanext.satudata.pemusnahan_hari"
    try:
        return parse_days(str(tk.config[key]))
    except ValueError as error:
        raise CkanConfigurationException(f"{key}: {error}.") from error


def nomor_berita_acara() -> Numbering:
    """Return how this office writes the number of a Berita Acara.

    :raises CkanConfigurationException: for a pattern two documents could share; checked at start.
    """
    return _numbering("ckanext.satudata.berita_acara.nomor", "{nomor}/BA-SDI/{bulan}/{tahun}")


def nomor_permohonan() -> Numbering:
    """Return how this office writes the number of a request for restricted files.

    :raises CkanConfigurationException: for a pattern two requests could share; checked at start.
    """
    return _numbering("ckanext.satudata.akses.nomor", "{nomor}/PPID-DATA/{bulan}/{tahun}")


def keberatan() -> str:
    """Return to whom an objection to the PPID's answer goes (UU 14/2008 art. 35), or nothing."""
    return str(tk.config["ckanext.satudata.akses.keberatan"] or "").strip()


def dasar_hukum() -> tuple[str, ...]:
    """Return the region's own rules a Berita Acara names beside the Perpres, one a line."""
    text = str(tk.config["ckanext.satudata.berita_acara.dasar_hukum"] or "")
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def check_documents() -> None:
    """Read every option about documents and their end, so that a slip stops the start.

    :raises CkanConfigurationException: naming the option and what to write.
    """
    nomor_berita_acara()
    nomor_permohonan()
    pemusnahan_hari()


@lru_cache(maxsize=8)
def _holidays(text: str) -> frozenset[dt.date]:
    return workdays.parse_holidays(text)


def _numbering(key: str, example: str) -> Numbering:
    try:
        return Numbering(str(tk.config[key] or ""))
    except ValueError as error:
        raise CkanConfigurationException(
            f"{key}: {error}. Write, for example: {example}") from error


def _days(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text.strip()) or int(text) > workdays.MAX_DAYS:
        raise workdays.CalendarError(
            f"{text!r} is not a number of working days. Write 0 (none) to {workdays.MAX_DAYS}"
        )
    return int(text)


def _read(key: str, parse: Callable[[str], T]) -> T:
    value = tk.config[key]
    try:
        return parse("" if value is None else str(value))
    except workdays.CalendarError as error:
        raise CkanConfigurationException(f"{key}: {error}.") from error


def _colour(key: str, default: str) -> str:
    value = str(tk.config[key] or "").strip()
    return value.upper() if _COLOUR.fullmatch(value) else default
