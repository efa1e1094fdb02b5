"""The words in which an expectation is written, and the readers its recipes use.

An expectation says what a statistician would publish from a file of ``shared/data/demo``, written
by reading the sheet. Nothing of a file is copied: the full table is computed from the real file
by a recipe of plain slices (``rows 6 to 25, columns C to E``), and pinned by spot values written
by hand. No recipe uses the code it judges.
"""
from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

DEMO = Path(__file__).resolve().parents[4].parent / "shared" / "data" / "demo"

#: Any type will do: an empty column has none of its own.
ANY = ("string", "integer", "number", "year", "boolean", "date")

Rows = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Col:
    """A column that is expected.

    :ivar name: as the conventions name it; ``also`` holds names that are equally right (``*`` for
        any run of letters), each with its reason beside it in the expectation
    :ivar type: of Table Schema; several where the file leaves it open
    :ivar unit: one or more right spellings; not part of the verdict, only shown
    :ivar source: column letter and header it comes from, for people
    :ivar optional: may be absent; where it is there its values are judged
    """

    name: str
    type: str | tuple[str, ...] = "string"
    source: str = ""
    unit: str | tuple[str, ...] | None = None
    also: tuple[str, ...] = ()
    optional: bool = False

    @property
    def types(self) -> tuple[str, ...]:
        return (self.type,) if isinstance(self.type, str) else self.type


@dataclass(frozen=True)
class Shape:
    """One right form of a table: its columns and all of its rows.

    :ivar rows: the recipe; returns every column by name. ``None`` is missing; a tuple in a cell
        lists values that are equally right.
    :ivar spots: by hand: ``(row from 1, column): value``; row -1 is the last
    :ivar sums: by hand: sum of a measure over all rows
    :ivar key: of a long form: the columns made from headers. Rows are sorted by them, otherwise
        left in the order of the sheet, before comparing: melting row by row or column by column
        is both right.
    :ivar normal: applied to the rows of the engine before comparing
    :ivar note: why this form is right too
    """

    columns: tuple[Col, ...]
    rows: Callable[[], Rows]
    n_rows: int
    spots: Mapping[tuple[int, str], Any] = field(default_factory=dict)
    sums: Mapping[str, float] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    normal: Callable[[Any], Any] | None = None
    note: str = ""


@dataclass(frozen=True)
class Ask:
    """A question that must be asked: its step, the sign it is about, and how many cells."""

    step: str
    sign: str = ""
    cells: int | None = None
    most: int = 1
    answer: str = ""


@dataclass(frozen=True)
class Finding:
    """A finding that must, or must not, appear.

    :ivar code: regular expression on its code
    :ivar rows: rows of the tidy table (from 1) that must all be named, where they are known
    """

    code: str
    why: str
    rows: tuple[int, ...] = ()
    severity: str = ""
    never: bool = False
    table: int = 1


@dataclass(frozen=True)
class Table:
    """A table that is expected: the first of ``shapes`` is the contract.

    :ivar range: as a person sees it on the sheet; ``title`` and ``about`` as on the sheet
        (``about`` by what the proposal must contain). Shown, not part of the verdict.
    :ivar body: in words: which rows are the body, which are totals, what is melted
    """

    shapes: tuple[Shape, ...]
    sheet: str = ""
    range: str = ""
    title: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True)
class Expected:
    """What is expected of a file.

    :ivar tables: in the order of the sheets
    :ivar no_table: why no table is expected; being refused with a reason is right too
    :ivar blocks: whether a finding of severity wajib is right; ``None`` where it is open
    :ivar corrections: the officer's way out, if the engine stumbles: parts of a recipe per
        table number, at most two in all
    """

    file: str
    needs: str
    tables: tuple[Table, ...] = ()
    no_table: str = ""
    findings: tuple[Finding, ...] = ()
    blocks: bool | None = False
    corrections: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)


def cols(text: str) -> tuple[Col, ...]:
    """Read ``"id:i kode:s nilai:n tahun:y"`` as columns; ``name=source`` keeps the header."""
    kinds = {"s": "string", "i": "integer", "n": "number", "y": "year", "d": "date",
             "t": "datetime", "b": "boolean", "m": "yearmonth"}
    made: list[Col] = []
    for word in text.split():
        name, _, kind = word.partition(":")
        made.append(Col(name, kinds[kind] if kind else "string", name))
    return tuple(made)


# --- Reading a file as it is -----------------------------------------------------------------

@cache
def text_rows(file: str, escape: str | None = None) -> tuple[tuple[str, ...], ...]:
    """Return a CSV file cell by cell, by the standard library."""
    path = DEMO / file
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    stream = io.StringIO(data.decode("utf-8-sig"), newline="")
    reader = csv.reader(stream, escapechar=escape, doublequote=escape is None)
    return tuple(tuple(row) for row in reader if row)


class Grid:
    """A sheet by the names a person uses: ``grid.col("C", 6, 25)``, ``grid["B7"]``."""

    def __init__(self, rows: Sequence[Sequence[Any]]) -> None:
        self._rows = rows

    def __getitem__(self, cell: str) -> Any:
        found = re.fullmatch(r"([A-Z]+)(\d+)", cell)
        assert found is not None
        return self.at(int(found[2]), number(found[1]))

    def at(self, row: int, column: int) -> Any:
        cells = self._rows[row - 1] if row <= len(self._rows) else ()
        return cells[column] if column < len(cells) else ""

    def col(self, letter: str, first: int, last: int, skip: Sequence[int] = ()) -> list[Any]:
        at = number(letter)
        return [self.at(row, at) for row in range(first, last + 1) if row not in skip]

    def row(self, row: int, first: str, last: str) -> list[Any]:
        return [self.at(row, at) for at in range(number(first), number(last) + 1)]

    @property
    def height(self) -> int:
        return len(self._rows)


