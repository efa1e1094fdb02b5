"""``/jadwal-rilis`` and ``/data-prioritas``: pages for people, and the same for programs.

Perpres 39/2019 art. 36 has a portal give access to Data Prioritas and to the release schedule.
Nothing here knows who asks: drafts are in none of it, not even for their own OPD.
"""
from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, wraps
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint, Response, jsonify, make_response

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.planning.priority import listed
from ckanext.satudata.domain.planning.releases import (
    Planned,
    Standing,
    Wanted,
)
from ckanext.satudata.planning import asked, feeds, present, source

__all__ = ["blueprint"]

_PER_PAGE = 50
#: Events of one calendar; programs on phones stop at fewer.
_MOST_EVENTS = 5000
#: Names in addresses of pages -> those of the actions.
_NAMES: Mapping[str, str] = {
    "tahun": "year", "opd": "organization", "urusan": "urusan", "prioritas": "prioritas",
    "kriteria": "kriteria", "status": "status",
}
#: Where the year asked for is the one of Data Prioritas, and none of the calendar.
_PRIORITY_NAMES = {**_NAMES, "tahun": "prioritas"}

blueprint = Blueprint("satudata_planning", __name__)


def _given(names: Mapping[str, str]) -> dict[str, str]:
    """Return what is asked in the address by the names of the actions; empty asks nothing."""
    return {names.get(key, key): value.strip() for key, value in tk.request.args.items()
            if value.strip() and (key in names or key in ("since", "until", "limit", "offset"))}


def _for_programs(view: Callable[[], Response]) -> Callable[[], Response]:
    """Let any page of the web read the answer, say 304 to who has it, refuse in words."""
    @wraps(view)
    def answered() -> Response:
        try:
            response = view()
            response.add_etag()
            response.make_conditional(tk.request)
        except tk.ValidationError as error:
            response = jsonify({"error": error.error_dict})
            response.status_code = 400
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response
    return answered


