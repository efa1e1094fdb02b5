"""Where each of our fields stands in a record of the national harvest view.

:data:`ROWS` and :data:`RESOURCE_ROWS` are the whole rule, :data:`LEFT_OUT` says what does not
travel and why. ``nasional`` makes records by them.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.describing import code_list, value
from ckanext.satudata.domain.federation.mapping import DATASET, Site
from ckanext.satudata.domain.federation.nasional_rules import CONTRACTOR_FIELDS, Shape
from ckanext.satudata.domain.federation.plain import (
    access_level,
    concept_label,
    dataset_page,
    email,
    envelope,
    file_format,
    first_agent,
    media_type,
    period,
    places,
    size,
    tags,
    text_of,
    web_address,
)
from ckanext.satudata.domain.federation.terms import as_list, as_records, iri, segment

__all__ = ["EXTRA", "LEFT_OUT", "RESOURCE_ROWS", "ROWS", "Record", "Row", "as_name"]

Record = Mapping[str, Any]
Make = Callable[[Record, Site], Any]
EXTRA = "extras."


@dataclass(frozen=True)
class Row:
    """Where one of our fields goes: ``title`` is CKAN's own field, ``extras.satuan`` an extra.

    ``contractor`` is where the contractor's schema has it, empty where it has no place for it;
    ``make`` gives the value, nothing where it gives nothing. A field may have several rows.
    """

    field: str
    stock: str
    contractor: str
    make: Make
    why: str = ""

    def place(self, shape: Shape) -> str:
        """Return where the value goes for a reader of that shape; empty where nowhere."""
        return self.stock if shape is Shape.CKAN else self.contractor


# ------------------------------------------------------------------- how values are made
_MANY = frozenset(row.name for row in DATASET if row.many)


def _flat(name: str) -> Make:
    """A field as one text: lists and records as JSON."""
    def make(record: Record, site: Site) -> str:
        given = value(record, name)
        if name in _MANY:
            return text_of(as_records(given) or [e for e in as_list(given) if text_of(e)])
        return text_of(given)
    return make


def _title(record: Record, site: Site) -> str:
    return text_of(value(record, "title")) or text_of(record.get("name")) or str(record.get("id"))


def _name(record: Record, site: Site) -> str:
    # Only a wish: the reader keeps the name it has, or numbers a taken one.
    return as_name(text_of(record.get("name"))) or as_name(f"data-{record.get('id')}")


def as_name(text: str) -> str:
    """Return a text as a name CKAN takes for a dataset; empty where none is left of it."""
    made = re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-")[:100]
    return made if len(made) > 1 and made not in ("new", "edit", "search") else ""


def _url(record: Record, site: Site) -> str:
    return web_address(value(record, "url")) or dataset_page(site, record)


#: The same licence in CKAN 2.9's list: another code would stand there without a name.
_LICENCES = {"cc-by-4.0": "cc-by", "cc-by-sa-4.0": "cc-by-sa"}


def _licence(record: Record, site: Site) -> str:
    given = text_of(value(record, "license_id"))
    return _LICENCES.get(given, given)[:1000]


def _licence_address(record: Record, site: Site) -> str:
    given, known = text_of(value(record, "license_id")), vocabulary.get("lisensi")
    return known[given].iri if given in known else web_address(given)


def _producer(record: Record, site: Site) -> str:
    organization = first_agent(record, "organization")
    return (text_of(organization.get("title")) or text_of(organization.get("name"))
            or text_of(first_agent(record, "creator").get("name")))


def _person(field: str, part: str) -> Make:
    def make(record: Record, site: Site) -> str:
        given = first_agent(record, field).get(part)
        if part == "email":
            return email(given)
        return web_address(given) if part in ("url", "uri") else text_of(given)
    return make


def _latest(record: Record, site: Site) -> str:
    return max((text_of(each) for each in as_list(value(record, "prioritas_tahun"))), default="")


def _if_several(name: str) -> Make:
    """The whole list, where its first place holds only one of it."""
    def make(record: Record, site: Site) -> str:
        several = len(as_list(value(record, name))) > 1
        return _flat(name)(record, site) if several else ""
    return make


def _label(name: str, of: str) -> Make:
    return lambda record, site: concept_label(of, value(record, name))


def _unit(record: Record, site: Site) -> str:
    code, known = text_of(value(record, "satuan")), vocabulary.get("satuan")
    return (known[code].notation or known[code].label_id) if code in known else code


def _pages(name: str, kind: str) -> Make:
    """The address of a kegiatan or indikator: its name alone means nothing elsewhere."""
    def make(record: Record, site: Site) -> str:
        made = [str(iri(code) or f"{site.url}/{kind}/{segment(code)}")
                for code in code_list(value(record, name))]
        return text_of(made) if name in _MANY else "".join(made[:1])
    return make


def _place_addresses(record: Record, site: Site) -> str:
    found = [web_address(e.get("uri")) for e in as_records(value(record, "spatial_coverage"))]
    return next((each for each in found if each), "")


# ------------------------------------------------------------------- the table
def _extra(
    field: str, make: Make | None = None, name: str = "", contractor: str | None = None,
    why: str = "",
) -> Row:
    """A row of an extra; where the contractor's schema has a field of its name, that field."""
    name = name or field
    if contractor is None:
        contractor = name if name in CONTRACTOR_FIELDS else EXTRA + name
    return Row(field, EXTRA + name, contractor, make or _flat(field), why)


