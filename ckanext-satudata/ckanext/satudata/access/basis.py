"""What a restriction rests on, as the dataset itself says it: law, test of consequences, decision.

Perpres 39/2019 art. 37 and UU 14/2008 art. 17, 19 and 20: an exclusion has a legal basis, a written
test with a time limit, and the decision that fixed it. Everybody may read them.
"""
from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from ckanext.satudata.access.requests import is_restricted, today
from ckanext.satudata.domain.requests import TEST_WARNING_DAYS

__all__ = ["basis", "satudata_access_basis"]


def basis(package: Mapping[str, Any], day: dt.date) -> dict[str, Any]:
    """Return the ground of a restriction.

    :param package: as ``package_show`` gives it, or the extras of its row
    :returns: ``level``; ``legal`` (text); ``tests`` and ``decisions``, each a list of ``number``,
        ``date`` and, of tests, ``until`` and ``state`` ("berlaku", "segera", "lewat", or empty
        where no end is named)
    """
    return {
        "level": package.get("access_rights") or "",
        "legal": str(package.get("dasar_hukum") or ""),
        "tests": [{
            "number": str(each.get("nomor") or ""), "date": str(each.get("tanggal") or ""),
            "until": str(each.get("berlaku_sampai") or ""),
            "state": _state(str(each.get("berlaku_sampai") or ""), day),
        } for each in _groups(package.get("uji_konsekuensi"))],
        "decisions": [{
            "number": str(each.get("nomor") or ""), "date": str(each.get("tanggal") or ""),
        } for each in _groups(package.get("keputusan_pembatasan"))],
    }


def satudata_access_basis(package: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return on what a public dataset's restriction rests; ``None`` where its files are open."""
    return basis(package, today()) if is_restricted(package) else None


def _groups(value: Any) -> list[Mapping[str, Any]]:
    """Read a repeating field, as ``package_show`` gives it or as CKAN stores it."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _state(until: str, day: dt.date) -> str:
    try:
        end = dt.date.fromisoformat(until[:10])
    except ValueError:
        return ""
    if end < day:
        return "lewat"
    return "segera" if end <= day + dt.timedelta(days=TEST_WARNING_DAYS) else "berlaku"
