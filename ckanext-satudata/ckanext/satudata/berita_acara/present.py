"""How a Berita Acara looks as a dictionary, the same for actions and pages."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.plugins.toolkit import _

from ckanext.satudata.berita_acara.model import BeritaAcara
from ckanext.satudata.berita_acara.service import check_url
from ckanext.satudata.domain.berita_acara.document import Document, digest
from ckanext.satudata.domain.berita_acara.steps import (
    LABELS,
    STEPS,
    Side,
    State,
    decide,
    sides_of,
)
from ckanext.satudata.domain.errors import WorkflowError
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.roles import Actor
from ckanext.satudata.shared.refusals import explain

__all__ = ["STEP_LABELS", "full", "state_label", "summary"]

STEP_LABELS: Mapping[str, str] = {
    "ubah": N_("Ubah"),
    "terbitkan": N_("Terbitkan dan beri nomor"),
    "batalkan": N_("Batalkan draf"),
    "konfirmasi": N_("Konfirmasi"),
    "tolak": N_("Tolak dengan alasan"),
}


def state_label(state: str) -> str:
    """Return what people read of a state, in the reader's language."""
    return _(LABELS[State(state)])


def summary(row: BeritaAcara) -> dict[str, Any]:
    """Return what a list shows."""
    organization = model.Group.get(row.owner_org)
    return {
        "id": row.id,
        "number": row.number,
        "kind": row.kind,
        "state": row.state,
        "state_label": state_label(row.state),
        "date": row.draft["date"],
        "deadline": row.draft["deadline"],
        "items": len(row.draft["submissions"]),
        "organization": {
            "id": row.owner_org,
            "name": organization.name if organization else "",
            "title": (organization.title or organization.name) if organization else "",
        },
        "confirmed": [each["side"] for each in row.confirmations],
        "issued_at": _time(row.issued_at),
        "created": _time(row.created),
        "modified": _time(row.modified),
        "url": tk.h.url_for("satudata_berita_acara.show", id=row.id),
    }


def full(row: BeritaAcara, document: Document, actor: Actor) -> dict[str, Any]:
    """Return everything about one document, with what the actor may do with it now."""
    content = row.content or document.to_dict()
    replaced_by = model.Session.scalar(sa.select(BeritaAcara.id).where(
        BeritaAcara.replaces == row.id, BeritaAcara.number.is_not(None)))
    return {
        **summary(row),
        "version": row.version,
        "draft": row.draft,
        "content": content,
        "content_hash": row.content_hash,
        # What a draft must still be when it is issued.
        "preview_hash": None if row.content_hash else digest(content),
        "confirmations": [
            {key: value for key, value in each.items() if key != "user"}
            for each in row.confirmations],
        "pdf_hash": row.pdf_hash,
        "check_url": check_url(row.content_hash) if row.content_hash else None,
        "reason": row.reason,
        "replaces": row.replaces,
        "replaced_by": replaced_by,
        "created_by": _person(row.created_by),
        "issued_by": _person(row.issued_by),
        "closed_by": _person(row.closed_by),
        "closed_at": _time(row.closed_at),
        "missing": [] if row.content else sorted(
            set(row.draft["submissions"]) - {item.submission for item in document.items}),
        "sides": sorted(side.value for side in sides_of(actor, row.owner_org)),
        "actions": _actions(row, actor),
    }


def _actions(row: BeritaAcara, actor: Actor) -> list[dict[str, Any]]:
    """Return the steps of this state the actor may take, or why not yet."""
    found: list[dict[str, Any]] = []
    for step in STEPS.values():
        if State(row.state) not in step.sources:
            continue
        sides = sides_of(actor, row.owner_org) & step.sides
        if not sides and not (actor.sysadmin and step.name != "konfirmasi"):
            continue
        tries = {side: _try(row, step.name, actor, side)
                 for side in Side if side in (sides or step.sides)}
        open_to = [side.value for side, refusal in tries.items() if refusal is None]
        refusal = None if open_to else next(iter(tries.values()))
        found.append({
            "name": step.name, "label": _(STEP_LABELS[step.name]), "sides": open_to,
            "needs_reason": step.needs_reason, "allowed": bool(open_to),
            "reason": explain(refusal) if refusal else "",
        })
    return found


def _try(row: BeritaAcara, name: str, actor: Actor, side: Side) -> WorkflowError | None:
    try:
        decide(row.facts(), name, actor, side)
    except WorkflowError as refusal:
        return refusal
    return None


def _person(identifier: str | None) -> dict[str, str] | None:
    user = model.User.get(identifier) if identifier else None
    if user is None:
        return None
    return {"id": user.id, "name": user.name, "fullname": user.fullname or user.name}


def _time(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
