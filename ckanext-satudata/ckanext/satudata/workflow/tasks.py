"""The page "Tugas saya", or "Pemantauan" for who oversees: the list, the overview, many at once."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.roles import Actor
from ckanext.satudata.shared.asking import visitor
from ckanext.satudata.workflow import bulk, helpers, overview, page, worklist

__all__ = ["bulk_again", "bulk_transition", "tasks"]


def tasks() -> str:
    """Show what waits for the viewer."""
    return _tasks(tk.request.args)


def _tasks(
    args: Mapping[str, str], outcome: Mapping[str, Any] | None = None,
    typed: Mapping[str, str] | None = None,
) -> str:
    actor = helpers.viewer()
    speaks = worklist.voice(actor)
    asked = worklist.query(args, worklist.opening(actor, helpers.waiting()[0]))
    if asked["box"] == "ringkasan":
        return _overview(actor)
    found = tk.get_action("satudata_submission_list")(visitor(), dict(asked))
    if found["count"] and not found["results"]:  # the last page emptied meanwhile
        asked["offset"] = (found["count"] - 1) // asked["limit"] * asked["limit"]
        found = tk.get_action("satudata_submission_list")(visitor(), dict(asked))
    set_filters = worklist.filters(args)
    rows = worklist.rows(found["results"], actor)
    offered = bulk.offered(rows, (typed or {}).get("tindakan", ""))
    grouped = worklist.groups(rows, asked["box"], speaks)
    counts = found.get("counts") or {}
    carried = {**set_filters, "kotak": asked["box"]}
    if asked["limit"] != worklist.PER_PAGE:
        carried["baris"] = str(asked["limit"])
    choices = {"organizations": worklist.producing(actor), "states": worklist.states(),
               "kinds": page.reasons("jenis_data")}

    def link(number: int) -> str:
        return tk.h.url_for("satudata_workflow.tasks", **{**carried, "halaman": number})

    return tk.render("satudata/workflow/inbox.html", {
        "voice": speaks,
        "box": asked["box"],
        "boxes": worklist.tabs(actor, counts),
        "counts": counts,
        "count": found["count"],
        "groups": grouped,
        "first": grouped[0]["rows"][0] if grouped else None,
        "lead": worklist.lead(
            speaks, found["count"], helpers.waiting()[1] if asked["box"] == "menunggu_saya"
            else counts.get("lewat_tenggat", 0), asked["box"], bool(set_filters)),
        "filters": set_filters,
        "carried": carried,
        **choices,
        "said": worklist.said(set_filters, choices),
        "pages": worklist.pages(found, asked, link),
        "long": None if found["count"] <= worklist.PER_PAGE else {
            "on": "baris" in carried, "url": tk.h.url_for("satudata_workflow.tasks", **{
                **carried, "baris": None if "baris" in carried else worklist.LONG_PAGE})},
        "week": worklist.side(actor),
        "inspectors": worklist.inspectors() if "alihkan" in offered else [],
        "offered": offered,
        "outcome": outcome,
        "chosen": set((outcome or {}).get("again", [])),
        "typed": typed or {},
    })


def _overview(actor: Actor) -> Any:
    """Show where everything stands; who oversees nothing has no such page."""
    if not worklist.oversees(actor):
        return tk.h.redirect_to(tk.h.url_for("satudata_workflow.tasks"))
    found = overview.table(actor)
    counts = tk.get_action("satudata_submission_list")(visitor(), {"limit": 0})["counts"]
    return tk.render("satudata/workflow/overview.html", {
        **found,
        "box": "ringkasan",
        "boxes": worklist.tabs(actor, counts),
        "lead": overview.lead(found),
        "stages": [(name, tk._(label)) for name, (label, _states) in overview.STAGES.items()],
        "turns": [(name, tk._(label)) for name, (label, _stages) in overview.TURNS.items()],
        "week": worklist.side(actor),
    })


def bulk_again() -> Any:
    """Lead back to the list who comes by its address: another language, an old tab."""
    return tk.h.redirect_to(tk.h.url_for(
        "satudata_workflow.tasks", **worklist.address(tk.request.args)))


def bulk_transition() -> Any:
    """Move many submissions at once; what could not go is told with the reason."""
    posted = tk.request.form
    action = posted.get("tindakan", "")
    args = {"kotak": "menunggu_saya", **worklist.address(tk.request.values)}
    chosen = posted.getlist("pilih")
    if action not in bulk.BULK:
        return tk.abort(400, tk._("Tindakan ini tidak dikenal. Pilih dari tombol yang ada."))
    problem = _bulk_problem(action, chosen, posted)
    if problem:
        tk.h.flash_error(problem)
        return _tasks(args, {"done": [], "failed": 0, "quiet": True, "again": [
            each.partition(":")[0] for each in chosen]}, posted)
    items = bulk.items(chosen, action, posted)
    answered = tk.get_action("satudata_submission_transition_bulk")(visitor(), {"items": items})
    titles = {each["id"]: posted.get(f"judul-{each['id']}", "")[:300] for each in items}
    outcome = bulk.outcome(items, answered["results"], titles)
    return _tasks(args, outcome, posted if outcome["failed"] else None)


def _bulk_problem(action: str, chosen: list[str], posted: Mapping[str, str]) -> str:
    if not chosen:
        return tk._("Belum ada yang dipilih. Centang pengajuan di daftar, lalu tekan lagi.")
    if len(chosen) > bulk.MAX_BULK:
        return tk._("Paling banyak {count} pengajuan sekali jalan.").format(count=bulk.MAX_BULK)
    if action == "alihkan" and not posted.get("inspector"):
        return tk._("Pilih petugas yang menerima, lalu tekan lagi.")
    return ""
