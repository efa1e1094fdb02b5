"""Numbers and addresses of persons wherever they stand in a text: found, and taken out.

Beside :mod:`.personal`, which judges columns: a title, a note, a header, the name of a sheet or of
the file may hold a NIK as well. Names of people have no form and are not found here. A NIP is not
taken out: it stands below every signature, and is of an office.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ckanext.satudata.domain.inspection import personal
from ckanext.satudata.domain.inspection.flow import mask

__all__ = ["kinds", "redacted", "swept"]

_MAYBE = re.compile(r"\d{4}|@")


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    for found in personal.SIXTEEN.finditer(text):
        digits = "".join(letter for letter in found.group() if letter.isdigit())
        if personal.is_nik(digits) or personal.SAYS_ID.search(text[:found.start()][-40:]):
            yield *found.span(), "nik"
    for found in personal.MOBILE.finditer(text):
        yield *found.span(), "telepon"
    if "@" in text:
        for found in personal.EMAIL.finditer(text):
            if not personal.is_office_box(found.group()):
                yield *found.span(), "email"


def kinds(text: str) -> set[str]:
    """Return which kinds of personal data a text holds."""
    return {kind for _, _, kind in _spans(text)} if _MAYBE.search(text) else set()


def redacted(text: str) -> str:
    """Return a text without numbers and addresses of persons."""
    if not _MAYBE.search(text):
        return text
    for start, end, kind in sorted(_spans(text), reverse=True):
        text = text[:start] + mask(text[start:end], kind) + text[end:]
    return text


def swept(report: dict[str, Any]) -> dict[str, Any]:
    """Return a report without them in anything it says, names and shows.

    Rows of clean tables stay as they are: there the columns were judged, and a number of an
    office may be shown.
    """
    return _swept(report, False)


def _swept(value: Any, judged: bool) -> Any:
    if isinstance(value, str):
        return value if judged else redacted(value)
    if isinstance(value, list):
        return [_swept(each, judged) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("z") == "isi":  # a cell of a sheet, inside its table
        return value
    made: dict[str, Any] = {}
    for key, each in value.items():
        # A table's rows; a finding's values are of a message, and are swept.
        rows = not judged and key in ("rows", "marked") and "fingerprint" in value
        made[redacted(key)] = each if key == "sha256" else _swept(each, judged or rows)
    return made
