"""One government with everybody in it, and one dataset that is walked into any state.

Made once for a module. Each test then works inside a transaction of its own that is rolled
back: commits of the actions become savepoints, so that thousands of decisions run through
the real actions against the same rows.
"""
from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories, helpers
from workflow_law import CONFLICT, FORBIDDEN, PRIORITY, TYPED

from ckanext.satudata.inspection.model import Inspection
from ckanext.satudata.shared.actor import RoleGrant
from ckanext.satudata.workflow.model import Submission

Data = dict[str, Any]

#: Organizations: the OPD whose data it is, another, the walidata's own.
OPD, OTHER, WALIDATA = "dinas-kesehatan", "dinas-lain", "diskominfo"

#: Membership in CKAN: person -> organization, capacity.
MEMBERS = {
    "anggota": (OPD, "member"),
    "produsen": (OPD, "editor"),
    "pengirim": (OPD, "editor"),
    "admin-opd": (OPD, "admin"),
    "produsen-lain": (OTHER, "admin"),
    "agen": (OPD, "member"),
    "agen-lain": (OTHER, "member"),
    "pejabat": (OPD, "member"),
    "pejabat-lain": (OTHER, "member"),
    "pembina-pengisi": (OPD, "editor"),
    "walidata": (WALIDATA, "member"),
    "walidata-pengisi": (WALIDATA, "editor"),
    "walidata-berakhir": (WALIDATA, "member"),
    "walidata-belum-mulai": (WALIDATA, "member"),
    "walidata-dicabut": (WALIDATA, "member"),
    "walidata-dihapus": (WALIDATA, "member"),
    "admin-walidata": (WALIDATA, "admin"),
}
#: Grants: person -> role, scope (an organization by name, or a jenis_data).
GRANTS = {
    "agen": ("agen_statistik", OPD),
    "agen-lain": ("agen_statistik", OTHER),
    "pejabat": ("pejabat_pengelola_data", OPD),
    "pejabat-lain": ("pejabat_pengelola_data", OTHER),
    "walidata": ("walidata", ""),
    "walidata-pengisi": ("walidata", ""),
    "walidata-produsen": ("walidata", ""),
    "walidata-berakhir": ("walidata", ""),
    "walidata-belum-mulai": ("walidata", ""),
    "walidata-dicabut": ("walidata", ""),
    "walidata-pindah": ("walidata", ""),
    "walidata-dihapus": ("walidata", ""),
    "pendukung": ("walidata_pendukung", OPD),
    "pendukung-lain": ("walidata_pendukung", OTHER),
    "pembina": ("pembina_data", "statistik"),
    "pembina-lain": ("pembina_data", "geospasial"),
    "pembina-pengisi": ("pembina_data", "statistik"),
    "ppid": ("ppid", ""),
    "sekretariat": ("sekretariat", ""),
    "koordinator": ("koordinator_forum", ""),
    "pimpinan": ("pimpinan", ""),
    "pemerintah": ("pengguna_pemerintah", ""),
}
#: A dataset that lacks nothing the law demands.
CONTENT: Data = {
    "title": "Jumlah kunjungan puskesmas menurut kecamatan",
    "notes": "Kunjungan rawat jalan di puskesmas menurut kecamatan.",
    "tags": [{"name": "kunjungan"}],
    "urusan": ["1.02"],
    "frequency": "tahunan",
    "access_rights": "terbuka",
    "license_id": "cc-by",
    "language": ["id"],
    "kode_wilayah": ["36.04"],
    "tingkat_penyajian": "kecamatan",
    "jenis_data": "statistik",
    "jenis_statistik": "sektoral",
    "konsep": "Kunjungan",
    "definisi": "Kedatangan seseorang untuk rawat jalan.",
    "klasifikasi": "Jenis kelamin",
    "ukuran": "Jumlah",
    "satuan": "kunjungan",
    "sifat_angka": "tetap",
    "referensi_waktu": "Januari sampai Desember 2025",
    "temporal_coverage": [{"start": "2025-01-01", "end": "2025-12-31"}],
    "cara_pengumpulan_data": "kompilasi_produk_administrasi",
    "contact": [{"name": "Bidang data", "email": "data@serangkab.go.id"}],
    "provenance": "Laporan bulanan puskesmas.",
    "kategori_kip": "berkala",
    "jadwal_rilis": "2026-03-01",
    "resources": [{"name": "Tabel", "format": "CSV", "url": "https://data.serangkab.go.id/a.csv"}],
}
DAY = dt.timedelta(days=1)
#: Each state and the steps that lead there.
PATHS: dict[str, tuple[tuple[str, str], ...]] = {}
PATHS["draf"] = ()
PATHS["diajukan"] = (("pengirim", "ajukan"),)
PATHS["diperiksa_walidata"] = (*PATHS["diajukan"], ("walidata", "periksa"))
PATHS["dikembalikan"] = (*PATHS["diperiksa_walidata"], ("walidata", "kembalikan"))
PATHS["disetujui"] = (*PATHS["diperiksa_walidata"], ("walidata", "setujui"),
                      ("walidata", "jadwalkan"))
