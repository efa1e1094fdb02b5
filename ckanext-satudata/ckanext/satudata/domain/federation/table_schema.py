"""The columns of a file as Table Schema v2, from what its form or its table says of them.

What stands in ``skema`` was checked when it was written, by the rules of version 1: here what
version 2 does not allow is left out, so that no column takes the description of all others with
it. Source: https://datapackage.org/standard/table-schema/ and its profile 2.0.

Our own keys of a column stay: ``konsep``, ``satuan``, ``ukuran``, ``kode_referensi``, ``ms_var``.
A column of codes also says ``rdfType`` (it holds SKOS concepts) and ``kode_referensi_iri``, the
concept scheme they are of: a foreign key of the standard can only lead to a file of the package.
"""
from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.mapping import Site
from ckanext.satudata.domain.federation.plain import text_of
from ckanext.satudata.domain.federation.terms import SKOS, clean_text, segment
from ckanext.satudata.domain.metadata_columns import COLUMN_KEYS, MAX_COLUMNS, columns

__all__ = ["SCHEMA_PROFILE", "from_datastore", "table_schema"]

SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
_ANY = "any"
#: Type -> formats it may have; None: any pattern of the standard's or of strftime. The published
#: profile has no ``list``, which the words of the standard do.
_FORMATS: Mapping[str, frozenset[str] | None] = {
    "string": frozenset({"default", "email", "uri", "binary", "uuid"}),
    "number": frozenset({"default"}), "integer": frozenset({"default"}),
    "boolean": frozenset({"default"}), "date": None, "time": None, "datetime": None,
    "year": frozenset({"default"}), "yearmonth": frozenset({"default"}),
    "duration": frozenset({"default"}), "object": frozenset({"default"}),
    "array": frozenset({"default"}),
    "geopoint": frozenset({"default", "array", "object"}),
    "geojson": frozenset({"default", "topojson"}), _ANY: frozenset({"default"}),
}
_DATASTORE: Mapping[str, str] = {
    "text": "string", "int": "integer", "int2": "integer", "int4": "integer", "int8": "integer",
    "integer": "integer", "bigint": "integer", "numeric": "number", "float": "number",
    "float4": "number", "float8": "number", "double precision": "number", "real": "number",
    "bool": "boolean", "boolean": "boolean", "date": "date", "time": "time",
    "timestamp": "datetime", "timestamptz": "datetime", "json": "object", "jsonb": "object",
}


def _is_text(given: object) -> bool:
    return isinstance(given, str) and clean_text(given) == given


def _is_count(given: object) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and given >= 0


def _is_whole(given: object) -> bool:
    return isinstance(given, int) and not isinstance(given, bool)


def _is_number(given: object) -> bool:
    return _is_whole(given) or (isinstance(given, float) and math.isfinite(given))


def _is_bool(given: object) -> bool:
    return isinstance(given, bool)


def _all(is_one: Callable[[object], bool]) -> Callable[[object], bool]:
    def is_list(given: object) -> bool:
        items = cast("list[Any]", given) if isinstance(given, list) else []
        return bool(items) and all(is_one(each) for each in items) and len(
            {json.dumps(each) for each in items}) == len(items)
    return is_list


_EVERY: Mapping[str, Callable[[object], bool]] = {"required": _is_bool, "unique": _is_bool}
_ORDERED = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
#: Type -> its constraints, and what each may be.
_CONSTRAINTS: Mapping[str, Mapping[str, Callable[[object], bool]]] = {
    "string": {"pattern": _is_text, "enum": _all(_is_text), "minLength": _is_count,
               "maxLength": _is_count},
    "integer": {"enum": _all(_is_whole), **dict.fromkeys(_ORDERED, _is_whole)},
    "year": dict.fromkeys(_ORDERED, _is_whole),
    "number": {"enum": _all(_is_number), **dict.fromkeys(_ORDERED, _is_number)},
    **{kind: dict.fromkeys(_ORDERED, _is_text) for kind in ("date", "time", "datetime")},
}


