"""Measure the storage: collecting 10,000 files nobody needs, checking 1 GB, 20 versions.

    ./deploy/benchmark files, or python tests/benchmarks/bench_files.py INI

All in a folder of its own that is deleted afterwards. A file that did not change must cost a new
version nothing: the bytes stored for 20 versions over the bytes that ever changed is 1.
"""
from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import logging
import os
import sys
import tempfile
import time
import uuid
from typing import Any

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app

UNNEEDED = 10_000
CHECKED, CHECKED_BYTES = 20, 50_000_000
VERSIONS, FILE_BYTES = 20, 300_000


def main(ini: str) -> None:
    app = make_app(CKANConfigLoader(ini).get_config())
    logging.disable(logging.WARNING)
    from ckan.lib import files
    from file_keeper import make_storage

    from ckanext.satudata.shared import blobs

    with app._wsgi_app.test_request_context(), tempfile.TemporaryDirectory() as folder:
        name = blobs.storage().settings.name
        before = files.storages[name]
        files.storages.register(name, make_storage(name, {
            "type": "ckan:fs", "path": folder, "initialize": True, "overwrite_existing": True}))
        try:
            _collecting()
            _checking()
            _versions()
        finally:
            files.storages.register(name, before)


def _collecting() -> None:
    import sqlalchemy as sa
    from ckan import model

    from ckanext.satudata.files.collecting import collect
    from ckanext.satudata.shared import blobs
    from ckanext.satudata.shared.blob_ledger import Blob

    made = []
    for number in range(UNNEEDED):
        content = b"%d %s" % (number, b"x" * 1000)
        path = blobs.storage().full_path(blobs.location(hashlib.sha256(content).hexdigest()))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as stream:
            stream.write(content)
        made.append(hashlib.sha256(content).hexdigest())
    week = dt.timedelta(days=7)
    start = time.perf_counter()
    marked = collect(week)
    seconds = time.perf_counter() - start
    print(f"gc, first run: {marked.waiting} marked in {seconds:.1f} s")
    with model.ensure_engine().begin() as connection:
        long_ago = sa.func.now() - dt.timedelta(days=8)
        connection.execute(sa.update(Blob).where(Blob.sha256.in_(made)).values(
            touched_at=long_ago, unreferenced_since=long_ago))
    start = time.perf_counter()
    removed = collect(week)
    seconds = time.perf_counter() - start
    print(f"gc, after the grace: {removed.removed} deleted in {seconds:.1f} s")


def _checking() -> None:
    import sqlalchemy as sa
    from ckan import model

    from ckanext.satudata.files import checking
    from ckanext.satudata.shared import blob_ledger, blobs

    made = []
    for _ in range(CHECKED):
        made.append(blobs.store(io.BytesIO(os.urandom(CHECKED_BYTES))))
    listed = sa.func.unnest(sa.cast(made, sa.ARRAY(sa.Text))).column_valued("sha256")
    blob_ledger.references(lambda: blob_ledger.reference(listed))
    read: list[int] = []
    start = time.perf_counter()
    wrong = [each for each in checking.check(read.append) if each.sha256 in made]
    seconds = time.perf_counter() - start
    assert not wrong, wrong
    print(f"check: {sum(read) / 1e6:.0f} MB in {seconds:.1f} s, "
          f"{sum(read) / 1e6 / seconds:.0f} MB/s")
    blob_ledger._QUERIES.pop()
    model.Session.rollback()  # lets go of what was stored
    assert len(blobs.erase(made)) == CHECKED


def _versions() -> None:
    import ckan.plugins.toolkit as tk
    from werkzeug.datastructures import FileStorage

    from ckanext.satudata.files.listing import listing
    from ckanext.satudata.shared import blobs
    from ckanext.satudata.versions.model import Version  # noqa: F401  (its table)

    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]

    def act(action: str, **data: Any) -> Any:
        return tk.get_action(action)({"user": user, "ignore_auth": True}, data)

    def file(content: bytes) -> FileStorage:
        return FileStorage(io.BytesIO(content), "data.csv")

    from ckanext.satudata.shared import doors

    organization = act("organization_create", name=f"ukur-{uuid.uuid4().hex[:8]}")
    dataset = act("package_create", name=f"ukur-{uuid.uuid4().hex[:8]}", title="Ukur",
                  owner_org=organization["id"])
    changed = 0
    for _ in range(3):
        resource = act("resource_create", package_id=dataset["id"], name="Data",
                       upload=file(os.urandom(FILE_BYTES)))
        changed += FILE_BYTES
    doors.existing_published(dataset["id"], user)
    for _ in range(VERSIONS - 1):
        copy = act("satudata_revision_start", id=dataset["id"])
        mine = next(each for each in copy["resources"]
                    if each["asal_resource_id"] == resource["id"])
        act("resource_patch", id=mine["id"], upload=file(os.urandom(FILE_BYTES)))
        changed += FILE_BYTES
        _publish(copy["submission"]["id"])
    stored = sum(each.size for each in listing(blobs.storage()))
    print(f"{VERSIONS} versions, one changed file of three: {stored / 1e6:.1f} MB stored, "
          f"{changed / 1e6:.1f} MB ever changed, ratio {stored / changed:.3f}")


def _publish(submission_id: str) -> None:
    """Publish past the inspectors: what is measured is what lies in the storage."""
    from ckan import model

    from ckanext.satudata.domain.roles import Actor
    from ckanext.satudata.shared import moment, outbox
    from ckanext.satudata.shared.db import unit_of_work
    from ckanext.satudata.workflow import publish, revision
    from ckanext.satudata.workflow.model import Submission

    with unit_of_work():
        submission = model.Session.get(Submission, submission_id)
        assert submission is not None
        revision.receive(submission, Actor("", "ukur"))
        publish.show(submission, moment.now())
    outbox.drain()


if __name__ == "__main__":
    started = json.loads(os.environ.get("SATUDATA_TEST_STATUS", "{}"))
    main(sys.argv[1] if len(sys.argv) > 1 else started["test"]["inis"][0])
