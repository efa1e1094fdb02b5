"""Make the illustrative region in the portal, or remove exactly what was made."""
from __future__ import annotations

import datetime
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata import config
from ckanext.satudata.demo import playing
from ckanext.satudata.domain.demo import agencies, package
from ckanext.satudata.domain.demo.describe import PREFIX
from ckanext.satudata.domain.demo.region import Region
from ckanext.satudata.domain.errors import SatuDataError
from ckanext.satudata.domain.loading.plan import Plan

__all__ = ["Made", "OtherRegionError", "OtherWalidataError", "current_region", "make"]

#: Membership alone makes a producer, and anybody is a user of data.
NOT_GRANTED = ("produsen_data", "pengguna")

#: Loads a plan; given from outside, for a room does not reach into another.
Load = Callable[[Plan], Any]


class OtherRegionError(SatuDataError):
    """The portal holds the demo of another region."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class OtherWalidataError(SatuDataError):
    """The configuration does not name the demo's walidata; its people could do nothing."""

    def __init__(self, wanted: str) -> None:
        super().__init__(wanted)
        self.wanted = wanted


@dataclass
class Made:
    """What :func:`make` did; ``password`` only if a user was made, ``link`` to hand in by too."""

    organizations: int = 0
    users: list[str] = field(default_factory=list)
    password: str | None = None
    link: str | None = None
    report: Any = None


def make(region: Region, user: str, load: Load, now: datetime.datetime) -> Made:
    """Make or complete the demo; a second run changes nothing.

    What is there stays as it is, whatever has become of it: people may have worked on it.

    :param load: loads what is not there yet of a plan and returns its report.
    :param now: aware, in the zone of the government; calendar and stories are laid around it.
    :raises OtherRegionError: if the demo of another region is there.
    :raises OtherWalidataError: if the configuration names another walidata than the demo's.
    """
    walidata = f"{PREFIX}diskominfo"
    if config.walidata() != walidata:
        raise OtherWalidataError(walidata)
    present = current_region()
    if present and present != region.code:
        raise OtherRegionError(present)
    made = Made()
    for entry in agencies.organizations(region):
        made.organizations += _organization(entry, user)
    password = secrets.token_urlsafe(12)
    hashed = model.User(password=password).password  # slow by design, and the same for all
    for person in agencies.people(region):
        if _person(person, region, user, hashed):
            made.users.append(person.name)
    made.password = password if made.users else None
    entries = package.entries(region, config.periksa_pembina())
    with tempfile.TemporaryDirectory(prefix="satudata-demo-") as folder:
        plan = package.plan(region, Path(folder), now.date())
        package.attribute(plan, entries, now)
        made.report = load(plan)
    names = [person.name for person in agencies.people(region)]
    made.link = playing.play(region, entries, names, user, now)
    return made


def current_region() -> str | None:
    """Return the code of the region whose demo is in the portal."""
    group = model.Group.get(f"{PREFIX}diskominfo")
    if group is None or group.state != "active":
        return None
    return (group.extras or {}).get("kode_wilayah") or None


def _organization(entry: dict[str, Any], user: str) -> bool:
    """Create an organization, or give back a field that was emptied; tell if it was new."""
    if model.Group.get(entry["name"]) is not None:
        return False
    tk.get_action("organization_create")({"user": user}, dict(entry))
    # CKAN makes its admin of who creates it: the operator is no producer of this data.
    tk.get_action("organization_member_delete")(
        {"user": user}, {"id": entry["name"], "username": user})
    return True


def _person(person: agencies.Person, region: Region, user: str, hashed: str) -> bool:
    if model.User.get(person.name) is not None:
        return False
    tk.get_action("user_create")({"user": user}, {
        "name": person.name, "fullname": f"{person.title} (contoh)", "password_hash": hashed,
        "email": f"{person.name}@{agencies.host(region)}",
        "about": f"Akun contoh. Peran SDI: {person.title} ({person.role}).",
    })
    if person.organization:
        tk.get_action("organization_member_create")({"user": user}, {
            "id": person.organization, "username": person.name, "role": person.capacity})
    if person.role not in NOT_GRANTED:
        tk.get_action("satudata_role_grant")({"user": user}, {
            "user": person.name, "role": person.role, "scope": person.scope,
            "decree": "SK/001 (contoh)"})
    _no_mail(person.name)
    return True


def _no_mail(name: str) -> None:
    """Send nothing to addresses that cannot exist (RFC 2606); the notices are in the portal."""
    context = {"user": name, "ignore_auth": False}
    kinds = tk.get_action("satudata_notice_settings_show")(dict(context), {})["settings"]
    tk.get_action("satudata_notice_settings_update")(dict(context), {
        "settings": [{"kind": each["kind"], "mail": False} for each in kinds]})
