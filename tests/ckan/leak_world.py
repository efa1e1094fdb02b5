"""A portal in which every unpublished state has a dataset full of words found nowhere else.

Each dataset carries its *mark* (``zqdraf``, ``zqtarik`` ...) in every place a person can write:
title, name, notes, keywords, format, file name, file content, rows of the datastore, alias of
the table, a view, the record a harvester fetched. Whatever answers with the mark has leaked.
"""
from __future__ import annotations

import datetime as dt
import io
import json
import uuid
import zipfile
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.tests import factories, helpers
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestObjectError, HarvestSource
from werkzeug.datastructures import FileStorage

from ckanext.satudata.shared.actor import RoleGrant
from ckanext.satudata.usage.model import Usage

Data = dict[str, Any]

_OF_THE_OPD = {"ajukan", "revisi", "batalkan"}
_WITH_REASON = {"kembalikan", "tarik", "tarik_darurat", "batalkan"}
_APPROVED = ("ajukan", "periksa", "setujui")
_WAY_TO: dict[str, tuple[str, ...]] = {
    "draf": (),
    "diajukan": ("ajukan",),
    "diperiksa_walidata": ("ajukan", "periksa"),
    "disetujui": _APPROVED,
    "dikembalikan": ("ajukan", "periksa", "kembalikan"),
    "terbit": (*_APPROVED, "terbitkan"),
    "ditarik": (*_APPROVED, "terbitkan", "tarik"),
    "ditarik darurat": (*_APPROVED, "terbitkan", "tarik_darurat"),
    "draf lagi": (*_APPROVED, "terbitkan", "tarik", "revisi"),
    "dibatalkan": ("batalkan",),
}

#: A word every dataset has, so that a search needs no mark.
COMMON = "kotakhitam"
#: The mark of the dataset that is public: what shows it would show the others.
PUBLIC = "zqterbit"


@dataclass
class Record:
    """A dataset, or a kegiatan, and what hangs on it."""

    mark: str
    package: Data
    file: Data = field(default_factory=dict)
    view: Data = field(default_factory=dict)
    harvested: str = ""
    failed: str = ""
    #: What was handed in for it, the link and the recap by which more was asked for.
    setoran: str = ""
    link: str = ""
    recap: str = ""

    @property
    def id(self) -> str:
        return self.package["id"]

    @property
    def alias(self) -> str:
        return f"{self.mark}_alias"

    @property
    def download(self) -> str:
        return f"/dataset/{self.id}/resource/{self.file['id']}/download/berkas.csv"


def call(action: str, user: Data | str, /, **data: Any) -> Any:
    """Call an action with a user's own rights."""
    name = user if isinstance(user, str) else user["name"]
    return helpers.call_action(action, {"user": name, "ignore_auth": False}, **data)


def make(mark: str, owner: Data, author: Data, **more: Any) -> Record:
    """Make a dataset that holds its mark everywhere, as an editor of its OPD does."""
    record = Record(mark, call(
        "package_create", author, title=f"{mark} judul", name=f"{mark}-nama", type="dataset",
        notes=f"{mark} keterangan {COMMON}", tag_string=f"{mark} kata kunci,{COMMON}",
        konsep=f"{mark} konsep", satuan=f"{mark}-satuan", owner_org=owner["id"],
        urusan=["1.02"], kode_wilayah=["36.04"], frequency="tahunan", klasifikasi="Kecamatan",
        ukuran="Jumlah", definisi=f"{mark} definisi", jadwal_rilis="2026-01-15",
        jenis_data="statistik", tingkat_penyajian="kecamatan",
        license_id="cc-by-4.0", language=["id"], access_rights="terbuka",
        temporal_coverage=[{"start": "2025-01-01", "end": "2025-12-31"}],
        contact=[{"name": "Bidang Data", "email": "data@serangkab.go.id"}], **more))
    fill(record, author)
    return record


