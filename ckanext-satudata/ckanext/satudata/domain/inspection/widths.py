"""The width of a table: units beside figures, and columns that should be rows."""
from __future__ import annotations

import re
from datetime import date

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection import about, area_heads, header, shape, words
from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.notes import N_
from ckanext.satudata.domain.inspection.sheet import Span, range_name
from ckanext.satudata.domain.inspection.spoken import spoken
from ckanext.satudata.domain.inspection.table import Role, TotalRow
from ckanext.satudata.domain.inspection.work import NUMERIC, Item, Work

__all__ = ["lengthen", "merge_units"]

_TIMES = frozenset({"tahun", "bulan", "periode", "tanggal"})
_GENERIC = _TIMES | {"data"}
_DIMENSION_WORDS = frozenset({
    "jenis_kelamin", "kelamin", "kelompok_umur", "golongan_umur", "umur", "usia", "kelompok_usia",
    "menurut_umur", "menurut_kelompok_umur", "menurut_jenis_kelamin", "kelompok_umur_tahun"})
_UNIT_HEADS = frozenset({"satuan", "unit"})
_VALUE_HEADS = frozenset({"nilai", "jumlah", "value", "angka", "volume"})
#: Totals of single rows are kept for tables up to this size; larger ones are checked by columns.
_FEW = 5_000


def merge_units(work: Work) -> None:
    """Take a column of one unit beside its figure into the figure: ``NILAI | SATUAN``.

    A column ``satuan`` of its own, that is not below the header of a figure, is data and stays.
    """
    if "satuan" in work.recipe.off:
        return
    for item in list(work.items):
        if len([part for part in item.path if part]) < 2 or words.plain(
                item.path[-1]) not in _UNIT_HEADS:
            continue
        partner = next((each for each in work.items if each is not item and each.type in NUMERIC
                        and each.path[:-1] == item.path[:-1]), None)
        units = [unit for unit in pc.unique(item.values).to_pylist() if unit]
        if partner is None or len(units) != 1:
            continue
        work.items.remove(item)
        partner.unit = units[0]
        parts = [part for part in partner.path[:-1] if part]
        if words.plain(partner.path[-1]) not in _VALUE_HEADS:
            parts.append(partner.path[-1])
        others = [each.name for each in work.items if each is not partner]
        old, partner.name = partner.name, header.unique([*others, header.name_of(parts, 1)])[-1]
        if old in work.totals:
            work.totals[partner.name] = work.totals.pop(old)
        work.change("satuan", range_name(Span(
            work.raw.span.top, item.at, work.raw.span.bottom, item.at)),
            N_("Kolom satuan di samping {column} menjadi satuan “{unit}”."),
            N_("Isinya sama di semua baris."), column=partner.name, unit=units[0])


def lengthen(work: Work, home: str = "") -> list[Work]:
    """Turn columns told apart by years, months or groups into rows; figures apart stay apart.

    Figures that have nothing to do with the groups become a table of their own, since repeating
    them in every row would count them twice.
    """
    candidates = [item.at >= 0 and (item.type in NUMERIC or (item.is_empty and bool(item.path)))
                  for item in work.items]
    paths = _spelled_sums([_parts(item) for item in work.items])
    heads = [shape.tokens(path) if candidate else None
             for path, candidate in zip(paths, candidates, strict=True)]
    values = [item.values if candidate else None
              for item, candidate in zip(work.items, candidates, strict=True)]
    known = [item.header for item in work.items if item.type not in NUMERIC]
    units = [item.unit for item in work.items]
    title = work.raw.about.get("judul", "")
    lying = area_heads.group(heads, values, work.raw.about, home)
    found = [lying] if lying is not None else shape.groups(
        heads, values, units, about.dimensions_in(title, known))
    for group in found:
        area_heads.fold(group, work.raw.about, home)
    wanted = work.recipe.long is not False and "panjang" not in work.recipe.off
    if not found or not wanted or all(
            work.items[at].is_empty and not work.items[at].asked
            for group in found for at in group.columns):
        _short_names(work)
        return [work]
    return _melted(work, found)


