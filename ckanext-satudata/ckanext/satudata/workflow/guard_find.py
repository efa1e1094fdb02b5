"""Finds the datasets a request would change, from whatever it calls them by.

What comes in is anybody's JSON: a value that is no text of a sane length is refused with the name
of its field before the database sees it. What names nothing is left to CKAN, which says so.
"""
from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.guards import Entry, Find, Place

__all__ = ["hide_names", "named_text", "packages", "resource_package"]

#: Longer than any name or id of CKAN (100 characters for a dataset, 63 bytes for an alias).
_LONGEST = 300
#: Datasets named in one request for a group.
_MOST = 5_000


def packages(entry: Entry, data: Mapping[str, Any]) -> list[str]:
    """Return the ids of the datasets a request would change, in one order for all lockers.

    :raises ValidationError: an id is no text, or an action of another plugin names no dataset
    """
    found: set[str] = set()
    for place in entry.places:
        found.update(_FINDERS[place.find](data, place))
    return sorted(found)


def hide_names(entry: Entry, data: Mapping[str, Any], context: Any) -> None:
    """Answer for a dataset named by its name that is not theirs to read as for one that is not.

    CKAN says "not authorized", with its id, for a hidden one and "not found" for none. Names are
    made of titles, and a title can be guessed; an id cannot.

    :raises ObjectNotFound: in the same words for both
    """
    if context.get("ignore_auth"):
        return
    for place in entry.places:
        names = list(_NAMES.get(place.find, _no_names)(data, place))
        if names and not any(model.is_id(each) or _is_readable(each, context) for each in names):
            raise tk.ObjectNotFound(
                tk._("Dataset “{name}” tidak ditemukan.").format(name=names[0]))


def _is_readable(name: str, context: Any) -> bool:
    package = model.Package.get(name)
    if package is None:
        return False
    asked = {key: context[key] for key in ("user", "auth_user_obj") if key in context}
    try:
        tk.check_access("package_show", asked, {"id": package.id})
    except tk.NotAuthorized:
        return False
    return True


def named_text(data: Mapping[str, Any], key: str) -> str | None:
    """Return a parameter that names something; ``a.b`` is ``b`` in the dictionary ``a``.

    :raises ValidationError: it is no text, or longer than anything has a name
    """
    outer, dot, inner = key.partition(".")
    value: Any = data.get(outer)
    if dot and value is not None:
        if not isinstance(value, Mapping):
            raise tk.ValidationError({outer: [tk._("Kirim sebagai objek JSON, bukan teks.")]})
        value = value.get(inner)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > _LONGEST or "\x00" in value:
        raise tk.ValidationError({inner or outer: [tk._("Tulis id atau nama sebagai teks biasa.")]})
    return value


def resource_package(identifier: str) -> str | None:
    """Return the id of the dataset a resource belongs to, be it deleted or not."""
    return model.Session.scalar(
        sa.select(model.Resource.package_id).where(model.Resource.id == identifier))


def _package_name(data: Mapping[str, Any], place: Place) -> Iterable[str]:
    # package_update takes the name where no id is given.
    name = named_text(data, place.key)
    if name is None and place.key == "id":
        name = named_text(data, "name")
    return [name] if name else []


def _package(data: Mapping[str, Any], place: Place) -> Iterable[str]:
    found = [model.Package.get(name) for name in _package_name(data, place)]
    return [each.id for each in found if each is not None]


def _resource(data: Mapping[str, Any], place: Place) -> Iterable[str]:
    name = named_text(data, place.key)
    return _by_resource(name) if name else []


def _by_resource(name: str) -> list[str]:
    # CKAN takes a resource's name for its id as well.
    found = model.Resource.get(name)
    return [found.package_id] if found is not None and found.package_id else []


def _view(data: Mapping[str, Any], place: Place) -> Iterable[str]:
    name = named_text(data, place.key)
    view = model.Session.get(model.ResourceView, name) if name else None
    package = resource_package(view.resource_id) if view is not None else None
    return [package] if package else []


def _table(data: Mapping[str, Any], place: Place) -> Iterable[str]:
    name = named_text(data, place.key)
    if name is None:
        return []
    direct = resource_package(name)
    if direct:
        return [direct]
    # A resource may bear the name that is another one's alias: both are meant, then.
    found = set(_by_resource(name))
    real = _behind_alias(name)
    if real:
        found.update(_by_resource(real))
    return found


def _behind_alias(name: str) -> str | None:
    if not p.plugin_loaded("datastore"):
        return None
    from ckanext.datastore.backend import DatastoreBackend

    _exists, real = DatastoreBackend.get_active_backend().resource_id_from_alias(name)
    return real


def _match(data: Mapping[str, Any], place: Place) -> Iterable[str]:
    for name in _match_names(data, place):
        found = model.Package.get(name)
        if found is not None:
            return [found.id]
    return []


