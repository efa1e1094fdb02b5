"""All checks, by the file each is in. A file of this folder that is not named here is a mistake.

Those of :data:`STANDARD` are frictionless' own, under frictionless' codes; the others are about
statistics of a region. What frictionless has and we have not: see :mod:`..engine`.
"""
from __future__ import annotations

from functools import cache
from importlib import import_module

from ckanext.satudata.domain.inspection.checks.base import Check

__all__ = ["MODULES", "STANDARD", "all_checks", "get"]

STANDARD: tuple[str, ...] = (
    "ascii_value",
    "blank_header",
    "blank_label",
    "blank_row",
    "byte_count",
    "constraint_error",
    "deviated_cell",
    "deviated_value",
    "duplicate_label",
    "duplicate_row",
    "extra_cell",
    "extra_label",
    "field_count",
    "forbidden_value",
    "foreign_key",
    "hash_count",
    "incorrect_label",
    "missing_cell",
    "missing_label",
    "primary_key",
    "required_value",
    "row_count",
    "sequential_value",
    "source_error",
    "table_dimensions",
    "truncated_value",
    "type_error",
    "unique_error",
    "unmatched_header",
)
STATISTICS: tuple[str, ...] = (
    "area_code_form",
    "area_code_retired",
    "area_code_unknown",
    "area_incomplete",
    "area_level",
    "area_name",
    "area_outside",
    "category_spelling",
    "column_name",
    "constant_column",
    "empty_column",
    "fraction_count",
    "jump_release",
    "jump_series",
    "key_duplicate",
    "master_code",
    "master_gone",
    "master_renamed",
    "master_unknown",
    "mixed_types",
    "negative_count",
    "part_above_whole",
    "past_value",
    "percent_range",
    "personal_data",
    "personal_in_text",
    "personal_outside",
    "template_other",
    "total_category",
    "total_column",
    "total_row",
    "unit_content",
    "unit_missing",
    "unit_mixed",
    "unit_unknown",
    "year_future",
    "year_implausible",
    "year_outside",
)
MODULES: tuple[str, ...] = (*STANDARD, *STATISTICS)


@cache
def all_checks() -> tuple[type[Check], ...]:
    """Return the class of every check, in the order of :data:`MODULES`."""
    return tuple(_class(name) for name in MODULES)


@cache
def get(code: str) -> type[Check]:
    """Return the check of a code.

    :raises KeyError: there is none
    """
    return {check.code: check for check in all_checks()}[code]


def _class(name: str) -> type[Check]:
    package = __name__.rpartition(".")[0]
    module = import_module(f"{package}.{name}")
    found = [one for one in vars(module).values()
             if isinstance(one, type) and issubclass(one, Check)
             and one.__module__ == module.__name__]
    if len(found) != 1:
        raise TypeError(f"{module.__name__} must hold one check, not {len(found)}")
    return found[0]
