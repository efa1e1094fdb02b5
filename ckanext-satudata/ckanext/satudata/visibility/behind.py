"""What the index does not know yet: data that was withdrawn is not found from the commit on.

The index follows the commit in a moment, and in hours where Solr is down. Until then each search
leaves out what waits for it and is not the asking person's to read.
"""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.visibility.reading import readable, reads_all

__all__ = ["package_autocomplete", "without_behind"]

Data = dict[str, Any]

#: Written out, for it is asked at every search: messages that wait are few and have an index.
_BEHIND = sa.text("""
    SELECT DISTINCT p.id, p.name FROM satudata_outbox o
    CROSS JOIN jsonb_array_elements_text(o.payload -> 'packages') AS named(id)
    JOIN package p ON p.id = named.id
    WHERE o.done_at IS NULL AND o.kind = 'indeks' AND (p.private OR p.state <> 'active')""")


def _behind(context: Any) -> dict[str, str]:
    """Return id and name of what the index still shows and whoever acts may not read."""
    if reads_all(context):
        return {}
    found = {row.id: row.name for row in model.Session.execute(_BEHIND)}
    if found:
        for identifier in readable(context, found):
            del found[identifier]
    return found


def without_behind(context: Any, data_dict: Data) -> Data:
    """Return a search that leaves out what the index is behind with."""
    behind = sorted(_behind(context))
    if not behind:
        return data_dict
    given = data_dict.get("fq_list")
    asked = given if isinstance(given, list) else [given] if given else []
    return {**data_dict, "fq_list": [*asked, f"-id:({' OR '.join(behind)})"]}


@tk.chained_action
@tk.side_effect_free
def package_autocomplete(next_action: Any, context: Any, data_dict: Data) -> list[Data]:
    """Complete names of datasets; see CKAN. What was withdrawn is left out from then on.

    :returns: name, title and match of each
    :rtype: list of dictionaries
    """
    found = next_action(context, data_dict)
    behind = set(_behind(context).values())
    return [each for each in found if each["name"] not in behind] if behind else found
