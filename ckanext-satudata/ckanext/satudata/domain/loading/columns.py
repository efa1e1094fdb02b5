"""Which type a column has, decided from its name and all of its values.

The rule is caution: a column becomes a number only if every value is one
beyond doubt. Codes stay text, for ``32.10`` is a kabupaten and not 32.1, and
``0012`` is not 12. What a dot means in ``12.080`` cannot be known from the
column, so it stays text and the remark says so.
"""
from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["Column", "counts_bearers", "datastore_ids", "is_code_name", "most_digits"]

_INTEGER = re.compile(r"-?\d+")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_LEADING_ZERO = re.compile(r"-?0\d")
_THREE_DECIMALS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
_GROUPED = re.compile(r"-?[1-9]\d{0,2}(?:\.\d{3})+")
_COMMA = re.compile(r"-?(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+),\d+")
_COMMA_AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2},\d{3}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

#: Words that make a column a code, whatever its values look like.
_CODE_WORDS = frozenset({
    "kode", "kd", "nik", "nokk", "nip", "nuptk", "npsn", "nisn", "nsm", "nss", "nrp", "nidn", "nib",
    "npwp", "nop", "telp",
    "telepon", "hp", "wa", "rt", "rw", "kodepos", "kbli", "urusan",
})
#: Numbers that are issued with so many digits; "umkm_nib" may also count who has one.
_ISSUED = {
    "nik": 16, "nip": 18, "nuptk": 16, "npsn": 8, "nisn": 10, "nsm": 12, "nss": 12, "nrp": 8,
    "nidn": 10, "nib": 13, "npwp": 15, "nop": 18,
}
#: Below this share of their digits values are no such numbers, damaged or cut as they may be.
_SHORT = 0.55
_COUNT = re.compile(r"0|[1-9]\d*|[1-9]\d{0,2}(?:[.,]\d{3})+")
#: Words that do so only before another word: ``id`` or ``no`` alone numbers the rows.
_CODE_PREFIXES = frozenset(["id", "no", "nomor"])
#: Values kept per column to skip what was seen; more than this is not worth the memory.
_SEEN = 20_000
#: More digits than a double holds exactly: account numbers, NIK, never a measure.
_MAX_DIGITS = 15


def is_code_name(name: str) -> bool:
    """Tell whether a column name says its values are codes (``kode_desa``, ``No. KK``)."""
    words = _words(name)
    if any(word in _CODE_WORDS for word in words):
        return True
    return len(words) > 1 and (words[0] in _CODE_PREFIXES or words[-1] == "id")


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())


def most_digits(name: str) -> int | None:
    """Return up to how many digits values below a name of issued numbers are counts.

    :returns: ``None`` if the name is of none, or says outright that numbers stand below it, as
        ``no_nib`` does
    """
    words = _words(name)
    if any(word in _CODE_WORDS - _ISSUED.keys() or word in _CODE_PREFIXES for word in words):
        return None
    issued = [_ISSUED[word] for word in words if word in _ISSUED]
    return int(min(issued) * _SHORT) if issued else None


def counts_bearers(value: str, most: int) -> bool:
    """Tell whether a value can only count those who have such a number.

    :param most: as :func:`most_digits` gives it
    """
    return sum(map(str.isdigit, value)) <= most and bool(_COUNT.fullmatch(value))


@dataclass
class Column:
    """A column and what is still possible for it; feed it all values, then ask."""

    name: str
    declared: str | None = None
    filled: int = 0
    remarks: list[str] = field(default_factory=list[str])
    _seen: set[str] = field(default_factory=set[str], repr=False)
    _integer: bool = True
    _number: bool = True
    _comma: bool = True
    _date: bool = True
    _three: bool = True
    _dotted: bool = False
    _comma_proof: bool = False
    _comma_seen: bool = False
    _grouped: bool = False
    _named: bool = False
    _most: int | None = None

    def __post_init__(self) -> None:
        self._named = is_code_name(self.name)
        self._most = most_digits(self.name)

    @property
    def code(self) -> bool:
        """True when the values are codes: by the name, unless no value can be one."""
        return self._named and (self._most is None or not self.filled)

    def feed(self, values: Iterable[str]) -> None:
        """Take values (stripped text, empty for missing) into account."""
        values = [value for value in values if value]
        self.filled += len(values)
        if self._decided():
            return
        for value in set(values) - self._seen:
            self._test(value)
            if self._decided():
                break
            if len(self._seen) < _SEEN:
                self._seen.add(value)

    def _decided(self) -> bool:
        return self.code or self.declared == "string" or not (
            self._integer or self._number or self._comma or self._date)

    def _test(self, value: str) -> None:
        if self._most is not None and not counts_bearers(value, self._most):
            self._most = None
        if len(value) > 40:
            self._integer = self._number = self._comma = self._date = False
            return
        if self._date and not _is_date(value):
            self._date = False
        integer = bool(_INTEGER.fullmatch(value))
        if _LEADING_ZERO.match(value) or (integer and len(value.lstrip("-")) > _MAX_DIGITS):
            self._integer = self._number = self._comma = False
            return
        if not integer:
            self._integer = False
            if self._number:
                self._number = bool(_NUMBER.fullmatch(value))
            if "." in value:
                self._dotted = True
                self._three = self._three and bool(_THREE_DECIMALS.fullmatch(value))
            if self._comma:
                self._test_comma(value)

    def _test_comma(self, value: str) -> None:
        if _COMMA.fullmatch(value):
            self._comma_seen = True
            self._grouped = self._grouped or "." in value
            if "." in value or not _COMMA_AMBIGUOUS.fullmatch(value):
                self._comma_proof = True
        elif _GROUPED.fullmatch(value):
            self._grouped = True
        else:
            self._comma = False

    def type(self, comma_expected: bool = False) -> str:
        """Return the Table Schema type: integer, number, date or string.

        :param comma_expected: the file is delimited by semicolons, so a comma
            inside a number is a decimal one.
        """
        if self.code or not self.filled or self.declared == "string":
            return "string"
        if self._date:
            return "date"
        if self._integer:
            return "integer"
        if self._number:
            return "string" if self.ambiguous() else "number"
        if self.decimal_comma(comma_expected):
            return "number"
        return "string"

    def ambiguous(self) -> bool:
        """Tell whether every dotted value could be thousands as well as decimals."""
        return (not self.code and self.filled > 0 and self._number and not self._integer
                and self._dotted and self._three)

    def decimal_comma(self, comma_expected: bool = False) -> bool:
        """Tell whether the numbers are written ``1.234,5``."""
        return (not self.code and self._comma and not self._number and not self._integer
                and (self._comma_proof or (comma_expected and self._comma_seen)))

    @property
    def grouped(self) -> bool:
        """True when dots group the thousands."""
        return self._grouped


def _is_date(value: str) -> bool:
    if not _DATE.fullmatch(value):
        return False
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def datastore_ids(names: list[str]) -> list[str]:
    """Return a column id for each header that the datastore accepts, all different.

    PostgreSQL cuts names at 63 bytes and CKAN forbids a leading underscore,
    double quotes and control characters.
    """
    taken: set[str] = set()
    ids: list[str] = []
    for name in names:
        clean = "".join(c for c in name.replace('"', "'") if c.isprintable()).lstrip("_ ").strip()
        base = _cut(clean or "kolom", 63)
        candidate, number = base, 1
        while candidate.lower() in taken:
            number += 1
            candidate = f"{_cut(base, 58)}_{number}"
        taken.add(candidate.lower())
        ids.append(candidate)
    return ids


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore").strip()
