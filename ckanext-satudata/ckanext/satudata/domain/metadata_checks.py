"""Conditions and checks that the rules of publication name: small, pure, one question each."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from ckanext.satudata.domain.metadata import Check, Condition, Dataset, Place
from ckanext.satudata.domain.metadata_columns import columns
from ckanext.satudata.domain.metadata_derive import as_list, empty
from ckanext.satudata.domain.metadata_values import (
    RECOMMENDATION,
    InvalidValueError,
    iso_date,
    period_end,
)
from ckanext.satudata.domain.vocabulary import get

__all__ = [
    "OPEN_TABLES", "TABLES", "all_of", "any_field", "at_most", "contact_reachable",
    "each_group", "equals", "filled", "in_order", "includes", "is_date", "known_unit",
    "lacks", "licence_stated", "measure_fits_unit", "not_expired", "one_filled", "open_format",
    "periods_in_order", "recommendation_form", "resource_columns_bound", "resource_formats",
    "resource_schemas", "restricted", "sampling_fits", "says_yes", "tagged", "true",
]

#: Formats whose content is rows and columns.
TABLES = frozenset({"CSV", "TSV", "XLS", "XLSX", "ODS", "PARQUET"})
#: Formats a program reads and a public specification describes (Perpres 39/2019 article 9).
OPEN_TABLES = TABLES - {"XLS"} | frozenset(
    {
        "JSON", "JSONL", "XML", "GEOJSON", "GML", "KML", "GPKG", "SHP", "RDF", "TTL", "JSON-LD",
        "N-TRIPLES", "API", "WMS", "WFS", "SPARQL", "NETCDF", "GEOTIFF",
    }
)


def groups(dataset: Dataset, name: str) -> list[Mapping[str, Any]]:
    """Return the repeating groups of a field, none where it holds something else."""
    value: Any = dataset.get(name)
    if not isinstance(value, list):
        return []
    return [
        cast("Mapping[str, Any]", item)
        for item in cast("list[Any]", value)
        if isinstance(item, Mapping)
    ]


# ------------------------------------------------------------------ conditions
def equals(name: str, *wanted: Any) -> Condition:
    """The field has one of these values."""
    return lambda dataset: dataset.get(name) in wanted


def includes(name: str, wanted: str) -> Condition:
    """The list holds this value."""
    return lambda dataset: wanted in as_list(dataset.get(name))


def true(name: str) -> Condition:
    """The field says yes."""
    return lambda dataset: str(dataset.get(name)).lower() == "true"


def lacks(name: str) -> Condition:
    """The field says no."""
    return lambda dataset: str(dataset.get(name)).lower() == "false"


def filled(name: str) -> Condition:
    """The field holds something."""
    return lambda dataset: not empty(dataset.get(name))


def all_of(*conditions: Condition) -> Condition:
    """Every condition holds."""
    return lambda dataset: all(condition(dataset) for condition in conditions)


def any_field(*names: str) -> Condition:
    """At least one of the fields holds something."""
    return lambda dataset: any(not empty(dataset.get(name)) for name in names)


#: Access is limited, so Perpres 39/2019 article 37 and UU 14/2008 article 17 and 19 ask for more.
restricted = equals("access_rights", "terbatas", "tertutup")


# ---------------------------------------------------------------------- checks
def one_filled(*names: str) -> Check:
    """At least one of the fields is filled; the first is named where none is."""
    def check(dataset: Dataset, today: date) -> Iterable[Place]:
        if all(empty(dataset.get(name)) for name in names):
            yield Place((names[0],))
    return check


def says_yes(name: str) -> Check:
    """The field says yes."""
    def check(dataset: Dataset, today: date) -> Iterable[Place]:
        if not true(name)(dataset):
            yield Place((name,))
    return check


def is_date(name: str) -> Check:
    """A filled field is a date."""
    def check(dataset: Dataset, today: date) -> Iterable[Place]:
        value: Any = dataset.get(name)
        if empty(value):
            return
        try:
            iso_date(value)
        except InvalidValueError:
            yield Place((name,), {"value": str(value)[:40]})
    return check


def each_group(name: str, *parts: str) -> Check:
    """Every group of a repeating field (and at least one) has these parts."""
    def check(dataset: Dataset, today: date) -> Iterable[Place]:
        found = [group for group in groups(dataset, name) if not empty(group)]
        if not found:
            yield Place((name,))
        for index, group in enumerate(found):
            for part in parts:
                if empty(group.get(part)):
                    yield Place((name, index, part))
    return check


def in_order(first: str, second: str) -> Check:
    """Two filled dates stand in order."""
    def check(dataset: Dataset, today: date) -> Iterable[Place]:
        start, end = dataset.get(first), dataset.get(second)
        if isinstance(start, str) and isinstance(end, str) and start and end and end < start:
            yield Place((second,), {"start": start, "end": end})
    return check


def periods_in_order(dataset: Dataset, today: date) -> Iterable[Place]:
    """Every period ends on or after its start."""
    for index, group in enumerate(groups(dataset, "temporal_coverage")):
        start, end = group.get("start"), group.get("end")
        if (
            isinstance(start, str) and isinstance(end, str) and start and end
            and period_end(end) < start[:10]
        ):
            yield Place(("temporal_coverage", index, "end"), {"start": start, "end": end})


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def at_most(name: str, part: str, whole: str) -> Check:
    """Within each group a part is not above its whole."""
    def check(dataset: Dataset, today: date) -> Iterable[Place]:
        for index, group in enumerate(groups(dataset, name)):
            smaller, larger = _number(group.get(part)), _number(group.get(whole))
            if smaller is not None and larger is not None and smaller > larger:
                yield Place((name, index, part), {"part": group[part], "whole": group[whole]})
    return check


def recommendation_form(dataset: Dataset, today: date) -> Iterable[Place]:
    """The identity of a BPS recommendation has the form of its letter."""
    value = dataset.get("identitas_rekomendasi")
    if isinstance(value, str) and value and not RECOMMENDATION.fullmatch(value):
        yield Place(("identitas_rekomendasi",), {"value": value[:40]})


def known_unit(dataset: Dataset, today: date) -> Iterable[Place]:
    """The unit is one of the list, so that figures can be compared."""
    value = dataset.get("satuan")
    if isinstance(value, str) and value and value not in get("satuan"):
        yield Place(("satuan",), {"value": value[:60]})


def measure_fits_unit(dataset: Dataset, today: date) -> Iterable[Place]:
    """A percentage is in percent, and percent is a percentage."""
    unit, measure = dataset.get("satuan"), dataset.get("ukuran")
    if not isinstance(unit, str) or not isinstance(measure, str) or not unit or not measure:
        return
    says_percent = measure.strip().lower().startswith(("persen", "prosen"))
    # Points of percent, and per mille, measure shares too.
    if says_percent != (unit == "persen") and (says_percent or measure.strip().lower() == "jumlah"):
        yield Place(("ukuran",), {"measure": measure[:60], "unit": unit[:60]})


def not_expired(name: str, part: str) -> Check:
    """The date in a group has not passed."""
    def check(dataset: Dataset, today: date) -> Iterable[Place]:
        for index, group in enumerate(groups(dataset, name)):
            until = group.get(part)
            if isinstance(until, str) and until and until < today.isoformat():
                yield Place((name, index, part), {"until": until})
    return check


def contact_reachable(dataset: Dataset, today: date) -> Iterable[Place]:
    """Somebody can be asked: a contact with a name and an e-mail address or a site."""
    found = groups(dataset, "contact")
    if not any(
        not empty(group.get("name")) and not (empty(group.get("email")) and empty(group.get("url")))
        for group in found
    ):
        yield Place(("contact",))


def licence_stated(dataset: Dataset, today: date) -> Iterable[Place]:
    """A licence is stated; CKAN's "notspecified" is none."""
    if dataset.get("license_id") in (None, "", "notspecified"):
        yield Place(("license_id",))


