"""What versions hold of data that is deleted for good; that there was a version stays."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.shared import moment
from ckanext.satudata.shared.signals import purging
from ckanext.satudata.shared.types import Purge, Purged
from ckanext.satudata.versions.diff_model import Diff
from ckanext.satudata.versions.model import Version, VersionFile

__all__ = ["TITLE", "on_purging"]

#: In the place of a title that is deleted; data, so not translated.
TITLE = "Data yang dimusnahkan"

#: Of a version's text, what stays to say which dataset it was.
_STAYS = ("id", "type", "owner_org")


@purging.connect
def on_purging(package_id: str, what: Purge) -> Purged:
    """Take text, addresses and hashes of what is deleted out."""
    mine = sa.select(Version.submission_id).where(
        Version.package_id == package_id, Version.number.in_(what.numbers))
    files = model.Session.scalars(sa.select(VersionFile).where(
        VersionFile.submission_id.in_(mine), sa.or_(
            VersionFile.sha256.in_(what.hashes), VersionFile.table_sha256.in_(what.hashes),
            sa.and_(VersionFile.sha256.is_(None), VersionFile.table_sha256.is_(None),
                    VersionFile.resource_id.in_(what.unhashed))))).all()
    gone = {(each.submission_id, each.resource_id) for each in files}
    for each in files:
        each.filename = ""
        each.size = each.sha256 = each.url = each.table_sha256 = None
    versions = model.Session.scalars(sa.select(Version).where(
        Version.submission_id.in_(mine))).all()
    texts = 0
    for version in versions:
        texts += version.number in what.texts
        version.content = _content(version, gone, version.number in what.texts)
    model.Session.flush()
    _close(mine)
    lists = _forget_comparisons(what)
    return Purged({N_("berkas versi"): len(files), N_("isian versi"): texts}, lists)


def _forget_comparisons(what: Purge) -> frozenset[str]:
    """Delete what was found between files of which one goes; return the hashes of full lists.

    They quote values. A comparison of equal bytes elsewhere is made anew when somebody asks.
    """
    mine = sa.or_(Diff.old_sha256.in_(what.hashes), Diff.new_sha256.in_(what.hashes))
    lists = frozenset(each for each in model.Session.scalars(
        sa.select(Diff.list_sha256).where(mine)) if each)
    model.Session.execute(sa.delete(Diff).where(mine))
    return lists


def _close(mine: Any) -> None:
    """Mark versions of which no file is left; one that keeps some still refers to their bytes."""
    left = sa.select(VersionFile.submission_id).where(sa.or_(
        VersionFile.sha256.is_not(None), VersionFile.table_sha256.is_not(None),
        VersionFile.url.is_not(None), VersionFile.filename != ""))
    model.Session.execute(sa.update(Version).where(
        Version.submission_id.in_(mine), Version.submission_id.not_in(left),
        Version.purged_at.is_(None)).values(purged_at=moment.now()))


def _content(version: Version, gone: set[tuple[str, str]], whole: bool) -> dict[str, Any]:
    if whole:
        kept = {name: version.content[name] for name in _STAYS if name in version.content}
        return {**kept, "title": TITLE, "resources": []}
    return {**version.content, "resources": [
        {"id": each["id"], "name": each.get("name")}
        if (version.submission_id, each.get("id")) in gone else each
        for each in version.content.get("resources", [])]}
