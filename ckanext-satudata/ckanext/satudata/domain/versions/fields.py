"""What two versions of a dataset say differently, field by field, for people to read.

Left out is what a dataset is or was given by the portal. Lists of words (keywords, themes, codes)
say the same in any order; repeated groups (contacts, coverages) are compared without the ids a
server gave them.
"""
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ckanext.satudata.domain.loading.shapes import is_list, is_object

__all__ = ["GIVEN_TO_FILE", "NOT_SAID", "RAW", "difference", "said", "said_of_file"]

#: Of a clean table in a draft: hash and name of the raw file it was made of, and its number there.
#: No version takes them along, so that the public never learns of the raw file.
RAW = ("mentah_sha256", "mentah_nama", "mentah_tabel")

#: What a dataset is or was given by the portal, not what it says.
NOT_SAID = frozenset({
    "id", "name", "state", "private", "metadata_created", "metadata_modified", "creator_user_id",
    "revision_id", "organization", "num_resources", "num_tags", "isopen", "license_title",
    "license_url", "relationships_as_subject", "relationships_as_object", "tracking_summary",
    "resources", "groups", "identifier", "tag_string", "plugin_data",
})
#: The same of a file.
GIVEN_TO_FILE = frozenset({
    "id", "package_id", "created", "last_modified", "metadata_modified", "position", "state",
    "asal_resource_id", "datastore_active", "revision_id", "tracking_summary",
    "datastore_contains_all_records_of_source_file", "mimetype_inner", "cache_url",
    "cache_last_updated", *RAW,
})
#: Bytes and address of a file, which are compared by themselves.
_BYTES = frozenset({
    "url", "url_type", "resource_type", "mimetype", "size", "hash", "hash_algorithm", "sha256",
})
#: Given by a server to each of a repeated group.
_GIVEN = frozenset({"id", "__extras", "display_name", "state", "vocabulary_id", "revision_id"})


def said(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a dataset says, as ``package_show`` gave it."""
    return _kept(content, NOT_SAID)


def said_of_file(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a dataset says of one of its files."""
    return _kept(resource, GIVEN_TO_FILE | _BYTES)


def difference(
    before: Mapping[str, Any], after: Mapping[str, Any], order: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Return the fields whose values differ.

    :param before: of :func:`said` or :func:`said_of_file`
    :param order: names of fields as a form shows them; others follow by name
    :returns: ``field``, ``old``, ``new``; None where it was or is not filled
    """
    places = {name: at for at, name in enumerate(order)}
    names = sorted({*before, *after}, key=lambda name: (places.get(name, len(places)), name))
    return [{"field": name, "old": before.get(name), "new": after.get(name)} for name in names
            if _comparable(before.get(name)) != _comparable(after.get(name))]


def _kept(content: Mapping[str, Any], left_out: frozenset[str]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in content.items():
        if name == "extras":
            kept |= {each["key"]: each.get("value") for each in _items(value) if each.get("key")}
        elif name == "tags":
            kept[name] = sorted(each["name"] for each in _items(value) if each.get("name"))
        elif name not in left_out:
            kept[name] = value
    return {name: value for name, value in kept.items() if value not in (None, "", [], {})}


def _items(value: Any) -> Iterable[Mapping[str, Any]]:
    return [each for each in value if is_object(each)] if is_list(value) else []


def _comparable(value: Any) -> Any:
    """Return a value as text that is equal where two values say the same."""
    if is_object(value):
        return json.dumps({name: _comparable(part) for name, part in sorted(value.items())
                           if name not in _GIVEN and part not in (None, "", [], {})})
    if is_list(value):
        parts = [_comparable(part) for part in value]
        # Words in any order; groups keep theirs, which people chose.
        return json.dumps(sorted(parts) if all(isinstance(part, str) for part in value) else parts)
    if value is None or value == "":
        return ""
    return value if isinstance(value, str) else json.dumps(value, default=str)
