"""What the file that was handed in says about its dataset: proposals with the cell they stand in.

Reads the report of its inspection (``domain/inspection/report.py``); a report is made from a
hostile file, so that nothing here trusts more than the types of it.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection.notes import N_, Message
from ckanext.satudata.domain.intake.candidates import Candidate, Source
from ckanext.satudata.domain.intake.periods import Period, coverage, of_text
from ckanext.satudata.domain.vocabulary import get
from ckanext.satudata.domain.wilayah_store import LEVELS

__all__ = ["File", "covered", "from_files"]

Table = Mapping[str, Any]
_PER = re.compile(r"\s*(?:/|\bper\b)\s*", re.IGNORECASE)
_MULTIPLE = re.compile(r"^(?:ratus(?:an)?|ribu(?:an)?|juta(?:an)?|miliar)\s+", re.IGNORECASE)
#: Columns of remarks, and of places below a village, which are codes to a program.
_REMARK = re.compile(r"ket|keterangan|catatan|remarks?")
_PLACES = {"rw": "RW", "rt": "RT"}

_LONG = 200
#: Months an edition covers -> code of ``frekuensi``.
_BY_LENGTH = {1: "bulanan", 3: "triwulanan", 4: "empat_bulanan", 6: "semesteran", 12: "tahunan"}
#: Stored as data, so never translated.
_LEVEL_WORDS = {
    "provinsi": "provinsi", "kabupaten_kota": "kabupaten/kota", "kecamatan": "kecamatan",
    "desa_kelurahan": "desa/kelurahan",
}
_SPAN = re.compile(r"((?:19|20|21)\d\d)(?:-((?:19|20|21)\d\d))?")


@dataclass(frozen=True)
class File:
    """A file of the draft, with the report of its inspection."""

    name: str
    report: Mapping[str, Any]

    def tables(self) -> list[Table]:
        """Return the tables found in it."""
        return [cast("Table", each) for each in _list(self.report.get("tables"))
                if isinstance(each, Mapping)]


def covered(files: Iterable[File]) -> Period | None:
    """Return the period all tables of the files cover together."""
    found = [period for file in files for table in file.tables()
             if (period := _period(table)[0]) is not None]
    if not found:
        return None
    return Period(min(each.start for each in found), max(each.end for each in found))


def from_files(files: Sequence[File], area: str) -> Iterator[Candidate]:
    """Yield what the tables of the files say.

    :param area: kode wilayah whose data it is, for tables without areas
    """
    tables = [(file, table) for file in files for table in file.tables()]
    if not tables:
        return
    file, first = tables[0]
    if (period := covered(files)) is not None:
        where = _period(first)[1] or _in_title(file, first)
        yield Candidate("temporal_coverage", written(period), Source.LEMBAR, where)
        months = (period.end.year - period.start.year) * 12 + (
            period.end.month - period.start.month) + 1
        if (code := _BY_LENGTH.get(months)) is not None and months < 12:
            yield Candidate("frequency", code, Source.LEMBAR, where)
    yield from _areas(tables, area)
    if classes := _classes(first):
        yield Candidate("klasifikasi", classes, Source.LEMBAR, Message(
            N_("dari kolom di lembar {sheet}"), {"sheet": _sheet(first)}))
    yield from _unit(tables)
    source = _text(_about(first).get("sumber"))
    if source:
        yield Candidate("provenance", f"Sumber: {source}.", Source.LEMBAR, Message(
            N_("dari baris sumber di lembar {sheet}"), {"sheet": _sheet(first)}))


# ------------------------------------------------------------------------- period


def _period(table: Table) -> tuple[Period | None, Message | None]:
    """Return the period of a table, and where it stands if that is a column."""
    time = _mapping(_mapping(table.get("profile")).get("time"))
    span = coverage([{"start": time.get("first"), "end": time.get("last")}]) if time else None
    if span is not None:
        return span, Message(N_("dari kolom {column} di lembar {sheet}"), {
            "column": _called(table, _text(time.get("column"))), "sheet": _sheet(table)})
    title = _text(_about(table).get("judul")) or _text(table.get("title"))
    if (named := of_text(title)) is not None:
        return named, None
    years = _SPAN.fullmatch(_text(_about(table).get("tahun")))
    if years is None:
        return None, None
    return coverage([{"start": years[1], "end": years[2]}]), None


def written(period: Period) -> list[dict[str, str]]:
    """Return a period as ``temporal_coverage`` keeps it, no finer than it is."""
    start, end = period.start, period.end
    whole = coverage([{"start": f"{start:%Y}", "end": f"{end:%Y}"}]) == period
    months = coverage([{"start": f"{start:%Y-%m}", "end": f"{end:%Y-%m}"}]) == period
    form = "%Y" if whole else "%Y-%m" if months else "%Y-%m-%d"
    said = {"start": start.strftime(form), "end": end.strftime(form)}
    return [{"start": said["start"]} if said["start"] == said["end"] else said]


# -------------------------------------------------------------------------- areas


def _areas(tables: Sequence[tuple[File, Table]], area: str) -> Iterator[Candidate]:
    levels: list[tuple[str, Table]] = []
    within: set[str] = set()
    for _, table in tables:
        areas = _mapping(_mapping(table.get("profile")).get("areas"))
        counts = _mapping(areas.get("counts"))
        finest = max((level for level in LEVELS if counts.get(level)), key=LEVELS.index,
                     default="")
        if finest:
            levels.append((finest, table))
        if wilayah.exists(_text(areas.get("within"))):
            within.add(_text(areas.get("within")))
    if levels:
        level, table = max(levels, key=lambda each: LEVELS.index(each[0]))
        column = _text(_mapping(_mapping(table.get("profile")).get("areas")).get("column"))
        where = Message(N_("dari kolom {column} di lembar {sheet}"),
                        {"column": _called(table, column), "sheet": _sheet(table)})
        yield Candidate("tingkat_penyajian", level, Source.LEMBAR, where)
        # All inside one area that is another than the portal's own: a kecamatan's own list.
        if len(within) == 1 and area and next(iter(within)).startswith(f"{area}."):
            yield Candidate("kode_wilayah", [next(iter(within))], Source.LEMBAR, where)
    elif area.count(".") < len(LEVELS) and area:
        if any(_role(each) == "wilayah" for _, table in tables for each in _columns(table)):
            return  # there are areas, and they were not recognised
        yield Candidate("tingkat_penyajian", LEVELS[area.count(".")], Source.LEMBAR, Message(
            N_("tabelnya tidak memuat kolom wilayah, jadi angkanya untuk {area}"),
            {"area": wilayah.display(area) if wilayah.exists(area) else area}))


# -------------------------------------------------------------- classes and units


def _classes(table: Table) -> str:
    """Return by what a table tells its figures apart: ``Menurut kecamatan dan jenis kelamin``."""
    named: list[str] = []
    counts = _mapping(_mapping(_mapping(table.get("profile")).get("areas")).get("counts"))
    finest = max((level for level in LEVELS if counts.get(level)), key=LEVELS.index, default="")
    if finest:
        named.append(_LEVEL_WORDS[finest])
    masked = _mapping(table.get("masked"))
    for column in _columns(table):
        name = _text(column.get("name"))
        if _REMARK.fullmatch(name):
            continue  # remarks tell no figures apart
        if _PLACES.get(name):
            named.append(_PLACES[name])
        elif _role(column) == "dimensi" and name not in masked:
            named.append(_words(_text(column.get("title")) or name))
        elif _role(column) == "waktu" and not named:
            continue
    times = [_text(each.get("name")) for each in _columns(table) if _role(each) == "waktu"]
    named += [_words(each) for each in times if each not in ("tahun",)]
    if not named:
        named = [_words(each) for each in times]
    named = list(dict.fromkeys(each for each in named if each))[:5]
    if not named:
        return ""
    last = named.pop()
    return "Menurut " + (", ".join(named) + " dan " + last if named else last)


def _words(written_: str) -> str:
    tidy = " ".join(written_.replace("_", " ").split())[:60]
    return tidy if any(each.isupper() and len(each) < 6 for each in tidy.split()) and (
        not tidy.isupper()) else tidy.lower()


def _unit(tables: Sequence[tuple[File, Table]]) -> Iterator[Candidate]:
    """Yield the one unit of all measures; of several there is none that is the dataset's.

    A word above figures that is no unit of the list is asked, for it may be anything.
    """
    found: dict[str, Message] = {}
    for _, table in tables:
        for column in _columns(table):
            unit = _text(column.get("unit"))
            if _role(column) == "ukuran" and unit:
                known = get("satuan").match(unit)
                found.setdefault(known.code if known else unit, Message(
                    N_("dari kepala kolom {column} di lembar {sheet}"),
                    {"column": _called(table, _text(column.get("name"))),
                     "sheet": _sheet(table)}))
            elif _role(column) == "ukuran":
                found.setdefault("", Message(""))
    found.pop("", None) if len(found) > 1 else None
    about = _text(_about(tables[0][1]).get("satuan"))
    if set(found) <= {""} and (known := get("satuan").match(about)) is not None:
        found = {known.code: Message(N_("dari keterangan satuan di lembar {sheet}"),
                                     {"sheet": _sheet(tables[0][1])})}
    if len(found) == 1 and _is_unit(next(iter(found))):
        unit, where = next(iter(found.items()))
        yield Candidate("satuan", unit, Source.LEMBAR, where)


def _is_unit(words: str) -> bool:
    """Tell whether words are a unit of the list, a multiple of one, or one per something."""
    first = _PER.split(words, maxsplit=1)[0]
    return bool(first) and any(
        get("satuan").match(each) is not None for each in (words, first, _MULTIPLE.sub("", first)))


# ------------------------------------------------------------------------- places


def _in_title(file: File, table: Table) -> Message:
    """Return the place of a table's title: its cell where the report shows it."""
    title = " ".join(_text(_about(table).get("judul")).split()).casefold()
    for sheet in _list(file.report.get("sheets")):
        said = _mapping(sheet)
        if _text(said.get("name")) != _sheet(table):
            continue
        letters = _list(said.get("letters"))
        for row in _list(said.get("rows"))[:20]:
            for at, cell in enumerate(_list(_mapping(row).get("cells"))[:len(letters)]):
                text = " ".join(_text(_mapping(cell).get("t")).split()).casefold()
                if len(text) > 3 and title and (text in title or title in text):
                    if of_text(text) is None:
                        continue
                    return Message(N_("dari lembar {sheet}, sel {cell}"), {
                        "sheet": _sheet(table),
                        "cell": f"{letters[at]}{_mapping(row).get('n')}"})
    return Message(N_("dari judul di lembar {sheet}"), {"sheet": _sheet(table)})


def _about(table: Table) -> Mapping[str, Any]:
    return _mapping(table.get("about"))


def _columns(table: Table) -> list[Mapping[str, Any]]:
    return [_mapping(each) for each in _list(table.get("columns"))]


def _called(table: Table, name: str) -> str:
    """Return what a column is called on the sheet: who looks for it sees nothing else."""
    header = next((_text(each.get("source_header")) for each in _columns(table)
                   if _text(each.get("name")) == name), "")
    return f"“{header}”" if header and header != name else name


def _role(column: Mapping[str, Any]) -> str:
    return _text(column.get("role"))


def _sheet(table: Table) -> str:
    return _text(table.get("sheet")) or _text(table.get("title"))


def _text(value: Any) -> str:
    return value[:_LONG] if isinstance(value, str) else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
