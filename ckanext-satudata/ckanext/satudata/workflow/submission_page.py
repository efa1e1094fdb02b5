"""The page of a submission, for who opens it and for whose form was refused."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.roles import Actor, Permission, Subject, may
from ckanext.satudata.domain.workflow import EDITABLE, State
from ckanext.satudata.shared.asking import visitor
from ckanext.satudata.workflow import changes, helpers, page, preview, words, worklist
from ckanext.satudata.workflow.forms import pembina_due
from ckanext.satudata.workflow.seal import CHANGED
from ckanext.satudata.workflow.step_form import formed

__all__ = ["TABS", "around", "opened", "rights", "show", "shown_again", "timeline"]

TABS = ("periksa", "metadata", "riwayat", "berkas")
_INSPECTING = frozenset({State.DIPERIKSA_WALIDATA, State.DIKEMBALIKAN_PEMBINA})


def show(identifier: str) -> dict[str, Any]:
    """Return a submission, or answer 404: whether it exists is not told to strangers."""
    try:
        return tk.get_action("satudata_submission_show")(visitor(), {"id": identifier[:200]})
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return tk.abort(404, tk._(
            "Pengajuan ini tidak ada, atau bukan bagian dari tugas Anda. Buka Tugas saya untuk "
            "melihat yang menunggu Anda."))


def opened(shown: dict[str, Any], tab: str, typed: Mapping[str, Any] | None = None) -> str:
    """Return the whole page, with what was typed in a form of it that was refused."""
    dataset = _content(shown)
    actor = helpers.viewer()
    numbered = page.number_notes(shown)
    tables = preview.tables(dataset.get("resources") or [], numbered, visitor())
    gaps = _gaps(dataset)
    moments = timeline(shown["id"])
    page.add_earlier_answers(numbered, moments)
    chosen = page.buttons(shown)
    moves = [each for each in moments if each["to_state"] or each["kind"] == CHANGED]
    return tk.render("satudata/workflow/submission.html", {
        **around(shown),
        "tab": tab if tab in TABS else "periksa",
        "dataset_dict": dataset,
        "notes": numbered,
        "places": page.places(numbered, dataset, tables),
        "open_count": sum(each["open"] for each in numbered),
        "gaps": gaps,
        "blocking": [each for each in gaps if each["severity"] == "wajib"],
        "checklist": page.checklist(shown, page.hints(gaps, numbered)),
        "results": page.reasons("hasil_periksa"),
        "reasons": page.reasons("alasan_periksa"),
        "severities": [(name, tk._(label)) for name, (label, _mark) in words.SEVERITIES.items()],
        "principles": [(name, words.principle(name)) for name in words.PRINCIPLES],
        "fields": page.fields_of(str(dataset.get("type") or "dataset")),
        "situation": page.situation(shown, numbered, chosen, moves),
        "timeline": page.condense(moments),
        "moves": moves,
        "differences": changes.differences(shown),
        "message": page.message(moves, shown),
        "may": rights(shown, actor),
        "typed": typed or {},
    })


def shown_again(id: str, typed: Mapping[str, Any]) -> str:
    """Show the submission after a refused form, with what was typed."""
    return opened(show(id), "periksa", typed)


def around(shown: dict[str, Any]) -> dict[str, Any]:
    """Return what every page of a submission shows: its steps, and the buttons with their forms."""
    chosen = page.buttons(shown)
    instansi = (shown.get("organization") or {}).get("title") or ""
    for each in [chosen["next"], *chosen["others"], *chosen["barred"]]:
        if each:
            each |= formed(shown, each)
            each["direct"] = each["form"] is None
    return {
        "submission": shown, "buttons": chosen, "instansi": instansi,
        "steps": page.steps(shown, pembina_due(shown)),
        "inspectors": worklist.inspectors(_subject(shown)) if any(
            each["name"] == "alihkan" for each in chosen["others"]) else [],
        "tasks_url": tk.h.url_for("satudata_workflow.tasks"),
    }


def rights(shown: Mapping[str, Any], actor: Actor) -> dict[str, bool]:
    """Return which forms the page offers the viewer; the actions decide again.

    :returns: ``inspect`` (write and close catatan, fill the checklist), ``answer``, ``edit``,
        ``set_aside`` (what a check found, before it is handed in), ``document``
    """
    subject = Subject(str(shown.get("owner_org") or ""), str(shown.get("jenis_data") or ""),
                      bool(shown.get("restricted")), bool(shown.get("at_pembina")))
    state = State(shown["state"])
    inspects = (state in _INSPECTING and may(actor, Permission.PERIKSA, subject)) or (
        state is State.DIPERIKSA_PEMBINA and may(actor, Permission.PERIKSA_PEMBINA, subject))
    writes = may(actor, Permission.ISI, subject) or may(actor, Permission.ISI_ATAS_NAMA, subject)
    return {
        "inspect": inspects,
        "answer": state in EDITABLE and may(actor, Permission.ISI, subject),
        "edit": state in EDITABLE and writes,
        "set_aside": state in EDITABLE and may(actor, Permission.PERIKSA, subject),
        "document": tk.h.check_access(
            "satudata_berita_acara_create", {"owner_org": subject.organization}),
        "queue": may(actor, Permission.PERIKSA, subject) or may(
            actor, Permission.PERIKSA_PEMBINA, subject),
    }


def _subject(shown: Mapping[str, Any]) -> Subject:
    return Subject(str(shown.get("owner_org") or ""), str(shown.get("jenis_data") or ""))


def _content(shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return the dataset that holds this version; its title where it may not be read any more."""
    try:
        return tk.get_action("package_show")(visitor(), {"id": shown["content_id"]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return {"id": shown["content_id"], "type": shown.get("package_type") or "dataset",
                "title": shown["title"], "resources": []}


def _gaps(dataset: Mapping[str, Any]) -> list[dict[str, Any]]:
    try:
        return tk.get_action("satudata_completeness_show")(visitor(), {"id": dataset["id"]})["gaps"]
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return []


def timeline(identifier: str) -> list[dict[str, Any]]:
    """Return what happened to a submission, newest first."""
    return tk.get_action("satudata_submission_timeline")(
        visitor(), {"id": identifier, "limit": 500})["results"]
