"""Writes down each version as it becomes public, and when it ends, in the workflow's commit."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain.versions.changes import summary
from ckanext.satudata.domain.versions.kinds import Kind
from ckanext.satudata.shared.signals import publishing, withdrawn
from ckanext.satudata.shared.types import Release
from ckanext.satudata.versions.model import Version, VersionFile

__all__ = ["filename_of_url", "on_publishing", "on_withdrawn", "record"]


@publishing.connect
def on_publishing(package_id: str, content: dict[str, Any], release: Release) -> None:
    """Keep the version that becomes public and end the one before."""
    record(package_id, content, release)


@withdrawn.connect
def on_withdrawn(package_id: str, at: dt.datetime, emergency: bool = False) -> None:
    """End the current version; what was withdrawn stays hidden whatever is published later."""
    hidden = Version.package_id == package_id
    if not emergency:
        hidden &= Version.ended_at.is_(None)
    model.Session.execute(
        sa.update(Version).where(hidden, Version.withdrawn_at.is_(None)).values(withdrawn_at=at))
    _end(package_id, at)


def record(package_id: str, content: dict[str, Any], release: Release) -> Version:
    """Keep what a version says and gives.

    The same release again is written over: data of an older portal that nobody inspected yet
    follow that portal without a version for each load.
    """
    before = model.Session.scalars(
        sa.select(Version)
        .where(Version.package_id == package_id, Version.submission_id != release.id)
        .order_by(Version.number.desc()).limit(1)).first()
    model.Session.execute(sa.delete(Version).where(Version.submission_id == release.id))
    if before is not None:
        _end(package_id, release.at)
    version = Version(
        submission_id=release.id, package_id=package_id, number=release.number,
        kind=release.kind or Kind.RILIS_BARU.value, reason=release.reason,
        published_at=release.at, content=content, content_hash=release.content_hash,
        changes={} if before is None else summary(
            before.content, content, _moved(before, release)))
    model.Session.add(version)
    model.Session.flush()
    model.Session.add_all(_files(content, release))
    model.Session.flush()
    return version


def _moved(before: Version, release: Release) -> set[str]:
    """Return the files whose table is the data and has other rows now."""
    rows = model.Session.execute(
        sa.select(VersionFile.resource_id, VersionFile.table_sha256)
        .where(VersionFile.submission_id == before.submission_id,
               VersionFile.table_sha256.is_not(None))).all()
    return {each.resource_id for each in rows
            if release.snapshots.get(each.resource_id, each.table_sha256) != each.table_sha256}


def _end(package_id: str, at: dt.datetime) -> None:
    model.Session.execute(
        sa.update(Version).where(Version.package_id == package_id, Version.ended_at.is_(None))
        .values(ended_at=at))


def _files(content: dict[str, Any], release: Release) -> Iterator[VersionFile]:
    for position, each in enumerate(content.get("resources", [])):
        uploaded = each.get("url_type") == "upload"
        yield VersionFile(
            submission_id=release.id, resource_id=each["id"], position=position,
            name=each.get("name") or "", filename=filename_of_url(each.get("url") or ""),
            format=each.get("format") or "", mimetype=each.get("mimetype") or "",
            size=_size(each.get("size")), sha256=each.get("sha256") if uploaded else None,
            url=None if uploaded else each.get("url") or None,
            table_sha256=release.snapshots.get(each["id"]))


def filename_of_url(url: str) -> str:
    """Return the name a file has at an address."""
    return unquote(urlsplit(url).path.rpartition("/")[2])[:300]


def _size(value: Any) -> int | None:
    try:
        return max(int(value), 0) if value not in (None, "") else None
    except (TypeError, ValueError):
        return None
