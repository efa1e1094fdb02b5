"""The one table of what each field is outside: field, term, kind of value, and why.

Both directions read it: ``writing`` makes triples of a dataset dict, ``reading``
makes a dict of triples. Sources: DCAT 3 and DCAT-AP 3.0.1 for the terms,
Perpres 39/2019 and the draft national schema for the fields.

Where no standard term exists there is no private one either: every IRI of ours
must answer and mean the same on all portals. Such a field is a
``schema:PropertyValue`` named by ``schema:propertyID``, at ``<page>#<field>``.
"""
from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, unique

from rdflib import URIRef

from ckanext.satudata.domain.federation.terms import (
    ADMS,
    DCAT,
    DCATAP,
    DCT,
    DQV,
    FOAF,
    GEODCATAP,
    PROV,
    QB,
    SCHEMA,
    SPDX,
)

__all__ = [
    "DATASET",
    "DATASET_OF_OTHERS",
    "DISTRIBUTION",
    "DISTRIBUTION_OF_OTHERS",
    "Direction",
    "Field",
    "Kind",
    "Site",
]


@dataclass(frozen=True)
class Site:
    """The government an installation belongs to, as others see it.

    ``url`` has no slash at its end; ``walidata`` is the name of its organization.
    """

    url: str
    government: str
    title: str = ""
    description: str = ""
    language: str = "id"
    publisher_type: str = ""
    wilayah: str = ""
    walidata: str = ""
    walidata_name: str = ""
    walidata_email: str = ""
    licence: str = "cc-by-4.0"
    issued: str = ""
    modified: str = ""


@unique
class Kind(Enum):
    """How a value stands in the graph."""

    TEXT = "literal in the language of the portal"
    PLAIN = "literal without language"
    DATE = "typed date"
    DURATION = "xsd:duration"
    KEYWORD = "one literal a tag"
    CODE = "IRI of the concept: the agreed one of an authority, else our own"
    PAGE = "IRI of a page"
    RESOURCE = "IRI, whatever it is"
    STANDARD = "IRI of a standard, or a node with its title"
    STATEMENT = "node with the text as its label"
    NUMBER = "adms:Identifier at an IRI that holds the number"
    OWN_PAGE = "IRI of a page of the same portal"
    VALUE = "schema:PropertyValue"
    RECORDS = "schema:PropertyValue a record, each subfield another one"
    VARIABLE = "part of the one schema:variableMeasured"
    THEME = "urusan: our concept and the EU theme it maps to"
    FOREIGN_THEME = "IRI of a theme, as another portal sent it"
    AREA = "kode wilayah: dct:Location"
    PLACE = "dct:Location with geometry, as another portal sent it"
    PERIOD = "dct:PeriodOfTime"
    CONTACT = "vcard:Kind"
    AGENT = "foaf:Agent"
    LICENCE = "dct:LicenseDocument"
    URL = "address of the file"
    FORMAT = "dct:MediaTypeOrExtent"
    MEDIA_TYPE = "dct:MediaType"
    SIZE = "bytes"
    CHECKSUM = "spdx:Checksum"
    SERIES = "dcat:DatasetSeries, by the name that its datasets share"
    LEGISLATION = "eli:LegalResource, by its address where the words cite one of the state"
    LEVEL = "label of the code, in Indonesian"
    MASTER = "concept of golongan_data: it is a list that other data refer to"
    STRUCTURE = "qb:DataStructureDefinition: indikator, area, period, unit"
    QUALITY = "dqv:QualityMeasurement a principle, 0 to 100"
    CERTIFICATE = "dqv:QualityCertificate"
    SERVICE = "dcat:DataService of the whole portal"
    PACKING = "dct:MediaType of the compression"
    THEIRS = "as ckanext-dcat's profile writes it"


class Direction(Enum):
    """Which way a row is read."""

    BOTH = "written and read"
    OUT = "only written: it follows from something else"
    NEVER = "ours alone"


