"""Which entries a search finds: the index is asked for ids, the feed for the rest."""
from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.federation.feed.model import Entry
from ckanext.satudata.federation.feed.reading import Reading

__all__ = ["MOST", "found", "meant", "slots"]

#: CKAN gives at most so many at once.
_AT_ONCE = 1000
_KEPT = 60
#: Who finds more wants the catalog, not a search.
MOST = 200_000
#: How everything is searched for, which is no search.
_ALL = "*:*"


def meant(query: str) -> str:
    """Return what is searched for, nothing where that is everything."""
    return "" if query.strip() == _ALL else query.strip()


def slots(reading: Reading, query: str, filters: str, since: Any) -> list[int]:
    """Return the slots of the datasets a search finds, in their order.

    :param since: only those that changed since
    :raises SearchError: the index cannot read the question
    """
    ids = found(reading.state.sequence, query, filters)
    conditions = [Entry.changed_at >= since] if since is not None else []
    return reading.slots_of(ids, *conditions)


def found(sequence: int, query: str, filters: str) -> tuple[str, ...]:
    """Return the ids a search finds: asked once for all pages of a walk, unless data change.

    The index knows of a change a moment later than the feed, so an answer is kept for a minute.

    :param sequence: number of the last change
    :raises ValidationError: it finds more than :data:`MOST`
    """
    return _asked(sequence, int(time.monotonic() // _KEPT), query, filters)


@lru_cache(maxsize=8)
def _asked(_sequence: int, _minute: int, query: str, filters: str) -> tuple[str, ...]:
    ids: list[str] = []
    while True:
        answer = tk.get_action("package_search")({"user": "", "auth_user_obj": None}, {
            "q": query or _ALL, "fq": filters, "fq_list": ["+dataset_type:dataset"],
            "sort": "id asc", "rows": _AT_ONCE, "start": len(ids), "fl": ["id"]})
        if answer["count"] > MOST:  # cut short, the rest would be taken for deleted
            raise tk.ValidationError({"q": [tk._(
                "Pencarian ini menemukan {count} dataset, lebih dari {most}. Baca seluruh katalog "
                "tanpa pencarian, atau persempit pencarian.").format(
                    count=answer["count"], most=MOST)]})
        page = [each["id"] for each in answer["results"]]
        ids += page
        if len(page) < _AT_ONCE:
            return tuple(ids)
