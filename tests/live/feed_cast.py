"""Datasets of the running portal that are published, edited, restricted and withdrawn over HTTP.

Everything slow (writing, handing in, inspecting) is done beforehand, so that what happens between
two reads of a harvester is one call each, by the same doors as everybody's.
"""
from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import opening
from marks import FILLED
from stock_portal import Portal, call

__all__ = ["RESTRICTED", "Agency", "agency", "at_once"]

T = TypeVar("T")
WHY = "Angka diperbaiki menurut laporan."
#: What restricts a dataset by law.
RESTRICTED = {
    "access_rights": "terbatas", "dasar_hukum": "UU 14/2008 pasal 17 huruf h",
    "uji_konsekuensi": [{"nomor": "1/UK/2026", "tanggal": "2026-01-12"}],
    "keputusan_pembatasan": [{"nomor": "2/KEP/2026", "tanggal": "2026-02-20"}],
}


def at_once(do: Callable[[str], T], given: Sequence[str]) -> list[T]:
    """Do the same for several, some at a time; return what came of each, in their order."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(do, given))


class Agency:
    """An OPD with its officer, and the walidata who publishes.

    :ivar titles: id of each dataset that is public -> its title now
    :ivar gone: ids of those that were withdrawn
    """

    def __init__(self, ours: Portal, officer: str, owner: dict[str, Any]) -> None:
        self.url, self.owner = ours.url, owner
        self.tokens = {"opd": officer, "walidata": ours.token}
        self.titles: dict[str, str] = {}
        self.gone: set[str] = set()
        self._ready: dict[str, tuple[dict[str, Any], str]] = {}
        self.made: list[str] = []

    def call(self, action: str, /, by: str = "opd", **fields: Any) -> Any:
        return call(self.url, self.tokens[by], action, **fields)

    def prepared(self, title: str, **fields: Any) -> str:
        """Return the id of a dataset that lacks nothing but its publication."""
        mark = secrets.token_hex(3)
        made = self.call(
            "package_create", **{**FILLED, **fields}, name=f"uji-{mark}", title=title,
            notes="Data uji.", owner_org=self.owner["id"],
            resources=[{"name": "Tabel", "format": "CSV",
                        "url": f"https://contoh.go.id/{mark}.csv"}])
        self.made.append(made["id"])
        self._approve(made["id"], made["id"], title)
        return made["id"]

    def published(self, *titles: str) -> list[str]:
        """Return the ids of public datasets, published in this order."""
        ids = at_once(self.prepared, titles)
        for each in ids:
            self.publish(each)
        return ids

    def edited(self, identifier: str, **fields: Any) -> None:
        """Write another version of a public dataset, up to its publication."""
        started = self.call("satudata_revision_start", id=identifier)
        self.call("package_patch", id=started["id"], **fields)
        self._approve(identifier, started["submission"]["id"],
                      fields.get("title", self.titles[identifier]))

    def publish(self, identifier: str) -> None:
        """Publish what was prepared."""
        seen, title = self._ready.pop(identifier)
        self._step("walidata", "terbitkan", seen)
        self.titles[identifier] = title
        self.gone.discard(identifier)

    def withdraw(self, identifier: str) -> None:
        seen = self.call("satudata_submission_show", "walidata", id=identifier)
        self._step("walidata", "tarik", seen)
        del self.titles[identifier]
        self.gone.add(identifier)

    def _approve(self, identifier: str, submission: str, title: str) -> None:
        seen = self.call("satudata_submission_show", id=submission)
        for by, transition in (("opd", "ajukan"), ("walidata", "periksa"),
                               ("walidata", "setujui")):
            seen = self._step(by, transition, seen)
        self._ready[identifier] = (seen, title)

    def _step(self, by: str, transition: str, seen: dict[str, Any]) -> dict[str, Any]:
        more = {"reason": WHY} if transition in ("ajukan", "tarik") else {}
        return self.call("satudata_submission_transition", by, id=seen["id"], note=WHY,
                         transition=transition, expected_version=seen["version"], **more)


@contextmanager
def agency(portal: Any, api_token: str) -> Iterator[Agency]:
    """Make an OPD and its officer; take them away again with all they made."""
    ours = Portal(portal.url, portal.ini, portal.python)
    ours.token = api_token
    name = f"uji-umpan-{secrets.token_hex(3)}"
    owner = ours.call("organization_create", name=name, title=f"Dinas {name}", urusan=["1.02"],
                      kode_wilayah="36.04", surel="uji@serangkab.example")
    ours.call("user_create", name=name, fullname="Petugas", email=f"{name}@serangkab.example",
              password=secrets.token_urlsafe(16))
    made: list[Agency] = []
    try:
        ours.call("organization_member_create", id=owner["id"], username=name, role="editor")
        officer = Portal(ours.url, ours.ini, ours.python)
        officer.sign_in(name)
        made.append(Agency(ours, officer.token, owner))
        yield made[0]
    finally:
        for one in made:
            for each in [*one._ready]:  # what a failed test did not come to
                one.publish(each)
            at_once(lambda each: opening.purge(
                ours.call, ours.call("package_show", id=each)), one.made)
        ours.call("user_delete", id=name)
        ours.call("organization_purge", id=owner["id"])
