"""Keywords and formats: only those of data the asking person may read.

CKAN answers these from every dataset, drafts and private ones included: the keywords of a draft
tell what it is about.
"""
from __future__ import annotations

from typing import Any

import ckan.logic.schema as schema
import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib.dictization import table_dictize
from ckan.lib.dictization.model_dictize import tag_list_dictize

from ckanext.satudata.visibility.reading import reads_all, visible

__all__ = ["format_autocomplete", "tag_autocomplete", "tag_list", "tag_search", "tag_show"]

Data = dict[str, Any]
#: More than any list of keywords a person reads; a bound for what a stranger may ask.
_MOST = 10_000


@tk.chained_action
@tk.side_effect_free
def tag_list(next_action: Any, context: Any, data_dict: Data) -> list[Any]:
    """List keywords; see CKAN. Only those of data you may read.

    :returns: names, or dictionaries with ``all_fields``
    :rtype: list
    """
    if _is_of_ckan(context, data_dict):
        return next_action(context, data_dict)
    tk.check_access("tag_list", context, data_dict)
    terms = _terms(data_dict)
    found, _count = _tags(context, data_dict, terms)
    if tk.asbool(data_dict.get("all_fields")):
        return tag_list_dictize(found, context)
    return [tag.name for tag in found]


@tk.chained_action
@tk.side_effect_free
def tag_search(next_action: Any, context: Any, data_dict: Data) -> Data:
    """Search keywords; see CKAN. Only those of data you may read.

    :returns: ``count`` and ``results``
    :rtype: dictionary
    """
    if _is_of_ckan(context, data_dict):
        return next_action(context, data_dict)
    tk.check_access("tag_search", context, data_dict)
    found, count = _searched(context, data_dict)
    return {"count": count, "results": [table_dictize(tag, context) for tag in found]}


@tk.chained_action
@tk.side_effect_free
def tag_autocomplete(next_action: Any, context: Any, data_dict: Data) -> list[str]:
    """Complete a keyword; see CKAN. Only those of data you may read.

    :returns: names
    :rtype: list of strings
    """
    if _is_of_ckan(context, data_dict):
        return next_action(context, data_dict)
    tk.check_access("tag_autocomplete", context, data_dict)
    found, _count = _searched(context, data_dict)
    return [tag.name for tag in found]


@tk.chained_action
@tk.side_effect_free
def tag_show(next_action: Any, context: Any, data_dict: Data) -> Data:
    """Show a keyword; see CKAN. One that only unreadable data has is not found.

    :returns: the keyword, with ``include_datasets`` its datasets
    :rtype: dictionary
    :raises NotFound: no data you may read has it
    """
    if not _is_of_ckan(context, data_dict):
        named = tk.get_or_bust(data_dict, "id")
        if not isinstance(named, str) or not _exists(context, named):
            raise tk.ObjectNotFound
    return next_action(context, data_dict)


@tk.chained_action
@tk.side_effect_free
def format_autocomplete(next_action: Any, context: Any, data_dict: Data) -> list[str]:
    """Complete a file format; see CKAN. Only those of data you may read.

    :returns: formats in small letters, most used first
    :rtype: list of strings
    """
    if reads_all(context):
        return next_action(context, data_dict)
    data, errors = tk.navl_validate(data_dict, schema.default_autocomplete_schema(), context)
    if errors:
        raise tk.ValidationError(errors)
    tk.check_access("format_autocomplete", context, data)
    name = model.Resource.format
    found = model.Session.execute(
        sa.select(name, sa.func.count().label("used"))
        .join(model.Package, model.Package.id == model.Resource.package_id)
        .where(model.Resource.state == model.State.ACTIVE, visible(context),
               name.ilike(_like(data["q"]), escape="\\"))
        .group_by(name).order_by(sa.desc("used"), name)
        .limit(min(data.get("limit", 5), _MOST)))
    return [each.lower() for each, _used in found]


def _is_of_ckan(context: Any, data_dict: Data) -> bool:
    """Tell whether CKAN's own answer tells nothing: to a sysadmin, or of a vocabulary's words."""
    return reads_all(context) or bool(data_dict.get("vocabulary_id"))


def _terms(data_dict: Data) -> list[str]:
    """Return what is searched for; ``fields`` is CKAN's old way to say it."""
    asked = data_dict.get("query") or data_dict.get("q") or []
    terms = [asked] if isinstance(asked, str) else list(asked)
    fields = data_dict.get("fields")
    if isinstance(fields, dict):
        terms += [value for key, value in fields.items() if key in ("tag", "tags")]
    return [str(term).strip() for term in terms if str(term).strip()]


def _searched(context: Any, data_dict: Data) -> tuple[list[Any], int]:
    terms = _terms(data_dict)
    return _tags(context, data_dict, terms) if terms else ([], 0)


def _tags(context: Any, data_dict: Data, terms: list[str]) -> tuple[list[Any], int]:
    query = model.Session.query(model.Tag).filter(_has_readable_data(context))
    for term in terms:
        query = query.filter(model.Tag.name.ilike(_like(term), escape="\\"))
    count = query.count()
    limit = _number(data_dict, "limit")
    query = query.order_by(model.Tag.name).offset(_number(data_dict, "offset") or 0)
    return query.limit(_MOST if limit is None else min(limit, _MOST)).all(), count


def _exists(context: Any, named: str) -> bool:
    return model.Session.query(
        model.Session.query(model.Tag).filter(
            sa.or_(model.Tag.id == named, model.Tag.name == named), _has_readable_data(context),
        ).exists()).scalar()


def _has_readable_data(context: Any) -> Any:
    """A free keyword that a dataset has which whoever acts may read."""
    return sa.and_(
        model.Tag.vocabulary_id.is_(None),
        sa.select(model.PackageTag.id)
        .join(model.Package, model.Package.id == model.PackageTag.package_id)
        .where(model.PackageTag.tag_id == model.Tag.id,
               model.PackageTag.state == model.State.ACTIVE, visible(context))
        .correlate(model.Tag).exists())


def _like(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def _number(data_dict: Data, name: str) -> int | None:
    value = data_dict.get(name)
    if value is None or value == "":
        return None
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = -1
    if number < 0:
        raise tk.ValidationError({name: [tk._("“{label}” harus bilangan 0 atau lebih.").format(
            label=name)]})
    return number
