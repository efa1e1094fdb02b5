"""What rooms ask of the datastore beside CKAN's actions: which tables there really are.

``datastore_active`` of a resource is what somebody wrote; the table is what readers get.
"""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckanext.datastore.backend import postgres

__all__ = ["NO_TABLE", "ONLY_TABLE", "TableSwitching", "existing", "same_rows"]

#: In a resource of a working copy whose table somebody deleted there.
NO_TABLE = "tabel_dihapus"
#: What CKAN keeps as the address of a resource that is nothing but a table.
ONLY_TABLE = "_datastore_only_resource"


class TableSwitching(tk.ObjectNotFound):
    """503: a new version of the table is being put in place; try again in a second.

    To CKAN's own code, which knows no such answer, it is a table that is not there: a page about
    the dataset stands without the table's columns. What the client is told in the end is decided
    in ``tables/views.py``.
    """


def existing(resource_ids: Iterable[str]) -> set[str]:
    """Return which of these have a table of their own in the datastore.

    :raises sqlalchemy.exc.OperationalError: it cannot be reached
    """
    asked = sorted(set(resource_ids))
    if not asked:
        return set()
    with postgres.get_read_engine().connect() as connection:
        return set(connection.execute(sa.text(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
            "AND tablename = ANY(:names)"), {"names": asked}).scalars())


def same_rows(copy: model.Resource, origin: model.Resource) -> bool:
    """Tell whether a resource of a working copy has the rows of the one it stands for.

    It does as long as it gives the same file, or is a table only, and nobody deleted its table;
    once somebody writes rows it has a table of its own, which counts before this.
    """
    ours, theirs = _said(copy), _said(origin)
    return not ours.get(NO_TABLE) and _bytes(copy, ours) == _bytes(origin, theirs)


def _said(resource: model.Resource) -> dict[str, Any]:
    return dict(resource.extras or {})


def _bytes(resource: model.Resource, said: dict[str, Any]) -> tuple[str, Any]:
    if said.get("sha256"):
        return "sha256", said["sha256"]
    if resource.url_type == "datastore":
        return "datastore", None
    return "url", resource.url
