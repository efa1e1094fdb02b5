"""The catatan that checks write: beside those of people, and settled by the next inspection.

A machine's catatan is given to the producer at once. It ends when an inspection of the file no
longer finds it; what an inspector set aside stays so unless there is more of it than before.
"""
from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.decision import answered
from ckanext.satudata.domain.errors import PersonalDataError, UncheckedError
from ckanext.satudata.domain.inspection.flow import is_explained, is_personal, is_unchecked
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.workflow import OPEN
from ckanext.satudata.shared import moment
from ckanext.satudata.shared.audit import record
from ckanext.satudata.shared.raw_files import raw_of
from ckanext.satudata.shared.signals import inspected, withdrawn
from ckanext.satudata.shared.table_rows import resource_of
from ckanext.satudata.workflow import store
from ckanext.satudata.workflow.model import Finding, Submission

__all__ = ["INSPECTED", "Unsettled", "being_inspected", "demand", "explain", "forget_files",
           "on_inspected", "on_withdrawn", "said", "uninspected_files", "unsettled"]

_INSPECTION = sa.table("satudata_inspection", *(sa.column(each) for each in (
    "id", "resource_id", "content_id", "sha256", "state", "asked_at")))
_WAITING = ("antre", "berjalan")
#: The hand-in waits for a file by itself, so that a page need not say so at once.
_SOON = dt.timedelta(seconds=30)
_OF_A_CHECK = Finding.check_name != ""
#: Kind of the event: an inspection found something new in a file, or no longer.
INSPECTED = "pemeriksaan_otomatis"


@inspected.connect
def on_inspected(
    content_id: str, resource_id: str, sha256: str, notes: Sequence[dict[str, Any]]
) -> None:
    """Make the catatan of a file those that its inspection found."""
    submission = store.lock_content(content_id)
    if submission is None or submission.status not in OPEN:
        return
    stored, resource = _read_of(content_id), resource_of(resource_id)
    # The next inspection tells of what lies there now; rows have no hash here.
    of_file = stored.get(resource) if resource == resource_id else None
    if resource not in stored or (of_file or sha256) != sha256:
        return
    where = {"resource": resource, **({"beside": True} if resource != resource_id else {})}
    now = moment.now()
    known = {_key(each.check_name, each.place): each for each in model.Session.scalars(
        sa.select(Finding).where(
            Finding.submission_id == submission.id, _OF_A_CHECK,
            Finding.place["resource"].astext == resource,
            Finding.place.has_key("beside") == (resource != resource_id)))}
    changed, counts = False, Counter[str]()
    for number, note in enumerate(notes):
        place = {**note["place"], **where}
        found = known.pop(_key(note["check"], place), None)
        is_open = found is not None and found.resolved_at is None and found.withdrawn_at is None
        if found is None:
            found = _new(submission, note["check"], now)
            found.created_at += dt.timedelta(microseconds=number)  # in the order of the report
        elif not _again(found, note["count"], sha256, now):
            continue
        changed = changed or not is_open
        _say(found, note, place)
        found.said = {**(found.said or {}), "of": sha256}
        counts[found.severity] += 1
    for gone in known.values():
        if gone.resolved_at is None and gone.withdrawn_at is None:
            gone.resolved_at, changed = now, True
    model.Session.flush()
    if changed:
        record(INSPECTED, actor=None, at=now, submission_id=submission.id,
               package_id=submission.package_id, version=submission.version,
               data={**where, **counts})


def _key(check: str, place: Mapping[str, Any]) -> tuple[str, ...]:
    return (check, *(str(place.get(name) or "") for name in ("sheet", "table", "column")))


def _new(submission: Submission, check: str, now: dt.datetime) -> Finding:
    found = Finding(
        id=str(uuid.uuid4()), submission_id=submission.id, package_id=submission.package_id,
        code="", check_name=check, created_at=now, shared_at=now, answer="", accepted=False)
    model.Session.add(found)
    return found


