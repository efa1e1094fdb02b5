"""What the workflow's pages say: states, severities, principles, moments in the local zone."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import ckan.plugins.toolkit as tk
from babel.dates import format_date, format_time

from ckanext.satudata import config
from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.errors import SatuDataError
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.workdays import local, working_days_late
from ckanext.satudata.domain.workflow import STATE_LABELS, State

__all__ = [
    "BADGES",
    "PRINCIPLES",
    "SEVERITIES",
    "day",
    "day_time",
    "due",
    "event_label",
    "label_of",
    "moment",
    "now",
    "pembina",
    "principle",
    "short_day",
    "state_label",
    "who",
]

#: State -> class of its badge and icon: never by colour alone.
BADGES: Mapping[State, tuple[str, str]] = MappingProxyType({
    State.DRAF: ("draf", "pena"),
    State.DIAJUKAN: ("diajukan", "kirim"),
    State.DIPERIKSA_WALIDATA: ("walidata", "mata"),
    State.DIKEMBALIKAN: ("kembali", "kembali"),
    State.DIPERIKSA_PEMBINA: ("pembina", "mata"),
    State.DIKEMBALIKAN_PEMBINA: ("kembali", "kembali"),
    State.DISETUJUI: ("setuju", "centang"),
    State.TERBIT: ("terbit", "centang"),
    State.DIGANTIKAN: ("netral", "jam"),
    State.DITARIK: ("tarik", "silang"),
    State.DIBATALKAN: ("netral", "silang"),
})

#: Severity -> what people read and the class of its mark.
SEVERITIES: Mapping[str, tuple[str, str]] = MappingProxyType({
    "wajib": (N_("Wajib diperbaiki"), "stop"),
    "sebaiknya": (N_("Sebaiknya diperbaiki"), "fix"),
    "saran": (N_("Saran"), "tip"),
})

#: The four principles of Perpres 39/2019 art. 3, in the order of the law.
PRINCIPLES: Mapping[str, str] = MappingProxyType({
    "standar_data": N_("Standar data"),
    "metadata": N_("Metadata"),
    "interoperabilitas": N_("Interoperabilitas"),
    "kode_referensi": N_("Kode referensi"),
})

#: Short name of the pembina of a jenis_data (Perpres 39/2019 art. 12-14; in a region geospatial
#: data is coached by the OPD appointed as simpul jaringan).
_PEMBINA: Mapping[str, str] = MappingProxyType({
    "statistik": N_("BPS"),
    "geospasial": N_("Simpul Jaringan"),
    "keuangan_negara": N_("Kementerian Keuangan"),
})


#: What happened where no state changed; by transition, else by kind of event.
_EVENTS: Mapping[str, str] = MappingProxyType({
    "konfirmasi": N_("Isian dikonfirmasi instansi"),
    "alihkan": N_("Diserahkan ke petugas lain"),
    "jadwalkan": N_("Jadwal rilis diatur"),
    "batalkan_jadwal": N_("Jadwal rilis dibatalkan"),
    "catatan_dibuat": N_("Catatan ditulis"),
    "catatan_dijawab": N_("Catatan dijawab"),
    "catatan_selesai": N_("Catatan selesai"),
    "catatan_dicabut": N_("Catatan dicabut"),
    "catatan_dibuka": N_("Catatan dibuka lagi"),
    "catatan": N_("Catatan"),
    "pemeriksaan_otomatis": N_("Pemeriksaan otomatis"),
    "berita_acara": N_("Berita acara"),
    "isi_berubah": N_("Isinya bukan lagi yang dikirim"),
    "eskalasi": N_("Disampaikan kepada koordinator karena lewat tenggat"),
    "pindahan": N_("Masuk sebelum alur ini ada"),
    "darurat_dijelaskan": N_("Penarikan darurat dijelaskan"),
    "pemusnahan_besok": N_("Pemusnahan diberitahukan"),
    "pemusnahan_dibatalkan": N_("Pemusnahan dibatalkan"),
    "pemusnahan_tertahan": N_("Pemusnahan tertahan"),
    "dimusnahkan": N_("Data pribadi dimusnahkan"),
})


#: What an inspection found, by severity.
_FOUND: Mapping[str, str] = MappingProxyType({
    "wajib": N_("{count} wajib"), "sebaiknya": N_("{count} sebaiknya"),
    "saran": N_("{count} saran"),
})


def now() -> dt.datetime:
    """Return this moment."""
    return dt.datetime.now(dt.timezone.utc)


def moment(value: Any) -> dt.datetime | None:
    """Return an aware moment from an ISO text or a datetime; ``None`` for anything else."""
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            return None
    if not isinstance(value, dt.datetime):
        return None
    return value if value.utcoffset() is not None else value.replace(tzinfo=dt.timezone.utc)


def day(value: Any) -> str:
    """Write the day of a moment as the installation's calendar has it: 9 November 2026."""
    found = moment(value)
    return _date(found, "d MMMM y") if found else ""


