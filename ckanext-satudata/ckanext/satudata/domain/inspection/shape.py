"""Years, months or groups that stand side by side become rows: one figure a row, long form."""
from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection import words
from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.grid import is_date_text

__all__ = ["Group", "Head", "groups", "is_sum", "tokens"]

#: Parent headers that name what their children tell apart.
_DIMENSION = re.compile(
    r"(?:kondisi|jenis|menurut|kelompok|golongan|status|tingkat|kategori|klasifikasi|kelas|umur|"
    r"usia|pendidikan|agama|bulan|tahun|triwulan|semester|lapangan usaha|tipe|bentuk|asal|moda|"
    r"pekerjaan|penyebab|jenjang|tanggal|hari|minggu|alasan|kecamatan|kabupaten|kota|provinsi|desa|kelurahan|wilayah|puskesmas|"
    r"strata|sektor|komoditas|bidang|berdasarkan|sumber|tujuan|bahan|kepemilikan|"
    r"rentang|interval|luas lahan|fungsi|peruntukan|warna|merk)\b(?!.*\bjumlah\b)", re.IGNORECASE)
#: Columns that are kinds of one thing by the title alone; fewer must add up to a sum beside them.
_KINDS = 3
#: Letters of a header beyond which it is no name with a year in it.
_LONGEST = 300
_MENURUT = re.compile(r"^(?:menurut|berdasarkan)\s+", re.IGNORECASE)
#: Headers that are measures of their own and no categories.
_COUNTS = re.compile(r"(?:jumlah|banyaknya|total|luas|persentase|rata-rata|rasio|nilai|volume|"
                     r"produksi|kode|panjang|lebar|harga|target|realisasi)\b", re.IGNORECASE)
_SUM = re.compile(r"(?:jumlah|total|jml|jlh)\b", re.IGNORECASE)
_MEASURE_PERIOD = re.compile(r"(.+?)[\s_]*[-–_(/,\s][\s_]*((?:19|20)\d\d)\)?\*{0,2}")
#: "Perubahan 2023-2024" is about two years and of neither.
_ENDS_IN_YEAR = re.compile(r"(?:19|20)\d\d$")
_MEASURE_MONTH = re.compile(r"(.+?)\s+[-–]\s+([A-Za-z]{3,9})")
_PERIOD_MEASURE = re.compile(r"((?:19|20)\d\d)\s*[-–_/:]?\s+(.+)")


@dataclass(frozen=True)
class Head:
    """What the header of one column says.

    :ivar dims: dimension to value: ``{"tahun": 2021, "jenis_kelamin": "perempuan"}``
    :ivar rest: the other parts, which name the measure
    :ivar total: a part says "jumlah": perhaps the sum of its neighbours
    """

    dims: tuple[tuple[str, object], ...]
    rest: tuple[str, ...]
    total: str = ""


@dataclass
class Group:
    """Columns that are one measure, or several, along dimensions.

    :ivar names: of the dimensions, in order; ``keys``: a value for each, per column of figures
    :ivar measures: column positions by measure name and key
    :ivar totals: positions of columns that are sums of others
    :ivar certain: false where the dimension had to be concluded
    """

    names: list[str]
    keys: list[tuple[object, ...]]
    measures: dict[tuple[str, ...], dict[tuple[object, ...], int]]
    totals: list[int] = field(default_factory=list[int])
    certain: bool = True

    @property
    def columns(self) -> list[int]:
        return [at for by_key in self.measures.values() for at in by_key.values()]


def tokens(path: Sequence[str]) -> Head:
    """Split a header into dimensions, measure and "jumlah"."""
    dims: dict[str, object] = {}
    rest: list[str] = []
    total = ""
    for part in path:
        text = words.tidied(part)
        if not text:
            continue
        found = _dimension(text)
        if found is not None and found[0] not in dims:
            dims[found[0]] = found[1]
        elif words.is_total(text):
            total = text
        else:
            rest.append(text)
    if not dims and len(rest) == 1:
        if (both := _two_in_one(rest[0])) is not None:
            return Head(both, (), total)
        measure, found = _flattened(rest[0])
        if found is not None:
            return Head((found,), (measure,) if measure else (), total)
    return Head(tuple(dims.items()), tuple(dict.fromkeys(rest)), total)


