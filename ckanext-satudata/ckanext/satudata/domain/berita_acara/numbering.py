"""Numbers of documents: ``007/BA-SDI/XI/2026``, without a gap within a year.

The letters between the slashes are the office's own (its *tata naskah dinas*), so the
form of the number is a pattern in the configuration; the sequence is ours.
"""
from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

__all__ = ["Numbering", "roman"]

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_FIELD = re.compile(r"\{([a-z_]*)\}")
_LONGEST = 100


def roman(month: int) -> str:
    """Write a month, 1 to 12, as offices do in the numbers of letters (``XI``)."""
    return _ROMAN[month - 1]


@dataclass(frozen=True)
class Numbering:
    """How this office writes its numbers.

    Fields are replaced by hand, not by ``str.format``: a pattern is text from a
    configuration file and must not reach into Python objects.

    :param pattern: with ``{nomor}`` (three digits or more), ``{bulan}`` (Roman) and
        ``{tahun}``; ``{nomor}`` and ``{tahun}`` are needed, or two years share a number
    :raises ValueError: the pattern lacks a field, has an unknown one or is too long
    """

    pattern: str

    def __post_init__(self) -> None:
        fields = _FIELD.findall(self.pattern)
        unknown = sorted(set(fields) - {"nomor", "bulan", "tahun"})
        rest = _FIELD.sub("", self.pattern)
        if unknown or "{" in rest or "}" in rest:
            raise ValueError(f"unknown field in {self.pattern!r}: {{nomor}}, {{bulan}}, {{tahun}}")
        if fields.count("nomor") != 1 or fields.count("tahun") != 1:
            raise ValueError(f"{self.pattern!r} needs {{nomor}} and {{tahun}} once each")
        if len(self.pattern) > _LONGEST or not rest.isprintable():
            raise ValueError(f"{self.pattern!r} is longer than {_LONGEST} or holds a control mark")

    def write(self, sequence: int, day: dt.date) -> str:
        """Write the number of the ``sequence``-th document of the year of ``day``."""
        values = {"nomor": f"{sequence:03d}", "bulan": roman(day.month), "tahun": str(day.year)}
        return _FIELD.sub(lambda match: values[match[1]], self.pattern)
