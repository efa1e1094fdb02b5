"""Saving a form that somebody else saved meanwhile: both keep what they changed.

CKAN's form is "the last one wins": it sends every field, so whoever saves later puts back what the
other changed. Our form says what it showed (``_dasar``), and while the version is locked each field
is compared with what is stored. Without that field (a stock client) CKAN's way stands.

This runs under the guard of ``package_update`` and ``resource_update``, which holds the row lock of
the version until CKAN commits: nobody writes between the comparison and the save.
"""
from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import flask

from ckanext.satudata.domain.metadata_derive import derived
from ckanext.satudata.domain.metadata_merge import (
    Base,
    Choice,
    Side,
    merge,
    read_base,
    write_base,
)
from ckanext.satudata.metadata import form_values, presence
from ckanext.satudata.metadata.validators import label_of
from ckanext.satudata.metadata.writers import Writer, writers
from ckanext.satudata.shared import moment
from ckanext.satudata.shared import portal_facts as facts
from ckanext.satudata.shared.asking import acting

__all__ = ["BASE", "GIVEN_UP", "Asked", "Told", "base_of", "is_as_shown", "merged", "put_together",
           "shown_beside", "take_out"]

#: What the form showed, and the fields of which the person took the other's value.
BASE = "_dasar"
GIVEN_UP = "_pakai"

Field = dict[str, Any]


@dataclass
class Asked:
    """What a form said beside its fields."""

    base: Base | None
    given_up: frozenset[str] = field(default_factory=frozenset)


def base_of(fields: Mapping[str, Field], data: Mapping[str, Any]) -> str:
    """Return what a form that shows this carries of it."""
    return write_base(int(moment.now().timestamp()), form_values.stored(fields, data))


def take_out(data: dict[str, Any]) -> Asked:
    """Take what the form said beside its fields out of what is to be stored."""
    given_up = data.pop(GIVEN_UP, ())
    named = [given_up] if isinstance(given_up, str) else given_up
    return Asked(
        read_base(data.pop(BASE, None)),
        frozenset(each for each in named if isinstance(each, str))
        if isinstance(named, (list, tuple)) else frozenset())


def is_as_shown(name: str, value: Any, base: Base) -> bool:
    """Tell whether a field of one line was sent as the form showed it."""
    sent = form_values.sent({name: {"field_name": name}}, {name: value})[name]
    return base.marks.get(name) == sent.marks


@contextmanager
def merged(context: Any, data: dict[str, Any]) -> Iterator[None]:
    """Put the dataset that a form sent together with what was saved since it was opened.

    :raises ValidationError: both changed the same field; ``data`` then holds what was typed, and
        the new base, so that saving again is a decision
    """
    sent = data.get(BASE)
    asked = take_out(data)
    if asked.base is None:
        yield
        return
    try:
        package = model.Package.get(data.get("id"))
        if package is None:
            yield
            return
        schema = tk.h.scheming_get_dataset_schema(package.type) or {"dataset_fields": []}
        fields = form_values.fields_of(schema["dataset_fields"])
        now = _stored(context, package)
        told = put_together(fields, asked, data, now, package.id, _following(fields, now))
        sent = base_of(fields, now)
        told.refuse()
        yield
        told.say()
        presence.closes(package.id)
    except tk.ValidationError:
        data[BASE] = sent
        raise


def _stored(context: Any, package: model.Package) -> dict[str, Any]:
    """Return the dataset as a form would show it now, read after the lock was given."""
    if not model.Session.is_modified(package):
        model.Session.refresh(package)
    return tk.get_action("package_show")(
        acting(context, for_edit=True, use_cache=False), {"id": package.id})


def _following(fields: Mapping[str, Field], now: Mapping[str, Any]) -> set[str]:
    """Return the fields whose stored value follows from others: nobody typed it."""
    known = derived(now, now["type"], facts.agency(now.get("owner_org")), facts.installation())
    theirs = form_values.stored(fields, now)
    alike = form_values.stored({name: fields[name] for name in known if name in fields}, known)
    return {name for name, shown in alike.items() if shown.marks == theirs[name].marks}


