"""What callers of the recap's actions send, read and bounded."""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata import config
from ckanext.satudata.domain import metadata_values, workdays
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.intake.links import end_of
from ckanext.satudata.domain.intake.recap import units as lists
from ckanext.satudata.domain.intake.recap.merging import MAX_UNITS
from ckanext.satudata.domain.intake.recap.parts import Unit
from ckanext.satudata.shared import moment, reading

__all__ = ["MAX_KIND", "MAX_TITLE", "Asked", "asked", "changes", "codes", "due_of", "needed",
           "units_of"]

MAX_TITLE, MAX_KIND = 200, 40
_KIND = re.compile(r"[A-Za-z][A-Za-z /-]*")
#: Problems of a list that are told at once.
_TOLD = 20
#: A recap is asked for within a year.
_FURTHEST = dt.timedelta(days=366)


@dataclass(frozen=True)
class Asked:
    """A recap somebody wants.

    :ivar due_at: the moment after its last day
    """

    title: str
    unit_kind: str
    units: tuple[Unit, ...]
    due_at: dt.datetime | None


def needed(data: Mapping[str, Any], name: str = "id") -> str:
    """Return the identifier a call is about.

    :raises ValidationError: none came
    """
    return _read(lambda: reading.text(dict(data), name, need=_("Isian ini wajib.")), name)


def asked(data: Mapping[str, Any]) -> Asked:
    """Read a new recap.

    :raises ValidationError: by field; of a list of units with its lines
    """
    wrong: dict[str, list[str]] = {}
    title = _into(wrong, "title", lambda: reading.text(
        dict(data), "title", MAX_TITLE, _("Tulis judul rekapnya.")))
    kind = _into(wrong, "unit_kind", lambda: _kind(data))
    due = _into(wrong, "due_at", lambda: due_of(data))
    units = _into(wrong, "units", lambda: units_of(data))
    if not wrong and not units:
        wrong["units"] = [_("Tulis sedikitnya satu unit.")]
    if wrong:
        raise tk.ValidationError(wrong)
    assert title and kind and units
    return Asked(title, kind, units, due)


def changes(data: Mapping[str, Any]) -> tuple[str | None, dt.datetime | None, tuple[Unit, ...]]:
    """Read what is to change of a recap: its title, its last day, units that come to it.

    :raises ValidationError: by field
    """
    wrong: dict[str, list[str]] = {}
    title = _into(wrong, "title", lambda: reading.text(dict(data), "title", MAX_TITLE))
    due = _into(wrong, "due_at", lambda: due_of(data))
    units = _into(wrong, "units", lambda: units_of(data))
    if wrong:
        raise tk.ValidationError(wrong)
    return title or None, due, units or ()


def _read(read: Any, name: str) -> Any:
    try:
        return read()
    except tk.Invalid as error:
        raise tk.ValidationError({name: [str(error.error)]}) from None


def _into(wrong: dict[str, list[str]], name: str, read: Any) -> Any:
    try:
        return read()
    except tk.Invalid as error:
        wrong[name] = [str(error.error)]
    except tk.ValidationError as error:
        wrong[name] = [str(each) for each in error.error_dict[name]]
    return None


def _kind(data: Mapping[str, Any]) -> str:
    found = reading.text(dict(data), "unit_kind", MAX_KIND, _(
        "Tulis apa unitnya, misalnya puskesmas."))
    if not _KIND.fullmatch(found):
        raise tk.Invalid(_("Jenis unit hanya berisi huruf dan spasi, misalnya puskesmas atau "
                           "sekolah dasar."))
    return found.lower()


def due_of(data: Mapping[str, Any]) -> dt.datetime | None:
    """Return the moment after the last day units have, None where none is said.

    :raises Invalid: no day, one gone by, or one further off than a year
    """
    value = data.get("due_at")
    if value in (None, ""):
        return None
    try:
        day = dt.date.fromisoformat(metadata_values.iso_date(value))
    except metadata_values.InvalidValueError as error:
        raise tk.Invalid(error.explain(_("Paling lambat"), _(error.message))) from None
    today = workdays.local(moment.now(), config.zona_waktu()).date()
    if not today <= day <= today + _FURTHEST:
        raise tk.Invalid(_("Pilih hari ini atau sesudahnya, paling jauh setahun."))
    return end_of(day, config.zona_waktu())


def units_of(data: Mapping[str, Any]) -> tuple[Unit, ...]:
    """Return the units of a call: ``units``, ``list`` or ``areas``.

    :raises ValidationError: what is wrong, with line and how to mend it
    """
    given = [name for name in ("units", "list", "areas") if data.get(name)]
    if not given:
        return ()
    if len(given) > 1:
        raise tk.ValidationError({"units": [_(
            "Pilih satu cara: daftar unit, teks daftar, atau kode wilayah.")]})
    if given == ["areas"]:
        return _areas(data["areas"])
    if given == ["list"]:
        if not isinstance(data["list"], str):
            raise tk.ValidationError({"units": [_("Daftar unit harus berupa teks.")]})
        found = lists.read_list(data["list"])
        return _told(found.units, found.problems)
    return _told(*lists.check([_unit(each) for each in _several(data["units"])]))


def _several(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > MAX_UNITS:
        raise tk.ValidationError({"units": [_(
            "units harus daftar dengan paling banyak {limit} unit.").format(limit=MAX_UNITS)]})
    return value


def _unit(value: Any) -> Unit:
    if not isinstance(value, dict):
        raise tk.ValidationError({"units": [_(
            "Tiap unit punya code dan name; phone dan email boleh kosong.")]})
    try:
        return Unit(*(reading.text(value, name) for name in ("code", "name", "phone", "email")))
    except tk.Invalid as error:
        raise tk.ValidationError({"units": [str(error.error)]}) from None


def _areas(value: Any) -> tuple[Unit, ...]:
    if value not in lists.LEVELS:
        raise tk.ValidationError({"units": [_("Tingkat yang dikenal: {known}.").format(
            known=", ".join(lists.LEVELS))]})
    try:
        return _told(*lists.check(lists.areas(config.wilayah(), value)))
    except UnknownCodeError:
        raise tk.ValidationError({"units": [_("Kode wilayah portal ini tidak dikenal.")]}) from None


def _told(units: tuple[Unit, ...], problems: tuple[lists.Problem, ...]) -> tuple[Unit, ...]:
    if problems:
        said = [each.message.text(_) if not each.line else _("Baris {line}: {what}").format(
            line=each.line, what=each.message.text(_)) for each in problems[:_TOLD]]
        if len(problems) > _TOLD:
            said.append(_("Dan {count} baris lain.").format(count=len(problems) - _TOLD))
        raise tk.ValidationError({"units": said})
    return units


def codes(data: Mapping[str, Any]) -> frozenset[str] | None:
    """Return the units a call names by their codes, None for all.

    :raises ValidationError: it is no list of codes
    """
    value = data.get("units")
    if value in (None, "", []):
        return None
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list) or len(value) > MAX_UNITS or any(
            not isinstance(each, str) or len(each) > MAX_TITLE for each in value):
        raise tk.ValidationError({"units": [_("units harus daftar kode unit.")]})
    return frozenset(value)
