"""Searching for files: nobody proves by it what is in a file they may not open.

Threat: a small table is guessed, and its hash proves the guess. CKAN shows what its table of
resources holds, finds a file by the first letters of its hash, and sorts by it.
"""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.access.previews import may_open
from ckanext.satudata.shared.withheld import HASHES

__all__ = ["resource_search"]

Data = dict[str, Any]
#: Letters of a hash that only its file begins with: what is found is few, and no page of many.
_SHORTEST = 8
#: Columns that hold a hash, by whose order it could be told letter by letter.
_TELLING = frozenset({"hash", "extras"})


@tk.chained_action
@tk.side_effect_free
def resource_search(next_action: Any, context: Any, data_dict: Data) -> Data:
    """Search files; see CKAN. By a hash (at least 8 letters of it) only those you may open.

    :returns: ``count`` and ``results``
    :rtype: dictionary
    :raises ValidationError: too short a hash, or an order by hashes.
    """
    if context.get("ignore_auth") or context.get("search_query"):
        return next_action(context, data_dict)
    if data_dict.get("order_by") in _TELLING:
        raise tk.ValidationError({"order_by": [tk._(
            "Berkas tidak diurutkan menurut isian ini. Pakai name, created, atau size.")]})
    wanted = _hash(data_dict.get("query"))
    if wanted is None:
        found = next_action(context, data_dict)
        return {**found, "results": [
            each if _opens(context, each) else _without(each) for each in found["results"]]}
    if len(wanted) < _SHORTEST:
        raise tk.ValidationError({"query": [tk._(
            "Tulis sedikitnya {least} huruf pertama dari hash.").format(least=_SHORTEST)]})
    found = next_action(context, {**data_dict, "limit": None, "offset": None})
    results = [each for each in found["results"] if _opens(context, each)]
    try:
        first, most = (max(0, int(data_dict.get(name) or 0)) for name in ("offset", "limit"))
    except (TypeError, ValueError):
        first = most = 0  # as it came, CKAN took neither
    return {"count": len(results), "results": results[first:first + most if most else None]}


def _hash(query: Any) -> str | None:
    """Return the hash that is asked for, ``None`` where none is; the last one counts."""
    asked = [query] if isinstance(query, str) else query if isinstance(query, list | dict) else ()
    found = [each.partition(":")[2] for each in asked
             if isinstance(each, str) and each.partition(":")[0] == "hash"]
    return found[-1] if found else None


def _opens(context: Any, resource: Data) -> bool:
    return not any(resource.get(name) for name in HASHES) or may_open(context, resource["id"])


def _without(resource: Data) -> Data:
    return {name: value for name, value in resource.items() if name not in HASHES}
