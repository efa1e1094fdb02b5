"""Rows of a Data Induk, from the datastore's table of what is published.

Through ``datastore_search`` as nobody in particular: so whatever that action refuses to the public
(a table that is changing places, rows that are not open) is refused here.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.data_induk.finding import Induk
from ckanext.satudata.domain.data_induk import is_code
from ckanext.satudata.shared.datastore import TableSwitching

__all__ = ["PAGE", "Page", "one", "page", "size"]

Row = dict[str, Any]
#: Rows of one page.
PAGE = 100
_SIGN = re.compile(r"\w")
_WHOLE = {"integer", "year"}
_MOST_WORDS = 8


@dataclass(frozen=True)
class Page:
    """Some rows of a list.

    :ivar count: how many there are in all, or match
    """

    rows: list[Row]
    count: int


def one(of: Induk, code: str) -> Row | None:
    """Return the row of a code.

    :raises TableSwitching: a new version of the table is being put in place
    """
    value = _value(of, code)
    if value is None:
        return None
    found = _search(of, filters={of.master.key: value}, limit=1, include_total=False)["records"]
    # A number is not its code written otherwise: 007 is no address of 7.
    return found[0] if found and text(found[0].get(of.master.key)) == code else None


def page(of: Induk, query: str = "", offset: int = 0, limit: int = PAGE) -> Page:
    """Return rows by code, those that hold all words (or beginnings of words) asked for.

    A code that is typed whole comes alone.

    :raises TableSwitching: a new version of the table is being put in place
    """
    if not query:
        found = _search(of, sort=_sorted(of), offset=offset, limit=limit)
        return Page(found["records"], found["total"])
    exact = one(of, query)
    if exact is not None:
        return Page([exact][offset:offset + limit], 1)
    # Quoted, a word is taken apart as the cells were: 36.04.11 stays one.
    words = ["'" + each.replace("\\", "").replace("'", "''") + "':*"
             for each in query.split()[:_MOST_WORDS] if _SIGN.search(each)]
    if not words:
        return Page([], 0)
    found = _search(of, q=" & ".join(words), plain=False, sort=_sorted(of), offset=offset,
                    limit=limit)
    return Page(found["records"], found["total"])


def size(of: Induk) -> int | None:
    """Return how many rows a list has; nothing while its table cannot be read."""
    try:
        return _search(of, limit=0)["total"]
    except (tk.ObjectNotFound, TableSwitching):
        return None


def text(value: Any) -> str:
    """Return the value of a cell as the text it stands for."""
    return "" if value is None else str(value)


def _value(of: Induk, code: str) -> str | int | None:
    """Return a code as the table holds it; nothing for what cannot be one of it."""
    if not is_code(code):
        return None
    if of.master.column(of.master.key).type in _WHOLE:
        return int(code) if code.isascii() and code.isdigit() and len(code) < 18 else None
    return code


def _sorted(of: Induk) -> str:
    return f'"{of.master.key}" asc'


def _search(of: Induk, **asked: Any) -> dict[str, Any]:
    found = tk.get_action("datastore_search")(
        {"user": "", "auth_user_obj": None}, {"resource_id": of.master.resource, **asked})
    for each in found["records"]:
        each.pop("_id", None)
        each.pop("rank", None)
    return found
