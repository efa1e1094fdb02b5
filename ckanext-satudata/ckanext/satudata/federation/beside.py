"""What is known of a dataset beside its metadata: whether and how it was inspected, its version."""
from __future__ import annotations

from typing import Any, NamedTuple

import ckan.model as model
import sqlalchemy as sa

__all__ = ["Beside", "beside", "told"]


class Beside(NamedTuple):
    """What stands beside a dataset.

    :ivar inspected: the walidata inspected what is public, and it did not just stand online
        before this portal
    :ivar harvested: it came from another portal
    :ivar scores: 0 to 100 a principle, the lowest of any file; empty where none was read
    :ivar number: of the version that is public, 0 where no version is kept
    """

    inspected: bool
    harvested: bool
    scores: dict[str, int]
    number: int


def beside(package_id: str) -> Beside:
    """Look up what stands beside a dataset, in one question."""
    row = model.Session.execute(_BESIDE, {"package": package_id}).one()
    scores: dict[str, int] = {}
    for each in row.scores or []:
        for name, score in each.items():
            scores[name] = min(score, scores.get(name, score))
    return Beside(row.inspected, row.harvested, dict(sorted(scores.items())), row.number or 0)


def told(record: dict[str, Any], known: Beside) -> dict[str, Any]:
    """Return a dataset with what stands beside it, under names no form can write."""
    told = {**record, "mutu": known.scores, "pemeriksaan": known.inspected}
    if known.number and not record.get("version"):
        told["version"] = str(known.number)
    return told


_BESIDE = sa.text("""
    SELECT EXISTS (SELECT FROM satudata_submission WHERE package_id = :package
                   AND state = 'terbit' AND NOT belum_diperiksa) AS inspected,
           EXISTS (SELECT FROM harvest_object
                   WHERE package_id = :package AND current) AS harvested,
           (SELECT number FROM satudata_version
            WHERE package_id = :package AND ended_at IS NULL
            ORDER BY number DESC LIMIT 1) AS number,
           (SELECT jsonb_agg(scores) FROM (
                SELECT DISTINCT ON (resource_id) state, scores FROM satudata_inspection
                WHERE resource_id IN (
                    SELECT id FROM resource WHERE package_id = :package AND state = 'active')
                ORDER BY resource_id, asked_at DESC) AS newest
            WHERE state = 'selesai') AS scores""")
