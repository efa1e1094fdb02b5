"""The people of the workflow and data that may be handed in, for tests."""
from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
import pytest
from ckan.tests import factories, helpers

from ckanext.satudata.shared.actor import RoleGrant

Data = dict[str, Any]
#: What the law demands of a dataset, as the form asks it.
COMPLETE: Data = {
    "title": "Kunjungan puskesmas 2025", "konsep": "Kunjungan", "definisi": "Semua kedatangan.",
    "klasifikasi": "menurut kecamatan", "satuan": "kunjungan", "jadwal_rilis": "15-03-2026",
    "temporal_coverage": [{"start": "2025"}], "tingkat_penyajian": "kecamatan",
    "frequency": "tahunan", "jenis_data": "statistik",
    "resources": [{"url": "https://a.id/x.csv", "format": "CSV", "name": "Tabel"}],
}


def call(action: str, user: Data | None, /, **data: Any) -> Any:
    """Call an action as a user, with their rights only."""
    return helpers.call_action(
        action, {"user": user["name"] if user else "", "ignore_auth": False}, **data)


def grant(user: Data, role: str, scope: str = "") -> None:
    """Give a role without the page's questions."""
    now = dt.datetime.now(dt.timezone.utc)
    model.Session.add(RoleGrant(
        id=str(uuid.uuid4()), user_id=user["id"], role=role, scope=scope, decree="",
        since=now - dt.timedelta(days=1), granted_at=now, revoke_reason=""))
    model.Session.commit()


@dataclass
class Cast:
    """Everybody who has a part, by name; ``opd`` and ``other`` are ids of organizations."""

    opd: str = ""
    other: str = ""
    people: dict[str, Data] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Data:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def make(self, **more: Any) -> Data:
        """Create a dataset of the OPD as its publisher."""
        return call("package_create", self.produsen, **{**COMPLETE, "owner_org": self.opd, **more})

    def show(self, identifier: str, who: Data | None = None) -> Data:
        """Show a submission as a sysadmin sees it."""
        return call("satudata_submission_show", who or self.boss, id=identifier)

    def step(self, who: Data | None, identifier: str, transition: str, **more: Any) -> Data:
        """Make a transition having seen the newest version."""
        more.setdefault("expected_version", self.show(identifier)["version"])
        return call("satudata_submission_transition", who, id=identifier, transition=transition,
                    **more)

    def through(self, identifier: str, *steps: tuple[str, str]) -> Data:
        """Make several transitions, each by somebody."""
        shown: Data = {}
        for who, transition in steps:
            shown = self.step(self.people[who], identifier, transition)
        return shown

    def set_aside(self, identifier: str) -> None:
        """Let the walidata say that what checks find wrong in a draft is right."""
        call("satudata_inspection_run", self.walidata, id=identifier, wait=True)
        for each in self.show(identifier)["findings"]:
            if each["check_name"] and each["severity"] == "wajib" and not each["resolved_at"]:
                call("satudata_finding_resolve", self.walidata, id=each["id"])


def assemble() -> Cast:
    """Make the organizations and people; needs ``ckanext.satudata.walidata = diskominfo``."""
    cast = Cast()
    boss = factories.Sysadmin()
    made = {
        name: helpers.call_action(
            "organization_create", {"user": boss["name"]}, name=name, title=title,
            urusan=["1.02"], surel=f"{name}@serangkab.go.id", jenis_instansi="dinas",
            kode_wilayah="36.04")["id"]
        for name, title in (("dinkes", "Dinas Kesehatan"), ("dinsos", "Dinas Sosial"),
                            ("diskominfo", "Diskominfo"))
    }
    cast.opd, cast.other = made["dinkes"], made["dinsos"]
    cast.people["boss"] = boss
    for name, organization, capacity in (
            ("produsen", "dinkes", "editor"), ("kepala", "dinkes", "admin"),
            ("rekan", "dinkes", "editor"), ("anggota", "dinkes", "member"),
            ("tetangga", "dinsos", "editor"), ("walidata", "diskominfo", "editor"),
            ("walidata_2", "diskominfo", "member"), ("pendukung", "dinkes", "member"),
            ("pendukung_lain", "dinsos", "member"), ("pembina", "", ""),
            ("pembina_geo", "", ""), ("ppid", "", ""), ("pimpinan", "", ""),
            ("koordinator", "", ""), ("pejabat", "dinkes", "member"), ("warga", "", "")):
        # Straight into the tables: hashing sixteen passwords a test takes longer than the test.
        user = model.User(name=name.replace("_", "-"), fullname=name, email=f"{name}@a.go.id")
        model.Session.add(user)
        model.Session.flush()
        cast.people[name] = {"id": user.id, "name": user.name}
        if organization:
            model.Session.add(model.Member(
                group=model.Group.get(organization), table_name="user", table_id=user.id,
                capacity=capacity))
    for name, role, scope in (
            ("walidata", "walidata", ""), ("walidata_2", "walidata", ""),
            ("pendukung", "walidata_pendukung", cast.opd),
            ("pendukung_lain", "walidata_pendukung", cast.other),
            ("pembina", "pembina_data", "statistik"), ("pembina_geo", "pembina_data", "geospasial"),
            ("ppid", "ppid", ""), ("pimpinan", "pimpinan", ""),
            ("koordinator", "koordinator_forum", ""),
            ("pejabat", "pejabat_pengelola_data", cast.opd)):
        grant(cast.people[name], role, scope)
    return cast


def people() -> tuple[Any, Any]:
    """Return the fixtures ``made`` and ``cast``: people who stay while a module is tested."""
    @pytest.fixture(scope="module")
    def made() -> list[Cast]:
        return []

    @pytest.fixture
    def cast(made: list[Cast], request: pytest.FixtureRequest) -> Cast:
        if not made:
            for name in ("clean_db", "clean_index", "clean_datastore"):
                request.getfixturevalue(name)
            made.append(assemble())
        return made[0]

    return made, cast
