"""A score as the action answers it and the page shows it."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

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

__all__ = ["shown"]

Data = dict[str, Any]
#: Breaks of DCAT-AP that are named; the rest are counted.
_NAMED_FAULTS = 20


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
    found = [files.get(each) or files.get(each.rpartition("/")[2]) for each in iris]
    return [dict(each) for each in found if each is not None and each["id"]]


def _points(points: float) -> float:
    """Round to two places: 20 points shared by three files are 6.67 each."""
    return round(points, 2)
