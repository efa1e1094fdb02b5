"""The whole way of one dataset, with a client of the API and with forms in the browser.

An OPD drafts; the walidata returns it with two catatan; the OPD mends and answers; the walidata
approves; the pembina, for it is Data Prioritas, returns it through the walidata; it is approved
and released by the clock; withdrawn; and published again. At every step the public sees what it
should, and those whose turn it is hear of it.
"""
from __future__ import annotations

import datetime as dt
import json
import secrets
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import opening
from stock_portal import Portal, call
from visitor import Visitor

TABLE = b"kode_kecamatan,nama_kecamatan,tahun,jumlah\n36.04.05,Kramatwatu,2025,10\n"
#: What the OPD fills in; the walidata finds fault with the definition and the description.
FILLED = {
    "notes": "Jumlah kunjungan rawat jalan menurut kecamatan.", "konsep": "Kunjungan",
    "definisi": "Kunjungan.", "klasifikasi": "Kecamatan", "ukuran": "Jumlah",
    "satuan": "kunjungan", "jenis_data": "statistik", "tingkat_penyajian": "kecamatan",
    "frequency": "tahunan", "license_id": "cc-by", "access_rights": "terbuka",
    "kriteria_prioritas": "sdgs", "jadwal_rilis": "2026-01-15",
}
BETTER = "Kedatangan pasien ke puskesmas untuk berobat tanpa menginap."
CATATAN = (
    {"principle": "standar_data", "severity": "wajib", "message": "Definisi tidak membatasi.",
     "how": "Sebut siapa yang dihitung.", "field": "definisi", "proposed": BETTER},
    {"principle": "metadata", "severity": "sebaiknya", "message": "Uraian belum menyebut sumber.",
     "how": "Tambahkan satu kalimat.", "field": "notes"},
)
BY_PEMBINA = {
    "principle": "standar_data", "severity": "wajib", "message": "Klasifikasi belum baku.",
    "how": "Pakai kode Kemendagri.", "field": "klasifikasi"}
#: The scheduler looks every half minute, and a release is kept to the minute.
PATIENCE = 150


@dataclass
class Cast:
    """The people of the story, by name, and the agency they hand in for."""

    portal: Portal
    agency: dict[str, Any]
    password: str
    names: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)

    def name(self, role: str) -> str:
        return self.names[role]

    def token(self, role: str) -> str:
        """Return a token of theirs; no sysadmin makes one over the API, only the server does."""
        if role not in self.tokens:
            own = Portal(self.portal.url, self.portal.ini, self.portal.python)
            own.sign_in(self.name(role))
            self.tokens[role] = own.token
        return self.tokens[role]


@pytest.fixture(scope="module")
def cast(portal: Any, api_token: str) -> Iterator[Cast]:
    """An agency with its officer, two walidata and the pembina, made and taken away again."""
    ours = Portal(portal.url, portal.ini, portal.python)
    ours.token = api_token
    mark = secrets.token_hex(3)
    agency = ours.call("organization_create", name=f"uji-{mark}", title=f"Dinas Uji {mark}",
                       urusan=["1.02"], kode_wilayah="36.04", surel="uji@serangkab.example")
    found = Cast(ours, agency, secrets.token_urlsafe(16))
    places = {"opd": (agency["name"], "editor"), "walidata": ("contoh-diskominfo", "member"),
              "walidata-2": ("contoh-diskominfo", "member"), "pembina": None}
    try:
        for role, place in places.items():
            name = f"uji-{role}-{mark}"
            ours.call("user_create", name=name, fullname=f"Petugas {role}",
                      email=f"{name}@serangkab.example", password=found.password)
            found.names[role] = name
            if place:
                ours.call("organization_member_create", id=place[0], username=name, role=place[1])
        for role in ("walidata", "walidata-2"):
            ours.call("satudata_role_grant", user=found.name(role), role="walidata")
        ours.call("satudata_role_grant", user=found.name("pembina"), role="pembina_data",
                  scope="statistik")
        yield found
    finally:
        for name in found.made:
            opening.purge(ours.call, ours.call("package_show", id=name))
        for name in found.names.values():
            ours.call("user_delete", id=name)
        ours.call("organization_purge", id=agency["id"])


