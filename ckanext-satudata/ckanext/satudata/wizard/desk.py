"""What a producer has to send: every dataset of theirs, what is due first on top."""
from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.intake.due import Edition, Standing, next_edition
from ckanext.satudata.domain.intake.periods import coverage, day_of
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.roles import GRANTS, SCOPES, Actor, Permission, ScopeKind
from ckanext.satudata.domain.workflow import EDITABLE, OPEN, State
from ckanext.satudata.wizard import words

__all__ = ["GROUPS", "MOST", "Desk", "behalf", "desk", "own", "sends"]

#: Datasets looked through for one desk, and shown of a group and of those that are not pressing.
MOST, MOST_OF_GROUP, MOST_OTHERS = 5_000, 60, 40
_WRITES = (Permission.ISI, Permission.ISI_ATAS_NAMA)
#: Group of the page -> its heading.
GROUPS: Mapping[str, str] = MappingProxyType({
    "telat": N_("Lewat tenggat"), "dikerjakan": N_("Sedang Anda kerjakan"),
    "sekarang": N_("Sudah waktunya"), "segera": N_("Segera jatuh tempo"),
    "menunggu": N_("Menunggu pihak lain"),
})
_SUBMISSION = sa.table("satudata_submission", *(sa.column(each) for each in (
    "id", "package_id", "content_id", "number", "state", "due_at", "created", "published_at",
    "package_type")))
_FINDING = sa.table("satudata_finding", *(sa.column(each) for each in (
    "submission_id", "shared_at", "resolved_at", "withdrawn_at")))


@dataclass(frozen=True)
class Desk:
    """The page "Kirim data".

    :param groups: name of :data:`GROUPS` -> rows, none empty, at most :data:`MOST_OF_GROUP`
    :param counts: how many each group has
    :param others: those that are not pressing, at most :data:`MOST_OTHERS`
    :param count: how many others there are; ``total``: datasets altogether
    """

    groups: Mapping[str, Sequence[Mapping[str, Any]]]
    counts: Mapping[str, int]
    others: Sequence[Mapping[str, Any]]
    count: int
    total: int


def sends(actor: Actor) -> bool:
    """Tell whether somebody writes any dataset, their own or on behalf of an OPD."""
    return bool(actor.id) and (actor.sysadmin or _everywhere(actor) or bool(_scopes(actor)))


def own(actor: Actor) -> set[str]:
    """Return the ids of the organizations whose data somebody makes."""
    return {grant.scope for grant in actor.grants
            if Permission.ISI in GRANTS[grant.role] and grant.scope}


def behalf(actor: Actor) -> bool:
    """Tell whether somebody also types what other agencies made, on their behalf."""
    return actor.sysadmin or _everywhere(actor) or bool(_scopes(actor) - own(actor))


def _scopes(actor: Actor) -> set[str]:
    return {grant.scope for grant in actor.grants if grant.scope
            and SCOPES[grant.role] is ScopeKind.INSTANSI
            and any(each in GRANTS[grant.role] for each in _WRITES)}


def _everywhere(actor: Actor) -> bool:
    return any(SCOPES[grant.role] is ScopeKind.INSTALASI
               and any(each in GRANTS[grant.role] for each in _WRITES) for grant in actor.grants)


def desk(actor: Actor, query: str, now: dt.date) -> Desk:
    """Return what somebody has to send, late first.

    Whoever makes data sees their own; who types for others finds theirs by searching, and sees
    them at once where they make none.

    :param query: words of a title; then only those, pressing or not
    """
    mine = set() if query and behalf(actor) else own(actor)
    wanted = mine or (None if actor.sysadmin or _everywhere(actor) else _scopes(actor))
    rows = [_row(each, now) for each in _found(wanted, query)]
    notes = _open_notes([each["submission"] for each in rows if each["state"] == "dikembalikan"])
    for each in rows:
        each["notes"] = notes.get(each["submission"], 0)
    rows.sort(key=lambda each: (-each["days_late"], each["due_on"] or dt.date.max,
                                each["title"].casefold()))
    groups = {name: listed for name in GROUPS
              if (listed := [each for each in rows if each["group"] == name])}
    others = sorted((each for each in rows if not each["group"]),
                    key=lambda each: each["title"].casefold())
    return Desk({name: listed[:MOST_OF_GROUP] for name, listed in groups.items()},
                {name: len(listed) for name, listed in groups.items()},
                others[:MOST_OTHERS], len(others), len(rows))


