"""Tell a dataset that changed from one that was only looked at."""
from __future__ import annotations

from typing import Any

__all__ = ["VOLATILE", "content", "file_name"]

#: Keys of package_show that say nothing about the dataset itself.
VOLATILE = (
    "metadata_modified", "metadata_created", "num_resources", "num_tags", "tracking_summary",
)


def file_name(resource: dict[str, Any]) -> str:
    """Return the file name at the end of a resource's URL."""
    return str(resource.get("url") or "").rstrip("/").rsplit("/", 1)[-1]


def content(package: dict[str, Any]) -> dict[str, Any]:
    """Return a package without what changes by looking at it."""
    found = {key: value for key, value in package.items() if key not in VOLATILE}
    found["tags"] = sorted(tag["name"] for tag in package.get("tags", []))
    found["resources"] = [
        {key: value for key, value in resource.items()
         if key not in ("metadata_modified", "last_modified", "created", "position")}
        for resource in package.get("resources", [])
    ]
    return found
