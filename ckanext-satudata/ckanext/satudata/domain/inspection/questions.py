"""Questions and changes of columns that are one family, asked and listed once."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ckanext.satudata.domain.inspection.notes import Change, Message, Question
from ckanext.satudata.domain.inspection.spoken import spoken
from ckanext.satudata.domain.inspection.values import Reading
from ckanext.satudata.domain.inspection.work import Work

__all__ = ["expanded", "gather"]

_NAMED = 4
#: A code is a column's own, whatever head it shares.
_OWN = "kode"
#: What a change says of one thing alone.
_APART = ("tanda", "status", "satuan")


def expanded(answers: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """Return answers given for the name of a family as answers for each of its columns."""
    result = dict(answers)
    for key, answer in answers.items():
        step, _, rest = key.partition(":")
        for name, common in names.items() if step != _OWN else ():
            if rest == common or rest.startswith(f"{common}:"):
                result.setdefault(f"{step}:{name}{rest[len(common):]}", answer)
    return result


def gather(work: Work, readings: Sequence[Reading], names: Mapping[str, str]) -> None:
    """Put the changes and questions of all columns into the table, alike ones of a family once."""
    changes: dict[object, Change] = {}
    questions: dict[str, Question] = {}
    headers = {column.at: column.header for column in work.raw.columns}
    places: dict[str, list[int]] = {}
    changed: dict[object, list[int]] = {}
    for column, reading in zip(work.raw.columns, readings, strict=True):
        common = names.get(column.name)
        for number, change in enumerate(reading.changes):
            key: object = (column.name, number) if common is None else (
                common, change.step, change.what.template, change.why.template, change.certain,
                *(change.what.values.get(each) for each in _APART))
            changed.setdefault(key, []).append(column.at)
            old = changes.get(key)
            changes[key] = change if old is None else replace(
                old, cell=_joined(old.cell, change.cell), count=old.count + change.count,
                what=Message(old.what.template, {
                    **old.what.values, "column": common, "count": old.count + change.count}))
        for question in reading.questions:
            if common is not None and question.step != _OWN:
                question = _renamed(question, column.name, common)
            places.setdefault(question.key, []).append(column.at)
            same = questions.get(question.key)
            questions[question.key] = question if same is None else replace(
                same, cell=_joined(same.cell, question.cell), count=same.count + question.count)
    work.changes.extend(_listed(change, spoken(headers, changed[key], ""))
                        for key, change in changes.items())
    work.questions.extend(_told(question, spoken(headers, places[key], question.column or ""))
                          for key, question in questions.items())


def _listed(change: Change, columns: str) -> Change:
    """Return a change that names its columns as the sheet does."""
    if "column" not in change.what.values or not columns:
        return change
    return replace(change, what=Message(
        change.what.template, {**change.what.values, "column": columns}))


def _told(question: Question, column: str) -> Question:
    """Return a question that names its columns as the sheet does."""
    if "kolom" not in question.text.values:
        return question
    return replace(question, text=Message(
        question.text.template, {**question.text.values, "kolom": column}))


def _renamed(question: Question, name: str, common: str) -> Question:
    step, _, rest = question.key.partition(":")
    if rest != name and not rest.startswith(f"{name}:"):
        return question
    return replace(question, key=f"{step}:{common}{rest[len(name):]}", column=common)


def _joined(one: str, other: str) -> str:
    """Return two places as one: a few cells by name, more as the first and the last."""
    cells = [*one.split(","), *other.split(",")]
    if len(cells) <= _NAMED and not any(":" in cell for cell in cells):
        return ",".join(dict.fromkeys(cells))
    first = one.split(",")[0].split(":")[0]
    last = other.split(",")[-1].split(":")[-1]
    return f"{first}:{last}"
