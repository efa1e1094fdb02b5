"""Numbers of use as the API and the pages show them."""
from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain.usage import Counted, Measure, Sum, last_months
from ckanext.satudata.usage import reading
from ckanext.satudata.usage.reading import FIGURES

__all__ = ["CHART_MONTHS", "chart", "dataset", "lines", "of_package"]

#: Months on the chart of a dataset's page.
CHART_MONTHS = 12
#: Shades of the chart: the newest version, the one before, all older.
_SHADES = 3


def dataset(
    package: model.Package, counted: Sequence[Counted], since: dt.date, until: dt.date
) -> dict[str, Any]:
    """Return what is said of one dataset."""
    names = {each.id: each.name or "" for each in package.resources}
    files = sorted({each.resource for each in counted if each.resource},
                   key=lambda each: (list(names).index(each) if each in names else len(names),
                                     each))
    return {
        "id": package.id, "name": package.name, "title": package.title,
        "since": since.isoformat(), "until": until.isoformat(), **_summed(counted).as_dict(),
        "months": [
            {"month": f"{month:%Y-%m}",
             **_summed(each for each in counted if each.month == month).as_dict(),
             "versions": _versions(each for each in counted if each.month == month)}
            for month in sorted({each.month for each in counted})],
        "files": [
            {"resource_id": file, "name": names.get(file, ""), "current": file in names,
             **_summed(each for each in counted if each.resource == file).as_dict(),
             "versions": _versions(each for each in counted if each.resource == file)}
            for file in files],
        "versions": _versions(counted),
    }


def _summed(counted: Iterable[Counted]) -> Sum:
    found = Sum()
    for each in counted:
        found.add(each.measure, each.channel, each.count)
    return found


def _versions(counted: Iterable[Counted]) -> list[dict[str, int]]:
    """Return the figures of each version whose files were taken, newest first."""
    sums: dict[int, Sum] = {}
    for each in counted:
        if each.measure is Measure.UNDUHAN:
            sums.setdefault(each.version, Sum()).add(each.measure, each.channel, each.count)
    return [{"version": number, "downloads": sums[number].downloads,
             "queries": sums[number].queries, "harvests": sums[number].harvests}
            for number in sorted(sums, reverse=True)]


def chart(shown: dict[str, Any], today: dt.date) -> list[dict[str, Any]]:
    """Return the bars of the latest months: downloads, one above the other by version.

    :returns: for each month ``month``, ``downloads``, ``views`` and ``parts``, each ``shade`` (0:
        the newest version), ``version``, ``count``, and ``y`` and ``height`` in percent
    """
    by_month = {each["month"]: each for each in shown["months"]}
    newest = [each["version"] for each in shown["versions"] if each["downloads"]]
    months = [f"{each:%Y-%m}" for each in last_months(today, CHART_MONTHS)]
    most = max((by_month[each]["downloads"] for each in months if each in by_month), default=0)
    bars: list[dict[str, Any]] = []
    for month in months:
        found = by_month.get(month, {"downloads": 0, "views": 0, "versions": []})
        parts: list[dict[str, Any]] = []
        bottom = 100.0
        for each in found["versions"]:
            if not each["downloads"]:
                continue
            height = 100 * each["downloads"] / most
            bottom -= height
            parts.append({"version": each["version"], "count": each["downloads"],
                          "shade": min(newest.index(each["version"]), _SHADES - 1),
                          "y": round(bottom, 2), "height": round(height, 2)})
        bars.append({"month": month, "downloads": found["downloads"], "views": found["views"],
                     "parts": parts})
    return bars


def lines(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return lines of a list with the names of what they are of."""
    organizations = _named(model.Group, {each["owner_org"] for each in rows})
    datasets = _named(model.Package, {each["package_id"] for each in rows
                                      if "package_id" in each})
    files = _files({each["resource_id"] for each in rows if "resource_id" in each})
    shown: list[dict[str, Any]] = []
    for each in rows:
        line: dict[str, Any] = {"organization": organizations.get(each["owner_org"])}
        if "month" in each:
            line["month"] = f"{each['month']:%Y-%m}"
        if "package_id" in each:
            line["dataset"] = datasets.get(each["package_id"])
        if "resource_id" in each:
            line |= {"resource_id": each["resource_id"], "version": each["version"],
                     "resource_name": files.get(each["resource_id"], "")}
        shown.append(line | {name: int(each[name]) for name in FIGURES})
    return shown


def _named(kind: Any, identifiers: Collection[str]) -> dict[str, dict[str, str]]:
    rows = model.Session.execute(
        sa.select(kind.id, kind.name, kind.title)
        .where(kind.id.in_([each for each in identifiers if each])))
    return {each.id: {"id": each.id, "name": each.name, "title": each.title or each.name}
            for each in rows}


def _files(identifiers: Collection[str]) -> dict[str, str]:
    rows = model.Session.execute(
        sa.select(model.Resource.id, model.Resource.name)
        .where(model.Resource.id.in_(list(identifiers)),
               model.Resource.state == model.State.ACTIVE))
    return {each.id: each.name or "" for each in rows}


def of_package(
    package: model.Package, since: dt.date | None = None, until: dt.date | None = None
) -> dict[str, Any]:
    """Return what is said of one dataset, in a period or since it is counted."""
    first, last = reading.first_day(package.metadata_created), reading.today()
    return dataset(package, reading.of_dataset(package.id, since, until),
                   max(since, first) if since else first, min(until, last) if until else last)