@dataclass(frozen=True)
class Field:
    """One row: what a field is outside.

    ``label`` names the field where it stands as a property value; ``cls`` is the
    class of the node; ``subfields`` are pairs of name and label; ``agency`` gave
    the number; ``many`` marks a list, whose order RDF does not keep. A field may have a
    second row, which is only written.
    """

    name: str
    kind: Kind
    predicate: URIRef | None
    why: str
    label: str = ""
    vocabulary: str = ""
    many: bool = False
    cls: URIRef | None = None
    agency: str = ""
    subfields: tuple[tuple[str, str], ...] = ()
    direction: Direction = Direction.BOTH


def _value(
    name: str, label: str, why: str, *, vocabulary: str = "", many: bool = False
) -> Field:
    return Field(
        name, Kind.VALUE, SCHEMA.additionalProperty, why, label, vocabulary=vocabulary, many=many
    )


def _out(
    name: str, kind: Kind, predicate: URIRef, why: str, *, vocabulary: str = "",
    cls: URIRef | None = None,
) -> Field:
    return Field(name, kind, predicate, why, vocabulary=vocabulary, cls=cls,
                 direction=Direction.OUT)


def _records(name: str, label: str, why: str, *subfields: tuple[str, str]) -> Field:
    return Field(
        name, Kind.RECORDS, SCHEMA.additionalProperty, why, label, many=True, subfields=subfields
    )


def _number(name: str, label: str, agency: str, why: str, many: bool = False) -> Field:
    return Field(name, Kind.NUMBER, ADMS.identifier, why, label, many=many, agency=agency)


_NO_TERM = "No DCAT term."
_BPS = "Badan Pusat Statistik"