def _dimension(text: str) -> tuple[str, object] | None:
    if (year := words.year_of(text)) is not None:
        return "tahun", year
    if (school := words.school_year_of(text)) is not None:
        return "tahun_ajaran", school
    if words.month_of(text) is not None:
        return "bulan", text
    if (quarter := words.quarter_of(text)) is not None:
        kind, _, _ = quarter.partition(" ")
        return kind, text
    if words.is_week(text):
        return "minggu", text
    if (sex := words.sex_of(text)) is not None:
        return "jenis_kelamin", sex
    if is_date_text(text):
        return "tanggal", text
    if words.AGE.fullmatch(words.plain(text)):
        return "kelompok_umur", text
    first, _, rest = words.plain(text).partition(" ")
    if (month := words.month_of(first)) and (year := words.year_of(rest)) is not None:
        return "periode", f"{year}-{month:02d}"
    return None


def _two_in_one(text: str) -> tuple[tuple[str, object], ...] | None:
    """Split ``0-4 L`` and ``2023 Perempuan``: two dimensions of headers that were two rows once."""
    for match in re.finditer(r"[\s_/]+", text[:_LONGEST]):
        first, second = _dimension(text[:match.start()]), _dimension(text[match.end():])
        if first is not None and second is not None and first[0] != second[0]:
            return first, second
    return None


def _flattened(text: str) -> tuple[str, tuple[str, object] | None]:
    """Split ``Penduduk miskin - Maret`` and ``data_2019``, headers that were two rows once."""
    if len(text) > _LONGEST:
        return text, None
    if match := _MEASURE_MONTH.fullmatch(text):
        month = words.month_of(match.group(2))
        if month is not None:
            return match.group(1), ("bulan", match.group(2))
    if (match := _MEASURE_PERIOD.fullmatch(text)) and not _ENDS_IN_YEAR.search(match.group(1)):
        return re.sub(r"[\s_-]*(?:tahun|th)?$", "", match.group(1), flags=re.IGNORECASE), (
            "tahun", int(match.group(2)))
    if match := _PERIOD_MEASURE.fullmatch(text):
        return match.group(2), ("tahun", int(match.group(1)))
    return text, None


def groups(
    heads: Sequence[Head | None], values: Sequence[pa.Array | None], units: Sequence[str | None],
    named: Sequence[str],
) -> list[Group]:
    """Find the columns to turn into rows; each group becomes a table.

    :param heads: per column; ``None`` for one that holds no figures
    :param values: its figures, to tell sums from categories; ``units`` as found
    :param named: dimensions that the title names and no column has ("menurut jenis ternak")
    """
    candidates = {at: head for at, head in enumerate(heads) if head is not None}
    found = _along_known(candidates, values)
    if found is not None:
        _fold_measures(found, values, units, named)
        return [found]
    return _along_parents(candidates, values, units, named) or _by_title(
        candidates, values, units, named)


