"""What other portals write where we have a code: words, SDMX, ISO 8601, POD.

A portal that codes by the lists of the EU is understood by ``AGREED``; these are the other
spellings seen in catalogs. What is not certain is not a code: it is left to the caller.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping

__all__ = ["interval", "meant"]

#: SDMX code list CL_FREQ (sdmx.org), in its RDF by epimorphics, and Dublin Core's own list.
_FREQUENCIES = {
    "freq-A": "tahunan", "freq-S": "semesteran", "freq-Q": "triwulanan", "freq-M": "bulanan",
    "freq-W": "mingguan", "freq-D": "harian", "annual": "tahunan", "yearly": "tahunan",
    "semiannual": "semesteran", "quarterly": "triwulanan", "threeTimesAYear": "empat_bulanan",
    "monthly": "bulanan", "weekly": "mingguan", "daily": "harian", "continuous": "waktu_nyata",
    "biennial": "dua_tahunan", "irregular": "sewaktu_waktu",
}
#: Length of an ISO 8601 repeating interval; POD writes "R/P1Y".
_REPEATED = {
    "P1D": "harian", "P1W": "mingguan", "P7D": "mingguan", "P1M": "bulanan", "P3M": "triwulanan",
    "P4M": "empat_bulanan", "P6M": "semesteran", "P1Y": "tahunan", "P12M": "tahunan",
    "P2Y": "dua_tahunan", "P5Y": "lima_tahunan", "P10Y": "sepuluh_tahunan",
    "PT1S": "waktu_nyata",
}
_ACCESS = {
    "public": "terbuka", "open": "terbuka", "terbuka": "terbuka", "restricted": "terbatas",
    "restricted public": "terbatas", "terbatas": "terbatas", "non-public": "tertutup",
    "private": "tertutup", "tertutup": "tertutup",
}
_FREQUENCY_LISTS = (
    "http://purl.org/linked-data/sdmx/2009/code#", "http://purl.org/cld/freq/",
)
_INTERVAL = re.compile(r"([0-9][0-9T:Z.+\-]{3,34})?/([0-9][0-9T:Z.+\-]{3,34})?")


def _frequency(text: str) -> str | None:
    for home in _FREQUENCY_LISTS:
        if text.startswith(home):
            return _FREQUENCIES.get(text[len(home):])
    if text.startswith("R"):
        return _REPEATED.get(text.rpartition("/")[2])
    return _FREQUENCIES.get(text.lower())


def _access(text: str) -> str | None:
    return _ACCESS.get(" ".join(text.lower().split()))


def _language(text: str) -> str | None:
    """Return a language given by its code of two letters, with or without a region."""
    found = re.fullmatch(r"([a-z]{2})([-_][A-Za-z]{2,4})?", text)
    return found.group(1) if found else None


_MEANT: Mapping[str, Callable[[str], str | None]] = {
    "frekuensi": _frequency, "akses": _access, "bahasa": _language,
}


def meant(vocabulary: str, text: str) -> str | None:
    """Return the code of ours that another portal's value means, ``None`` where it is not sure."""
    understand = _MEANT.get(vocabulary)
    return understand(text.strip()) if understand and len(text) < 200 else None


def interval(text: str) -> tuple[str, str] | None:
    """Return start and end of an ISO 8601 interval; either may be empty, not both."""
    found = _INTERVAL.fullmatch(text.strip()) if len(text) < 100 else None
    if found is None or not any(found.groups()):
        return None
    start, end = found.groups()
    return start or "", end or ""
