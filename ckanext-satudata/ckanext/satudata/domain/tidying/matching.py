"""Which table of a raw file goes on under which file of the draft.

A file keeps its id from version to version, and people link to it; so a table that was read again,
or that is next year's, is not a new file beside the old one. Numbers alone do not do: leave out the
first table of three, and all others move up.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ckanext.satudata.domain.folding import fold
from ckanext.satudata.domain.tidying.table import Held, Table

__all__ = ["matched", "same_name", "without_years"]

_YEARS = re.compile(r"(?:19|20)\d\d")
Fits = Callable[[Table, Held], bool]


def without_years(name: str) -> str:
    """Return a name by which a table is known from year to year."""
    return " ".join(re.sub(r"[^\w\s]", " ", _YEARS.sub(" ", fold(name))).split())


def same_name(one: str, other: str) -> bool:
    """Tell whether two names differ at most by their years and signs."""
    return bool(without_years(one)) and without_years(one) == without_years(other)


def _named(table: Table, held: Held) -> bool:
    return same_name(table.title, held.name)


def _alike(table: Table, held: Held) -> bool:
    return bool(held.columns) and table.columns == held.columns


#: From the surest to the weakest.
_RULES: tuple[Fits, ...] = (
    lambda table, held: table.sha256 == held.sha256,
    lambda table, held: _named(table, held) and _alike(table, held),
    lambda table, held: table.number == held.number and _alike(table, held),
    _named,
    _alike,
    lambda table, held: table.number == held.number,
)


def matched(
    tables: Sequence[Table], own: Sequence[Held], replaced: Held | None = None,
    others: Sequence[Held] = (),
) -> dict[int, str]:
    """Return of each table that goes on under a file of the draft the file's id.

    :param own: files of the same raw file, or of the one that is replaced
    :param replaced: the file that this raw file takes the place of: it is matched in any case
    :param others: files of other origin, which are taken only where they are called the same
    """
    found: dict[int, str] = {}
    taken: set[str] = set()
    asked = [each for each in own if replaced is None or each.id != replaced.id]
    if replaced is not None:
        asked.insert(0, replaced)
    sure = (_RULES[0], _RULES[1], _RULES[3])
    for rules, held in ((_RULES, asked), (sure[1:], list(others))):
        for fits in rules:
            for table in tables:
                if table.number in found:
                    continue
                one = next((each for each in held if each.id not in taken and fits(table, each)),
                           None)
                if one is not None:
                    found[table.number] = one.id
                    taken.add(one.id)
        if held is asked and replaced is not None and replaced.id not in taken and tables:
            free = next((each.number for each in tables if each.number not in found),
                        tables[0].number)
            taken.discard(found.get(free, ""))
            found[free] = replaced.id
            taken.add(replaced.id)
    return found
