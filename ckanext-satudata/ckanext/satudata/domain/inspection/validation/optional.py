"""The checks of frictionless that one asks for, by their type and options."""
from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.validation.keys import (
    Values,
    codes_of,
    combined,
    repeated,
)
from ckanext.satudata.domain.inspection.validation.result import Found
from ckanext.satudata.domain.inspection.validation.schema import BadSchemaError, Field
from ckanext.satudata.domain.inspection.validation.table import Table

__all__ = ["TRUNCATED_INTEGERS", "TRUNCATED_LENGTH", "needed", "optional_errors", "stated_errors"]

Options = Mapping[str, Any]
#: Where databases and programs cut: a text of 255 characters, the largest integers.
TRUNCATED_LENGTH = 255
TRUNCATED_INTEGERS = (18446744073709551616, 9223372036854775807, 4294967295, 2147483647, 2097152,
                      65535, 32767)
_SAME_SIZE = 5000


def needed(checks: Sequence[Options], fields: Sequence[Field]) -> set[str]:
    """Return the names of the fields whose values the checks look at.

    :raises BadSchemaError: a check nobody knows
    """
    names: set[str] = set()
    for check in checks:
        kind = check.get("type")
        if kind not in OPTIONAL:
            raise BadSchemaError(f"Pemeriksaan “{kind}” tidak dikenal.")
        if kind in _ONE_FIELD:
            names.add(str(check.get("fieldName", "")))
        elif kind == "ascii-value" or kind == "deviated-cell":
            names |= {one.name for one in fields if one.type == "string"}
        elif kind != "table-dimensions":
            names |= {one.name for one in fields}
    return names


def optional_errors(table: Table, checks: Sequence[Options]) -> list[Found]:
    """Return what the checks find in a table whose rows were all judged."""
    found: list[Found] = []
    names = {one.name for one in table.schema.fields}
    for check in checks:
        kind = str(check["type"])
        if kind in _ONE_FIELD and check.get("fieldName") not in names:
            found.append(Found("check-error", f"{kind}: {check.get('fieldName')}"))
            continue
        found += [one for one in OPTIONAL[kind](table, check) if len(one)]
    return found


def stated_errors(path: Path, stated: Options, fields: int, rows: int) -> list[Found]:
    """Return where a file is not what its Data Resource says."""
    found: list[Found] = []
    if stated.get("hash"):
        kind, _, wanted = str(stated["hash"]).rpartition(":")
        made = {"": hashlib.md5, "md5": hashlib.md5, "sha256": hashlib.sha256}.get(kind)
        if made is not None:
            with path.open("rb") as stream:
                digest = made(usedforsecurity=False)
                while piece := stream.read(1 << 20):
                    digest.update(piece)
            if digest.hexdigest() != wanted:
                found.append(Found("hash-count", digest.hexdigest()))
    for name, kind, count in (("bytes", "byte-count", path.stat().st_size),
                              ("fields", "field-count", fields), ("rows", "row-count", rows)):
        if stated.get(name) and stated[name] != count:
            found.append(Found(kind, str(count)))
    return found


def duplicate_rows(table: Table, _: Options) -> Iterable[Found]:
    if not table.n or not table.fields:
        return
    codes = [codes_of([table.kept[one.name]])[0] for one in table.fields]
    at, before = repeated(combined(codes))
    yield Found("duplicate-row", rows=table.row_numbers(at), others=table.row_numbers(before))


def truncated(table: Table, _: Options) -> Iterable[Found]:
    for one in table.fields:
        yield _at(table, one.name, "truncated-value", truncated_at(table.kept[one.name]))


def truncated_at(values: Values) -> np.ndarray:
    """Return the positions of values as long or as large as a program's limit."""
    array = values.array()
    if values.ids:
        return _where(values, lambda cell: isinstance(cell, str) and len(cell) == TRUNCATED_LENGTH)
    if pa.types.is_string(array.type):
        hits = pc.equal(pc.utf8_length(array), TRUNCATED_LENGTH)
    elif values.judge.field.type in ("integer", "year"):
        fitting = [one for one in TRUNCATED_INTEGERS if one < 2 ** 63]
        hits = pc.is_in(array, value_set=pa.array(fitting, pa.int64()))
    else:
        return np.empty(0, np.int64)
    at = np.flatnonzero(pc.fill_null(hits, False).to_numpy())
    odd = [place for place, value in values.odd.items() if value in TRUNCATED_INTEGERS]
    return np.unique(np.concatenate([at, np.array(odd, np.int64)]))


def forbidden(table: Table, options: Options) -> Iterable[Found]:
    name, wanted = str(options["fieldName"]), list(options.get("values", ()))
    if name in table.kept:
        yield _at(table, name, "forbidden-value",
                  _where(table.kept[name], lambda cell: cell in wanted))


def required(table: Table, options: Options) -> Iterable[Found]:
    name, wanted = str(options["fieldName"]), list(options.get("values", ()))
    cells = _distinct(table.kept[name])[0] if name in table.kept else []
    for value in dict.fromkeys(wanted):
        if value not in cells:
            yield Found("required-value", str(value), field_name=name)


