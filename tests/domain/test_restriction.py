"""Nothing restricted is published without its basis, its test in force and its decision."""
from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ckanext.satudata.domain import restriction
from ckanext.satudata.domain.restriction import lacks

TODAY = dt.date(2026, 11, 21)
DECIDED: dict[str, Any] = {
    "type": "dataset", "access_rights": "terbatas", "dasar_hukum": "UU 14/2008 pasal 17",
    "uji_konsekuensi": [
        {"nomor": "1", "tanggal": "2026-01-12", "berlaku_sampai": "2026-11-21"}],
    "keputusan_pembatasan": [{"nomor": "2", "tanggal": "2026-02-01"}],
}


def having(**part: str) -> dict[str, Any]:
    return {"uji_konsekuensi": [{**DECIDED["uji_konsekuensi"][0], **part}]}


@pytest.mark.parametrize("level", ["terbatas", "tertutup", "rahasia"])
@pytest.mark.parametrize(("change", "expected"), [
    ({}, ()),
    ({"dasar_hukum": " "}, (restriction.LEGAL,)),
    ({"uji_konsekuensi": None}, (restriction.TEST,)),
    ({"uji_konsekuensi": "045"}, (restriction.TEST,)),
    (having(nomor=""), (restriction.TEST,)),
    (having(tanggal="kemarin"), (restriction.TEST,)),
    (having(tanggal="2026-11-22"), (restriction.TEST_AHEAD,)),
    (having(berlaku_sampai="2026-11-20"), (restriction.TEST_OVER,)),
    (having(berlaku_sampai=""), ()),
    ({"uji_konsekuensi": [*having(berlaku_sampai="2020-01-01")["uji_konsekuensi"],
                          *DECIDED["uji_konsekuensi"]]}, ()),
    ({"keputusan_pembatasan": []}, (restriction.DECISION,)),
    ({"keputusan_pembatasan": [{"nomor": "2"}]}, (restriction.DECISION,)),
    ({"keputusan_pembatasan": [{"nomor": "2", "tanggal": "2027-01-01"}]},
     (restriction.DECISION_AHEAD,)),
    ({"type": "kegiatan"}, (restriction.OPEN_KIND,)),
    ({"type": "indikator"}, (restriction.OPEN_KIND,)),
])
def test_what_a_restriction_lacks(
    level: str, change: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert lacks({**DECIDED, "access_rights": level, **change}, TODAY) == expected


@pytest.mark.parametrize("kind", ["dataset", "kegiatan", "indikator"])
def test_open_data_lacks_nothing(kind: str) -> None:
    assert lacks({"type": kind, "access_rights": "terbuka"}, TODAY) == ()
    assert lacks({"type": kind}, TODAY) == ()