#: Rows of a dataset, in the order of its form.
DATASET: tuple[Field, ...] = (
    # Identitas
    Field("title", Kind.TEXT, DCT.title, "DCAT-AP mandatory; without it a harvest stops."),
    Field("notes", Kind.TEXT, DCT.description, "DCAT-AP mandatory; the title where it is empty."),
    _value("unit_produsen", "Unit produsen", _NO_TERM),
    Field("urusan", Kind.THEME, DCAT.theme, "UU 23/2014: the topic.", vocabulary="urusan",
          many=True),
    Field("theme", Kind.FOREIGN_THEME, DCAT.theme, "Themes that are no urusan.", many=True),
    Field("jenis_data", Kind.CODE, DCT.type, "Perpres 39/2019 art. 1: decides the pembina.",
          vocabulary="jenis_data"),
    Field("jenis_statistik", Kind.CODE, DCT.type, "UU 16/1997.", vocabulary="jenis_statistik"),
    Field("tags", Kind.KEYWORD, DCAT.keyword, "DCAT-AP recommended.", many=True),
    Field("identifier", Kind.PLAIN, DCT.identifier, "DCAT-AP; its own IRI where it is empty."),
    _number("alternate_identifier", "Identifikasi lain", "", "DCAT-AP other identifier.",
            many=True),
    _number("id_dds", "Kode Daftar Data", "Forum Satu Data Indonesia", "Perpres 39/2019 art. 26."),
    _number("kode_dssd", "Kode DSSD", "Kementerian Dalam Negeri", "SIPD e-Walidata."),
    _value("aplikasi_asal", "Aplikasi asal", _NO_TERM, vocabulary="aplikasi_asal", many=True),
    _value("kegunaan", "Kegunaan data", _NO_TERM, vocabulary="kegunaan", many=True),
    Field("language", Kind.CODE, DCT.language, "DCAT-AP; EU language list.",
          vocabulary="bahasa", many=True, cls=DCT.LinguisticSystem),
    Field("license_id", Kind.LICENCE, DCT.license,
          "On each distribution for DCAT-AP, on the dataset for itself.", vocabulary="lisensi"),
    _value("kategori", "Kategori", "Facet of data.go.id."),
    Field("url", Kind.PAGE, DCAT.landingPage, "DCAT-AP; the dataset page where it is empty.",
          cls=FOAF.Document),
    Field("version", Kind.PLAIN, DCAT.version, "DCAT 3."),
    Field("version_notes", Kind.TEXT, ADMS.versionNotes, "DCAT-AP."),
    Field("seri", Kind.SERIES, DCAT.inSeries, "DCAT 3: a dataset a year, of the same OPD.",
          cls=DCAT.DatasetSeries),
    # Standar data
    _number("id_sds", "Kode Standar Data Statistik", _BPS, "Peraturan BPS 4/2020."),
    Field("konsep", Kind.VARIABLE, SCHEMA.name, "Perpres 39/2019 art. 5: what is measured."),
    Field("definisi", Kind.VARIABLE, SCHEMA.description, "Perpres 39/2019 art. 5."),
    Field("klasifikasi", Kind.VARIABLE, None, "Perpres 39/2019 art. 5; schema.org has no term.",
          "Klasifikasi"),
    Field("ukuran", Kind.VARIABLE, None, "Perpres 39/2019 art. 5; schema.org has no term.",
          "Ukuran"),
    Field("satuan", Kind.VARIABLE, SCHEMA.unitText, "Perpres 39/2019 art. 5; code as unitCode.",
          vocabulary="satuan"),
    Field("id_kegiatan", Kind.OWN_PAGE, PROV.wasGeneratedBy, "MS-Keg: what produced the data.",
          "kegiatan", cls=PROV.Activity),
    Field("id_indikator", Kind.OWN_PAGE, DCT.relation, "MS-Ind: what the data measures.",
          "indikator", many=True),
    _out("id_indikator", Kind.STRUCTURE, QB.structure,
         "RDF Data Cube: what the figures are of, for readers of statistics."),
    _number("id_kegiatan_mms", "Nomor MS-Keg", _BPS, "INDAH."),
    _number("id_indikator_mms", "Nomor MS-Ind", _BPS, "INDAH."),
    _number("identitas_rekomendasi", "Identitas rekomendasi", _BPS,
            "Peraturan BPS 4/2019; EPSS 50201."),
    _value("cara_pengumpulan_data", "Cara pengumpulan data", "MS-Keg header.",
           vocabulary="cara_pengumpulan_data"),
    Field("provenance", Kind.STATEMENT, DCT.provenance,
          "The method in words; an IRI, for old readers show a blank node's name.",
          cls=DCT.ProvenanceStatement),
    Field("conforms_to", Kind.STANDARD, DCT.conformsTo, "Perpres 39/2019 art. 4.", many=True),
    _value("sifat_angka", "Sifat angka", _NO_TERM, vocabulary="sifat_angka"),
    _records("putus_seri", "Putus seri", _NO_TERM, ("tahun", "Tahun"),
             ("penjelasan", "Penjelasan")),
    Field("documentation", Kind.PAGE, FOAF.page, "DCAT-AP.", many=True, cls=FOAF.Document),
    # Only written: the name is part of addresses of this portal, and means nothing in another.
    _out("data_induk", Kind.MASTER, DCT.type, "Perpres 39/2019 art. 10.",
         vocabulary="golongan_data"),
    *(Field(name, Kind.VALUE, SCHEMA.additionalProperty, "Perpres 39/2019 art. 10.", label,
            direction=Direction.OUT)
      for name, label in (("data_induk", "Nama Data Induk"), ("kunci_induk", "Kolom kode"),
                          ("nama_induk", "Kolom nama"))),
    # Cakupan
    Field("kode_wilayah", Kind.AREA, DCT.spatial,
          "One location, for the last one wins at old readers: of several areas the smallest "
          "that holds all, the list itself as a property value.",
          "Kode wilayah", vocabulary="wilayah", many=True),
    _value("tingkat_penyajian", "Tingkat penyajian", _NO_TERM, vocabulary="tingkat_penyajian"),
    _out("tingkat_penyajian", Kind.LEVEL, GEODCATAP.spatialResolutionAsText,
         "GeoDCAT-AP: an administrative level is no distance, so no resolution in metres.",
         vocabulary="tingkat_penyajian"),
    Field("temporal_coverage", Kind.PERIOD, DCT.temporal,
          "dcat: dates for new readers, schema: dates for data.go.id.", many=True),
    _value("referensi_waktu", "Referensi waktu", "MS-Var: the moment the figures stand for."),
    _records("cakupan_pelaporan", "Cakupan pelaporan", _NO_TERM, ("diterima", "Diterima"),
             ("seharusnya", "Seharusnya"), ("satuan", "Satuan")),
    Field("spatial_coverage", Kind.PLACE, DCT.spatial, "Places other portals sent.", many=True),
    # Prioritas dan jadwal
    Field("frequency", Kind.CODE, DCT.accrualPeriodicity, "EU frequency list.",
          vocabulary="frekuensi", cls=DCT.Frequency),
    _value("jadwal_rilis", "Jadwal rilis", "Perpres 39/2019 art. 29; no DCAT term."),
    _value("prioritas_tahun", "Tahun Data Prioritas", "Facet and badge of data.go.id.", many=True),
    _value("kriteria_prioritas", "Kriteria Data Prioritas", "Perpres 39/2019 art. 30.",
           vocabulary="kriteria_prioritas"),
    _value("indikator_prioritas", "Indikator prioritas", _NO_TERM),
    Field("issued", Kind.DATE, DCT.issued, "metadata_created where it is empty."),
    Field("modified", Kind.DATE, DCT.modified, "metadata_modified where it is empty."),
    # Kontak
    Field("contact", Kind.CONTACT, DCAT.contactPoint, "The walidata where it is empty.", many=True),
    Field("creator", Kind.AGENT, DCT.creator, "The produsen: the organization where it is empty.",
          many=True),
    Field("publisher", Kind.AGENT, DCT.publisher,
          "The government where it is empty; one only: the last wins at old readers.", many=True),
    _value("publisher_type", "Jenis penerbit", "The EU list knows no kabupaten or desa.",
           vocabulary="publisher_type"),
    # Akses
    Field("access_rights", Kind.CODE, DCT.accessRights, "EU access right list.",
          vocabulary="akses", cls=DCT.RightsStatement),
    _value("kategori_kip", "Kategori informasi publik", "UU 14/2008.", vocabulary="kategori_kip"),
    _value("dasar_hukum", "Dasar hukum pembatasan", "UU 14/2008 art. 17: in words, with articles."),
    _out("dasar_hukum", Kind.LEGISLATION, DCATAP.applicableLegislation,
         "Perpres 39/2019 of every dataset of ours; with it what restricts it."),
    _records("uji_konsekuensi", "Uji konsekuensi", "UU 14/2008 art. 19.", ("nomor", "Nomor"),
             ("tanggal", "Tanggal"), ("berlaku_sampai", "Berlaku sampai")),
    _records("keputusan_pembatasan", "Keputusan pembatasan", "Perpres 39/2019 art. 37.",
             ("nomor", "Nomor"), ("tanggal", "Tanggal")),
    Field("rights", Kind.STATEMENT, DCT.rights, "DCAT.", cls=DCT.RightsStatement),
    # Mutu
    _out("mutu", Kind.QUALITY, DQV.hasQualityMeasurement,
         "Inspection of the files: the lowest score of any of them, a principle."),
    _out("pemeriksaan", Kind.CERTIFICATE, DQV.hasQualityAnnotation,
         "Perpres 39/2019 art. 34: the walidata inspected the version that is public."),
)

