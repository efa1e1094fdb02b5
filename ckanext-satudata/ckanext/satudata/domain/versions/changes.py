"""What a version changed, in a few words: for lists, without reading any file."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["NOT_SAID", "same_file", "summary"]

#: What a dataset is or was given by the portal, not what it says.
NOT_SAID = frozenset({
    "id", "name", "state", "private", "metadata_created", "metadata_modified", "creator_user_id",
    "revision_id", "organization", "num_resources", "num_tags", "isopen", "license_title",
    "license_url", "relationships_as_subject", "relationships_as_object", "tracking_summary",
    "resources", "groups", "identifier",
})


def summary(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the names of the fields that differ and how many files came, went or changed.

    :returns: ``{"fields": [...], "files": {"added": n, "removed": n, "changed": n}}``
    """
    old, new = _said(before), _said(after)
    fields = sorted(name for name in {*old, *new}
                    if (old.get(name) or None) != (new.get(name) or None))
    earlier = {each["id"]: each for each in before.get("resources", [])}
    later = {each["id"]: each for each in after.get("resources", [])}
    kept = earlier.keys() & later.keys()
    return {"fields": fields, "files": {
        "added": len(later.keys() - earlier.keys()),
        "removed": len(earlier.keys() - later.keys()),
        "changed": sum(not same_file(earlier[each], later[each]) for each in kept),
    }}


def same_file(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two resources give the same bytes, as far as the portal stores them."""
    if one.get("sha256") or other.get("sha256"):
        return one.get("sha256") == other.get("sha256")
    return one.get("url") == other.get("url")


def _said(content: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in content.items() if name not in NOT_SAID}
    tags: list[dict[str, str]] = content.get("tags") or []
    said["tags"] = sorted(tag["name"] for tag in tags)
    return said
