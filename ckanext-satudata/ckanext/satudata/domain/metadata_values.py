"""Reading one typed value: what people write becomes one stored form, or an error they can act on.

Pure functions: no field knows CKAN here. Each takes what a form or an API client sent and
returns the stored value, or raises :class:`InvalidValueError`, whose message says what is
wrong, where (``{label}``, filled in by the caller) and how to mend it. Messages are
Indonesian and are translated by the caller.
"""
from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import urlsplit

from ckanext.satudata.domain.errors import SatuDataError
from ckanext.satudata.domain.months import MONTHS

__all__ = [
    "MAX_ITEMS",
    "N_",
    "RECOMMENDATION",
    "InvalidValueError",
    "count",
    "email",
    "geometry",
    "has_control_character",
    "iri",
    "iso_date",
    "language",
    "leaves",
    "lines",
    "period",
    "period_end",
    "phone",
    "text",
    "timestamp",
    "truth",
    "value_domain",
    "year",
]

#: No list, and no repeating group, holds more items: a form of MS-Var has some dozens.
MAX_ITEMS = 500

#: No value of ours lies deeper (a GeoJSON collection needs nine); Python's recursion ends at 1,000.
MAX_DEPTH = 20

#: Characters that break XML, terminals or the reading direction of a page. Line breaks and tabs
#: are allowed: people paste them.
CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]"
)

#: ``V-YY.<BPS area, at least 4 digits>.NNN``, as on the letter of BPS (MS-Keg header).
RECOMMENDATION = re.compile(r"V-[0-9]{2}\.[0-9]{4,10}\.[0-9]{3}")


def N_(message: str) -> str:
    """Mark a message for the catalog; it is translated where it is shown."""
    return message


class InvalidValueError(SatuDataError, ValueError):
    """A value cannot be stored; ``message`` with ``params`` says why and how to mend it."""

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.message = message
        self.params = params

    def explain(self, label: str, translated: str | None = None) -> str:
        """Return the message with the field's label and its values in place."""
        return (translated or self.message).format(label=label, **self.params)


