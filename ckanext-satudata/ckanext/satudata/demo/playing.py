"""Play the stories of the demo through the real workflow, each step by the one whose it is.

Nothing is written past the workflow: roles, four eyes and demands hold for the demo's people as
for everybody, and the audit trail says what happened. Only the time of each step is told
(``shared/moment.py``).
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.demo import handing_in, opening, revising
from ckanext.satudata.demo.acting import act
from ckanext.satudata.domain.demo import package, stories
from ckanext.satudata.domain.demo.describe import PREFIX
from ckanext.satudata.domain.demo.package import Entry
from ckanext.satudata.domain.demo.region import Region
from ckanext.satudata.shared import db, doors, moment, outbox

__all__ = ["play"]

#: News older than this were read by the people of the demo; what is still to be done was not.
FRESH = dt.timedelta(days=5)
TASK = "tugas"
#: What the portal has to do for the stories before they are as told.
KINDS = ("indeks", "transisi", "akses", "tabel_buang")


def play(
    region: Region, entries: Collection[Entry], people: Collection[str], user: str,
    now: dt.datetime,
) -> str | None:
    """Bring the drafts nobody has touched to where their story ends; nothing else.

    :param people: names of the demo's users, who have read what is old
    :param user: who runs the command, for what stood online before this portal
    :returns: the address of a link to hand in by that is open, if it was made now
    :param now: aware, in the zone of the government
    """
    untouched = _untouched(user)
    mine = [entry for entry in entries if entry.name in untouched
            and (entry.story is None or entry.story.steps)]
    if not mine:
        return None
    with outbox.held():
        _index(each["package_id"] for each in untouched.values())
        # First: what tells others of the data (the feed) reads it as each step is taken.
        _date_back(mine, now)
        for entry in mine:
            if entry.story is None:
                found = model.Package.get(entry.name)
                assert found is not None
                doors.existing_published(found.id, user)
            else:
                _Playing(region, entry, entry.story, untouched[entry.name], now).run()
                opening.play(entry.name, now)
    while outbox.drain(limit=500, kinds=KINDS):
        pass
    link = handing_in.play(region, {entry.name for entry in mine}, now)
    while outbox.drain(limit=500, kinds=KINDS):
        pass
    for name in people:
        _read_old_notices(name, now - FRESH)
    return link


def _read_old_notices(name: str, before: dt.datetime) -> None:
    fresh = 0
    while True:
        page = act("satudata_notice_list", name, unread=True, limit=100, offset=fresh)["results"]
        old = [each["id"] for each in page if each["kind"] != TASK
               and dt.datetime.fromisoformat(each["created_at"]) < before]
        fresh += len(page) - len(old)
        if old:
            act("satudata_notice_read", name, ids=old)
        if len(page) < 100:
            return


def _untouched(user: str) -> dict[str, dict[str, Any]]:
    """Return the drafts nobody wrote or moved since they were made, by name."""
    drafts: list[dict[str, Any]] = []
    while True:
        page = act("satudata_submission_list", user, state="draf", limit=200, offset=len(drafts))
        drafts += page["results"]
        if not page["results"]:
            break
    return {each["dataset"]["name"]: each for each in drafts
            if each["version"] == 1 and each["number"] == 1}


def _index(drafts: Iterable[str]) -> None:
    """Let drafts be found, once for each however many steps it takes: the last look counts."""
    with db.unit_of_work():
        for each in drafts:
            outbox.put("indeks", f"indeks:contoh:{each}", {"packages": [each]})


def _date_back(entries: Iterable[Entry], now: dt.datetime) -> None:
    """Say of each dataset that it was made when its story began."""
    with db.unit_of_work():
        for entry in entries:
            if entry.story is not None:
                began = stories.times(entry.story, now)[0].astimezone(dt.timezone.utc)
                model.Session.query(model.Package).filter_by(name=entry.name).update(
                    {"metadata_created": began.replace(tzinfo=None)})


class _Playing:
    """One dataset on its way."""

    def __init__(
        self, region: Region, entry: Entry, story: stories.Story, seen: dict[str, Any],
        now: dt.datetime,
    ) -> None:
        self.region, self.entry, self.story, self.now = region, entry, story, now
        self.id, self.version = seen["id"], seen["version"]

    def run(self) -> None:
        """Take the steps in their order."""
        _, *times = stories.times(self.story, self.now)
        for step, taken in zip(self.story.steps, times, strict=True):
            with moment.at(taken):
                self._take(step, self._person(step), taken)

    def _person(self, step: stories.Step) -> str:
        return self.entry.producer if step.by == stories.PRODUSEN else f"{PREFIX}{step.by}"

    def _take(self, step: stories.Step, person: str, taken: dt.datetime) -> None:
        if step.answers or (step.transition == "setujui" and self._noted()):
            self._settle(step, person)
        more: dict[str, Any] = {}
        if step.release_in:
            more["release_at"] = stories.release(step, taken).isoformat()
        if step.inspector:
            more["inspector"] = f"{PREFIX}{step.inspector}"
        if step.transition == "ajukan":
            more |= {"kind": step.kind, "reason": step.reason}
        # In bulk, be it of one: the answer does not describe the whole submission.
        [moved] = act("satudata_submission_transition_bulk", person, items=[{
            "id": self.id, "transition": step.transition, "expected_version": self.version,
            "note": step.note, "findings": [self._catatan(each) for each in step.catatan],
            **more}])["results"]
        if not moved["success"]:
            raise tk.ValidationError({self.entry.name: [str(moved["error"])]})
        self.id, self.version = moved["submission_id"], moved["version"]
        if step.edition:
            self._write(step.edition, person)

    def _write(self, number: int, person: str) -> None:
        """Put the next edition into the working copy that was just begun."""
        before, after = (package.said(self.region, self.entry.name, each, self.now.date())
                         for each in (number - 1, number))
        copy = act("satudata_submission_show", person, id=self.id)["content_id"]
        revising.write(person, copy, before, after)
        self.version = act("satudata_submission_show", person, id=self.id)["version"]

    def _noted(self) -> list[str]:
        """Return the messages of all catatan of this story, in their order."""
        return [each.message for step in self.story.steps for each in step.catatan]

    def _settle(self, step: stories.Step, person: str) -> None:
        """Answer the open catatan of people as the producer, or close them as the inspector."""
        seen = act("satudata_submission_show", person, id=self.id)
        written = self._noted()
        open_ones = sorted(
            (each for each in seen["findings"]
             if each["resolved_at"] is None and not each["check_name"]),
            key=lambda each: written.index(each["message"]))
        if step.answers:
            for found, answer in zip(open_ones, step.answers, strict=True):
                act("satudata_finding_answer", person, id=found["id"], answer=answer.text,
                      accept=answer.accept)
        else:
            for found in open_ones:
                act("satudata_finding_resolve", person, id=found["id"])
        self.version = act("satudata_submission_show", person, id=self.id)["version"]

    def _catatan(self, catatan: stories.Catatan) -> dict[str, Any]:
        place: dict[str, Any] = {"field": catatan.field} if catatan.field else {}
        if catatan.column:
            found = model.Package.get(self.entry.name)
            assert found is not None
            place = {"resource": found.resources[0].id, "column": catatan.column}
            if catatan.row:
                place["row"] = catatan.row
        proposed = {"field": catatan.field, "value": catatan.proposed} if catatan.proposed else None
        return {"principle": catatan.principle, "severity": catatan.severity,
                "code": catatan.code, "message": catatan.message, "how": catatan.how,
                "place": place, "proposed": proposed}
