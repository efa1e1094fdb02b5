"""The fields of step 3: which are asked, which are filled and by whom, and what was typed."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.navl.dictization_functions import DataError, unflatten
from ckan.logic import clean_dict, parse_params, tuplize_dict
from ckanext.scheming.plugins import expand_form_composite

from ckanext.satudata.domain.intake import filling
from ckanext.satudata.domain.intake.candidates import Candidate, Source
from ckanext.satudata.domain.intake.filling import Facts, Proposal
from ckanext.satudata.domain.metadata_derive import empty
from ckanext.satudata.wizard.words import said

__all__ = ["Page", "mark", "page", "typed_fields"]

#: Not changed here: what a draft is known by, and what has a page of its own.
_ELSEWHERE = frozenset({"name", "owner_org", "tag_string", "identifier"})
_HIDDEN = "satudata_hidden.html"


@dataclass(frozen=True)
class Page:
    """What step 3 shows.

    :param asked: fields with ``field``, ``reason``: what nobody but people knows
    :param proposals: with ``field``, ``value``, ``said``, ``replaces``
    :param filled: by section: ``title`` and ``rows`` of ``field``, ``value``, ``said``
    :param advised: gaps that stand in nobody's way
    :param mend: gaps that are mended on another page, with ``url``
    :param fields: those that are changed here; no form reaches another
    """

    asked: Sequence[Mapping[str, Any]]
    proposals: Sequence[Mapping[str, Any]]
    filled: Sequence[Mapping[str, Any]]
    advised: Sequence[Mapping[str, Any]]
    mend: Sequence[Mapping[str, Any]]
    fields: Mapping[str, Mapping[str, Any]]
    made: Sequence[Proposal]


def page(facts: Facts, leave: Collection[str], alone: bool) -> Page:
    """Return what is asked, proposed and known of a draft.

    :param leave: fields whose proposal was turned down just now
    :param alone: nobody but the viewer wrote this version
    """
    schema = tk.h.scheming_get_dataset_schema(facts.kind) or {"dataset_fields": []}
    fields = {each["field_name"]: each for each in schema["dataset_fields"]}
    found = filling.candidates(facts)
    order = list(fields)
    made = sorted((each for each in filling.proposals(facts, found, tuple(leave))
                   if _changeable(fields.get(each.field))),
                  key=lambda each: order.index(each.field))
    gaps = filling.asked(facts, made)
    here = {gap.field: gap for gap in gaps if _changeable(fields.get(gap.field))}
    proposed = {each.field for each in made}
    listed = tk.h.satudata_completeness(dict(facts.dataset))["gaps"]
    return Page(
        asked=[{"field": fields[name], "reason": gap.explain(tk._(gap.reason))}
               for name, gap in sorted(here.items(), key=lambda each: order.index(each[0]))],
        proposals=[{
            "field": fields[each.field], "value": each.candidate.value,
            "said": said(each.candidate.said), "replaces": each.replaces} for each in made],
        filled=_filled(facts, fields, found, proposed | set(here), alone),
        advised=[each for each in listed if each["severity"] == "sebaiknya"
                 and _changeable(fields.get(each["field"])) and each["field"] not in proposed],
        mend=[each for each in listed if each["severity"] == "wajib"
              and not _changeable(fields.get(each["field"]))
              and each["field"] in {gap.field for gap in gaps}],
        fields={name: each for name, each in fields.items() if _changeable(each)}, made=made)


def _changeable(field: Mapping[str, Any] | None) -> bool:
    return field is not None and field["field_name"] not in _ELSEWHERE and field.get(
        "form_snippet", "") not in (None, _HIDDEN)


def _filled(
    facts: Facts, fields: Mapping[str, Any], found: Mapping[str, Sequence[Candidate]],
    beside: Collection[str], alone: bool,
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    typed = tk._("diisi oleh Anda") if alone else tk._("diisi oleh Anda atau rekan Anda")
    for section in tk.h.satudata_form_sections(
            [each for each in fields.values() if _changeable(each)], facts.dataset, {}, "ubah"):
        listed: list[dict[str, Any]] = []
        for field in (*section["asked"], *section["filled"], *section["other"]):
            name = field["field_name"]
            value = facts.dataset.get(name)
            if empty(value) or name in beside:
                continue
            source = filling.origin(name, value, found)
            listed.append({
                "field": field, "value": value, "said": said(source.said) if source else typed,
                "source": (source.source if source else Source.ANDA).value})
        if listed:
            order = list(fields)
            listed.sort(key=lambda each: order.index(each["field"]["field_name"]))
            rows.append({"title": section["title"], "rows": listed})
    return rows


def mark(value: Any) -> str:
    """Return a short mark of what a field held when its form was made."""
    written = "" if empty(value) else json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def typed_fields(names: Collection[str], fields: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a form holds of some fields, in the shape the API takes.

    :raises tk.ValidationError: it is no form of ours
    """
    try:
        data = clean_dict(unflatten(tuplize_dict(parse_params(tk.request.form))))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, DataError):
        raise tk.ValidationError({"message": [tk._(
            "Isian tidak terbaca. Muat ulang halaman, lalu ulangi.")]}) from None
    known = {name: fields[name] for name in names if name in fields}
    groups = {name for name, each in known.items() if "repeating_subfields" in each}
    expand_form_composite(data, set(groups))
    found: dict[str, Any] = {}
    for name in known:
        value = data.get(name)
        if name in groups:
            value = [each for each in value if not empty(each)] if isinstance(value, list) else []
        found[name] = "" if value is None else value
    return found
