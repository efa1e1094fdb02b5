"""A Table Schema (standard v1 and v2) as the checks need it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ckanext.satudata.domain.errors import SatuDataError

__all__ = ["BadSchemaError", "Field", "ForeignKey", "Schema"]

_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_LENGTHS = ("minLength", "maxLength")
#: Constraints each type knows, in the order in which they are judged.
CONSTRAINTS: Mapping[str, tuple[str, ...]] = {
    "any": ("required", "enum"),
    "array": ("required", *_LENGTHS, "enum"),
    "boolean": ("required", "enum"),
    "date": ("required", *_BOUNDS, "enum"),
    "datetime": ("required", *_BOUNDS, "enum"),
    "duration": ("required", "enum"),
    "geojson": ("required", "enum"),
    "geopoint": ("required", "enum"),
    "integer": ("required", *_BOUNDS, "enum"),
    "list": ("required", *_LENGTHS),
    "number": ("required", *_BOUNDS, "enum"),
    "object": ("required", *_LENGTHS, "enum"),
    "string": ("required", *_LENGTHS, "pattern", "enum"),
    "time": ("required", *_BOUNDS, "enum"),
    "year": ("required", *_BOUNDS, "enum"),
    "yearmonth": ("required", *_BOUNDS, "enum"),
}
MATCHES = ("exact", "equal", "subset", "superset", "partial")


class BadSchemaError(SatuDataError):
    """A schema that cannot be followed; the text says which part."""


@dataclass(frozen=True)
class Field:
    """A field; ``options`` are the properties of its type (``decimalChar``, ``trueValues``)."""

    name: str
    type: str = "any"
    format: str = "default"
    missing: tuple[str, ...] = ("",)
    constraints: Mapping[str, Any] = field(default_factory=dict[str, Any])
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    reference: str | None = None

    @property
    def required(self) -> bool:
        return bool(self.constraints.get("required"))

    @property
    def unique(self) -> bool:
        return bool(self.constraints.get("unique"))

    def judged(self) -> list[tuple[str, Any]]:
        """Return the constraints a single value can break, in their order."""
        return [(name, self.constraints[name]) for name in CONSTRAINTS[self.type]
                if self.constraints.get(name) is not None]


@dataclass(frozen=True)
class ForeignKey:
    """``fields`` must be found in ``others`` of ``resource`` (empty: of the table itself)."""

    fields: tuple[str, ...]
    resource: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Schema:
    """``match`` is ``fieldsMatch`` of the standard's second version."""

    fields: tuple[Field, ...] = ()
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    match: str = "exact"

    @classmethod
    def of(cls, descriptor: Mapping[str, Any]) -> Schema:
        """Read a descriptor.

        :raises BadSchemaError: a type or constraint the standard does not know, a key of fields
            that are not there
        """
        missing = _missing(descriptor.get("missingValues", [""]))
        fields: list[Field] = []
        for number, given in enumerate(_listed(descriptor.get("fields", []), "fields"), start=1):
            if not isinstance(given, Mapping) or not isinstance(given.get("name"), str):
                raise BadSchemaError(f"Skema: kolom ke-{number} tidak punya nama.")
            fields.append(_field(given, missing))
        names = [one.name for one in fields]
        for name in names:
            if names.count(name) > 1:
                raise BadSchemaError(f"Skema: nama kolom “{name}” dipakai dua kali.")
        match = descriptor.get("fieldsMatch", "exact")
        match = match[0] if isinstance(match, list) and match else match
        if match not in MATCHES:
            raise BadSchemaError(f"Skema: fieldsMatch “{match}” tidak dikenal.")
        primary = _key(descriptor.get("primaryKey", []), names)
        foreign: list[ForeignKey] = []
        for given in _listed(descriptor.get("foreignKeys", []), "foreignKeys"):
            reference = given.get("reference", {}) if isinstance(given, Mapping) else {}
            mine = _key(given.get("fields", []), names)
            others = _words(reference.get("fields", []))
            resource = str(reference.get("resource", ""))
            if not mine or len(mine) != len(others):
                raise BadSchemaError("Skema: foreignKeys tanpa pasangan kolom.")
            if not resource:
                _key(others, names)
            foreign.append(ForeignKey(mine, resource, others))
        return cls(tuple(fields), primary, tuple(foreign), match)


def _field(given: Mapping[str, Any], missing: tuple[str, ...]) -> Field:
    kind = str(given.get("type") or "string")
    if kind not in CONSTRAINTS:
        raise BadSchemaError(f"Skema: jenis “{kind}” pada kolom “{given['name']}” tidak dikenal.")
    constraints = dict(given.get("constraints") or {})
    for name in constraints:
        if name not in (*CONSTRAINTS[kind], "unique"):
            raise BadSchemaError(
                f"Skema: batasan “{name}” tidak berlaku untuk jenis “{kind}” "
                f"(kolom “{given['name']}”).")
    own = given.get("missingValues")
    known = {"name", "type", "title", "description", "format", "missingValues", "constraints",
             "rdfType", "example", "kode_referensi"}
    form = str(given.get("format") or "default")
    return Field(
        name=given["name"], type=kind, format=form[4:] if form.startswith("fmt:") else form,
        missing=missing if own is None else _missing(own), constraints=constraints,
        options={name: value for name, value in given.items() if name not in known},
        reference=given.get("kode_referensi"))


def _missing(given: Any) -> tuple[str, ...]:
    return tuple(str(one["value"] if isinstance(one, Mapping) else one)
                 for one in _listed(given, "missingValues"))


def _listed(given: Any, what: str) -> Sequence[Any]:
    if not isinstance(given, list | tuple):
        raise BadSchemaError(f"Skema: {what} harus berupa daftar.")
    return given


def _words(given: Any) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(str(one) for one in given)


def _key(given: Any, names: Sequence[str]) -> tuple[str, ...]:
    key = _words(given)
    for name in key:
        if name not in names:
            raise BadSchemaError(f"Skema: kunci menyebut kolom “{name}” yang tidak ada.")
    return key
