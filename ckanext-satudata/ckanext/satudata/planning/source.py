"""Where the plan comes from: the fields of public datasets.

The one place that knows. When the Daftar Data is kept here (art. 26-29) its entries come in by
:func:`datasets` too, and nothing else changes.
"""
from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain.intake.periods import Period, coverage, day_of
from ckanext.satudata.domain.metadata_derive import as_list
from ckanext.satudata.domain.planning.releases import Planned, Release, schedule

__all__ = ["PRIORITY", "PROMISED", "datasets", "releases", "standing"]

#: Which datasets are asked for: those that named a day, or those that are Data Prioritas.
PROMISED, PRIORITY = "jadwal_rilis", "prioritas_tahun"
_FIELDS = (PROMISED, PRIORITY, "kriteria_prioritas", "frequency", "temporal_coverage", "urusan")


#: What was read last of each, and as of what; a large catalog is not read for every reader.
_KEPT: dict[str, tuple[Any, tuple[Planned, ...]]] = {}


def datasets(having: str) -> tuple[Planned, ...]:
    """Return the public datasets that have :data:`PROMISED` or :data:`PRIORITY`.

    The database is asked and not the search index: what was withdrawn is gone from the commit on.
    Private datasets, drafts and working copies are in none of it, whoever asks.
    """
    now = standing(having)
    kept = _KEPT.get(having)
    if kept is None or kept[0] != now:
        kept = _KEPT[having] = (now, tuple(map(_planned, _rows(having))))
    return kept[1]


def releases(today: dt.date) -> tuple[Release, ...]:
    """Return all releases that public datasets promise, by day; put in order once for all."""
    return _releases(standing(PROMISED), today)


@lru_cache(maxsize=2)
def _releases(_standing: tuple[Any, ...], today: dt.date) -> tuple[Release, ...]:
    return tuple(schedule(datasets(PROMISED), today))


def standing(having: str) -> tuple[Any, ...]:
    """Return what is another whenever a dataset or its producer was written, or shown no more.

    Of each row the number of the transaction that wrote it (``xmin``): no text is read for it.
    """
    written = sa.func.hashtext(sa.func.concat(
        model.Package.id, sa.literal_column("package.xmin"), sa.literal_column('"group".xmin')))
    return tuple(model.Session.execute(_of(
        having, sa.func.count(), sa.func.sum(sa.cast(written, sa.BigInteger)))).one())


def _rows(having: str) -> Any:
    extras = model.Package.extras
    return model.Session.execute(_of(
        having,
        model.Package.id, model.Package.name, model.Package.title,
        model.Package.metadata_modified, model.Group.id.label("organization"),
        model.Group.name.label("organization_name"),
        model.Group.title.label("organization_title"),
        *(extras[name].astext.label(name) for name in _FIELDS)))


def _of(having: str, *columns: Any) -> Any:
    named = sa.func.coalesce(model.Package.extras[having].astext, "")
    return sa.select(*columns).select_from(model.Package).outerjoin(model.Group, sa.and_(
        model.Group.id == model.Package.owner_org, model.Group.state == model.State.ACTIVE,
    )).where(
        model.Package.type == "dataset", model.Package.state == model.State.ACTIVE,
        model.Package.private.is_(False), named.not_in(("", "[]")))


def _planned(row: Any) -> Planned:
    return Planned(
        id=row.id, name=row.name, title=row.title or row.name,
        modified=row.metadata_modified.replace(tzinfo=dt.timezone.utc),
        organization=row.organization or "",
        organization_name=row.organization_name or "",
        organization_title=row.organization_title or row.organization_name or "",
        promised=_day(row.jadwal_rilis), frequency=row.frequency or "",
        covered=_covered(row.temporal_coverage), affairs=_several(row.urusan),
        priority_years=_several(row.prioritas_tahun), criterion=row.kriteria_prioritas or "",
    )


@lru_cache(maxsize=4096)
def _day(written: str | None) -> dt.date | None:
    return day_of(written)


@lru_cache(maxsize=4096)
def _covered(written: str | None) -> Period | None:
    return coverage(_read(written))


@lru_cache(maxsize=4096)
def _several(written: str | None) -> tuple[str, ...]:
    return tuple(sorted(as_list(_read(written))))


def _read(written: str | None) -> Any:
    """Return what a stored list holds; one value may stand there without a list around it."""
    if not written or written[0] not in "[{":
        return written or None
    try:
        return json.loads(written)
    except ValueError:
        return None
