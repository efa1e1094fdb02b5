"""Changes of a catalog, the same for a number: kinds and datasets mixed, times growing."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import UUID

from federation_samples import SITE

from ckanext.satudata.domain.federation.changes import Change, ChangeKind

BEGIN = datetime(2026, 11, 3, tzinfo=UTC)
KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)


def change(sequence: int, kind: ChangeKind | None = None) -> Change:
    uuid = str(UUID(int=sequence % 97))
    return Change(
        sequence=sequence,
        kind=kind or KINDS[sequence % 3],
        package_id=uuid,
        iri=f"{SITE.url}/dataset/{uuid}",
        at=BEGIN + timedelta(seconds=sequence, microseconds=sequence % 7),
        hash=f"{sequence:064x}",
    )


def changes(first: int, last: int) -> list[Change]:
    return [change(sequence) for sequence in range(first, last + 1)]
