"""Columns that are one measure, so that what is asked and decided about one holds for all.

Columns are one family that differ by a time, a sex or another known group (``2022`` and ``2023``,
``Penduduk / L`` and ``Penduduk / P``), and so are those below one head (``Kondisi / Baik`` and
``Kondisi / Rusak``). A price for each of 732 days is one column to a person: a sign in it is asked
once, and the answer counts for all of its days, next year's too.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ckanext.satudata.domain.inspection import header, shape
from ckanext.satudata.domain.inspection.table import RawColumn

__all__ = ["Families", "families_of"]


@dataclass(frozen=True)
class Families:
    """What columns share, by name of a column; one that shares nothing is in none of these.

    :ivar names: the name of its family
    :ivar measures: the same, for families that will be one column of that name
    :ivar dims: the dimensions along which the members of its family lie, for those that are known
    """

    names: dict[str, str]
    measures: dict[str, str]
    dims: dict[str, tuple[str, ...]]


def families_of(columns: Sequence[RawColumn]) -> Families:
    """Find the families among the columns of a table."""
    keys: dict[str, tuple[str, ...]] = {}
    dims: dict[str, tuple[str, ...]] = {}
    ways: dict[tuple[str, ...], str] = {}
    for column in columns:
        parts = [header.split_unit(part)[0] for part in column.path]
        head = shape.tokens(parts)
        if head.dims:
            dims[column.name] = tuple(name for name, _ in head.dims)
            key = head.rest or ("", *dims[column.name])
        elif len(parts) > 1:
            key = shape.tokens(parts[:-1]).rest or tuple(parts[:-1])
        else:
            continue
        keys[column.name] = key
        ways.setdefault(key, "_".join(key[1:]) if key[0] == "" else header.name_of(list(key), 1))
    counts = Counter(keys.values())
    shared = [key for key in ways if counts[key] > 1]
    alone = [column.name for column in columns if counts[keys.get(column.name, ())] < 2]
    # A family never takes the name of a column that stands beside it.
    given = dict(zip(shared, header.unique([*alone, *(ways[key] for key in shared)])[len(alone):],
                     strict=True))
    names = {name: given[key] for name, key in keys.items() if key in given}
    return Families(
        names,
        {name: common for name, common in names.items()
         if keys[name][0] != "" and name in dims and common == ways[keys[name]]},
        {name: dims[name] for name in names if name in dims})