#: Rows of a file.
DISTRIBUTION: tuple[Field, ...] = (
    Field("name", Kind.TEXT, DCT.title, "DCAT-AP."),
    Field("description", Kind.TEXT, DCT.description, "DCAT-AP recommended."),
    Field("url", Kind.URL, DCAT.accessURL,
          "accessURL and downloadURL: old readers know only the first. Of data that is not "
          "open the page of the file, and the portal's own address that opens it to those who were "
          "granted it.", cls=DCAT.downloadURL),
    Field("format", Kind.FORMAT, DCT["format"], "EU file type list.", cls=DCT.MediaTypeOrExtent),
    Field("mimetype", Kind.MEDIA_TYPE, DCAT.mediaType, "IANA.", cls=DCT.MediaType),
    Field("size", Kind.SIZE, DCAT.byteSize, "xsd:nonNegativeInteger."),
    Field("hash", Kind.CHECKSUM, SPDX.checksum, "The server's sha256 where it is empty."),
    Field("license", Kind.LICENCE, DCT.license, "The dataset's where it is empty.",
          vocabulary="lisensi"),
    Field("rights", Kind.STATEMENT, DCT.rights,
          "The dataset's where it is empty, else what its access right means.",
          cls=DCT.RightsStatement),
    Field("status", Kind.RESOURCE, ADMS.status, "DCAT-AP; as another portal sent it."),
    Field("availability", Kind.RESOURCE, DCATAP.availability,
          "DCAT-AP; of our own files AVAILABLE: every published version is kept."),
    Field("language", Kind.CODE, DCT.language, "DCAT-AP.", vocabulary="bahasa", many=True,
          cls=DCT.LinguisticSystem),
    Field("conforms_to", Kind.STANDARD, DCT.conformsTo, "DCAT-AP.", many=True),
    Field("temporal_resolution", Kind.DURATION, DCAT.temporalResolution, "DCAT 3."),
    Field("issued", Kind.DATE, DCT.issued, "created where it is empty."),
    Field("modified", Kind.DATE, DCT.modified, "last_modified where it is empty."),
    _out("compress_format", Kind.PACKING, DCAT.compressFormat,
         "IANA; from the end of the file name (.gz, .zip) where the format says what is inside.",
         cls=DCT.MediaType),
    _out("datastore_active", Kind.SERVICE, DCAT.accessService,
         "DCAT 3: rows by the action API of CKAN.", cls=DCAT.DataService),
    _value("jenis_berkas", "Jenis berkas", _NO_TERM, vocabulary="jenis_berkas"),
    _value("skema", "Keterangan kolom", "Frictionless Table Schema as JSON."),
    Field("sha256", Kind.CHECKSUM, SPDX.checksum, "Only the server writes it.",
          direction=Direction.NEVER),
    Field("asal_resource_id", Kind.PLAIN, None, "Only the server writes it.",
          direction=Direction.NEVER),
    *(Field(name, Kind.PLAIN, None, "Of the raw file, which is never public; in drafts only.",
            direction=Direction.NEVER)
      for name in ("mentah_sha256", "mentah_nama", "mentah_tabel")),
)


