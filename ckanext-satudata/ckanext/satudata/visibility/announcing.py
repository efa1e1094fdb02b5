"""What CKAN's activities hear of a publication and of a withdrawal, in the same commit."""
from __future__ import annotations

from typing import Any

import ckan.model as model

from ckanext.satudata.shared.activities import announce_publication, relabel_activities
from ckanext.satudata.shared.signals import published, withdrawn
from ckanext.satudata.visibility.references import without

__all__ = ["on_published", "on_withdrawn"]


@published.connect
def on_published(package_id: str, **said: Any) -> None:
    """Tell followers and dashboards, with what is public now and nothing of the draft."""
    package = model.Session.get(model.Package, package_id)
    if package is not None:
        announce_publication(package, bool(said.get("first")), said.get("actor"), without)


@withdrawn.connect
def on_withdrawn(package_id: str, **_said: Any) -> None:
    """Close the activities of the time it was public."""
    relabel_activities(package_id)
