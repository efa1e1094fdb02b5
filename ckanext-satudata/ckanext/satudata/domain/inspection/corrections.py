"""What an officer wants of the columns: their types and names, as far as the data allows it.

A correction that does not fit is not made and is listed, so that nobody believes it holds.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection import header, words
from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.display import TYPES
from ckanext.satudata.domain.inspection.notes import N_
from ckanext.satudata.domain.inspection.recipe import TableRecipe
from ckanext.satudata.domain.inspection.sheet import Span, range_name
from ckanext.satudata.domain.inspection.table import RawColumn
from ckanext.satudata.domain.inspection.values import Reading
from ckanext.satudata.domain.inspection.work import Item, Work

__all__ = ["names_of", "note_unfit", "retype", "types_of", "unfit"]

_YEARS = 1900, 2200


def types_of(recipe: TableRecipe, shared: Mapping[str, str]) -> dict[str, str]:
    """Return the wanted type by name of a column of the sheet.

    :param shared: by such a name, the one it has in common with others that become one column
    """
    types = dict(recipe.types)
    for old, new in recipe.names.items():
        if new in recipe.types:
            types.setdefault(old, recipe.types[new])
    for name, common in shared.items():
        if common in types:
            types.setdefault(name, types[common])
    return types


def unfit(
    columns: Sequence[RawColumn], readings: Sequence[Reading], types: Mapping[str, str]
) -> dict[str, str]:
    """Return the wanted types by which a column of the sheet cannot be read."""
    return {column.name: wanted for column, reading in zip(columns, readings, strict=True)
            if (wanted := types.get(column.name)) is not None
            and wanted != reading.type and _converted(reading.values, reading.type, wanted) is None}


def note_unfit(work: Work, unfit: Mapping[str, str]) -> None:
    """List the types that were not used."""
    for item in work.items:
        wanted = unfit.get(item.name)
        if wanted is not None:
            work.change(
                "angka", _place(work, item), N_("Jenis “{wanted}” untuk kolom {column} tidak "
                "dipakai; kolom itu tetap {type}."), N_("Tidak semua isinya dapat dibaca sebagai "
                "{wanted}."), certain=False, count=len(item.values) - item.values.null_count,
                column=item.name, wanted=TYPES.get(wanted, wanted),
                type=TYPES.get(item.type, item.type))


def retype(work: Work, types: Mapping[str, str]) -> None:
    """Give columns the wanted type where what was read fits it as well."""
    for item in work.items:
        wanted = types.get(item.name)
        if wanted is None or wanted == item.type:
            continue
        made = _converted(item.values, item.type, wanted)
        if made is not None:
            item.type, item.values = wanted, made
        else:
            note_unfit(work, {item.name: wanted})


def _converted(
    values: pa.Array | pa.ChunkedArray, kind: str, wanted: str
) -> pa.Array | None:
    """Return the values in another type, nothing where one of them does not have it."""
    if wanted == "string":
        return pc.cast(values, pa.string())
    if kind not in ("integer", "number", "year"):
        return None
    if wanted == "number":
        return pc.cast(values, pa.float64())
    if wanted not in ("integer", "year"):
        return None
    known = np.asarray(pc.cast(pc.drop_null(values), pa.float64()))
    if not bool((known == np.round(known)).all()) or bool((np.abs(known) >= 2.0**53).any()):
        return None
    if wanted == "year" and not bool(((known >= _YEARS[0]) & (known <= _YEARS[1])).all()):
        return None
    return pc.cast(values, pa.int64())


def names_of(work: Work) -> list[str]:
    """Return the final names; a wanted one that another column has gets ``_2`` and is listed."""
    wanted = {item.name: header.name_of([given], 1) for item in work.items
              if words.snake(given := work.recipe.names.get(item.name, ""))}
    kept = [item.name for item in work.items if item.name not in wanted]
    made: dict[str, str] = {}
    for item in work.items:
        name = wanted.get(item.name)
        if name is None:
            continue
        made[item.name] = free = header.unique([*kept, *made.values(), name])[-1]
        if free != name:
            work.change("kepala", _place(work, item), N_("Kolom {column} dinamai {made}, bukan "
                        "{wanted}."), N_("Nama {wanted} sudah dipakai kolom lain."),
                        certain=False, column=item.name, made=free, wanted=name)
    return [made.get(item.name, item.name) for item in work.items]


def _place(work: Work, item: Item) -> str:
    span = work.raw.span
    if item.at < 0:
        return range_name(span)
    return range_name(Span(span.top, item.at, span.bottom, item.at))
