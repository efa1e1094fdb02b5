"""CKAN's validation errors as problems with the place in the manifest that caused them."""
from __future__ import annotations

from typing import Any

from ckanext.satudata.domain.loading.plan import DatasetPlan
from ckanext.satudata.domain.loading.problems import Place, Problem

__all__ = ["from_validation"]


def from_validation(plan: DatasetPlan, errors: dict[str, Any]) -> list[Problem]:
    """Put CKAN's messages at the place of the manifest that caused them.

    A conflict with the workflow (``conflict`` in the errors) concerns the dataset as a whole.
    """
    if "conflict" in errors:
        return [Problem(plan.place, "{message}", {"message": str(message)})
                for message in errors.get("message") or [errors["conflict"]]]
    problems: list[Problem] = []

    def walk(value: Any, place: Place) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, Place(place.file, place.line, str(key), place.sheet))
        elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
            for item in value:
                walk(item, place)
        else:
            for message in value if isinstance(value, list) else [value]:
                problems.append(Problem(place, "{message}", {"message": str(message)}))

    for name, value in errors.items():
        if name == "resources" and isinstance(value, list):
            for number, inner in enumerate(value):
                if inner:
                    known = number < len(plan.files)
                    walk(inner, plan.files[number].place if known else plan.place)
            continue
        place = plan.place_of(name)
        walk(value, Place(place.file, place.line, name))
    return problems
