"""What may stand in a cell of the small grid: as people write it, and as a file says it.

People write figures as Indonesian does: a comma before decimals, a dot between thousands. There is
one meaning of each text, told where it is typed; what could mean two things is refused with words.
``assets/js/grid_cells.js`` says the same on the page; a test compares both.
"""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from ckanext.satudata.domain.errors import SatuDataError
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.months import MONTHS

__all__ = ["MAX_TEXT", "MESSAGES", "TYPES", "WrongCellError", "read", "shown"]

#: Letters of one cell.
MAX_TEXT = 1_000
_MAX_DIGITS = 15
TYPES: Mapping[str, str] = MappingProxyType({
    "string": N_("Teks atau kode"), "integer": N_("Bilangan bulat"), "number": N_("Desimal"),
    "year": N_("Tahun"), "yearmonth": N_("Bulan dan tahun"), "date": N_("Tanggal"),
    "datetime": N_("Tanggal dan jam"), "boolean": N_("Ya atau tidak"),
})
#: Code of what is wrong -> what it is and how to mend it.
MESSAGES: Mapping[str, str] = MappingProxyType({
    "bilangan_bulat": N_("“{value}” bukan bilangan bulat. Tulis angka saja, misalnya 1.234."),
    "bilangan": N_("“{value}” bukan angka. Tulis angka saja tanpa satuan, misalnya 1.234,5."),
    "titik": N_("“{value}” bisa berarti dua hal. Tulis desimal dengan koma, misalnya 50,36, dan "
                "ribuan dengan titik, misalnya 1.234."),
    "tanda": N_("Tanda “{value}” bisa berarti nol atau tidak ada. Tulis 0 bila nol, kosongkan bila "
                "datanya tidak tersedia."),
    "besar": N_("“{value}” lebih dari 15 angka. Periksa lagi, atau pilih satuan yang lebih besar."),
    "tahun": N_("“{value}” bukan tahun. Tulis empat angka, misalnya 2026."),
    "bulan": N_("“{value}” bukan bulan. Tulis seperti 03-2026 atau Maret 2026."),
    "tanggal": N_("“{value}” bukan tanggal. Tulis seperti 15-03-2026."),
    "jam": N_("“{value}” bukan tanggal dan jam. Tulis seperti 15-03-2026 08:30."),
    "ya_tidak": N_("Tulis ya atau tidak, bukan “{value}”."),
    "panjang": N_("Isi sel ini lebih dari 1.000 huruf. Ringkas isinya."),
    "pilihan": N_("“{value}” tidak ada di daftar kolom ini. Pilih salah satu dari daftarnya."),
    "kosong": N_("Sel ini wajib diisi."),
    "ganda": N_("Baris ini sama dengan baris {row}. Ubah salah satunya, atau hapus."),
})
_BLANKS = re.compile(r"[\s\xa0\u2007\u202f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:[. ][0-9]{3})+")
_DECIMAL = re.compile(r"([+-]?(?:[0-9]+|[0-9]{1,3}(?:[. ][0-9]{3})+)),([0-9]+)")
_ENGLISH = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[+-]?[0-9]*\.[0-9]+")
_SIGN = re.compile("[-–—…*.]+|n[./]?a\\.?|x", re.IGNORECASE)
_YEAR = re.compile(r"1[5-9][0-9]{2}|2[01][0-9]{2}")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})")
_NAMED = re.compile(r"([A-Za-z]{3,9})\.? ([0-9]{4})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?")
_TRUE, _FALSE = frozenset({"ya", "true", "benar", "y"}), frozenset({"tidak", "false", "salah", "t"})


class WrongCellError(SatuDataError, ValueError):
    """A text is none of its column; ``code`` is one of :data:`MESSAGES`."""

    def __init__(self, code: str, value: str = "", row: int = 0) -> None:
        super().__init__(code)
        self.code, self.value, self.row = code, value[:60], row


def read(text: str, kind: str) -> str:
    """Return what a file says for what somebody wrote; empty stays empty, which is missing.

    :param kind: of Table Schema, one of :data:`TYPES`
    :raises WrongCellError: it is none of that type
    """
    said = _BLANKS.sub(" ", _CONTROL.sub("", text)).strip()
    if len(said) > MAX_TEXT:
        raise WrongCellError("panjang")
    if not said or kind == "string":
        return said
    try:
        return _READERS[kind](said)
    except (ValueError, OverflowError) as error:
        raise error if isinstance(error, WrongCellError) else WrongCellError(
            _WRONG[kind], said) from None