def _core(field: str, make: Make, name: str = "", why: str = "") -> Row:
    return Row(field, name or field, name or field, make, why)


_PERSON = ("uri", "name", "email", "url", "identifier")

#: Fields of a dataset, in the order of its form, and where each goes.
ROWS: tuple[Row, ...] = (
    _core("title", _title),
    _core("name", _name),
    _core("owner_org", lambda record, site: text_of(record.get("owner_org")),
          why="Only looked at where the source has remote_orgs; by id, never by name."),
    _core("owner_org", _producer, "author",
          why="The OPD: the owner there is the organization of the harvest source."),
    Row("owner_org", "", "produsen_data_name", _producer),
    _core("notes", _flat("notes")),
    _extra("unit_produsen"),
    _extra("urusan"),
    _extra("jenis_data", contractor="jenis"),
    _extra("jenis_statistik"),
    _core("tag_string", lambda record, site: tags(record), "tags"),
    _extra("id_dds"),
    _extra("kode_dssd"),
    _extra("aplikasi_asal"),
    _extra("kegunaan"),
    _extra("language"),
    _core("license_id", _licence),
    _extra("license_id", _licence_address, "lisensi",
           why="CKAN's list has no version of a licence; this address has."),
    _core("url", _url, why="The page of the dataset here, where it names no other."),
    _core("version", lambda record, site: text_of(value(record, "version"))[:100]),
    _extra("version_notes"),
    _extra("seri"),
    _extra("identifier"),
    _extra("alternate_identifier"),
    _extra("kategori", why="Facet of data.go.id: an extra of this name in either shape."),
    Row("kategori", "", "theme", _flat("kategori"), "Labelled Kategori there."),
    _extra("theme", contractor=EXTRA + "theme_uri", why="There, theme is the kategori."),
    _extra("id_sds"),
    _extra("konsep", why="And a tag."),
    _extra("definisi"),
    _extra("klasifikasi"),
    _extra("satuan", _unit, why="The sign: a code means nothing without our list."),
    _extra("ukuran"),
    _extra("id_kegiatan", _pages("id_kegiatan", "kegiatan")),
    _extra("id_indikator", _pages("id_indikator", "indikator")),
    _extra("id_kegiatan_mms"),
    _extra("id_indikator_mms"),
    _extra("identitas_rekomendasi"),
    _extra("cara_pengumpulan_data"),
    _extra("provenance"),
    _extra("conforms_to"),
    _extra("sifat_angka"),
    _extra("putus_seri"),
    _extra("documentation"),
    _extra("data_induk"),
    _extra("kunci_induk"),
    _extra("nama_induk"),
    _extra("temporal_coverage", lambda record, site: period(record)[0], "temporal_start"),
    _extra("temporal_coverage", lambda record, site: period(record)[1], "temporal_end"),
    _extra("temporal_coverage", _if_several("temporal_coverage")),
    _extra("referensi_waktu"),
    _extra("tingkat_penyajian"),
    _extra("kode_wilayah"),
    _extra("kode_wilayah", lambda record, site: "; ".join(places(record)), "spatial_text"),
    _extra("cakupan_pelaporan"),
    _extra("spatial_coverage", lambda record, site: envelope(record), "spatial",
           why="Any value of it there hides the banner and says ISO 19115: only a sound box."),
    _extra("spatial_coverage", _place_addresses, "spatial_uri"),
    _extra("frequency", _label("frequency", "frekuensi"), "accrualPeriodicity",
           why="Words: Periode Data is a text there."),
    _extra("jadwal_rilis"),
    _extra("prioritas_tahun", _latest,
           why="Facet and badge compare one whole value, so the latest year alone."),
    _extra("prioritas_tahun", _if_several("prioritas_tahun"), "prioritas_tahun_semua"),
    _extra("kriteria_prioritas"),
    _extra("indikator_prioritas"),
    _extra("issued"),
    _extra("modified"),
    _core("contact", lambda record, site: site.walidata_name or site.government, "maintainer",
          why="The walidata answers for what the portal publishes (Perpres 39/2019 art. 16)."),
    _core("contact", lambda record, site: email(site.walidata_email), "maintainer_email"),
    *(_extra(field, _person(field, part), f"{field}_{part}")
      for field in ("contact", "creator", "publisher") for part in _PERSON),
    _core("creator", _person("creator", "email"), "author_email"),
    _extra("publisher_type", why="The contractor's list has no desa; it goes without."),
    _extra("access_rights", lambda record, site: access_level(record).value, "accessRights"),
    _extra("kategori_kip"),
    _extra("dasar_hukum"),
    _extra("uji_konsekuensi"),
    _extra("keputusan_pembatasan"),
    _extra("rights"),
)


