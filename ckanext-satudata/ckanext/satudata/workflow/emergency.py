"""The red button: one tap, one confirmation, nothing to type; why is asked when it is done.

By the dataset, not by a version: whichever is public or under way at that moment, all stop.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import make_response

from ckanext.satudata.domain.roles import Permission, may
from ckanext.satudata.domain.workflow import OPEN, PUBLIC, State
from ckanext.satudata.shared.asking import visitor
from ckanext.satudata.workflow import bulk, helpers, store
from ckanext.satudata.workflow.model import Submission

__all__ = ["ask", "press", "satudata_emergency"]

_NAME = "tarik_darurat"


def satudata_emergency(package: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what the red button needs where the viewer may press it, or ``None``.

    :param package: a dataset, or the working copy of one
    :returns: ``id`` (of the dataset), ``title``, ``public``, ``asked`` (the page of questions)
    """
    if package.get("type", "dataset") not in store.KINDS or not helpers.viewer().id:
        return None
    found = _stoppable(str(package.get("id") or ""))
    return _said(found) if found is not None else None


def _stoppable(identifier: str) -> Submission | None:
    """Return the version from which the button starts, if it does and the viewer may."""
    found = store.find(identifier, _NAME) if identifier else None
    if found is None or found.status not in OPEN | PUBLIC:
        return None
    return found if _may(found) else None


def _may(found: Submission) -> bool:
    return may(helpers.viewer(), Permission.TARIK_DARURAT, found.subject)


def _said(found: Submission) -> dict[str, Any]:
    return {"id": found.package_id, "title": found.title,
            "public": store.is_public(found.package_id),
            "asked": str(tk.h.url_for("satudata_purging.after", id=found.package_id))}


def _missing() -> Any:
    return tk.abort(404, tk._(
        "Tidak ada yang bisa ditarik di sini: data tidak ada, sudah ditarik, atau bukan wewenang "
        "Anda."))


def ask(id: str) -> Any:
    """Show the confirmation on a page of its own: the same as the dialog."""
    found = _stoppable(id[:200])
    return _page(_said(found)) if found is not None else _missing()


def _page(said: Mapping[str, Any], problem: str = "", status: int = 200) -> Any:
    return make_response(tk.render("satudata/workflow/emergency_page.html", {
        "said": said, "problem": problem, "tasks_url": tk.h.url_for("satudata_workflow.tasks"),
    }), status)


def press(id: str) -> Any:
    """Withdraw a dataset at once, then ask why."""
    found = _stoppable(id[:200])
    if found is None:
        done = store.find(id[:200])  # pressed twice, or by two at once
        if done is not None and done.status is State.DITARIK and _may(done):
            return tk.h.redirect_to(_said(done)["asked"])
        return _missing()
    said = _said(found)
    try:
        tk.get_action("satudata_submission_transition")(
            visitor(), {"id": said["id"], "transition": _NAME})
    except tk.NotAuthorized:
        return _missing()
    except tk.ValidationError as error:
        return _page(said, bulk.why({"error": error.error_dict}), 409)
    return tk.h.redirect_to(said["asked"])
