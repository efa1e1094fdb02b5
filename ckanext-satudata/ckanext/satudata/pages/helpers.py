"""Template helpers of the public pages; none of them asks the database or the index."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from dominate import tags
from markupsafe import Markup

from ckanext.satudata import config
from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.errors import SatuDataError
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.pages import words

__all__ = [
    "satudata_activity_types",
    "satudata_brand",
    "satudata_brand_css",
    "satudata_date",
    "satudata_day_month",
    "satudata_facet_label",
    "satudata_forget_assets",
    "satudata_is_sample",
    "satudata_label",
    "satudata_languages",
    "satudata_license",
    "satudata_month",
    "satudata_month_in_full",
    "satudata_number",
    "satudata_pager",
    "satudata_period",
    "satudata_size",
]

#: Tag that marks generated figures, in the spellings CKAN may store.
SAMPLE_TAGS = frozenset({"data contoh", "data-contoh"})

#: CKAN's link to nowhere between pages that are far apart.
_GAP = re.compile(r'<li class="disabled">\s*<a href="#">...</a>\s*</li>')

#: Organizations have no tags; the demo's names start with this.
SAMPLE_PREFIX = "contoh-"

#: Languages with a complete catalog, each under its own name.
LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}

#: Facet fields whose values are codes of a vocabulary.
FACET_VOCABULARIES = {
    "access_rights": "akses",
    "frequency": "frekuensi",
    "tingkat_penyajian": "tingkat_penyajian",
    "vocab_urusan": "urusan",
}

#: Kinds of activity that streams are filtered by; CKAN shows them as its code names them.
ACTIVITY_TYPES: Mapping[str, str] = {
    "new package": N_("Data baru"),
    "changed package": N_("Data diubah"),
    "deleted package": N_("Data dihapus"),
    "follow dataset": N_("Data diikuti"),
    "new resource view": N_("Tampilan berkas baru"),
    "changed resource view": N_("Tampilan berkas diubah"),
    "deleted resource view": N_("Tampilan berkas dihapus"),
    "new organization": N_("Instansi baru"),
    "changed organization": N_("Instansi diubah"),
    "deleted organization": N_("Instansi dihapus"),
    "follow organization": N_("Instansi diikuti"),
    "new group": N_("Grup baru"),
    "changed group": N_("Grup diubah"),
    "deleted group": N_("Grup dihapus"),
    "follow group": N_("Grup diikuti"),
}

_DEFAULT_COLOURS = ("#1E3F7A", "#E8B23A")


def satudata_activity_types(types: Iterable[str] | None) -> list[tuple[str, str]]:
    """Return kinds of activity with what people read; a kind of another plugin reads as itself."""
    return [(each, tk._(ACTIVITY_TYPES[each]) if each in ACTIVITY_TYPES else each.capitalize())
            for each in types or []]


def satudata_brand() -> dict[str, Any]:
    """Return what differs from region to region: names, logo, whether this is the demo."""
    government = config.nama_pemerintah()
    logo = config.logo()
    return {
        "government": government,
        "region": government.removeprefix("Pemerintah ").strip() or government,
        "walidata": config.walidata_nama(),
        "email": config.walidata_surel(),
        "logo": tk.h.url_for_static_or_external(logo) if logo else "",
        "demo": config.demo(),
    }


def satudata_brand_css() -> str:
    """Return the style rule of the region's colours; empty while they are the default.

    Safe in a style element: the readers let nothing but ``#RRGGBB`` through.
    """
    colours = (config.warna(), config.warna_2())
    if colours == _DEFAULT_COLOURS:
        return ""
    return Markup(":root{{--sd-brand:{};--sd-brand-2:{}}}".format(*colours))


def satudata_languages() -> list[dict[str, str]]:
    """Return the other languages of this page: code, own name, address of the same page."""
    current = _lang()
    here = tk.h.current_url()
    offered = {locale.short_name for locale in tk.h.get_available_locales()}
    return [
        {"code": code, "name": name, "url": tk.h.url_for(here, locale=code)}
        for code, name in LANGUAGES.items()
        if code != current and code in offered
    ]


def satudata_label(vocabulary_name: str, code: Any) -> str:
    """Return the label of a code in the reader's language; an unknown code reads as itself."""
    try:
        return vocabulary.get(vocabulary_name)[str(code)].label(_lang())
    except SatuDataError:
        return str(code)