def table_schema(given: object, site: Site) -> dict[str, Any] | None:
    """Return the columns of a file, ``None`` where nothing sound is known of them.

    A column without a sound name, or two of one, would shift what is said of all behind it: then
    nothing is said.

    :param given: ``skema`` of a resource, a JSON text or an object
    """
    listed = columns(given)
    # A name that would have to be changed is not the one in the file any more.
    named = [str(each["name"]) if _is_text(each.get("name")) else "" for each in listed]
    if (not listed or len(listed) > MAX_COLUMNS or not all(each.strip() for each in named)
            or len(set(named)) < len(named)):
        return None
    made: dict[str, Any] = {
        "fields": [_field(each, name, site) for each, name in zip(listed, named, strict=True)]}
    whole = _object(given)
    missing = _texts(whole.get("missingValues"))
    made["missingValues"] = missing if missing is not None else [""]
    key = whole.get("primaryKey")
    wanted = _texts([key] if isinstance(key, str) else key)
    if wanted and set(wanted) <= set(named):
        made["primaryKey"] = wanted
    return made


def from_datastore(fields: Iterable[Mapping[str, Any]], dumped: bool, site: Site) -> dict[
        str, Any] | None:
    """Return the columns of a table that is in the datastore.

    :param fields: as ``datastore_info`` gives them: ``id``, ``type``, ``info``
    :param dumped: the file is made of the table, so its rows are numbered
    """
    listed: list[dict[str, Any]] = [{"name": "_id", "type": "integer"}] if dumped else []
    for each in fields:
        info = cast("dict[str, Any]", each.get("info")) if isinstance(
            each.get("info"), dict) else {}
        listed.append({
            "name": each.get("id"), "type": _DATASTORE.get(text_of(each.get("type")), _ANY),
            "title": info.get("label"), "description": info.get("notes"),
            "satuan": info.get("satuan")})
    return table_schema({"fields": listed}, site)


def _field(given: Mapping[str, Any], name: str, site: Site) -> dict[str, Any]:
    kind = given.get("type") or "string"
    kind = kind if kind in _FORMATS else _ANY
    made: dict[str, Any] = {"name": name, "type": kind}
    form, formats = given.get("format"), _FORMATS[kind]
    if isinstance(form, str) and form and (formats is None or form in formats):
        made["format"] = clean_text(form)
    for key in ("title", "description", *COLUMN_KEYS):
        if isinstance(given.get(key), str) and (text := text_of(given[key])):
            made[key] = text
    limits = _object(given.get("constraints"))
    allowed = {**_EVERY, **_CONSTRAINTS.get(kind, {})}
    kept = {key: limits[key] for key, is_fit in allowed.items() if is_fit(limits.get(key))}
    if kept:
        made["constraints"] = kept
    for key in ("bareNumber", "decimalChar", "groupChar"):
        if kind in ("number", "integer") and key in given and (
                _is_bool if key == "bareNumber" else _is_text)(given[key]):
            made[key] = given[key]
    for key in ("trueValues", "falseValues"):
        if kind == "boolean" and _all(_is_text)(given.get(key)):
            made[key] = given[key]
    scheme = _scheme(made.get("kode_referensi"), site)
    if scheme:
        made |= {"rdfType": str(SKOS.Concept), "kode_referensi_iri": scheme}
    return made


def _scheme(reference: str | None, site: Site) -> str:
    """Return the concept scheme the codes of a column are of, empty where it is none of ours."""
    if reference and (reference == "wilayah" or reference in vocabulary.names()):
        return f"{site.url}/kode-referensi/{segment(reference)}"
    return ""


def _object(given: object) -> dict[str, Any]:
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            return {}
    return cast("dict[str, Any]", given) if isinstance(given, dict) else {}


def _texts(given: object) -> list[str] | None:
    """Return a list of texts, each once; ``None`` for what is no list of only texts."""
    if not isinstance(given, list):
        return None
    items = cast("list[Any]", given)
    return list(dict.fromkeys(items)) if all(_is_text(each) for each in items) else None
