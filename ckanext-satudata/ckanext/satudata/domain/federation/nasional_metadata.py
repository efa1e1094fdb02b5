"""What data.go.id's CKAN gets to read of a kegiatan (MS-Keg) or an indikator (MS-Ind).

Like datasets (``nasional``): its harvester keeps CKAN's own fields and extras and drops every
other field, so each field of the form becomes an extra of its name, lists and blocks as JSON. The
type stays what it is: the reader takes such records, and its lists of datasets leave them out.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ckanext.satudata.domain.federation.mapping import Site
from ckanext.satudata.domain.federation.nasional import file_record, shortened, stamp
from ckanext.satudata.domain.federation.nasional_rules import CORE_FIELDS, NEVER_AN_EXTRA
from ckanext.satudata.domain.federation.nasional_table import as_name
from ckanext.satudata.domain.federation.plain import (
    access_level,
    email,
    first_agent,
    tags,
    text_of,
    web_address,
)
from ckanext.satudata.domain.federation.terms import as_records, date_literal, segment

__all__ = ["KINDS", "flattened_metadata", "withdrawn_metadata"]

#: Types of the packages that describe data.
KINDS = ("kegiatan", "indikator")


def flattened_metadata(
    record: Mapping[str, Any], site: Site, changed_at: datetime, fields: Iterable[str],
) -> dict[str, Any]:
    """Return what the view's ``package_show`` answers for one public kegiatan or indikator.

    :param record: what our own ``package_show`` gives to anybody
    :param changed_at: when it last changed; a time without a zone is UTC
    :param fields: names of the fields of its form; what is none of them does not travel
    """
    kind = text_of(record.get("type"))
    organization = first_agent(record, "organization")
    page = f"{site.url}/{segment(kind)}/{segment(text_of(record.get('name')))}"
    flat: dict[str, Any] = {
        "id": text_of(record.get("id")), "type": kind, "state": "active", "private": False,
        "metadata_modified": stamp(changed_at),
        "name": as_name(text_of(record.get("name"))) or as_name(f"{kind}-{record.get('id')}"),
        "title": shortened(text_of(record.get("title")) or text_of(record.get("name"))
                           or text_of(record.get("id"))),
        "notes": shortened(text_of(record.get("notes"))),
        "owner_org": text_of(record.get("owner_org")),
        "author": text_of(organization.get("title")) or text_of(organization.get("name")),
        "maintainer": site.walidata_name or site.government,
        "maintainer_email": email(site.walidata_email),
        "license_id": text_of(record.get("license_id"))[:1000],
        "url": web_address(record.get("url")) or page,
        "tags": [{"name": tag, "display_name": tag, "state": "active"} for tag in tags(record)],
    }
    extras: dict[str, str] = {"halaman": page}
    if record.get("access_rights"):
        extras["accessRights"] = access_level(record).value
    for name in fields:
        given = _written(record.get(name))
        if not given or name in CORE_FIELDS or name in NEVER_AN_EXTRA:
            continue
        if not name.endswith("_date") or date_literal(given) is not None:
            extras.setdefault(name, given)
    flat = {name: given for name, given in flat.items() if given not in ("", None)}
    flat["extras"] = [{"key": key, "value": given} for key, given in extras.items()]
    flat["resources"] = [file_record(record, each, site)
                         for each in as_records(record.get("resources"))]
    flat["num_tags"], flat["num_resources"] = len(flat["tags"]), len(flat["resources"])
    return flat


def withdrawn_metadata(
    package_id: str, kind: str, changed_at: datetime,
) -> dict[str, Any]:
    """Return the record of one that is public no longer, by which the reader deletes its copy."""
    return {
        "id": package_id, "type": kind, "state": "deleted", "private": False,
        "metadata_modified": stamp(changed_at), "name": as_name(f"ditarik-{package_id}"),
        "title": "Metadata ditarik", "notes": "", "tags": [], "extras": [], "resources": [],
        "num_tags": 0, "num_resources": 0,
    }


def _written(given: Any) -> str:
    """Return a value as one text, empty where it says nothing or is too long for the reader."""
    return shortened(text_of(given)) if given not in (None, "", [], {}) else ""
