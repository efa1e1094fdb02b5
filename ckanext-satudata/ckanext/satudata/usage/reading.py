"""Reading numbers of use: of one dataset, and of many by organization, month, dataset or file."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata import config
from ckanext.satudata.domain import workdays
from ckanext.satudata.domain.roles import Actor
from ckanext.satudata.domain.usage import Channel, Counted, Measure
from ckanext.satudata.shared import moment
from ckanext.satudata.usage import reach, store
from ckanext.satudata.usage.model import Usage

__all__ = ["FIGURES", "GROUPS", "Wanted", "first_day", "listed", "of_dataset", "today"]

_MONTH = sa.cast(sa.func.date_trunc("month", Usage.day), sa.Date)
_API, _PANEN = Channel.API.value, Channel.PANEN.value


def _sum(*conditions: Any) -> Any:
    return sa.cast(sa.func.coalesce(
        sa.func.sum(Usage.count).filter(*conditions), 0), sa.BigInteger)


#: What a line says; the same rule as :class:`ckanext.satudata.domain.usage.Sum`.
FIGURES: Mapping[str, Any] = MappingProxyType({
    "views": _sum(Usage.measure == Measure.DILIHAT.value, Usage.channel != _PANEN),
    "downloads": _sum(Usage.measure == Measure.UNDUHAN.value,
                      Usage.channel.not_in([_API, _PANEN])),
    "queries": _sum(Usage.measure == Measure.UNDUHAN.value, Usage.channel == _API),
    "harvests": _sum(Usage.channel == _PANEN),
})

#: How lines are made -> their columns.
GROUPS: Mapping[str, Mapping[str, Any]] = MappingProxyType({
    "dataset": {"package_id": Usage.package_id, "owner_org": reach.OWNER},
    "organization": {"owner_org": reach.OWNER},
    "organization_month": {"month": _MONTH, "owner_org": reach.OWNER},
    "file": {"package_id": Usage.package_id, "owner_org": reach.OWNER,
             "resource_id": Usage.resource_id, "version": Usage.version},
})


@dataclass(frozen=True)
class Wanted:
    """Which uses are asked for.

    :param since: first day, ``None`` from the beginning
    :param until: last day
    :param owner_org: id of an organization; empty: all
    :param package_id: id of a dataset; empty: all
    """

    group: str = "dataset"
    since: dt.date | None = None
    until: dt.date | None = None
    owner_org: str = ""
    package_id: str = ""


def listed(
    actor: Actor, wanted: Wanted, limit: int, offset: int
) -> tuple[int, dict[str, int], list[dict[str, Any]]]:
    """Return how many lines there are, the sums of all, and one page of lines.

    Most downloaded first; by month oldest first.
    """
    columns = [each.label(name) for name, each in GROUPS[wanted.group].items()]
    asked = (
        sa.select(*columns, *(each.label(name) for name, each in FIGURES.items()))
        .select_from(Usage)
        .outerjoin(model.Package, model.Package.id == Usage.package_id)
        .where(*_conditions(actor, wanted))
        .group_by(*GROUPS[wanted.group].values()))
    if wanted.group == "file":
        asked = asked.where(Usage.resource_id != "")
    lines = asked.subquery()
    count, *sums = model.Session.execute(sa.select(
        sa.func.count(), *(sa.cast(sa.func.coalesce(sa.func.sum(lines.c[name]), 0), sa.BigInteger)
                           for name in FIGURES))).one()
    order = [lines.c.month, lines.c.owner_org] if "month" in lines.c else [
        lines.c.downloads.desc(), lines.c.views.desc(), lines.c.queries.desc(),
        *(lines.c[name] for name in GROUPS[wanted.group])]
    rows = model.Session.execute(
        sa.select(lines).order_by(*order).limit(limit).offset(offset)).mappings()
    return int(count), dict(zip(FIGURES, map(int, sums), strict=True)), [
        dict(each) for each in rows]


def _conditions(actor: Actor, wanted: Wanted) -> list[Any]:
    found: list[Any] = [reach.visible(actor)]
    if wanted.since is not None:
        found.append(Usage.day >= wanted.since)
    if wanted.until is not None:
        found.append(Usage.day <= wanted.until)
    if wanted.package_id:
        found.append(Usage.package_id == wanted.package_id)
    elif wanted.group in ("dataset", "file"):
        found.append(Usage.package_id != "")
    if wanted.owner_org:
        found.append(wanted.owner_org == reach.OWNER)
    return found


def of_dataset(
    package_id: str, since: dt.date | None = None, until: dt.date | None = None
) -> Sequence[Counted]:
    """Return the uses of one dataset by month, file, version and way."""
    asked = sa.select(
        _MONTH.label("month"), Usage.resource_id, Usage.version, Usage.measure, Usage.channel,
        sa.cast(sa.func.sum(Usage.count), sa.BigInteger).label("count"),
    ).where(Usage.package_id == package_id).group_by(
        sa.text("month"), Usage.resource_id, Usage.version, Usage.measure, Usage.channel)
    if since is not None:
        asked = asked.where(Usage.day >= since)
    if until is not None:
        asked = asked.where(Usage.day <= until)
    return [Counted(each.month, each.resource_id, each.version, Measure(each.measure),
                    Channel(each.channel), int(each.count))
            for each in model.Session.execute(asked)]


def first_day(created: dt.datetime | None = None) -> dt.date:
    """Return the first day of counting, or of a dataset that is younger."""
    began = store.began()
    if began is None:
        found = model.Session.scalar(sa.select(sa.func.min(Usage.day))) or today()
    else:
        found = workdays.local(began, config.zona_waktu()).date()
    if created is None:
        return found
    aware = created if created.tzinfo else created.replace(tzinfo=dt.timezone.utc)
    return max(found, workdays.local(aware, config.zona_waktu()).date())


def today() -> dt.date:
    """Return the day it is here."""
    return workdays.local(moment.now(), config.zona_waktu()).date()
