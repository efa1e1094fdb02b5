"""What the checks of frictionless share: where each finds its errors in a clean table."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.notes import Message
from ckanext.satudata.domain.inspection.table import TidyTable
from ckanext.satudata.domain.inspection.validation.result import Error, Found, Validation
from ckanext.satudata.domain.inspection.validation.tidy import Judgement

__all__ = ["FileCheck", "LabelCheck", "RowCheck", "StandardCheck", "message"]

_NO_ROWS = np.empty(0, np.int64)


class StandardCheck(Check):
    """A check frictionless has too. ``judgement`` is shared by all of them on one table."""

    judgement: Judgement | None = None

    def judged(self, table: TidyTable) -> Judgement:
        """Return the judgement of a table, made here where none was given."""
        if self.judgement is None or self.judgement.table is not table:
            self.judgement = Judgement(table)
        return self.judgement


class FileCheck(StandardCheck):
    """One about how a file is written, or that one must ask for: a clean table has none."""

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        return ()


class LabelCheck(StandardCheck):
    """One about the names of columns against the declared schema."""

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        names = {column.name for column in table.columns}
        for one in self.judged(table).labels:
            if one.type == self.code:
                column = one.label or one.name
                yield Hits(self, column if column in names else None, _NO_ROWS,
                           {"number": one.number, "name": one.name, "label": one.label,
                            "note": one.note, "column": column})


class RowCheck(StandardCheck):
    """One about values and rows, by the schema of the table and the declared one.

    :cvar templates: sentences of its own for what an error notes: a type, a constraint
    """

    templates: ClassVar[Mapping[str, str]] = {}

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        judgement = self.judged(table)
        for one in judgement.of(self.code):
            rows = _NO_ROWS if one.rows is None else one.rows
            values: dict[str, pa.Array] = {}
            if one.others is not None:
                values["other"] = pa.array(table.numbered(one.others))
            column = one.field_name or (one.note.split(", ")[0] if self.code == "foreign-key"
                                        else "")
            yield Hits(self, column or None, rows, self.shared(judgement, one), values,
                       template=self.templates.get(one.note))

    def shared(self, judgement: Judgement, found: Found) -> dict[str, Any]:
        """Return what the template says of all hits."""
        keys = ", ".join(judgement.schema.primary_key)
        lists = [key.resource for key in judgement.schema.foreign_keys
                 if ", ".join(key.fields) == found.note]
        return {"keys": keys, "list": lists[0] if lists else ""}


def message(validation: Validation, error: Error) -> Message:
    """Return the sentence for an error of a file, in the words of its check."""
    from ckanext.satudata.domain.inspection.checks import constraint_error, registry

    schema = validation.schema
    field = next((one for one in schema.fields if one.name == error.field_name), None)
    values: dict[str, Any] = {
        "row": error.row_number, "number": error.field_number, "column": error.field_name,
        "name": error.field_name, "value": error.cell[:200], "label": error.note,
        "note": error.note, "other": error.note, "found": error.note,
        "count": len(validation.labels), "keys": ", ".join(schema.primary_key),
        "stated": validation.stated.get(error.type.partition("-")[0] + "s", ""),
    }
    if error.type == "foreign-key":
        values["list"] = next((key.resource or ", ".join(key.others)
                               for key in schema.foreign_keys
                               if ", ".join(key.fields) == error.note), "")
        values["column"] = error.note
    if error.type == "hash-count":
        values["stated"] = validation.stated.get("hash", "")
    if error.type == "constraint-error":
        limit = "" if field is None else field.constraints.get(error.note, "")
        values["limit"] = constraint_error.shown(limit)
    try:
        check = registry.get(error.type)
    except KeyError:  # the schema and the header do not go together
        return Message("{note}", values)
    own = check.templates.get(error.note) if issubclass(check, RowCheck) else None
    return Message(own or check.template, values)
