"""``data.json``: datasets as Project Open Data 1.1 (DCAT-US), which ``dcat_json`` harvesters read.

Sources: the metadata schema of Project Open Data 1.1 and its JSON Schema for agencies outside the
federal government, and what ckanext-dcat's harvester does with it (1.5.1 and 2.4). That one takes
lists for granted: a ``null`` where a list belongs ends its worker, a dataset without a title too.

**Why the identifier is a URN of the dataset's UUID.** The harvester looks identifiers up across
all its sources: two sources that share one switch each other's records off and make new copies
at every run. Of one portal it may have several sources, and each has an identifier of its own:
the CKAN harvester the bare UUID, the RDF harvester the IRI of the dataset. A URN is neither,
is unique in the world, and stays when the portal moves to another address.
"""
from __future__ import annotations

import json
import re
import uuid
from calendar import monthrange
from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.access import Level
from ckanext.satudata.domain.federation.describing import code_list, value
from ckanext.satudata.domain.federation.mapping import Site
from ckanext.satudata.domain.federation.plain import (
    access_level,
    concept_label,
    dataset_page,
    email,
    file_address,
    file_format,
    file_page,
    first_agent,
    media_type,
    period,
    places,
    size,
    tags,
    text_of,
    web_address,
)
from ckanext.satudata.domain.federation.terms import as_list, as_records, date_literal, segment

__all__ = ["POD_CLOSING", "POD_OPENING", "POD_SEPARATOR", "pod_bytes", "pod_dataset"]

_SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"

#: A catalog document is opening, datasets of :func:`pod_bytes` with separators between, closing.
#: UTF-8 without a byte order mark, which the harvester cannot read past.
POD_OPENING = (
    b'{"@context": "' + f"{_SCHEMA}/catalog.jsonld".encode() + b'", "@type": "dcat:Catalog", '
    b'"conformsTo": "' + _SCHEMA.encode() + b'", '
    b'"describedBy": "' + f"{_SCHEMA}/catalog.json".encode() + b'", "dataset": [\n'
)
POD_SEPARATOR = b",\n"
POD_CLOSING = b"\n]}\n"

