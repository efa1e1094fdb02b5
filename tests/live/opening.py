"""Publish in a running portal, and take back, what a test needs in public.

Nothing is public by being created. Tests about what the public reads let their datasets in as
data that stood online before the portal: a door of the server, which no client reaches. The way
everybody else goes is walked in ``test_story.py``.
"""
from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from typing import Any

__all__ = ["publish", "purge"]

CODE = """
import sys
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckanext.satudata.shared.doors import existing_published
app = make_app(load_config(sys.argv[1]))._wsgi_app
with app.test_request_context():
    for identifier in sys.argv[3:]:
        existing_published(identifier, sys.argv[2])
"""


def publish(python: str, ini: str, *ids: str, user: str = "admin") -> None:
    """Publish datasets by their ids, in a process of the portal's own environment."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("CKAN_")}
    done = subprocess.run(
        [python, "-I", "-c", CODE, ini, user, *ids], capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stdout + done.stderr


def purge(call: Callable[..., Any], dataset: dict[str, Any]) -> None:
    """Take a dataset out of the public, then remove it with its tables.

    :param call: calls an action of the portal as a sysadmin.
    """
    def move(transition: str) -> None:
        seen = call("satudata_submission_show", id=dataset["id"])
        call("satudata_submission_transition", id=seen["id"], transition=transition,
             expected_version=seen["version"], note="Uji selesai.")

    if call("satudata_submission_show", id=dataset["id"])["state"] == "terbit":
        move("tarik_darurat")
        move("revisi")
    for resource in dataset.get("resources", []):
        if resource.get("datastore_active"):
            call("datastore_delete", resource_id=resource["id"], force=True)
    call("dataset_purge", id=dataset["id"])
