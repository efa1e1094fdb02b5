"""The dataset once more in schema.org, for search engines: a block in its page.

Read by Google Dataset Search and its like, which know a page and no catalog. Terms:
https://schema.org/Dataset and https://developers.google.com/search/docs/appearance/structured-data/dataset.
What both say is taken from ``pod``.
"""
from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.data_package import checksum, licence
from ckanext.satudata.domain.federation.describing import value
from ckanext.satudata.domain.federation.mapping import Site
from ckanext.satudata.domain.federation.plain import (
    access_level,
    concept_label,
    dataset_page,
    envelope,
    file_address,
    places,
    text_of,
)
from ckanext.satudata.domain.federation.pod import pod_dataset
from ckanext.satudata.domain.federation.terms import as_records, segment

__all__ = ["schema_dataset", "script"]

#: A shorter description is not taken.
_SHORTEST = 50


def schema_dataset(record: Mapping[str, Any], site: Site) -> dict[str, Any]:
    """Return a public dataset as a schema.org ``Dataset`` (JSON-LD).

    Of data that is not open no file is named, only on what condition it is had.

    :param record: what our own ``package_show`` gives to anybody
    """
    pod, page = pod_dataset(record, site), dataset_page(site, record)
    restricted = access_level(record).restricted
    description = pod["description"]
    if len(description) < _SHORTEST:
        description = f"{pod['title']}. {description} {site.government}, Satu Data Indonesia."
    creator, publisher = pod.get("creator"), pod["publisher"]
    # By address: of two files at one, the block says one.
    digests = {file_address(site, record, each): digest
               for each in as_records(record.get("resources"))
               for name, digest in [checksum(each)] if name == "sha256"}
    made: dict[str, Any] = {
        "@context": "https://schema.org/", "@type": "Dataset",
        "@id": f"{site.url}/dataset/{segment(record.get('id') or '')}",
        "url": page, "identifier": pod["identifier"], "name": pod["title"],
        "description": description, "keywords": pod["keyword"], "inLanguage": pod["language"],
        "datePublished": pod.get("issued"), "dateModified": pod.get("modified"),
        "version": text_of(value(record, "version")),
        "license": licence(value(record, "license_id"), record).get("path"),
        "isAccessibleForFree": not restricted,
        "conditionsOfAccess": pod.get("rights") if restricted else None,
        "creator": {"@type": "GovernmentOrganization", "name": creator["name"]}
        if creator else None,
        "publisher": {"@type": "GovernmentOrganization", "name": site.government,
                      "url": f"{site.url}/"},
        "maintainer": {"@type": "GovernmentOrganization", "name": publisher["name"]},
        "includedInDataCatalog": {"@type": "DataCatalog", "url": f"{site.url}/",
                                  "name": site.title or f"Satu Data {site.government}"},
        "temporalCoverage": pod.get("temporal"),
        "spatialCoverage": _places(record),
        "variableMeasured": _variable(record),
        "measurementTechnique": concept_label(
            "cara_pengumpulan_data", value(record, "cara_pengumpulan_data")),
        "sameAs": pod["landingPage"] if pod["landingPage"] != page else None,
        "distribution": [] if restricted else [
            _file(each, digests.get(each["downloadURL"], ""))
            for each in pod["distribution"] if each.get("downloadURL")],
    }
    return {name: given for name, given in made.items() if given not in (None, "", [], {})}


def script(dataset: Mapping[str, Any]) -> str:
    """Return the block as it may stand in a ``script`` element: nothing in it ends that."""
    text = json.dumps(dataset, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _places(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [{"@type": "Place", "name": each} for each in places(record)]
    shape = json.loads(envelope(record) or "{}")
    if shape.get("type") == "Polygon":
        (west, south), _, (east, north) = shape["coordinates"][0][:3]
        found.append({"@type": "Place", "geo": {
            "@type": "GeoShape", "box": f"{south} {west} {north} {east}"}})
    return found


def _variable(record: Mapping[str, Any]) -> dict[str, Any]:
    concept, unit = text_of(value(record, "konsep")), text_of(value(record, "satuan"))
    if not concept:
        return {}
    known = vocabulary.get("satuan")
    made = {
        "@type": "PropertyValue", "name": concept,
        "description": text_of(value(record, "definisi")),
        "unitText": known[unit].notation or known[unit].label_id if unit in known else unit,
    }
    return {name: given for name, given in made.items() if given}


def _file(distribution: Mapping[str, Any], sha256: str) -> dict[str, Any]:
    size = distribution.get("byteSize")
    made = {
        "@type": "DataDownload", "name": distribution.get("title"),
        "contentUrl": distribution["downloadURL"],
        "encodingFormat": distribution.get("mediaType") or distribution.get("format"),
        "contentSize": f"{size} B" if size is not None else None,
        "sha256": sha256,
    }
    return {name: given for name, given in made.items() if given}