def _spelled_sums(paths: list[list[str]]) -> list[list[str]]:
    """Return the headers with "jumlah" for a sum that is spelled out: ``Hidup + Mati``.

    It is one only beside both of its parts, below the same head.
    """
    there = {tuple(map(words.plain, path)) for path in paths}
    made: list[list[str]] = []
    for path in paths:
        parts = words.plain(path[-1]).split("+") if path else []
        if len(parts) > 1 and all((*map(words.plain, path[:-1]), part.strip()) in there
                                  for part in parts):
            path[-1] = "Jumlah"
        made.append(path)
    return made


def _parts(item: Item) -> list[str]:
    return [header.split_unit(part)[0] for part in item.path]


def _short_names(work: Work) -> None:
    """Leave out of names what all figures of a table have in common above them."""
    figures = [item for item in work.items if item.type in NUMERIC and item.path]
    deep = [item for item in figures if len([part for part in item.path if part]) > 1]
    # "Katolik" and "Protestan" are both "Gereja", but "Masjid" beside them is not.
    if len(deep) < 2 or len(deep) < len(figures):
        return
    common = set.intersection(*({words.plain(part) for part in item.path if part}
                                for item in deep))
    for item in deep:
        own = [part for part in _parts(item) if part and words.plain(part) not in common
               and words.plain(header.split_unit(part)[0]) not in common]
        if own and common:
            taken = [each.name for each in work.items if each is not item]
            old, item.name = item.name, header.unique([*taken, header.name_of(own, 1)])[-1]
            if old in work.totals and old != item.name:
                work.totals[item.name] = work.totals.pop(old)


def _melted(work: Work, groups: list[shape.Group]) -> list[Work]:
    """Make a table of each group, and one of the figures that belong to none."""
    used = {at for group in groups for at in [*group.columns, *group.totals]}
    rest = [item for at, item in enumerate(work.items) if at not in used]
    ids = [item for item in rest
           if item.type not in NUMERIC or item.role in (Role.KODE, Role.WAKTU)]
    if not ids:
        # Days or ages that name the rows look like figures.
        ids = [item for item in rest[:1] if work.items.index(item) < min(used)]
    extras = [item for item in rest if item not in ids]
    made = [_one_group(work, group, ids) for group in groups]
    if extras:
        apart = Work(work.raw, work.mark, work.recipe, work.rows)
        apart.items = [*[Item(**item.__dict__) for item in ids], *extras]
        names = {item.name for item in apart.items}
        apart.totals = {name: each for name, each in work.totals.items() if name in names}
        _short_names(apart)
        made[0].change("panjang", range_name(work.raw.span),
                       N_("{columns} menjadi tabel tersendiri."),
                       N_("Angka itu tidak dirinci menurut {dimension}."), certain=False,
                       columns=", ".join(spoken({item.at: item.header}, [item.at], item.name)
                                         for item in extras)[:200],
                       dimension=", ".join(groups[0].names))
        made.append(apart)
    # What was done to the sheet is told once, with its first table.
    made[0].changes[:0] = work.changes
    made[0].questions[:0] = work.questions
    return made


def _one_group(work: Work, group: shape.Group, ids: list[Item]) -> Work:
    made = Work(work.raw, work.mark, work.recipe, work.rows)
    n, k = len(work.rows), len(group.keys)
    order = np.repeat(np.arange(n), k)
    for item in ids:
        copied = Item(**item.__dict__)
        copied.take(order)
        made.items.append(copied)
    taken = [item.name for item in made.items]
    for number, name in enumerate(group.names):
        item = _dimension(name, [key[number] for key in group.keys], n, made, taken)
        made.items.append(item)
        taken.append(item.name)
    made.rows = work.rows[order]
    for rest_parts, keys in group.measures.items():
        made.items.append(_measure(work, group, rest_parts, keys, taken))
        taken.append(made.items[-1].name)
    _note(work, made, group)
    _keep_totals(work, made, group)
    return made


