"""A dataset as Croissant 1.0 (MLCommons): its tables, so that programs read rows without asking.

Not the profile of ckanext-dcat 2.4: that knows the columns of the datastore only, whose names may
not be those in the file, has no names, citation or keys that the specification's own validator
(``mlcroissant``) takes, and goes through a graph that loses the order of columns. What is said
here is what the other forms say, see ``schema_org`` and ``data_package``. Source:
https://docs.mlcommons.org/croissant/docs/croissant-spec.html.

A file without a checksum cannot be named: the specification wants one of each.
"""
from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ckanext.satudata.domain.federation.data_package import FileFacts, data_package
from ckanext.satudata.domain.federation.mapping import Site
from ckanext.satudata.domain.federation.plain import text_of
from ckanext.satudata.domain.federation.schema_org import schema_dataset

__all__ = ["CONFORMS_TO", "CONTEXT", "as_text", "croissant"]

CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
#: As the specification gives it: whole, so that nobody has to fetch anything.
CONTEXT: Mapping[str, Any] = {
    "@language": "id", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs",
    "column": "cr:column", "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty", "samplingRate": "cr:samplingRate",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract",
    "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
    "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
    "recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex",
    "repeated": "cr:repeated", "replace": "cr:replace", "sc": "https://schema.org/",
    "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
    "transform": "cr:transform",
}
#: Type of Table Schema -> that of Croissant; the others are read as text.
_TYPES: Mapping[str, str] = {
    "integer": "sc:Integer", "year": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean",
    "date": "sc:Date", "datetime": "sc:DateTime", "time": "sc:Time",
}
#: A name that may stand in an IRI as it is, and is not taken for the number of a column.
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}")
#: Of the schema.org block; the others stand there in words Croissant has terms for itself.
_SHARED = ("name", "description", "url", "datePublished", "dateModified", "keywords",
           "inLanguage", "identifier", "sameAs", "isAccessibleForFree", "conditionsOfAccess",
           "includedInDataCatalog", "temporalCoverage", "spatialCoverage", "variableMeasured")


_AGENTS = ("creator", "publisher", "maintainer")


def croissant(
    record: Mapping[str, Any], site: Site, facts: Mapping[str, FileFacts] | None = None, *,
    citation: str = "", number: int | None = None,
) -> dict[str, Any]:
    """Return a dataset as Croissant JSON-LD; of data that is not open no file is named.

    :param record: what our own ``package_show`` gives to anybody
    :param facts: by id of the resource
    :param citation: BibTeX, which the specification asks for
    :param number: of the version that is public
    """
    said = schema_dataset(record, site)
    package = data_package(record, site, facts)
    files = [each for each in package["resources"]
             if each.get("hash", "").partition(":")[0] in ("sha256", "md5")]
    made: dict[str, Any] = {
        "@context": dict(CONTEXT), "@type": "sc:Dataset", "conformsTo": CONFORMS_TO,
        **{name: said[name] for name in _SHARED if name in said},
        **{name: _agent(said[name]) for name in _AGENTS if name in said},
        "license": [each["path"] for each in package.get("licenses", ()) if "path" in each],
        # Three numbers and nothing else: what people call the version stands in the citation.
        "version": f"{number or 1}.0.0",
        "citeAs": citation,
        "distribution": [_file(each) for each in files],
        "recordSet": [_records(each) for each in files if _is_readable(each)],
    }
    return {name: given for name, given in made.items() if given not in ("", None, [], {})}


def as_text(dataset: Mapping[str, Any]) -> str:
    """Return a dataset as it is written."""
    return json.dumps(dataset, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _agent(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return an office as the validator takes it: of schema.org it knows no narrower class."""
    return {**said, "@type": "Organization"}


def _file(resource: Mapping[str, Any]) -> dict[str, Any]:
    algorithm, _, digest = resource["hash"].partition(":")
    made = {
        "@type": "cr:FileObject", "@id": resource["name"], "name": resource["title"],
        "description": resource.get("description"), "contentUrl": resource["path"],
        "encodingFormat": resource.get("mediatype") or "application/octet-stream",
        "contentSize": f"{resource['bytes']} B" if "bytes" in resource else None,
        algorithm: digest,
    }
    return {name: given for name, given in made.items() if given not in ("", None)}


def _is_readable(resource: Mapping[str, Any]) -> bool:
    """Tell whether programs read its columns by name: the specification knows CSV with commas."""
    return ("schema" in resource and resource.get("format") == "csv"
            and "dialect" not in resource and resource.get("encoding", "utf-8") == "utf-8")


def _records(resource: Mapping[str, Any]) -> dict[str, Any]:
    name, schema = f"{resource['name']}/baris", resource["schema"]
    # A name may hold anything; an identifier is a part of an IRI.
    ids = {each["name"]: f"{name}/{each['name'] if _PLAIN.fullmatch(each['name']) else number}"
           for number, each in enumerate(schema["fields"], 1)}
    made: dict[str, Any] = {
        "@type": "cr:RecordSet", "@id": name, "name": name, "description": resource["title"],
        "key": [{"@id": ids[each]} for each in schema.get("primaryKey", ())],
        "field": [_field(each, ids[each["name"]], resource["name"]) for each in schema["fields"]],
    }
    return {name: given for name, given in made.items() if given not in ("", [])}


def _field(column: Mapping[str, Any], identifier: str, file: str) -> dict[str, Any]:
    said = [text_of(column.get(name)) for name in ("title", "description", "konsep")]
    unit = text_of(column.get("satuan"))
    # Beside its type a column says what it means: codes of which list.
    kind, scheme = _TYPES.get(column["type"], "sc:Text"), column.get("kode_referensi_iri")
    made = {
        "@type": "cr:Field", "@id": identifier, "name": column["name"],
        "description": ". ".join(dict.fromkeys(
            [each for each in said if each] + ([f"Satuan: {unit}"] if unit else []))),
        "dataType": [kind, scheme] if scheme else kind,
        "source": {"fileObject": {"@id": file}, "extract": {"column": column["name"]}},
    }
    return {name: given for name, given in made.items() if given not in ("", None)}
