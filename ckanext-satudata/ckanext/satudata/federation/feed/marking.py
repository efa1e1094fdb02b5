"""Marks what changes, at every flush of the session, whoever writes.

Drafts and working copies are nobody's business but the OPD's: what is private and stays private
is not marked. Statements in plain SQL are not seen here; ``timed.py`` finds what they changed.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.model as model
import ckan.plugins as p
import sqlalchemy as sa
from ckanext.harvest.model import HarvestObject

from ckanext.satudata.shared.feed_marks import mark, mark_selected
from ckanext.satudata.shared.signals import inspected

__all__ = ["KIND_OF_DATASET", "is_public", "watch"]

#: Type of the packages that stand in the feed; what describes them (kegiatan) does not.
KIND_OF_DATASET = "dataset"
#: Session.info: what the running transaction marked, so that each is marked once in it.
_MARKED = "satudata_feed_marked"
#: What of an organization stands in the feed.
_OF_ORGANIZATIONS = ("name", "title", "state")


def is_public() -> Any:
    """Return the SQL condition on ``package`` of what stands in the feed."""
    return sa.and_(model.Package.state == model.State.ACTIVE, model.Package.private.is_(False),
                   model.Package.type == KIND_OF_DATASET)


def watch() -> None:
    """Look at every flush from now on; called once the plugin is configured."""
    if not sa.event.contains(model.Session, "after_flush", _look):
        sa.event.listen(model.Session, "after_flush", _look)
        sa.event.listen(model.Session, "after_transaction_end", _forget)


def _look(session: Any, _context: Any) -> None:
    if not p.plugin_loaded("satudata"):
        return
    changed = set(_changed(session))
    known: set[str] = session.info.setdefault(_MARKED, set())
    if changed - known:
        mark(sorted(changed - known))
        known.update(changed)
    for each in session.dirty:
        if isinstance(each, model.Group) and each.is_organization and any(
                sa.inspect(each).attrs[name].history.has_changes() for name in _OF_ORGANIZATIONS):
            mark_selected(sa.select(model.Package.id).where(
                model.Package.owner_org == each.id, model.Package.type == KIND_OF_DATASET,
                model.Package.private.is_(False)))


def _forget(session: Any, transaction: Any) -> None:
    """Remember nothing of a transaction that is over: also of one that was only closed."""
    if transaction.parent is None or transaction.nested:
        session.info.pop(_MARKED, None)


def _changed(session: Any) -> Iterator[str]:
    """Yield the datasets a flush wrote, or parts of which."""
    for each in (*session.new, *session.dirty, *session.deleted):
        if isinstance(each, model.Package):
            if _is_dataset(each) and _concerns(session, each):
                yield each.id
        elif isinstance(each, HarvestObject):  # whether a dataset is of another portal
            if each.package_id:
                yield each.package_id
        elif isinstance(each, (model.Resource, model.PackageTag)):
            package = session.get(model.Package, each.package_id) if each.package_id else None
            if package is not None and package.type == KIND_OF_DATASET and not package.private:
                yield package.id


@inspected.connect
def _read_again(sender: str, **_told: Any) -> None:
    """Say anew how good a public dataset is, once its files were inspected."""
    mark_selected(sa.select(model.Package.id).where(model.Package.id == sender, is_public()))


def _is_dataset(package: model.Package) -> bool:
    """Tell whether a package is a dataset, or was before this flush."""
    return KIND_OF_DATASET in (package.type, *sa.inspect(package).attrs.type.history.deleted)


def _concerns(session: Any, package: model.Package) -> bool:
    """Tell whether a dataset is public, or was before this flush."""
    if not package.private or package in session.deleted:
        return True
    return bool(sa.inspect(package).attrs.private.history.deleted)