def fill(record: Record, author: Data) -> None:
    """Give a dataset a file, a table and a view that hold its mark."""
    mark = record.mark
    upload = FileStorage(io.BytesIO(f"a,b\n{mark},1\n".encode()), filename=f"{mark}.csv")
    record.file = call(
        "resource_create", author, package_id=record.id, name=f"{mark} berkas",
        description=f"{mark} uraian", format=mark.upper(), upload=upload,
        jenis_berkas="dokumentasi")
    call("datastore_create", author, resource_id=record.file["id"], force=True,
         fields=[{"id": f"{mark}_kolom", "type": "text"}],
         records=[{f"{mark}_kolom": f"{mark} nilai"}], aliases=[record.alias])
    record.view = call(
        "resource_view_create", author, resource_id=record.file["id"], view_type="text_view",
        title=f"{mark} tampilan", description=f"{mark} isi tampilan")
    record.package = call("package_show", author, id=record.id)
    used(record)
    lacking = [gap["path"] for gap in call(
        "satudata_completeness_show", author, id=record.id)["gaps"] if gap["severity"] == "wajib"]
    assert lacking == [], lacking


def used(record: Record) -> None:
    """Let a dataset and its file have been used: as withdrawn data was, and no draft can be."""
    for resource, measure in (("", "dilihat"), (record.file["id"], "unduhan")):
        model.Session.add(Usage(
            package_id=record.id, day=dt.date(2026, 1, 1), resource_id=resource, version=0,
            measure=measure, channel="peramban", owner_org="", count=1))
    model.Session.commit()


