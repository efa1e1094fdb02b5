"""What restricted data needs before it is published: no restriction without its decision.

Perpres 39/2019 art. 37 (5) and UU 14/2008 art. 17, 19 and 20: a legal basis, a written test of the
consequences that is in force, and the decision that fixed it. The rules of publication
(``metadata_rules.py``) ask for them when data is handed in; this is asked again in the moment it
would become public, whatever way led there: a release planned for a day after the test ran out,
data moved from an older portal, data loaded once more.
"""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ckanext.satudata.domain.access import level_of
from ckanext.satudata.domain.metadata_checks import groups
from ckanext.satudata.domain.metadata_values import N_

__all__ = ["lacks"]

LEGAL = N_("dasar hukum pembatasan")
TEST = N_("nomor dan tanggal uji konsekuensi")
TEST_OVER = N_("uji konsekuensi yang masih berlaku")
TEST_AHEAD = N_("uji konsekuensi yang tanggalnya sudah tiba")
DECISION = N_("nomor dan tanggal keputusan pembatasan")
DECISION_AHEAD = N_("keputusan pembatasan yang tanggalnya sudah tiba")
OPEN_KIND = N_("hak akses terbuka: keterangan kegiatan dan indikator tidak dibatasi")


def lacks(dataset: Mapping[str, Any], today: date) -> tuple[str, ...]:
    """Return what a dataset (as ``package_show`` gives it) lacks to be restricted, as msgids.

    :param today: the day it would be published
    :returns: nothing for open data
    """
    if not level_of(dataset.get("access_rights")).restricted:
        return ()
    if dataset.get("type") in ("kegiatan", "indikator"):
        return (OPEN_KIND,)
    found: list[str] = []
    if not str(dataset.get("dasar_hukum") or "").strip():
        found.append(LEGAL)
    tests = _complete(dataset, "uji_konsekuensi")
    if not tests:
        found.append(TEST)
    elif not (begun := [each for each in tests if _said(each, "tanggal") <= today.isoformat()]):
        found.append(TEST_AHEAD)
    elif not any(_said(each, "berlaku_sampai") >= today.isoformat() or not _said(
            each, "berlaku_sampai") for each in begun):
        found.append(TEST_OVER)
    decisions = _complete(dataset, "keputusan_pembatasan")
    if not decisions:
        found.append(DECISION)
    elif all(_said(each, "tanggal") > today.isoformat() for each in decisions):
        found.append(DECISION_AHEAD)
    return tuple(found)


def _complete(dataset: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [each for each in groups(dataset, name)
            if _said(each, "nomor") and _is_day(_said(each, "tanggal"))]


def _said(group: Mapping[str, Any], part: str) -> str:
    return str(group.get(part) or "").strip()


def _is_day(written: str) -> bool:
    try:
        date.fromisoformat(written[:10])
    except ValueError:
        return False
    return True