#: How often, as a repeating interval (ISO 8601-1, 5.6). "Once" has none, nor has "less often than
#: every two years".
_INTERVALS: Mapping[str, str] = {
    "waktu_nyata": "R/PT1S", "harian": "R/P1D", "mingguan": "R/P1W", "bulanan": "R/P1M",
    "triwulanan": "R/P3M", "empat_bulanan": "R/P4M", "semesteran": "R/P6M", "tahunan": "R/P1Y",
    "dua_tahunan": "R/P2Y", "lima_tahunan": "R/P5Y", "sepuluh_tahunan": "R/P10Y",
    "sewaktu_waktu": "irregular",
}
_LEVELS: Mapping[Level, str] = {
    Level.TERBUKA: "public", Level.TERBATAS: "restricted public", Level.TERTUTUP: "non-public",
}
#: POD's limit of ``rights``, in characters.
_LONGEST_RIGHTS = 255
#: A language tag without extensions: what a portal here uses of BCP 47.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?")
_MEDIA_TYPE = re.compile(r"[-\w]+/[-\w]+(\.[-\w]+)*(\+[-\w]+)?", re.ASCII)
_BYTES = "application/octet-stream"
#: What POD takes for the address in a ``mailto:``.
_MAILBOX = re.compile(r"[\w.~!$&'*+=-]+@[\w.-]+\.[\w.-]+", re.ASCII)
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}([T ][0-9:.,]+(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?")


def pod_bytes(dataset: Mapping[str, Any]) -> bytes:
    """Return a dataset of :func:`pod_dataset` as it stands in a catalog document."""
    return json.dumps(dataset, ensure_ascii=False).encode("utf-8")


def pod_dataset(record: Mapping[str, Any], site: Site) -> dict[str, Any]:
    """Return a public dataset as POD 1.1 has it.

    Of data that is not open every file gives only ``accessURL``, its page. What a harvester
    reads as a list is one, however empty; what has no value is not there, never ``null``.

    :param record: what our own ``package_show`` gives to anybody
    """
    page = dataset_page(site, record)
    title = text_of(value(record, "title")) or text_of(record.get("name")) or page
    files = _different(
        _distribution(record, each, site) for each in as_records(record.get("resources")))
    start, end = period(record)
    made: dict[str, Any] = {
        "@type": "dcat:Dataset",
        "identifier": _identifier(record, site),
        "title": title,
        "description": text_of(value(record, "notes")) or title,
        "landingPage": web_address(value(record, "url")) or page,
        "keyword": tags(record) or ["Satu Data"],  # POD wants one
        "language": _languages(record, site),
        "issued": _moment(record, "issued", "metadata_created"),
        "modified": _moment(record, "modified", "metadata_modified"),
        "publisher": _publisher(site),
        "creator": _creator(record),
        "contactPoint": _contact(record, site),
        "accessLevel": _LEVELS[access_level(record)],
        "license": _licence(record),
        "rights": _rights(record),
        "spatial": "; ".join(places(record)),
        "temporal": f"{_first_day(start)}/{_last_day(end)}" if start and end else "",
        "accrualPeriodicity": _INTERVALS.get(text_of(value(record, "frequency")), ""),
        "theme": _themes(record),
        "conformsTo": _first_address(value(record, "conforms_to")),
        "describedBy": page if any("describedBy" in each for each in files) else "",
        "references": _unique(web_address(e) for e in as_list(value(record, "documentation"))),
    }
    if made["describedBy"]:
        made["describedByType"] = "text/html"
    kept = {name: given for name, given in made.items() if given not in ("", [], {})}
    return kept | {"language": made["language"], "distribution": files}


def _identifier(record: Mapping[str, Any], site: Site) -> str:
    given = text_of(record.get("id"))
    try:
        return uuid.UUID(given).urn
    except ValueError:  # a dataset made under an id of its own
        return f"{site.url}/dataset/{segment(given)}"


def _moment(record: Mapping[str, Any], name: str, stamp: str) -> str:
    """Return a day or time of a dataset; CKAN's own are UTC and do not say so."""
    found = date_literal(value(record, name)) if value(record, name) else None
    if found is None:
        given = text_of(record.get(stamp))
        zoned = given if re.search(r"Z$|[+-]\d\d:\d\d$", given) else f"{given}Z"
        found = date_literal(zoned) if len(given) > len("2026-01-01") else None
    text = str(found) if found is not None else ""
    return text if _DATE.fullmatch(text) else ""


def _first_day(text: str) -> str:
    """Return the first day of a year or month: POD takes only two dates of one form."""
    return (text + "-01-01"[len(text) - 4:])[:10] if len(text) in (4, 7) else text[:10]


def _last_day(text: str) -> str:
    if len(text) == len("2026"):
        return f"{text}-12-31"
    if len(text) == len("2026-02"):
        year, month = int(text[:4]), int(text[5:])
        return f"{text}-{monthrange(year or 4, month)[1]}"  # the calendar knows no year 0
    return text[:10]


def _languages(record: Mapping[str, Any], site: Site) -> list[str]:
    said = [code for code in code_list(value(record, "language")) if _LANGUAGE.fullmatch(code)]
    return _unique(said) or [site.language]


def _publisher(site: Site) -> dict[str, Any]:
    """Return the walidata; old readers know ``mbox``, newer ones ``email``."""
    name, address = site.walidata_name or site.government, email(site.walidata_email)
    made: dict[str, Any] = {"@type": "org:Organization", "name": name}
    if address:
        made |= {"mbox": address, "email": address}
    if name != site.government:
        made["subOrganizationOf"] = {"@type": "org:Organization", "name": site.government}
    return made


def _creator(record: Mapping[str, Any]) -> dict[str, Any]:
    organization, said = first_agent(record, "organization"), first_agent(record, "creator")
    name = (text_of(organization.get("title")) or text_of(organization.get("name"))
            or text_of(said.get("name")))
    if not name:
        return {}
    address = email(said.get("email"))
    return {"@type": "org:Organization", "name": name} | ({"email": address} if address else {})


def _contact(record: Mapping[str, Any], site: Site) -> dict[str, Any]:
    said = first_agent(record, "contact")
    name, address = text_of(said.get("name")), email(said.get("email"))
    if not name:
        name = site.walidata_name or site.government
        address = address or email(site.walidata_email)
    made = {"@type": "vcard:Contact", "fn": name}
    if _MAILBOX.fullmatch(address):
        made["hasEmail"] = f"mailto:{address}"
    return made


def _licence(record: Mapping[str, Any]) -> str:
    given = text_of(value(record, "license_id"))
    known = vocabulary.get("lisensi").match(given)
    return known.iri if known else web_address(given) or web_address(record.get("license_url"))


def _rights(record: Mapping[str, Any]) -> str:
    """Return why data is not open, else what else a user must know."""
    names = ("dasar_hukum", "rights") if access_level(record).restricted else ("rights",)
    text = next((found for name in names if (found := text_of(value(record, name)))), "")
    return text if len(text) <= _LONGEST_RIGHTS else text[:_LONGEST_RIGHTS - 1].rstrip() + "…"


def _themes(record: Mapping[str, Any]) -> list[str]:
    named = [concept_label("urusan", code) for code in code_list(value(record, "urusan"))]
    return _unique(named) or _unique([text_of(value(record, "kategori"))])


def _first_address(given: object) -> str:
    return next((found for each in as_list(given) if (found := web_address(each))), "")


def _unique(given: Any) -> list[str]:
    return [each for each in dict.fromkeys(given) if each]


def _different(given: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return records without those that say the same again: POD wants each once."""
    return list({json.dumps(each, sort_keys=True): each for each in given}.values())


def _distribution(
    record: Mapping[str, Any], resource: Mapping[str, Any], site: Site
) -> dict[str, Any]:
    page, address = file_page(site, record, resource), file_address(site, record, resource)
    made: dict[str, Any] = {
        "@type": "dcat:Distribution",
        "title": text_of(resource.get("name")),
        "description": text_of(resource.get("description")),
        "accessURL": web_address(resource.get("access_url")) if address != page else page,
        "downloadURL": address if address != page else "",
        "format": file_format(resource.get("format")),
        "conformsTo": _first_address(resource.get("conforms_to")),
        "byteSize": size(resource.get("size")),
    }
    made["accessURL"] = made["accessURL"] or address
    kind = media_type(resource)
    if made["downloadURL"] or kind:  # POD wants it of everything that can be downloaded
        made["mediaType"] = kind if _MEDIA_TYPE.fullmatch(kind) else _BYTES
    if resource.get("skema"):  # the columns are explained on the page of the file
        made |= {"describedBy": page, "describedByType": "text/html"}
    return {name: given for name, given in made.items() if given not in ("", None)}
