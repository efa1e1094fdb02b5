"""Organizations and groups: their members and their counts hold only readable data."""
from __future__ import annotations

import functools
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib.dictization.model_dictize import get_group_dataset_counts

from ckanext.satudata.visibility.reading import labels, reads_all, visible

__all__ = [
    "group_list",
    "group_list_authz",
    "group_show",
    "member_list",
    "organization_list",
    "organization_show",
    "recounting",
]

Data = dict[str, Any]


@tk.chained_action
@tk.side_effect_free
def member_list(next_action: Any, context: Any, data_dict: Data) -> list[Any]:
    """List members of a group; see CKAN. Datasets only if you may read them.

    :returns: (id, type, capacity) of each
    :rtype: list of tuples
    """
    found = next_action(context, data_dict)
    asked = [each[0] for each in found if each[1] == "package"]
    if not asked or reads_all(context):
        return found
    seen = set(model.Session.scalars(
        sa.select(model.Package.id).where(model.Package.id.in_(asked), visible(context))))
    return [each for each in found if each[1] != "package" or each[0] in seen]


@tk.chained_action
@tk.side_effect_free
def organization_list(next_action: Any, context: Any, data_dict: Data) -> list[Any]:
    """List organizations; see CKAN. Their order by datasets counts those you may read.

    :returns: names, or dictionaries with ``all_fields``
    :rtype: list
    """
    return _listed(next_action, context, data_dict, True)


@tk.chained_action
@tk.side_effect_free
def group_list(next_action: Any, context: Any, data_dict: Data) -> list[Any]:
    """List groups; see CKAN. Their order by datasets counts those you may read.

    :returns: names, or dictionaries with ``all_fields``
    :rtype: list
    """
    return _listed(next_action, context, data_dict, False)


def recounting(chained: Any) -> Any:
    """Let a chained list of organizations count only datasets the asking person may read."""

    @tk.chained_action
    @tk.side_effect_free
    @functools.wraps(chained)
    def counted(next_action: Any, context: Any, data_dict: Data) -> list[Any]:
        return _recounted(chained(next_action, context, data_dict), context)

    return counted


@tk.chained_action
@tk.side_effect_free
def group_list_authz(next_action: Any, context: Any, data_dict: Data) -> list[Any]:
    """List the groups you may edit; see CKAN. Counts are of datasets you may read.

    :returns: the groups
    :rtype: list of dictionaries
    """
    return _recounted(next_action(context, data_dict), context)


@tk.chained_action
@tk.side_effect_free
def organization_show(next_action: Any, context: Any, data_dict: Data) -> Data:
    """Show an organization; see CKAN. Counts are of datasets you may read.

    :returns: the organization
    :rtype: dictionary
    """
    found = next_action(context, data_dict)
    _recounted(found.get("groups") or [], context)
    return found


@tk.chained_action
@tk.side_effect_free
def group_show(next_action: Any, context: Any, data_dict: Data) -> Data:
    """Show a group; see CKAN. Counts are of datasets you may read.

    :returns: the group
    :rtype: dictionary
    """
    found = next_action(context, data_dict)
    _recounted(found.get("groups") or [], context)
    return found


def _recounted(found: list[Any], context: Any) -> list[Any]:
    """Count anew what CKAN counted over all datasets, hidden ones included."""
    counted = [each for each in found if isinstance(each, dict) and "package_count" in each]
    if counted and not reads_all(context):
        counts = get_group_dataset_counts(
            "+entity_type:package +state:active", permissions_labels=sorted(labels(context)))
        for each in counted:
            field, key = (("owner_org", each["id"]) if each.get("is_organization")
                          else ("groups", each["name"]))
            each["package_count"] = counts[field].get(key, 0)
    return found


def _listed(next_action: Any, context: Any, data_dict: Data, organizations: bool) -> list[Any]:
    """List by CKAN; where it would sort by its own count of all datasets, in our order."""
    asked = str(data_dict.get("sort") or data_dict.get("order_by")
                or tk.config["ckan.default_group_sort"]).strip()
    field, _, direction = asked.partition(" ")
    if field not in ("packages", "package_count") or reads_all(context):
        return next_action(context, data_dict)
    tk.check_access("organization_list" if organizations else "group_list", context, data_dict)
    names = _by_count(context, data_dict, organizations, direction.strip() == "asc")
    if not names:
        return []
    kept = {key: value for key, value in data_dict.items()
            if key not in ("offset", "limit", "order_by")}
    named = "organizations" if organizations else "groups"
    found = next_action(context, {**kept, "sort": "name asc", named: names, "limit": len(names)})
    place = {name: index for index, name in enumerate(names)}
    if context.get("api_version") == 2 and not tk.asbool(data_dict.get("all_fields")):
        return found  # ids, of which the order cannot be told
    return sorted(found, key=lambda each: place[each["name"] if isinstance(each, dict) else each])


def _by_count(context: Any, data_dict: Data, organizations: bool, rising: bool) -> list[str]:
    """Return names of groups with readable datasets, by how many; as CKAN, none without."""
    most = tk.config["ckan.group_and_organization_list_all_fields_max" if tk.asbool(
        data_dict.get("all_fields")) else "ckan.group_and_organization_list_max"]
    count = sa.func.count(model.Package.id)
    query = (
        sa.select(model.Group.name)
        .join(model.Member, model.Member.group_id == model.Group.id)
        .join(model.Package, model.Package.id == model.Member.table_id)
        .where(model.Member.table_name == "package", model.Member.state == model.State.ACTIVE,
               model.Package.state == model.State.ACTIVE, visible(context),
               model.Group.state == model.State.ACTIVE,
               model.Group.is_organization.is_(organizations),
               model.Group.type == data_dict.get(
                   "type", "organization" if organizations else "group"))
        .group_by(model.Group.id, model.Group.name)
        .order_by(count.asc() if rising else count.desc(), model.Group.name))
    words = str(data_dict.get("q") or "").strip()
    if words:
        like = "%" + words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
        query = query.where(sa.or_(*(
            column.ilike(like, escape="\\")
            for column in (model.Group.name, model.Group.title, model.Group.description))))
    groups = data_dict.get("organizations" if organizations else "groups")
    if groups:
        query = query.where(model.Group.name.in_(tk.aslist(groups, ",")))
    try:
        limit, offset = (int(data_dict.get(key) or 0) for key in ("limit", "offset"))
    except (TypeError, ValueError):
        limit = offset = -1
    if limit < 0 or offset < 0:
        raise tk.ValidationError({"limit": [tk._("“{label}” harus bilangan 0 atau lebih.").format(
            label="limit, offset")]})
    return list(model.Session.scalars(
        query.offset(offset).limit(min(limit or most, most))))
