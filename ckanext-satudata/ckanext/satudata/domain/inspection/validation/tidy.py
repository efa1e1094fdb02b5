"""A clean table against its own schema and the one declared for it, judged once for all checks."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain import vocabulary, wilayah
from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.table import TidyColumn, TidyTable
from ckanext.satudata.domain.inspection.validation.columns import Judge, Judged
from ckanext.satudata.domain.inspection.validation.kernels import storage
from ckanext.satudata.domain.inspection.validation.labels import LabelError, label_errors
from ckanext.satudata.domain.inspection.validation.result import Found
from ckanext.satudata.domain.inspection.validation.schema import (
    CONSTRAINTS,
    Field,
    ForeignKey,
    Schema,
)
from ckanext.satudata.domain.inspection.validation.table import Table

__all__ = ["Judgement", "references"]

#: References that checks of their own look at, with more to say than "not in the list".
_ELSEWHERE = frozenset({"wilayah", "satuan"})
_TYPED = frozenset({"any", "string", "integer", "year", "number", "boolean", "date", "datetime"})


class Judgement:
    """What is wrong with a clean table by schema; found when first asked for.

    :param declared: the Table Schema the producer declared for this file, if any
    :param others: further tables that declared foreign keys name
    """

    def __init__(self, table: TidyTable, declared: Mapping[str, Any] | None = None,
                 others: Mapping[str, pa.Table] | None = None) -> None:
        self.table = table
        self.declared = None if not declared else Schema.of(declared)
        self._others = dict(others or {})

    def of(self, *types: str) -> list[Found]:
        """Return the errors of some types; rows count from 0."""
        return [one for one in self.found if one.type in types and len(one)]

    @cached_property
    def labels(self) -> list[LabelError]:
        """Errors of the names of columns; there are none where no schema is declared."""
        if self.declared is None:
            return []
        return label_errors([column.name for column in self.table.columns], self.declared)

    @cached_property
    def schema(self) -> Schema:
        """The fields as the table has them, with what is declared of them."""
        stated = {} if self.declared is None else {one.name: one for one in self.declared.fields}
        fields = [_field(column, stated.get(column.name)) for column in self.table.columns]
        names = {one.name for one in fields}
        primary: tuple[str, ...] = ()
        foreign: list[ForeignKey] = []
        if self.declared is not None:
            primary = self.declared.primary_key if set(self.declared.primary_key) <= names else ()
            foreign += [key for key in self.declared.foreign_keys if set(key.fields) <= names]
        keyed = {key.fields for key in foreign}
        foreign += [ForeignKey((one.name,), one.reference, ("kode",)) for one in fields
                    if one.reference and one.reference not in _ELSEWHERE
                    and one.reference in vocabulary.names() and (one.name,) not in keyed]
        return Schema(tuple(fields), primary, tuple(foreign))

    @cached_property
    def found(self) -> list[Found]:
        """Every error of the rows."""
        judged = Table(self.schema, self.schema.fields, 0)
        if not self.table.data.num_rows:
            return []
        columns: list[Judged] = []
        texts: list[Any] = []
        for judge, column in zip(judged.judges, self.table.columns, strict=True):
            values = self.table.data.column(column.name)
            columns.append(_judged(judge, column, values))
            texts.append(lambda at, values=values: _text(values.take(pa.array(at))))
        judged.add_judged(columns, self.table.data.num_rows, texts)
        named = {key.resource for key in self.schema.foreign_keys if key.resource}
        judged.finish({name: self._others.get(name) or references(name) for name in named})
        return judged.found


def references(name: str) -> pa.Table:
    """Return the codes of a vocabulary, or all kode wilayah, as a table with column ``kode``.

    :raises UnknownCodeError: there is no such list
    """
    if name in ("wilayah", "kode_wilayah"):
        return pa.table({"kode": pa.array([*wilayah.codes(), *wilayah.retired_codes()],
                                          pa.string())})
    return pa.table({"kode": pa.array([concept.code for concept in vocabulary.get(name)],
                                      pa.string())})


def _field(column: TidyColumn, stated: Field | None) -> Field:
    limits = {name: limit for name, limit in column.constraints.items()
              if name in (*CONSTRAINTS[column.type], "unique")}
    own = Field(column.name, column.type, missing=(), constraints=limits,
                reference=column.reference)
    if stated is None:
        return own
    if stated.type == column.type:
        limits = {**limits, **stated.constraints}
    else:
        limits = dict(stated.constraints)
    return replace(stated, missing=(), constraints=limits,
                   format="default" if stated.type == column.type else stated.format,
                   reference=stated.reference or column.reference)


def _judged(judge: Judge, column: TidyColumn, values: pa.ChunkedArray) -> Judged:
    whole = values.combine_chunks()
    whole = whole if isinstance(whole, pa.Array) else pa.concat_arrays(whole.chunks)
    kind = judge.field.type
    if kind == "number" and column.type in ("integer", "year"):
        return judge.stored(pc.cast(whole, pa.float64(), safe=False))
    if kind == "integer" and column.type == "year":
        return judge.stored(whole)
    if kind == column.type and kind in _TYPED and judge.field.format == "default":
        wanted = storage(judge.field)
        return judge.stored(whole if whole.type == wanted else pc.cast(whole, wanted))
    return judge.texts(_text(whole))


def _text(values: Any) -> pa.Array:
    if isinstance(values, pa.ChunkedArray):
        values = pa.concat_arrays(values.chunks) if values.num_chunks else pa.array([], pa.string())
    if pa.types.is_string(values.type):
        return values
    if pa.types.is_timestamp(values.type):
        return pc.strftime(pc.cast(values, pa.timestamp("s"), safe=False), "%Y-%m-%dT%H:%M:%S")
    return pc.cast(values, pa.string())


def rows_of(found: Found) -> np.ndarray:
    """Return the rows of an error, none for one of the whole table."""
    return np.empty(0, np.int64) if found.rows is None else found.rows