def _short(value: Any) -> str:
    shown = str(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."


def has_control_character(value: str) -> bool:
    """Tell whether a text holds a character that must not reach XML, a terminal or a page."""
    return CONTROL.search(value.replace("\r\n", "\n")) is not None


def leaves(value: Any) -> Iterator[Any]:
    """Yield what lies in lists and objects, keys too, so that nothing hides from a check.

    :raises InvalidValueError: if they lie in one another deeper than ``MAX_DEPTH``.
    """
    layer: list[Any] = [value]
    for _level in range(MAX_DEPTH):
        below: list[Any] = []
        for item in layer:
            if isinstance(item, dict):
                mapping = cast("dict[Any, Any]", item)
                yield from mapping
                below += mapping.values()
            elif isinstance(item, (list, tuple)):
                below += cast("list[Any]", item)
            else:
                yield item
        if not below:
            return
        layer = below
    raise InvalidValueError(
        N_("“{label}” bersarang terlalu dalam. Kirim paling banyak {maximum} tingkat."),
        maximum=MAX_DEPTH,
    )


def text(value: Any, maximum: int) -> str:
    """Return a text trimmed, in Unicode NFC, ``\\n`` as line break, `maximum` characters at most.

    :raises InvalidValueError: for a list or an object, a control character, or a text too long.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or value != value:
        raise InvalidValueError(
            N_("“{label}” harus berupa teks, bukan daftar atau objek. Kirim satu teks.")
        )
    result = str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not result.isascii():
        result = unicodedata.normalize("NFC", result)
    found = CONTROL.search(result)
    if found:
        raise InvalidValueError(
            N_(
                "“{label}” memuat karakter kendali yang tidak terlihat ({code}) di posisi "
                "{position}. Hapus, lalu ketik ulang bagian itu."
            ),
            code=f"U+{ord(found.group()):04X}",
            position=found.start() + 1,
        )
    if len(result) > maximum:
        raise InvalidValueError(
            N_("“{label}” terlalu panjang: {length} karakter. Ringkas sampai {maximum} karakter."),
            length=len(result),
            maximum=maximum,
        )
    return result


def lines(value: Any, maximum: int) -> list[str]:
    """Return a list of distinct texts from a list, a JSON list, or a text with one item a line."""
    items: list[Any]
    if isinstance(value, str):
        stripped = value.strip()
        parsed: Any = None
        if stripped.startswith("["):
            try:
                parsed = json.loads(stripped)
            except (ValueError, RecursionError):
                parsed = None
        items = cast("list[Any]", parsed) if isinstance(parsed, list) else stripped.splitlines()
    elif isinstance(value, (list, tuple)):
        items = list(cast("list[Any]", value))
    else:
        items = [value]
    if len(items) > MAX_ITEMS:
        raise InvalidValueError(
            N_("“{label}” memuat {length} isian. Paling banyak {maximum}."),
            length=len(items),
            maximum=MAX_ITEMS,
        )
    found = (text(item, maximum) for item in items if item is not None)
    return list(dict.fromkeys(item for item in found if item))


def _make_date(value: str, year_: int, month: int, day: int) -> date:
    try:
        result = date(year_, month, day)
    except ValueError:
        raise InvalidValueError(
            N_("Tanggal “{value}” di “{label}” tidak ada di kalender. Periksa hari dan bulannya."),
            value=_short(value),
        ) from None
    if not 1500 <= result.year <= 2200:
        raise InvalidValueError(
            N_("Tahun {year} di “{label}” di luar 1500 sampai 2200. Periksa tahunnya."),
            year=result.year,
        )
    return result


_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_WORDS = re.compile(r"(?:(\d{1,2}) )?([A-Za-z]+) (\d{4})")
_YEAR = re.compile(r"\d{4}")
_YEAR_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/](\d{4})")


def _read_date(value: str) -> date | None:
    if found := _YEAR_FIRST.fullmatch(value):
        return _make_date(value, int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(value):
        return _make_date(value, int(found[3]), int(found[2]), int(found[1]))
    if (found := _WORDS.fullmatch(value)) and found[1] and found[2].lower() in MONTHS:
        return _make_date(value, int(found[3]), MONTHS[found[2].lower()], int(found[1]))
    return None


def iso_date(value: Any) -> str:
    """Return ``2026-12-31`` from ``31-12-2026``, ``31/12/2026``, ``31 Desember 2026`` or ISO."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    written = text(value, 40)
    found = _read_date(written)
    if found is None and "T" in written:
        found = _read_datetime(written)
    if found is None:
        raise InvalidValueError(
            N_("Tanggal “{value}” di “{label}” tidak terbaca. Tulis hari-bulan-tahun, contoh "
               "31-12-2026."),
            value=_short(written),
        )
    return (found.date() if isinstance(found, datetime) else found).isoformat()


def _read_datetime(value: str) -> datetime | None:
    # Python 3.10 does not read the Z that everyone else writes.
    try:
        return datetime.fromisoformat(value[:-1] + "+00:00" if value.endswith("Z") else value)
    except ValueError:
        return None


def timestamp(value: Any) -> str:
    """Return a date, or date and time, in ISO 8601; for ``issued`` and ``modified`` of others."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    written = text(value, 40)
    if _YEAR.fullmatch(written) or _YEAR_MONTH.fullmatch(written):
        return period(written)
    if len(written) > 10 and _read_datetime(written):
        return written
    return iso_date(written)


def period(value: Any) -> str:
    """Return a year, a month or a day as ``2025``, ``2025-03`` or ``2025-03-31``.

    The precision that was written is kept: "2025" says the whole year (xsd:gYear in DCAT).
    """
    if isinstance(value, (date, datetime)):
        return value.isoformat()[:10]
    written = text(value, 40)
    if _YEAR.fullmatch(written):
        return str(_make_date(written, int(written), 1, 1).year)
    month: tuple[int, int] | None = None
    if found := _YEAR_MONTH.fullmatch(written):
        month = int(found[1]), int(found[2])
    elif found := _MONTH_YEAR.fullmatch(written):
        month = int(found[2]), int(found[1])
    elif (found := _WORDS.fullmatch(written)) and not found[1] and found[2].lower() in MONTHS:
        month = int(found[3]), MONTHS[found[2].lower()]
    if month:
        return _make_date(written, month[0], month[1], 1).isoformat()[:7]
    if found_date := _read_date(written):
        return found_date.isoformat()
    if len(written) > 10 and _read_datetime(written):
        return written
    raise InvalidValueError(
        N_(
            "Periode “{value}” di “{label}” tidak terbaca. Tulis tahun (2025), bulan (2025-03) "
            "atau tanggal (31-03-2025)."
        ),
        value=_short(written),
    )


def period_end(value: str) -> str:
    """Return the last day a period value covers, for comparing: ``2025`` is ``2025-12-31``."""
    if len(value) == 4:
        return f"{value}-12-31"
    if len(value) == 7:
        return f"{value}-31"
    return value[:10]


def year(value: Any) -> str:
    """Return a year of four digits between 1900 and 2100."""
    written = text(value, 40)
    if not (_YEAR.fullmatch(written) and 1900 <= int(written) <= 2100):
        raise InvalidValueError(
            N_("Tahun “{value}” di “{label}” tidak terbaca. Tulis empat angka antara 1900 dan "
               "2100, contoh 2026."),
            value=_short(written),
        )
    return written


_GROUPED = re.compile(r"\d{1,3}(?:[. ]\d{3})+")


def count(value: Any, maximum: int = 2**53) -> int:
    """Return a whole number of zero or more; a point between thousands (``1.234``) is allowed."""
    written = text(value, 30)
    if isinstance(value, float) and value.is_integer():
        written = str(int(value))
    if _GROUPED.fullmatch(written):
        written = written.replace(".", "").replace(" ", "")
    if not (written.isascii() and written.isdigit()):
        raise InvalidValueError(
            N_("“{value}” di “{label}” bukan bilangan bulat. Tulis angka saja, contoh 1234."),
            value=_short(value),
        )
    if int(written) > maximum:
        raise InvalidValueError(
            N_("“{value}” di “{label}” terlalu besar. Periksa jumlah angkanya."),
            value=_short(value),
        )
    return int(written)


_TRUE = {"true", "ya", "y", "yes", "1", "on", "t"}
_FALSE = {"false", "tidak", "tdk", "n", "no", "0", "off", "f"}


def truth(value: Any) -> bool:
    """Return yes or no from what forms, sheets and clients write for it."""
    if isinstance(value, bool):
        return value
    written = text(value, 20).lower()
    if written in _TRUE:
        return True
    if written in _FALSE:
        return False
    raise InvalidValueError(
        N_("“{value}” di “{label}” bukan Ya atau Tidak. Tulis Ya atau Tidak."),
        value=_short(written),
    )


_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+"
)


def email(value: Any) -> str:
    """Return an e-mail address; ``mailto:`` in front (as DCAT writes it) is taken off."""
    written = text(value, 262)
    if written.lower().startswith("mailto:"):
        written = written[7:]
    if len(written) > 254 or not _EMAIL.fullmatch(written):
        raise InvalidValueError(
            N_("Surel “{value}” di “{label}” tidak lengkap. Tulis seperti dinkes@serangkab.go.id."),
            value=_short(written),
        )
    return written


def phone(value: Any) -> str:
    """Return a phone number as written, once it has 5 to 20 digits and only signs of a number."""
    written = text(value, 40)
    digits = sum(character.isdigit() for character in written)
    if not re.fullmatch(r"[0-9+()\-./ ,extEXT]+", written) or not 5 <= digits <= 20:
        raise InvalidValueError(
            N_("Nomor “{value}” di “{label}” bukan nomor telepon. Tulis seperti (0254) 200123."),
            value=_short(written),
        )
    return written


_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}:[^\s<>\"{}|\\^`]+")
#: Schemes a browser runs or that open local files: never stored where a page may link to them.
_REFUSED_SCHEMES = {"javascript", "data", "vbscript", "file", "blob", "about"}


def iri(value: Any, maximum: int = 2000) -> str:
    """Return an absolute IRI (RFC 3987); a web address needs a host."""
    written = text(value, maximum)
    valid = _IRI.fullmatch(written) is not None
    if valid:
        try:
            parts = urlsplit(written)
            scheme, host = parts.scheme.lower(), parts.hostname
        except ValueError:
            valid = False
        else:
            valid = scheme not in _REFUSED_SCHEMES and not (
                scheme in ("http", "https", "ftp") and not host
            )
    if not valid:
        raise InvalidValueError(
            N_("Alamat “{value}” di “{label}” tidak lengkap. Tulis utuh, contoh https://serangkab.go.id/data."),
            value=_short(written),
        )
    return written


_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def language(value: Any) -> str:
    """Return a language tag (BCP 47), or the IRI of a language that another portal sent."""
    written = text(value, 200)
    if _LANGUAGE.fullmatch(written):
        return written
    if ":" in written:
        return iri(written)
    raise InvalidValueError(
        N_("Bahasa “{value}” di “{label}” tidak dikenal. Tulis kode bahasa, contoh id atau en."),
        value=_short(written),
    )


_GEOMETRIES = {
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
    "GeometryCollection", "Feature", "FeatureCollection",
}


def geometry(value: Any, maximum: int) -> str:
    """Return a GeoJSON geometry (RFC 7946) as text; objects are serialised."""
    written = json.dumps(value) if isinstance(value, dict) else text(value, maximum)
    parsed: Any = None
    if len(written) <= maximum:
        try:
            parsed = json.loads(written)
        except (ValueError, RecursionError):
            parsed = None
    kind: Any = cast("dict[str, Any]", parsed).get("type") if isinstance(parsed, dict) else None
    if not isinstance(kind, str) or kind not in _GEOMETRIES:
        raise InvalidValueError(
            N_(
                "“{label}” bukan GeoJSON yang utuh atau lebih dari {maximum} karakter. "
                "Contoh {example}."
            ),
            maximum=maximum,
            example='{"type": "Point", "coordinates": [106.1, -6.1]}',
        )
    return written


def value_domain(value: str) -> str:
    """Return one line of a variable's classification as ``kode = nilai`` (MS-Var value domain)."""
    code, separator, meaning = value.partition("=")
    if not separator or not code.strip() or not meaning.strip():
        raise InvalidValueError(
            N_("Baris “{value}” di “{label}” belum berbentuk kode = arti. Contoh 1 = laki-laki."),
            value=_short(value),
        )
    return f"{code.strip()} = {meaning.strip()}"