def _again(found: Finding, count: int, sha256: str, now: dt.datetime) -> bool:
    """Tell whether a catatan holds that is found once more; its answer stays with it.

    Who looked into a file looked into these bytes and no others.
    """
    told = found.said or {}
    set_aside = found.withdrawn_at is not None or found.resolved_by is not None
    same = not is_unchecked(found.check_name) or told.get("of") == sha256
    if set_aside and same and count <= int(told.get("count") or 0):
        return False
    if set_aside or found.resolved_at is not None:
        found.resolved_at = found.resolved_by = found.withdrawn_at = None
        found.shared_at = now
    return True


def _say(found: Finding, note: Mapping[str, Any], place: dict[str, Any]) -> None:
    found.principle, found.severity, found.place = note["principle"], note["severity"], place
    found.said = {**note["said"], "count": note["count"]}
    found.message, found.how = (_text(found.said, each, str)[:2000] for each in ("message", "how"))


def said(found: Finding) -> dict[str, Any]:
    """Return what a catatan of a check says, in the reader's language; nothing of a person's."""
    if found.said is None:
        return {}
    title = str(found.said.get("title") or "")
    return {"title": tk._(title) if title else "",
            "count": found.said.get("count") or 1,
            **{name: _text(found.said, name, tk._) for name in ("message", "how")}}


def _text(told: Mapping[str, Any], name: str, translate: Any) -> str:
    part = told.get(name) or {}
    template = part.get("template") or ""
    if not template:
        return ""
    try:
        return str(translate(template)).format(**part.get("values") or {})
    except (KeyError, IndexError, ValueError):  # a translation with another place in it
        return str(template)


def _hashes(content_id: str, raw: bool = False) -> dict[str, str | None]:
    """Return the hash of each file as the database holds it now, None of what is no upload.

    :param raw: of clean tables that of the raw file they were made of
    """
    rows = model.Session.execute(
        sa.select(model.Resource.id, model.Resource.url_type, model.Resource.extras).where(
            model.Resource.package_id == content_id, model.Resource.state == model.State.ACTIVE))
    found: dict[str, str | None] = {}
    for each in rows:
        made_of = raw_of(each.extras) if raw else None
        found[each.id] = None if each.url_type != "upload" else (
            made_of.sha256 if made_of is not None else (each.extras or {}).get("sha256"))
    return found


def _read_of(content_id: str) -> dict[str, str | None]:
    """Return the hashes of what inspections read."""
    return _hashes(content_id, raw=True)


def forget_files(submission: Submission) -> None:
    """Settle what was found in files that the dataset has no more."""
    alive = sa.select(model.Resource.id).where(
        model.Resource.package_id == submission.content_id,
        model.Resource.state == model.State.ACTIVE)
    model.Session.execute(sa.update(Finding).where(
        Finding.submission_id == submission.id, _OF_A_CHECK, Finding.resolved_at.is_(None),
        Finding.place["resource"].astext.not_in(alive)).values(resolved_at=moment.now()))


class Unsettled:
    """What open catatan of a version mean for its next step.

    :ivar stopping: names of those that only another file settles; ``to_explain``: how many the
        producer's reason settles that have none yet; ``unchecked``: files that a person looks
        into, which stop the approval and not the hand-in
    """

    def __init__(self, notes: Sequence[Finding]) -> None:
        self.all = notes
        wajib = [each for each in notes if each.severity == "wajib"]
        explained = [each for each in wajib if is_explained(each.check_name)]
        self.unchecked = [each for each in wajib if is_unchecked(each.check_name)]
        self.stopping = [each for each in wajib if each.check_name and each not in explained
                         and each not in self.unchecked]
        self.to_explain = sum(not _is_answered(each) for each in explained)
        self.blocking = len(wajib) - len(explained) + self.to_explain
        self.unanswered = sum(
            not each.check_name and each.shared_at is not None and not _is_answered(each)
            for each in wajib)

    @property
    def names(self) -> str:
        """What stands in the way, as people read it."""
        every = list(dict.fromkeys(_name(each) for each in self.stopping))
        told, more = every[:4], len(every[4:])
        return "; ".join([*told, *([tk._("dan {count} lagi").format(count=more)] if more else [])])


def _is_answered(found: Finding) -> bool:
    return answered(found.answered_at, found.shared_at)