@dataclass
class World:
    """Who looks, and what there is to see."""

    app: Any
    admin: Data = field(default_factory=dict)
    org: Data = field(default_factory=dict)
    other: Data = field(default_factory=dict)
    silent: Data = field(default_factory=dict)
    group: Data = field(default_factory=dict)
    author: Data = field(default_factory=dict)
    walidata: Data = field(default_factory=dict)
    stranger: Data = field(default_factory=dict)
    source: Data = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    anchor: Any = None

    def people(self) -> None:
        """Make two OPD with an editor each, and a theme group."""
        self.admin = factories.SysadminWithToken(name="pengelola")
        self.author, self.stranger, self.walidata = (
            factories.UserWithToken(name=name) for name in ("penulis", "orang-lain", "wali"))
        self.org = factories.Organization(
            name="opd-pemilik", users=[{"name": "penulis", "capacity": "admin"}])
        self.other = factories.Organization(
            name="opd-lain", users=[{"name": "orang-lain", "capacity": "admin"}])
        self.silent = factories.Organization(
            name="opd-diam", users=[{"name": "penulis", "capacity": "admin"}])
        office = factories.Organization(
            name="kominfo", users=[{"name": "wali", "capacity": "editor"}])
        now = dt.datetime.now(dt.timezone.utc)
        model.Session.add(RoleGrant(
            id=str(uuid.uuid4()), user_id=self.walidata["id"], role="walidata", scope="",
            since=now, granted_at=now, granted_by=self.admin["id"]))
        model.Session.commit()
        assert office["name"] == tk.config["ckanext.satudata.walidata"]
        self.group = factories.Group(name="tema", user=self.admin)
        for name in ("penulis", "orang-lain"):
            call("group_member_create", self.admin, id="tema", username=name, role="editor")

    def step(self, record: Record, transition: str, **more: Any) -> None:
        """Move a dataset on, by whoever may."""
        user = self.author if transition in _OF_THE_OPD else self.walidata
        seen = call("satudata_submission_show", user, id=record.id)
        if transition == "ajukan":  # what was published changes, and its users read why
            more.setdefault("reason", "Ada angka yang keliru.")
        call("satudata_submission_transition", user, id=seen["id"], transition=transition,
             expected_version=seen["version"], **more)

    def revise(self, record: Record, mark: str) -> Record:
        """Begin the next version of a public dataset; return its hidden working copy."""
        self.step(record, "revisi")
        copy = call("satudata_submission_show", self.author, id=record.id)["content_id"]
        call("package_patch", self.author, id=copy, title=f"{mark} judul",
             notes=f"{mark} keterangan {COMMON}", konsep=f"{mark} konsep",
             tags=[{"name": f"{mark} kata kunci"}, {"name": COMMON}])
        made = Record(mark, {"id": copy})
        if mark != record.mark:
            fill(made, self.author)
        return made

    def bring(self, record: Record, state: str) -> None:
        """Bring a draft into a state by the steps that lead there."""
        for transition in _WAY_TO[state]:
            self.step(record, transition,
                      **({"note": "Belum lengkap."} if transition in _WITH_REASON else {}))

    def handing_in(self, record: Record) -> None:
        """Hand in for a dataset, and ask others to."""
        mark, of = record.mark, record.id
        record.setoran = self.result(
            "satudata_intake_create", self.author, id=of, filename=f"{mark} kiriman.csv",
            note=f"{mark} pesan", content=f"{mark} kolom;jumlah\n{mark} isi;2\n")["id"]
        record.link = self.result(
            "satudata_upload_link_create", self.walidata, id=of, label=f"{mark} tautan")["id"]
        record.recap = self.result(
            "satudata_recap_create", self.walidata, id=of, title=f"{mark} rekap",
            unit_kind="desa", units=[{"code": "1", "name": f"{mark} desa"}])["id"]

    def harvesting(self) -> None:
        """Make a source whose records became the datasets, and one record that failed."""
        self.source = call(
            "harvest_source_create", self.admin, title="Sumber", name="sumber",
            url="https://sumber.example/catalog.ttl", source_type="dcat_rdf",
            owner_org="kominfo")
        source = HarvestSource.get(self.source["id"])
        for record in self.records.values():
            job = HarvestJob(source=source)
            made = HarvestObject(
                guid=f"{record.mark}-guid", source=source, job=job, current=True,
                package_id=record.id, content=json.dumps({"title": f"{record.mark} asal"}))
            failed = HarvestObject(
                guid=f"{record.mark}-gagal", source=source, job=job, current=False,
                content=json.dumps({"title": f"{record.mark} gagal"}))
            model.Session.add_all([job, made, failed])
            model.Session.flush()
            model.Session.add(HarvestObjectError(
                message=f"{record.mark} pesan", object=failed, stage="Import"))
            record.harvested, record.failed = made.id, failed.id
        model.Session.commit()

    def get(self, path: str, user: Data | None = None) -> str:
        """Return status, headers and body of a page, as one text to search."""
        answer = self.app.get(path, headers=_headers(user), follow_redirects=False)
        body = _unpacked(answer.data) if answer.mimetype == "application/zip" else (
            answer.get_data(as_text=True))
        return f"{answer.status_code}\n{answer.headers}\n{body}"

    def api(self, action: str, user: Data | None = None, /, **data: Any) -> str:
        """Return the raw answer of an action."""
        answer = self.app.post(
            f"/api/action/{action}", json=data, headers=_headers(user), follow_redirects=False)
        return f"{answer.status_code}\n{answer.headers}\n{answer.get_data(as_text=True)}"

    def result(self, action: str, user: Data | None = None, /, **data: Any) -> Any:
        """Return what an action answers, None where it refuses."""
        answer = self.app.post(f"/api/action/{action}", json=data, headers=_headers(user))
        return answer.json.get("result") if answer.status_code == 200 else None


def _unpacked(archive: bytes) -> str:
    """Return the names and the content of what lies in an archive."""
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        return "\n".join(f"{name}\n{found.read(name).decode('utf-8', 'replace')}"
                         for name in found.namelist())


def _headers(user: Data | None) -> dict[str, str]:
    return {"Authorization": user["token"]} if user else {}


def group_all(world: World) -> None:
    """Put every dataset into the theme group and let the stranger follow what is public."""
    for record in (world.anchor, *world.records.values()):
        call("member_create", world.admin, id=world.group["id"], object=record.id,
             object_type="package", capacity="public")
