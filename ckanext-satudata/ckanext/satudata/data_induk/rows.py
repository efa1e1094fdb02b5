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

__all__ = ["PAGE", "NoTableError", "Page", "alike", "one", "page", "size", "text"]

Row = dict[str, Any]
#: Rows of one page.
PAGE = 100
_SIGN = re.compile(r"\w")
_WHOLE = {"integer", "year"}
_MOST_WORDS = 8


class NoTableError(tk.ObjectNotFound):
    """The file was published without a table, or one without the column of the codes."""


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
    # By the order of the codes: by that of the rows, PostgreSQL may read them all up to this one.
    found = _search(of, filters={of.master.key: value}, sort=_sorted(of), limit=1,
                    include_total=False)["records"]
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
    asked = _asked(query)
    if not asked:
        return Page([], 0)
    found = _search(of, q=asked, plain=False, sort=_sorted(of), offset=offset, limit=limit)
    return Page(found["records"], found["total"])


def alike(of: Induk, beginning: str, limit: int) -> list[Row]:
    """Return some rows of which a word begins so.

    :raises TableSwitching: a new version of the table is being put in place
    """
    asked = _asked(beginning)
    return _search(of, q=asked, plain=False, sort=_sorted(of), limit=limit,
                   include_total=False)["records"] if asked else []


def _asked(query: str) -> str:
    """Return a query of PostgreSQL for all words of a text, each as a beginning; empty for none.

    Quoted, a word is taken apart as the cells were: 36.04.11 stays one.
    """
    words = ["'" + each.replace("\\", "").replace("'", "''") + "':*"
             for each in query.split()[:_MOST_WORDS] if _SIGN.search(each)]
    return " & ".join(words)


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


def _sorted(of: Induk) -> list[str]:
    return [f'"{of.master.key}" asc']


def _search(of: Induk, **asked: Any) -> dict[str, Any]:
    try:
        found = tk.get_action("datastore_search")(
            {"user": "", "auth_user_obj": None}, {"resource_id": of.master.resource, **asked})
    except TableSwitching:
        raise
    except (tk.ObjectNotFound, tk.ValidationError) as error:
        raise NoTableError(tk._("Tabel Data Induk “{name}” belum dapat dibaca.").format(
            name=of.name)) from error
    for each in found["records"]:
        each.pop("_id", None)
        each.pop("rank", None)
    return found
