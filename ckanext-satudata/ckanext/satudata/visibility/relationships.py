"""A relationship names two datasets: it shows to who may read both."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.visibility.reading import readable, reads_all

__all__ = ["package_relationships_list"]

Data = dict[str, Any]


@tk.chained_action
@tk.side_effect_free
def package_relationships_list(next_action: Any, context: Any, data_dict: Data) -> list[Data]:
    """List a dataset's relationships; see CKAN. Those with datasets you may read.

    CKAN checks the dataset asked for, not the one at the other end.

    :returns: ``subject``, ``type``, ``object`` and ``comment`` of each
    :rtype: list of dictionaries
    """
    found = next_action(context, data_dict)
    if not found or reads_all(context):
        return found
    named = {each[end] for each in found for end in ("subject", "object")}
    ids = dict(model.Session.execute(
        sa.select(model.Package.name, model.Package.id).where(
            sa.or_(model.Package.name.in_(named), model.Package.id.in_(named)))).all())
    seen = readable(context, ids.values())
    open_ = seen | {name for name, identifier in ids.items() if identifier in seen}
    return [each for each in found if {each["subject"], each["object"]} <= open_]
