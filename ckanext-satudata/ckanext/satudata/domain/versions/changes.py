"""What a version changed, in a few words: for lists, without reading any file."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ckanext.satudata.domain.versions.fields import difference, said

__all__ = ["same_file", "summary"]


def summary(
    before: Mapping[str, Any], after: Mapping[str, Any], rows: Collection[str] = ()
) -> dict[str, Any]:
    """Return the names of the fields that differ and how many files came, went or changed.

    :param rows: ids of files whose rows are others, of which the dataset itself says nothing
    :returns: ``{"fields": [...], "files": {"added": n, "removed": n, "changed": n}}``
    """
    fields = sorted(each["field"] for each in difference(said(before), said(after)))
    earlier = {each["id"]: each for each in before.get("resources", [])}
    later = {each["id"]: each for each in after.get("resources", [])}
    kept = earlier.keys() & later.keys()
    return {"fields": fields, "files": {
        "added": len(later.keys() - earlier.keys()),
        "removed": len(earlier.keys() - later.keys()),
        "changed": sum(
            each in rows or not same_file(earlier[each], later[each]) for each in kept),
    }}


def same_file(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two resources give the same bytes, as far as the portal stores them."""
    if one.get("sha256") or other.get("sha256"):
        return one.get("sha256") == other.get("sha256")
    return one.get("url") == other.get("url")
