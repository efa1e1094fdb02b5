"""The national harvest view: what data.go.id's CKAN gets to read of a dataset.

Its CKAN harvester keeps CKAN's own fields, extras and files, and drops every other field a
scheming portal shows; so what SDI adds is written as extras of one text each. The rule is the
table in ``nasional_table``; what must not stand in a record, and why, is in ``nasional_rules``.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from ckanext.satudata.domain.federation.mapping import DATASET, Site
from ckanext.satudata.domain.federation.nasional_rules import (
    CHOICES,
    CONTRACTOR_FIELDS,
    CORE_FIELDS,
    LONGEST_VALUE,
    NEVER_AN_EXTRA,
    Shape,
    problems,
)
from ckanext.satudata.domain.federation.nasional_table import (
    EXTRA,
    LEFT_OUT,
    RESOURCE_ROWS,
    ROWS,
    Record,
    Row,
    as_name,
)
from ckanext.satudata.domain.federation.plain import access_level, file_address, text_of
from ckanext.satudata.domain.federation.terms import as_records, clean_text, date_literal

__all__ = [
    "LEFT_OUT",
    "RESOURCE_ROWS",
    "ROWS",
    "Row",
    "Shape",
    "file_record",
    "flattened",
    "problems",
    "shortened",
    "stamp",
    "withdrawn",
]

#: What names the bytes of a file: whoever guesses a small table proves the guess by it.
_OF_BYTES = frozenset({"hash", "hash_algorithm"})
_RESOURCE_ID = re.compile(r"[0-9a-zA-Z _-]{7,100}")
#: What the reader's index keeps of a name anyway.
_FREE_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,99}")


def flattened(
    record: Record, site: Site, changed_at: datetime, shape: Shape, *, inspected: bool = False
) -> dict[str, Any]:
    """Return what the national view's ``package_show`` answers for one public dataset.

    The reader takes a record only where ``metadata_modified`` is later than its own last write,
    so the caller moves ``changed_at`` with everything that can change here: the dataset, the name
    of its organization, the walidata.

    :param record: what our own ``package_show`` gives to anybody
    :param changed_at: when the record last changed; a time without a zone is UTC
    :param shape: what schema the reader has
    :param inspected: the walidata inspected this version (Perpres 39/2019 art. 34); not for data
        that was online before this portal
    :returns: a record in which :func:`problems` finds none; ``organization`` and ``groups`` are
        not in it, for the reader drops them
    """
    flat: dict[str, Any] = {
        "id": text_of(record.get("id")), "type": "dataset", "state": "active", "private": False,
        "metadata_modified": stamp(changed_at),
    }
    created = _time(record.get("metadata_created"))
    if created:
        flat["metadata_created"] = created
    extras: dict[str, str] = {}
    for row in ROWS:
        _put(row.place(shape), row.make(record, site), flat, extras)
    if inspected:
        extras["Hasil_Pemeriksaan_SKDN"] = "1"
    for key, given in _free_extras(record, shape):
        if given:
            extras.setdefault(key, given)
    flat["tags"] = [{"name": tag, "display_name": tag, "state": "active"}
                    for tag in flat.get("tags", ())]
    flat["extras"] = [{"key": key, "value": given} for key, given in extras.items()]
    flat["resources"] = [file_record(record, each, site)
                         for each in as_records(record.get("resources"))]
    flat["num_tags"], flat["num_resources"] = len(flat["tags"]), len(flat["resources"])
    return flat


def withdrawn(package_id: str, changed_at: datetime, shape: Shape) -> dict[str, Any]:
    """Return the record of a dataset that is public no longer.

    The reader deletes its copy by ``state`` and writes over it first, so that nothing of the
    content stays there; a reader that never had it makes an empty, deleted record. Both shapes
    take it.

    :param changed_at: when it left, and never later: CKAN 2.9 fails at the second deletion of one
        record, and reads it a second time only where the time moved; without a zone it is UTC
    """
    return {
        "id": package_id, "type": "dataset", "state": "deleted", "private": False,
        "metadata_modified": stamp(changed_at),
        "name": as_name(f"ditarik-{package_id}"), "title": "Data ditarik", "notes": "",
        "tags": [], "extras": [], "resources": [], "num_tags": 0, "num_resources": 0,
    }


def _put(place: str, given: Any, flat: dict[str, Any], extras: dict[str, str]) -> None:
    if not place or not given:
        return
    name = place.removeprefix(EXTRA)
    if place == "tags":
        flat[name] = given
        return
    given = shortened(given)
    if name in CHOICES and given not in CHOICES[name] and place == name:
        return
    if given and place == name:
        flat[name] = given
    elif given:
        extras[name] = given


def shortened(given: str) -> str:
    """Return a text the reader's index takes; JSON cut short would be none, so none at all."""
    if len(given.encode("utf-8")) < LONGEST_VALUE:
        return given
    if given[0] in "[{":
        return ""
    return given.encode("utf-8")[:LONGEST_VALUE - 8].decode("utf-8", "ignore").rstrip() + "…"


def _free_extras(record: Record, shape: Shape) -> Iterator[tuple[str, str]]:
    """Yield the extras that are no field of ours, as far as the reader can hold them."""
    taken = CORE_FIELDS | NEVER_AN_EXTRA | {row.field for row in ROWS} | {
        row.name for row in DATASET} | {row.place(shape).removeprefix(EXTRA) for row in ROWS}
    if shape is Shape.KONTRAKTOR:
        taken |= CONTRACTOR_FIELDS
    for extra in as_records(record.get("extras")):
        key, given = str(extra.get("key")), text_of(extra.get("value"))
        if given and key not in taken and _FREE_KEY.fullmatch(key):
            is_no_date = key.endswith("_date") and date_literal(given) is None
            yield key + "_teks" * is_no_date, shortened(given)


def file_record(record: Record, resource: Record, site: Site) -> dict[str, Any]:
    """Return a file as the reader takes it; of restricted data only the page of the file."""
    restricted = access_level(record).restricted
    made: dict[str, Any] = {"url": file_address(site, record, resource)}
    identifier = text_of(resource.get("id"))
    if _RESOURCE_ID.fullmatch(identifier):
        made["id"] = identifier
    for row in RESOURCE_ROWS:
        given = row.make(resource, site)
        if given in (None, "") or (restricted and row.field in _OF_BYTES):
            continue
        made[row.field] = shortened(given) if isinstance(given, str) else given
    for name in ("created", "last_modified"):
        moment = _time(resource.get(name))
        if moment:
            made[name] = moment
    return made


def stamp(moment: datetime) -> str:
    """Return a time as the reader compares it: text, UTC, no zone, always with microseconds."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return moment.isoformat(timespec="microseconds")


def _time(given: object) -> str:
    """Return CKAN's own time of something, empty where it is none."""
    try:
        return stamp(datetime.fromisoformat(clean_text(given).replace("Z", "+00:00")))
    except (ValueError, OverflowError):
        return ""