def _along_known(
    heads: dict[int, Head], values: Sequence[pa.Array | None]
) -> Group | None:
    """Columns told apart by years, months, sexes or ages."""
    sets = Counter(tuple(name for name, _ in head.dims)
                   for head in heads.values() if head.dims and not head.total)
    for names, count in sets.most_common():
        # One column under its year, in a header of several rows, is a series of one.
        alone = count == 1 and names == ("tahun",) and len(heads) == 1 and all(
            len(head.rest) >= 1 for head in heads.values())
        if count < 2 and not alone:
            continue
        measures: dict[tuple[str, ...], dict[tuple[object, ...], int]] = defaultdict(dict)
        for at, head in heads.items():
            if head.total or tuple(name for name, _ in head.dims) != names:
                continue
            key = tuple(value for _, value in head.dims)
            if key in measures[head.rest]:
                return None
            measures[head.rest][key] = at
        several = {key for keys in measures.values() if len(keys) > 1 for key in keys}
        # Beside the figures of two years stands the budget of one.
        measures = {rest: keys for rest, keys in measures.items() if len(keys) > 1 or alone or (
            names == ("tahun",) and rest and set(keys) <= several)}
        if not measures or not _complete(names, measures):
            continue
        group = Group(list(names), [], dict(measures))
        _add_totals(group, heads, values)
        _add_named_sum(group, heads, values)
        group.keys = list(dict.fromkeys(key for keys in group.measures.values() for key in keys))
        return group
    return None


def _complete(
    names: tuple[str, ...], measures: dict[tuple[str, ...], dict[tuple[object, ...], int]]
) -> bool:
    """Sexes come in pairs; a lone ``P`` is a letter."""
    if "jenis_kelamin" not in names:
        return True
    place = names.index("jenis_kelamin")
    return all(len({key[place] for key in keys}) == 2 for keys in measures.values())


def _add_totals(group: Group, heads: dict[int, Head], values: Sequence[pa.Array | None]) -> None:
    """Set columns apart that are the sum of a dimension; one that is no sum is a category."""
    names = group.names
    last = names[-1]
    for at, head in heads.items():
        if not head.total or at in group.columns:
            continue
        mine = dict(head.dims)
        if words.is_average(head.total):
            group.totals.append(at)
            continue
        if set(mine) == set(names):
            # Below each year stands what the measures of that year add up to.
            key = tuple(mine[name] for name in names)
            parts = [keys[key] for keys in group.measures.values() if key in keys]
            if len(parts) > 1 and is_sum(values[at], [values[each] for each in parts]):
                group.totals.append(at)
            continue
        if not set(mine) < set(names):
            continue
        for rest, keys in list(group.measures.items()):
            if head.rest and head.rest != rest and not _same_measure(head.rest, rest):
                continue
            parts = [each for key, each in keys.items()
                     if all(mine[name] == value for name, value in zip(names, key, strict=True)
                            if name in mine)]
            if is_sum(values[at], [values[each] for each in parts]):
                group.totals.append(at)
                break
            if head.rest == rest and set(names) - set(mine) == {last}:
                key = tuple(mine.get(name, head.total) for name in names)
                if key not in keys:
                    keys[key] = at
                    group.certain = False
                break
        else:
            # A sum over several dimensions at once, or of another spelling: proved by adding up.
            for keys in group.measures.values():
                parts = [each for key, each in keys.items()
                         if all(mine[name] == value for name, value in zip(names, key, strict=True)
                                if name in mine)]
                if is_sum(values[at], [values[each] for each in parts]):
                    group.totals.append(at)
                    break
            else:
                parts = [each for keys in group.measures.values() for key, each in keys.items()
                         if all(mine[name] == value for name, value in zip(names, key, strict=True)
                                if name in mine)]
                if is_sum(values[at], [values[each] for each in parts]):
                    group.totals.append(at)


def _add_named_sum(
    group: Group, heads: dict[int, Head], values: Sequence[pa.Array | None]
) -> None:
    """Take "Jumlah Lansia" beside men and women for their sum, and for the name of the measure."""
    if list(group.measures) != [()]:
        return
    (keys,) = group.measures.values()
    named = [at for at, head in heads.items() if at not in group.totals and not head.dims
             and not head.total and len(head.rest) == 1 and _SUM.match(head.rest[0])
             and not np.isnan(_floats(values[at])).all()
             and is_sum(values[at], [values[each] for each in keys.values()])]
    if len(named) == 1:
        group.totals.append(named[0])
        group.measures = {heads[named[0]].rest: keys}


