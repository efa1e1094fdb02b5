"""What a harvester fetched is as secret as the dataset it became, or failed to become."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.visibility.reading import readable

__all__ = ["harvest_source_list", "harvest_source_show_status"]

Data = dict[str, Any]
#: Of a job, what tells of records that are not public (yet).
_INNER = ("stats", "object_error_summary", "gather_error_summary")


@tk.chained_action
@tk.side_effect_free
def harvest_source_show_status(next_action: Any, context: Any, data_dict: Data) -> Data:
    """Show how a source fares; see ckanext-harvest. Numbers and errors to who may manage it.

    :returns: ``job_count``, ``last_job``, ``total_datasets`` (public ones)
    :rtype: dictionary
    """
    status = next_action(context, data_dict)
    if isinstance(status.get("last_job"), dict) and not _manages(context, data_dict["id"]):
        status["last_job"] = _outside(status["last_job"])
    return status


@tk.chained_action
@tk.side_effect_free
def harvest_source_list(next_action: Any, context: Any, data_dict: Data) -> list[Data]:
    """List sources; see ckanext-harvest. Those you may read; settings to who may manage them.

    :returns: the sources
    :rtype: list of dictionaries
    """
    tk.check_access("harvest_source_list", context, data_dict)  # ckanext-harvest forgets to
    found = next_action(context, data_dict)
    seen = readable(context, [each["id"] for each in found])
    return [_source(each, context) for each in found if each["id"] in seen]


def _source(source: Data, context: Any) -> Data:
    if _manages(context, source["id"]):
        return source
    kept = {key: value for key, value in source.items() if key != "config"}
    if isinstance(kept.get("last_job_status"), dict):
        kept["last_job_status"] = _outside(kept["last_job_status"])
    return kept


def _outside(job: Data) -> Data:
    return {key: value for key, value in job.items() if key not in _INNER}


def _manages(context: Any, source_id: str) -> bool:
    try:
        tk.check_access("harvest_source_update", tk.fresh_context(context), {"id": source_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True
