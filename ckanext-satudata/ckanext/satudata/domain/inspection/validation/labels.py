"""The header: which rows it is in, and how its labels fit the fields."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ckanext.satudata.domain.errors import SatuDataError
from ckanext.satudata.domain.inspection.validation.schema import Field, Schema

__all__ = ["AmbiguousLabelsError", "Dialect", "LabelError", "expected", "label_errors"]

_ACCEPT_EXTRA = ("subset", "partial")
_ACCEPT_MISSING = ("superset", "partial")


class AmbiguousLabelsError(SatuDataError):
    """Labels are to be matched by name, and a name is there twice."""


@dataclass(frozen=True)
class Dialect:
    """How a table is written (frictionless' Table Dialect). ``None``: found out.

    :ivar header_rows: from 1; ``header``: false where there is no header at all
    :ivar sheet: name of the sheet, or its number from 1
    """

    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    skip_initial_space: bool | None = None
    header: bool | None = None
    header_rows: tuple[int, ...] | None = None
    header_join: str = " "
    header_case: bool = True
    comment_char: str | None = None
    comment_rows: frozenset[int] = field(default_factory=frozenset[int])
    skip_blank_rows: bool = False
    encoding: str | None = None
    sheet: str | int = 1

    @classmethod
    def of(cls, descriptor: dict[str, Any]) -> Dialect:
        """Read a frictionless descriptor (``headerRows``, ``csv: {delimiter}``, ...)."""
        csv = {**descriptor, **descriptor.get("csv", {})}
        rows = descriptor.get("headerRows")
        return cls(
            csv.get("delimiter"), csv.get("quoteChar"), csv.get("escapeChar"),
            csv.get("skipInitialSpace"), descriptor.get("header"),
            None if rows is None else tuple(rows), descriptor.get("headerJoin", " "),
            descriptor.get("headerCase", True), descriptor.get("commentChar"),
            frozenset(descriptor.get("commentRows", ())), descriptor.get("skipBlankRows", False),
            descriptor.get("encoding"), descriptor.get("excel", {}).get("sheet", 1))

    @property
    def filters(self) -> bool:
        """Whether some rows are no rows of the table."""
        return bool(self.comment_char or self.comment_rows or self.skip_blank_rows)

    def comment(self, number: int, cells: Sequence[Any]) -> bool:
        """Say whether a row is a comment."""
        if self.comment_char and cells and isinstance(cells[0], str) and cells[0].startswith(
                self.comment_char):
            return True
        return number in self.comment_rows

    def left_out(self, number: int, cells: Sequence[Any]) -> bool:
        """Say whether a row is none of the table: a comment, or blank where those are skipped."""
        if self.skip_blank_rows and all(cell in ("", None) for cell in cells):
            return True
        return self.comment(number, cells)

    def rows_of_header(self, sample: Sequence[Sequence[Any]]) -> tuple[int, ...]:
        """Return the header's rows: the first row about as wide as most, unless it is said."""
        if self.header is False:
            return ()
        if self.header_rows is not None:
            return self.header_rows
        if self.header is not None or not sample:
            return (1,)
        width = round(sum(len(cells) for cells in sample) / len(sample))
        drift = max(round(width * 0.1), 1)
        for number, cells in enumerate(sample, start=1):
            if not self.comment(number, cells) and abs(len(cells) - width) <= drift:
                return (number,)
        return (1,)

    def labels(self, sample: Sequence[Sequence[Any]], rows: Sequence[int]) -> list[str]:
        """Return the labels; several header rows are joined, repeated texts once."""
        found: list[str] = []
        before: dict[int, str] = {}
        last = rows[-1] if rows else 0
        for number, cells in enumerate(sample, start=1):
            if number > last + 1:
                break
            if number not in rows or self.comment(number, cells):
                continue
            for at, cell in enumerate(cells):
                text = "" if cell is None else str(cell).strip()
                if before.get(at) == text:
                    continue
                before[at] = text
                if len(found) <= at:
                    found.append(text)
                else:
                    found[at] = self.header_join.join([found[at], text])
        return found


class LabelError(NamedTuple):
    """What is wrong with one label; ``number`` counts columns from 1."""

    type: str
    number: int | None
    name: str
    label: str
    note: str = ""


def _same(label: str, field: Field, case: bool) -> bool:
    return label == field.name if case else label.lower() == field.name.lower()


def _match(labels: Sequence[str], schema: Schema, case: bool) -> list[Field | None]:
    if schema.match == "exact":
        return [schema.fields[at] if at < len(schema.fields) else None
                for at in range(len(labels))]
    known: dict[str, Field] = {}
    for one in schema.fields:
        known.setdefault(one.name if case else one.name.lower(), one)
    return [known.get(label if case else label.lower()) for label in labels]


def expected(labels: Sequence[str], schema: Schema, case: bool = True) -> list[Field]:
    """Return the field of each column, one of any type where the schema has none.

    :raises AmbiguousLabelsError: labels are matched by name and one is there twice
    """
    if not labels:
        return list(schema.fields)
    if schema.match != "exact":
        keys = [label if case else label.lower() for label in labels]
        names = [one.name if case else one.name.lower() for one in schema.fields]
        if len(set(keys)) < len(keys) or len(set(names)) < len(names):
            raise AmbiguousLabelsError("Nama kolom harus berbeda-beda untuk dicocokkan.")
    made: list[Field] = []
    used: set[str] = set()
    for label, found in zip(labels, _match(labels, schema, case), strict=True):
        name = label if found is None else found.name
        new, suffix = name, 2
        while new in used:
            new, suffix = f"{name}{suffix}", suffix + 1
        used.add(new)
        made.append(Field(new, "any") if found is None else found)
    return made


def label_errors(labels: Sequence[str], schema: Schema, case: bool = True) -> list[LabelError]:
    """Return what is wrong with the header; nothing where there is none."""
    if not labels:
        return []
    match = _match(labels, schema, case)
    errors: list[LabelError] = []
    if schema.match not in _ACCEPT_EXTRA:
        errors += [LabelError("extra-label", at, "", label)
                   for at, (label, found) in enumerate(zip(labels, match, strict=True), start=1)
                   if found is None]
    if schema.match == "partial" and schema.fields and not any(match):
        errors.append(LabelError("unmatched-header", None, "", ""))
    paired = {found.name for found in match if found is not None}
    absent = [one for one in schema.fields if one.name not in paired]
    if schema.match in _ACCEPT_MISSING:
        absent = [one for one in absent if one.required or one.name in schema.primary_key]
    errors += [LabelError("missing-label", len(labels) + at, one.name, "")
               for at, one in enumerate(absent, start=1)]
    if schema.match != "exact":
        return errors
    for number, (one, label) in enumerate(zip(schema.fields, labels, strict=False), start=1):
        if not label:
            errors.append(LabelError("blank-label", number, one.name, ""))
            continue
        seen = [str(at) for at, other in enumerate(labels[:number - 1], start=1) if other == label]
        if seen:
            errors.append(LabelError("duplicate-label", number, one.name, label, ", ".join(seen)))
        elif not _same(label, one, case):
            errors.append(LabelError("incorrect-label", number, one.name, label))
    return errors
