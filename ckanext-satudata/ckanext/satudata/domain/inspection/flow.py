"""What a finding of a check means for the way of its data to the public."""
from __future__ import annotations

from typing import Any

from ckanext.satudata.domain.inspection.notes import N_

__all__ = ["UNREADABLE", "UNREADABLE_HOW", "UNREADABLE_TITLE", "expects_table", "is_explained",
           "is_personal", "mask"]

#: Code of the finding that a file of figures cannot be read at all.
UNREADABLE = "file-unreadable"
UNREADABLE_TITLE = N_("Berkas tidak terbaca")
UNREADABLE_HOW = N_("Buka berkasnya di komputer Anda, simpan ulang sebagai XLSX atau CSV tanpa "
                    "kata sandi, lalu unggah lagi.")

#: Files of these names are tables, or something is wrong with them.
_TABLES = frozenset({"csv", "tsv", "xls", "xlsx", "xlsm", "xlsb", "ods"})
#: What is settled by saying why, not by another file: the figure is meant to be another now.
_EXPLAINED = frozenset({"past-value-changed"})
_PERSONAL = "personal-"


def expects_table(name: str) -> bool:
    """Tell whether somebody who opens a file of this name expects a table."""
    return name.rpartition(".")[2].lower() in _TABLES


def is_explained(code: str) -> bool:
    """Tell whether the producer's reason settles a finding of this check."""
    return code in _EXPLAINED


def is_personal(code: str) -> bool:
    """Tell whether a check finds personal data, which is never published (UU 27/2022)."""
    return code.startswith(_PERSONAL)


def mask(value: Any) -> Any:
    """Return a value of which nobody learns whose it is; an empty one stays empty."""
    if value is None or value == "":
        return value
    text = str(value)
    return text[: min(4, len(text) // 3)] + "•" * min(len(text) - min(4, len(text) // 3), 12)
