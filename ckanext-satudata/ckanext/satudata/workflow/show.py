"""Submissions as the API and the pages show them."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.decision import answered, available
from ckanext.satudata.domain.metadata import SEVERITIES
from ckanext.satudata.domain.roles import Actor, Permission, may
from ckanext.satudata.domain.workflow import OPEN, STATE_LABELS, Demand, State
from ckanext.satudata.workflow import checked, service, store
from ckanext.satudata.workflow.clock import days_late
from ckanext.satudata.workflow.errors import explain
from ckanext.satudata.workflow.figures import open_notes
from ckanext.satudata.workflow.model import Finding, Submission

__all__ = ["describe", "describe_many", "finding_dict", "inspects", "label_of_state",
           "people_of"]

_UNDER_INSPECTION = frozenset({
    State.DIPERIKSA_WALIDATA, State.DIPERIKSA_PEMBINA, State.DIKEMBALIKAN_PEMBINA})
_PEOPLE = ("created_by", "submitted_by", "on_behalf_by", "confirmed_by", "signed_by",
           "inspector_id", "pembina_id", "approved_by")
_TIMES = ("state_since", "due_at", "submitted_at", "confirmed_at", "approved_at", "release_at",
          "published_at", "escalated_at", "created", "modified")
_PLAIN = ("id", "package_id", "content_id", "package_type", "title", "owner_org", "number",
          "state", "version", "jenis_data", "prioritas", "restricted", "at_pembina", "letter",
          "checklist", "belum_diperiksa", "content_hash", "editors", "kind", "reason")


def label_of_state(state: str) -> str:
    """Return what people read for a state."""
    return str(tk._(STATE_LABELS[State(state)]))


def describe(submission: Submission, actor: Actor) -> dict[str, Any]:
    """Return one submission with its catatan and what the actor may do now."""
    shown = describe_many([submission], actor)[0]
    shown["findings"] = [
        finding_dict(each) for each in store.findings(submission.id)
        if inspects(actor, submission) or (
            each.shared_at is not None and may(actor, Permission.BACA, submission.subject))]
    people = people_of(each[name] for each in shown["findings"]
                       for name in ("created_by", "answered_by", "resolved_by"))
    for each in shown["findings"]:
        for name in ("created_by", "answered_by", "resolved_by"):
            each[name] = people.get(each[name] or "")
    shown["actions"] = actions_of(submission, actor, shown["organization"])
    return shown


def inspects(actor: Actor, submission: Submission) -> bool:
    """Tell whether somebody reads what the producer was not given yet."""
    return any(may(actor, each, submission.subject) for each in (
        Permission.PERIKSA, Permission.PERIKSA_PEMBINA, Permission.PANTAU))


def actions_of(
    submission: Submission, actor: Actor, organization: dict[str, Any] | None
) -> list[dict[str, Any]]:
    """Return what the actor may do now, the likeliest first, each with what stands in its way."""
    facts = service.facts_of(
        submission, with_gaps=submission.state in ("draf", "dikembalikan"), offered=True)
    found: list[dict[str, Any]] = []
    instansi = (organization or {}).get("title") or tk._("instansi")
    for transition, hindrance in available(facts, actor, service.rules()):
        found.append({
            "name": transition.name,
            "label": str(tk._(transition.label)).format(instansi=instansi),
            "target": transition.target.value,
            "needs_reason": transition.demand in (Demand.REASON, Demand.FINDING_OR_REASON),
            "demand": transition.demand.value,
            "primary": transition.primary,
            "allowed": hindrance is None,
            "reason": explain(hindrance) if hindrance is not None else "",
        })
    blocked_primary = any(each["primary"] and not each["allowed"] for each in found)
    if blocked_primary and submission.state in ("diperiksa_walidata", "diperiksa_pembina"):
        for each in found:  # what cannot be approved yet is returned
            each["primary"] = each["name"] == "kembalikan"
    found.sort(key=lambda each: not (each["primary"] and each["allowed"]))
    return found


def describe_many(submissions: Sequence[Submission], actor: Actor) -> list[dict[str, Any]]:
    """Return submissions as dictionaries, with few queries for many."""
    now = dt.datetime.now(dt.timezone.utc)
    people = people_of(getattr(each, name) for each in submissions for name in _PEOPLE)
    groups = _organizations({each.owner_org for each in submissions})
    packages = _packages({each.content_id for each in submissions}
                         | {each.package_id for each in submissions})
    # What the producer was not given yet is the inspectors' own.
    given_only = [each.id for each in submissions if not inspects(actor, each)]
    counts = open_notes([each.id for each in submissions], given_only)
    found: list[dict[str, Any]] = []
    for each in submissions:
        shown: dict[str, Any] = {name: getattr(each, name) for name in _PLAIN}
        shown |= {name: _iso(getattr(each, name)) for name in _TIMES}
        shown |= {name: people.get(getattr(each, name) or "") for name in _PEOPLE}
        shown["state_label"] = label_of_state(each.state)
        shown["on_behalf"] = each.on_behalf
        shown["days_late"] = days_late(each.due_at, now) if each.status in OPEN else 0
        shown["overdue"] = bool(each.status in OPEN and each.due_at and each.due_at < now)
        shown["organization"] = groups.get(each.owner_org)
        name, state = packages.get(each.content_id, (each.content_id, "deleted"))
        shown["dataset"] = {
            "id": each.content_id, "name": name, "title": each.title, "type": each.package_type,
            "state": state, "url": tk.h.url_for(f"{each.package_type}.read", id=name),
        }
        shown["counts"] = {name: counts.get(each.id, {}).get(name, 0) for name in SEVERITIES}
        if each.id in given_only and each.status in _UNDER_INSPECTION:
            shown["checklist"] = {}
        found.append(shown)
    return found


def finding_dict(finding: Finding) -> dict[str, Any]:
    """Return one catatan as a dictionary."""
    return {
        **{name: getattr(finding, name) for name in (
            "id", "submission_id", "principle", "code", "severity", "place", "message", "how",
            "proposed", "created_by", "check_name", "answer", "answered_by", "accepted",
            "resolved_by")},
        **{name: _iso(getattr(finding, name)) for name in (
            "created_at", "shared_at", "answered_at", "resolved_at")},
        "answered": answered(finding.answered_at, finding.shared_at),
        **checked.said(finding),
    }


def people_of(identifiers: Iterable[str | None]) -> dict[str, dict[str, str]]:
    """Return id, name and fullname of users by id; of a deleted one the name stays."""
    wanted = {each for each in identifiers if each}
    if not wanted:
        return {}
    rows = model.Session.execute(
        sa.select(model.User.id, model.User.name, model.User.fullname)
        .where(model.User.id.in_(wanted)))
    return {row.id: {"id": row.id, "name": row.name, "fullname": row.fullname or row.name}
            for row in rows}


def _organizations(identifiers: Iterable[str]) -> dict[str, dict[str, str]]:
    wanted = {each for each in identifiers if each}
    rows = model.Session.execute(
        sa.select(model.Group.id, model.Group.name, model.Group.title)
        .where(model.Group.id.in_(wanted)))
    return {row.id: {"id": row.id, "name": row.name, "title": row.title or row.name}
            for row in rows}


def _packages(identifiers: Iterable[str]) -> dict[str, tuple[str, str]]:
    rows = model.Session.execute(
        sa.select(model.Package.id, model.Package.name, model.Package.state)
        .where(model.Package.id.in_(set(identifiers))))
    return {row.id: (row.name, row.state) for row in rows}


def _iso(value: dt.datetime | None) -> str | None:
    return value.astimezone(dt.timezone.utc).isoformat() if value is not None else None
