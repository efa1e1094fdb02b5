"""What of a load becomes public: nothing, but for data that stood online before this portal.

New data are drafts; their producer hands them in and the walidata publishes. Who moves an
existing portal here (``--sudah-terbit``) says instead that the data are public already: they
go through the door of ``shared/doors.py``, carry the badge "belum diperiksa menurut SDI", and
the event names who ran the command. Loaded again, such data follow the old portal until
somebody inspects them; from then on only a revision changes them, whoever asks.
"""
from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from ckanext.satudata.domain.errors import WorkflowError
from ckanext.satudata.domain.loading.plan import DatasetPlan
from ckanext.satudata.domain.loading.problems import N_, LoadError, Problem
from ckanext.satudata.domain.metadata_values import InvalidValueError, truth
from ckanext.satudata.loading.report import CHANGED, FAILED, UNCHANGED, Outcome
from ckanext.satudata.shared import doors

__all__ = ["OpenDoor", "asked", "door", "publish"]

#: Opens the way for one write of content; gives what the write's context must carry.
OpenDoor = Callable[[], AbstractContextManager[dict[str, Any]]]


def asked(plan: DatasetPlan) -> bool:
    """Take ``private`` out of a plan and tell whether the dataset may go online.

    A client does not set visibility any more; in a manifest the column still says what was
    not public on the portal it comes from.

    :raises LoadError: if it is neither yes nor no.
    """
    value = plan.fields.pop("private", None)
    if value is None:
        return True
    try:
        return not truth(value)
    except InvalidValueError:
        raise LoadError(plan.place_of("private"), N_(
            "{value} bukan ya atau tidak. Tulis ya (tidak untuk publik) atau tidak."),
            value=str(value)[:40]) from None


def door(existing: dict[str, Any] | None, online: bool, user: str) -> OpenDoor:
    """Return the way in for a dataset's new content: through the workflow's guards, or the door."""
    if existing is None or existing.get("private") or not online:
        return lambda: nullcontext({})
    return lambda: doors.existing_changed(existing["id"], user)


def publish(
    plan: DatasetPlan, outcome: Outcome, existing: dict[str, Any] | None, identifier: str,
    user: str, dry_run: bool,
) -> None:
    """Publish what was loaded, unless it is public already, and say so."""
    if existing is not None and not existing.get("private"):
        return
    if not dry_run:
        try:
            doors.existing_published(identifier, user)
        except WorkflowError as error:
            outcome.problems.append(Problem(plan.place, error.message, error.values))
            outcome.action = FAILED
            return
    if outcome.action == UNCHANGED:
        outcome.action = CHANGED
    outcome.remarks.append((N_("terbit, belum diperiksa menurut SDI"), {}))
