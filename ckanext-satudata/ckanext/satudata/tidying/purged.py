"""What the portal remembers of raw files whose clean tables are deleted for good."""
from __future__ import annotations

import ckan.model as model

from ckanext.satudata.shared import left_out
from ckanext.satudata.shared.raw_files import forget
from ckanext.satudata.shared.signals import purging
from ckanext.satudata.shared.types import Purge, Purged

__all__ = ["on_purging"]


@purging.connect
def on_purging(package_id: str, what: Purge) -> Purged:
    """Forget which raw files the deleted tables were made of; the bytes are among what goes."""
    for identifier in sorted(what.packages):
        package = model.Session.get(model.Package, identifier)
        if package is not None:
            forget(package, what.hashes)
            for sha256 in sorted(what.hashes & left_out.of_package(package).keys()):
                left_out.forget(identifier, sha256)
    return Purged()
