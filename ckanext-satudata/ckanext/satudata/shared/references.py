"""What a dataset names of the portal's other records, and which of it everybody may read."""
from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.metadata_derive import as_list

__all__ = ["FIELDS", "among", "is_ours", "named", "public", "unpublished"]

#: Fields that name another record of the portal, and the type of that.
FIELDS = {"id_kegiatan": "kegiatan", "id_indikator": "indikator"}
#: Written out, for building it would take longer than answering it.
_PUBLIC = sa.text(
    "SELECT id, name FROM package WHERE (id = ANY(:given) OR name = ANY(:given)) "
    "AND type = ANY(:kinds) AND state = 'active' AND NOT private")


def named(value: Any) -> list[str]:
    """Return the names in a field, in whatever form CKAN shows it."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return [str(value)]
    return as_list(value)


def is_ours(name: str) -> bool:
    """Tell a name or id at this portal from an address at another."""
    return not name.startswith(("http://", "https://")) or name.startswith(
        str(tk.config["ckan.site_url"]).rstrip("/") + "/")


def unpublished(record: dict[str, Any]) -> list[tuple[str, str]]:
    """Return field and name of what a dataset names and the public may not read (yet)."""
    found = [(key, name) for key in FIELDS for name in named(record.get(key)) if is_ours(name)]
    seen = public({name for _key, name in found}) if found else set()
    return [(key, name) for key, name in found if name not in seen]


def public(names: set[str]) -> set[str]:
    """Return which of these names and ids are of public records: what anonymous readers cost."""
    given = _short(names)
    found = model.Session.execute(_PUBLIC, {"given": list(given), "kinds": list(FIELDS.values())})
    return _written(given, found)


def among(names: set[str], condition: Any) -> set[str]:
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