def satudata_license(code: str, otherwise: str | None = None) -> str:
    """Return the name of a licence in the reader's language.

    CKAN's list of licences has English names only; ours are in the vocabulary ``lisensi``.
    """
    known = vocabulary.get("lisensi").match(str(code))
    return known.label(_lang()) if known else otherwise or str(code)


def satudata_facet_label(field: str, item: Mapping[str, Any]) -> str:
    """Return what a facet value is called: a vocabulary's label, else what CKAN found."""
    if field in FACET_VOCABULARIES:
        return satudata_label(FACET_VOCABULARIES[field], item["name"])
    return str(item.get("display_name") or item["name"])


def satudata_forget_assets() -> str:
    """Let the error page load its style sheets again.

    CKAN lists each asset once a request: where a page broke halfway, its assets count as
    loaded and the error page shown instead would stand there without any style.
    """
    tk.g.pop("_webassets", None)
    return ""


def satudata_is_sample(entity: Mapping[str, Any] | None) -> bool:
    """Tell whether a dataset or organization holds generated figures and must say so."""
    if not entity:
        return False
    if any(
        isinstance(tag, Mapping) and str(tag.get("name", "")).lower() in SAMPLE_TAGS
        for tag in entity.get("tags") or []
    ):
        return True
    return bool(entity.get("is_organization")) and str(entity.get("name", "")).startswith(
        SAMPLE_PREFIX
    )


def satudata_date(value: Any) -> str:
    """Write an ISO date as "3 November 2026" in the reader's language."""
    return words.date(value, _lang())


def satudata_month(value: Any) -> str:
    """Write an ISO month as "Nov 2026" in the reader's language."""
    return words.month(value, _lang())


def satudata_day_month(value: Any) -> tuple[str, str]:
    """Split an ISO date into day and short month in the reader's language."""
    return words.day_and_month(value, _lang())


def satudata_month_in_full(value: Any) -> str:
    """Write the month of an ISO date as "November 2026" in the reader's language."""
    return words.month_in_full(value, _lang())


def satudata_number(value: float | int) -> str:
    """Write a number with the marks of the reader's language."""
    return words.number(value, _lang())


def satudata_size(count: Any) -> str:
    """Write a count of bytes ("18 KB"); an empty string where it is unknown."""
    return words.size(count, _lang())


def satudata_period(package: Mapping[str, Any]) -> str:
    """Return the years a dataset covers ("2019–2025"), or an empty string."""
    coverage = package.get("temporal_coverage")
    return words.period(coverage if isinstance(coverage, list) else None)


def satudata_pager(page: Any, **values: Any) -> Markup:
    """Write the links to the pages of a list, each with a name for who does not see arrows.

    :param page: as CKAN has it (``ckan.lib.helpers.Page``)
    :param values: for the addresses of the pages
    """
    made = str(page.pager(symbol_previous=_arrow("left", tk._("Halaman sebelumnya")),
                          symbol_next=_arrow("right", tk._("Halaman berikutnya")), **values))
    if not made:
        return Markup("")
    made = re.sub(r'(<li class="page-item active">\s*<a )', r'\1aria-current="page" ', made)
    made = _GAP.sub('<li class="page-item disabled"><span class="page-link">…</span></li>', made)
    return Markup('<nav aria-label="{}">{}</nav>').format(tk._("Halaman daftar"), Markup(made))


def _arrow(side: str, name: str) -> Any:
    return tags.span(tags.i(cls=f"fa-solid fa-chevron-{side}", aria_hidden="true"),
                     tags.span(name, cls="sd-vh"))


def _lang() -> str:
    lang = tk.h.lang() or "id"
    return "en" if str(lang).startswith("en") else "id"
