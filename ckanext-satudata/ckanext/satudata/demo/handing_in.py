"""Play who hands in: puskesmas of a recap, a village officer by a link, a producer on the pages.

Who has no account comes through the same internal door as the page of a link opens, with the same
checks of what is sent.
"""
from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from flask import current_app
from werkzeug.datastructures import FileStorage

from ckanext.satudata.demo.acting import act
from ckanext.satudata.domain.demo import handing_in
from ckanext.satudata.domain.demo.describe import PREFIX
from ckanext.satudata.domain.demo.region import Region
from ckanext.satudata.domain.demo.stories import office_hour
from ckanext.satudata.shared import moment

__all__ = ["play"]

_PHONE = "Mozilla/5.0 (Linux; Android 13) demo"


def play(region: Region, made: Collection[str], now: dt.datetime) -> str | None:
    """Let people hand in for the datasets that were just made, each at their time.

    :param made: names of datasets
    :param now: aware, in the zone of the government
    :returns: the address of the link in force, if it was made now
    """
    if f"{PREFIX}{handing_in.RECAP.dataset}" in made:
        _recap(handing_in.RECAP, region, now)
    if f"{PREFIX}{handing_in.MESSY.dataset}" in made:
        _messy(handing_in.MESSY, region, now)
    links = [_link(link, region, now) for link in handing_in.LINKS
             if f"{PREFIX}{link.dataset}" in made]
    return next((each for each in links if each), None)


def _recap(recap: handing_in.Recap, region: Region, now: dt.datetime) -> None:
    """Ask the units, let them send, and take what was sent first."""
    name, asked = f"{PREFIX}{recap.dataset}", handing_in.quarter(now.date())
    with moment.at(office_hour(now, recap.started, 0)):
        board = act(
            "satudata_recap_create", f"{PREFIX}{recap.by}", id=name,
            title=f"Kunjungan rawat jalan {asked.title} (contoh)", unit_kind="puskesmas",
            units=handing_in.puskesmas(region),
            due_at=(now + dt.timedelta(recap.due)).date().isoformat())
    units = sorted(board["units"], key=lambda each: each["code"])
    settled = handing_in.SENT - handing_in.WAITING - len(handing_in.WRONG)
    sent = [handing_in.report(number, region, asked) for number in range(handing_in.SENT)]
    for number, (unit, content) in enumerate(zip(units, sent, strict=False)):
        if number == settled:  # the desk took what had come by then
            with moment.at(office_hour(now, handing_in.LATE[settled - 1], 14)):
                act("satudata_recap_accept", f"{PREFIX}{recap.accepts}", id=board["id"])
        with moment.at(office_hour(now, handing_in.LATE[number], number % 12)):
            _send(name, unit["link_id"], f"Laporan {unit['name']}.csv", content)
    late = [unit["code"] for unit in units[handing_in.SENT:]]
    with moment.at(office_hour(now, handing_in.REMINDED[0], 3)):
        act("satudata_recap_remind", f"{PREFIX}{recap.by}", id=board["id"],
            units=late[:handing_in.REMINDED[1]])


def _link(link: handing_in.Link, region: Region, now: dt.datetime) -> str | None:
    """Make a link, use it, take it back; return the address of one that is open."""
    kecamatan = region.kecamatan[0]
    desa = (region.desa_of(kecamatan.code) or (kecamatan,))[-1]
    named = {"desa": desa.name, "kecamatan": kecamatan.name}
    name, by = f"{PREFIX}{link.dataset}", f"{PREFIX}{link.by}"
    with moment.at(office_hour(now, link.made, 1)):
        made = act("satudata_upload_link_create", by, id=name, days=link.days,
                   label=link.who.format(**named))
    if link.revoked:
        with moment.at(office_hour(now, link.revoked, 2)):
            act("satudata_upload_link_revoke", by, id=made["id"])
    if not link.sender:
        return None
    with moment.at(office_hour(now, link.made - 2, 5)):
        current_app.test_client().get(urlsplit(made["url"]).path, headers={"User-Agent": _PHONE})
        _send(name, made["id"], f"Dana desa {desa.name}.csv",
              handing_in.village_report(region, desa.name, now.date()),
              sender={"name": link.sender.format(**named), "contact": ""})
    return made["url"]


def _messy(sheet: handing_in.Messy, region: Region, now: dt.datetime) -> None:
    with moment.at(office_hour(now, sheet.days, 4)):
        act("satudata_intake_create", f"{PREFIX}{sheet.by}", id=f"{PREFIX}{sheet.dataset}",
            way="unggah", accept=True,
            upload=_file("Jumlah sekolah FIX (2).xlsx", handing_in.messy(region, now.date())))


def _send(dataset: str, link_id: str, filename: str, content: bytes, **more: Any) -> None:
    """Hand in by a link, and have it read."""
    made = tk.get_action("satudata_intake_create")({"ignore_auth": True, "user": ""}, {
        "id": dataset, "way": "tautan", "link_id": link_id, "upload": _file(filename, content),
        **more})
    tk.get_action("satudata_inspection_run")(
        {"ignore_auth": True}, {"resource_id": f"setoran/{made['id']}", "wait": True})


def _file(filename: str, content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=filename)
