"""Kegiatan and indikator for the national portal: a second source of type ``ckan``.

A source of its own, for its readers list such records apart from data, and a portal may want the
one without the other. There are hundreds of them and not a hundred thousand, so they are read
when they are asked for; as in the view of datasets, what was withdrawn is listed for ever as
``state: deleted`` and keeps its rank.
"""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from flask import Blueprint, Response

from ckanext.satudata import config
from ckanext.satudata.domain.federation.nasional import Shape
from ckanext.satudata.domain.federation.nasional_metadata import (
    KINDS,
    flattened_metadata,
    withdrawn_metadata,
)
from ckanext.satudata.federation.feed.answering import preflight
from ckanext.satudata.federation.feed.building import anonymous, utc
from ckanext.satudata.federation.feed.nasional_answers import (
    BESIDE,
    Action,
    answered,
    refuse,
    route,
    say,
    whole_number,
)
from ckanext.satudata.federation.site import site

__all__ = ["blueprint"]

#: Rows of one answer: unless asked otherwise, and at most; each is read as it is asked for.
_ROWS, _MOST_ROWS = 10, 100
_MOST_START = 10**9
_SINCE = re.compile(r"\+?\(?metadata_modified:\[\s*(\S+)\s+TO\s+\*\s*\]\)?")
_KIND = re.compile(r"\+?(?:dataset_)?type:\"?(\w+)\"?")

#: One row of each kegiatan and indikator that is public or was, and when it last changed.
_EVER = """
    SELECT package.id, package.name, package.type,
           NOT package.private AND package.state = 'active' AS shown,
           CASE WHEN NOT package.private AND package.state = 'active'
                THEN package.metadata_modified
                ELSE coalesce(version.ended_at AT TIME ZONE 'UTC', package.metadata_modified)
           END AS changed_at
    FROM package LEFT JOIN (
        SELECT package_id, max(coalesce(withdrawn_at, ended_at, published_at)) AS ended_at
        FROM satudata_version GROUP BY package_id) AS version ON version.package_id = package.id
    WHERE package.type = ANY(:kinds)
      AND (version.package_id IS NOT NULL OR NOT package.private AND package.state = 'active')
      AND (:all OR NOT EXISTS (
           SELECT FROM harvest_object WHERE package_id = package.id AND current))
"""


def _found(condition: str, **asked: Any) -> Any:
    given = {"kinds": list(KINDS), "all": config.nasional_panenan(), **asked}
    return model.Session.execute(sa.text(f"WITH ever AS ({_EVER}) {condition}"), given)


def _record(row: Any) -> dict[str, Any]:
    if row.shown:
        try:
            shown = tk.get_action("package_show")(anonymous(), {"id": row.id})
        except (tk.ObjectNotFound, tk.NotAuthorized):  # it left between the two questions
            return withdrawn_metadata(row.id, row.type, dt.datetime.now(dt.timezone.utc))
        return flattened_metadata(shown, site(), row.changed_at, _fields(row.type))
    return withdrawn_metadata(row.id, row.type, row.changed_at)


def _fields(kind: str) -> list[str]:
    schema = tk.h.scheming_get_dataset_schema(kind) or {}
    return [field["field_name"] for field in schema.get("dataset_fields", [])]


def _package_search(_reading: None, given: Mapping[str, str]) -> Response:
    rows = whole_number(given.get("rows"), _ROWS, 10**9)
    if rows > _MOST_ROWS:  # a reader that steps on by what it asked for would miss the rest
        raise tk.ValidationError({"rows": [tk._("Paling banyak {most} baris.").format(
            most=_MOST_ROWS)]})
    start = whole_number(given.get("start"), 0, _MOST_START)
    kinds, since = _filters(given.get("fq") or "")
    if (given.get("q") or "").strip() not in ("", "*:*"):
        raise tk.ValidationError({"q": [tk._(
            "Alamat ini tidak mencari. Minta semuanya, atau saring menurut type dan "
            "metadata_modified.")]})
    condition = "FROM ever WHERE type = ANY(:wanted) AND changed_at >= :since"
    asked = {"wanted": kinds, "since": since}
    total = _found(f"SELECT count(*) {condition}", **asked).scalar_one()
    found = _found(f"SELECT * {condition} ORDER BY id OFFSET :start LIMIT :rows",
                   **asked, start=start, rows=rows).all()
    return say("package_search", {
        "count": total, "sort": "id asc", "facets": {}, "search_facets": {},
        "results": [_record(row) for row in found]})


def _filters(given: str) -> tuple[list[str], dt.datetime]:
    """Return of which types records are asked for, and since when they changed.

    :raises ValidationError: something else is asked, which must not be passed over in silence
    """
    since = dt.datetime(1970, 1, 1)
    found = _SINCE.search(given[:4000])
    if found is not None:
        try:
            moment = dt.datetime.fromisoformat(found.group(1).replace("Z", "+00:00"))
            since = utc(moment).astimezone(dt.timezone.utc).replace(tzinfo=None)
        except (ValueError, OverflowError):
            raise tk.ValidationError({"fq": [tk._("Pencarian tidak berjalan")]}) from None
        given = given.replace(found.group(0), " ")
    kinds = _KIND.findall(given)
    rest = re.sub(r"\b(AND|OR)\b|[()\s]", "", _KIND.sub(" ", given))
    if rest or not set(kinds) <= set(KINDS):
        raise tk.ValidationError({"fq": [tk._(
            "Alamat ini hanya menyaring menurut type (kegiatan, indikator) dan "
            "metadata_modified.")]})
    return kinds or list(KINDS), since


def _package_show(_reading: None, given: Mapping[str, str]) -> Response:
    asked = (given.get("id") or given.get("name_or_id") or "")[:200]
    row = _found("SELECT * FROM ever WHERE id = :asked OR shown AND name = :asked",
                 asked=asked).first()
    if row is None:
        return refuse("package_show", "Not Found Error", tk._("Data tidak ditemukan"), 404)
    return say("package_show", _record(row))


def _package_list(_reading: None, _given: Mapping[str, str]) -> Response:
    return say("package_list", list(_found(
        "SELECT name FROM ever WHERE shown ORDER BY name").scalars()))


_ACTIONS: Mapping[str, Action] = {
    "package_search": _package_search,
    "package_show": _package_show,
    "package_list": _package_list,
    **BESIDE,
}


def _in_words(view: Callable[[str], Response]) -> Callable[[str], Response]:
    """Say what was wrong with a question as CKAN does, and never with an empty answer."""
    @wraps(view)
    def spoken(name: str) -> Response:
        try:
            return view(name)
        except tk.ValidationError as error:
            message = "; ".join(str(each) for several in error.error_dict.values()
                                for each in several)
            return refuse(name[:100], "Validation Error", message, 409)
    return spoken


@_in_words
def action(name: str) -> Response:
    """Answer an action of CKAN's API, by GET or POST; both only read."""
    if config.bentuk_nasional() is Shape.KONTRAKTOR:
        raise tk.ValidationError({"type": [tk._(
            "Skema yang dipilih untuk portal nasional (kontraktor) tidak mengenal kegiatan dan "
            "indikator.")]})
    return answered(_ACTIONS, name)


def blueprint() -> Blueprint:
    """Return the routes; called when the configuration is known."""
    made = Blueprint("satudata_feed_metadata", __name__)
    made.after_request(preflight)
    base = f"{config.nasional_alamat()}-metadata"
    route(made, base, action)
    return made
