"""The small grid: its columns, what is wrong in its rows, and the file it becomes.

The file has the columns of the published table by name, order and type, one meaning in each cell
and nothing else, so that reading it asks no question.
"""
from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ckanext.satudata.domain import vocabulary, wilayah
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.folding import fold
from ckanext.satudata.domain.intake import cells
from ckanext.satudata.domain.intake.cells import WrongCellError
from ckanext.satudata.domain.loading.shapes import is_list, is_object
from ckanext.satudata.domain.metadata_values import N_, InvalidValueError

__all__ = ["COLUMNS", "ROWS", "SIZE", "Column", "Wrong", "areas_below", "check", "columns_of",
           "named", "offered", "read_rows", "to_csv"]

#: Rows a person fills on a screen; larger tables come as a file.
ROWS = 500
COLUMNS = 60
#: Letters of all cells.
SIZE = 500_000
_NAME = 120
#: Choices of one column; more are searched for elsewhere.
OPTIONS = 1_200
_FEW = 60
_WORST = 200
_NOTES = re.compile(r"(^|_)(keterangan|catatan|status_angka|sumber)(_|$)")
_CODES = re.compile(
    r"(^|_)(kode|nomor|no|id|nik|kk)(_|$)|^(bulan|triwulan|semester|minggu|hari|tanggal)$")


@dataclass(frozen=True)
class Column:
    """A column of the grid.

    :ivar type: of Table Schema, one of :data:`~.cells.TYPES`
    :ivar title: for people; empty where the name says it
    :ivar reference: ``wilayah`` or the name of a vocabulary
    :ivar role: ``kunci`` or ``isian`` where the last table says it, see ``grid_rows.roles``
    :ivar options: code and label of what may be chosen; ``closed``: nothing else may
    """

    name: str
    type: str
    title: str = ""
    unit: str = ""
    reference: str = ""
    required: bool = False
    role: str = ""
    options: tuple[tuple[str, str], ...] = ()
    closed: bool = False
    known: Mapping[str, str] = field(default_factory=dict[str, str], compare=False, repr=False)

    @property
    def is_figure(self) -> bool:
        """Whether its numbers are what the table counts or measures."""
        return self.type in ("integer", "number") and self.role != "kunci" and not (
            self.reference or self.is_period or _CODES.search(self.name))

    @property
    def is_period(self) -> bool:
        """Whether it says the year or month of a row."""
        return self.type in ("year", "yearmonth") or (
            self.type in ("integer", "string") and self.name in ("tahun", "tahun_data", "periode"))

    def shown(self, value: str) -> str:
        """Return what the file says as people write it; years and codes have no thousands."""
        if self.type in ("integer", "number") and not self.is_figure:
            return value.replace(".", ",")
        return cells.shown(value, self.type)

    @property
    def is_note(self) -> bool:
        """Whether it remarks on a row and names nothing."""
        return self.type == "string" and bool(_NOTES.search(self.name))

    @property
    def is_key(self) -> bool:
        """Whether it says what the figures of a row are about."""
        return self.role == "kunci" or (
            not self.is_figure and not self.is_note and self.role != "isian")

    def read(self, text: str) -> str:
        """Return what the file says for what somebody wrote.

        :raises WrongCellError: it is not of its type, or none of its choices
        """
        value = cells.read(text, self.type)
        if not value or not self.options:
            return value
        found = self.known.get(value) or self.known.get(fold(value))
        if found is None and self.closed:
            raise WrongCellError("pilihan", value)
        return found or value


@dataclass(frozen=True)
class Wrong:
    """A cell that cannot be handed in; rows from 0."""

    row: int
    column: str
    code: str
    value: str = ""
    like: int = 0


def columns_of(schema: Any) -> list[Column]:
    """Return the columns of a Table Schema; none where it is not one, or has too many."""
    fields = schema.get("fields") if is_object(schema) else None
    if not is_list(fields) or not 0 < len(fields) <= COLUMNS:
        return []
    made: list[Column] = []
    for each in fields:
        entry = each if is_object(each) else {}
        name = entry.get("name")
        if not isinstance(name, str) or not name.strip() or len(name) > _NAME:
            return []
        made.append(_column(entry, name))
    return made if len({each.name for each in made}) == len(made) else []


def _column(entry: Mapping[str, Any], name: str) -> Column:
    kind, role = entry.get("type"), entry.get("peran")
    limits = entry.get("constraints")
    limits = limits if is_object(limits) else {}
    enum = limits.get("enum")
    made = Column(
        name, kind if isinstance(kind, str) and kind in cells.TYPES else "string",
        _text(entry.get("title")), _text(entry.get("satuan")), _text(entry.get("kode_referensi")),
        bool(limits.get("required")), role if role in ("kunci", "isian") else "")
    if is_list(enum) and 0 < len(enum) <= OPTIONS:
        return _chosen(made, [(str(each), "") for each in enum], closed=True)
    return made


def _text(value: Any) -> str:
    return value[:_NAME] if isinstance(value, str) else ""


def named(given: Any) -> list[Column]:
    """Return the columns somebody named; technical names are made of the titles.

    :raises InvalidValueError: no list of columns, a title twice, too many
    """
    if not is_list(given) or not 0 < len(given) <= COLUMNS:
        raise InvalidValueError(N_("Sebuah tabel punya 1 sampai {limit} kolom."), limit=COLUMNS)
    made: list[Column] = []
    for number, each in enumerate(given, 1):
        entry = each if is_object(each) else {}
        title = " ".join(_text(entry.get("title") or entry.get("name")).split())
        name = _slug(title)
        if not name:
            raise InvalidValueError(N_("Beri nama kolom ke-{number}, misalnya “Jumlah siswa”."),
                                    number=number)
        if name in {known.name for known in made}:
            raise InvalidValueError(N_("Nama kolom “{name}” dipakai dua kali. Ubah salah satunya."),
                                    name=title)
        made.append(_column({**entry, "title": title if title != name else ""}, name))
    return made


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60]
    return f"kolom_{made}" if made[:1].isdigit() else made


