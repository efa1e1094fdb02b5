"""What an inspector types for a Berita Acara, read strictly: bounds first, then meaning."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar, cast

from ckanext.satudata.domain.berita_acara.document import Attendee, Kind
from ckanext.satudata.domain.metadata_values import N_, InvalidValueError, iso_date, text

__all__ = ["LABELS", "MAX_ATTENDEES", "MAX_NOTES", "MAX_SUBMISSIONS", "Draft", "parse"]

#: A desk session takes a day; nobody discusses more in one.
MAX_SUBMISSIONS = 200
MAX_ATTENDEES = 50
MAX_NOTES = 10_000
_MAX_LINE = 200
_MAX_ID = 100
#: Meetings are prepared some weeks ahead; deadlines end within the planning year.
_AHEAD = dt.timedelta(days=366)
_LONGEST = dt.timedelta(days=731)

#: What people call each field.
LABELS: Mapping[str, str] = {
    "attendees": N_("Yang hadir"),
    "date": N_("Tanggal pertemuan"),
    "deadline": N_("Tenggat perbaikan"),
    "kind": N_("Jenis"),
    "notes": N_("Catatan lain"),
    "place": N_("Tempat"),
    "submissions": N_("Data yang dibahas"),
}

T = TypeVar("T")


@dataclass(frozen=True)
class Draft:
    """A Berita Acara before it is issued; the results are read when it is composed."""

    kind: Kind
    submissions: tuple[str, ...]
    place: str
    date: dt.date
    deadline: dt.date | None = None
    notes: str = ""
    attendees: tuple[Attendee, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            **asdict(self), "kind": self.kind.value, "submissions": list(self.submissions),
            "date": self.date.isoformat(), "attendees": [asdict(each) for each in self.attendees],
            "deadline": self.deadline.isoformat() if self.deadline else None,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Draft:
        """Read back what :meth:`to_dict` wrote."""
        return cls(
            Kind(data["kind"]), tuple(data["submissions"]), data["place"],
            dt.date.fromisoformat(data["date"]),
            dt.date.fromisoformat(data["deadline"]) if data["deadline"] else None,
            data["notes"], tuple(Attendee(**each) for each in data["attendees"]))


def parse(
    data: Mapping[str, Any], today: dt.date
) -> tuple[Draft | None, dict[str, InvalidValueError]]:
    """Read a draft from an API call or a form.

    :param today: in the zone of the installation
    :returns: the draft, or ``None`` and what is wrong, by field
    """
    errors: dict[str, InvalidValueError] = {}

    def read(name: str, reader: Callable[[Any], T], otherwise: T) -> T:
        try:
            return reader(data.get(name))
        except InvalidValueError as error:
            errors[name] = error
            return otherwise

    kind = read("kind", _kind, Kind.DESK)
    submissions = read("submissions", _submissions, ())
    place = read("place", lambda value: _needed(value), "")
    date = read("date", lambda value: _date(value, today), today)
    deadline = read("deadline", lambda value: _deadline(value, date), None)
    notes = read("notes", lambda value: text(value, MAX_NOTES) if value is not None else "", "")
    attendees = read("attendees", _attendees, ())
    if errors:
        return None, errors
    return Draft(kind, submissions, place, date, deadline, notes, attendees), {}


def _kind(value: Any) -> Kind:
    if value in (None, ""):
        return Kind.DESK
    try:
        return Kind(value)
    except ValueError:
        raise InvalidValueError(
            N_("“{label}” harus “pemeriksaan” atau “desk”. Pilih salah satu.")) from None


def _submissions(value: Any) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, (list, tuple)) or not listed:
        raise InvalidValueError(
            N_("“{label}” masih kosong. Centang sedikitnya satu data dari daftar."))
    items = cast("list[Any]", listed)
    if len(items) > MAX_SUBMISSIONS:
        raise InvalidValueError(
            N_("“{label}” memuat {count} data, paling banyak {maximum}. Buat beberapa berita "
               "acara."), count=len(items), maximum=MAX_SUBMISSIONS)
    found = tuple(dict.fromkeys(_line(item, _MAX_ID) for item in items))
    if "" in found:
        raise InvalidValueError(
            N_("“{label}” memuat isian kosong. Centang sedikitnya satu data dari daftar."))
    return found


def _line(value: Any, maximum: int = _MAX_LINE) -> str:
    """Return one line: line ends become spaces, so that a name stays in its place."""
    return " ".join(text(value, maximum).split()) if value is not None else ""


def _needed(value: Any) -> str:
    found = _line(value)
    if not found:
        raise InvalidValueError(N_("“{label}” masih kosong. Isi, misalnya nama ruang rapat."))
    return found


def _date(value: Any, today: dt.date) -> dt.date:
    if value in (None, ""):
        return today
    day = dt.date.fromisoformat(iso_date(value))
    if day > today + _AHEAD or day < today - _LONGEST:
        raise InvalidValueError(
            N_("“{label}” terlalu jauh dari hari ini. Periksa tahunnya."))
    return day


def _deadline(value: Any, date: dt.date) -> dt.date | None:
    if value in (None, ""):
        return None
    day = dt.date.fromisoformat(iso_date(value))
    if not date <= day <= date + _LONGEST:
        raise InvalidValueError(
            N_("“{label}” harus pada atau setelah tanggal pertemuan, paling lama dua tahun. "
               "Periksa tanggalnya."))
    return day


def _attendees(value: Any) -> tuple[Attendee, ...]:
    if value in (None, ""):
        return ()
    if not isinstance(value, (list, tuple)):
        raise InvalidValueError(
            N_("“{label}” harus berupa daftar orang dengan nama, jabatan dan instansi."))
    items = cast("list[Any]", value)
    if len(items) > MAX_ATTENDEES:
        raise InvalidValueError(
            N_("“{label}” memuat {count} orang, paling banyak {maximum}. Cukup tulis yang "
               "mewakili."), count=len(items), maximum=MAX_ATTENDEES)
    return tuple(each for each in map(_attendee, items) if each is not None)


def _attendee(value: Any) -> Attendee | None:
    if not isinstance(value, Mapping):
        raise InvalidValueError(
            N_("“{label}” harus berupa daftar orang dengan nama, jabatan dan instansi."))
    given = cast("Mapping[str, Any]", value)
    name, office, agency = (_line(given.get(key)) for key in ("name", "office", "agency"))
    if not name and (office or agency):
        raise InvalidValueError(
            N_("“{label}” memuat jabatan atau instansi tanpa nama. Isi namanya, atau kosongkan "
               "barisnya."))
    return Attendee(name, office, agency) if name else None
