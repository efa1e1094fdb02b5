"""Template helpers of the workflow: badges, moments, and the state of datasets that a page shows.

None of them decides; what a viewer may know is asked of the actions.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from flask import current_app

from ckanext.satudata import config
from ckanext.satudata.domain.roles import Actor, Permission, Subject, may
from ckanext.satudata.domain.workflow import EDITABLE, OPEN, State
from ckanext.satudata.shared.actor import NOBODY, actor_of
from ckanext.satudata.shared.asking import visitor
from ckanext.satudata.workflow import figures, page, store, words, worklist
from ckanext.satudata.workflow.model import Submission

__all__ = [
    "satudata_day",
    "satudata_day_time",
    "satudata_due",
    "satudata_event_label",
    "satudata_has_route",
    "satudata_letter_needed",
    "satudata_next_said",
    "satudata_public_timeline",
    "satudata_release",
    "satudata_state_badge",
    "satudata_states",
    "satudata_submission",
    "satudata_tasks",
    "satudata_tasks_name",
    "satudata_who",
    "satudata_working_copy",
    "satudata_works_here",
    "satudata_writable",
]

_CACHE = "_satudata_workflow"
#: How many datasets one list looks up at once.
_MAX_LISTED = 500


def satudata_state_badge(state: str, jenis_data: str = "") -> dict[str, str]:
    """Return class, icon and words of a state's badge."""
    try:
        css, icon = words.BADGES[State(state)]
    except ValueError:
        css, icon = "netral", "info"
    return {"css": css, "icon": icon, "label": words.state_label(state, jenis_data)}


def satudata_day(value: Any) -> str:
    """Write the day of a moment in the installation's zone: 9 November 2026."""
    return words.day(value)


def satudata_day_time(value: Any) -> str:
    """Write a moment to the minute in the installation's zone: 9 November 2026, 15.02 WIB."""
    return words.day_time(value)


def satudata_due(value: Any) -> dict[str, Any]:
    """Describe a deadline: ``late`` in working days and its ``label``."""
    return words.due(value)


def satudata_who(person: Any) -> str:
    """Return a person's name; the clock and people who are gone read as what they are."""
    return words.who(person) or tk._("Sistem")


def satudata_event_label(event: Mapping[str, Any]) -> str:
    """Say what happened where the state stayed as it was."""
    return words.event_label(str(event.get("kind") or ""), str(event.get("transition") or ""),
                             event.get("data") or {})


def satudata_has_route(endpoint: str) -> bool:
    """Tell whether a page exists, so that a menu leads nowhere else."""
    return endpoint in current_app.view_functions


def satudata_works_here() -> bool:
    """Tell whether the viewer has anything to do with the workflow."""
    looking = viewer()
    return bool(looking.id) and (looking.sysadmin or bool(looking.grants))


def satudata_tasks() -> int:
    """Return how many submissions wait for the viewer; counted once a request."""
    return waiting()[0]


def satudata_tasks_name() -> str:
    """Return what the page of tasks is called for the viewer: who only oversees has no tasks."""
    return tk._("Pemantauan") if worklist.voice(viewer()) == "pemantau" else tk._("Tugas saya")


def satudata_writable(package: Mapping[str, Any]) -> bool:
    """Tell whether the content a package holds may be written now, so that a form makes sense."""
    if package.get("type") not in store.KINDS:
        return True
    found = store.content(str(package["id"]))
    return found is None or found.status in EDITABLE


def satudata_working_copy(package: Mapping[str, Any]) -> bool:
    """Tell whether a package is where the next version of a published one is made."""
    found = store.content(str(package["id"])) if package.get("type") in store.KINDS else None
    return found is not None and found.package_id != package["id"]


def waiting() -> tuple[int, int]:
    """Return how many submissions wait for the viewer and how many of them are late."""
    kept = _kept()
    if "tasks" not in kept:
        kept["tasks"] = figures.waiting(viewer()) if satudata_works_here() else (0, 0)
    return kept["tasks"]


def satudata_states(packages: Iterable[Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """Return what a list says of its datasets beside their titles, by id, in one query.

    :param packages: the datasets of the list, given once; afterwards what was found is kept
    :returns: ``belum_diperiksa`` for everybody; ``state`` and ``jenis_data`` of the version
        under way, or of the one that stands, only for those who work on the dataset
    """
    kept = _kept().setdefault("states", {})
    wanted = [str(each["id"]) for each in packages or []
              if each.get("id") and each["id"] not in kept][:_MAX_LISTED]
    if not wanted:
        return kept
    kept.update({each: {} for each in wanted})
    looking = viewer()
    if looking.id:
        for submission in model.Session.scalars(
            sa.select(Submission)
            .where(sa.or_(Submission.package_id.in_(wanted), Submission.content_id.in_(wanted)))
            .order_by(Submission.number)
        ):
            for identifier in {submission.package_id, submission.content_id} & set(wanted):
                _describe(kept[identifier], submission, looking)
    else:
        for identifier in model.Session.scalars(sa.select(Submission.package_id).where(
                Submission.package_id.in_(wanted), Submission.state == State.TERBIT.value,
                Submission.belum_diperiksa)):
            kept[identifier]["belum_diperiksa"] = True
    return kept


def _describe(said: dict[str, Any], submission: Submission, looking: Actor) -> None:
    """Let a later version overrule an earlier one."""
    if submission.status is State.TERBIT:
        said["belum_diperiksa"] = submission.belum_diperiksa
    if submission.status is State.DIBATALKAN:
        return
    if may(looking, Permission.BACA, submission.subject):
        said.update(state=submission.state, jenis_data=submission.jenis_data,
                    submission=submission.id, number=submission.number,
                    under_way=submission.status in OPEN and submission.number > 1)


def satudata_submission(package: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the submission of a dataset as the viewer may know it, or ``None``."""
    looking = viewer()
    if not looking.id or not package.get("id"):
        return None
    subject = Subject(str(package.get("owner_org") or ""), str(package.get("jenis_data") or ""),
                      package.get("access_rights") in ("terbatas", "tertutup"), True)
    if not may(looking, Permission.BACA, subject):
        return None
    try:
        return tk.get_action("satudata_submission_show")(visitor(), {"id": package["id"]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None


def satudata_letter_needed() -> bool:
    """Tell whether what is handed in must come with a surat pengantar here."""
    return config.surat_pengantar()


def satudata_next_said(submission: Mapping[str, Any]) -> str:
    """Say in one sentence who acts next on a submission, and on what."""
    return page.next_said(submission)


def satudata_release(value: Any = None) -> dict[str, str]:
    """Return a time of release for its form, in the installation's own zone."""
    return words.release(value)


def satudata_public_timeline(package: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return when versions of a dataset were published and withdrawn, newest first.

    What everybody may know: no names and no notes, whoever looks.
    """
    try:
        found = tk.get_action("satudata_submission_timeline")(
            {"user": "", "auth_user_obj": None}, {"id": package["id"]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return []
    return [each for each in found["results"] if each["to_state"] in ("terbit", "ditarik")]


def viewer() -> Actor:
    """Return who looks at this page, asked once a request."""
    kept = _kept()
    if "viewer" not in kept:
        user = tk.current_user
        kept["viewer"] = actor_of(user.name) if user and user.is_authenticated else NOBODY
    return kept["viewer"]


def _kept() -> dict[str, Any]:
    """Return what this request found out already."""
    if _CACHE not in tk.g:
        setattr(tk.g, _CACHE, {})
    return getattr(tk.g, _CACHE)
