"""The hidden sheet by which a template is known again when it comes back filled.

It says for which dataset the template is and how each column is to be read. Threat: whoever sends
a file can write this sheet as well. It therefore decides nothing but how the cells of that very
file are read: types of a short list, roles of another, names that are bounded.
"""
from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

__all__ = ["GUIDE", "INPUT", "LAST", "LISTS", "MARK", "MAX_COLUMNS", "OURS", "SIGNS", "TYPES",
           "VERSION", "Field", "Mark", "read", "rows_of"]

#: Sheets of a template: what is filled, what explains it, last year's rows, and what nobody sees.
INPUT, GUIDE, LAST, LISTS, MARK = "Isi data", "Petunjuk", "Tahun lalu", "_daftar", "_satudata"
#: All but the one that is filled: never read as data.
OURS = (GUIDE, LAST, LISTS, MARK)
VERSION = "1"
#: A wider table is no sheet that a person fills.
MAX_COLUMNS = 200

#: What a sign in a cell of figures means in a template, and says so: those that BPS prints.
SIGNS = {"-": "nol", "…": "belum_tersedia", "NA": "tidak_berlaku"}

TYPES = frozenset({"string", "integer", "number", "boolean", "date", "datetime", "year",
                   "yearmonth"})
_ROLES = frozenset({"wilayah", "waktu", "dimensi", "ukuran", "satuan", "kode", "status",
                    "keterangan"})
_TITLE = "Templat Satu Data"
_HEAD = ("kolom", "jenis", "peran", "judul", "satuan", "kode_referensi", "status_dari")
_LINES = 6
_MAX_NAME, _MAX_TEXT = 120, 300


@dataclass(frozen=True)
class Field:
    """A column of the table.

    :ivar role: as the inspection names it; :ivar reference: name of a vocabulary, or ``wilayah``
    :ivar status_of: of a column of ``status_angka``, the figures it is about; it stands in no
        sheet, for what is typed in place of a figure says it
    """

    name: str
    type: str = "string"
    role: str = "dimensi"
    title: str = ""
    unit: str = ""
    reference: str = ""
    status_of: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it can head a column of a sheet and of a table."""
        return (0 < len(self.name) <= _MAX_NAME and self.name.isprintable()
                and self.name == self.name.strip() and self.name[0] not in "=+-@"
                and '"' not in self.name
                and self.type in TYPES and self.role in _ROLES
                and max(map(len, (self.title, self.unit, self.reference))) <= _MAX_TEXT)


@dataclass(frozen=True)
class Mark:
    """What the hidden sheet says.

    :ivar dataset: id of the dataset; ``title``: what it is called, for people
    :ivar fields: of the table, in order
    :ivar continues: column of time whose new periods are put to the published ones; empty where
        what is filled is the whole table
    :ivar rows: that stand there already
    """

    dataset: str
    title: str
    fields: tuple[Field, ...] = field(default_factory=tuple)
    continues: str = ""
    rows: int = 0

    @property
    def columns(self) -> list[Field]:
        """The columns that stand in the sheet."""
        return [each for each in self.fields if not each.status_of]

    @property
    def digest(self) -> str:
        """Hash of what the columns are and how they are read."""
        said = [[each.name, each.type, each.role, each.title, each.unit, each.reference,
                 each.status_of] for each in self.fields]
        return hashlib.sha256(json.dumps([VERSION, self.continues, said]).encode()).hexdigest()


def rows_of(mark: Mark) -> list[list[str]]:
    """Return the hidden sheet."""
    return [
        [_TITLE, VERSION], ["dataset", mark.dataset], ["judul", mark.title[:_MAX_TEXT]],
        ["sidik", mark.digest], ["melanjutkan", mark.continues],
        ["baris", str(mark.rows)], list(_HEAD),
        *([each.name, each.type, each.role, each.title, each.unit, each.reference, each.status_of]
          for each in mark.fields)]


def read(lines: Iterable[Sequence[str]]) -> Mark | None:
    """Return what a hidden sheet says, nothing where it is none of ours as it was written."""
    rows = [[text.strip() for text in line] for _, line in zip(
        range(_LINES + 1 + MAX_COLUMNS + 1), lines, strict=False)]
    if len(rows) <= _LINES + 1 or len(rows) > _LINES + 1 + MAX_COLUMNS:
        return None
    if any(len(row) < len(_HEAD) for row in rows) or rows[0][:2] != [_TITLE, VERSION]:
        return None
    if tuple(rows[_LINES][:len(_HEAD)]) != _HEAD:
        return None
    dataset, title, digest, continues, count = (row[1] for row in rows[1:_LINES])
    fields = tuple(Field(*row[:len(_HEAD)]) for row in rows[_LINES + 1:])
    if not re.fullmatch(r"[0-9]{1,6}", count):
        return None
    mark = Mark(dataset, title, fields, continues, int(count))
    names = [each.name for each in fields]
    if not all(each.is_good for each in fields) or len(set(names)) < len(names):
        return None
    if continues and continues not in names:
        return None
    if len(dataset) > _MAX_NAME or len(title) > _MAX_TEXT or mark.digest != digest:
        return None
    return mark if mark.columns else None
