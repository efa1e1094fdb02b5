"""Next year's dataset from this year's: what moves on, what stays, what is left behind."""
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from ckanext.satudata.domain.metadata_derive import empty

__all__ = ["EDITION_ONLY", "next_year"]

#: What belongs to one edition: identity, files, decisions per year, and figures of the year.
EDITION_ONLY = frozenset({
    "id", "name", "identifier", "alternate_identifier", "resources", "num_resources",
    "num_tags", "version", "version_notes", "issued", "modified", "prioritas_tahun",
    "kriteria_prioritas", "indikator_prioritas", "metadata_created", "metadata_modified",
    "creator_user_id", "revision_id", "state", "private", "isopen", "organization", "groups",
    "relationships_as_subject", "relationships_as_object", "license_title", "license_url",
    "url", "author", "author_email", "maintainer", "maintainer_email", "extras",
    # A list keeps its address: its next edition is a revision, not another dataset.
    "data_induk", "kunci_induk", "nama_induk",
})

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|2[01]\d\d)(?!\d)")


def next_year(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """Return the dataset that follows `dataset` (as ``package_show`` gives it) by one year.

    In texts only years of the dataset's own period move on: "Perda 5 tahun 2019" stays.
    """
    result = {
        key: value
        for key, value in dataset.items()
        if key not in EDITION_ONLY and not empty(value)
    }
    result["tags"] = [
        {"name": tag["name"]} for tag in cast("list[dict[str, Any]]", dataset.get("tags") or [])
    ]
    years = _years(dataset)
    for name in ("title", "referensi_waktu", "notes"):
        if isinstance(result.get(name), str):
            result[name] = _advance(result[name], years)
    periods = dataset.get("temporal_coverage")
    if isinstance(periods, list):
        result["temporal_coverage"] = [
            {key: _later(value) for key, value in cast("dict[str, Any]", group).items()}
            for group in cast("list[Any]", periods)
            if isinstance(group, Mapping)
        ]
    if isinstance(result.get("jadwal_rilis"), str):
        result["jadwal_rilis"] = _later(result["jadwal_rilis"])
    reports = dataset.get("cakupan_pelaporan")
    if isinstance(reports, list):
        result["cakupan_pelaporan"] = [
            {
                key: value
                for key, value in cast("dict[str, Any]", group).items()
                if key != "diterima"
            }
            for group in cast("list[Any]", reports)
            if isinstance(group, Mapping)
        ]
    return result


def _years(dataset: Mapping[str, Any]) -> set[int]:
    """Return the years the dataset's own period begins or ends in."""
    found: set[int] = set()
    periods = dataset.get("temporal_coverage")
    for group in cast("list[Any]", periods if isinstance(periods, list) else []):
        if isinstance(group, Mapping):
            for value in cast("Mapping[str, Any]", group).values():
                if isinstance(value, str) and value[:4].isdigit():
                    found.add(int(value[:4]))
    return found


def _advance(text: str, years: set[int]) -> str:
    return _YEAR.sub(
        lambda match: str(int(match[0]) + 1) if int(match[0]) in years else match[0], text
    )


def _later(value: Any) -> Any:
    """Return a year, month, day or time one year later; 29 February becomes 28."""
    if not isinstance(value, str) or not value[:4].isdigit():
        return value
    later = f"{int(value[:4]) + 1:04d}{value[4:]}"
    return later[:4] + "-02-28" + later[10:] if later[4:10] == "-02-29" else later