class Hand(Protocol):
    """How a person does what the story asks."""

    def draft(self, title: str, agency: dict[str, Any]) -> str: ...
    def step(self, role: str, id: str, transition: str, **more: str) -> None: ...
    def note(self, role: str, id: str, catatan: dict[str, str]) -> None: ...
    def answer(self, role: str, id: str, finding: dict[str, Any], text: str) -> None: ...
    def accept(self, role: str, id: str, finding: dict[str, Any]) -> None: ...
    def resolve(self, role: str, id: str, finding: dict[str, Any]) -> None: ...
    def edit(self, role: str, dataset: str, **fields: str) -> None: ...


class ByApi:
    """With the action API, as a program of the OPD or of the walidata would."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.tokens = cast, {role: cast.token(role) for role in cast.names}

    def call(self, role: str, action: str, **data: Any) -> Any:
        return call(self.cast.portal.url, self.tokens[role], action, **data)

    def draft(self, title: str, agency: dict[str, Any]) -> str:
        made = self.call(
            "opd", "package_create", **FILLED, title=title, owner_org=agency["id"],
            prioritas_tahun=["2026"], kode_wilayah=["36.04"], urusan=["1.02"],
            contact=[{"name": "Bidang Data", "email": "data@serangkab.example"}],
            temporal_coverage=[{"start": "2025-01-01", "end": "2025-12-31"}],
            resources=[{"url": "https://serangkab.example/kunjungan.csv", "name": "Tabel",
                        "format": "CSV"}])
        return made["name"]

    def step(self, role: str, id: str, transition: str, **more: str) -> None:
        seen = self.call(role, "satudata_submission_show", id=id)
        day, clock = more.pop("day", ""), more.pop("clock", "")
        if day:
            more["release_at"] = f"{day}T{clock}"
        self.call(role, "satudata_submission_transition", id=id, transition=transition,
                  expected_version=seen["version"], **more)

    def note(self, role: str, id: str, catatan: dict[str, str]) -> None:
        data: dict[str, Any] = dict(catatan)
        name, proposed = data.pop("field"), data.pop("proposed", "")
        if proposed:
            data["proposed"] = {"field": name, "value": proposed}
        self.call(role, "satudata_finding_create", id=id, place={"field": name}, **data)

    def answer(self, role: str, id: str, finding: dict[str, Any], text: str) -> None:
        self.call(role, "satudata_finding_answer", id=finding["id"], answer=text)

    def accept(self, role: str, id: str, finding: dict[str, Any]) -> None:
        self.call(role, "satudata_finding_answer", id=finding["id"], accept=True)

    def resolve(self, role: str, id: str, finding: dict[str, Any]) -> None:
        self.call(role, "satudata_finding_resolve", id=finding["id"])

    def edit(self, role: str, dataset: str, **fields: str) -> None:
        self.call(role, "package_patch", id=dataset, **fields)


class ByForms:
    """In the browser, with the forms of the pages and their tokens."""

    def __init__(self, cast: Cast) -> None:
        self.people = {role: Visitor(cast.portal.url) for role in cast.names}
        for role, visitor in self.people.items():
            visitor.sign_in(cast.name(role), cast.password)

    def draft(self, title: str, agency: dict[str, Any]) -> str:
        opd = self.people["opd"]
        opd.open("/dataset/new")
        fields: dict[str, Any] = {
            **FILLED, "title": title, "owner_org": agency["id"], "prioritas_tahun": "2026",
            "kode_wilayah": "36.04", "urusan": ["1.02"],
            "temporal_coverage-0-start": "2025-01-01", "temporal_coverage-0-end": "2025-12-31",
            "contact-0-name": "Bidang Data", "contact-0-email": "data@serangkab.example"}
        page = opd.send("/dataset/new", **fields)
        name = page.url.split("/dataset/")[1].split("/")[0]
        opd.send("/resource/new", name="Tabel", press=("save", "go-metadata"),
                 files={"upload": ("kunjungan.csv", TABLE, "text/csv")})
        return name

    def _at(self, role: str, id: str) -> Visitor:
        visitor = self.people[role]
        visitor.open(f"/pengajuan/{id}")
        return visitor

    def step(self, role: str, id: str, transition: str, **more: str) -> None:
        names = {"day": "release_day", "clock": "release_time"}
        self._at(role, id).send(
            f"/pengajuan/{id}/{transition}",
            **{names.get(name, name): value for name, value in more.items()})

    def note(self, role: str, id: str, catatan: dict[str, str]) -> None:
        fields = dict(catatan)
        fields["place"] = f"field:{fields.pop('field')}"
        self._at(role, id).send(f"/pengajuan/{id}/catatan", **fields)

    def answer(self, role: str, id: str, finding: dict[str, Any], text: str) -> None:
        self._at(role, id).send(f"/catatan/{finding['id']}/jawab", answer=text)

    def accept(self, role: str, id: str, finding: dict[str, Any]) -> None:
        self._at(role, id).send(f"/catatan/{finding['id']}/jawab", press=("terima", "1"))

    def resolve(self, role: str, id: str, finding: dict[str, Any]) -> None:
        self._at(role, id).send(f"/catatan/{finding['id']}/selesai")

    def edit(self, role: str, dataset: str, **fields: str) -> None:
        visitor = self.people[role]
        visitor.open(f"/dataset/edit/{dataset}")
        visitor.send(f"/dataset/edit/{dataset}", **fields)


class Story:
    """What the story asks of the portal beside the hands: the public's view, the state."""

    def __init__(self, cast: Cast, name: str) -> None:
        self.cast, self.name = cast, name

    def seen(self) -> dict[str, Any]:
        return self.cast.portal.call("satudata_submission_show", id=self.name)

    def is_at(self, state: str) -> dict[str, Any]:
        found = self.seen()
        assert found["state"] == state
        return found

    def open_catatan(self) -> list[dict[str, Any]]:
        return [each for each in self.seen()["findings"] if each["resolved_at"] is None]

    def public(self) -> bool:
        """Tell whether everybody sees it; search, API and page must say the same."""
        said = {
            self._answers(f"/api/action/package_show?id={self.name}"),
            self._answers(f"/dataset/{self.name}"),
            bool(json.loads(self._get(f"/api/action/package_search?fq=name:{self.name}"))[
                "result"]["count"]),
        }
        assert len(said) == 1, "page, API and search differ"
        return said.pop()

    def _answers(self, path: str) -> bool:
        try:
            body = self._get(path).decode()
        except urllib.error.HTTPError as error:
            assert error.code in (403, 404)
            return False
        return bool(body)

    def _get(self, path: str) -> bytes:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.cast.portal.url + path, timeout=60) as answer:
            if "/user/login" in answer.url:
                raise urllib.error.HTTPError(path, 403, "asks to log in", answer.headers, None)
            return answer.read()

    def hears(self, role: str, kind: str) -> None:
        """Wait for the notice; it comes from the outbox, soon after the step."""
        token = self.cast.token(role)
        mine = self.seen()["id"]

        def told() -> bool:
            found = call(self.cast.portal.url, token, "satudata_notice_list", limit=50)
            return any(each["kind"] == kind and each["submission_id"] == mine
                       for each in found["results"])

        wait_for(self.cast.portal, told, f"{role} heard nothing of {kind}")


