"""A score as the action answers it and the page shows it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.federation.mqa import (
    DIMENSIONS,
    FILE_FIELDS,
    POSSIBLE,
    Advice,
    Kind,
    Score,
    Why,
    advice,
)
from ckanext.satudata.domain.federation.terms import as_records
from ckanext.satudata.federation.quality import words
from ckanext.satudata.federation.quality.standing import Standing

__all__ = ["listed", "shown"]

Data = dict[str, Any]
#: Breaks of DCAT-AP that are named; the rest are counted.
_NAMED_FAULTS = 20
#: Datasets with the fewest points that are named.
_LOWEST = 20


def shown(record: Mapping[str, Any], score: Score) -> Data:
    """Return a score in the shape of ``satudata_mqa_show``."""
    files = _files(record)
    unknown = dict.fromkeys(DIMENSIONS, 0.0)
    for mark in score.marks:
        unknown[mark.metric.dimension] += sum(
            each.points for each in mark.missed if not each.known)
    return {
        "total": _points(score.total), "possible": POSSIBLE, "unknown": _points(score.unknown),
        "best_file": _points(score.best), "files": score.files,
        "rating": score.rating.value, "rating_label": words.rating(score.rating),
        "dimensions": [{
            "name": dimension.value, "label": words.dimension(dimension),
            "had": _points(score.dimensions[dimension]), "possible": possible,
            "unknown": _points(unknown[dimension]),
        } for dimension, possible in DIMENSIONS.items()],
        "metrics": [{
            "code": mark.metric.code, "label": words.metric(mark.metric.code),
            "term": mark.metric.term, "dimension": mark.metric.dimension.value,
            "had": _points(mark.had), "possible": mark.metric.points,
            "missed": [{
                "why": each.why.value, "label": words.reason(each.why),
                "points": _points(each.points), "files": _named(each.files, files),
            } for each in mark.missed],
        } for mark in score.marks],
        "advice": [_advice(record, each, files) for each in advice(score)],
        "faults": [each._asdict() for each in score.faults[:_NAMED_FAULTS]],
        "fault_count": len(score.faults),
    }


def listed(found: Sequence[Standing]) -> Data:
    """Return the points of many datasets in the shape of ``satudata_mqa_list``."""
    judged = [each for each in found if each.points is not None]
    offices: dict[str, list[Standing]] = {}
    for each in judged:
        offices.setdefault(each.organization, []).append(each)
    titles = _titles(list(offices))
    return {
        "average": _mean([each.total for each in judged]), "possible": POSSIBLE,
        "best_file": _mean([each.best for each in judged]),
        "unknown": _mean([each.unknown for each in judged]),
        "barred": _mean([each.barred for each in judged]),
        "judged": len(judged), "waiting": len(found) - len(judged),
        "dimensions": [{
            "name": dimension.value, "label": words.dimension(dimension), "possible": possible,
            "had": _mean([(each.points or ())[at] for each in judged]), "unknown": 0.0,
        } for at, (dimension, possible) in enumerate(DIMENSIONS.items())],
        "organizations": sorted(({
            "id": key, "name": titles.get(key, ("", ""))[0], "title": titles.get(key, ("", ""))[1],
            "datasets": len(those), "average": _mean([each.total for each in those]),
            "lacking": _mean([each.lacking for each in those]),
        } for key, those in offices.items()), key=lambda each: (each["average"], each["title"])),
        "lowest": [{
            "id": each.package_id, "name": each.name, "title": each.title,
            "organization": titles.get(each.organization, ("", ""))[1],
            "total": _points(each.total), "unknown": each.unknown,
            "lacking": _points(each.lacking),
        } for each in sorted(judged, key=lambda each: (-each.lacking, each.title))[:_LOWEST]
            if each.lacking > 0],
    }


def _mean(points: Sequence[float]) -> float:
    return _points(sum(points) / len(points)) if points else 0.0


def _titles(ids: list[str]) -> dict[str, tuple[str, str]]:
    """Return name and title of organizations."""
    group = model.Group
    return {key: (name, title or name) for key, name, title in model.Session.execute(
        sa.select(group.id, group.name, group.title).where(group.id.in_(ids)))}


def _advice(record: Mapping[str, Any], each: Advice, files: Mapping[str, Data]) -> Data:
    do, because = words.advised(each)
    named = _named(each.files, files)
    kind = str(record.get("type") or "dataset")
    form = tk.h.url_for(f"{kind}.edit", id=record["name"])
    if each.kind is not Kind.ADD:
        url = ""
    elif each.why is Why.NO_FILES:
        url = tk.h.url_for(f"{kind}_resource.new", id=record["name"])
    elif each.field in FILE_FIELDS:
        url = ""  # one for each file
        for file in named:
            file["url"] = tk.h.url_for(
                f"{kind}_resource.edit", id=record["name"], resource_id=file["id"]
            ) + ("#field-format" if each.field == "format" else "")
    else:
        url = f"{form}#field-{each.field}" if each.field else form
    return {
        "kind": each.kind.value, "why": each.why.value, "field": each.field,
        "points": _points(each.points), "do": do, "because": because, "url": url, "files": named,
        "metrics": list(each.metrics),
    }


def _files(record: Mapping[str, Any]) -> dict[str, Data]:
    """Return id and name of the files, by what their IRIs end with."""
    made: dict[str, Data] = {}
    for resource in as_records(record.get("resources")):
        file = {"id": resource.get("id") or "", "name": resource.get("name") or tk._("Berkas")}
        made[str(resource.get("uri") or "")] = file
        made[file["id"]] = file
    return made


def _named(iris: tuple[str, ...], files: Mapping[str, Data]) -> list[Data]:
    """Return the files of some IRIs, in the order the dataset has them."""
    wanted = {each for iri in iris for each in (iri, iri.rpartition("/")[2])} - {""}
    found = {each["id"]: each for key, each in files.items() if key in wanted and each["id"]}
    return [dict(each) for each in found.values()]


def _points(points: float) -> float:
    """Round to two places: 20 points shared by three files are 6.67 each."""
    return round(points, 2)
