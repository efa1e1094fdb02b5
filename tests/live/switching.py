"""A dataset of the running portal that is published in one version after another, over HTTP."""
from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import opening
import requests
from marks import FILLED, Answer, Dataset, content, mark, table
from stock_portal import Portal

__all__ = ["Series", "series"]

ROWS = 50
WHY = "Angka diperbaiki menurut laporan."


class Series:
    """Writes and publishes the versions, as an OPD's program and the walidata do.

    :ivar number: of the version that is published
    """

    def __init__(self, portal: Portal, opd: str, agency: str) -> None:
        self.url, self.number = portal.url, 1
        self.tokens = {"opd": opd, "walidata": portal.token}
        self.session = requests.Session()
        self.session.trust_env = False
        mark_ = secrets.token_hex(3)
        made = self.call("package_create", **FILLED, **content(1), name=f"berganti-{mark_}",
                         owner_org=agency)
        self.package = made["id"]
        changing = self.upload("resource_create", 1, "berkas.csv", package_id=made["id"],
                               name=f"Berkas {mark(1)}", format="CSV")
        steady = self.upload("resource_create", 0, "tetap.csv", package_id=made["id"],
                             name="Tetap", format="CSV")
        self.call("datastore_create", resource_id=steady["id"], force=True,
                  fields=[{"id": "tetap", "type": "text"}], records=[{"tetap": "satu"}])
        rows = self.call(
            "datastore_create", aliases=f"berganti_{mark_}", **table(1, ROWS),
            resource={"package_id": made["id"], "name": f"Tabel {mark(1)}", "format": "CSV"})
        self.dataset = Dataset(made["id"], made["name"], changing["id"], steady["id"],
                               rows["resource_id"], f"berganti_{mark_}")
        self.approve(self.call("satudata_submission_show", id=made["id"]))
        self.publish()

    def call(self, action: str, /, by: str = "opd", **fields: Any) -> Any:
        """Call an action as one of the two."""
        return self._result(action, self.session.post(
            f"{self.url}/api/3/action/{action}", json=fields, timeout=120,
            headers={"Authorization": self.tokens[by]}))

    def upload(self, action: str, number: int, filename: str, **fields: str) -> Any:
        """Send a file whose bytes say the version; nought says none."""
        text = f"a\n{mark(number) if number else 'tetap'}\n"
        return self._result(action, self.session.post(
            f"{self.url}/api/3/action/{action}", data=fields, timeout=120,
            files={"upload": (filename, text.encode())},
            headers={"Authorization": self.tokens["opd"]}))

    def _result(self, action: str, answer: requests.Response) -> Any:
        assert answer.status_code == 200, f"{action}: {answer.status_code} {answer.text[:2000]}"
        return answer.json()["result"]

    def write(self) -> None:
        """Begin, write and bring the next version to where it may be published."""
        number = self.number + 1
        started = self.call("satudata_revision_start", id=self.package)
        of = {each["asal_resource_id"]: each for each in started["resources"]}
        of[self.dataset.changing]["name"] = f"Berkas {mark(number)}"
        of[self.dataset.table]["name"] = f"Tabel {mark(number)}"
        self.call("package_patch", id=started["id"], **content(number),
                  resources=started["resources"])
        self.upload("resource_patch", number, "berkas.csv", id=of[self.dataset.changing]["id"])
        rows = of[self.dataset.table]["id"]
        self.call("datastore_delete", resource_id=rows, force=True)
        self.call("datastore_create", resource_id=rows, force=True, **table(number, ROWS))
        self.approve(self.call("satudata_submission_show", id=started["submission"]["id"]))

    def approve(self, seen: dict[str, Any]) -> None:
        """Hand in, inspect and approve."""
        for by, transition in (("opd", "ajukan"), ("walidata", "periksa"),
                               ("walidata", "setujui")):
            seen = self.step(by, transition, seen)
        self.seen = seen

    def step(self, by: str, transition: str, seen: dict[str, Any]) -> dict[str, Any]:
        return self.call("satudata_submission_transition", by, id=seen["id"],
                         transition=transition, expected_version=seen["version"], note=WHY,
                         **({"reason": WHY} if transition == "ajukan" else {}))

    def publish(self) -> None:
        """Publish what was approved."""
        self.step("walidata", "terbitkan", self.seen)

    def get(self, path: str) -> Answer:
        """Look as everybody does."""
        answer = self.session.get(self.url + path, timeout=60, allow_redirects=False)
        return Answer(answer.status_code, answer.headers, answer.content)


@contextmanager
def series(portal: Any, api_token: str) -> Iterator[Series]:
    """Make an agency, its officer and their dataset; take them away again."""
    ours = Portal(portal.url, portal.ini, portal.python)
    ours.token = api_token
    name = f"uji-berganti-{secrets.token_hex(3)}"
    agency = ours.call("organization_create", name=name, title="Dinas Uji", urusan=["1.02"],
                       kode_wilayah="36.04", surel="uji@serangkab.example")
    ours.call("user_create", name=name, fullname="Petugas", email=f"{name}@serangkab.example",
              password=secrets.token_urlsafe(16))
    made: list[Series] = []
    try:
        ours.call("organization_member_create", id=agency["id"], username=name, role="editor")
        officer = Portal(ours.url, ours.ini, ours.python)
        officer.sign_in(name)
        made.append(Series(ours, officer.token, agency["id"]))
        yield made[0]
    finally:
        for each in made:
            opening.purge(ours.call, ours.call("package_show", id=each.package))
        ours.call("user_delete", id=name)
        ours.call("organization_purge", id=agency["id"])