def _dimension(
    name: str, values: list[object], n: int, made: Work, taken: list[str]
) -> Item:
    kind, array = "string", pa.array([str(value) for value in values], pa.string())
    role = Role.DIMENSI
    if name == "tahun" and all(isinstance(value, int) for value in values):
        kind, array = "year", pa.array(values, pa.int64())
    if name in ("tahun", "tahun_ajaran", "bulan", "tanggal", "periode", "triwulan", "semester"):
        role = Role.WAKTU
    if name == "periode":
        kind = "yearmonth"
    if name == "tanggal":
        days = [_day(str(value)) for value in values]
        month = about.month_in(made.raw.about.get("judul", ""))
        if month is not None and not any(days):
            days = [_day(f"{value}-{month[1]}-{month[0]}") for value in values]
        if all(days) and len(days) > 1 and all(day.day == 1 for day in days if day):
            # The first of each month stands for the month.
            name, kind = "bulan", "yearmonth"
            array = pa.array([f"{day:%Y-%m}" for day in days if day], pa.string())
        elif all(days):
            kind, array = "date", pa.array(days, pa.date32())
    if name in taken:
        # The head of the names of rows often says "Tahun" and means the columns.
        clash = next(item for item in made.items if item.name == name)
        clash.name = header.unique([*[t for t in taken if t != name], name, "uraian"])[-1]
        taken[taken.index(name)] = clash.name
    index = np.tile(np.arange(len(values)), n)
    return Item(name, kind, role, array.take(pa.array(index)), title=name.replace("_", " "),
                cells=np.full(n * len(values), -1, dtype=np.int64))


def _day(text: str) -> date | None:
    """Return a day of a header as a date; Indonesian order, day first."""
    parts = [part for part in re.split(r"[-/. T]", text.strip()) if part]
    try:
        if len(parts[0]) == 4:
            return date(int(parts[0]), int(parts[1]), int(parts[2]))
        month = words.month_of(parts[1]) or int(parts[1])
        year = int(parts[2]) + (2000 if len(parts[2]) == 2 else 0)
        return date(year, month, int(parts[0]))
    except (ValueError, IndexError):
        return None


def _measure(
    work: Work, group: shape.Group, rest: tuple[str, ...],
    keys: dict[tuple[object, ...], int], taken: list[str]
) -> Item:
    """Join the columns of one measure, row by row."""
    parts = [work.items[keys[key]] if key in keys else None for key in group.keys]
    there = [part for part in parts if part is not None]
    whole = all(part.type == "integer" or part.is_empty for part in there)
    kind = pa.int64() if whole else pa.float64()
    n, k = len(work.rows), len(parts)
    blocks = [pa.nulls(n, kind) if part is None else _cast(part.values, kind) for part in parts]
    joined = pa.concat_arrays(blocks)
    index = (np.tile(np.arange(k), n) * n + np.repeat(np.arange(n), k))
    cells = np.array([-1 if part is None else part.at for part in parts], dtype=np.int64)
    status: pa.Array | None = None
    if any(part.status is not None for part in there):
        status = pa.concat_arrays([
            pa.array(["normal"] * n, pa.string()) if part is None or part.status is None
            else part.status for part in parts]).take(pa.array(index))
    unit = next((part.unit for part in there if part.unit), None) or work.raw.about.get("satuan")
    name = _measure_name(work, group, rest)
    return Item(
        header.unique([*taken, name])[-1], "integer" if whole else "number", Role.UKURAN,
        joined.take(pa.array(index)), unit=unit,
        header=" / ".join(part for part in there[0].path if part), title=" ".join(rest),
        status=status, cells=np.tile(cells, n), asked=any(part.asked for part in there))


def _cast(values: pa.Array, kind: pa.DataType) -> pa.Array:
    if values.type == kind:
        return values
    if values.null_count == len(values):
        return pa.nulls(len(values), kind)
    return pc.cast(values, kind, safe=False)