PATHS["terbit"] = (*PATHS["disetujui"], ("walidata", "terbitkan"))
PATHS["ditarik"] = (*PATHS["terbit"], ("walidata", "tarik"))
PATHS["dibatalkan"] = (("pengirim", "batalkan"),)
PATHS["diperiksa_pembina"] = (*PATHS["diperiksa_walidata"], ("walidata", "setujui"))
PATHS["dikembalikan_pembina"] = (*PATHS["diperiksa_pembina"], ("pembina", "kembalikan"))
#: States that only Data Prioritas come to.
PRIORITY_ONLY = frozenset({"diperiksa_pembina", "dikembalikan_pembina"})


@dataclass
class World:
    """Who is there, and the dataset that everybody asks for."""

    people: dict[str, str] = field(default_factory=dict)
    organizations: dict[str, str] = field(default_factory=dict)
    package: Data = field(default_factory=dict)

    def act(self, person: str, action: str, /, **data: Any) -> Any:
        """Call an action as a person, with that person's rights only."""
        return tk.get_action(action)({"user": person, "ignore_auth": False}, data)

    def submission(self) -> Submission:
        """Return the newest version of the dataset as it is now; later changes don't show in it."""
        model.Session.expire_all()
        found = model.Session.scalars(
            sa.select(Submission).where(Submission.package_id == self.package["id"])
            .order_by(Submission.number.desc()).limit(1)).one()
        model.Session.expunge(found)
        return found

    def step(self, person: str, name: str, submission: Submission | None = None,
             **more: Any) -> Data:
        """Ask for a step as a person who sees the newest version and brings all it needs."""
        row = submission or self.submission()
        return self.act(person, "satudata_submission_transition", **{
            "id": row.id, "transition": name, "expected_version": row.version,
            **self.brought(name), **more})

    def brought(self, name: str) -> Data:
        """Return what has to come with a step."""
        needed: Data = {"note": "Sesuai hasil pemeriksaan."}
        if name == "alihkan":
            needed["inspector"] = "walidata-pengisi"
        if name == "jadwalkan":
            needed["release_at"] = (dt.datetime.now(dt.timezone.utc) + DAY).isoformat()
        return needed

    def walk(self, case: str) -> Submission:
        """Bring the dataset from draft to a state, by the steps people take."""
        state = case.partition(",")[0]
        if state == "digantikan":
            return self._replaced()
        if case == TYPED:
            self.write("walidata-pengisi", notes="Dari berita acara di atas kertas.")
        if case == PRIORITY or state in PRIORITY_ONLY:
            self.write("pengirim", prioritas_tahun=["2026"], kriteria_prioritas="pembangunan")
        for person, name in PATHS[state]:
            self.step(person, name)
        row = self.submission()
        assert row.state == state
        return row

    def write(self, person: str, **fields: Any) -> None:
        """Change the draft as a person."""
        self.act(person, "package_patch", id=self.package["id"], **fields)

    def _replaced(self) -> Submission:
        first = self.walk("terbit")
        self.step("pengirim", "revisi")
        for person, name in PATHS["terbit"]:
            self.step(person, name)
        model.Session.expire_all()
        found = model.Session.get(Submission, first.id)
        assert found is not None and found.state == "digantikan"
        return found


