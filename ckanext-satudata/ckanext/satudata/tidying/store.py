"""What inspections read of raw files: rows of ``inspection/``, never written here."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.satudata.domain.tidying.table import Table

__all__ = ["Read", "newest", "read_of"]

_INSPECTION = sa.table("satudata_inspection", *(sa.column(each) for each in (
    "id", "package_id", "resource_id", "sha256", "state", "asked_at", "finished_at",
    "stripped_at")), *(sa.column(each, JSONB) for each in ("report", "files", "asked")))
_WAITING = ("antre", "berjalan")
_READ = ("selesai", "ditolak")


@dataclass(frozen=True)
class Read:
    """A raw file as it was read.

    :ivar tables: the clean tables in it; ``skipped``: the officer left some out
    """

    tables: Sequence[Table]
    skipped: bool


def read_of(package_id: str, sha256: str) -> Read | None:
    """Return how a raw file was read last in a dataset, None while it is not."""
    return _made(model.Session.execute(_query().where(
        _INSPECTION.c.package_id == package_id, _INSPECTION.c.sha256 == sha256,
        _INSPECTION.c.state.in_(_READ))
        .order_by(_INSPECTION.c.asked_at.desc(), _INSPECTION.c.id).limit(1)).first())


def newest(resource_ids: Collection[str], sha256: str) -> Read | None:
    """Return how the raw file of some resources is read now; None while one of them waits.

    Of each the inspection counts that is wanted now; they agree on the tables.
    """
    rows = model.Session.execute(
        sa.select(_INSPECTION.c.id, _INSPECTION.c.state, _INSPECTION.c.sha256,
                  _INSPECTION.c.asked_at)
        .where(_INSPECTION.c.resource_id.in_(list(resource_ids)))
        .distinct(_INSPECTION.c.resource_id)
        .order_by(_INSPECTION.c.resource_id, _INSPECTION.c.asked_at.desc(),
                  _INSPECTION.c.id)).all()
    mine = [each for each in rows if each.sha256 == sha256]
    if any(each.state in _WAITING for each in mine):
        return None
    done = [each for each in mine if each.state in _READ]
    if not done:
        return None
    last = max(done, key=lambda each: (each.asked_at, each.id))
    return _made(model.Session.execute(_query().where(_INSPECTION.c.id == last.id)).first())


def _query() -> sa.Select[Any]:
    return sa.select(
        _INSPECTION.c.report["tables"].label("tables"), _INSPECTION.c.files,
        _INSPECTION.c.asked["recipe"].label("recipe")).where(_INSPECTION.c.stripped_at.is_(None))


def _made(row: sa.Row[Any] | None) -> Read | None:
    if row is None:
        return None
    skipped = any(each.get("skip") for each in (row.recipe or {}).get("tables") or [])
    return Read([_table(each, row.files or {}) for each in row.tables or []
                 if f"tabel-{each['number']}.csv" in (row.files or {})], skipped)


def _table(shown: Mapping[str, Any], files: Mapping[str, str]) -> Table:
    number = int(shown["number"])
    return Table(
        number, files[f"tabel-{number}.csv"], str(shown.get("title") or ""),
        str(shown.get("sheet") or ""), shown.get("schema") or {"fields": []},
        int(shown.get("n_rows") or 0))
