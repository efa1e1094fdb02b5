"""The way into a draft for what the portal makes of its files: clean tables follow corrections."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.workflow import EDITABLE
from ckanext.satudata.shared.doors import open_door
from ckanext.satudata.workflow import store
from ckanext.satudata.workflow.publish import Door

__all__ = ["draft_followed"]


@open_door("susulan")
@contextmanager
def draft_followed(package_id: str, content_id: str) -> Iterator[dict[str, Any] | None]:
    """Open the way for one write of a draft, in the running transaction; records nothing."""
    store.lock_family(package_id)
    submission = store.lock_content(content_id)
    if submission is None or submission.status not in EDITABLE:
        yield None
        return
    site = tk.get_action("get_site_user")({"ignore_auth": True, "defer_commit": True}, {})
    yield Door().context(user=site["name"])
    submission.snapshots = {}  # of rows as they were, which comparisons would take for these