def sequential(table: Table, options: Options) -> Iterable[Found]:
    name = str(options["fieldName"])
    cursor: Any = None
    for at, cell in enumerate(table.kept[name].cells() if name in table.kept else ()):
        cursor = cursor or cell
        if isinstance(cell, str) or cell is None or cursor != cell:
            yield _at(table, name, "sequential-value", np.array([at]))
            return
        cursor += 1


def not_ascii(table: Table, _: Options) -> Iterable[Found]:
    for one in table.fields:
        if one.type == "string":
            yield _at(table, one.name, "ascii-value", _where(
                table.kept[one.name], lambda cell: cell is not None and not cell.isascii()))


def deviated_values(table: Table, options: Options) -> Iterable[Found]:
    name = str(options["fieldName"])
    field = next(one for one in table.schema.fields if one.name == name)
    if field.type not in ("integer", "number"):
        yield Found("check-error", f"deviated-value: {name}")
        return
    if name not in table.kept:
        return
    cells = table.kept[name].cells()
    places = np.array([at for at, cell in enumerate(cells) if cell is not None], np.int64)
    numbers = np.array([float(cells[at]) for at in places], np.float64)
    if len(numbers) < 2:
        return
    middle = _middle(numbers, str(options.get("average", "mean")))
    reach = float(np.std(numbers, ddof=1)) * options.get("interval", 3)
    # Where all are equal the last digit of a mean must not flag them.
    slack = abs(middle) * 1e-12
    far = np.abs(numbers - middle) > reach + slack
    yield _at(table, name, "deviated-value", places[far])


def _middle(numbers: np.ndarray, how: str) -> float:
    if how == "median":
        return float(np.median(numbers))
    if how == "mode":
        return Counter(numbers.tolist()).most_common(1)[0][0]
    return math.fsum(numbers) / len(numbers)


def deviated_cells(table: Table, options: Options) -> Iterable[Found]:
    ignored = set(options.get("ignoreFields", ()))
    for one in table.fields:
        if one.type != "string" or one.name in ignored:
            continue
        values = table.kept[one.name]
        if values.ids:
            lengths = np.array([len(cell or "") for cell in values.cells()], np.float64)
        else:
            lengths = pc.fill_null(pc.utf8_length(values.array()), 0).to_numpy().astype(float)
        filled = lengths[lengths > 0]
        if len(filled) < 2:
            continue
        most = float(np.median(filled)) + float(np.std(filled, ddof=1)) * options.get("interval", 3)
        yield _at(table, one.name, "deviated-cell",
                  np.flatnonzero(lengths > max(_SAME_SIZE, most)))


def dimensions(table: Table, options: Options) -> Iterable[Found]:
    for what, count in (("Fields", len(table.schema.fields)), ("Rows", table.n)):
        exact, least, most = (options.get(f"{how}{what}") for how in ("num", "min", "max"))
        if exact and count != exact:
            yield Found("table-dimensions", f"{count} {what}, num {exact}")
        if least and count < least:
            yield Found("table-dimensions", f"{count} {what}, min {least}")
        if most and count > most:
            yield Found("table-dimensions", f"{count} {what}, max {most}")


OPTIONAL: dict[str, Callable[[Table, Options], Iterable[Found]]] = {
    "ascii-value": not_ascii,
    "deviated-cell": deviated_cells,
    "deviated-value": deviated_values,
    "duplicate-row": duplicate_rows,
    "forbidden-value": forbidden,
    "required-value": required,
    "sequential-value": sequential,
    "table-dimensions": dimensions,
    "truncated-value": truncated,
}
_ONE_FIELD = frozenset({"deviated-value", "forbidden-value", "required-value",
                        "sequential-value"})


def _at(table: Table, name: str, kind: str, at: np.ndarray) -> Found:
    array = table.kept[name].array()
    cells = None
    if len(at) and not table.kept[name].ids and not table.kept[name].odd:
        cells = pc.cast(array.take(pa.array(at)), pa.string()).combine_chunks()
    return Found(kind, "", table.number_of(name), name, table.row_numbers(at), cells)


def _distinct(values: Values) -> tuple[list[Any], np.ndarray]:
    """Return the different values and, per row, which one it is."""
    if values.ids or values.odd:
        cells = values.cells()
        known: dict[Any, int] = {}
        codes = np.fromiter((known.setdefault(cell, len(known)) for cell in cells), np.int64,
                            len(cells))
        return list(known), codes
    array = values.array()
    encoded = array.combine_chunks().dictionary_encode(null_encoding="encode")
    kept = Values(values.judge)
    kept.parts, kept.n = [encoded.dictionary], len(encoded.dictionary)
    return kept.cells(), encoded.indices.to_numpy(zero_copy_only=False)


def _where(values: Values, wrong: Callable[[Any], bool]) -> np.ndarray:
    if not values.n:
        return np.empty(0, np.int64)
    cells, codes = _distinct(values)
    return np.flatnonzero(np.array([bool(wrong(cell)) for cell in cells], bool)[codes])