def _same_measure(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return set(map(words.plain, one)) <= set(map(words.plain, other))


def is_sum(total: pa.Array | None, parts: list[pa.Array | None]) -> bool:
    """Tell whether a column adds up the others in nearly every row, or is empty."""
    if total is None or not parts or any(part is None for part in parts):
        return False
    if total.null_count == len(total):
        return True
    added: np.ndarray | None = None
    for part in parts:
        numbers = _floats(part)
        filled = np.nan_to_num(numbers)
        added = filled if added is None else added + filled
    wanted = _floats(total)
    known = ~np.isnan(wanted)
    assert added is not None
    near = np.abs(added[known] - wanted[known]) <= np.maximum(np.abs(wanted[known]) * 1e-6, 0.0501)
    return bool(known.any()) and float(near.mean()) >= 0.8


def _floats(array: pa.Array | None) -> np.ndarray:
    assert array is not None
    if not (pa.types.is_integer(array.type) or pa.types.is_floating(array.type)):
        return np.full(len(array), np.nan)
    return np.asarray(pc.fill_null(pc.cast(array, pa.float64()), float("nan")))


def _fold_measures(
    group: Group, values: Sequence[pa.Array | None], units: Sequence[str | None],
    named: Sequence[str],
) -> None:
    """Make measures a dimension where the title names one, or where they add up to a total."""
    if len(group.measures) < 2 or not _alike(group.columns, units):
        return
    shared = set.intersection(*(set(rest) for rest in group.measures))
    heads = [part for part in shared if _DIMENSION.match(part)]
    if heads:
        name = words.snake(_MENURUT.sub("", heads[0]))
        shared.discard(heads[0])
    elif len(named) == 1:
        name = named[0]
    elif len(named) < 2 and _adds_up(group, values):
        name = "rincian"
    else:
        return
    folded: dict[tuple[object, ...], int] = {}
    for rest, keys in group.measures.items():
        label = " ".join(part for part in rest if part not in shared and part not in heads
                         ) or " ".join(rest)
        for key, at in keys.items():
            if (*key, label) in folded:
                return
            folded[(*key, label)] = at
    group.names.append(name)
    group.measures = {tuple(sorted(shared)): folded}
    group.keys = list(folded)
    group.certain = False


def _adds_up(group: Group, values: Sequence[pa.Array | None]) -> bool:
    """Tell whether a column set apart as a total is the sum of the measures, key by key."""
    for at in group.totals:
        for key in {key for keys in group.measures.values() for key in keys}:
            parts = [keys[key] for keys in group.measures.values() if key in keys]
            if len(parts) == len(group.measures) and is_sum(
                    values[at], [values[each] for each in parts]):
                return True
    return False


def _alike(columns: Sequence[int], units: Sequence[str | None]) -> bool:
    return len({units[at] for at in columns}) == 1


def _along_parents(
    heads: dict[int, Head], values: Sequence[pa.Array | None], units: Sequence[str | None],
    named: Sequence[str],
) -> list[Group]:
    """Columns under parent headers: the same children again, or categories of one thing."""
    by_parent: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for at, head in heads.items():
        if head.total or len(head.rest) < 2:
            continue
        if head.rest[-1] in by_parent[head.rest[:-1]]:
            return []
        by_parent[head.rest[:-1]][head.rest[-1]] = at
    parents = {parent: kids for parent, kids in by_parent.items() if len(kids) >= 2}
    if not parents:
        return []
    loose = [at for at, head in heads.items() if head.total]
    sums = {parent: _sums_of(list(kids.values()), loose, values)
            for parent, kids in parents.items()}
    if len(parents) >= 2 and len({frozenset(kids) for kids in parents.values()}) == 1:
        crossed = _crossed(heads, parents, sums, values, units, named)
        return [crossed] if crossed is not None else []
    made: list[Group] = []
    for parent, kids in parents.items():
        like = _DIMENSION.match(parent[-1]) is not None
        if not _alike(list(kids.values()), units) or not (like or sums[parent]):
            continue
        if not like and not (len(named) == 1 and len(parents) == 1):
            continue
        name = words.snake(_MENURUT.sub("", parent[-1])) if like else named[0]
        keys: dict[tuple[object, ...], int] = {(kid,): at for kid, at in kids.items()}
        made.append(Group([name], list(keys), {parent[:-1] if like else parent: keys},
                          list(sums[parent]), certain=False))
    if len(made) == 1:
        # Of one group, a mean beside it can only be the mean of it.
        made[0].totals += [at for at in loose if at not in made[0].totals
                           and words.is_average(heads[at].total)]
    return made


def _crossed(
    heads: dict[int, Head], parents: dict[tuple[str, ...], dict[str, int]],
    sums: dict[tuple[str, ...], list[int]], values: Sequence[pa.Array | None],
    units: Sequence[str | None], named: Sequence[str],
) -> Group | None:
    """The same children under each parent: the parent is a dimension; the children another one
    where they add up or the title names it, and else measures."""
    common = set.intersection(*(set(parent) for parent in parents))
    every = [at for kids in parents.values() for at in kids.values()]
    # The head over all parents names what they tell apart: "Kondisi" over "Baik", "Rusak".
    said = next((part for part in next(iter(parents)) if part in common
                 and _DIMENSION.match(part)), None)
    outer = named[0] if named else words.snake(_MENURUT.sub("", said)) if said else "kelompok"
    categories = _alike(every, units) and (len(named) >= 2 or all(
        sums[parent] for parent in parents))
    measures: dict[tuple[str, ...], dict[tuple[object, ...], int]] = defaultdict(dict)
    for parent, kids in parents.items():
        label = " ".join(part for part in parent if part not in common)
        for kid, at in kids.items():
            if categories:
                measures[tuple(sorted(common))][(label, kid)] = at
            else:
                measures[(kid,)][(label,)] = at
    names = [outer, named[1] if len(named) > 1 else "rincian"] if categories else [outer]
    group = Group(names, [], dict(measures), [at for each in sums.values() for at in each],
                  certain=False)
    kids = set.union(*(set(kids) for kids in parents.values()))
    ways = [list(keys.values()) for keys in group.measures.values()]
    ways += [[each[kid] for each in parents.values() if kid in each] for kid in kids]
    for at, head in heads.items():
        if at not in group.totals and at not in every and (
                head.total or any(_SUM.match(part) for part in head.rest)) and any(
                is_sum(values[at], [values[each] for each in parts]) for parts in ways):
            group.totals.append(at)
    if outer == "kelompok" and not categories and not set(group.totals) - {
            at for each in sums.values() for at in each}:
        return None  # nothing says what "Saldo Awal" and "Saldo Akhir" are told apart by
    group.keys = list(dict.fromkeys(key for keys in group.measures.values() for key in keys))
    return group


def _sums_of(
    parts: list[int], totals: list[int], values: Sequence[pa.Array | None]
) -> list[int]:
    return [at for at in totals if is_sum(values[at], [values[each] for each in parts])]


def _by_title(
    heads: dict[int, Head], values: Sequence[pa.Array | None], units: Sequence[str | None],
    named: Sequence[str],
) -> list[Group]:
    """Columns side by side whose kind only the title says: "menurut jenis ternak"."""
    columns = {at: head for at, head in heads.items() if not head.total}
    if len(named) != 1 or len(columns) < 2 or not _alike(list(columns), units) or any(
            len(head.rest) != 1 or _COUNTS.match(head.rest[0]) for head in columns.values()):
        return []
    keys: dict[tuple[object, ...], int] = {(head.rest[0],): at for at, head in columns.items()}
    if len(keys) != len(columns):
        return []
    totals = _sums_of(list(columns), [at for at in heads if at not in columns], values)
    if len(columns) < _KINDS and not totals:
        return []
    return [Group([words.snake(named[0])], list(keys), {(): keys}, totals, certain=False)]
