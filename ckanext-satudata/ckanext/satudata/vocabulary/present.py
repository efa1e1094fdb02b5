"""How concepts and areas look as dictionaries: the same for actions, pages and JSON."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.satudata import config
from ckanext.satudata.domain import vocabulary, wilayah, wilayah_bps
from ckanext.satudata.domain.federation import skos
from ckanext.satudata.domain.federation.mapping import Site
from ckanext.satudata.domain.federation.skos import Entry, Scheme
from ckanext.satudata.domain.vocabulary import Concept, Vocabulary
from ckanext.satudata.domain.wilayah import Wilayah

__all__ = [
    "WILAYAH", "WILAYAH_BPS", "area", "area_of_bps", "concept", "described", "language",
    "named_scheme", "published", "related", "scheme", "schemes", "site", "title", "today", "uri",
    "wilayah_scheme",
]

#: The vocabularies that are not CSV lists.
WILAYAH, WILAYAH_BPS = skos.AREAS, skos.AREAS_OF_BPS


def language() -> str:
    """Return the language of the request, outside of one the site's own."""
    chosen = tk.request.environ.get("CKAN_LANG") if has_request_context() else None
    return str(chosen or tk.config.get("ckan.locale_default") or "id")


def uri(name: str, code: str = "") -> str:
    """Return the IRI of a vocabulary or of one of its codes; it has no language in it."""
    return f"{_home()}/kode-referensi/{name}" + (f"/{code}" if code else "")


def _home() -> str:
    """Return the address the IRIs of datasets begin with; codes are named by the same."""
    given = str(tk.config.get("ckanext.dcat.base_uri") or "")
    return (given or config.alamat()).rstrip("/")


def site() -> Site:
    """Return who publishes the vocabularies, and the address their IRIs begin with."""
    return Site(
        url=_home(), government=config.nama_pemerintah(), walidata=config.walidata(),
        walidata_name=config.walidata_nama(), walidata_email=config.walidata_surel())


def today() -> date:
    """Return the day that decides which codes are valid."""
    return datetime.now(config.zona_waktu()).date()


def published(name: str) -> Scheme:
    """Return a vocabulary as it is published today.

    :raises UnknownCodeError: no vocabulary has that name
    """
    return skos.scheme(name, today())


def _day(day: date | datetime | None) -> str | None:
    return day.isoformat() if day else None


def concept(owner: Vocabulary, of: Concept, lang: str) -> dict[str, Any]:
    """Return one code of a vocabulary."""
    return {
        "code": of.code,
        "label": of.label(lang),
        "label_id": of.label_id,
        "label_en": of.label_en,
        "note": of.note,
        "notation": of.notation,
        "aliases": list(of.aliases),
        "iri": of.iri,
        "parent": of.parent,
        "valid_from": _day(of.valid_from),
        "valid_to": _day(of.valid_to),
        "uri": uri(owner.name, of.code),
    }


def area(of: Wilayah) -> dict[str, Any]:
    """Return one area; ``label`` is its name with the areas above up to the kab/kota."""
    return {
        "code": of.code,
        "label": wilayah.display(of.code),
        "name": of.name,
        "full_name": of.full_name,
        "level": of.level,
        "kind": of.kind,
        "parent": of.parent,
        "kode_bps": wilayah_bps.kode_for(of.code),
        "valid_from": _day(of.valid_from),
        "valid_to": _day(of.valid_to),
        "successor": of.successor,
        "uri": uri(WILAYAH, of.code),
    }


def area_of_bps(code: str) -> dict[str, Any]:
    """Return one area as BPS numbers it; ``doubt`` says why the two codes are not equal."""
    of = wilayah_bps.get(code)
    return {
        "code": of.code,
        "label": of.name,
        "name": of.name,
        "level": of.level,
        "parent": of.parent,
        "kode_kemendagri": of.kemendagri,
        "doubt": of.doubt.name.lower() if of.doubt else None,
        "uri": uri(WILAYAH_BPS, of.code),
    }


def related(of: Entry) -> list[dict[str, str]]:
    """Return what a code maps to: the relation of SKOS by its name, and the IRI."""
    return [{"relation": str(relation).rpartition("#")[2],
             "uri": target if ":" in target else uri(*target.split("/"))}
            for relation, target in of.matches]


def title(name: str, lang: str) -> str:
    """Return the title of a vocabulary."""
    found = published(name)
    return found.title_en if lang.startswith("en") else found.title_id


def described(of: Scheme, lang: str) -> dict[str, Any]:
    """Return any vocabulary without its codes, with its edition."""
    return {
        **named_scheme(of.name, lang),
        "version": of.version,
        "issued": _day(of.issued),
        "modified": _day(of.modified),
        "source": of.source,
        "licence": of.licence,
    }


def named_scheme(name: str, lang: str) -> dict[str, Any]:
    """Return a vocabulary without its codes, by its name.

    :raises UnknownCodeError: no vocabulary has that name
    """
    if name == WILAYAH:
        return wilayah_scheme(lang)
    if name == WILAYAH_BPS:
        return _bps_scheme(lang)
    return scheme(vocabulary.get(name), lang)


def scheme(of: Vocabulary, lang: str) -> dict[str, Any]:
    """Return a vocabulary without its codes."""
    return {
        "name": of.name,
        "title": of.title(lang),
        "title_id": of.title_id,
        "title_en": of.title_en,
        "note": of.note,
        "size": len(of),
        "uri": uri(of.name),
    }


def wilayah_scheme(lang: str) -> dict[str, Any]:
    """Return the kode wilayah as a vocabulary without its codes."""
    about = wilayah.about()
    return {
        "name": WILAYAH,
        "title": title(WILAYAH, lang),
        "title_id": title(WILAYAH, "id"),
        "title_en": title(WILAYAH, "en"),
        "note": tk._("Provinsi sampai desa dan kelurahan menurut {decree}.").format(
            decree=about.decree
        ),
        "size": wilayah.count(),
        "source": f"{about.source}, ODbL 1.0",
        "uri": uri(WILAYAH),
    }


def _bps_scheme(lang: str) -> dict[str, Any]:
    of = published(WILAYAH_BPS)
    return {
        "name": WILAYAH_BPS,
        "title": title(WILAYAH_BPS, lang),
        "title_id": of.title_id,
        "title_en": of.title_en,
        "note": of.note_en if lang.startswith("en") else of.note_id,
        "size": of.size,
        "source": of.source,
        "uri": uri(WILAYAH_BPS),
    }


def schemes(lang: str) -> list[dict[str, Any]]:
    """Return all vocabularies by title, the kode wilayah among them."""
    found = [named_scheme(name, lang) for name in skos.names()]
    return sorted(found, key=lambda each: each["title"].casefold())
