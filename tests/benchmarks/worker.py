"""Times one CKAN in this process and prints the figures as JSON.

Called as ``worker.py INI KIND DATASETS PAGES``.

KIND is ``ours`` or ``stock``; each gets the fields its schema knows, as filled as
its users fill them. Times are milliseconds of the action or of the whole
request through the WSGI application, index included, network excluded.
"""
from __future__ import annotations

import contextlib
import json
import logging
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

COMMON: dict[str, Any] = {
    "notes": "Jumlah penduduk menurut kecamatan dan jenis kelamin, keadaan akhir tahun. " * 4,
    "license_id": "cc-by",
    "version": "1.0",
    "provenance": "Kompilasi produk administrasi, diperbarui tiap tahun.",
    "temporal_coverage": [{"start": "2025-01-01", "end": "2025-12-31"}],
    "contact": [{"name": "Walidata", "email": "walidata@example.go.id"}],
    "alternate_identifier": ["DD-0001"],
    "tags": [{"name": name} for name in ("penduduk", "kecamatan", "jenis kelamin")],
}
STOCK: dict[str, Any] = {
    "frequency": "http://publications.europa.eu/resource/authority/frequency/ANNUAL",
    "access_rights": "http://publications.europa.eu/resource/authority/access-right/PUBLIC",
    "theme": ["http://publications.europa.eu/resource/authority/data-theme/SOCI"],
    "language": ["http://publications.europa.eu/resource/authority/language/IND"],
    "conforms_to": ["http://example.org/standar"],
    "documentation": ["http://example.org/dokumen"],
    "publisher": [{"name": "Pemerintah Kabupaten", "email": "info@example.go.id"}],
    "creator": [{"name": "Dinas", "email": "dinas@example.go.id"}],
    "spatial_coverage": [{"uri": "http://example.org/36.04", "text": "Kabupaten"}],
}
OURS: dict[str, Any] = {
    "frequency": "tahunan",
    "access_rights": "terbuka",
    "urusan": ["2.12"],
    "language": ["id"],
    "conforms_to": ["http://example.org/standar"],
    "documentation": ["http://example.org/dokumen"],
    "kode_wilayah": ["36.04"],
    "tingkat_penyajian": "kecamatan",
    "jenis_data": "statistik",
    "jenis_statistik": "sektoral",
    "konsep": "Penduduk",
    "definisi": "Semua orang yang berdomisili di wilayah ini.",
    "klasifikasi": "Jenis kelamin",
    "ukuran": "Jumlah",
    "satuan": "orang",
    "sifat_angka": "tetap",
    "referensi_waktu": "keadaan 31 Desember",
    "cara_pengumpulan_data": "kompilasi_produk_administrasi",
    "jadwal_rilis": "2027-03-01",
    "kategori_kip": "berkala",
}


def dataset(kind: str, owner: str) -> dict[str, Any]:
    """Return a dataset with three resources for one of the two schemas."""
    name = "ukur-" + uuid.uuid4().hex
    resources = [
        {"url": f"https://example.org/{name}-{n}.csv", "name": f"Tabel {n}", "format": "CSV",
         "description": "Tabel menurut kecamatan"}
        for n in range(3)
    ]
    own = OURS if kind == "ours" else STOCK
    return {**COMMON, **own, "name": name, "title": f"Penduduk {name}", "owner_org": owner,
            "resources": resources}


def timed(times: list[float], call: Callable[[], Any]) -> Any:
    """Run a call and append its milliseconds."""
    began = time.perf_counter()
    result = call()
    times.append(1000 * (time.perf_counter() - began))
    return result


def publish(kind: str, dataset_id: str, user: str) -> None:
    """Let everybody see a dataset; stock CKAN does so by itself."""
    if kind == "ours":
        from ckanext.satudata.shared.doors import existing_published

        existing_published(dataset_id, user)


def remove(dataset_id: str) -> None:
    """Purge a dataset, from the index too (``dataset_purge`` leaves it there)."""
    from ckan.lib import search
    from ckan.plugins import toolkit as tk

    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    with contextlib.suppress(KeyError, tk.ObjectNotFound, tk.ValidationError):  # not ours, a draft
        shown = tk.get_action("satudata_submission_show")({"user": site}, {"id": dataset_id})
        tk.get_action("satudata_submission_transition")({"user": site}, {
            "id": shown["id"], "transition": "tarik_darurat", "expected_version": shown["version"],
            "note": "Ukuran selesai."})
    with contextlib.suppress(tk.ObjectNotFound):
        tk.get_action("dataset_purge")({"user": site, "ignore_auth": True}, {"id": dataset_id})
    search.clear(dataset_id)


def main(ini: str, kind: str, datasets: int, pages: int) -> dict[str, list[float]]:
    """Create datasets and read pages; return the times by operation."""
    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app

    flask_app: Any = make_app(CKANConfigLoader(ini).get_config())._wsgi_app
    logging.disable(logging.INFO)
    from ckan.plugins import toolkit as tk

    times: dict[str, list[float]] = {"package_create": [], "dataset page": [], "search page": []}
    with flask_app.test_request_context():
        site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]

        def call(action: str, **data: Any) -> Any:
            return tk.get_action(action)({"user": site, "ignore_auth": True}, data)

        for one in call("package_search", q="name:ukur-*", rows=1000)["results"]:
            remove(one["id"])  # an interrupted round's
        owner = call("organization_create", name="o" + uuid.uuid4().hex, title="Dinas")["id"]
        made = [call("package_create", **dataset(kind, owner))]  # warm
        made += [
            timed(times["package_create"], lambda: call("package_create", **dataset(kind, owner)))
            for _ in range(datasets)
        ]
        for one in made:
            publish(kind, one["id"], site)
    client = flask_app.test_client()
    for path, key in (
        (f"/dataset/{made[0]['name']}", "dataset page"),
        ("/dataset/", "search page"),
    ):
        client.get(path)  # warm
        for _ in range(pages):
            answer = timed(times[key], lambda path=path: client.get(path))
            if answer.status_code != 200:
                raise SystemExit(f"{kind}: {path} answered {answer.status_code}")
    with flask_app.test_request_context():
        for one in made:
            remove(one["id"])
    return times


if __name__ == "__main__":
    result = main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    print("RESULT " + json.dumps(result))
