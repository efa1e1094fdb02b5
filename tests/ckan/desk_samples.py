"""One government at a desk: an OPD, the walidata, and everybody who is neither."""
from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.tests import factories, helpers

from ckanext.satudata.shared.actor import RoleGrant

Data = dict[str, Any]
WALIDATA_ORG = "diskominfo"


def call(action: str, user: Data | None, **data: Any) -> Any:
    """Call an action with a person's own rights."""
    return helpers.call_action(
        action, {"user": user["name"] if user else "", "ignore_auth": False}, **data)


def grant(user: Data, role: str, scope: str = "") -> None:
    """Give a role, as the sysadmin's page does."""
    now = dt.datetime.now(dt.timezone.utc) - dt.timedelta(minutes=1)
    model.Session.add(RoleGrant(
        id=str(uuid.uuid4()), user_id=user["id"], role=role, scope=scope, decree="", since=now,
        granted_at=now, revoke_reason=""))
    model.Session.commit()


def person(fullname: str) -> Data:
    return factories.UserWithToken(fullname=fullname)


def government() -> SimpleNamespace:
    """Make two OPD, the walidata and a person of every role."""
    people = SimpleNamespace(
        wali=person("Siti Aminah"), wali2=person("Rina Walidata"), pendukung=person("Pendukung"),
        officer=person("Budi Santoso"), head=person("Kepala Dinas"), editor=person("Editor"),
        member=person("Anggota"), other=person("Petugas Dishub"), both=person("Rangkap"),
        pembina=person("BPS"), pembina_geo=person("BIG"), pimpinan=person("Bupati"),
        koordinator=person("Bappeda"), ppid=person("PPID"), user=person("Pemerintah"),
        nobody=person("Warga"), root=factories.SysadminWithToken(fullname="Sysadmin"))
    people.walidata = factories.Organization(
        name=WALIDATA_ORG, title="Dinas Komunikasi dan Informatika",
        users=[{"name": p["name"], "capacity": "member"}
               for p in (people.wali, people.wali2, people.both)])
    people.opd = factories.Organization(name="dinkes", title="Dinas Kesehatan", users=[
        {"name": people.officer["name"], "capacity": "admin"},
        {"name": people.editor["name"], "capacity": "editor"},
        {"name": people.both["name"], "capacity": "editor"},
        {"name": people.head["name"], "capacity": "member"},
        {"name": people.pendukung["name"], "capacity": "member"},
        {"name": people.member["name"], "capacity": "member"}])
    people.dishub = factories.Organization(name="dishub", title="Dinas Perhubungan", users=[
        {"name": people.other["name"], "capacity": "admin"}])
    for who in (people.wali, people.wali2, people.both):
        grant(who, "walidata")
    grant(people.pendukung, "walidata_pendukung", people.opd["id"])
    grant(people.head, "pejabat_pengelola_data", people.opd["id"])
    grant(people.pembina, "pembina_data", "statistik")
    grant(people.pembina_geo, "pembina_data", "geospasial")
    for name in ("pimpinan", "koordinator", "ppid", "user"):
        role = {"koordinator": "koordinator_forum", "user": "pengguna_pemerintah"}.get(name, name)
        grant(getattr(people, name), role)
    return people


def submission(people: SimpleNamespace, title: str, state: str = "draf", **columns: Any) -> str:
    """Make a dataset of the OPD by its officer; return its submission, moved to a state.

    The state is set in the table: the way there is what the workflow's own tests walk.
    """
    owner = columns.pop("owner_org", people.opd["id"])
    by = people.other if owner == people.dishub["id"] else people.officer
    dataset = call("package_create", by, title=title, owner_org=owner,
                   name=f"data-{uuid.uuid4().hex[:12]}")
    found = call("satudata_submission_show", by, id=dataset["id"])
    change = {"state": state, **columns}
    sets = ", ".join(f"{name} = :{name}" for name in change)
    model.Session.execute(
        sa.text(f"UPDATE satudata_submission SET {sets} WHERE id = :id"),
        {**change, "id": found["id"]})
    model.Session.commit()
    return found["id"]


def finding(submission_id: str, message: str, shared: bool = True, **columns: Any) -> None:
    """Add a catatan, given to the produsen or still on the inspector's desk."""
    now = dt.datetime.now(dt.timezone.utc)
    values = {
        "id": str(uuid.uuid4()), "s": submission_id, "principle": "kode_referensi",
        "severity": "wajib", "message": message, "how": "Ganti kodenya.", "at": now,
        "shared": now if shared else None, "resolved": None, "place": '{"field": "kode_wilayah"}',
        **columns}
    model.Session.execute(sa.text(
        "INSERT INTO satudata_finding (id, submission_id, package_id, principle, severity, "
        "message, how, created_at, shared_at, resolved_at, place) "
        "SELECT :id, id, package_id, :principle, :severity, :message, :how, :at, "
        ":shared, :resolved, cast(:place AS jsonb) FROM satudata_submission WHERE id = :s"), values)
    model.Session.commit()


def draft(people: SimpleNamespace, submissions: list[str], by: Data | None = None,
          **more: Any) -> Data:
    """Prepare a Berita Acara as the walidata."""
    return call("satudata_berita_acara_create", by or people.wali, **{
        "owner_org": people.opd["name"], "submissions": submissions, "place": "Ruang rapat",
        "attendees": [{"name": "Siti Aminah", "office": "Statistisi", "agency": "Diskominfo"}],
        **more})


def issued(people: SimpleNamespace, submissions: list[str], **more: Any) -> Data:
    """Prepare and issue one."""
    made = draft(people, submissions, **more)
    return call("satudata_berita_acara_issue", people.wali, id=made["id"],
                expected_hash=made["preview_hash"])


def confirm(made: Data, by: Data, office: str = "Kepala Bidang", **more: Any) -> Data:
    """Confirm for the person's side."""
    return call("satudata_berita_acara_confirm", by, **{
        "id": made["id"], "expected_hash": made["content_hash"], "office": office, **more})