def make() -> World:
    """Make the people, their roles and the draft that several of them wrote."""
    world = World()
    world.people = _people()
    admin = model.User.get("sysadmin")
    for name in (OPD, OTHER, WALIDATA):
        members = [{"name": person, "capacity": capacity}
                   for person, (where, capacity) in MEMBERS.items() if where == name]
        if name in (OPD, WALIDATA):
            members.append({"name": "walidata-produsen",
                            "capacity": "editor" if name == OPD else "member"})
        if name == WALIDATA:
            members.append({"name": "walidata-pindah", "capacity": "member"})
        world.organizations[name] = factories.Organization(
            name=name, title=name.replace("-", " ").title(), users=members,
            user={"name": admin.name})["id"]
    _grant(world)
    world.package = world.act(
        "pengirim", "package_create", **CONTENT, owner_org=world.organizations[OPD])
    for person in ("walidata-pengisi", "sysadmin-pengisi", "pembina-pengisi"):
        world.write(person, notes=f"Diisi {person}.")
    world.step("produsen", "konfirmasi")
    _lose(world)
    return world


def _people() -> dict[str, str]:
    """Make the users without passwords: hashing dozens of them would take most of the time."""
    names = {"tamu", "walidata-produsen", *MEMBERS, *GRANTS}
    users = [model.User(name=name, email=f"{name}@serangkab.go.id") for name in sorted(names)]
    users += [model.User(name=name, email=f"{name}@serangkab.go.id", sysadmin=True)
              for name in ("sysadmin", "sysadmin-pengisi")]
    model.Session.add_all(users)
    model.Session.commit()
    return {user.name: user.id for user in users}


def _grant(world: World) -> None:
    now = dt.datetime.now(dt.timezone.utc)
    for person, (role, scope) in GRANTS.items():
        model.Session.add(RoleGrant(
            id=str(uuid.uuid4()), user_id=world.people[person], role=role,
            scope=world.organizations.get(scope, scope), since=now - 2 * DAY, granted_at=now))
    model.Session.commit()


def _lose(world: World) -> None:
    """Let those lose the role who had it, or never yet."""
    now = dt.datetime.now(dt.timezone.utc)
    for person, changed in {
        "walidata-berakhir": {"until": now - DAY},
        "walidata-belum-mulai": {"since": now + DAY},
        "walidata-dicabut": {"revoked_at": now},
    }.items():
        model.Session.execute(sa.update(RoleGrant).where(
            RoleGrant.user_id == world.people[person]).values(**changed))
    model.Session.commit()
    helpers.call_action("organization_member_delete", {"user": "sysadmin"},
                        id=WALIDATA, username="walidata-pindah")
    helpers.call_action("user_delete", {"user": "sysadmin"}, id="walidata-dihapus")


@contextmanager
def undone() -> Iterator[sa.Connection]:
    """Run what follows in one transaction and roll all of it back; its commits are savepoints."""
    engine = model.meta.engine
    assert engine is not None
    model.Session.remove()
    with engine.connect() as connection:
        whole = connection.begin()
        model.Session.configure(bind=connection, join_transaction_mode="create_savepoint")
        try:
            yield connection
        finally:
            model.Session.remove()
            model.Session.configure(bind=engine, join_transaction_mode="conditional_savepoint")
            whole.rollback()
            with engine.begin() as other:  # tries are counted there, whatever becomes of them
                other.execute(sa.update(Inspection).values(attempts=0).where(
                    Inspection.finished_at.is_(None)))


@contextmanager
def once(connection: sa.Connection) -> Iterator[None]:
    """Undo what one cell did."""
    model.Session.remove()
    point = connection.begin_nested()
    try:
        yield
    finally:
        model.Session.remove()
        point.rollback()


def told(call: Any) -> str:
    """Return what an action answers: the state it leads to, 403 or 409, or what else it said."""
    try:
        result = call()
    except (tk.NotAuthorized, tk.ObjectNotFound):  # named by its name, hidden data is not there
        return FORBIDDEN
    except tk.ValidationError as error:
        conflict = error.error_dict.get("conflict")
        return f"{CONFLICT} version" if conflict == "version" else (
            CONFLICT if conflict else f"400 {error.error_dict}")
    moved = isinstance(result, dict) and {"state", "version"} <= set(result)
    return result["state"] if moved else "done"
