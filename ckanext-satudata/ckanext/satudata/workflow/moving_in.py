"""Data of an older portal that nobody inspected yet: it may follow that portal a while longer.

Whoever moves a portal here loads it more than once before the old one is shut. What came in
through ``shared/doors.py`` and has not been inspected since may then receive new content from
the server's command line, recorded each time. What was inspected may not: from then on only a
revision changes it.
"""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.model as model

from ckanext.satudata.domain.errors import StateConflictError
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.workflow import State
from ckanext.satudata.shared import moment
from ckanext.satudata.shared.actor import actor_of
from ckanext.satudata.shared.audit import record
from ckanext.satudata.shared.doors import open_door
from ckanext.satudata.workflow import gate, hooks, publish, seal, store
from ckanext.satudata.workflow.publish import Door

__all__ = ["existing_changed", "existing_recorded"]


@open_door("pindahan_isi")
@contextmanager
def existing_changed(package_id: str, user: str) -> Iterator[dict[str, Any]]:
    """Open the way for one write of content; commits nothing, records nothing if none came.

    :raises StateConflictError: it was inspected, or a revision is under way, or what came in is
        restricted without its decision
    """
    submission = next(
        (each for each in store.lock_family(package_id) if each.status is State.TERBIT), None)
    if submission is None or not submission.belum_diperiksa:
        raise StateConflictError(
            N_("Data ini sudah masuk alur pemeriksaan, jadi isinya tidak bisa ditimpa. Pilih "
               "“Perbarui data” di halaman pengajuannya, lalu ubah salinan kerjanya."),
            submission.state if submission else "")
    working_copy = store.open_of(package_id)
    if working_copy is not None:
        raise StateConflictError(
            N_("Versi berikutnya data ini sedang disiapkan. Lanjutkan versi itu, atau batalkan "
               "dahulu."), working_copy.state)
    before = seal.content_hash(package_id, files=False)
    yield Door().key()
    model.Session.flush()
    after = seal.content_hash(package_id, files=False)
    if after == before:
        return
    package = model.Session.get(model.Package, package_id)
    assert package is not None
    now = moment.now()
    submission.version += 1
    submission.modified = now
    seal.keep_rows(submission, files=False)
    submission.content_hash = after
    hooks.describe(submission, package)
    gate.demand(submission, now)
    publish.settle(submission)
    record("pindahan", actor=actor_of(user).id or None, at=now, submission_id=submission.id,
           package_id=package_id, from_state=submission.state, to_state=submission.state,
           content_hash=submission.content_hash, version=submission.version)


@open_door("versi_pertama")
@contextmanager
def existing_recorded(package_id: str, user: str) -> Iterator[str | None]:
    """Record what is public as the version it is: it became so before versions were kept."""
    submission = next(
        (each for each in store.lock_family(package_id) if each.status is State.TERBIT), None)
    if submission is None:
        yield None
        return
    yield submission.id
    model.Session.flush()
    if not submission.snapshots:
        seal.keep_rows(submission, files=False)
    seal.close(submission)
    submission.published_at = submission.published_at or submission.state_since
    publish.settle(submission)
