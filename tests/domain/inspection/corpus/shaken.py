"""The same few tables, laid out by dice: every habit of layout varied without the others.

The files written by hand each have the faults that belong together; here a fault meets all
others. A seed is a file, for ever the same; ``python -m corpus FOLDER 200`` writes 200 of them.
"""
from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from corpus.grid import LEFT, UP, Grid, Page, blank, moved, signature, title, unmerged
from corpus.model import FILES, Built, Expected, Made, Table, area, bare, below, idn
from corpus.writers import docx, html, ods, text, xls, xlsx, xml2003

__all__ = ["IN_THE_CORPUS", "shaken"]

#: So many of them are judged with the others.
IN_THE_CORPUS = 12

ROMAN = tuple(tens + ones for tens in ("", "X", "XX", "XXX") for ones in
              ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"))
HOMES = ("12.71", "13.06", "16.71", "18.71", "33.72", "34.04", "36.04", "36.72", "51.02", "52.03",
         "53.71", "62.71", "63.72", "64.72", "71.71", "73.71")
#: Measure, its unit, parent of its categories, the categories.
BLOCKS = (
    ("Jumlah Koperasi", "unit", "Jenis Koperasi", ("Simpan Pinjam", "Konsumen", "Jasa")),
    ("Panjang Jalan", "km", "Kondisi", ("Baik", "Sedang", "Rusak")),
    ("Jumlah Pencari Kerja", "orang", "Pendidikan", ("SD", "SMP", "SMA", "Diploma", "Sarjana")),
    ("Luas Lahan", "ha", "Jenis Lahan", ("Sawah", "Tegalan", "Kebun")),
)
MEASURES = (
    (("Jumlah Posyandu", "unit"), ("Jumlah Kader", "orang"), ("Luas Wilayah", "km2")),
    (("Tangkapan Ikan", "ton"), ("Jumlah Nelayan", "orang")),
    (("Jumlah Hotel", "unit"), ("Jumlah Kamar", "kamar"), ("Jumlah Tamu", "orang")),
)
DECIMAL = {"km", "ha", "km2", "ton"}
UNITS = {"km": "kilometer", "ha": "hektare", "km2": "kilometer persegi"}


@dataclass
class Sketch:
    """A table before it is laid out: head rows, lines of figures, and what should come out."""

    measure: str
    unit: str
    head: Grid
    lines: dict[str, list[Any]]
    columns: dict[str, str]
    rows: dict[str, list[tuple[Any, ...]]]
    units: dict[str, str]
    sums: list[bool]
    alias: dict[str, tuple[str, ...]] = field(default_factory=dict)


def _figure(dice: random.Random, unit: str) -> float | int:
    if unit in DECIMAL:
        return dice.randrange(10_101, 900_000) / 100
    return dice.choice((dice.randrange(5, 999), dice.randrange(1_000, 60_000)))


def _name(words: str) -> str:
    return words.casefold().replace(" ", "_")


def _block(dice: random.Random, codes: list[str]) -> Sketch:
    measure, unit, parent, kinds = dice.choice(BLOCKS)
    sums = dice.random() < 0.5
    kind = "number" if unit in DECIMAL else "integer"
    facts = {c: [_figure(dice, unit) for _ in kinds] for c in codes}
    total = dice.choice(("Jumlah", "Total", "JML"))
    head = [[parent, *[LEFT] * (len(kinds) - 1)], list(kinds)]
    if sums:
        head = [[*head[0], total], [*head[1], UP]]
    return Sketch(
        measure, unit, head, {c: [*f, round(sum(f), 2)] if sums else f for c, f in facts.items()},
        {_name(parent): "string", _name(measure): kind},
        {c: list(zip(kinds, f, strict=True)) for c, f in facts.items()},
        {_name(measure): unit}, [True] * (len(kinds) + sums))


def _years(dice: random.Random, codes: list[str]) -> Sketch:
    measure, unit, _, _ = dice.choice(BLOCKS)
    years = range(2026 - dice.randrange(3, 7), 2026)
    kind = "number" if unit in DECIMAL else "integer"
    facts = {c: [round(first * dice.uniform(0.95, 1.06), 2) if unit in DECIMAL
                 else round(first * dice.uniform(0.95, 1.06)) for _ in years]
             for c in codes for first in [_figure(dice, unit)]}
    style = dice.choice((int, str, "Tahun {}".format))
    head: Grid = [[style(y) for y in years]]
    if dice.random() < 0.5:
        head = [["Tahun", *[LEFT] * (len(years) - 1)], *head]
    return Sketch(measure, unit, head, facts, {"tahun": "year", _name(measure): kind},
                  {c: list(zip(years, f, strict=True)) for c, f in facts.items()},
                  {_name(measure): unit}, [True] * len(years))


def _sexes(dice: random.Random, codes: list[str]) -> Sketch:
    pair = dice.choice((("L", "P"), ("Laki-laki", "Perempuan"), ("LK", "PR")))
    years = (2024, 2025)
    facts = {c: [[dice.randrange(5, 9_000) for _ in pair] for _ in years] for c in codes}
    head: Grid = [[cell for y in years for cell in (y, LEFT, LEFT)], [*pair, "Jumlah"] * 2]
    return Sketch(
        "Jumlah Wajib KTP", "orang", head,
        {c: [n for two in f for n in (*two, sum(two))] for c, f in facts.items()},
        {"tahun": "year", "jenis_kelamin": "string", "jumlah_wajib_ktp": "integer"},
        {c: [(y, s, f[i][k]) for i, y in enumerate(years) for k, s in enumerate(pair)]
         for c, f in facts.items()},
        {"jumlah_wajib_ktp": "orang"}, [True] * 6)


def _wide(dice: random.Random, codes: list[str]) -> Sketch:
    chosen = dice.choice(MEASURES)
    facts = {c: [_figure(dice, unit) for _, unit in chosen] for c in codes}
    in_row = dice.random() < 0.3
    head: Grid = [[m if in_row else f"{m} ({u})" for m, u in chosen]]
    if in_row:
        head.append([f"({u})" for _, u in chosen])
    return Sketch(
        "Data " + chosen[0][0].removeprefix("Jumlah "), "", head, facts,
        {_name(m): "number" if u in DECIMAL else "integer" for m, u in chosen},
        {c: [tuple(f)] for c, f in facts.items()}, {_name(m): u for m, u in chosen},
        [True] * len(chosen))


def shaken(seed: int) -> tuple[str, Built]:
    """Return the name and the file of a seed."""
    dice = random.Random(f"shaken:{seed}")
    home = dice.choice(HOMES)
    areas = below(home)
    sketch = dice.choice((_block, _years, _sexes, _wide))(dice, [a.code for a in areas])
    kind = dice.choice(("xlsx", "xlsx", "xlsx", "xls", "ods", "html.xls", "xml.xls", ";.csv",
                        ",.csv", "docx"))
    as_text = kind in ("html.xls", ";.csv", "docx") or dice.random() < 0.3

    def said(value: Any) -> Any:
        if not as_text or isinstance(value, str) or value is None:
            return value
        return idn(value, 0 if isinstance(value, int) else 2)

    word = dice.choice(("Kecamatan", "KECAMATAN", "Nama Kecamatan"))
    spell = dice.choice((str, str, str.upper, "Kec. {}".format))
    number = dice.choice((None, "{}", "{}.", "roman"))
    left = ["No" if number else None, word] if number else [word]
    head = [[*left, *sketch.head[0]], *([*[UP] * len(left), *row] for row in sketch.head[1:])]
    if dice.random() < 0.25:  # an empty column for remarks, as forms have one
        head = [[*head[0], "Keterangan"], *([*row, UP] for row in head[1:])]
    wide = len(head[0])
    body: Grid = []
    for at, each in enumerate(areas, 1):
        label = [] if not number else [ROMAN[at] if number == "roman" else
                                       at if number == "{}" else number.format(at)]
        body.append([*label, spell(each.name), *map(said, sketch.lines[each.code])])
    total = dice.choice((None, "Jumlah", "TOTAL", area(home).name))
    if total:
        sums = [round(sum(sketch.lines[a.code][k] for a in areas), 2)
                for k in range(len(sketch.sums))]
        label = [total, LEFT] if number and dice.random() < 0.5 else [
            *([None] if number else []), total]
        row = [*label, *map(said, sums)]
        body = [row, *body] if total == area(home).name and dice.random() < 0.3 else [
            *body, row]
    marks = dice.choice((None, "({})", "[{}]", "{}"))
    numbering = [] if marks is None else [[int(marks.format(n)) if marks == "{}"
                                           else marks.format(n) for n in range(1, wide + 1)]]
    top, names = _above(dice, sketch, home, wide)
    after = _below_table(dice, home, wide)
    table = [*head, *numbering, *body]
    if dice.random() < 0.3:
        table = unmerged(table)
    right, down = dice.choice((0, 0, 1, 2)), dice.choice((0, 0, 1, 3))
    if kind == "docx":  # a letter has its title and its notes around the table
        said_above, said_below = ([str(cell) for row in part for cell in row
                                   if isinstance(cell, str) and cell != LEFT]
                                  for part in (top, after))
        data = docx([[*row, *[None] * (wide - len(row))] for row in table], said_above,
                    said_below)
    else:
        grid = [*top, *table, *after]
        data = _written(kind, grid if kind == "html.xls" else moved(grid, right, down), dice)
    rows = [(a.code, spell(a.name), *cells) for a in areas for cells in sketch.rows[a.code]]
    columns = {"kode_wilayah": "string", _name(word): "string", **sketch.columns}
    measure = list(sketch.columns)[-1]
    alias = {} if len(sketch.rows[areas[0].code]) == 1 else {
        measure: ("nilai", "jumlah", *names)}
    units = {n: UNITS.get(u, u) for n, u in sketch.units.items()} if (
        not alias or any(f"({sketch.unit})" in str(c) for r in top for c in r)) else {}
    expected = Expected(home=home, tables=[Table(
        columns, rows, units=units, alias=alias,
        optional={"keterangan": None, "tahun": None, "semester": None} if "tahun" not in columns
        else {"keterangan": None})])
    return (f"acak-{seed:04d}.{kind.rpartition('.')[2]}",
            Built(data, expected))


def _above(dice: random.Random, sketch: Sketch, home: str, wide: int) -> tuple[Grid, list[str]]:
    """Return the rows above the head, and further names the measure may get from them."""
    case = dice.choice((str, str.upper))
    place = area(home).name
    unit = f" ({sketch.unit})" if sketch.unit and dice.random() < 0.6 else ""
    lines = [case(f"{sketch.measure} Menurut Kecamatan di {place}{', 2025' if not unit else ''}")
             + unit]
    if dice.random() < 0.4:
        lines.append(case(f"Semester II Tahun {dice.choice((2024, 2025))}"))
    if dice.random() < 0.3:
        lines[:0] = [case(f"Pemerintah {place}"), case("Dinas Komunikasi dan Informatika"),
                     "Jl. Merdeka No. 1 Telp. (021) 000000"]
    if dice.random() < 0.2:
        lines = []
    if dice.random() < 0.5:
        made: Grid = [title(line, wide) for line in lines]
    else:
        made = [[line] for line in lines]
    return [*made, *blank(dice.randrange(3) if lines else 0)], [
        _name(sketch.measure).removeprefix("jumlah_")]


def _below_table(dice: random.Random, home: str, wide: int) -> Grid:
    made: Grid = []
    if dice.random() < 0.5:
        made.append([f"Sumber: Dinas Kominfo {area(home).name}"])
    if dice.random() < 0.3:
        made.extend([["Keterangan:"], ["Data per 31 Desember 2025"]])
    if dice.random() < 0.3:
        made.extend(signature(bare(area(home).name), "5 Januari 2026", "Dinas", "(nama)",
                              max(wide - 2, 1)))
    return made


def _written(kind: str, grid: Grid, dice: random.Random) -> bytes:
    name = dice.choice(("Sheet1", "Rekap", "Data 2025"))
    if kind.endswith(".csv"):
        decimal = "," if kind[0] == ";" else "."
        return text(unmerged(grid), kind[0], dice.choice(("utf-8", "utf-8-sig", "cp1252")), decimal)
    writer = {"xlsx": xlsx, "xls": xls, "ods": ods, "xml.xls": xml2003}.get(kind)
    return html(grid) if writer is None else writer(Page(name, grid))


def _made(seed: int) -> Made:
    name, _ = shaken(seed)
    return Made(name, f"Laid out by dice, seed {seed}.", lambda: shaken(seed)[1])


FILES.extend(_made(seed) for seed in range(1, IN_THE_CORPUS + 1))
