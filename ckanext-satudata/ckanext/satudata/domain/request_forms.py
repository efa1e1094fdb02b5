"""What is typed into a request and into its answer, read into values or errors to act on.

No identity number and no scan of an identity card is asked for. Rules on public information know
both, but a file is opened on what it is wanted for and an address that was proven, and what is not
held cannot leak (UU 27/2022 art. 27: limited and specific). A PPID who needs more for a dispute
asks for it then, outside the portal.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar, cast

from ckanext.satudata.domain import metadata_values as values
from ckanext.satudata.domain.metadata_values import N_, InvalidValueError
from ckanext.satudata.domain.requests import GROUNDS, STEPS, Ground

__all__ = [
    "ANSWER_LABELS",
    "ASKED_LABELS",
    "DURATIONS",
    "MAX_DAYS",
    "MAX_FILES",
    "MAX_PURPOSE",
    "MAX_REASON",
    "MIN_PURPOSE",
    "Answer",
    "Asked",
    "parse_answer",
    "parse_asked",
]

T = TypeVar("T")
Errors = dict[str, InvalidValueError]

MAX_NAME = 200
MIN_PURPOSE, MAX_PURPOSE = 20, 2_000
MAX_REASON = 4_000
MAX_FILES = 200
#: For how many days a file may be asked for; what is needed longer is asked for again.
DURATIONS: Mapping[int, str] = MappingProxyType({
    30: N_("1 bulan"), 90: N_("3 bulan"), 180: N_("6 bulan"), 365: N_("1 tahun")})
#: The longest a PPID opens a file, in days; it can be asked for and given again.
MAX_DAYS = 365

ASKED_LABELS: Mapping[str, str] = MappingProxyType({
    "id": N_("Dataset"),
    "name": N_("Nama"),
    "email": N_("Surel"),
    "institution": N_("Instansi atau lembaga"),
    "purpose": N_("Keperluan"),
    "files": N_("Berkas"),
    "days": N_("Lama akses"),
    "terms": N_("Ketentuan"),
})
ANSWER_LABELS: Mapping[str, str] = MappingProxyType({
    "id": N_("Permohonan"),
    "step": N_("Jawaban"),
    "files": N_("Berkas"),
    "until": N_("Berlaku sampai"),
    "conditions": N_("Syarat"),
    "grounds": N_("Dasar penolakan"),
    "reason": N_("Alasan"),
    "expected_version": N_("Versi permohonan"),
})

_EMPTY = N_("“{label}” masih kosong. Isi dahulu.")
_UNKNOWN = N_("“{value}” tidak dikenal. Pakai salah satu dari {known}.")


@dataclass(frozen=True)
class Asked:
    """What somebody asks for.

    :param name: as they sign; one line
    :param files: ids of resources
    :param days: for how long, from the answer on
    """

    name: str
    email: str
    institution: str
    purpose: str
    files: tuple[str, ...]
    days: int


@dataclass(frozen=True)
class Answer:
    """What the PPID decides.

    :param step: of ``domain.requests.STEPS``
    :param until: the last day the files open
    """

    step: str
    files: tuple[str, ...] = ()
    until: dt.date | None = None
    conditions: str = ""
    grounds: tuple[Ground, ...] = ()
    reason: str = ""


def parse_asked(
    data: Mapping[str, Any], offered: Collection[str], account: bool
) -> tuple[Asked | None, Errors]:
    """Read a request from a form or an API call.

    :param offered: ids of the dataset's files, in order; one that is named and not among them is
        an error, none named means all
    :param account: name and address are those of the account and are not asked for
    :returns: the request, or ``None`` and what is wrong, by field
    """
    errors: Errors = {}
    read = _reader(data, errors)
    name = "" if account else read("name", lambda value: _line(value, MAX_NAME), "")
    email = "" if account else read("email", _email, "")
    institution = read("institution", lambda value: _line(value, MAX_NAME), "")
    purpose = read("purpose", _purpose, "")
    files = read("files", lambda value: _files(value, offered), ())
    days = read("days", _days, 0)
    read("terms", _terms, True)
    return (None, errors) if errors else (
        Asked(name, email, institution, purpose, files, days), {})


def parse_answer(
    data: Mapping[str, Any], asked: Collection[str], today: dt.date
) -> tuple[Answer | None, Errors]:
    """Read an answer; what its step does not need is passed over, so that one form serves all.

    :param asked: ids of the files that were asked for and are still there
    :param today: in the zone of the installation
    :returns: the answer, or ``None`` and what is wrong, by field
    """
    errors: Errors = {}
    read = _reader(data, errors)
    name = read("step", _step, "")
    if not name:
        return None, errors
    step = STEPS[name]
    files: tuple[str, ...] = ()
    until: dt.date | None = None
    conditions, reason = "", ""
    grounds: tuple[Ground, ...] = ()
    if step.files:
        until = read("until", lambda value: _until(value, today), None)
        conditions = read("conditions", lambda value: _prose(value, MAX_REASON), "")
        files = tuple(asked) if name == "kabulkan" else read(
            "files", lambda value: _some(value, asked), ())
        if name == "kabulkan" and not files:
            errors["files"] = InvalidValueError(N_(
                "Berkas yang diminta tidak ada lagi di dataset ini. Tolak permohonannya, atau "
                "minta pemohon mengajukan lagi."))
    if step.grounds:
        grounds = read("grounds", _grounds, ())
    if step.reason:
        reason = read("reason", lambda value: _prose(value, MAX_REASON, needed=True), "")
    return (None, errors) if errors else (
        Answer(name, files, until, conditions, grounds, reason), {})


def _reader(
    data: Mapping[str, Any], errors: Errors
) -> Callable[[str, Callable[[Any], T], T], T]:
    def read(name: str, reader: Callable[[Any], T], otherwise: T) -> T:
        try:
            return reader(data.get(name))
        except InvalidValueError as error:
            errors[name] = error
            return otherwise
    return read


def _line(value: Any, maximum: int) -> str:
    """Return one line: it may come to stand in the head of a mail."""
    found = " ".join(values.text(value, maximum).split()) if value is not None else ""
    if not found:
        raise InvalidValueError(_EMPTY)
    return found


def _prose(value: Any, maximum: int, needed: bool = False) -> str:
    found = values.text(value, maximum) if value is not None else ""
    if needed and not found:
        raise InvalidValueError(_EMPTY)
    return found


def _email(value: Any) -> str:
    if value is None or value == "":
        raise InvalidValueError(_EMPTY)
    return values.email(value)


def _purpose(value: Any) -> str:
    found = _prose(value, MAX_PURPOSE, needed=True)
    if len(found) < MIN_PURPOSE:
        raise InvalidValueError(N_(
            "“{label}” terlalu singkat. Tulis untuk apa datanya dipakai, sedikitnya {minimum} "
            "karakter."), minimum=MIN_PURPOSE)
    return found


def _listed(value: Any) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    items = cast("list[Any]", value if isinstance(value, (list, tuple)) else [value])
    if len(items) > MAX_FILES:
        raise InvalidValueError(N_(
            "“{label}” harus berupa daftar, paling banyak {maximum}."), maximum=MAX_FILES)
    return tuple(dict.fromkeys(values.text(item, 100) for item in items))


def _files(value: Any, offered: Collection[str]) -> tuple[str, ...]:
    found = _listed(value)
    if not offered or set(found) - set(offered):
        raise InvalidValueError(N_(
            "Berkas yang dipilih tidak ada di dataset ini. Muat ulang halamannya, lalu pilih "
            "lagi."))
    return tuple(each for each in offered if each in found) if found else tuple(offered)


def _some(value: Any, asked: Collection[str]) -> tuple[str, ...]:
    found = set(_listed(value))
    if not found:
        raise InvalidValueError(N_("Pilih sedikitnya satu berkas yang dibuka."))
    if found - set(asked):
        raise InvalidValueError(N_(
            "Berkas yang dipilih tidak termasuk yang diminta. Muat ulang halamannya, lalu pilih "
            "lagi."))
    return tuple(each for each in asked if each in found)


def _days(value: Any) -> int:
    if value in (None, ""):
        raise InvalidValueError(_EMPTY)
    written = values.text(value, 10)
    if written not in {str(each) for each in DURATIONS}:
        raise InvalidValueError(_UNKNOWN, value=written, known=", ".join(map(str, DURATIONS)))
    return int(written)


def _terms(value: Any) -> bool:
    if value not in (True, "true", "1", "on", 1):
        raise InvalidValueError(N_(
            "Ketentuan pemakaian belum disetujui. Baca, lalu centang bila Anda setuju."))
    return True


def _step(value: Any) -> str:
    known = [name for name, step in STEPS.items() if step.files or step.reason]
    if value in (None, ""):
        raise InvalidValueError(N_("Pilih jawabannya dahulu."))
    written = values.text(value, 40)
    if written not in known:
        raise InvalidValueError(_UNKNOWN, value=written, known=", ".join(known))
    return written


def _until(value: Any, today: dt.date) -> dt.date:
    if value in (None, ""):
        raise InvalidValueError(_EMPTY)
    found = dt.date.fromisoformat(values.iso_date(value))
    last = today + dt.timedelta(days=MAX_DAYS)
    if not today < found <= last:
        raise InvalidValueError(N_(
            "“{label}” harus setelah hari ini dan paling lambat {last}. Ganti tanggalnya."),
            last=last.strftime("%d-%m-%Y"))
    return found


def _grounds(value: Any) -> tuple[Ground, ...]:
    found = set(_listed(value))
    if not found:
        raise InvalidValueError(N_(
            "Pilih dasar penolakannya: UU 14/2008 pasal 17 menghendaki alasan yang disebut."))
    unknown = sorted(found - {each.value for each in GROUNDS})
    if unknown:
        raise InvalidValueError(
            _UNKNOWN, value=unknown[0], known=", ".join(each.value for each in GROUNDS))
    return tuple(each for each in GROUNDS if each.value in found)