def _match_names(data: Mapping[str, Any], place: Place) -> Iterable[str]:
    """Read ``match`` as package_revise does: a dict or its JSON, beside flattened keys."""
    whole = data.get("match")
    if isinstance(whole, str):
        whole = _json(whole)
    asked = {"id": [data.get("match__id")], "name": [data.get("match__name")]}
    if isinstance(whole, Mapping):
        for key, values in asked.items():
            values.append(whole.get(key))
    names = [named_text({"match": _json(value)}, "match")
             for values in asked.values() for value in values]
    return [name for name in names if name]


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except RecursionError:
        raise tk.ValidationError(
            {"match": [tk._("Kirim sebagai objek JSON yang datar.")]}) from None
    except ValueError:
        return value


def _member(data: Mapping[str, Any], place: Place) -> Iterable[str]:
    return _package(data, place) if _is_package(data) else []


def _member_name(data: Mapping[str, Any], place: Place) -> Iterable[str]:
    return _package_name(data, place) if _is_package(data) else []


def _is_package(data: Mapping[str, Any]) -> bool:
    return str(data.get("object_type")).lower() == "package"


def _group_members(data: Mapping[str, Any], place: Place) -> Iterable[str]:
    group = _group(data, place.key)
    return _in_group(group) if group is not None else []


def _group(data: Mapping[str, Any], key: str) -> model.Group | None:
    name = named_text(data, key)
    return model.Group.get(name) if name else None


def _in_group(group: model.Group) -> set[str]:
    return set(model.Session.scalars(sa.select(model.Member.table_id).where(
        model.Member.group_id == group.id, model.Member.table_name == "package",
        model.Member.state == "active")))


def _new_list(data: Mapping[str, Any], place: Place) -> Iterable[str]:
    return _listed(data)


def _group_list(data: Mapping[str, Any], place: Place) -> Iterable[str]:
    group = _group(data, place.key)
    if group is None or data.get("packages") is None:
        return []
    return _in_group(group) ^ _listed(data)


def _listed(data: Mapping[str, Any]) -> set[str]:
    listed = data.get("packages")
    if listed is None:
        return set()
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        raise tk.ValidationError({"packages": [tk._("Tulis sebagai daftar objek berisi id.")]})
    if len(listed) > _MOST:
        raise tk.ValidationError({"packages": [
            tk._("Paling banyak {count} dataset sekali kirim.").format(count=_MOST)]})
    names = {named_text(each, "id") or named_text(each, "name") for each in listed} - {None}
    return set(model.Session.scalars(sa.select(model.Package.id).where(
        sa.or_(model.Package.id.in_(names), model.Package.name.in_(names)))))


def _tag(data: Mapping[str, Any], place: Place) -> Iterable[str]:
    name, vocabulary = named_text(data, place.key), named_text(data, "vocabulary_id")
    tag = model.Tag.get(name, vocabulary) if name else None
    return _tagged([tag.id]) if tag is not None else []


def _vocabulary(data: Mapping[str, Any], place: Place) -> Iterable[str]:
    return _tagged([tag.id for tag in _tags_of_vocabulary(data, place)])


def _vocabulary_list(data: Mapping[str, Any], place: Place) -> Iterable[str]:
    tags = _tags_of_vocabulary(data, place)
    if "tags" not in data:
        return []
    kept = data["tags"] if isinstance(data["tags"], list) else []
    names = [each.get("name") for each in kept if isinstance(each, Mapping)]
    return _tagged([tag.id for tag in tags if tag.name not in names])


def _tags_of_vocabulary(data: Mapping[str, Any], place: Place) -> Iterable[model.Tag]:
    name = named_text(data, place.key)
    vocabulary = model.Vocabulary.get(name) if name else None
    return vocabulary.tags if vocabulary is not None else []


def _tagged(tags: list[str]) -> set[str]:
    return set(model.Session.scalars(sa.select(model.PackageTag.package_id).where(
        model.PackageTag.tag_id.in_(tags), model.PackageTag.state == "active")))


def _any(data: Mapping[str, Any], place: Place) -> Iterable[str]:
    found: set[str] = set()
    for key in ("id", "package_id", "dataset_id", "resource_id", "name"):
        if named_text(data, key):
            named = Place(key, Find.ANY)
            found.update(_package(data, named), _table(data, named), _view(data, named))
    if not found:
        raise tk.ValidationError({"id": [tk._(
            "Tindakan ini mengubah isi dataset, tetapi tidak menyebut dataset yang ada. Isi id, "
            "package_id, dataset_id, resource_id, atau name.")]})
    return found


_FINDERS: dict[Find, Callable[[Mapping[str, Any], Place], Iterable[str]]] = {
    Find.PACKAGE: _package,
    Find.RESOURCE: _resource,
    Find.VIEW: _view,
    Find.TABLE: _table,
    Find.MATCH: _match,
    Find.MEMBER: _member,
    Find.GROUP: _group_members,
    Find.GROUP_LIST: _group_list,
    Find.NEW_LIST: _new_list,
    Find.TAG: _tag,
    Find.VOCABULARY: _vocabulary,
    Find.VOCABULARY_LIST: _vocabulary_list,
    Find.ANY: _any,
}

#: How a parameter names a dataset that a person may guess.
_NAMES: dict[Find, Callable[[Mapping[str, Any], Place], Iterable[str]]] = {
    Find.PACKAGE: _package_name,
    Find.MATCH: _match_names,
    Find.MEMBER: _member_name,
}


def _no_names(data: Mapping[str, Any], place: Place) -> Iterable[str]:
    return []
