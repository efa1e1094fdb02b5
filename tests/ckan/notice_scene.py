"""An OPD, a walidata, a pembina and a koordinator, and a dataset on its way between them."""
from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories, helpers

from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.actor import RoleGrant

User = dict[str, Any]
WALIDATA = "diskominfo"
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.timezone.utc)

#: What the law demands of a dataset before it is handed in.
COMPLETE: dict[str, Any] = {
    "notes": "Jumlah balita stunting menurut kecamatan.", "urusan": ["1.02"],
    "contact": [{"name": "Bidang Gizi", "email": "gizi@serangkab.go.id"}], "konsep": "Stunting",
    "definisi": "Balita pendek menurut umur.", "klasifikasi": "Menurut kecamatan",
    "ukuran": "jumlah", "satuan": "orang", "jenis_data": "statistik",
    "temporal_coverage": [{"start": "2025", "end": "2025"}], "tingkat_penyajian": "kecamatan",
    "frequency": "tahunan", "jadwal_rilis": "2026-01-05",
    "resources": [{"name": "Tabel", "url": "https://example.org/stunting.csv", "format": "CSV"}],
}


def call(action: str, user: User, **data: Any) -> Any:
    """Call an action as a user, with their rights only."""
    return helpers.call_action(action, {"user": user["name"], "ignore_auth": False}, **data)


def give(user: User, role: str, scope: str = "") -> None:
    """Grant a role that holds from long ago."""
    model.Session.add(RoleGrant(
        id=str(uuid.uuid4()), user_id=user["id"], role=role, scope=scope, decree="SK 1",
        since=LONG_AGO, granted_at=LONG_AGO, revoke_reason=""))
    model.Session.commit()


def _person(name: str, fullname: str) -> User:
    # Straight into the table: seven calls of an action a test take longer than most tests.
    user = model.User(name=name, fullname=fullname, email=f"{name}@serangkab.go.id")
    model.Session.add(user)
    model.Session.commit()
    return {"id": user.id, "name": user.name}


@dataclass
class Scene:
    """The people, and the one dataset they hand to each other."""

    author: User = field(default_factory=lambda: _person("petugas", "Petugas Data"))
    colleague: User = field(default_factory=lambda: _person("rekan", "Rekan Sebidang"))
    stranger: User = field(default_factory=lambda: _person("orang-lain", "Orang Lain"))
    inspector: User = field(default_factory=lambda: _person("pemeriksa", "Pemeriksa Satu"))
    second: User = field(default_factory=lambda: _person("pemeriksa-dua", "Pemeriksa Dua"))
    pembina: User = field(default_factory=lambda: _person("bps", "Pembina BPS"))
    koordinator: User = field(default_factory=lambda: _person("bappeda", "Koordinator Forum"))
    dataset: dict[str, Any] = field(default_factory=dict)
    opd: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.opd = factories.Organization(
            name="dinkes", title="Dinas Kesehatan", users=[
                {"name": self.author["name"], "capacity": "editor"},
                {"name": self.colleague["name"], "capacity": "editor"}])
        factories.Organization(name="dinsos", users=[
            {"name": self.stranger["name"], "capacity": "admin"}])
        factories.Organization(name=WALIDATA, users=[
            {"name": each["name"], "capacity": "member"}
            for each in (self.inspector, self.second)])
        give(self.inspector, "walidata")
        give(self.second, "walidata")
        give(self.pembina, "pembina_data", "statistik")
        give(self.koordinator, "koordinator_forum")

    def draft(self, title: str = "Balita stunting 2025", by: User | None = None,
              **more: Any) -> dict[str, Any]:
        """Make a complete dataset."""
        # Whether CKAN lets a walidata type for an OPD is another test's question.
        self.dataset = helpers.call_action(
            "package_create", {"user": (by or self.author)["name"], "ignore_auth": by is not None},
            title=title, owner_org=self.opd["id"], **{**COMPLETE, **more})
        return self.dataset

    @property
    def submission(self) -> dict[str, Any]:
        """The submission as a sysadmin sees it."""
        return helpers.call_action("satudata_submission_show", id=self.dataset["id"])

    def step(self, user: User, transition: str, **more: Any) -> dict[str, Any]:
        """Take a step as somebody, as the page would."""
        return call("satudata_submission_transition", user, id=self.submission["id"],
                    transition=transition, expected_version=self.submission["version"], **more)

    def handed_in(self, **more: Any) -> None:
        """Draft and hand in, with nobody told yet of anything before."""
        self.draft(**more)
        self.step(self.author, "ajukan")

    def inspected(self, **more: Any) -> None:
        """Go on to where the inspector decides; what was told on the way is done."""
        self.handed_in(**more)
        self.step(self.inspector, "periksa")
        drain_all()

    def approved(self, **more: Any) -> None:
        """Go on to approved, without a release date unless one is given."""
        self.inspected(**more)
        self.step(self.inspector, "setujui")
        drain_all()


def drain_all() -> None:
    """Do all that waits, as workers would."""
    while outbox.is_waiting():
        outbox.drain()


def notices_of(user: User) -> list[dict[str, Any]]:
    """Return what a user reads, newest first."""
    return call("satudata_notice_list", user)["results"]


def heard(user: User) -> list[tuple[str, str]]:
    """Return kind and headline of what a user was told, newest first."""
    return [(each["kind"], each["headline"]) for each in notices_of(user)]


def set_mail(user: User, **kinds: bool) -> None:
    """Turn mail of some kinds on or off."""
    call("satudata_notice_settings_update", user,
         settings=[{"kind": kind, "mail": mail} for kind, mail in kinds.items()])


def refused(action: str, user: User, **data: Any) -> dict[str, Any]:
    """Return what an action that must refuse says."""
    try:
        call(action, user, **data)
    except tk.ValidationError as error:
        return error.error_dict
    raise AssertionError(f"{action} accepted {data}")
