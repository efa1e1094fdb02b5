"""API actions over the vocabularies and the kode wilayah."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata.domain import vocabulary, wilayah, wilayah_bps
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.vocabulary import present
from ckanext.satudata.vocabulary.validators import plain_text

__all__ = ["satudata_vocabulary_show", "satudata_wilayah_search"]

#: More codes than any list but the kode wilayah has.
_MAX_CONCEPTS = 1000
_MAX_AREAS = 100
_MAX_OFFSET = 1_000_000


def _number(name: str, low: int, high: int) -> Any:
    def check(value: Any) -> int:
        try:
            number = int(value)
        except (TypeError, ValueError, OverflowError):
            number = low - 1
        if isinstance(value, (bool, float)) or not low <= number <= high:
            raise tk.Invalid(
                _("{name} harus bilangan bulat dari {low} sampai {high}.").format(
                    name=name, low=low, high=high
                )
            )
        return number

    return check


def _text(name: str, longest: int = 200, then: Any = str) -> list[Any]:
    # One validator: CKAN goes on to the next one after a refusal, which would get no text.
    plain = plain_text(name, longest)
    return [tk.get_validator("ignore_missing"), lambda value: then(plain(value))]


def _validated(context: Any, data_dict: Any, schema: dict[str, list[Any]]) -> dict[str, Any]:
    data, errors = tk.navl_validate(dict(data_dict or {}), schema, context)
    if errors:
        raise tk.ValidationError(errors)
    return data


def _window(most: int, usual: int) -> dict[str, list[Any]]:
    return {
        "limit": [tk.get_validator("default")(usual), _number("limit", 0, most)],
        "offset": [tk.get_validator("default")(0), _number("offset", 0, _MAX_OFFSET)],
    }


@tk.side_effect_free
def satudata_vocabulary_show(context: Any, data_dict: Any) -> dict[str, Any]:
    """Return the codes of one vocabulary, or the list of all vocabularies.

    Everything a form, a file or another portal may use as a code is here with its
    labels in both languages (Perpres 39/2019 art. 10, kode referensi).

    :param name: the vocabulary, e.g. ``frekuensi``; without it all are listed.
    :type name: string, optional
    :param code: return only this code.
    :type code: string, optional
    :param q: only codes whose code, label, notation or other spelling contains this,
        best first; at most 200 characters.
    :type q: string, optional
    :param lang: language of ``label`` and ``title``, ``id`` or ``en`` (default: the request's).
    :type lang: string, optional
    :param limit: at most so many codes, 0 to 1000 (default 1000; kode wilayah: 100).
    :type limit: int, optional
    :param offset: skip so many (default 0).
    :type offset: int, optional

    :returns: without ``name``: ``count`` and ``results``, a list of vocabularies
        (``name, title, title_id, title_en, note, size, uri``). With ``name``: the
        vocabulary with ``count`` (all that match) and ``results``, a list of codes
        (``code, label, label_id, label_en, note, notation, aliases, iri, parent,
        valid_from, valid_to, uri``; days as ISO 8601). ``iri`` is the equal concept
        of a public authority, ``uri`` our own. The vocabulary ``wilayah`` lists the
        provinces, or what ``q`` finds; see ``satudata_wilayah_search``. So does
        ``wilayah_bps``, by the codes of BPS, each with ``kode_kemendagri`` and, where the two
        are not quite the same area, ``doubt`` (``split``, ``name``).
    :rtype: dictionary

    :raises ckan.logic.NotFound: there is no such vocabulary or code.
    :raises ckan.logic.ValidationError: a parameter is out of its bounds.
    """
    tk.check_access("satudata_vocabulary_show", context, data_dict)
    data = _validated(context, data_dict, {
        "name": _text("name", 64), "code": _text("code", 64), "q": _text("q"),
        "lang": _text("lang", 16), **_window(_MAX_CONCEPTS, _MAX_CONCEPTS),
    })
    lang = data.get("lang") or present.language()
    name = data.get("name")
    if not name:
        everything = present.schemes(lang)
        return {"count": len(everything), "results": _cut(everything, data)}
    try:
        if name == present.WILAYAH:
            return _show_wilayah(data, lang)
        if name == present.WILAYAH_BPS:
            return _show_bps(data, lang)
        found = vocabulary.get(name)
        code = data.get("code")
        concepts = [found[code]] if code else found.find(data.get("q") or "")
    except UnknownCodeError as error:
        raise tk.ObjectNotFound(_missing(error)) from None
    results = [present.concept(found, each, lang) for each in _cut(concepts, data)]
    return {**present.scheme(found, lang), "count": len(concepts), "results": results}


def _cut(items: list[Any], data: dict[str, Any]) -> list[Any]:
    return items[data["offset"] : data["offset"] + data["limit"]]


def _missing(error: UnknownCodeError) -> str:
    if error.vocabulary == "vocabularies":
        return _("Tidak ada kosakata bernama “{name}”.").format(name=error.code)
    return _("Kode “{code}” tidak ada di kosakata {name}.").format(
        code=error.code, name=error.vocabulary
    )


def _show_wilayah(data: dict[str, Any], lang: str) -> dict[str, Any]:
    areas: tuple[wilayah.Wilayah, ...]
    if data.get("code"):
        areas = (wilayah.get(data["code"]),)
    elif data.get("q"):
        areas = wilayah.search(data["q"], limit=_MAX_AREAS)
    else:
        areas = wilayah.children()
    results = [present.area(each) for each in _cut(list(areas), data)]
    return {**present.wilayah_scheme(lang), "count": len(areas), "results": results}


def _show_bps(data: dict[str, Any], lang: str) -> dict[str, Any]:
    codes: tuple[str, ...]
    if data.get("code"):
        codes = (data["code"],)
    elif data.get("q"):
        codes = tuple(each.code for each in wilayah_bps.search(data["q"], limit=_MAX_AREAS))
    else:
        codes = wilayah_bps.children()
    results = [present.area_of_bps(code) for code in _cut(list(codes), data)]
    about = present.named_scheme(present.WILAYAH_BPS, lang)
    return {**about, "count": len(codes), "results": results}


@tk.side_effect_free
def satudata_wilayah_search(context: Any, data_dict: Any) -> dict[str, Any]:
    """Find kode wilayah (Kemendagri, four levels) by name or code, for autocomplete.

    Case, diacritics and punctuation do not count, "Kab.", "Kota", "Kec.", "Desa",
    "Kel." in front narrow the search, after a comma comes the area it lies in
    ("Kramatwatu, Serang"). Also understood: the beginning of a code, a code without
    dots, a code of BPS, a retired code. Order: same name, name
    that begins so, word that begins so; then from provinsi to desa; then by code.

    :param q: what the person typed, at most 200 characters; empty: what is directly
        below ``within``, or the provinces.
    :type q: string, optional
    :param level: only this level: ``provinsi``, ``kabupaten_kota``, ``kecamatan``,
        ``desa_kelurahan``.
    :type level: string, optional
    :param within: only areas in this one (its dotted code).
    :type within: string, optional
    :param limit: at most so many, 0 to 100 (default 20).
    :type limit: int, optional

    :returns: ``count`` (how many are returned) and ``results``, a list of areas:
        ``code, label, name, full_name, level, kind, parent, kode_bps, valid_from,
        valid_to, successor, uri``. ``valid_to`` is set for a retired code only;
        ``kode_bps`` is empty where BPS publishes none.
    :rtype: dictionary

    :raises ckan.logic.ValidationError: a parameter is out of its bounds.
    """
    tk.check_access("satudata_wilayah_search", context, data_dict)
    window = _window(_MAX_AREAS, 20)
    data = _validated(context, data_dict, {
        "q": _text("q"), "level": _text("level", 32, _level),
        "within": _text("within", 32, _within), "limit": window["limit"],
    })
    areas = wilayah.search(
        data.get("q") or "", data.get("level") or None, data.get("within") or None, data["limit"]
    )
    return {"count": len(areas), "results": [present.area(each) for each in areas]}


def _level(value: str) -> str:
    if value and value not in wilayah.LEVELS:
        raise tk.Invalid(
            _("Tingkat “{value}” tidak dikenal. Pilih salah satu: {levels}.").format(
                value=value, levels=", ".join(wilayah.LEVELS)
            )
        )
    return value


def _within(value: str) -> str:
    if value and not wilayah.exists(value):
        raise tk.Invalid(
            _("Kode wilayah “{value}” tidak ada. Tulis kode Kemendagri bertitik, "
              "misalnya 36.04.").format(value=value)
        )
    return value
