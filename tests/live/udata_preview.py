"""Previews harvest sources with udata's DCAT harvester; run by the environment of ``udata.txt``.

Arguments are addresses; prints one JSON object for each: status, errors of the run, and its items.
"""
import json
import sys

import mongomock
from rdflib import XSD, term
from udata.app import create_app
from udata.settings import Defaults


class Settings(Defaults):
    """No server beside it: MongoDB in memory, no cache."""

    MONGODB_HOST = "mongodb://localhost:27017/udata"
    MONGODB_SETTINGS = {"host": MONGODB_HOST, "mongo_client_class": mongomock.MongoClient}
    SECRET_KEY = API_TOKEN_SECRET = SECURITY_PASSWORD_SALT = "satudata" * 5
    CACHE_TYPE = "flask_caching.backends.NullCache"
    HARVESTER_BACKENDS = ["dcat"]
    HARVEST_PREVIEW_MAX_ITEMS = 10_000
    URLS_ALLOW_LOCAL = URLS_ALLOW_PRIVATE = True


def preview(url):
    """Return what udata would make of a source."""
    from udata.harvest import actions
    from udata.harvest.models import HarvestSource

    job = actions.preview(HarvestSource(name="uji", url=url, backend="dcat"))
    return {"status": job.status, "errors": [each.message for each in job.errors], "items": [{
        "id": each.remote_id, "status": each.status,
        "errors": [error.message for error in each.errors],
        "title": each.dataset and each.dataset.title,
        "resources": [[file.title, file.url] for file in each.dataset.resources]
        if each.dataset else [],
    } for each in job.items]}


if __name__ == "__main__":
    # udata 17.18 stores a checksum as text and reads what DCAT-AP demands, xsd:hexBinary, as
    # bytes: every dataset with a file of ours would fail there, as those of any DCAT-AP portal.
    if "--as-it-is" not in sys.argv:
        del term._toPythonMapping[XSD.hexBinary]
    with create_app(Settings).app_context():
        for address in sys.argv[1:]:
            if address.startswith("http"):
                print(json.dumps(preview(address)))