def short_day(value: Any) -> str:
    """Write a day in few letters: Sen, 23 Nov."""
    found = moment(value)
    return _date(found, "EEE, d MMM") if found else ""


def day_time(value: Any) -> str:
    """Write a moment to the minute with its zone: 9 November 2026, 15.02 WIB."""
    found = moment(value)
    if not found:
        return ""
    zone = config.zona_waktu()
    here = local(found, zone)
    clock = format_time(here.time(), "HH.mm" if _lang() == "id" else "HH:mm", locale=_lang())
    return f"{_date(found, 'd MMMM y')}, {clock} {here.tzname()}"


def release(value: Any) -> dict[str, str]:
    """Return a time of release for its form: ``day``, ``clock``, and of the installation the
    ``zone`` (WIB, WITA, WIT) and the ``hour`` of a release of which only the day is known."""
    zone = config.zona_waktu()
    found = moment(value)
    here = local(found, zone) if found else None
    return {"day": f"{here:%Y-%m-%d}" if here else "", "clock": f"{here:%H:%M}" if here else "",
            "zone": local(now(), zone).tzname() or "",
            "hour": format_time(config.jam_rilis(), "HH.mm" if _lang() == "id" else "HH:mm",
                                locale=_lang())}


def due(value: Any) -> dict[str, Any]:
    """Describe a deadline: ``over`` (it passed), ``late`` (working days since), ``label``."""
    at = moment(value)
    if not at:
        return {"over": False, "late": 0, "label": ""}
    late = working_days_late(at, now(), config.hari_libur(), config.zona_waktu())
    if late:
        return {"over": True, "late": late, "label": tk.ungettext(
            "Lewat {num} hari kerja", "Lewat {num} hari kerja", late).format(num=late)}
    over = at < now()
    return {"over": over, "late": 0, "label": tk._("Lewat tenggat") if over else short_day(at)}


def state_label(state: str, jenis_data: str = "") -> str:
    """Return what a state is called; the pembina's state names who that is."""
    try:
        known = State(state)
    except ValueError:
        return state
    label = tk._(STATE_LABELS[known])
    name = pembina(jenis_data) if known is State.DIPERIKSA_PEMBINA else ""
    return f"{label} ({name})" if name else label


def event_label(kind: str, transition: str, data: Mapping[str, Any]) -> str:
    """Say what happened where no state changed.

    :param data: of the event; of an inspection how many catatan of each severity it found
    """
    label = tk._(_EVENTS.get(transition) or _EVENTS.get(kind) or N_("Perubahan"))
    if kind != "pemeriksaan_otomatis":
        return label
    found = [tk._(words).format(count=data[severity])
             for severity, words in _FOUND.items() if data.get(severity)]
    said = ", ".join(found) or tk._("tidak ada catatan")
    return f"{label}: {said}"


def pembina(jenis_data: str) -> str:
    """Return the short name of the pembina of a kind of data, or nothing."""
    name = _PEMBINA.get(jenis_data)
    return tk._(name) if name else ""


def principle(code: str) -> str:
    """Return the short name of a principle, as it stands in a list."""
    name = PRINCIPLES.get(code)
    return tk._(name) if name else code


def label_of(name: str, code: str) -> str:
    """Return the label of a code in the reader's language; an unknown code reads as itself."""
    try:
        return vocabulary.get(name)[str(code)].label(_lang())
    except SatuDataError:
        return str(code)


def who(person: Any) -> str:
    """Return a person's name as others read it."""
    if isinstance(person, Mapping):
        return str(person.get("fullname") or person.get("name") or "")
    return str(person or "")


def _date(value: dt.datetime, pattern: str) -> str:
    return format_date(local(value, config.zona_waktu()), pattern, locale=_lang())


def _lang() -> str:
    return "en" if str(tk.h.lang() or "id").startswith("en") else "id"
