"""The people of a story told in a live portal, their forms in the browser, and what others see."""
from __future__ import annotations

import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import opening
from stock_portal import Portal, call
from visitor import Visitor

__all__ = ["FILLED", "TABLE", "ByForms", "Cast", "Story", "assembled", "wait_for"]

TABLE = b"kode_kecamatan,nama_kecamatan,tahun,jumlah\n36.04.05,Kramatwatu,2025,10\n"
#: What the OPD fills in; the walidata finds fault with the definition and the description.
FILLED = {
    "notes": "Jumlah kunjungan rawat jalan menurut kecamatan.", "konsep": "Kunjungan",
    "definisi": "Kunjungan.", "klasifikasi": "Kecamatan", "ukuran": "Jumlah",
    "satuan": "kunjungan", "jenis_data": "statistik", "tingkat_penyajian": "kecamatan",
    "frequency": "tahunan", "license_id": "cc-by", "access_rights": "terbuka",
    "kriteria_prioritas": "sdgs", "jadwal_rilis": "2026-01-15",
}
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


def assembled(portal: Any, api_token: str) -> Iterator[Cast]:
    """An agency with its officer, two walidata and the pembina, made and taken away again."""
    ours = Portal(portal.url, portal.ini, portal.python)
    ours.token = api_token
    mark = secrets.token_hex(3)
    agency = ours.call("organization_create", name=f"uji-{mark}", title=f"Dinas Uji {mark}",
                       urusan=["1.02"], kode_wilayah="36.04", surel="uji@serangkab.example")
    found = Cast(ours, agency, secrets.token_urlsafe(16))
    places = {"opd": (agency["name"], "editor"), "walidata": ("contoh-diskominfo", "member"),
              "walidata-2": ("contoh-diskominfo", "member"), "pembina": None, "ppid": None,
              "warga": None}
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
        ours.call("satudata_role_grant", user=found.name("ppid"), role="ppid")
        ours.call("satudata_role_grant", user=found.name("pembina"), role="pembina_data",
                  scope="statistik")
        yield found
    finally:
        for name in found.made:
            opening.purge(ours.call, ours.call("package_show", id=name))
        for name in found.names.values():
            ours.call("user_delete", id=name)
        ours.call("organization_purge", id=agency["id"])


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

    def catatan(self) -> list[dict[str, Any]]:
        """Return what people wrote; checks write catatan of their own."""
        return [each for each in self.seen()["findings"] if not each["check_name"]]

    def open_catatan(self) -> list[dict[str, Any]]:
        return [each for each in self.catatan() if each["resolved_at"] is None]

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


def wait_for(portal: Portal, condition: Callable[[], bool], otherwise: str) -> None:
    """Wait for the portal's own scheduler and worker; where none runs, one runs once here."""
    began = time.monotonic()
    while not condition():
        waited = time.monotonic() - began
        assert waited < PATIENCE, otherwise
        if waited > 70:
            portal.ckan("satudata", "scheduler", "--once")
        time.sleep(1)