@pytest.fixture(params=["api", "forms"])
def hand(request: pytest.FixtureRequest, cast: Cast) -> Hand:
    return ByApi(cast) if request.param == "api" else ByForms(cast)


def test_the_way_of_a_dataset_from_its_draft_to_the_public_and_back(
    cast: Cast, hand: Hand
) -> None:
    title = f"Kunjungan puskesmas {secrets.token_hex(3)}"
    cast.made.append(hand.draft(title, cast.agency))
    story = Story(cast, cast.made[-1])
    id = story.is_at("draf")["id"]
    assert not story.public()

    # Pengumpulan: handed in; the walidata hears of it.
    hand.step("opd", id, "ajukan")
    story.is_at("diajukan")
    story.hears("walidata", "tugas")

    # Pemeriksaan: returned with two catatan.
    hand.step("walidata", id, "periksa")
    for catatan in CATATAN:
        hand.note("walidata", id, catatan)
    hand.step("walidata", id, "kembalikan", note="Tinggal dua hal ini.")
    returned = story.is_at("dikembalikan")
    assert [each["message"] for each in returned["findings"]] == [
        each["message"] for each in CATATAN]
    story.hears("opd", "dikembalikan")

    # The OPD takes over what was proposed, mends the other, answers, hands in again.
    definition, source = story.open_catatan()
    hand.accept("opd", id, definition)
    hand.edit("opd", story.name, notes="Jumlah kunjungan rawat jalan. Sumber: e-Puskesmas.")
    hand.answer("opd", id, source, "Sumbernya sudah disebut.")
    hand.step("opd", id, "ajukan")
    shown = cast.portal.call("package_show", id=story.name)
    assert shown["definisi"] == BETTER and "e-Puskesmas" in shown["notes"]

    # Approved by the walidata; Data Prioritas goes on to the pembina, who finds something.
    hand.step("walidata", id, "periksa")
    for finding in story.open_catatan():
        hand.resolve("walidata", id, finding)
    hand.step("walidata", id, "setujui")
    story.is_at("diperiksa_pembina")
    assert not story.public()
    hand.note("pembina", id, BY_PEMBINA)
    hand.step("pembina", id, "kembalikan")
    story.is_at("dikembalikan_pembina")
    hand.step("walidata", id, "kembalikan")
    story.is_at("dikembalikan")
    [last] = story.open_catatan()
    hand.edit("opd", story.name, klasifikasi="Kecamatan (kode Kemendagri)")
    hand.answer("opd", id, last, "Sudah memakai kode Kemendagri.")
    hand.step("opd", id, "ajukan")

    # Once more through both, and out by the clock.
    hand.step("walidata", id, "periksa")
    hand.resolve("walidata", id, last)
    hand.step("walidata", id, "setujui")
    hand.step("pembina", id, "setujui")
    story.is_at("disetujui")
    soon = dt.datetime.now(ZoneInfo("Asia/Jakarta")) + dt.timedelta(minutes=1, seconds=5)
    hand.step("walidata", id, "jadwalkan", day=soon.strftime("%Y-%m-%d"),
              clock=soon.strftime("%H:%M"))
    assert not story.public()
    wait_for(cast.portal, lambda: story.seen()["state"] == "terbit", "it was not released")
    assert story.public()
    story.hears("opd", "terbit")

    # Withdrawn with its reason, mended and published again.
    hand.step("walidata", id, "tarik", note="Angka Kramatwatu keliru.")
    story.is_at("ditarik")
    assert not story.public()
    hand.step("opd", id, "revisi")
    again = story.is_at("draf")
    assert again["number"] == 2
    hand.edit("opd", story.name, notes="Angka diperbaiki. Sumber: e-Puskesmas.")
    id = again["id"]
    hand.step("opd", id, "ajukan")
    hand.step("walidata-2", id, "periksa")
    hand.step("walidata-2", id, "setujui")
    hand.step("pembina", id, "setujui")
    hand.step("walidata", id, "terbitkan")
    story.is_at("terbit")
    assert story.public()

    told(story)


