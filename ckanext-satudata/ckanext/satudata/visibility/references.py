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

from ckanext.satudata.domain.metadata_derive import as_list
from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.signals import published, withdrawn
from ckanext.satudata.visibility.reading import reads_all, visible

__all__ = [
    "FIELDS",
    "current_package_list_with_resources",
    "dataset_followee_list",
    "index_fields",
    "package_search",
    "referring",
    "trim",
    "unpublished",
    "without",
]

Data = dict[str, Any]

#: Fields that name another record of the portal, and the type of that.
FIELDS = {"id_kegiatan": "kegiatan", "id_indikator": "indikator"}
#: What search answers whole where it is asked for the fields of the index.
_DOCUMENTS = ("data_dict", "validated_data_dict")
#: Written out, for building it would take longer than answering it.
_PUBLIC = sa.text(
    "SELECT id, name FROM package WHERE (id = ANY(:given) OR name = ANY(:given)) "
    "AND type = ANY(:kinds) AND state = 'active' AND NOT private")


@tk.chained_action
@tk.side_effect_free
def package_search(next_action: Any, context: Any, data_dict: Data) -> Data:
    """Search datasets; see CKAN. They name only kegiatan and indikator you may read.

    :returns: ``count``, ``results``, ``facets`` ...
    :rtype: dictionary
    """
    found = next_action(context, data_dict)
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


def trim(records: Iterable[Data], context: Any) -> None:
    """Take the references to records that whoever acts may not read out of shown datasets.

    Who may edit a dataset keeps what it says, or would lose it with the next edit. Costs one
    query, and that only where a field is filled.
    """
    if reads_all(context):
        return
    held = [(each, set(_named(each))) for each in records if isinstance(each, dict)]
    asked = {name for _record, names in held for name in names}
    if not asked:
        return
    seen = _public(asked)
    if context.get("user") and not asked <= seen:
        seen |= _among(asked, visible(context))
    for record, names in held:
        if names <= seen or _edits(record, context):
            continue
        _keep(record, seen.__contains__)


def index_fields(document: Data) -> Data:
    """Return a document of the index without references to what is not public."""
    fields = {key: value for key, value in document.items() if key not in _DOCUMENTS}
    asked = set(_named(fields))
    if asked:
        _keep(fields, _public(asked).__contains__)
        for key in document.keys() - fields.keys() - set(_DOCUMENTS):
            del document[key]
        document.update(fields)
    return document


def without(record: Any) -> Any:
    """Return a dataset without any reference, as it is kept for history: nobody trims that."""
    if not isinstance(record, dict):
        return record
    copy = dict(record)
    _keep(copy, lambda _name: False)
    return copy


def unpublished(record: Data) -> list[tuple[str, str]]:
    """Return field and name of what a dataset names and the public may not read (yet)."""
    found = [(key, name) for key in FIELDS for name in _values(record.get(key)) if _is_ours(name)]
    public = _public({name for _key, name in found}) if found else set()
    return [(key, name) for key, name in found if name not in public]


def referring(package_id: str) -> list[str]:
    """Return the ids of the datasets that name a kegiatan or an indikator."""
    package = model.Session.get(model.Package, package_id)
    if package is None or package.type not in FIELDS.values():
        return []
    field = next(key for key, kind in FIELDS.items() if kind == package.type)
    stored = model.Package.extras[field].astext
    return sorted(model.Session.scalars(sa.select(model.Package.id).where(
        model.Package.state != model.State.DELETED,
        sa.or_(*(stored.contains(name, autoescape=True)
                 for name in (package.id, package.name))))))


def _named(record: Data) -> Iterator[str]:
    """Yield what a dataset names, in whatever form CKAN shows it."""
    for key, value in record.items():
        if _field(key) in FIELDS:
            yield from filter(_is_ours, _values(value))
        elif key in _DOCUMENTS and isinstance(value, str) and any(
                f'"{field}"' in value for field in FIELDS):
            yield from _named(json.loads(value))
    extras = record.get("extras")
    for each in extras if isinstance(extras, list) else ():
        if each.get("key") in FIELDS:
            yield from filter(_is_ours, _values(each.get("value")))


def _keep(record: Data, kept: Callable[[str], bool]) -> None:
    """Leave only some references in a dataset; a field without any goes."""
    def shown(value: Any) -> Any:
        left = [each for each in _values(value) if not _is_ours(each) or kept(each)]
        if left and isinstance(value, str):
            return json.dumps(left) if value.startswith("[") else "\n".join(left)
        return left

    for key, value in list(record.items()):
        if _field(key) in FIELDS:
            record[key] = shown(value)
            if not record[key]:
                del record[key]
        elif key in _DOCUMENTS and isinstance(value, str):
            inner = json.loads(value)
            _keep(inner, kept)
            record[key] = json.dumps(inner)
    extras = record.get("extras")
    if isinstance(extras, list):
        told = [{**each, "value": shown(each.get("value"))} if each.get("key") in FIELDS else each
                for each in extras]
        record["extras"] = [each for each in told if each.get("key") not in FIELDS or each["value"]]


def _field(key: str) -> str:
    """Return the field of a key of a dataset, or of the index (``extras_``, ``vocab_``)."""
    return key.removeprefix("extras_").removeprefix("vocab_")


def _values(value: Any) -> list[str]:
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return [str(value)]
    return as_list(value)


def _is_ours(name: str) -> bool:
    """Tell a name or id at this portal from an address at another."""
    return not name.startswith(("http://", "https://")) or name.startswith(
        str(tk.config["ckan.site_url"]).rstrip("/") + "/")


def _public(names: set[str]) -> set[str]:
    """Return which of these names and ids are of public records: what anonymous readers cost."""
    given = _short(names)
    found = model.Session.execute(_PUBLIC, {"given": list(given), "kinds": list(FIELDS.values())})
    return _written(given, found)


def _among(names: set[str], condition: Any) -> set[str]:
    """Return which of these names and ids are of records that meet a condition."""
    given = _short(names)
    found = model.Session.execute(
        sa.select(model.Package.id, model.Package.name)
        .where(model.Package.type.in_(FIELDS.values()),
               sa.or_(model.Package.id.in_(given), model.Package.name.in_(given)), condition))
    return _written(given, found)


def _short(names: set[str]) -> dict[str, list[str]]:
    """Return what was written by the name or id it ends in: an address of ours ends so."""
    given: dict[str, list[str]] = {}
    for each in names:
        given.setdefault(each.rstrip("/").rsplit("/", 1)[-1], []).append(each)
    return given


def _written(given: dict[str, list[str]], found: Iterable[Any]) -> set[str]:
    open_ = {text for row in found for text in row}
    return {each for short, written in given.items() if short in open_ for each in written}


def _edits(record: Data, context: Any) -> bool:
    if not context.get("user") or not isinstance(record.get("id"), str):
        return False
    asked = {key: context[key] for key in ("user", "auth_user_obj") if key in context}
    try:
        return bool(tk.check_access("package_update", asked, {"id": record["id"]}))
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False


@published.connect
@withdrawn.connect
def _on_changed(package_id: str, **_said: Any) -> None:
    """Let the datasets that name it be indexed anew, after the commit."""
    package = model.Session.get(model.Package, package_id)
    if package is not None and package.type in FIELDS.values():
        outbox.put("rujukan", f"rujukan:{uuid.uuid4()}", {"package_id": package_id})


@outbox.handles("rujukan", together=True)
def _reindex(payload: Data) -> None:
    """Bring the datasets up to date in the index that name a record whose visibility changed."""
    outbox.HANDLERS["indeks"]({"packages": referring(payload["package_id"])})
