"""Links made, extended, taken back, and asked whether they let something through."""
from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.plugins.toolkit import _

from ckanext.satudata import config
from ckanext.satudata.domain.intake import links as law
from ckanext.satudata.domain.intake.links import Asked, Refusal
from ckanext.satudata.domain.intake.states import State as IntakeState
from ckanext.satudata.links import limits, store
from ckanext.satudata.links.model import UploadLink
from ckanext.satudata.shared import audit, moment
from ckanext.satudata.shared.refusals import Overtaken

__all__ = ["KIND", "LinkRefused", "check", "create", "create_of_units", "extend", "known", "revoke",
           "revoke_of_recap", "token_of", "touch"]

#: Of the events of links; the token stands in none of them.
KIND = "tautan_setor"
#: Links of one dataset that let something through at one time, those of recaps left out.
MOST_OPEN = 200


class LinkRefused(tk.NotAuthorized):
    """A link lets nothing through; ``reason`` says why, a code of :class:`Refusal`."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(_(law.REFUSALS[refusal]))
        self.refusal, self.reason = refusal, refusal.value


def token_of(link: UploadLink) -> str:
    """Return the token of a link; empty where the portal's secret is another than it was made by.

    The link goes on working for whoever has it; to show it again a new one has to be made.
    """
    token = law.token_of(str(tk.config["SECRET_KEY"]), link.id)
    return token if hmac.compare_digest(law.hash_of(token), link.token_sha256) else ""


def create(dataset: store.Dataset, asked: Asked, actor: str | None) -> UploadLink:
    """Make a link in the running transaction.

    :param actor: id of who makes it
    :raises ValidationError: the dataset has too many already
    """
    now = moment.now()
    if _open(dataset.package_id, now) >= MOST_OPEN:
        raise tk.ValidationError({"message": [_(
            "Dataset ini sudah punya {most} tautan yang berlaku. Cabut yang tidak dipakai.").format(
                most=MOST_OPEN)]})
    made = _made(dataset, asked, actor, now)
    model.Session.add(made)
    _record(made, "buat", actor)
    return made


def create_of_units(
    dataset: store.Dataset, recap_id: str, units: Mapping[str, tuple[str, Asked]],
    actor: str | None,
) -> int:
    """Make the links of units of a recap in the running transaction; return how many are new.

    A unit that has its link keeps it.

    :param units: code -> name, and what its link is to be
    """
    known = {each.unit_code for each in store.of_package(dataset.package_id, recap_id)}
    now = moment.now()
    made = [_made(dataset, asked, actor, now, recap_id=recap_id, unit_code=code, unit_name=name)
            for code, (name, asked) in units.items() if code not in known]
    model.Session.add_all(made)
    audit.record_all(KIND, map(_told, made), actor=actor, package_id=dataset.package_id,
                     transition="buat")
    return len(made)


def _made(
    dataset: store.Dataset, asked: Asked, actor: str | None, now: dt.datetime, **unit: str
) -> UploadLink:
    identifier = law.new_id()
    return UploadLink(
        id=identifier, package_id=dataset.package_id,
        token_sha256=law.hash_of(law.token_of(str(tk.config["SECRET_KEY"]), identifier)),
        label=asked.label, single=asked.single, max_bytes=asked.max_bytes,
        expires_at=asked.expires_at, created_by=actor, created_at=now,
        contact={name: value for name, value in (
            ("phone", asked.phone), ("email", asked.email)) if value}, **unit)


def extend(link: UploadLink, days: int, actor: str | None) -> None:
    """Let a link live longer, or again where it is over.

    :raises InvalidValueError: longer than a link may live
    :raises Overtaken: it was taken back
    """
    _not_revoked(link)
    link.expires_at = law.extended(link.expires_at, days, moment.now(), config.zona_waktu())
    _record(link, "perpanjang", actor)


def revoke(link: UploadLink, actor: str | None) -> None:
    """Take a link back, for good; what came by it stays where it is.

    :raises Overtaken: it was taken back already
    """
    _not_revoked(link)
    link.revoked_at, link.revoked_by = moment.now(), actor
    _record(link, "cabut", actor)


def revoke_of_recap(package_id: str, recap_id: str, actor: str | None) -> int:
    """Take back every link of a recap that stands; return how many."""
    links, now = store.locked_of_recap(recap_id), moment.now()
    for each in links:
        each.revoked_at, each.revoked_by = now, actor
    audit.record_all(KIND, map(_told, links), actor=actor, package_id=package_id,
                     transition="cabut")
    return len(links)


def known(token: str) -> UploadLink:
    """Return the link of a token, whatever its state.

    :raises LinkRefused: there is none
    :raises TooOften: there was none too often from this computer
    """
    found = store.by_token(token)
    if found is None:
        limits.check_guess()
        raise LinkRefused(Refusal.TIDAK_DIKENAL)
    return found


def check(link: UploadLink, receipt: str = "") -> bool:
    """Ask whether a link takes a file now; return whether it takes the place of one that waits.

    :param receipt: of a sender who handed in by it before
    :raises LinkRefused: it takes none
    """
    mends = any(each.state == IntakeState.MENUNGGU.value for each in store.sent_with(
        link, receipt))
    counts = store.came([link.id]).get(link.id, store.Came())
    package = model.Session.get(model.Package, link.package_id)
    refusal = law.refusal(store.standing(link, counts), moment.now(), mends)
    if refusal is None and (package is None or package.state != "active"):
        refusal = Refusal.DICABUT
    if refusal is not None:
        raise LinkRefused(refusal)
    return mends


def touch(link: UploadLink, agent: str) -> bool:
    """Note that somebody opened a link, the first time; tell whether that was now."""
    if link.opened_at is not None or law.is_preview(agent):
        return False
    link.opened_at = moment.now()
    return True


def _open(package_id: str, now: dt.datetime) -> int:
    return model.Session.scalar(
        sa.select(sa.func.count()).select_from(UploadLink).where(
            UploadLink.package_id == package_id, UploadLink.recap_id.is_(None),
            UploadLink.revoked_at.is_(None), UploadLink.expires_at > now)) or 0


def _not_revoked(link: UploadLink) -> None:
    if link.revoked_at is not None:
        raise Overtaken("state", law.LinkState.DICABUT.value, _(
            "Tautan ini sudah dicabut. Buat tautan baru bila masih perlu."))


def _record(link: UploadLink, step: str, actor: str | None) -> None:
    audit.record(KIND, actor=actor, package_id=link.package_id, transition=step, data=_told(link))


def _told(link: UploadLink) -> dict[str, Any]:
    """Return what is written down of a link: never its token, nor whom it is for."""
    data: dict[str, Any] = {"link": link.id, "expires_at": link.expires_at.isoformat(),
                            "single": link.single, "max_bytes": link.max_bytes}
    if link.recap_id:
        data |= {"recap": link.recap_id, "unit": link.unit_code}
    return data