def _theirs(name: str, predicate: URIRef, why: str = "DCAT-AP.") -> Field:
    return Field(name, Kind.THEIRS, predicate, why)


#: What other portals sent and no form of ours asks for: kept as extras, written and read by
#: ckanext-dcat's own profile of DCAT-AP 3.
DATASET_OF_OTHERS: tuple[Field, ...] = (
    _theirs("applicable_legislation", DCATAP.applicableLegislation),
    _theirs("has_version", DCAT.hasVersion),
    _theirs("hvd_category", DCATAP.hvdCategory, "High-value datasets of the EU: optional."),
    _theirs("in_series", DCAT.inSeries),
    _theirs("is_referenced_by", DCT.isReferencedBy),
    _theirs("is_version_of", DCAT.isVersionOf),
    _theirs("provenance_activity", PROV.wasGeneratedBy),
    _theirs("qualified_attribution", PROV.qualifiedAttribution),
    _theirs("qualified_relation", DCAT.qualifiedRelation),
    _theirs("related_resource", DCT.relation),
    _theirs("sample", ADMS.sample),
    _theirs("series_navigation", DCAT.prev, "dcat:prev, dcat:next, dcat:first and dcat:last."),
    _theirs("source", DCT.source),
    _theirs("spatial_resolution_in_meters", DCAT.spatialResolutionInMeters),
    _theirs("temporal_resolution", DCAT.temporalResolution),
)
DISTRIBUTION_OF_OTHERS: tuple[Field, ...] = (
    _theirs("access_services", DCAT.accessService),
    _theirs("applicable_legislation", DCATAP.applicableLegislation),
    _theirs("compress_format", DCAT.compressFormat),
    _theirs("documentation", FOAF.page),
    _theirs("package_format", DCAT.packageFormat),
    _theirs("spatial_resolution_in_meters", DCAT.spatialResolutionInMeters),
)
