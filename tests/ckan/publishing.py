"""Make a dataset public: nothing is by being created, only the workflow publishes.

For tests about what the public sees. :func:`publish` takes the door of data that stood online
before this portal; :func:`inspect_and_publish` goes the whole way, with two sysadmins (four eyes
bind them too).
"""
from __future__ import annotations

import uuid
from typing import Any

from ckan import model
from ckan.tests import factories, helpers
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource

from ckanext.satudata.shared.doors import existing_published

__all__ = [
    "COMPLETE", "come_from_elsewhere", "inspect_and_publish", "move", "publish", "published",
    "whole",
]

#: What the law asks of a dataset before it may be handed in, beside title and producer.
COMPLETE: dict[str, Any] = {
    "notes": "Jumlah penduduk menurut kecamatan.", "urusan": ["2.12"], "license_id": "cc-by",
    "contact": [{"name": "Bidang Data", "email": "data@serangkab.go.id"}],
    "access_rights": "terbuka", "kode_wilayah": ["36.04"], "konsep": "Penduduk",
    "definisi": "Orang yang berdomisili di wilayah ini.", "klasifikasi": "Kecamatan",
    "ukuran": "Jumlah", "satuan": "jiwa", "jenis_data": "statistik",
    "temporal_coverage": [{"start": "2025-01-01", "end": "2025-12-31"}],
    "tingkat_penyajian": "kecamatan", "frequency": "tahunan", "jadwal_rilis": "2025-12-15",
}


def publish(dataset: dict[str, Any] | str) -> dict[str, Any]:
    """Publish a dataset as it is now; return it as clients see it."""
    identifier = dataset if isinstance(dataset, str) else dataset["id"]
    shown = helpers.call_action("package_show", id=identifier)
    existing_published(shown["id"], helpers.call_action("get_site_user")["name"])
    made = helpers.call_action("package_show", id=shown["id"])
    assert not made["private"]
    return made


def published(**fields: Any) -> dict[str, Any]:
    """Return a public dataset of CKAN's factory."""
    fields.setdefault("owner_org", None)
    if fields["owner_org"] is None:
        fields["owner_org"] = factories.Organization()["id"]
    return publish(factories.Dataset(**fields))


def move(identifier: str, transition: str, user: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Take one step of the workflow as a user; return the submission."""
    context = {"user": user["name"], "ignore_auth": False}
    seen = helpers.call_action("satudata_submission_show", dict(context), id=identifier)
    return helpers.call_action(
        "satudata_submission_transition", context, id=identifier, transition=transition,
        expected_version=seen["version"], **more)


def inspect_and_publish(identifier: str) -> dict[str, Any]:
    """Hand in, inspect, approve and publish a complete draft; return the submission."""
    producer, walidata = factories.Sysadmin(), factories.Sysadmin()
    move(identifier, "ajukan", producer)
    for transition in ("periksa", "setujui", "terbitkan"):
        moved = move(identifier, transition, walidata)
    return moved


def whole(**fields: Any) -> dict[str, Any]:
    """Return a public dataset that came through the workflow, with a file."""
    fields.setdefault("resources", [{
        "name": "Tabel", "url": "https://contoh.go.id/tabel.csv", "format": "CSV"}])
    made = factories.Dataset(owner_org=factories.Organization()["id"], **{**COMPLETE, **fields})
    inspect_and_publish(made["id"])
    return helpers.call_action("package_show", id=made["id"])


def come_from_elsewhere(*datasets: str) -> None:
    """Note that datasets were harvested from another portal."""
    source = HarvestSource(id=str(uuid.uuid4()), url="https://lain.go.id", type="ckan", config="")
    model.Session.add(source)
    model.Session.flush()
    job = HarvestJob(source=source)
    model.Session.add(job)
    model.Session.flush()
    for each in datasets:
        model.Session.add(HarvestObject(guid=each, job=job, package_id=each, current=True))
    model.Session.commit()
