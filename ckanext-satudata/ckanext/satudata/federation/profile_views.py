"""``/kode-referensi/profil``: what each field is in DCAT, for people; the shapes, for machines."""
from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, make_response

from ckanext.satudata import config
from ckanext.satudata.domain.federation.mapping import Direction
from ckanext.satudata.domain.federation.profile_table import Line, lines, shapes
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.shared.answering import send_made

__all__ = ["blueprint"]

_TURTLE = "text/turtle"
#: How a value stands in a graph, for people.
_KINDS = {
    "TEXT": N_("teks berbahasa Indonesia"), "PLAIN": N_("teks tanpa bahasa"),
    "DATE": N_("tanggal"), "DURATION": N_("lama waktu (xsd:duration)"),
    "KEYWORD": N_("satu teks per kata kunci"), "CODE": N_("alamat kode"),
    "PAGE": N_("alamat halaman"), "RESOURCE": N_("alamat"),
    "STANDARD": N_("alamat standar, atau judulnya"), "STATEMENT": N_("pernyataan berlabel"),
    "NUMBER": N_("nomor dari suatu instansi (adms:Identifier)"),
    "OWN_PAGE": N_("alamat di portal ini"), "VALUE": N_("pasangan nama dan nilai"),
    "RECORDS": N_("beberapa pasangan nama dan nilai"),
    "VARIABLE": N_("bagian dari variabel yang diukur"),
    "THEME": N_("urusan, dan tema Uni Eropa padanannya"), "FOREIGN_THEME": N_("alamat tema"),
    "AREA": N_("wilayah dengan kotak batas dan titik tengahnya"), "PLACE": N_("tempat"),
    "PERIOD": N_("tanggal mulai dan selesai"), "CONTACT": N_("kontak (vcard)"),
    "AGENT": N_("lembaga (foaf:Agent)"), "LICENCE": N_("lisensi"), "URL": N_("alamat berkas"),
    "FORMAT": N_("format dari daftar Uni Eropa"), "MEDIA_TYPE": N_("jenis media IANA"),
    "SIZE": N_("bita"), "CHECKSUM": N_("sidik berkas (SPDX)"),
    "LEGISLATION": N_("peraturan, dengan alamat tempat ia dapat dibaca"),
    "LEVEL": N_("nama tingkat wilayah"), "STRUCTURE": N_("struktur kubus data (qb)"),
    "QUALITY": N_("nilai 0 sampai 100 per prinsip"), "CERTIFICATE": N_("tanda sudah diperiksa"),
    "SERVICE": N_("layanan data seluruh portal"), "PACKING": N_("jenis pemampatan IANA"),
    "SERIES": N_("seri, dengan nama yang dipakai bersama datasetnya"),
    "MASTER": N_("golongan data: daftar yang dirujuk data lain"),
    "THEIRS": N_("sebagaimana dikirim portal lain"),
}
_NEEDS = {"must": N_("Wajib"), "should": N_("Disarankan")}
_WAYS = {"ckan": "CKAN", "rdf": "RDF", "pod": "data.json"}

blueprint = Blueprint("satudata_profile", __name__)


@blueprint.route("/kode-referensi/profil", strict_slashes=False)
def show() -> Response:
    """Show the profile: a page, JSON or the shapes as Turtle, whichever is asked for."""
    best = tk.request.accept_mimetypes.best_match(
        ["text/html", "application/json", _TURTLE], "text/html")
    if best == _TURTLE:
        answer = as_turtle()
    elif best == "application/json":
        answer = as_json()
    else:
        answer = make_response(tk.render("satudata/kode_referensi/profil.html", {
            "parts": [(tk._("Dataset"), "dataset", _rows("dataset")),
                      (tk._("Berkas"), "file", _rows("file"))],
            "address": f"{config.alamat()}/kode-referensi/profil"}))
    answer.vary.add("Accept")
    return answer


@blueprint.route("/kode-referensi/profil.ttl")
def as_turtle() -> Response:
    """Answer the shapes (SHACL); their names are relative to this address."""
    return send_made(
        f"@base <{config.alamat()}/kode-referensi/profil> .\n{shapes()}".encode(),
        f"{_TURTLE}; charset=utf-8")


@blueprint.route("/kode-referensi/profil.json")
def as_json() -> Response:
    """Answer the table as JSON."""
    told = {"count": len(lines()), "results": [
        {**line._asdict(), "direction": line.direction.name.lower(), "kept": list(line.kept)}
        for line in lines()]}
    return send_made(json.dumps(told, ensure_ascii=False).encode() + b"\n", "application/json")


def _rows(of: str) -> list[dict[str, Any]]:
    """Return the rows of one class in the reader's words."""
    labels = _labels(of)
    return [_row(line, labels) for line in lines() if line.of == of]


def _row(line: Line, labels: dict[str, tuple[str, str]]) -> dict[str, Any]:
    label, source = labels.get(line.name, ("", ""))
    return {
        "name": line.name, "label": label, "source": source, "term": line.term, "iri": line.iri,
        "kind": tk._(_KINDS[line.kind]), "vocabulary": line.vocabulary,
        "need": tk._(_NEEDS[line.need]) if line.need else "", "must": line.need == "must",
        "out": line.direction is Direction.OUT,
        "kept": ", ".join(_WAYS[way] for way in line.kept),
    }


def _labels(of: str) -> dict[str, tuple[str, str]]:
    """Return label and source of each field, as the form says them."""
    schema = tk.h.scheming_get_dataset_schema("dataset")
    fields = schema["dataset_fields" if of == "dataset" else "resource_fields"] if schema else []
    found = {each["field_name"]: (tk.h.scheming_language_text(each.get("label", "")),
                                  each.get("sumber", "")) for each in fields}
    if "tag_string" in found:  # the form writes them in one
        found["tags"] = found["tag_string"]
    return found