def _name(found: Finding) -> str:
    title = said(found).get("title") or found.check_name
    column = found.place.get("column")
    return tk._("{title} (kolom {column})").format(title=title, column=column) if column else title


def unsettled(submission: Submission, besides: Collection[str] = ()) -> Unsettled:
    """Return the open catatan of a version.

    :param besides: files of which the checks are not asked: they look into them just now
    """
    found = model.Session.scalars(
        sa.select(Finding)
        .where(Finding.submission_id == submission.id, Finding.resolved_at.is_(None),
               Finding.withdrawn_at.is_(None)))
    return Unsettled([each for each in found if not each.check_name
                      or each.place.get("resource") not in besides])


def explain(submission: Submission, reason: str, actor_id: str, now: dt.datetime) -> None:
    """Let the reason of a version be the answer to what asks for one."""
    for each in unsettled(submission).all:
        if is_explained(each.check_name) and not _is_answered(each) and reason:
            each.answer, each.answered_by, each.answered_at = reason[:5000], actor_id, now
    model.Session.flush()


def _newest(submission: Submission) -> Mapping[str, Any]:
    """Return the inspection that is wanted now of each file of a version."""
    rows = model.Session.execute(
        sa.select(_INSPECTION).where(_INSPECTION.c.content_id == submission.content_id)
        .distinct(_INSPECTION.c.resource_id)
        .order_by(_INSPECTION.c.resource_id, _INSPECTION.c.asked_at.desc(), _INSPECTION.c.id))
    return {each.resource_id: each for each in rows}


def being_inspected(submission: Submission) -> dict[str, bool]:
    """Return the files whose inspection is under way; of each, whether it takes long.

    What does not is done when a version is handed in, for that waits for it.
    """
    stored = _read_of(submission.content_id)
    before = moment.now() - _SOON
    return {name: each.asked_at < before for name, each in _newest(submission).items()
            if each.state in _WAITING and stored.get(name) == each.sha256}


def uninspected_files(submission: Submission) -> list[str]:
    """Return the files and tables of a version whose inspection is not done, or never began.

    Of tables the rows count that were kept when it was handed in, unless they are the file.
    """
    newest = _newest(submission)
    stored = _hashes(submission.content_id)
    content = {**{name: sha256 for name, sha256 in _read_of(submission.content_id).items()
                  if sha256},
               **{name: sha256 for name, sha256 in (submission.snapshots or {}).items()
                  if stored.get(resource_of(name), sha256) != sha256}}
    return [name for name, sha256 in content.items()
            if name not in newest or newest[name].sha256 != sha256
            or newest[name].state in _WAITING]


def demand(submission: Submission) -> None:
    """Let pass what holds no personal data that a check found and nobody set aside.

    :raises PersonalDataError: saying where
    :raises UncheckedError: our check failed, and nobody wrote that they looked into the file
    """
    notes = unsettled(submission)
    found = [each for each in notes.stopping if is_personal(each.check_name)]
    if found:
        raise PersonalDataError(
            N_("Belum boleh terbit: ada data pribadi di {names}. Kembalikan ke instansi supaya "
               "kolomnya dibuang."),
            submission.state, names="; ".join(_name(each) for each in found[:5]))
    if notes.unchecked:
        raise UncheckedError(
            N_("Belum boleh terbit: {count} berkas belum diperiksa otomatis. Periksa ulang, atau "
               "batalkan persetujuan lalu tulis catatan “diperiksa manual”."),
            submission.state, count=len(notes.unchecked))


@withdrawn.connect
def on_withdrawn(package_id: str, at: dt.datetime, emergency: bool = False) -> None:
    """Take values out of what checks said of data that was stopped."""
    if not emergency:
        return
    for each in model.Session.scalars(sa.select(Finding).where(
            Finding.package_id == package_id, _OF_A_CHECK, Finding.said.is_not(None))):
        title = (each.said or {}).get("title") or each.check_name
        each.said = {"title": title, "count": (each.said or {}).get("count") or 1,
                     "message": {"template": title, "values": {}}}
        each.message, each.how = title, ""
        each.place = {name: value for name, value in each.place.items() if name != "column"}
    model.Session.flush()
