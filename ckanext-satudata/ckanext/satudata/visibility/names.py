"""Actions of CKAN that tell, asked by name, that data is there which is not theirs to read."""
from __future__ import annotations

import uuid
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.visibility.reading import readable

__all__ = ["package_collaborator_list", "unfollow_dataset"]

Data = dict[str, Any]


@tk.chained_action
def unfollow_dataset(next_action: Any, context: Any, data_dict: Data) -> Any:
    """Stop following a dataset; see CKAN. By name only what you may read."""
    return next_action(context, _unnamed(context, data_dict))


@tk.chained_action
@tk.side_effect_free
def package_collaborator_list(next_action: Any, context: Any, data_dict: Data) -> list[Data]:
    """List the collaborators of a dataset; see CKAN. By name only of what you may read.

    :returns: user and capacity of each
    :rtype: list of dictionaries
    """
    return next_action(context, _unnamed(context, data_dict))


def _unnamed(context: Any, data_dict: Data) -> Data:
    """Put an id that nobody has in the place of a name of hidden data."""
    named = data_dict.get("id")
    if not isinstance(named, str) or "\x00" in named or model.is_id(named):
        return data_dict
    package = model.Package.get(named)
    if package is None or readable(context, [package.id]):
        return data_dict
    return {**data_dict, "id": str(uuid.uuid4())}
