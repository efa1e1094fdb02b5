"""A dataset as Data Package v2: ``datapackage.json``, alone or inside an archive with its files.

What the standard has no term for stands under ``satudata``, by the names of our fields, so that
``ckan satudata load`` reads back what was written. Source: https://datapackage.org/standard/.

A file that is not among ``resources`` is named under ``satudata.tidak_disertakan`` with the
reason. The standard wants at least one resource: where there would be none, it is the description
in RDF.
"""
from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.describing import code_list, value
from ckanext.satudata.domain.federation.mapping import DATASET, Direction, Site
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
    size,
    tags,
    text_of,
    web_address,
)
from ckanext.satudata.domain.federation.table_schema import from_datastore, table_schema
from ckanext.satudata.domain.federation.terms import as_records, clean_text, segment

__all__ = ["METADATA", "PROFILE", "FileFacts", "Reason", "as_text", "checksum", "data_package",
           "licence", "slug"]

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
#: Where the description in RDF lies in an archive.
METADATA = "metadata.ttl"
#: Formats a table may be read from with the columns that are said of it.
_TABULAR = frozenset({"csv", "tsv", "xlsx", "xls", "ods", "parquet"})
#: Code of ``lisensi`` -> what the Open Definition calls it, which the standard recommends.
_LICENCES: Mapping[str, str] = {
    "cc-by-4.0": "CC-BY-4.0", "cc-by-sa-4.0": "CC-BY-SA-4.0", "cc-zero": "CC0-1.0",
    "odc-by": "ODC-BY-1.0", "odc-odbl": "ODbL-1.0",
}
#: Fields the standard has a term for that says the same.
_SAID = frozenset({"title", "notes", "url", "version", "tags"})
_HEX = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}


class Reason:
    """Why a file of a dataset is not in its package, in the words of who reads it."""

    RESTRICTED = "Akses berkas ini dibatasi{basis}. Mintalah di {page}"
    NO_ADDRESS = "Berkas ini tidak punya alamat unduhan. Lihat {page}"
    ELSEWHERE = "Berkas ini tidak disimpan di portal. Unduh di {address}"
    MISSING = "Berkas ini tidak ditemukan di penyimpanan portal ketika paket dibuat. Lihat {page}"


@dataclass(frozen=True)
class FileFacts:
    """What is known of the bytes of a file, beside what its form says.

    :ivar path: where it lies in the archive; empty for its own address
    :ivar sha256: of the bytes, as the server counted it
    :ivar size: in bytes
    :ivar encoding: of its text; ``delimiter``: of its cells; empty where unknown
    :ivar table: fields of its table in the datastore, as ``datastore_info`` gives them
    :ivar dumped: the file is made of that table
    """

    path: str = ""
    sha256: str = ""
    size: int | None = None
    encoding: str = ""
    delimiter: str = ""
    table: Sequence[Mapping[str, Any]] = ()
    dumped: bool = False


