"""The way out of the demo's datasets, which are invented and so owe nobody a tombstone."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import ckan.model as model

from ckanext.satudata.domain.demo.describe import PREFIX
from ckanext.satudata.domain.errors import StateConflictError
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.shared.doors import Ended, open_door
from ckanext.satudata.workflow import store
from ckanext.satudata.workflow.publish import Door
from ckanext.satudata.workflow.watch import ending

__all__ = ["example_ended"]


@open_door("contoh")
@contextmanager
def example_ended(package_id: str, user: str) -> Iterator[Ended]:
    """Let the caller purge a demo dataset with its working copies.

    :raises StateConflictError: its name is not one the demo gives
    """
    package = model.Session.get(model.Package, package_id)
    if package is None or not package.name.startswith(PREFIX):
        raise StateConflictError(N_("Ini bukan data contoh, jadi tidak dihapus."), "")
    family = store.lock_family(package_id)
    submissions = frozenset(each.id for each in family)
    packages = frozenset({package_id, *(each.content_id for each in family)})
    with ending(packages):
        yield Ended(Door().key(), packages, submissions)
