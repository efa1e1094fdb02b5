"""The whole road of one file: read, find the tables, tidy, check, profile. Body of the child."""
from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.inspection.limits import Limits

__all__ = ["ENGINE", "answer"]

#: Moves when the same file may come out otherwise than before.
ENGINE = "3"


def answer(order: Mapping[str, Any]) -> dict[str, Any]:
    """Inspect the file ``path``, write its tables to the folder ``out``, return the report.

    :param order: ``name`` as handed in; ``limits``; ``settings`` (a recipe); ``facts`` (see
        :class:`.checks.base.Facts`); ``previous`` (``csv`` and ``schema`` of the last release);
        ``tidy`` (its clean table takes that one's place); ``schema`` (a Table Schema the columns
        were declared by); ``dataset`` (its id); ``annotated`` (false for no marked workbook)
    :raises RefusedFile: the file is not read at all
    """
    started = time.monotonic()
    path, name = Path(order["path"]), str(order["name"])
    limits = Limits(**order.get("limits") or {})
    # Bounds first: refusing a hostile file needs none of the libraries that read a good one.
    from ckanext.satudata.domain.inspection import child, reader

    file = reader.read(path, name, limits)
    child.tell(30)
    from ckanext.satudata.domain.inspection import annotated, engine, profile, results
    from ckanext.satudata.domain.inspection.bounds import too_many_tables
    from ckanext.satudata.domain.inspection.checks import registry
    from ckanext.satudata.domain.inspection.continuing import continued
    from ckanext.satudata.domain.inspection.recipe import Recipe
    from ckanext.satudata.domain.inspection.tidy import tidy

    file = annotated.strip_marks(file)
    facts = _facts({**(order.get("facts") or {}), "dataset": order.get("dataset") or ""})
    previous = _previous(order.get("previous"))
    recipe = Recipe.read(order.get("settings"))
    checks = registry.all_checks()
    year = facts.last_day.year if facts.last_day else None
    tables = [] if file.proof else tidy(file, recipe, facts.home, year)
    for at, table in enumerate(tables):
        tables[at], said = continued(
            table, previous, facts.dataset, recipe.of(table.fingerprint).off,
            bool(order.get("tidy")) and len(tables) == 1)
        file.remarks.extend([said] if said is not None else [])
    if len(tables) > limits.tables:
        raise too_many_tables(len(tables), limits)
    found: list[results.Result] = []
    for number, table in enumerate(tables, 1):
        child.tell(30 + 60 * number // len(tables))
        checked = engine.run(table, facts, previous, order.get("schema"), checks=checks)
        found.append(results.Result(checked, profile.profile(table, previous, facts.unit),
                                    sorted(recipe.of(table.fingerprint).off)))
    return results.write(path, file, found, checks, Path(order["out"]), started,
                         order.get("annotated", True))


def _facts(data: Mapping[str, Any] | None) -> Any:
    from ckanext.satudata.domain.inspection.checks.base import Facts

    # A Data Induk comes as the file it was published as.
    given = dict(data or {})
    for name in ("first_day", "last_day"):
        if isinstance(given.get(name), str):
            given[name] = date.fromisoformat(given[name])
    if "areas" in given:
        given["areas"] = tuple(given["areas"] or ())
    given["masters"] = {column: _master(said) for column, said in (
        given.get("masters") or {}).items() if said.get("path")}
    known = Facts.__dataclass_fields__
    return Facts(**{name: value for name, value in given.items() if name in known and value})


def _master(said: Mapping[str, str]) -> Any:
    from ckanext.satudata.domain.data_induk import rows_of
    from ckanext.satudata.domain.inspection.checks.base import MasterList

    content = Path(said["path"]).read_bytes()
    return MasterList(said["name"], {
        code: row.get(said["label"], "") or code for code, row in rows_of(content, said["key"])})


def _previous(data: Mapping[str, Any] | None) -> Any:
    if not data:
        return None
    from ckanext.satudata.domain.inspection import published

    return published.read(Path(data["csv"]), data["schema"])