def tagged(dataset: Dataset, today: date) -> Iterable[Place]:
    """There is a keyword, in either of CKAN's two shapes."""
    if empty(dataset.get("tags")) and empty(dataset.get("tag_string")):
        yield Place(("tag_string",))


def sampling_fits(dataset: Dataset, today: date) -> Iterable[Place]:
    """The sampling method belongs to the kind of selection (MS-Keg block V lists them apart)."""
    probability = {"simple_random", "systematic", "stratified", "cluster", "multistage"}
    kind, method = dataset.get("v_pemilihan"), dataset.get("v_metode")
    if not isinstance(kind, str) or not isinstance(method, str):
        return
    if kind and method and (kind == "probabilitas") != (method in probability):
        yield Place(("v_metode",))


# --------------------------------------------------------------------- berkas
def _data_files(dataset: Dataset) -> list[tuple[int, Mapping[str, Any]]]:
    return [
        (index, resource)
        for index, resource in enumerate(groups(dataset, "resources"))
        if (resource.get("jenis_berkas") or "data") == "data"
    ]


def _format(resource: Mapping[str, Any]) -> str:
    return str(resource.get("format") or "").strip().upper().removeprefix(".")


def resource_formats(dataset: Dataset, today: date) -> Iterable[Place]:
    """Every file says its format."""
    for index, resource in enumerate(groups(dataset, "resources")):
        if not _format(resource):
            yield Place(("resources", index, "format"), {"file": _file(resource, index)})


def open_format(dataset: Dataset, today: date) -> Iterable[Place]:
    """At least one data file is in an open format that a program reads."""
    files = [(index, resource) for index, resource in _data_files(dataset) if _format(resource)]
    if files and not any(_format(resource) in OPEN_TABLES for _, resource in files):
        formats = ", ".join(dict.fromkeys(_format(resource)[:20] for _, resource in files))
        yield Place(("resources", files[0][0], "format"), {"formats": formats})


def _tables(dataset: Dataset) -> list[tuple[int, Mapping[str, Any]]]:
    return [(i, each) for i, each in _data_files(dataset) if _format(each) in TABLES]


def resource_schemas(dataset: Dataset, today: date) -> Iterable[Place]:
    """Every table has its columns described."""
    for index, resource in _tables(dataset):
        if not columns(resource.get("skema")):
            yield Place(("resources", index, "skema"), {"file": _file(resource, index)})


def resource_columns_bound(*keys: str) -> Check:
    """In a described table at least one column carries one of these keys."""
    def check(dataset: Dataset, today: date) -> Iterable[Place]:
        for index, resource in _tables(dataset):
            described = columns(resource.get("skema"))
            if described and not any(column.get(key) for column in described for key in keys):
                yield Place(("resources", index, "skema"), {"file": _file(resource, index)})
    return check


def _file(resource: Mapping[str, Any], index: int) -> str:
    return str(resource.get("name") or resource.get("url") or index + 1)[:80]


