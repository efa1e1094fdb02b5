"""The whole road of one file: read, find the tables, tidy, check, profile. Body of the child."""
from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.inspection import child, reader
from ckanext.satudata.domain.inspection.limits import Limits

if TYPE_CHECKING:
    from ckanext.satudata.domain.inspection.checks.base import Check

__all__ = ["Inspected", "TableResult", "answer", "inspect"]
@dataclass
class TableResult:
    """A clean table, what the checks found in it (engine.Checked), and its profile."""
    table: Any
    result: Any
    profile: dict[str, Any]
class Inspected:
    """A file that was read; ``file`` is its :class:`.sheet.RawFile`, ``checks`` those that ran."""
    path: Path
    file: Any
    tables: list[TableResult] = field(default_factory=list[TableResult])
    off: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    checks: Sequence[type[Check]] = ()
    seconds: float = 0.0
def inspect(path: Path, name: str, order: Mapping[str, Any]) -> Inspected:
    """Read a file, propose its clean tables and check them.
    :param order: ``limits``, ``settings`` (a recipe), ``facts``, ``previous`` (``csv`` and
        ``schema`` of the last release), ``schema`` (a Table Schema its columns were declared by);
        :func:`answer` also knows ``annotated`` (false for no marked workbook)
    :raises RefusedFile: the file is not read at all
    """
    started = time.monotonic()
    limits = Limits(**order.get("limits") or {})
    # The reader refuses a hostile file before it loads what reads a good one, so all else waits.
    file = reader.read(path, name, limits)
    from ckanext.satudata.domain.inspection import annotated, engine, profile
__all__ = ["ENGINE", "answer"]
#: Moves when the same file may come out otherwise than before.
ENGINE = "1"
def answer(order: Mapping[str, Any]) -> dict[str, Any]:
    """Inspect the file ``path``, write its tables to the folder ``out``, return the report.
    :param order: ``name`` as handed in; ``limits``; ``settings`` (a recipe); ``facts`` (see
        :class:`.checks.base.Facts`); ``previous`` (``csv`` and ``schema`` of the last release);
        ``schema`` (a Table Schema the columns were declared by); ``annotated`` (false for no
        marked workbook)
    path, name = Path(order["path"]), str(order["name"])
    # Bounds first: refusing a hostile file needs none of the libraries that read a good one.
    from ckanext.satudata.domain.inspection import child, reader
    child.tell(30)
    from ckanext.satudata.domain.inspection import annotated, engine, profile, results
    from ckanext.satudata.domain.inspection.checks import registry
    from ckanext.satudata.domain.inspection.recipe import Recipe
    from ckanext.satudata.domain.inspection.tidy import tidy

    file = annotated.strip_marks(file)
    child.tell(30)
    facts = _facts(order.get("facts"))
    previous = _previous(order.get("previous"))
    recipe = Recipe.read(order.get("settings"))
    inspected = Inspected(path, file, checks=registry.all_checks())
    year = facts.last_day.year if facts.last_day else None
    tables = [] if file.proof else tidy(file, recipe, facts.home, year)
    for number, table in enumerate(tables, 1):
        child.tell(30 + 65 * number // (len(tables) + 1))
        result = engine.run(table, facts, previous, order.get("schema"),
                            checks=inspected.checks)
        inspected.tables.append(TableResult(table, result, profile.profile(table, previous)))
        inspected.off[table.fingerprint] = sorted(recipe.of(table.fingerprint).off)
    inspected.seconds = time.monotonic() - started
    return inspected

def answer(order: Mapping[str, Any]) -> dict[str, Any]:
    """Inspect and write the results to the folder ``out``; return the report."""
    inspected = inspect(Path(order["path"]), order["name"], order)
    from ckanext.satudata.domain.inspection import results
    return results.write(inspected, Path(order["out"]), order.get("annotated", True))
    facts, previous = _facts(order.get("facts")), _previous(order.get("previous"))
    checks = registry.all_checks()
    found: list[results.Result] = []
        child.tell(30 + 60 * number // len(tables))
        checked = engine.run(table, facts, previous, order.get("schema"), checks=checks)
        found.append(results.Result(checked, profile.profile(table, previous),
                                    sorted(recipe.of(table.fingerprint).off)))
    return results.write(path, file, found, checks, Path(order["out"]), started,
                         order.get("annotated", True))


def _facts(data: Mapping[str, Any] | None) -> Any:
    from ckanext.satudata.domain.inspection.checks.base import Facts

    given = dict(data or {})
    for name in ("first_day", "last_day"):
        if given.get(name):
            given[name] = date.fromisoformat(given[name])
    if "areas" in given:
        given["areas"] = tuple(given["areas"])
    known = Facts.__dataclass_fields__
    return Facts(**{name: value for name, value in given.items() if name in known and value})


def _previous(data: Mapping[str, Any] | None) -> Any:
    if not data:
        return None
    from ckanext.satudata.domain.inspection import published

    return published.read(Path(data["csv"]), data["schema"])