def offered(
    columns: Iterable[Column], used: Mapping[str, Sequence[str]], region: str, level: str = ""
) -> list[Column]:
    """Return the columns with what may be chosen in each.

    :param used: values each column had in the last table; what was used may be used again
    :param region: kode wilayah of the government
    :param level: of ``wilayah``, where the last table does not say it
    """
    return [_offered(each, used.get(each.name) or (), region, level) for each in columns]


def _offered(column: Column, used: Sequence[str], region: str, level: str) -> Column:
    if column.options or column.type != "string":
        return column
    if column.reference == "wilayah":
        found = _areas(used, region, level)
    elif column.reference:
        try:
            found = [(each.code, each.label()) for each in vocabulary.get(column.reference)]
        except UnknownCodeError:
            return column
    elif column.is_key and 0 < len(used) <= _FEW:
        return _chosen(column, [(each, "") for each in used], closed=False)
    else:
        return column
    codes = {code for code, _label in found}
    return _chosen(column, [*found, *((each, "") for each in used if each not in codes)],
                   closed=True)


def _areas(used: Sequence[str], region: str, level: str) -> list[tuple[str, str]]:
    levels = [wilayah.level(each) for each in used[:200] if wilayah.exists(each)]
    return areas_below(region, max(set(levels), key=levels.count) if levels else level)


def areas_below(region: str, level: str) -> list[tuple[str, str]]:
    """Return code and name of the areas of a level in a region; none where there is no level."""
    if level not in wilayah.LEVELS:
        return []
    found = wilayah.search("", level=level, within=region, limit=OPTIONS + 1)
    return [(each.code, each.name) for each in found]


def _chosen(column: Column, options: list[tuple[str, str]], *, closed: bool) -> Column:
    if not options or len(options) > OPTIONS:
        return column
    known: dict[str, str] = {}
    twice: set[str] = set()
    for code, label in options:
        for text in {fold(code), fold(label), fold(f"{code} {label}")} - {""}:
            if known.setdefault(text, code) != code:
                twice.add(text)
    for each in twice:  # two areas of one name: the code decides
        del known[each]
    return replace(column, options=tuple(options), closed=closed,
                   known={**known, **{code: code for code, _label in options}})


def read_rows(given: Any, width: int) -> list[list[str]]:
    """Return rows as they are kept.

    :raises InvalidValueError: no rows of texts, or beyond the bounds
    """
    rows = given if is_list(given) else [None]
    if len(rows) > ROWS:
        raise InvalidValueError(N_(
            "Petak ini untuk paling banyak {limit} baris. Pakai templat Excel untuk tabel yang "
            "lebih panjang."), limit=ROWS)
    made: list[list[str]] = []
    left = SIZE
    for each in rows:
        if not is_list(each) or len(each) != width or not all(
                isinstance(cell, str) for cell in each):
            raise InvalidValueError(N_("Tiap baris harus berisi satu teks untuk tiap kolom."))
        texts: list[str] = [str(cell)[:cells.MAX_TEXT + 1].replace("\x00", "") for cell in each]
        left -= sum(len(cell) for cell in texts)
        if left < 0:
            raise InvalidValueError(N_(
                "Isi petak ini lebih dari {limit} huruf. Bagi tabelnya, atau unggah berkasnya."),
                limit=SIZE)
        made.append(texts)
    return made


def check(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[Wrong]:
    """Return what is wrong, row by row; blank rows are no rows."""
    found: list[Wrong] = []
    seen: dict[tuple[str, ...], int] = {}
    keys = [at for at, column in enumerate(columns) if column.is_key]
    has_figures = any(each.is_figure for each in columns)
    for number, row in enumerate(rows):
        if not any(cell.strip() for cell in row) or len(found) >= _WORST:
            continue
        values, wrong = _checked(columns, row, number)
        found += wrong
        key = tuple(values[at] for at in keys)
        if keys and has_figures and not wrong:
            first = seen.setdefault(key, number)
            if first != number:
                found.append(Wrong(number, columns[keys[0]].name, "ganda", like=first + 1))
    return found


def _checked(
    columns: Sequence[Column], row: Sequence[str], number: int
) -> tuple[list[str], list[Wrong]]:
    values: list[str] = []
    wrong: list[Wrong] = []
    for column, text in zip(columns, row, strict=True):
        try:
            values.append(column.read(text))
        except WrongCellError as error:
            values.append("")
            wrong.append(Wrong(number, column.name, error.code, error.value))
            continue
        if not values[-1] and (column.required or column.reference or (
                column.is_period and column.type != "string")):
            wrong.append(Wrong(number, column.name, "kosong"))
    return values, wrong


def to_csv(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], kept: Iterable[Sequence[str]] = ()
) -> bytes:
    """Return the file of a grid without faults: UTF-8, comma, nothing where a value is missing.

    :param kept: rows of earlier periods as the last file says them, which stay
    :raises WrongCellError: a cell is not of its column
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([each.name for each in columns])
    writer.writerows(kept)
    for row in rows:
        if any(cell.strip() for cell in row):
            writer.writerow([column.read(cell) for column, cell in zip(columns, row, strict=True)])
    return stream.getvalue().encode()
