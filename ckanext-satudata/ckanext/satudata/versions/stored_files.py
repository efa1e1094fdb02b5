"""Which stored bytes versions need: their files and rows, unless they were purged."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ckanext.satudata.shared.blob_ledger import reference, references
from ckanext.satudata.versions.model import Version, VersionFile

__all__ = ["of_files", "of_tables"]


@references
def of_files() -> sa.Select[Any]:
    """Files of every version."""
    return _of(VersionFile.sha256)


@references
def of_tables() -> sa.Select[Any]:
    """Rows of every version whose table is the data."""
    return _of(VersionFile.table_sha256)


def _of(column: Any) -> sa.Select[Any]:
    return reference(
        column, Version.package_id, Version.number,
        sa.func.coalesce(sa.func.nullif(VersionFile.filename, ""), VersionFile.name),
    ).select_from(sa.join(VersionFile, Version, Version.submission_id == VersionFile.submission_id)
                  ).where(Version.purged_at.is_(None))
