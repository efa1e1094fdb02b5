"""How concepts and areas look as dictionaries: the same for actions, pages and JSON."""
from __future__ import annotations

from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.satudata import config
from ckanext.satudata.domain import vocabulary, wilayah
from ckanext.satudata.domain.vocabulary import Concept, Vocabulary
from ckanext.satudata.domain.wilayah import Wilayah

__all__ = [
    "WILAYAH", "area", "concept", "language", "scheme", "schemes", "title", "uri", "wilayah_scheme",
]

#: The one vocabulary that is not a CSV list.
WILAYAH = "wilayah"


def language() -> str:
    """Return the language of the request, outside of one the site's own."""
    chosen = tk.request.environ.get("CKAN_LANG") if has_request_context() else None
    return str(chosen or tk.config.get("ckan.locale_default") or "id")


def uri(name: str, code: str = "") -> str:
    """Return the IRI of a vocabulary or of one of its codes; it has no language in it."""
    return f"{config.alamat()}/kode-referensi/{name}" + (f"/{code}" if code else "")


def _day(day: date | None) -> str | None:
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
        "kode_bps": of.kode_bps,
        "valid_from": _day(of.valid_from),
        "valid_to": _day(of.valid_to),
        "successor": of.successor,
        "uri": uri(WILAYAH, of.code),
    }


def title(name: str, lang: str) -> str:
    """Return the title of a vocabulary."""
    if name == WILAYAH:
        return "Area codes" if lang.startswith("en") else "Kode wilayah"
    return vocabulary.get(name).title(lang)


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


def schemes(lang: str) -> list[dict[str, Any]]:
    """Return all vocabularies by title, kode wilayah among them."""
    found = [scheme(vocabulary.get(name), lang) for name in vocabulary.names()]
    return sorted([*found, wilayah_scheme(lang)], key=lambda each: each["title"].casefold())