def wait_for(portal: Portal, condition: Callable[[], bool], otherwise: str) -> None:
    """Wait for the portal's own scheduler and worker; where none runs, one runs once here."""
    began = time.monotonic()
    while not condition():
        waited = time.monotonic() - began
        assert waited < PATIENCE, otherwise
        if waited > 70:
            portal.ckan("satudata", "scheduler", "--once")
        time.sleep(1)


def told(story: Story) -> None:
    """The trail tells all of it, in order, with who did what; to the public without names."""
    portal = story.cast.portal
    events = portal.call("satudata_submission_timeline", id=story.name, limit=500)["results"][::-1]
    steps = [each["transition"] for each in events if each["kind"] == "transisi"]
    assert steps == [
        "mulai", "ajukan", "periksa", "kembalikan", "ajukan", "periksa", "setujui", "kembalikan",
        "kembalikan", "ajukan", "periksa", "setujui", "setujui", "jadwalkan", "terbitkan", "tarik",
        "revisi", "ajukan", "periksa", "setujui", "setujui", "terbitkan"]
    [released] = [each for each in events if each["transition"] == "terbitkan"
                  and each["number"] == 1]
    assert released["actor"] is None, "the clock did it"
    public = call(portal.url, "", "satudata_submission_timeline", id=story.name)
    assert not public["full"]
    assert not any(each.get("actor") or each.get("note") for each in public["results"])
    assert {each["transition"] for each in public["results"]} == {"terbitkan", "tarik"}
