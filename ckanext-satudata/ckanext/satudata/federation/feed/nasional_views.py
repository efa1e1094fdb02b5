"""The national harvest view: CKAN's action API at a path of its own, for sources of type ``ckan``.

Such a reader asks ``package_search`` page by page until one is empty, ignores the HTTP status, and
never deletes what it misses: what was withdrawn is listed for ever, as ``state: deleted``, and
keeps its rank. In trouble the answer is no JSON, or the reader would take it for the end.
"""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.satudata import config
from ckanext.satudata.domain.federation.joined import Stored, unpacked
from ckanext.satudata.domain.federation.nasional import withdrawn
from ckanext.satudata.federation.feed import searching, settling
from ckanext.satudata.federation.feed.answering import (
    Answer,
    current,
    preflight,
    send,
    version_of,
)
from ckanext.satudata.federation.feed.building import as_json, utc
from ckanext.satudata.federation.feed.nasional_answers import (
    BESIDE,
    Action,
    answered,
    help_address,
    refuse,
    route,
    say,
    whole_number,
)
from ckanext.satudata.federation.feed.reading import Reading
from ckanext.satudata.federation.site import fingerprint

__all__ = ["blueprint"]

_JSON = "application/json; charset=utf-8"
#: Rows of one answer: unless asked otherwise, and at most.
_ROWS, _MOST_ROWS = 10, 1000
_MOST_START = 10**9
_LONGEST = 4000
#: The one filter that is asked of the feed: since when it changed.
_SINCE = re.compile(r"\+?\(?metadata_modified:\[\s*(\S+)\s+TO\s+\*\s*\]\)?")


def _local() -> bool:
    return not config.nasional_panenan()


def _hidden(rows: Sequence[Any]) -> list[str]:
    return [row.package_id for row in rows if row.piece is None and row.deleted_at is None]


def _record(row: Any) -> Stored | bytes:
    if row.piece is not None:
        return unpacked(row.piece)
    return as_json(withdrawn(row.package_id, row.changed_at, config.bentuk_nasional()))


# ---------------------------------------------------------------- actions
def _package_search(reading: Reading, given: Mapping[str, str]) -> Response:
    rows = whole_number(given.get("rows"), _ROWS, _MOST_ROWS)
    start = whole_number(given.get("start"), 0, _MOST_START)
    since, rest = _filters(given.get("fq") or "")
    query = searching.meant(given.get("q") or "")
    among = _among(reading, query, rest)

    def parts() -> Sequence[Stored | bytes]:
        total, found = reading.ranked(start, rows, _local(), since, among)
        settling.none_hidden(_hidden(found))
        opening = {"help": help_address("package_search"), "success": True}
        made: list[Stored | bytes] = [
            as_json(opening)[:-1], b',"result":', as_json({
                "count": total, "sort": "id asc", "facets": {}, "search_facets": {},
            })[:-1], b',"results":[']
        for position, row in enumerate(found):
            made += [b",\n", _record(row)] if position else [_record(row)]
        return [*made, b"]}}"]

    return send(Answer(_JSON, version_of(
        "nasional", rows, start, since, query, rest, reading.state.sequence, _local(),
        fingerprint()), parts))


def _filters(given: str) -> tuple[dt.datetime | None, str]:
    """Return since when records changed that are asked for, and what else is asked."""
    if len(given) > _LONGEST:
        raise tk.ValidationError({"fq": [tk._("Pencarian terlalu panjang.")]})
    found = _SINCE.search(given)
    if found is None:
        return None, searching.meant(given)
    try:
        since = utc(dt.datetime.fromisoformat(found.group(1).replace("Z", "+00:00")))
    except (ValueError, OverflowError):
        raise tk.ValidationError({"fq": [tk._("Pencarian tidak berjalan")]}) from None
    rest = f"{given[:found.start()]} {given[found.end():]}".strip()
    return since, re.sub(r"\s*\b(AND|OR)$|^(AND|OR)\b\s*", "", rest).strip()


def _among(reading: Reading, query: str, filters: str) -> tuple[str, ...] | None:
    """Return the ids the index finds, ``None`` where nothing is asked of it."""
    if not query and not filters:
        return None
    return searching.found(reading.state.sequence, query, filters)


def _package_show(reading: Reading, given: Mapping[str, str]) -> Response:
    asked = (given.get("id") or given.get("name_or_id") or "")[:200]
    row = reading.national(asked, _local())
    if row is None:
        return refuse("package_show", "Not Found Error", tk._("Data tidak ditemukan"), 404)
    settling.none_hidden(_hidden([row]))
    made: list[Stored | bytes] = [
        as_json({"help": help_address("package_show"), "success": True})[:-1], b',"result":',
        _record(row), b"}"]
    return send(Answer(_JSON, version_of("nasional", row.package_id, row.sequence, fingerprint()),
                       lambda: made))


def _package_list(reading: Reading, given: Mapping[str, str]) -> Response:
    names = reading.names(_local())
    start = whole_number(given.get("offset"), 0, _MOST_START)
    limit = whole_number(given.get("limit"), len(names), _MOST_START)
    return say("package_list", names[start: start + limit])


#: What a reader of type ``ckan`` asks for, and what people ask who try the address.
_ACTIONS: Mapping[str, Action] = {
    "package_search": _package_search,
    "package_show": _package_show,
    "package_list": _package_list,
    **BESIDE,
}


@current
def action(reading: Reading, name: str) -> Response:
    """Answer an action of CKAN's API, by GET or, as most clients ask, by POST; both only read."""
    return answered(_ACTIONS, name, reading)


def blueprint() -> Blueprint:
    """Return the routes; called when the configuration is known."""
    made = Blueprint("satudata_feed_nasional", __name__)
    made.after_request(preflight)
    base = config.nasional_alamat()
    route(made, base, action)
    return made