def _resource(field: str, make: Make | None = None) -> Row:
    return Row(field, field, field, make or (lambda resource, site: text_of(resource.get(field))))


def _digest(resource: Record, site: Site) -> str:
    return text_of(resource.get("hash")) or text_of(resource.get("sha256"))


def _algorithm(resource: Record, site: Site) -> str:
    if text_of(resource.get("hash")):
        return text_of(resource.get("hash_algorithm"))
    return "sha256" if text_of(resource.get("sha256")) else ""


#: Fields of a file; its address is made by ``nasional.flattened``, which knows whose it is.
RESOURCE_ROWS: tuple[Row, ...] = (
    _resource("name"),
    _resource("description"),
    _resource("format", lambda resource, site: file_format(resource.get("format"))),
    _resource("mimetype", lambda resource, site: media_type(resource)),
    _resource("size", lambda resource, site: size(resource.get("size"))),
    _resource("hash", _digest),
    _resource("hash_algorithm", _algorithm),
    *(_resource(name) for name in (
        "jenis_berkas", "skema", "license", "rights", "status", "availability", "language",
        "conforms_to", "temporal_resolution", "issued", "modified")),
)

#: Fields of a file that do not travel under their own name, and why.
LEFT_OUT: Mapping[str, str] = {
    "url": "Made with the dataset: restricted data gives only the page of the file.",
    "download_url": "Is the url where it is given: a reader takes one address.",
    "access_url": "A page or an API; the reader would take it for the file.",
    "sha256": "Is the hash where no other is given.",
    "asal_resource_id": "Only while a revision is in work.",
    "mentah_sha256": "Of the raw file, which is never public.",
    "mentah_nama": "Of the raw file, which is never public.",
    "mentah_tabel": "Of the raw file, which is never public.",
}
