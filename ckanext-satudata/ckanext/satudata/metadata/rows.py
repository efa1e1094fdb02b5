"""Rows of repeating groups as a form sends them: ``putus_seri-3-tahun``.

ckanext-scheming numbers the rows of all groups of a form together, in the order of their
texts: a row removed in the browser made it lose another, and the eleventh came third.
"""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.metadata.expected import check_version
from ckanext.satudata.metadata.merging import merged

__all__ = ["package_create", "package_update"]


@tk.chained_action
def package_create(next_action: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    """Create a dataset; see CKAN. Rows of a form come in the order of their numbers.

    :returns: the dataset
    :rtype: dictionary
    """
    gather_rows(data_dict)
    return next_action(context, data_dict)


@tk.chained_action
def package_update(next_action: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    """Update a dataset; see CKAN. Rows of a form come in the order of their numbers.

    What somebody else saved while a form was open is kept (:mod:`.merging`).

    :param expected_version: the version that was read, as ``satudata_submission_show`` gives it
        (optional; of ``package_patch`` too)
    :type expected_version: integer
    :returns: the dataset
    :rtype: dictionary
    :raises ValidationError: 409 with ``conflict: version`` where it is another by now
    """
    gather_rows(data_dict)
    package = model.Package.get(data_dict.get("id") or data_dict.get("name"))
    check_version(data_dict, package.id if package is not None else None)
    with merged(context, data_dict):
        return next_action(context, data_dict)


def gather_rows(data_dict: dict[str, Any]) -> None:
    """Replace ``field-number-subfield`` by ``field``, a list of rows, in the dict itself.

    The form reads the same dict again when something is wrong, as it does after scheming.
    """
    written = [key for key in data_dict if isinstance(key, str) and key.count("-") >= 2]
    if not written:
        return
    groups = {
        field["field_name"]
        for schema in (tk.h.scheming_dataset_schemas() or {}).values()
        for field in schema["dataset_fields"]
        if "repeating_subfields" in field
    }
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for key in written:
        field, number, part = key.split("-", 2)
        # Nine digits: int() of a longer text costs, and no form has so many rows.
        if field in groups and field not in data_dict and number.isdecimal() and len(number) < 10:
            found.setdefault(field, {}).setdefault(int(number), {})[part] = data_dict.pop(key)
    for field, rows in found.items():
        data_dict[field] = [rows[number] for number in sorted(rows)]
