"""Actions of others that federation must mend or narrow."""
from __future__ import annotations

from typing import Any

import ckan.lib.search as search
import ckan.logic as logic
import ckan.plugins.toolkit as tk

__all__ = ["harvest_source_reindex"]


@logic.auth_audit_exempt
@tk.chained_action
def harvest_source_reindex(next_action: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    """Reindex a harvest source so that its next run finds it whole.

    ckanext-harvest 1.6.3 stores the source in CKAN 2.12's index as it was before
    validation, without ``source_type``; whoever reads it next (the second run, the
    source page) dies with ``KeyError``. The index is written once more by CKAN itself.

    :param id: id or name of the harvest source
    :type id: string
    :returns: what ckanext-harvest returns (``True``)
    """
    done = next_action(context, data_dict)
    search.rebuild(
        tk.get_or_bust(data_dict, "id"), defer_commit=bool(context.get("defer_commit"))
    )
    return done