@cache
def sheet(file: str, name: str) -> Grid:
    """Return a sheet of a workbook from A1 on."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(DEMO / file))
    return Grid(book.get_sheet_by_name(name).to_python(skip_empty_area=False))


def grid(file: str) -> Grid:
    """Return a CSV file as a sheet."""
    return Grid(text_rows(file))


def number(letters: str) -> int:
    """Return 0 for ``A``, 27 for ``AB``."""
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at - 1


def column_letters(at: int) -> str:
    """Return ``A`` for 0, ``AB`` for 27."""
    return chr(65 + at) if at < 26 else chr(64 + at // 26) + chr(65 + at % 26)


# --- Reading a cell --------------------------------------------------------------------------

def text(value: Any) -> str | None:
    """Blanks tidied, empty is missing; a whole number is written without ``.0``."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    tidy = "\n".join(re.sub(r"[ \t\xa0]+", " ", line).strip() for line in str(value).split("\n"))
    return tidy.strip() or None


def texts(values: Sequence[Any]) -> list[str | None]:
    return [text(value) for value in values]


def figure(value: Any, missing: Sequence[str] = ()) -> float | None:
    """A figure written with a decimal point, or a number of a workbook."""
    if isinstance(value, str):
        value = value.strip()
        if value == "" or value in missing:
            return None
    return float(value)


def figures(values: Sequence[Any], missing: Sequence[str] = ()) -> list[float | None]:
    return [figure(value, missing) for value in values]


def thousands(value: Any, missing: Sequence[str] = ("-",)) -> float | None:
    """A figure written with thousands dots: ``12.080`` is twelve thousand and eighty."""
    value = str(value).strip()
    return None if value == "" or value in missing else float(value.replace(".", ""))


# --- Kode wilayah, from the published list beside the files ----------------------------------

@cache
def _areas() -> tuple[tuple[str, str], ...]:
    rows = text_rows("wilayah/kode_wilayah_kepmendagri_2025.csv")[1:]
    return tuple((row[0], row[1]) for row in rows)


def plain(name: str) -> str:
    """A name for comparing: letters and digits only, large."""
    return re.sub(r"[^A-Z0-9]", "", name.upper())


@cache
def children(parent: str) -> Mapping[str, str]:
    """Return the areas right below one, by plain name."""
    depth = parent.count(".") + 1 if parent else 0
    return {plain(name): code for code, name in _areas()
            if code.count(".") == depth and (not parent or code.startswith(parent + "."))}


def below(parent: str, names: Sequence[Any], hand: Mapping[str, str] | None = None) -> list[str]:
    """Return codes of names below one area; what is spelled otherwise is given by hand."""
    known = dict(children(parent))
    known.update({plain(name): code for name, code in (hand or {}).items()})
    return [known[plain(str(name))] for name in names]


def regency(province: str, name: str) -> str:
    """Return the code of ``Kota Serang`` (a kota) or ``Serang`` (the kabupaten)."""
    word = re.sub(r"\s*\((Kab|Kota)\.?\)$", "", name)
    city = (word != name and "Kota" in name[len(word):]) or name.upper().startswith("KOTA ")
    word = re.sub(r"^(KABUPATEN|KAB\.|KOTA) ?", "", word, flags=re.I)
    known = children(province)
    forms = (("KOTA" + plain(word), "KOTAADMINISTRASI" + plain(word)) if city
             else ("KABUPATEN" + plain(word),))
    return next(known[form] for form in forms if form in known)


PROVINCES = {
    "ACEH": "11", "SUMATERA UTARA": "12", "SUMATERA BARAT": "13", "RIAU": "14", "JAMBI": "15",
    "SUMATERA SELATAN": "16", "BENGKULU": "17", "LAMPUNG": "18", "KEP. BANGKA BELITUNG": "19",
    "KEPULAUAN BANGKA BELITUNG": "19", "KEP. RIAU": "21", "KEPULAUAN RIAU": "21",
    "DKI JAKARTA": "31", "JAWA BARAT": "32", "JAWA TENGAH": "33", "DI YOGYAKARTA": "34",
    "JAWA TIMUR": "35", "BANTEN": "36", "BALI": "51", "NUSA TENGGARA BARAT": "52",
    "NUSA TENGGARA TIMUR": "53", "KALIMANTAN BARAT": "61", "KALIMANTAN TENGAH": "62",
    "KALIMANTAN SELATAN": "63", "KALIMANTAN TIMUR": "64", "KALIMANTAN UTARA": "65",
    "SULAWESI UTARA": "71", "SULAWESI TENGAH": "72", "SULAWESI SELATAN": "73",
    "SULAWESI TENGGARA": "74", "GORONTALO": "75", "SULAWESI BARAT": "76", "MALUKU": "81",
    "MALUKU UTARA": "82", "PAPUA": "91", "PAPUA BARAT": "92", "PAPUA SELATAN": "93",
    "PAPUA TENGAH": "94", "PAPUA PEGUNUNGAN": "95", "PAPUA BARAT DAYA": "96",
}


def provinces(names: Sequence[str]) -> list[str]:
    return [PROVINCES[name.upper()] for name in names]


KODE_WILAYAH = Col("kode_wilayah", "string", "made from the names")
