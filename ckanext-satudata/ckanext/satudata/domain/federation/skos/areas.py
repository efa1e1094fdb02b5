"""Kode wilayah, of Kemendagri and of BPS, as they are published: 91,000 codes each, in pages."""
from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rdflib import Literal
from rdflib.term import Node

from ckanext.satudata.domain import wilayah, wilayah_bps, wilayah_letak
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.federation.skos.entries import Entry, Match, Scheme
from ckanext.satudata.domain.federation.skos.lists import OUR_LICENCE, package_version
from ckanext.satudata.domain.federation.terms import DCAT, DCT, RDF, RDFS, SKOS, URIRef
from ckanext.satudata.domain.months import MONTHS
from ckanext.satudata.domain.wilayah import Wilayah
from ckanext.satudata.domain.wilayah_bps import AreaOfBps, Doubt

__all__ = ["AREAS", "AREAS_OF_BPS", "AreaScheme", "BpsScheme"]

_WKT = URIRef("http://www.opengis.net/ont/geosparql#wktLiteral")
#: Names of the two vocabularies that are no lists.
AREAS, AREAS_OF_BPS = "wilayah", "wilayah_bps"
_WHY: Mapping[Doubt, tuple[str, str]] = {
    Doubt.SPLIT: (
        "BPS ({edition}) masih menghitung bagian yang sejak itu menjadi wilayah lain, jadi "
        "padanannya dekat, tidak persis.",
        "BPS ({edition}) still counts parts that became another area since, so the two are close "
        "and not the same.",
    ),
    Doubt.NAME: (
        "Nama di daftar BPS ({edition}) berbeda dari nama di daftar Kemendagri, jadi padanannya "
        "dekat, tidak persis.",
        "BPS ({edition}) and Kemendagri name it differently, so the two are close and not the "
        "same.",
    ),
}


class AreaScheme(Scheme):
    """Kode wilayah of Kemendagri, in force and retired."""

    name = AREAS
    title_id, title_en = "Kode wilayah", "Area codes"
    licence = "odc-odbl"
    columns = ("kode", "nama", "nama_lengkap", "tingkat", "jenis", "induk", "kode_bps",
               "berlaku_sampai", "pengganti", "pendahulu")

    def __init__(self) -> None:
        about = wilayah.about()
        self.note_id = (
            "Kode wilayah administrasi pemerintahan: provinsi, kabupaten/kota, kecamatan, desa dan "
            f"kelurahan, menurut {about.decree}. Kode {about.retired_decree} yang tidak berlaku "
            "lagi tetap ada dan menyebut penggantinya."
        )
        self.note_en = (
            "Codes of Indonesia's provinces, regencies and cities, districts and villages by "
            f"{about.decree}. Retired codes of {about.retired_decree} stay and name their "
            "successors."
        )
        self.source = f"{about.decree}; {about.source}"
        self.issued = date.fromisoformat(about.decree_date)
        self.version = about.decree

    @property
    def size(self) -> int:
        return wilayah.count() + wilayah.count_retired()

    def entry(self, code: str) -> Entry:
        return _area(wilayah.get(code))

    def window(self, offset: int, limit: int) -> list[Entry]:
        return [_area(each) for each in wilayah.window(offset, limit)]

    def find(self, text: str, limit: int) -> list[Entry]:
        return [_area(each) for each in wilayah.search(text, limit=limit)]

    def tops(self) -> Sequence[str]:
        return [each.code for each in wilayah.children()]

    def labels(self, code: str) -> tuple[str, str]:
        name = wilayah.get(code).name
        return name, name

    def row(self, entry: Entry) -> Mapping[str, str]:
        return self._row(wilayah.get(entry.code))

    def rows(self, offset: int, limit: int) -> Iterator[Mapping[str, str]]:
        yield from map(self._row, wilayah.window(offset, limit))

    @staticmethod
    def _row(of: Wilayah) -> Mapping[str, str]:
        return {
            "kode": of.code, "nama": of.name, "nama_lengkap": of.full_name, "tingkat": of.level,
            "jenis": of.kind, "induk": of.parent, "kode_bps": wilayah_bps.kode_for(of.code),
            "berlaku_sampai": of.valid_to.isoformat() if of.valid_to else "",
            "pengganti": of.successor, "pendahulu": "|".join(wilayah.predecessors(of.code)),
        }


def _area(of: Wilayah) -> Entry:
    more: list[tuple[URIRef, Node]] = [
        (RDF.type, DCT.Location),
        (RDFS.label, Literal(wilayah.display(of.code))),
        (DCT.identifier, Literal(of.code)),
        (DCT.type, URIRef(f"tingkat_penyajian/{of.level}")),
    ]
    lies = wilayah_letak.get(of.code)
    if lies is not None:
        more += [(DCAT.bbox, Literal(lies.box, datatype=_WKT)),
                 (DCAT.centroid, Literal(lies.centre, datatype=_WKT))]
    narrower = tuple(each.code for each in wilayah.children(of.code)) if of.in_force else ()
    return Entry(
        of.code, of.name, of.name, (of.full_name,) if of.full_name != of.name else (),
        broader=of.parent if of.in_force else "", narrower=narrower,
        part_of="" if of.in_force or not _is_known(of.parent) else of.parent,
        matches=_at_bps(of), first_day=of.valid_from, last_day=of.valid_to,
        retired=not of.in_force, successor=of.successor,
        predecessors=wilayah.predecessors(of.code), more=tuple(more),
    )


