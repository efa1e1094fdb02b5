"""A relationship names two datasets: it shows to who may read both.

CKAN writes it into both datasets, for everybody, and into the index, from which it cannot be taken
back when the other end is withdrawn; with ids in it, CKAN 2.12 then fails to index either end, so
that search would go on showing what was withdrawn. So datasets are shown without, and
``package_relationships_list`` tells who may know.
"""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.shared.datastore import tell_truth
from ckanext.satudata.visibility.answers import one_version
from ckanext.satudata.visibility.reading import readable, reads_all
from ckanext.satudata.visibility.references import trim

__all__ = ["package_relationships_list", "package_show"]

Data = dict[str, Any]


_OURS_ELSEWHERE = ("relationships_as_subject", "relationships_as_object")


@tk.chained_action
@tk.side_effect_free
def package_show(next_action: Any, context: Any, data_dict: Data) -> Data:
    """Show a dataset; see CKAN. Relationships are told by ``package_relationships_list``.

    It names only the kegiatan and indikator you may read, and says one version.

    :returns: the dataset
    :rtype: dictionary
    """
    found = one_version(next_action, context, data_dict)
    tell_truth(found)
    if "for_update" not in context:  # a write sends back what it read
        for end in _OURS_ELSEWHERE:
            if found.get(end):
                found[end] = []
        trim([found], context)
    return found


@tk.chained_action
@tk.side_effect_free
def package_relationships_list(next_action: Any, context: Any, data_dict: Data) -> list[Data]:
    """List a dataset's relationships; see CKAN. Those with datasets you may read.

    CKAN checks the dataset asked for, not the one at the other end.

    :returns: ``subject``, ``type``, ``object`` and ``comment`` of each
    :rtype: list of dictionaries
    """
    try:
        found = next_action(context, data_dict)
    except tk.ObjectNotFound:  # without CKAN's words, which differ from those for hidden data
        raise tk.ObjectNotFound from None
    if not found or reads_all(context):
        return found
    named = {each[end] for each in found for end in ("subject", "object")}
    ids = dict(model.Session.execute(
        sa.select(model.Package.name, model.Package.id).where(
            sa.or_(model.Package.name.in_(named), model.Package.id.in_(named)))).all())
    seen = readable(context, ids.values())
    open_ = seen | {name for name, identifier in ids.items() if identifier in seen}
    return [each for each in found if {each["subject"], each["object"]} <= open_]
