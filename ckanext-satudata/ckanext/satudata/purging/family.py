"""What belongs to a dataset that was withdrawn: its versions, working copies, files.

Rows of other rooms, read by name and never written here: who owns them deletes what is theirs
when the signal ``purging`` tells of it.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.satudata.domain.roles import Subject

__all__ = ["FILES", "SUBMISSIONS", "VERSIONS", "Family", "family_of", "package_of", "sha256_of"]

_TIME = sa.DateTime(timezone=True)
SUBMISSIONS = sa.table(
    "satudata_submission",
    sa.column("id", sa.Text), sa.column("package_id", sa.Text), sa.column("content_id", sa.Text),
    sa.column("title", sa.Text), sa.column("owner_org", sa.Text), sa.column("jenis_data", sa.Text),
    sa.column("restricted", sa.Boolean), sa.column("at_pembina", sa.Boolean),
    sa.column("number", sa.Integer), sa.column("state", sa.Text),
    sa.column("created", _TIME), sa.column("published_at", _TIME), sa.column("snapshots", JSONB),
    sa.column("letter", JSONB))
VERSIONS = sa.table(
    "satudata_version",
    sa.column("submission_id", sa.Text), sa.column("package_id", sa.Text),
    sa.column("number", sa.Integer), sa.column("published_at", _TIME),
    sa.column("withdrawn_at", _TIME), sa.column("purged_at", _TIME), sa.column("content", JSONB))
FILES = sa.table(
    "satudata_version_file",
    sa.column("submission_id", sa.Text), sa.column("resource_id", sa.Text),
    sa.column("position", sa.Integer), sa.column("name", sa.Text), sa.column("filename", sa.Text),
    sa.column("format", sa.Text), sa.column("size", sa.BigInteger), sa.column("sha256", sa.Text),
    sa.column("url", sa.Text), sa.column("table_sha256", sa.Text))


@dataclass(frozen=True)
class Family:
    """A dataset with all its versions.

    :ivar rows: its submissions, oldest first
    """

    package_id: str
    rows: Sequence[Any]

    @property
    def last(self) -> Any:
        """The newest version, cancelled or not."""
        return self.rows[-1]

    @property
    def subject(self) -> Subject:
        """What permissions are asked for."""
        return Subject(self.last.owner_org or "", self.last.jenis_data or "",
                       bool(self.last.restricted), bool(self.last.at_pembina))

    @property
    def packages(self) -> frozenset[str]:
        """Ids of the dataset and of all its working copies."""
        return frozenset({self.package_id, *(each.content_id for each in self.rows)})

    def stopped(self) -> Any:
        """Return the version the red button is told of: the last one that was public, or the
        last there is."""
        public = [each for each in self.rows if each.published_at is not None]
        return (public or self.rows)[-1]

    def began_again(self, since: dt.datetime) -> bool:
        """Tell whether a version was begun since then in the dataset itself: its text is new."""
        return any(each.created > since and each.content_id == self.package_id
                   and each.state != "dibatalkan" for each in self.rows)


def package_of(identifier: str) -> str | None:
    """Return the id of a dataset by its id or name, or by the id of one of its versions."""
    found = model.Session.scalar(sa.select(SUBMISSIONS.c.package_id).where(
        sa.or_(SUBMISSIONS.c.id == identifier, SUBMISSIONS.c.package_id == identifier,
               SUBMISSIONS.c.content_id == identifier)).limit(1))
    if found is None:
        package = model.Package.get(identifier)
        return package_of(package.id) if package is not None and package.id != identifier else None
    return found


def family_of(package_id: str) -> Family | None:
    """Return a dataset with its versions, or ``None`` where there is none."""
    rows = model.Session.execute(
        sa.select(SUBMISSIONS).where(SUBMISSIONS.c.package_id == package_id)
        .order_by(SUBMISSIONS.c.number, SUBMISSIONS.c.created)).all()
    return Family(package_id, rows) if rows else None


def sha256_of(resource: model.Resource) -> str:
    """Return the hash of a resource's stored file, or an empty text."""
    value = (resource.extras or {}).get("sha256")
    return value if isinstance(value, str) else ""
