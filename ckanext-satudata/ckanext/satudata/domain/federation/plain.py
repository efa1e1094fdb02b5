"""What readers of plain JSON get of a dataset: texts, days and addresses, without RDF.

Shared by the national harvest view (``nasional``) and by ``data.json`` (``pod``): both are read
by a CKAN 2.9, which refuses a whole record for one tag, e-mail or size it does not like.
"""
from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, cast
from urllib.parse import urlsplit

from ckanext.satudata.domain import vocabulary, wilayah
from ckanext.satudata.domain.access import Level, level_of
from ckanext.satudata.domain.federation.describing import code_list, value
from ckanext.satudata.domain.federation.lists import FORMATS
from ckanext.satudata.domain.federation.mapping import Site
from ckanext.satudata.domain.federation.terms import (
    as_list,
    as_records,
    clean_text,
    date_literal,
    iri,
    segment,
)

__all__ = [
    "EMAIL",
    "LONGEST_TAG",
    "access_level",
    "concept_label",
    "dataset_page",
    "email",
    "envelope",
    "file_address",
    "file_format",
    "file_page",
    "first_agent",
    "media_type",
    "period",
    "places",
    "size",
    "tags",
    "text_of",
    "web_address",
]

#: CKAN's own limit of a tag, in characters.
LONGEST_TAG = 100
_NOT_TAG = re.compile(r"[^\w \-.]")
#: What CKAN 2.9 takes for an e-mail address: HTML's rule, and dots neither doubled nor at an end.
EMAIL = re.compile(
    r"(?!\.)(?!.*\.\.)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
#: The longest address there is (RFC 5321, 4.5.3.1.3).
_LONGEST_EMAIL = 254
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][\w.+\-]{0,126}/[A-Za-z0-9][\w.+\-]{0,126}", re.ASCII)
#: PostgreSQL's bigint, in which CKAN keeps a size, holds every number of this many digits.
_SIZE_DIGITS = 18


def text_of(given: object) -> str:
    """Return a value as one text: lists and records as JSON, nothing as the empty text."""
    if given is None or given == [] or given == {}:
        return ""
    if isinstance(given, (list, tuple, dict)):
        return clean_text(json.dumps(_clean(cast(object, given)), ensure_ascii=False))
    if isinstance(given, bool):
        return "true" if given else "false"
    return clean_text(given).strip()


def _clean(given: object) -> object:
    """Return JSON of which no text holds what cannot be carried: escaped, it would come back."""
    if isinstance(given, dict):
        return {clean_text(key): _clean(each)
                for key, each in cast("dict[object, object]", given).items()}
    if isinstance(given, (list, tuple)):
        return [_clean(each) for each in cast("Iterable[object]", given)]
    return clean_text(given) if isinstance(given, str) else given


# -------------------------------------------------------------------- pages and files
def dataset_page(site: Site, record: Mapping[str, Any]) -> str:
    """Return the address of a dataset's page."""
    return f"{site.url}/dataset/{segment(record.get('name') or record.get('id') or '')}"


def file_page(site: Site, record: Mapping[str, Any], resource: Mapping[str, Any]) -> str:
    """Return the address of a file's page: the IRI RDF gives the file."""
    return (f"{site.url}/dataset/{segment(record.get('id') or '')}"
            f"/resource/{segment(resource.get('id') or '')}")


def access_level(record: Mapping[str, Any]) -> Level:
    """Return how far the files of a dataset are open, by its field and by an extra of that name."""
    said = [each.get("value") for each in as_records(record.get("extras"))
            if each.get("key") == "access_rights"]
    return level_of(*code_list(record.get("access_rights")), *said)


def file_address(site: Site, record: Mapping[str, Any], resource: Mapping[str, Any]) -> str:
    """Return where a reader fetches a file; of data that is not open only the page of the file."""
    if not access_level(record).restricted:
        for given in (resource.get("download_url"), resource.get("url")):
            found = web_address(given)
            if found:
                return found
    return file_page(site, record, resource)


def web_address(given: object) -> str:
    """Return an absolute http address fit to stand anywhere, the empty text for anything else."""
    found = iri(given) if given else None
    if found is None or urlsplit(str(found)).scheme.lower() not in ("http", "https"):
        return ""
    return str(found)


def file_format(given: object) -> str:
    """Return the name of a file format as CKAN's facet shows it: ``CSV``, never an IRI."""
    text = text_of(given)
    known = FORMATS.get(text.lower())
    return known.name if known else text[:100]


def media_type(resource: Mapping[str, Any]) -> str:
    """Return the media type of a file: as said, else of its format, else the empty text."""
    text = text_of(resource.get("mimetype"))
    if _MEDIA_TYPE.fullmatch(text):
        return text
    known = FORMATS.get(text_of(resource.get("format")).lower())
    return known.media_type if known else ""


