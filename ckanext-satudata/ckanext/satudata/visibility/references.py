"""A dataset names the kegiatan that made it and its indikator: only to who may read those.

The name of a record is made of its title, so that of an unpublished one tells what it is about.
It is taken out of what is read at the time of reading, for a kegiatan may be withdrawn later, and
out of the index, whose facets and words ask nobody. An address at another portal stays.
"""
from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.shared import feed_marks, outbox
from ckanext.satudata.shared.references import FIELDS, among, is_ours, named, public
from ckanext.satudata.shared.signals import published, withdrawn
from ckanext.satudata.shared.withheld import without_addresses
from ckanext.satudata.visibility.addresses import (
    DOCUMENTS,
    edits,
    holds_restricted,
    without_bytes,
    without_bytes_indexed,
)
from ckanext.satudata.visibility.behind import without_behind
from ckanext.satudata.visibility.reading import reads_all, visible

__all__ = [
    "current_package_list_with_resources",
    "dataset_followee_list",
    "followee_list",
    "index_fields",
    "package_search",
    "referring",
    "trim",
    "without",
]

Data = dict[str, Any]

#: Keys under which a dataset or the index has those fields.
_KEYS = frozenset(start + field for field in FIELDS for start in ("", "extras_", "vocab_"))


@tk.chained_action
@tk.side_effect_free
def package_search(next_action: Any, context: Any, data_dict: Data) -> Data:
    """Search datasets; see CKAN. They name only kegiatan and indikator you may read.

    :returns: ``count``, ``results``, ``facets`` ...
    :rtype: dictionary
    """
    found = next_action(context, without_behind(context, data_dict))
    trim(found["results"], context)
    return found


@tk.chained_action
@tk.side_effect_free
def current_package_list_with_resources(
    next_action: Any, context: Any, data_dict: Data
) -> list[Data]:
    """List datasets, newest first; see CKAN. They name only what you may read.

    :returns: the datasets
    :rtype: list of dictionaries
    """
    found = next_action(context, data_dict)
    trim(found, context)
    return found


@tk.chained_action
@tk.side_effect_free
def dataset_followee_list(next_action: Any, context: Any, data_dict: Data) -> list[Data]:
    """List the datasets somebody follows; see CKAN. They name only what you may read.

    :returns: the datasets
    :rtype: list of dictionaries
    """
    found = next_action(context, data_dict)
    trim(found, context)
    return found


@tk.chained_action
@tk.side_effect_free
def followee_list(next_action: Any, context: Any, data_dict: Data) -> list[Data]:
    """List what somebody follows; see CKAN. Datasets name only what you may read.

    :returns: ``type``, ``display_name`` and ``dict`` of each
    :rtype: list of dictionaries
    """
    asked = dict(context)  # CKAN goes on in ours, past every right
    found = next_action(context, data_dict)
    trim([each["dict"] for each in found if each.get("type") == "dataset"], asked)
    return found


def trim(records: Iterable[Data], context: Any) -> None:
    """Take out of shown datasets what whoever acts may not know.

    That are references to records they may not read, and what names the bytes of restricted
    files: of public data for all, of a draft for those who may not open them.

    Who may edit a dataset keeps what it says, or would lose it with the next edit. Costs one
    query, and that only where a field is filled.
    """
    if reads_all(context):
        return
    records = [each for each in records if isinstance(each, dict)]
    for each in records:
        without_bytes(each, context)
    held = [(each, set(_named(each))) for each in records if isinstance(each, dict)]
    asked = {name for _record, names in held for name in names}
    if not asked:
        return
    seen = public(asked)
    if context.get("user") and not asked <= seen:
        seen |= among(asked, visible(context))
    for record, names in held:
        if names <= seen or edits(record, context):
            continue
        _keep(record, seen.__contains__)


def index_fields(document: Data) -> Data:
    """Return a document of the index without references to what is not public."""
    without_bytes_indexed(document)
    fields = {key: value for key, value in document.items() if key not in DOCUMENTS}
    asked = set(_named(fields))
    if asked:
        _keep(fields, public(asked).__contains__)
        for key in document.keys() - fields.keys() - set(DOCUMENTS):
            del document[key]
        document.update(fields)
    return document


def without(record: Any) -> Any:
    """Return a dataset as it is kept for history, without references: nobody trims that."""
    if not isinstance(record, dict):
        return record
    copy = dict(record)
    if holds_restricted(copy):
        copy = without_addresses(copy.get("id", ""), copy)
    _keep(copy, lambda _name: False)
    return copy


def referring(package_id: str) -> list[str]:
    """Return the ids of the datasets that name a kegiatan or an indikator."""
    query = _referring(package_id)
    return [] if query is None else sorted(model.Session.scalars(query))


def _referring(package_id: str) -> Any:
    package = model.Session.get(model.Package, package_id)
    if package is None or package.type not in FIELDS.values():
        return None
    field = next(key for key, kind in FIELDS.items() if kind == package.type)
    stored = model.Package.extras[field].astext
    return sa.select(model.Package.id).where(
        model.Package.state != model.State.DELETED,
        sa.or_(*(stored.contains(name, autoescape=True)
                 for name in (package.id, package.name))))


def _named(record: Data) -> Iterator[str]:
    """Yield what a dataset names, in whatever form CKAN shows it."""
    for key in filter(record.__contains__, _KEYS):
        yield from filter(is_ours, named(record[key]))
    for key in DOCUMENTS:
        value = record.get(key)
        if isinstance(value, str) and any(f'"{field}"' in value for field in FIELDS):
            yield from _named(json.loads(value))
    extras = record.get("extras")
    for each in extras if isinstance(extras, list) else ():
        if each.get("key") in FIELDS:
            yield from filter(is_ours, named(each.get("value")))


def _keep(record: Data, kept: Callable[[str], bool]) -> None:
    """Leave only some references in a dataset; a field without any goes."""
    def shown(value: Any) -> Any:
        left = [each for each in named(value) if not is_ours(each) or kept(each)]
        if left and isinstance(value, str):
            return json.dumps(left) if value.startswith("[") else "\n".join(left)
        return left

    for key in filter(record.__contains__, _KEYS):
        record[key] = shown(record[key])
        if not record[key]:
            del record[key]
    for key in DOCUMENTS:
        if isinstance(record.get(key), str):
            inner = json.loads(record[key])
            _keep(inner, kept)
            record[key] = json.dumps(inner)
    extras = record.get("extras")
    if isinstance(extras, list):
        told = [{**each, "value": shown(each.get("value"))} if each.get("key") in FIELDS else each
                for each in extras]
        record["extras"] = [each for each in told if each.get("key") not in FIELDS or each["value"]]


@published.connect
@withdrawn.connect
def _on_changed(package_id: str, **_said: Any) -> None:
    """Let the datasets that name it be indexed anew after the commit, and be told anew at once."""
    package = model.Session.get(model.Package, package_id)
    if package is not None and package.type in FIELDS.values():
        _mark(package_id)
        outbox.put("rujukan", f"rujukan:{uuid.uuid4()}", {"package_id": package_id})


@outbox.handles("rujukan", together=True)
def _reindex(payload: Data) -> None:
    """Bring the datasets up to date in the index that name a record whose visibility changed.

    They are marked once more: one may have been published while that was under way.
    """
    _mark(payload["package_id"])
    outbox.HANDLERS["indeks"]({"packages": referring(payload["package_id"])})


def _mark(package_id: str) -> None:
    query = _referring(package_id)
    if query is not None:
        feed_marks.mark_selected(query.where(model.Package.private.is_(False)), urgent=True)
