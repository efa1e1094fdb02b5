"""Which versions of a dataset somebody may read, and the rows behind them.

A version is shown to everybody while its dataset is public and it was not withdrawn itself; one
that was withdrawn only to those who may read it as people of the workflow.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.orm import defer

from ckanext.satudata.versions.model import Version, VersionFile

__all__ = ["Row", "content_of", "dataset_of", "file_of", "files_of", "find", "is_gone",
           "of_number", "one", "rows"]

#: What a list needs of the content, without reading all of it.
_SAID = (
    Version.content["title"].astext.label("title"),
    Version.content["access_rights"].astext.label("access"),
    Version.content["organization"]["title"].astext.label("producer"),
)
_ALL = (sa.select(Version, *_SAID).options(defer(Version.content, raiseload=True))
        .order_by(Version.number.desc()))


@dataclass(frozen=True)
class Row:
    """A version without its content.

    :ivar access: code of ``akses`` as the version said
    :ivar producer: title of the OPD as it was then
    """

    version: Version
    title: str
    access: str
    producer: str

    @property
    def number(self) -> int:
        """Number of the version."""
        return self.version.number

    @property
    def current(self) -> bool:
        """Whether it is the one everybody sees now."""
        return self.version.ended_at is None and not self.gone

    @property
    def gone(self) -> bool:
        """Whether it was withdrawn, or its files deleted."""
        return is_gone(self.version)


def is_gone(version: Version) -> bool:
    """Tell whether the public reads a version no more."""
    return version.withdrawn_at is not None or version.purged_at is not None


def dataset_of(context: Any, identifier: str) -> model.Package:
    """Return the dataset, which whoever asks may read.

    :raises ObjectNotFound: there is none
    :raises NotAuthorized: it is not for them
    """
    package = model.Package.get(identifier)
    if package is None:
        raise tk.ObjectNotFound(tk._("Dataset tidak ditemukan."))
    tk.check_access("package_show", {**context, "package": package}, {"id": package.id})
    return package


def rows(context: Any, package: model.Package) -> list[Row]:
    """Return the versions whoever asks may read, newest first."""
    return _readable(context, package, _ALL.where(Version.package_id == package.id))


def one(context: Any, package: model.Package, number: int) -> Row | None:
    """Return one version where whoever asks may read it."""
    return next(iter(_readable(context, package, _ALL.where(
        Version.package_id == package.id, Version.number == number))), None)


def of_number(package_id: str, number: int) -> sa.Select[tuple[Version]]:
    """Return the question for a version, whoever may read it."""
    return sa.select(Version).options(defer(Version.content, raiseload=True)).where(
        Version.package_id == package_id, Version.number == number)


def _readable(context: Any, package: model.Package, asked: Any) -> list[Row]:
    found = [Row(each[0], each.title or package.title or package.name, each.access or "",
                 each.producer or "") for each in model.Session.execute(asked)]
    return [each for each in found if not each.gone or _of_the_workflow(context, each.version)]


def _of_the_workflow(context: Any, version: Version) -> bool:
    try:
        tk.check_access("satudata_submission_show", dict(context), {"id": version.submission_id})
    except tk.NotAuthorized:
        return False
    return True


def find(rows: Iterable[Row], number: int) -> Row | None:
    """Return the version of a number among those that may be read."""
    return next((each for each in rows if each.number == number), None)


def content_of(version: Version) -> dict[str, Any]:
    """Return what a version said."""
    return model.Session.scalar(
        sa.select(Version.content).where(Version.submission_id == version.submission_id)) or {}


def files_of(versions: Iterable[Version]) -> dict[str, list[VersionFile]]:
    """Return the files of versions by submission, in their order, in one query."""
    wanted = [each.submission_id for each in versions]
    found: dict[str, list[VersionFile]] = {each: [] for each in wanted}
    if wanted:
        for each in model.Session.scalars(
                sa.select(VersionFile).where(VersionFile.submission_id.in_(wanted))
                .order_by(VersionFile.position, VersionFile.resource_id)):
            found[each.submission_id].append(each)
    return found


def file_of(version: Version, resource_id: str) -> VersionFile | None:
    """Return one file of a version."""
    return model.Session.get(VersionFile, (version.submission_id, resource_id))