def _is_known(code: str) -> bool:
    """Say whether either list has the code; of one retired area the older list lacks the parent."""
    try:
        wilayah.get(code)
    except UnknownCodeError:
        return False
    return True


def _at_bps(of: Wilayah) -> tuple[Match, ...]:
    """Return the codes of BPS of an area: its own, and near it those of what it took over."""
    found: list[Match] = []
    bps = wilayah_bps.kode_for(of.code)
    if bps:
        found.append((_relation(wilayah_bps.get(bps)), f"{AREAS_OF_BPS}/{bps}"))
    for before in wilayah.predecessors(of.code):
        theirs = wilayah_bps.kode_for(before)
        if theirs:
            found.append((SKOS.closeMatch, f"{AREAS_OF_BPS}/{theirs}"))
    return tuple(found)


def _relation(of: AreaOfBps) -> URIRef:
    return SKOS.exactMatch if of.doubt is None else SKOS.closeMatch


class BpsScheme(Scheme):
    """Codes of BPS, and what they are at Kemendagri."""

    name = AREAS_OF_BPS
    title_id, title_en = "Kode wilayah BPS", "Area codes of BPS"
    licence = OUR_LICENCE
    columns = ("kode", "nama", "tingkat", "induk", "kode_kemendagri", "padanan", "keterangan")

    def __init__(self) -> None:
        edition = wilayah_bps.edition()
        in_id, in_en = _month()
        self.note_id = (
            "Kode wilayah Badan Pusat Statistik dan padanannya pada kode Kemendagri, menurut "
            f"jembatan kode BPS {in_id}."
        )
        self.note_en = (
            "Area codes of BPS, Statistics Indonesia, and what they are at Kemendagri, by the "
            f"bridging of BPS of {in_en}."
        )
        self.source = f"BPS, sig.bps.go.id, {edition}"
        self.version = f"{edition}, {package_version()}"

    @property
    def size(self) -> int:
        return wilayah_bps.count()

    def entry(self, code: str) -> Entry:
        return _area_of_bps(wilayah_bps.get(code))

    def window(self, offset: int, limit: int) -> list[Entry]:
        return [self.entry(code) for code in wilayah_bps.window(offset, limit)]

    def find(self, text: str, limit: int) -> list[Entry]:
        return [_area_of_bps(each) for each in wilayah_bps.search(text, limit)]

    def tops(self) -> Sequence[str]:
        return wilayah_bps.children()

    def labels(self, code: str) -> tuple[str, str]:
        name = wilayah_bps.get(code).name
        return name, name

    def row(self, entry: Entry) -> Mapping[str, str]:
        return self._row(wilayah_bps.get(entry.code))

    def rows(self, offset: int, limit: int) -> Iterator[Mapping[str, str]]:
        yield from map(self._row, map(wilayah_bps.get, wilayah_bps.window(offset, limit)))

    @staticmethod
    def _row(of: AreaOfBps) -> Mapping[str, str]:
        return {
            "kode": of.code, "nama": of.name, "tingkat": of.level, "induk": of.parent,
            "kode_kemendagri": of.kemendagri, "padanan": "dekat" if of.doubt else "sama",
            "keterangan": _why(of)[0],
        }


def _why(of: AreaOfBps) -> tuple[str, str]:
    """Return why two codes are close and not equal, in Indonesian and English."""
    said = _WHY[of.doubt] if of.doubt else ("", "")
    in_id, in_en = (each.format(edition=month) for each, month in zip(
        said, _month(), strict=True))
    return in_id, in_en


def _month() -> tuple[str, str]:
    """Return the month of the relation in words, Indonesian and English."""
    year, _, month = wilayah_bps.edition().partition("-")
    named = next(name for name, number in MONTHS.items() if number == int(month))
    return f"{named.capitalize()} {year}", f"{calendar.month_name[int(month)]} {year}"


def _area_of_bps(of: AreaOfBps) -> Entry:
    note_id, note_en = _why(of)
    matches: list[Match] = [(_relation(of), f"{AREAS}/{of.kemendagri}")]
    heir = wilayah.get(of.kemendagri).successor
    if heir:
        matches.append((SKOS.closeMatch, f"{AREAS}/{heir}"))
    return Entry(
        of.code, of.name, of.name, note_id=note_id, note_en=note_en,
        broader=of.parent, narrower=wilayah_bps.children(of.code), matches=tuple(matches),
        more=((RDF.type, DCT.Location), (DCT.identifier, Literal(of.code)),
              (DCT.type, URIRef(f"tingkat_penyajian/{of.level}"))),
    )