def _found(organizations: set[str] | None, query: str) -> Sequence[Any]:
    """Return the datasets with their newest version that was not given up."""
    package, group = model.Package.__table__, model.Group.__table__
    newest = sa.select(_SUBMISSION).where(
        _SUBMISSION.c.state != State.DIBATALKAN.value, _SUBMISSION.c.package_type == "dataset",
    ).distinct(_SUBMISSION.c.package_id).order_by(
        _SUBMISSION.c.package_id, _SUBMISSION.c.number.desc(), _SUBMISSION.c.created.desc(),
    ).subquery()
    public = sa.exists().where(_SUBMISSION.c.package_id == package.c.id,
                               _SUBMISSION.c.published_at.is_not(None))
    wanted = sa.select(
        package.c.id, package.c.name, package.c.title, package.c.extras, package.c.owner_org,
        group.c.title.label("organization"), newest.c.id.label("submission"), newest.c.number,
        newest.c.state, newest.c.due_at, newest.c.content_id, public.label("was_public"),
    ).select_from(package.join(newest, newest.c.package_id == package.c.id).join(
        group, group.c.id == package.c.owner_org, isouter=True)).where(
            package.c.state == "active", package.c.type == "dataset")
    if organizations is not None:
        wanted = wanted.where(package.c.owner_org.in_(sorted(organizations)))
    for word in query.split()[:10]:
        wanted = wanted.where(package.c.title.icontains(word, autoescape=True))
    return model.Session.execute(wanted.order_by(package.c.title).limit(MOST)).all()


def _row(found: Any, now: dt.date) -> dict[str, Any]:
    extras = found.extras or {}
    state = State(found.state)
    published = bool(found.was_public)
    edition = next_edition(
        str(extras.get("frequency") or ""), coverage(_groups(extras.get("temporal_coverage"))),
        day_of(extras.get("jadwal_rilis")), published)
    waits = state in OPEN - EDITABLE
    group = _group(state, edition, now)
    late = edition.days_late(now) if edition is not None and not waits else 0
    return {
        "id": found.id, "name": found.name, "title": found.title or found.name,
        "organization": found.organization or "", "state": found.state,
        "submission": found.submission, "number": found.number, "due_at": found.due_at,
        "under_way": state in OPEN, "published": published, "group": group, "days_late": late,
        "due_on": edition.due if edition else None, "due": words.due(edition, now),
        "edition": words.period(edition.period) if edition else "",
        "step": _step(state, edition, published),
    }


def _group(state: State, edition: Edition | None, now: dt.date) -> str:
    if state in OPEN - EDITABLE:
        return "menunggu"
    standing = edition.standing(now) if edition is not None and state is not State.DITARIK else (
        Standing.LATER)
    if standing is Standing.LATE:
        return "telat"
    if state in EDITABLE:
        return "dikerjakan"
    return "" if standing is Standing.LATER else standing.value


def _step(state: State, edition: Edition | None, published: bool) -> str:
    """Return what the button of a dataset says."""
    if state is State.DIKEMBALIKAN:
        return tk._("Perbaiki")
    if state in EDITABLE:
        return tk._("Lanjutkan")
    if state in OPEN:
        return tk._("Lihat")
    if edition is not None and edition.period is not None and published:
        return tk._("Kirim {edition}").format(edition=words.period(edition.period))
    return tk._("Perbarui")


def _groups(value: Any) -> Any:
    """Return a repeating field as CKAN's tables hold it: JSON in a text."""
    if isinstance(value, str) and value.startswith("[") and len(value) < 100_000:
        try:
            return json.loads(value)
        except ValueError:
            return None
    return value


def _open_notes(submissions: Sequence[str]) -> dict[str, int]:
    """Return how many catatan of returned versions are open."""
    if not submissions:
        return {}
    return dict(model.Session.execute(
        sa.select(_FINDING.c.submission_id, sa.func.count()).where(
            _FINDING.c.submission_id.in_(submissions), _FINDING.c.shared_at.is_not(None),
            _FINDING.c.resolved_at.is_(None), _FINDING.c.withdrawn_at.is_(None))
        .group_by(_FINDING.c.submission_id)).tuples().all())
