"""How changes of a list look as dictionaries: the same for actions and pages."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins.toolkit import _

from ckanext.satudata.domain.vocabulary import Vocabulary
from ckanext.satudata.domain.vocabulary_changes.changes import FIELDS, CodeChange, Effect
from ckanext.satudata.domain.vocabulary_changes.cleaning import word_for
from ckanext.satudata.domain.vocabulary_changes.policy import policy, reason
from ckanext.satudata.domain.vocabulary_changes.proposing import Proposal
from ckanext.satudata.domain.vocabulary_changes.reading_json import NAMES
from ckanext.satudata.vocabulary import affected, present
from ckanext.satudata.vocabulary.model import VocabularyVersion

__all__ = ["COLUMN_OF", "MOST", "about", "change", "proposal", "version", "versions"]

#: Of each kind of change an answer says so many, and how many there are.
MOST = 500
#: Columns by what the API calls them.
COLUMN_OF = NAMES
_API_NAMES = {column: name for name, column in NAMES.items()}
_KINDS = {
    "baru": lambda: _("Daftar dibuat"), "ubah": lambda: _("Perubahan"),
    "impor": lambda: _("Impor berkas"), "urung": lambda: _("Pembatalan perubahan"),
}


def about(of: Vocabulary) -> dict[str, Any]:
    """Return how far a list may be edited, and as of which version this is said."""
    return {"name": of.name, "title": of.title(present.language()), "version": of.version,
            "modified": of.modified.isoformat() if of.modified else None, "size": len(of),
            "editing": policy(of.name).value, "reason": _(reason(of.name)), "local": of.local,
            "uri": present.uri(of.name)}


def change(of: CodeChange, label: str = "", used: Mapping[str, int] | None = None) -> dict[
        str, Any]:
    """Return one code with each field, what it was and what it becomes."""
    return {
        "code": of.code, "label": label or of.after.get("label_id", ""),
        "effect": of.effect.value,
        "fields": [{"field": _API_NAMES[name], "label": _(word_for(name)),
                    "before": (of.before or {}).get(name, ""), "after": value}
                   for name in FIELDS if (value := of.after.get(name)) is not None],
        **({} if used is None else {"used": dict(used)}),
    }


def proposal(of: Proposal, known: Vocabulary) -> dict[str, Any]:
    """Return what would change, with how many use each code it changes."""
    counted = affected.count(known.name, [
        each.code for each in of.changes if each.before is not None])
    shown = {effect: _changes(of.of(effect), known, counted) for effect in Effect}
    return {
        **about(known),
        "counts": {
            "new": len(of.of(Effect.NEW)), "changed": len(of.of(Effect.CHANGED)),
            "retired": len(of.of(Effect.RETIRED)), "unchanged": len(of.unchanged),
            "refused": len(of.refused), "absent": len(of.absent)},
        "new": shown[Effect.NEW], "changed": shown[Effect.CHANGED],
        "retired": shown[Effect.RETIRED],
        "refused": [{"row": each.place, "code": each.code, "field": _API_NAMES[each.field],
                     "label": _(word_for(each.field)), "message": each.why.text(_)}
                    for each in of.refused[:MOST]],
        "advice": [{"code": code, "message": message.text(_)}
                   for code, message in of.advice[:MOST]],
        "absent": list(of.absent[:MOST]),
    }


def _changes(
    of: Iterable[CodeChange], known: Vocabulary, counted: Mapping[str, Mapping[str, int]]
) -> list[dict[str, Any]]:
    return [change(each, known[each.code].label(present.language())
                   if each.code in known else "", counted.get(each.code))
            for each in tuple(of)[:MOST]]


def versions(of: Iterable[VocabularyVersion], named: bool) -> list[dict[str, Any]]:
    """Return versions; who made them only if ``named``."""
    rows = list(of)
    people = dict(model.Session.execute(
        sa.select(model.User.id, sa.func.coalesce(
            sa.func.nullif(model.User.fullname, ""), model.User.name))
        .where(model.User.id.in_({each.actor for each in rows if each.actor}))
    ).tuples().all()) if named and rows else {}
    return [version(each) | ({"actor": people.get(each.actor, _("akun yang sudah dihapus"))
                              if each.actor else _("sistem")} if named else {}) for each in rows]


def version(of: VocabularyVersion) -> dict[str, Any]:
    """Return one version without its codes."""
    return {"number": of.number, "at": of.at.isoformat(), "kind": of.kind,
            "kind_label": _KINDS[of.kind](), "note": of.note, "source": of.source,
            "about": of.about, "codes": of.codes}
