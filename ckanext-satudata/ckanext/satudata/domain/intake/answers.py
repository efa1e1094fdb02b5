"""Answers of a sender to what was asked of their file, as corrections of its reading."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

__all__ = ["FIELD", "answered"]

Data = dict[str, Any]

#: Name of the field of a question: by place, for a key may hold anything.
FIELD = "jawab-{table}-{number}"


def answered(
    recipe: Mapping[str, Any], report: Mapping[str, Any], sent: Mapping[str, str]
) -> Data | None:
    """Return a recipe with the answers of a form; ``None`` where the form answers nothing.

    :param recipe: how the file is read so far
    :param report: what was found in it, as the form showed it
    :param sent: :data:`FIELD` of a question -> code of a choice; what is no choice is passed over
    """
    entries = {str(each["fingerprint"]): dict(each) for each in _listed(recipe, "tables")}
    changed = False
    for table in _listed(report, "tables"):
        answers: dict[str, str] = {}
        for at, question in enumerate(_listed(table, "questions")):
            chosen = sent.get(FIELD.format(table=table["number"], number=at))
            if chosen in {each["code"] for each in _listed(question, "choices")}:
                answers[str(question["key"])] = str(chosen)
        mark = str(table.get("fingerprint") or "")
        if mark and answers:
            entry = entries.setdefault(mark, {"fingerprint": mark})
            entry["answers"] = {**(entry.get("answers") or {}), **answers}
            changed = True
    return {"version": 1, "tables": list(entries.values())} if changed else None


def _listed(data: Mapping[str, Any], name: str) -> list[Data]:
    return cast("list[Data]", data.get(name) or [])