@dataclass
class Told:
    """What has to be said of a merge: who changed what, and where a person has to choose."""

    fields: Mapping[str, Field]
    now: Mapping[str, Any]
    kept: list[str]
    conflicts: list[str]
    by: Mapping[str, Writer]

    def refuse(self, more: Mapping[str, list[str]] | None = None) -> None:
        """Show both values where both changed a field.

        :param more: what else is wrong, by field
        :raises ValidationError: by field
        """
        if self.conflicts or more:
            _shown_beside().update({name: self._beside(name) for name in self.conflicts})
            raise tk.ValidationError({
                **{name: [self._complaint(name)] for name in self.conflicts}, **(more or {})})

    def _complaint(self, name: str) -> str:
        writer = self.by[name]
        return tk._(
            "“{label}” diganti {who} sementara Anda mengisi. Pilih isian siapa yang dipakai, "
            "lalu simpan lagi.").format(who=writer, label=label_of(self.fields[name]))

    def _beside(self, name: str) -> dict[str, Any]:
        writer = self.by[name]
        return {"name": name, "who": writer.name, "when": writer.when,
                "lines": form_values.readable(self.fields[name], self.now.get(name))}

    def say(self) -> None:
        """Tell, once it is saved, what somebody else changed meanwhile."""
        if not self.kept or not flask.has_request_context():
            return
        for writer in dict.fromkeys(self.by[name] for name in self.kept):
            labels = [label_of(self.fields[name]) for name in self.kept
                      if self.by[name] == writer and self.fields[name].get("label")]
            if labels:
                tk.h.flash_notice(tk._(
                    "Sementara Anda mengisi, {labels} diubah {who}. Perubahan Anda dan "
                    "perubahannya sama-sama tersimpan.").format(
                        who=writer, labels=", ".join(f"“{each}”" for each in labels)))


def put_together(
    fields: Mapping[str, Field], asked: Asked, data: dict[str, Any], now: Mapping[str, Any],
    package_id: str, follows: Collection[str] = (), resource_id: str | None = None,
) -> Told:
    """Give each field of what was sent the value it gets.

    :param now: what is stored, of a resource where ``resource_id`` names one
    """
    assert asked.base is not None
    theirs = form_values.stored(fields, now)
    choices = merge(asked.base, form_values.sent(fields, data), theirs, asked.given_up,
                    follows)
    for name, choice in choices.items():
        _apply(fields[name], choice, data, now)
    changed = [name for name, choice in choices.items() if choice.theirs]
    return Told(
        fields, now,
        kept=[name for name in changed if choices[name].side is not Side.CONFLICT],
        conflicts=[name for name in changed if choices[name].side is Side.CONFLICT],
        by=writers(fields, asked.base, changed, package_id, resource_id))


def _apply(each: Field, choice: Choice, data: dict[str, Any], now: Mapping[str, Any]) -> None:
    name = each["field_name"]
    if choice.side is Side.THEIRS:
        _put(name, now.get(name), data, now)
    elif choice.side is Side.BOTH:
        from_both = {Side.MINE: form_values.items_of(each, data.get(name)),
                     Side.THEIRS: form_values.items_of(each, _value(name, now))}
        items = [from_both[pick.side][pick.index] for pick in choice.picks]
        if name == "tag_string":
            data.pop("tags", None)
            data[name] = ", ".join(str(each).strip() for each in items)
        else:
            data[name] = items


def _put(name: str, value: Any, data: dict[str, Any], now: Mapping[str, Any]) -> None:
    if name == "tag_string":
        data.pop("tags", None)
        data[name] = _value(name, now)
    elif value is None:
        data.pop(name, None)
    else:
        data[name] = value


def _value(name: str, now: Mapping[str, Any]) -> Any:
    if name == "tag_string":
        return ", ".join(each["name"] for each in now.get("tags") or [])
    return now.get(name)


def shown_beside(name: str) -> dict[str, Any] | None:
    """Return the other person's value to show beside a field, None where there is no conflict."""
    return _shown_beside().get(name) if flask.has_request_context() else None


def _shown_beside() -> dict[str, dict[str, Any]]:
    if not flask.has_request_context():
        return {}
    found: dict[str, dict[str, Any]] = tk.g.setdefault("satudata_beside", {})
    return found
