"""Lists that are not ours: of the EU, of ADMS, of IANA, and what CKAN calls their entries.

An entry that every reader knows stands in a graph instead of our own concept, or beside it.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import URIRef

from ckanext.satudata.domain.federation.terms import EU, IANA

__all__ = [
    "ADMS_LISTS",
    "AGREED",
    "AVAILABLE",
    "EU_LICENCES",
    "EU_THEMES",
    "FORMATS",
    "LICENCE_TITLES",
    "LICENCE_TYPES",
    "LICENCE_TYPE_LABELS",
    "PUBLISHER_TYPES",
    "FileFormat",
]

#: Vocabularies whose codes have a twin every reader knows: its IRI stands, not ours.
AGREED: Mapping[str, URIRef] = {
    "frekuensi": EU.frequency, "akses": EU["access-right"], "bahasa": EU.language,
}

#: How long a file of ours stands there: for years, since every published version is kept.
AVAILABLE = EU["planned-availability/AVAILABLE"]

#: The thirteen themes of the EU: label in Indonesian and English.
EU_THEMES: Mapping[str, tuple[str, str]] = {
    "AGRI": ("Pertanian, perikanan, kehutanan, dan pangan",
             "Agriculture, fisheries, forestry and food"),
    "ECON": ("Ekonomi dan keuangan", "Economy and finance"),
    "EDUC": ("Pendidikan, kebudayaan, dan olahraga", "Education, culture and sport"),
    "ENER": ("Energi", "Energy"),
    "ENVI": ("Lingkungan", "Environment"),
    "GOVE": ("Pemerintahan dan sektor publik", "Government and public sector"),
    "HEAL": ("Kesehatan", "Health"),
    "INTR": ("Isu internasional", "International issues"),
    "JUST": ("Hukum, peradilan, dan keamanan publik", "Justice, legal system and public safety"),
    "OP_DATPRO": ("Data sementara", "Provisional data"),
    "REGI": ("Wilayah dan kota", "Regions and cities"),
    "SOCI": ("Kependudukan dan masyarakat", "Population and society"),
    "TECH": ("Ilmu pengetahuan dan teknologi", "Science and technology"),
    "TRAN": ("Transportasi", "Transport"),
}

#: Licences that have a code in the EU list.
EU_LICENCES: Mapping[str, URIRef] = {
    "cc-by-4.0": EU["licence/CC_BY_4_0"],
    "cc-by-sa-4.0": EU["licence/CC_BYSA_4_0"],
    "cc-zero": EU["licence/CC0"],
    "odc-by": EU["licence/ODC_BY"],
    "odc-odbl": EU["licence/ODC_BL"],
}

#: What a stock CKAN calls them: only with this title does an old reader set license_id.
LICENCE_TITLES: Mapping[str, str] = {
    "cc-by-4.0": "Creative Commons Attribution",
    "cc-by-sa-4.0": "Creative Commons Attribution Share-Alike",
    "cc-zero": "Creative Commons CCZero",
    "odc-by": "Open Data Commons Attribution License",
    "odc-odbl": "Open Data Commons Open Database License (ODbL)",
}

#: Lists of ADMS.
ADMS_LISTS = "http://purl.org/adms/"

#: What a licence asks for, by the list of ADMS.
LICENCE_TYPES: Mapping[str, str] = {
    "cc-by-4.0": "Attribution", "cc-by": "Attribution", "odc-by": "Attribution",
    "cc-by-sa-4.0": "ViralEffect-ShareAlike", "cc-by-sa": "ViralEffect-ShareAlike",
    "odc-odbl": "ViralEffect-ShareAlike", "cc-zero": "PublicDomain", "odc-pddl": "PublicDomain",
}
LICENCE_TYPE_LABELS: Mapping[str, tuple[str, str]] = {
    "Attribution": ("Atribusi", "Attribution"),
    "ViralEffect-ShareAlike": ("Atribusi dan berbagi serupa", "Share alike"),
    "PublicDomain": ("Domain publik", "Public domain"),
}

#: ADMS publisher types: label in Indonesian and English.
PUBLISHER_TYPES: Mapping[str, tuple[str, str]] = {
    "NationalAuthority": ("Pemerintah pusat", "National authority"),
    "RegionalAuthority": ("Pemerintah provinsi", "Regional authority"),
    "LocalAuthority": ("Pemerintah daerah", "Local authority"),
}


@dataclass(frozen=True)
class FileFormat:
    """A file format: what CKAN calls it, its code in the EU list if it has one, its media type."""

    name: str
    eu: str
    media_type: str

    @property
    def iri(self) -> URIRef | None:
        """The concept of the EU file type list, nothing for what that does not know."""
        return EU[f"file-type/{self.eu}"] if self.eu else None

    @property
    def media_iri(self) -> URIRef:
        """The address of the media type at IANA."""
        return IANA[self.media_type]


_FORMATS = (
    FileFormat("CSV", "CSV", "text/csv"),
    FileFormat("TSV", "TSV", "text/tab-separated-values"),
    FileFormat("XLSX", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    FileFormat("XLS", "XLS", "application/vnd.ms-excel"),
    FileFormat("ODS", "ODS", "application/vnd.oasis.opendocument.spreadsheet"),
    FileFormat("JSON", "JSON", "application/json"),
    FileFormat("GeoJSON", "GEOJSON", "application/geo+json"),
    FileFormat("JSON-LD", "JSON_LD", "application/ld+json"),
    FileFormat("TTL", "RDF_TURTLE", "text/turtle"),
    FileFormat("RDF", "RDF_XML", "application/rdf+xml"),
    FileFormat("XML", "XML", "application/xml"),
    FileFormat("HTML", "HTML", "text/html"),
    FileFormat("PDF", "PDF", "application/pdf"),
    FileFormat("DOCX", "DOCX",
               "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    FileFormat("DOC", "DOC", "application/msword"),
    FileFormat("TXT", "TXT", "text/plain"),
    FileFormat("ZIP", "ZIP", "application/zip"),
    FileFormat("SHP", "SHP", "application/vnd.shp"),
    FileFormat("GPKG", "GPKG", "application/geopackage+sqlite3"),
    FileFormat("KML", "KML", "application/vnd.google-earth.kml+xml"),
    FileFormat("WMS", "WMS_SRVC", ""),
    FileFormat("WFS", "WFS_SRVC", ""),
    FileFormat("PNG", "PNG", "image/png"),
    FileFormat("JPEG", "JPEG", "image/jpeg"),
)

#: Formats by the name a person writes, in lower case.
FORMATS: Mapping[str, FileFormat] = {each.name.lower(): each for each in _FORMATS} | {
    "jpg": next(each for each in _FORMATS if each.name == "JPEG"),
    "parquet": FileFormat("Parquet", "", "application/vnd.apache.parquet"),
}
