"""Documents for the tests of the Berita Acara."""
from __future__ import annotations

import datetime as dt
from dataclasses import replace

from ckanext.satudata.domain.berita_acara import document as d

WIB = dt.timezone(dt.timedelta(hours=7))
WALIDATA = d.Party("org-walidata", "Dinas Komunikasi, Informatika, Persandian dan Statistik")
DINKES = d.Party("org-dinkes", "Dinas Kesehatan")
NOTE = d.Note(
    d.Severity.WAJIB, "Kode wilayah “36.04.99” tidak ada di daftar Kemendagri.",
    place="penduduk.csv, kolom kode_kecamatan, baris 12", how="Ganti dengan kode bertitik.")


def item(order: int = 1, state: str = "disetujui", **more: object) -> d.Item:
    given = {"submission": f"s-{order}", "package": f"p-{order}", "number": 1, "state": state,
             "title": f"Balita stunting menurut kecamatan {order}", "result": d.result_of(state)}
    return d.Item(**{**given, **more})  # type: ignore[arg-type]


def document(*items: d.Item, **more: object) -> d.Document:
    plain = d.Document(
        kind=d.Kind.DESK, government="Pemerintah Kabupaten Serang", walidata=WALIDATA,
        agency=DINKES, place="Ruang rapat Diskominfosatik", date=dt.date(2026, 11, 17),
        deadline=dt.date(2026, 12, 4), zone="Asia/Jakarta",
        items=items or (item(1), item(2, "dikembalikan", notes=(NOTE,)), item(3, "diajukan")),
        attendees=(d.Attendee("Siti Aminah", "Statistisi Ahli Muda", "Diskominfosatik"),),
    )
    return replace(plain, **more)


def issued(*items: d.Item, **more: object) -> d.Document:
    return document(*items, **{
        "number": "007/BA-SDI/XI/2026", "sequence": 7, "issued": dt.date(2026, 11, 21), **more})


def confirmation(side: str, content_hash: str = "", name: str = "Siti Aminah") -> d.Confirmation:
    return d.Confirmation(
        side, f"u-{side}", name, "Kepala Bidang", (WALIDATA if side == "walidata" else DINKES).name,
        dt.datetime(2026, 11, 21, 10, 32, tzinfo=WIB), content_hash)