def size(given: object) -> int | None:
    """Return a size in whole bytes, ``None`` for what is none."""
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        return None
    # Looked at before it is written out: 1e400000 would take seconds.
    if not number.is_finite() or number.adjusted() >= _SIZE_DIGITS or number < 0:
        return None
    return int(number)


# -------------------------------------------------------------------- words and people
def tags(record: Mapping[str, Any]) -> list[str]:
    """Return the keywords of a dataset and its concept, each fit to be a tag of CKAN, each once.

    CKAN takes 2 to 100 letters, digits, blanks and ``-_.``; one other character refuses the whole
    record. The concept is a keyword too (draft national schema).
    """
    named = as_list(record.get("tags")) or [
        each for each in as_list(record.get("tag_string")) for each in str(each).split(",")]
    made: dict[str, str] = {}
    for each in [*named, value(record, "konsep")]:
        found = cast("dict[str, Any]", each).get("name") if isinstance(each, dict) else each
        tag = _NOT_TAG.sub(" ", text_of(found))
        tag = " ".join(tag.split())[:LONGEST_TAG].strip()
        if len(tag) >= 2:
            made.setdefault(tag.casefold(), tag)
    return list(made.values())


def email(given: object) -> str:
    """Return one e-mail address as CKAN 2.9 accepts it, the empty text for anything else."""
    text = text_of(given).removeprefix("mailto:").strip()
    return text if len(text) <= _LONGEST_EMAIL and EMAIL.fullmatch(text) else ""


def first_agent(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the first of the people or offices a field names, an empty dict where none is."""
    found = as_records(value(record, name))
    return found[0] if found else {}


# -------------------------------------------------------------------- time and place
def period(record: Mapping[str, Any]) -> tuple[str, str]:
    """Return first and last year, month or day of all periods, as ISO 8601; empty where unsaid.

    A period without an end is one whose end is its start (the form says so).
    """
    starts: list[str] = []
    ends: list[str] = []
    for each in as_records(value(record, "temporal_coverage")):
        start, end = (_day(each.get(name)) for name in ("start", "end"))
        starts += [start] if start else []
        ends += [end or start] if end or start else []
    return min(starts, default=""), max(ends, key=_last_day, default="")


def _day(given: object) -> str:
    found = date_literal(given) if given else None
    return str(found) if found is not None else ""


def _last_day(day: str) -> str:
    """Return what sorts a year or month after every day in it."""
    return day + "-12-31"[len(day) - 4:] if len(day) in (4, 7) else day


def places(record: Mapping[str, Any]) -> list[str]:
    """Return the names of the areas and places a dataset covers, each once."""
    named = [wilayah.display(code) for code in code_list(value(record, "kode_wilayah"))]
    named += [text_of(each.get("text")) for each in as_records(value(record, "spatial_coverage"))]
    return [each for each in dict.fromkeys(named) if each]


def envelope(record: Mapping[str, Any]) -> str:
    """Return the box around the places of a dataset as GeoJSON, empty where no geometry is sound.

    A box and not the geometry: it is valid by making, every search of ckanext-spatial takes it,
    and it is small. Longitude and latitude in degrees (WGS 84), rings counter-clockwise. One point
    is a ``Point``; a line along an axis has no box and is left out.
    """
    found: list[tuple[float, float]] = []
    for place in [*as_records(value(record, "spatial_coverage")),
                  {"geom": value(record, "spatial")}]:
        for name in ("bbox", "geom", "centroid"):
            positions = _positions(place.get(name))
            if positions:
                found += positions
                break
    if not found:
        return ""
    west, east = min(x for x, _ in found), max(x for x, _ in found)
    south, north = min(y for _, y in found), max(y for _, y in found)
    if (west, south) == (east, north):
        return json.dumps({"type": "Point", "coordinates": [west, south]})
    if west == east or south == north:
        return ""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def _positions(given: object) -> list[tuple[float, float]]:
    """Return every position of a GeoJSON object, none where one of them is not on the earth."""
    try:
        waiting: list[Any] = [json.loads(given) if isinstance(given, str) else given]
    except (ValueError, RecursionError):
        return []
    found: list[tuple[float, float]] = []
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += [cast("dict[str, Any]", each).get(name) for name in
                        ("coordinates", "geometry", "geometries", "features")]
        elif isinstance(each, list) and each:
            items = cast("list[Any]", each)
            if not isinstance(items[0], (int, float)):
                waiting += items
            elif (len(items) > 1 and _is_degree(items[0], 180) and _is_degree(items[1], 90)):
                found.append((float(items[0]), float(items[1])))
            else:
                return []
    return found


def _is_degree(given: object, most: int) -> bool:
    return (isinstance(given, (int, float)) and not isinstance(given, bool)
            and -most <= given <= most)


def concept_label(name: str, code: object) -> str:
    """Return the Indonesian label of a code, or the code where it is of no list of ours."""
    text = text_of(code)
    known = vocabulary.get(name)
    return known[text].label_id if text in known else text