def _integer(said: str) -> str:
    return str(int(_figure(said, "bilangan_bulat")))


def _figure(said: str, wrong: str) -> str:
    """Return the digits of a whole number."""
    plain = said.replace("−", "-")
    if _SIGN.fullmatch(plain):
        raise WrongCellError("tanda", said)
    if not (_WHOLE.fullmatch(plain) or _GROUPED.fullmatch(plain)):
        raise WrongCellError("titik" if _ENGLISH.fullmatch(plain) else wrong, said)
    digits = plain.replace(".", "").replace(" ", "").lstrip("+")
    if len(digits.lstrip("-")) > _MAX_DIGITS:
        raise WrongCellError("besar", said)
    return digits


def _number(said: str) -> str:
    plain = said.replace("−", "-")
    found = _DECIMAL.fullmatch(plain)
    # 1,234 is a decimal; 1,234,567 and 1,234.5 are of another language
    if found is None:
        return str(int(_figure(said, "bilangan")))
    whole = _figure(found[1], "bilangan")
    if len(whole.lstrip("-")) + len(found[2]) > _MAX_DIGITS:
        raise WrongCellError("besar", said)
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-'))}.{found[2]}"


def _year(said: str) -> str:
    if not _YEAR.fullmatch(said):
        raise WrongCellError("tahun", said)
    return said


def _yearmonth(said: str) -> str:
    for pattern, first in ((_YEAR_FIRST, True), (_MONTH_FIRST, False)):
        if found := pattern.fullmatch(said):
            year, month = (found[1], found[2]) if first else (found[2], found[1])
            break
    else:
        found = _NAMED.fullmatch(said)
        if found is None or found[1].lower() not in MONTHS:
            raise WrongCellError("bulan", said)
        year, month = found[2], str(MONTHS[found[1].lower()])
    if not 1 <= int(month) <= 12 or not _YEAR.fullmatch(year):
        raise WrongCellError("bulan", said)
    return f"{year}-{int(month):02d}"


def _date(said: str) -> str:
    found = _ISO.fullmatch(said)
    parts = (found[1], found[2], found[3]) if found else ()
    if not parts:
        found = _DAY_FIRST.fullmatch(said)
        if found is None:
            raise WrongCellError("tanggal", said)
        parts = (found[3], found[2], found[1])
    return dt.date(*(int(each) for each in parts)).isoformat()


def _datetime(said: str) -> str:
    day, _, clock = said.replace("T", " ", 1).partition(" ")
    found = _CLOCK.fullmatch(clock)
    if found is None:
        raise WrongCellError("jam", said)
    try:
        at = dt.time(int(found[1]), int(found[2]), int(found[3] or 0))
        return f"{_date(day)}T{at.isoformat()}"
    except ValueError:
        raise WrongCellError("jam", said) from None


def _boolean(said: str) -> str:
    if said.lower() in _TRUE:
        return "true"
    if said.lower() in _FALSE:
        return "false"
    raise WrongCellError("ya_tidak", said)


_READERS = {"integer": _integer, "number": _number, "year": _year, "yearmonth": _yearmonth,
            "date": _date, "datetime": _datetime, "boolean": _boolean}
_WRONG = {"integer": "bilangan_bulat", "number": "bilangan", "year": "tahun", "yearmonth": "bulan",
          "date": "tanggal", "datetime": "jam", "boolean": "ya_tidak"}


def shown(value: str, kind: str) -> str:
    """Return what a file says as people write it; :func:`read` gives the same back."""
    if not value:
        return ""
    if kind in ("integer", "number"):
        try:
            plain = f"{Decimal(value):f}"
        except InvalidOperation:
            return value
        whole, _, rest = plain.partition(".")
        sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        if not digits.isdecimal() or (kind == "integer" and rest.strip("0")):
            return value
        grouped = f"{int(digits):,}".replace(",", ".")
        return f"{sign}{grouped}" + (f",{rest}" if rest and kind == "number" else "")
    if kind == "yearmonth" and (found := _YEAR_FIRST.fullmatch(value)):
        return f"{found[2]}-{found[1]}"
    if kind == "date" and (found := _ISO.fullmatch(value)):
        return f"{found[3]}-{found[2]}-{found[1]}"
    if kind == "datetime" and (found := _ISO.match(value)):
        return f"{found[3]}-{found[2]}-{found[1]} {value[11:16 if value[16:] == ':00' else 19]}"
    if kind == "boolean":
        return {"true": "ya", "false": "tidak"}.get(value.lower(), value)
    return value
