"""The whole way of one dataset, with a client of the API and with forms in the browser.

An OPD drafts; the walidata returns it with two catatan; the OPD mends and answers; the walidata
approves; the pembina, for it is Data Prioritas, returns it through the walidata; it is approved
and released by the clock; withdrawn; and published again. At every step the public sees what it
should, and those whose turn it is hear of it.
"""
from __future__ import annotations

import datetime as dt
import secrets
import sys
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from stock_portal import call
from story_cast import FILLED, ByForms, Cast, Story, wait_for

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
    story.is_at("dikembalikan")
    assert [each["message"] for each in story.catatan()] == [
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
