"""What a finding of a check means for the way of its data to the public."""
from __future__ import annotations

import re
from typing import Any

from ckanext.satudata.domain.inspection.notes import N_

__all__ = ["UNCHECKED", "UNCHECKED_HOW", "UNCHECKED_TITLE", "UNCHECKED_WHY", "UNREADABLE",
           "UNREADABLE_HOW", "UNREADABLE_TITLE", "expects_table", "is_beside", "is_explained",
           "is_outside_period", "is_personal", "is_unchecked", "mask", "went_unchecked"]

#: Code of the finding that a file of figures cannot be read at all.
UNREADABLE = "file-unreadable"
UNREADABLE_TITLE = N_("Berkas tidak terbaca")
UNREADABLE_HOW = N_("Buka berkasnya di komputer Anda, simpan ulang sebagai XLSX atau CSV tanpa "
                    "kata sandi, lalu unggah lagi.")

#: Code of the finding that nobody looked into a file: a person does, and says so in writing.
UNCHECKED = "file-unchecked"
UNCHECKED_TITLE = N_("Belum diperiksa otomatis")
UNCHECKED_WHY = N_("Pemeriksaan otomatis berkas ini gagal karena gangguan portal, jadi data "
                   "pribadi di dalamnya belum dicari.")
UNCHECKED_HOW = N_("Walidata menekan “Periksa sekarang” di halaman pemeriksaan, atau membuka "
                   "berkasnya, memastikan tidak ada data pribadi, lalu menulis catatan “diperiksa "
                   "manual”.")
#: What a file is refused with that may well be a table, only not one we could go through.
_NOT_GONE_THROUGH = frozenset({
    "encrypted", "failed", "far_cell", "line_too_long", "open_quote", "report_too_large",
    "results_too_large", "too_deep", "too_large", "too_many_cells", "too_many_columns",
    "too_many_parts", "too_many_rows", "too_many_tables", "too_much_memory", "too_slow",
    "unpacks_too_large"})
#: Files of these names are tables, or something is wrong with them.
_TABLES = frozenset({"csv", "tsv", "xls", "xlsx", "xlsm", "xlsb", "ods"})
#: What is settled by saying why, not by another file: the figure is meant to be another now.
_EXPLAINED = frozenset({"past-value-changed"})
_OUTSIDE = "year-outside-period"
_PERSONAL, _BESIDE = "personal-", "personal-outside"
#: Figures in front of a number that say no more than where it was given out.
_KEPT = {"nik": 4, "kk": 4, "telepon": 3, "nip": 4}
_DIGITS = re.compile(r"[\d\s.+()'’-]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def expects_table(name: str) -> bool:
    """Tell whether somebody who opens a file of this name expects a table."""
    return name.rpartition(".")[2].lower() in _TABLES


def is_explained(code: str) -> bool:
    """Tell whether the producer's reason settles a finding of this check."""
    return code in _EXPLAINED


def is_beside(code: str) -> bool:
    """Tell whether a check looks at what stands beside the tables of a file."""
    return code == _BESIDE


def is_outside_period(code: str) -> bool:
    """Tell whether a check holds years against the period the metadata state."""
    return code == _OUTSIDE


def is_unchecked(code: str) -> bool:
    """Tell whether a finding says that a file was not looked into."""
    return code == UNCHECKED


def went_unchecked(refused: str, name: str) -> bool:
    """Tell whether a file that is no file of figures may hold rows nobody looked at.

    A scan, a guide or a picture does not; a workbook that calls itself a guide does.

    :param refused: code of what it was refused with
    """
    return expects_table(name) or refused in _NOT_GONE_THROUGH


def is_personal(code: str) -> bool:
    """Tell whether a check finds personal data, which is never published (UU 27/2022)."""
    return code.startswith(_PERSONAL)


def mask(value: Any, kind: str = "") -> Any:
    """Return a value of which nobody learns whose it is; an empty one stays empty.

    ``3604050101900003`` becomes ``3604••••••••••••``; nothing of a text that only contains it.

    :param kind: one of ``personal.KINDS``; where it is not known, long numbers are as a NIK
    """
    if value is None or value == "":
        return value
    text = str(value).strip(" \t\n'’`")
    if kind == "email" and _EMAIL.fullmatch(text):
        return text[0] + "•" * 5 + "@" + "•" * 5
    if kind == "nama" and text:
        return text[0] + "•" * 7
    kept = _KEPT.get(kind, 0) if kind else 4 if len(text) >= 12 else 0
    if kept and _DIGITS.fullmatch(text):
        return text[:kept] + "•" * min(max(len(text) - kept, 4), 40)
    return "•" * 8
