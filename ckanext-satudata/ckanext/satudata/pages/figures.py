"""What the home page counts and lists, from the search index alone.

Three queries with few rows and no database access of ours, so that home costs about
what a search costs. Everything is asked as the anonymous reader: home shows the same
to everybody.
"""
from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from ckan.lib.search.common import SolrConnectionError

__all__ = ["home"]

log = logging.getLogger(__name__)

_NEWEST = 5
_RELEASES = 4
_PUBLIC = "+state:active +capacity:public"


def home(today: dt.date) -> dict[str, Any]:
    """Return the figures and lists of the home page.

    :param today: releases planned before this day are not "next" any more.
    :returns: ``datasets``, ``kegiatan``, ``indikator``, ``organizations`` (counts), ``newest``
        and ``releases`` (package dicts), ``urusan`` (``[(code, count)]``, most data first) and
        ``broken`` (the index did not answer; all else is empty).
    """
    try:
        newest = _search(
            "+dataset_type:dataset",
            rows=_NEWEST,
            sort="metadata_modified desc",
            facets=["vocab_urusan", "organization"],
        )
        types = dict(_facet(_search("", rows=0, facets=["dataset_type"]), "dataset_type"))
        releases = _search(
            f'+dataset_type:dataset +jadwal_rilis:["{today.isoformat()}" TO *]',
            rows=_RELEASES,
            sort="jadwal_rilis asc",
        )
    except (SearchError, SolrConnectionError):
        log.exception("the search index did not answer; home shows no figures")
        return _empty(broken=True)
    return {
        "datasets": newest["count"],
        "kegiatan": types.get("kegiatan", 0),
        "indikator": types.get("indikator", 0),
        "organizations": len(_facet(newest, "organization")),
        "newest": newest["results"],
        "releases": releases["results"],
        "urusan": _facet(newest, "vocab_urusan"),
        "broken": False,
    }


def _empty(broken: bool) -> dict[str, Any]:
    return {
        "datasets": 0,
        "kegiatan": 0,
        "indikator": 0,
        "organizations": 0,
        "newest": [],
        "releases": [],
        "urusan": [],
        "broken": broken,
    }


def _search(
    fq: str, *, rows: int, sort: str | None = None, facets: list[str] | None = None
) -> dict[str, Any]:
    query: dict[str, Any] = {"q": "*:*", "fq": f"{_PUBLIC} {fq}".strip(), "rows": rows}
    if sort:
        query["sort"] = sort
    if facets:
        query.update({"facet.field": facets, "facet.limit": -1, "facet.mincount": 1})
    else:
        query["facet"] = "false"
    return tk.get_action("package_search")({"user": ""}, query)


def _facet(result: dict[str, Any], field: str) -> list[tuple[str, int]]:
    items = result["search_facets"].get(field, {}).get("items", [])
    return sorted(
        ((item["name"], item["count"]) for item in items), key=lambda each: (-each[1], each[0])
    )