def _page_number() -> int:
    text = tk.request.args.get("hal", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1


def _filters() -> dict[str, str]:
    return {key: tk.request.args[key].strip()[:200] for key in _NAMES
            if tk.request.args.get(key, "").strip()}


def _url(endpoint: str, **more: Any) -> str:
    return tk.h.url_for(f"satudata_planning.{endpoint}", **{**_filters(), **more})


def _pager(found: list[Any], endpoint: str) -> Any:
    return Page(collection=found, page=_page_number(), items_per_page=_PER_PAGE,
                url=lambda **values: _url(endpoint, hal=values["page"]))


def _choices(datasets: Sequence[Planned]) -> dict[str, Any]:
    """Return what the filters offer: only what some dataset has."""
    lang = "en" if str(tk.h.lang()).startswith("en") else "id"
    affairs = Counter(code for each in datasets for code in each.affairs)
    label = vocabulary.get("urusan").match
    return {
        "organizations": sorted(
            {(each.organization_name, each.organization_title) for each in datasets
             if each.organization}, key=lambda each: each[1].casefold()),
        "affairs": [(code, found.label(lang)) for code in sorted(affairs)
                    if (found := label(code)) is not None],
        "years_of_priority": sorted(
            {year for each in datasets for year in each.priority_years}, reverse=True),
        "criteria": [(each.code, each.label(lang)) for each in vocabulary.get(
            "kriteria_prioritas")],
    }


def schedule_page() -> Response:
    """Show what is published when: what is late and to come, or one year."""
    today = asked.today()
    datasets = source.datasets(source.PROMISED)
    given = _given(_NAMES)
    if "year" not in given and "status" not in given:
        given["status"] = f"{Standing.LATE.value},{Standing.AHEAD.value}"
    wanted, errors = _wanted(given)
    every = source.releases(today)
    found = [*filter(wanted.takes_release, every)] if wanted else []
    pager = _pager(found, "schedule_page")
    return make_response(tk.render("satudata/jadwal/rilis.html", {
        **_choices(datasets), "pager": pager, "filters": _filters(), "errors": errors,
        "releases": [present.release(each, today) for each in pager],
        "late": sum(each.standing is Standing.LATE for each in found),
        "years": sorted({each.day.year for each in every}), "total": len(every),
        "calendar": _url("schedule_calendar", _external=True),
        "as_json": _url("schedule_json"), "standings": _standings(tuple(Standing)),
    }), 400 if errors else 200)


def priority_page() -> Response:
    """Show the Data Prioritas, how each stands and when it is next published."""
    today = asked.today()
    datasets = source.datasets(source.PRIORITY)
    wanted, errors = _wanted(_given(_PRIORITY_NAMES))
    found = listed(datasets, wanted, today) if wanted else []
    pager = _pager(found, "priority_page")
    return make_response(tk.render("satudata/jadwal/prioritas.html", {
        **_choices(datasets), "pager": pager, "filters": _filters(), "errors": errors,
        "datasets": [present.priority(each, today) for each in pager],
        "late": sum(each.standing is Standing.LATE for each in found), "total": len(datasets),
        "standings": _standings((Standing.LATE, Standing.DONE)),
        **{name: _url(f"priority_{name}") for name in ("json", "atom", "csv")},
    }), 400 if errors else 200)


def _wanted(given: dict[str, str]) -> tuple[Any, list[str]]:
    try:
        return asked.wanted(given), []
    except tk.ValidationError as error:
        return None, [str(each) for several in error.error_dict.values() for each in several]


def _standings(offered: tuple[Standing, ...]) -> list[tuple[str, str]]:
    return [(each.value, present.standing_label(each)) for each in offered]


@_for_programs
def schedule_json() -> Response:
    """Answer the schedule as JSON: what the action ``satudata_jadwal_rilis_list`` gives."""
    return jsonify(tk.get_action("satudata_jadwal_rilis_list")({}, dict(_given(_NAMES))))


@_for_programs
def schedule_calendar() -> Response:
    """Answer the schedule as a calendar to subscribe to."""
    return _named(_calendar(
        source.standing(source.PROMISED), asked.today(), asked.wanted(_given(_NAMES)),
        _url("schedule_page", _external=True)),
        "text/calendar; charset=utf-8", "jadwal-rilis.ics", "inline")


@lru_cache(maxsize=4)
def _calendar(_standing: Any, today: dt.date, wanted: Wanted, page: str) -> bytes:
    """Write the calendar, once for all who subscribe to it; the page's address has the language."""
    if wanted.first is None:  # who subscribes looks forward
        wanted = replace(wanted, first=today - dt.timedelta(days=366))
    found = [*filter(wanted.takes_release, source.releases(today))]
    return feeds.calendar(found[:_MOST_EVENTS], page, cut=len(found) > _MOST_EVENTS)


@_for_programs
def priority_json() -> Response:
    """Answer the list as JSON: what the action ``satudata_data_prioritas_list`` gives."""
    return jsonify(tk.get_action("satudata_data_prioritas_list")(
        {}, dict(_given(_PRIORITY_NAMES))))


@_for_programs
def priority_csv() -> Response:
    """Answer the whole list as a table."""
    return _named(feeds.table(_priorities(), asked.today()), "text/csv; charset=utf-8",
                  "data-prioritas.csv", "attachment")


@_for_programs
def priority_atom() -> Response:
    """Answer the list as a feed, what changed last first, a hundred a page."""
    found = sorted(_priorities(), key=lambda each: (each.dataset.modified, each.dataset.id),
                   reverse=True)
    number, last = _page_number(), max(1, -(-len(found) // asked.USUAL))

    def address(page: int) -> str:
        return _url("priority_atom", _external=True, **({"hal": page} if page > 1 else {}))

    made = feeds.atom(
        found[(number - 1) * asked.USUAL: number * asked.USUAL], asked.today(),
        page=_url("priority_page", _external=True), here=address(number), first=address(1),
        last=address(last), before=address(number - 1) if number > 1 else None,
        after=address(number + 1) if number < last else None)
    response = make_response(made)
    response.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    return response


def _priorities() -> list[Any]:
    return listed(source.datasets(source.PRIORITY), asked.wanted(_given(_PRIORITY_NAMES)),
                  asked.today())


def _named(body: bytes, content_type: str, filename: str, how: str) -> Response:
    response = make_response(body)
    response.headers["Content-Type"] = content_type
    response.headers["Content-Disposition"] = f'{how}; filename="{filename}"'
    return response


blueprint.add_url_rule("/jadwal-rilis", view_func=schedule_page, strict_slashes=False)
blueprint.add_url_rule("/jadwal-rilis.json", view_func=schedule_json)
blueprint.add_url_rule("/jadwal-rilis.ics", view_func=schedule_calendar)
blueprint.add_url_rule("/data-prioritas", view_func=priority_page, strict_slashes=False)
blueprint.add_url_rule("/data-prioritas.json", view_func=priority_json)
blueprint.add_url_rule("/data-prioritas.csv", view_func=priority_csv)
blueprint.add_url_rule("/data-prioritas.atom", view_func=priority_atom)
