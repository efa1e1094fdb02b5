"""Validators of names: the address of a page, made from its title, and the organization above."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.lib.munge import munge_title_to_name
from ckanext.scheming.validation import scheming_validator

from ckanext.satudata.metadata.validators import Field, Flat, Key, Validator, label_of

__all__ = ["satudata_parent", "satudata_slug"]


@scheming_validator
def satudata_slug(field: Field, schema: Any) -> Validator:
    """Make the name from the title where none was given, and keep the old one on an update.

    Nobody should have to think of a web address. A taken name gets the next free number. Where
    there is no title either, it is the title that is missing, and the only one complained of.
    """
    of_group = "organization_type" in schema

    def validate(key: Key, data: Flat, errors: dict[Key, list[str]], context: Any) -> None:
        if errors.get(key):
            raise tk.StopOnError
        value = data.get(key)
        if value is not tk.missing and value is not None and str(value).strip():
            data[key] = str(value).strip()
            return
        existing = context.get("group" if of_group else "package")
        title = data.get(("title",))
        if existing is not None:
            data[key] = existing.name
        elif isinstance(title, str) and title.strip():
            data[key] = _free_name(title, model.Group if of_group else model.Package)
        else:
            asked = schema.get("dataset_fields") or schema["fields"]
            label = next(label_of(each) for each in asked if each["field_name"] == "title")
            complaints = errors.setdefault(("title",), [])
            if not complaints:
                complaints.append(tk._(
                    "“{label}” belum diisi. Isi dahulu; alamat halaman dibuat darinya.").format(
                        label=label))
            raise tk.StopOnError

    return validate


def _free_name(title: str, entity: Any) -> str:
    base = munge_title_to_name(title).strip("-_")[:90].strip("-_")
    if len(base) < 2:
        base = f"data-{base}" if base else "data"
    like = base.replace("_", r"\_") + "%"
    taken = {
        name
        for (name,) in model.Session.query(entity.name).filter(entity.name.like(like, escape="\\"))
    }
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


@scheming_validator
def satudata_parent(field: Field, schema: Any) -> Validator:
    """Refuse a parent organization that does not exist, is the organization, or closes a loop."""

    def validate(key: Key, data: Flat, errors: dict[Key, list[str]], context: Any) -> None:
        parent = model.Group.get(data[key])
        own = context.get("group")
        if parent is None or not parent.is_organization or parent.state != "active":
            errors[key].append(
                tk._(
                    "Instansi “{value}” di “{label}” tidak ada. Tulis alamat halamannya, "
                    "contoh kecamatan-kramatwatu."
                ).format(value=str(data[key])[:60], label=label_of(field))
            )
            raise tk.StopOnError
        if own is not None and _is_under(parent, own):
            errors[key].append(
                tk._(
                    "“{value}” di “{label}” adalah instansi ini sendiri atau bawahannya. "
                    "Pilih instansi di atasnya."
                ).format(value=parent.title or parent.name, label=label_of(field))
            )
            raise tk.StopOnError
        data[key] = parent.name

    return validate


def _is_under(organization: Any, other: Any) -> bool:
    """Tell whether `organization` is `other` or lies below it; no hierarchy is deeper than ten."""
    current = organization
    for _step in range(10):
        if current is None:
            return False
        if current.id == other.id:
            return True
        above = (current.extras or {}).get("induk")
        current = model.Group.get(above) if above else None
    return False