def _measure_name(work: Work, group: shape.Group, rest: tuple[str, ...]) -> str:
    """Name the figures: by their own header, else by the title, else ``nilai``."""
    others = [each for each in group.measures if each != rest]
    shared = set.intersection(*(set(each) for each in group.measures)) if others else set()
    own = [part for part in rest if part not in shared] or list(rest)
    if own and all(words.plain(part) in _GENERIC for part in own):
        return "nilai" if words.plain(own[-1]) not in _TIMES else _by_title(work, group)
    own = [part for part in own if words.plain(part) not in _GENERIC
           and not _names_dimension(part, group)]
    if own:
        # The lowest header says most; a title above it says it once more.
        lowest = own[-1]
        if re.search(r"\bmenurut\b", lowest, re.IGNORECASE):
            lowest = about.measure_in(lowest) or lowest
        if len(own) > 1 and any(own[-1] in each for each in others):
            # PNS below Dokter and PNS below Perawat are two things.
            return header.name_of(own, 1)
        return header.name_of([lowest], 1)
    return _by_title(work, group)


def _names_dimension(part: str, group: shape.Group) -> bool:
    """Tell whether a header names what its children are told apart by, and no measure."""
    name = words.snake(part)
    return any(name == each or name.endswith(f"menurut_{each}") or (
        each in ("jenis_kelamin", "kelompok_umur") and name in _DIMENSION_WORDS)
        for each in group.names)


def _by_title(work: Work, group: shape.Group) -> str:
    title = work.raw.about.get("judul", "")
    for measure in (about.measure_in(title), about.measure_in(title.partition("enurut ")[2])):
        name = header.name_of([measure], 1) if measure else ""
        if name and name not in group.names:
            return name
    return "nilai"


def _note(work: Work, made: Work, group: shape.Group) -> None:
    columns = [work.items[at].at for at in group.columns]
    top = work.raw.header_rows[0] if work.raw.header_rows else work.raw.span.top
    span = Span(top, min(columns), work.raw.span.bottom, max(columns))
    made.change("panjang", range_name(span),
                N_("{count} kolom menjadi baris, dengan kolom {dimension}."),
                N_("Kepala kolomnya berbeda hanya pada {dimension}."), certain=group.certain,
                count=len(columns), dimension=", ".join(group.names))
    if group.totals:
        made.change("jumlah", ",".join(range_name(Span(top, at, top, at)) for at in sorted(
            work.items[at].at for at in group.totals)),
            N_("{count} kolom jumlah disimpan sebagai pemeriksa, tidak ikut terbit."),
            N_("Isinya jumlah kolom rinciannya."), count=len(group.totals))


def _keep_totals(work: Work, made: Work, group: shape.Group) -> None:
    """Carry totals over: of columns that became rows, and of rows."""
    for keys, item in zip(group.measures.values(), made.items[-len(group.measures):], strict=True):
        for at in keys.values():
            column = work.items[at]
            for total, value in work.totals.get(column.name, []):
                made.totals.setdefault(item.name, []).append((TotalRow(
                    total.row, total.label, total.members, frozenset({column.at}), column.at),
                    value))
    if len(work.rows) > _FEW or len(group.measures) != 1:
        return
    (keys,) = group.measures.values()
    name = made.items[-1].name
    for at in group.totals:
        column = work.items[at]
        mine = dict(shape.tokens(_parts(column)).dims)
        members = frozenset(
            work.items[each].at for key, each in keys.items()
            if all(mine.get(dim, value) == value for dim, value in zip(
                group.names, key, strict=True)))
        for position, value in enumerate(column.values.to_pylist()):
            if value is not None:
                row = int(work.rows[position])
                made.totals.setdefault(name, []).append((TotalRow(
                    row, column.header, np.array([row]), members, column.at), float(value)))
        # Where the total of rows meets that of columns.
        for total, value in work.totals.get(column.name, []):
            made.totals.setdefault(name, []).append((TotalRow(
                total.row, total.label, total.members, members, column.at), value))
