"""An agency with two officers and a draft of theirs, in a running portal, and taken away again."""
from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import opening
from stock_portal import call

__all__ = ["Desk", "sat_down"]


@dataclass
class Desk:
    """A draft and the two who may write it, Ani and Budi."""

    url: str
    token: str
    password: str
    names: tuple[str, str]
    draft: dict[str, Any]

    def ask(self, action: str, /, **data: Any) -> Any:
        return call(self.url, self.token, action, **data)

    def now(self) -> dict[str, Any]:
        return self.ask("package_show", id=self.draft["id"])


D = TypeVar("D", bound=Desk)


@contextmanager
def sat_down(kind: type[D], url: str, token: str, title: str, **fields: Any) -> Iterator[D]:
    """Make them and their draft, which says ``fields`` besides its title."""
    mark, password = secrets.token_hex(3), secrets.token_urlsafe(16)

    def ask(action: str, /, **data: Any) -> Any:
        return call(url, token, action, **data)

    agency = ask("organization_create", name=f"uji-{mark}", title=f"Dinas Uji {mark}",
                 urusan=["1.02"], kode_wilayah="36.04", surel="uji@serangkab.example")
    names = (f"uji-ani-{mark}", f"uji-budi-{mark}")
    for name, full in zip(names, ("Ani Uji", "Budi Uji"), strict=True):
        ask("user_create", name=name, fullname=full, email=f"{name}@serangkab.example",
            password=password)
        ask("organization_member_create", id=agency["id"], username=name, role="editor")
    draft = ask("package_create", title=f"{title} {mark}", owner_org=agency["id"], **fields)
    found = kind(url, token, password, names, draft)
    try:
        yield found
    finally:
        opening.purge(ask, found.now())
        for name in names:
            ask("user_delete", id=name)
        ask("organization_purge", id=agency["id"])