def data_package(
    record: Mapping[str, Any], site: Site, facts: Mapping[str, FileFacts] | None = None, *,
    citation: str = "", archive: bool = False, lost: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """Return a dataset as the content of ``datapackage.json``.

    :param record: what our own ``package_show`` gives to anybody
    :param facts: by id of the resource
    :param citation: how it is cited, in a sentence
    :param archive: only what has a path in the archive is among the resources
    :param lost: ids of the files that were not found in the storage
    """
    facts = facts or {}
    title = text_of(value(record, "title")) or text_of(record.get("name")) or "Dataset"
    resources: list[dict[str, Any]] = []
    left_out: list[dict[str, str]] = []
    for each in as_records(record.get("resources")):
        known = facts.get(text_of(each.get("id")), FileFacts())
        reason = _reason(record, each, site, known, archive, lost)
        if reason:
            left_out.append(_named(record, each, site, reason))
        else:
            resources.append(_resource(record, each, site, known))
    if not resources:
        resources.append(_description(record, site, archive))
    _tell_apart(resources)
    made: dict[str, Any] = {
        "$schema": PROFILE,
        "name": slug(record.get("name") or record.get("id")) or "dataset",
        "id": f"{site.url}/dataset/{segment(record.get('id') or '')}",
        "title": title,
        "description": text_of(value(record, "notes")) or title,
        "homepage": dataset_page(site, record),
        "version": text_of(value(record, "version")),
        "created": _moment(record.get("metadata_created")),
        "licenses": _licences(value(record, "license_id"), record),
        "contributors": _contributors(record, site),
        "keywords": tags(record),
        "sources": _sources(record, site),
        "citation": citation,
        "resources": resources,
        "satudata": _ours(record) | ({"tidak_disertakan": left_out} if left_out else {}),
    }
    return {name: given for name, given in made.items() if given not in ("", [], {})}


def as_text(package: Mapping[str, Any]) -> str:
    """Return a package as it is written in ``datapackage.json``."""
    return json.dumps(package, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def slug(given: object) -> str:
    """Return a name of lower-case letters, digits, dots, dashes and underscores."""
    return re.sub(r"[^a-z0-9._-]+", "-", text_of(given).lower()).strip("-._")[:100].strip("-._")


def checksum(resource: Mapping[str, Any], known: FileFacts | None = None) -> tuple[str, str]:
    """Return algorithm and digest (hexadecimal) of a file: the server's, else what is said of it.

    Two empty texts where neither is sound.
    """
    for name, given in (("sha256", known.sha256 if known else ""),
                        ("sha256", resource.get("sha256")),
                        (resource.get("hash_algorithm") or "", resource.get("hash"))):
        digest = text_of(given).lower().removeprefix("sha256:")
        said = re.sub(r"[^a-z0-9]", "", text_of(name).lower().rpartition("_")[2])
        if re.fullmatch("[0-9a-f]{32,128}", digest):
            kinds = [kind for kind, length in _HEX.items() if length == len(digest)]
            if kinds and said in ("", kinds[0]):
                return kinds[0], digest
    return "", ""


def licence(given: object, record: Mapping[str, Any]) -> dict[str, str]:
    """Return a licence: ``name`` as the Open Definition has it, ``path``, ``title``."""
    text = text_of(given)
    if not text:
        return {}
    known = vocabulary.get("lisensi").match(text)
    if known is not None:
        made = {"name": _LICENCES.get(known.code, known.code), "path": known.iri,
                "title": known.label_id}
    else:
        address = web_address(text) or web_address(record.get("license_url"))
        made = {"name": "" if web_address(text) else re.sub(r"[^-a-zA-Z0-9._]+", "-", text)[:100],
                "path": address, "title": text_of(record.get("license_title"))}
    made = {name: each for name, each in made.items() if each}
    return made if "name" in made or "path" in made else {}


def _licences(given: object, record: Mapping[str, Any]) -> list[dict[str, str]]:
    found = licence(given, record)
    return [found] if found else []


def _contributors(record: Mapping[str, Any], site: Site) -> list[dict[str, Any]]:
    """Return produsen, government and contact; the roles are those of DataCite in their writing."""
    office, said = first_agent(record, "organization"), first_agent(record, "creator")
    contact = first_agent(record, "contact")
    made: list[dict[str, Any]] = [
        {"title": text_of(office.get("title")) or text_of(office.get("name"))
            or text_of(said.get("name")), "path": web_address(said.get("url")),
         "email": email(said.get("email")), "roles": ["creator"], "organization": site.government},
        {"title": site.government, "path": f"{site.url}/", "roles": ["publisher", "rightsHolder"]},
        {"title": text_of(contact.get("name")) or site.walidata_name,
         "path": web_address(contact.get("url")),
         "email": email(contact.get("email")) or ("" if contact else email(site.walidata_email)),
         "roles": ["contact"], "organization": site.government},
    ]
    return [{name: each for name, each in one.items() if each} for one in made if one["title"]]


def _sources(record: Mapping[str, Any], site: Site) -> list[dict[str, str]]:
    made: list[dict[str, str]] = []
    activity = text_of(value(record, "id_kegiatan"))
    if activity:
        made.append({"title": f"Kegiatan statistik {activity}",
                     "path": f"{site.url}/kegiatan/{segment(activity)}"})
    made += [{"title": concept_label("aplikasi_asal", code)}
             for code in code_list(value(record, "aplikasi_asal"))]
    return made


# ----------------------------------------------------------------------------- files
def _reason(
    record: Mapping[str, Any], resource: Mapping[str, Any], site: Site, known: FileFacts,
    archive: bool, lost: frozenset[str],
) -> str:
    """Return why a file is not among the resources, the empty text where it is."""
    page, address = file_page(site, record, resource), file_address(site, record, resource)
    if access_level(record).restricted:
        basis = text_of(value(record, "dasar_hukum"))
        return Reason.RESTRICTED.format(
            basis=f" ({basis})" if basis else "", page=dataset_page(site, record))
    if archive and known.path:
        return ""
    if archive and text_of(resource.get("id")) in lost:
        return Reason.MISSING.format(page=page)
    if address == page:
        return Reason.NO_ADDRESS.format(page=page)
    return Reason.ELSEWHERE.format(address=address) if archive else ""


def _named(
    record: Mapping[str, Any], resource: Mapping[str, Any], site: Site, reason: str
) -> dict[str, str]:
    made = {"title": _title(resource), "format": file_format(resource.get("format")),
            "homepage": file_page(site, record, resource), "alasan": reason}
    return {name: each for name, each in made.items() if each}


def _title(resource: Mapping[str, Any]) -> str:
    return text_of(resource.get("name")) or file_format(resource.get("format")) or "Berkas"


def _resource(
    record: Mapping[str, Any], resource: Mapping[str, Any], site: Site, known: FileFacts
) -> dict[str, Any]:
    path = known.path or file_address(site, record, resource)
    named = file_format(resource.get("format")).lower()
    kind = re.sub(r"[^a-z0-9.+-]+", "-", named).strip("-")
    algorithm, digest = checksum(resource, known)
    columns = table_schema(resource.get("skema"), site) or (
        from_datastore(known.table, known.dumped, site) if known.table else None)
    made: dict[str, Any] = {
        "name": slug(re.sub(r"\.[^./]*$", "", path.rpartition("/")[2])) or slug(_title(resource)),
        "path": path, "title": _title(resource),
        "description": text_of(resource.get("description")), "format": kind,
        "mediatype": media_type(resource),
        "bytes": known.size if known.size is not None else size(resource.get("size")),
        "hash": f"{algorithm}:{digest}" if digest else "",
        "homepage": file_page(site, record, resource),
        "licenses": _licences(resource.get("license"), {}),
        "jenis_berkas": text_of(resource.get("jenis_berkas")),
    }
    if kind == "xlsx" and not known.path:
        # frictionless counts nothing of a workbook it fetches, and calls any number wrong.
        del made["bytes"]
    if kind in ("csv", "tsv", "txt"):
        made["encoding"] = known.encoding
        if known.delimiter and known.delimiter != ("\t" if kind == "tsv" else ","):
            made["dialect"] = {"delimiter": known.delimiter}
    if columns is not None and kind in _TABULAR:
        made |= {"type": "table", "schema": columns}
    return {name: each for name, each in made.items() if each not in ("", None, [], {})}


def _description(record: Mapping[str, Any], site: Site, archive: bool) -> dict[str, Any]:
    page = dataset_page(site, record)
    return {"name": "metadata", "path": METADATA if archive else f"{page}.ttl",
            "title": "Metadata lengkap (DCAT)", "format": "ttl", "mediatype": "text/turtle",
            "encoding": "utf-8"}


def _tell_apart(resources: Sequence[dict[str, Any]]) -> None:
    """Give each resource a name of its own."""
    taken: set[str] = set()
    for number, each in enumerate(resources, 1):
        name = stem = each["name"] or f"berkas-{number}"
        again = 1
        while name in taken:
            again += 1
            name = f"{stem}-{again}"
        taken.add(name)
        each["name"] = name


# ------------------------------------------------------------------------ our fields
def _ours(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a dataset by our names."""
    found = {row.name: _cleaned(value(record, row.name)) for row in DATASET
             if row.direction is Direction.BOTH and row.name not in _SAID}
    return {name: each for name, each in found.items() if each not in ("", None, [], {})}


def _cleaned(given: object) -> object:
    """Return JSON that every reader takes: no number beyond all, no half a character."""
    if isinstance(given, dict):
        return {clean_text(key): _cleaned(each)
                for key, each in cast("dict[object, object]", given).items()}
    if isinstance(given, (list, tuple)):
        return [_cleaned(each) for each in cast("Sequence[object]", given)]
    if isinstance(given, float) and not math.isfinite(given):
        return None
    return clean_text(given) if isinstance(given, str) else given


def _moment(given: object) -> str:
    """Return a time of CKAN, which is UTC and does not say so."""
    try:
        at = dt.datetime.fromisoformat(text_of(given).replace("Z", "+00:00"))
        at = at.replace(tzinfo=dt.timezone.utc) if at.tzinfo is None else at
        at = at.astimezone(dt.timezone.utc).replace(microsecond=0, tzinfo=None)
        return f"{at.isoformat()}Z"
    except (ValueError, OverflowError):
        return ""
