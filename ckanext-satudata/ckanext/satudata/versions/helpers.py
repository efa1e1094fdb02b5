"""Template helpers of versions: what a dataset's own page says of its version, in one query."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from markupsafe import Markup

from ckanext.satudata.domain.versions import marks
from ckanext.satudata.domain.versions.citation import FORMATS
from ckanext.satudata.versions import citing, words
from ckanext.satudata.versions.show import kind_label

__all__ = [
    "satudata_cite",
    "satudata_diff_bar",
    "satudata_diff_marks",
    "satudata_diff_sum",
    "satudata_kind_label",
    "satudata_version",
    "satudata_version_changes",
]

_CACHE = "_satudata_versions"
#: Written out, for building it would take longer than answering it; by the unique index.
_NEWEST = sa.text(
    "SELECT number, kind, reason, published_at, ended_at, withdrawn_at, purged_at "
    "FROM satudata_version WHERE package_id = :id ORDER BY number DESC LIMIT 1")


def satudata_version(package: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the newest version of a dataset that was ever published, or ``None``.

    :returns: ``number``, ``kind``, ``kind_label``, ``reason``, ``published_at``, ``current``
        (everybody sees it now)
    """
    identifier = str(package.get("id") or "")
    kept: dict[str, Any] = tk.g.setdefault(_CACHE, {})
    if identifier not in kept:
        row = model.Session.execute(_NEWEST, {"id": identifier}).first() if identifier else None
        kept[identifier] = row and {
            "number": row.number, "kind": row.kind, "kind_label": kind_label(row.kind),
            "reason": row.reason, "published_at": row.published_at,
            "current": not (row.ended_at or row.withdrawn_at or row.purged_at)}
    return kept[identifier]


def satudata_cite(
    package: Mapping[str, Any], version: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the citation of a version: ``text``, ``html``, and ``formats`` with addresses.

    :param package: as the version said it (title, organization)
    :param version: ``number`` and ``published_at``; None for data whose versions are not kept
    """
    of = replace(citing.cited(
        str((package.get("organization") or {}).get("title") or ""),
        str(package.get("title") or package.get("name") or ""), str(package["name"]),
        int(version["number"]) if version else None,
        words.moment(version["published_at"] if version else package["metadata_modified"])),
        accessed=citing.today())
    return {"text": citing.sentence(of), "html": citing.marked_up(of), "formats": [
        (label, tk.url_for("satudata_versions.cite", id=package["name"], number=of.number,
                           ending=ending) if version else
         tk.url_for("satudata_formats.cite", id=package["name"], ending=ending))
        for ending, label in zip(FORMATS, ("BibTeX", "CSL-JSON", "RIS"), strict=True)]}


def satudata_version_changes(version: Mapping[str, Any], kind: str = "dataset") -> list[str]:
    """Say in short phrases what a version changed against the one before.

    :param kind: dataset type, for the labels of its fields
    """
    return words.changes(version.get("changes") or {}, kind)


def satudata_diff_marks(old: Any, new: Any) -> Markup | None:
    """Return two texts as one with ``del`` and ``ins``; ``None`` for what is no plain text."""
    if not (isinstance(old, str) and isinstance(new, str)):
        return None
    tags = {"same": "{}", "del": "<del>{}</del>", "ins": "<ins>{}</ins>"}
    return Markup("").join(
        Markup(tags[kind]).format(text) for kind, text in marks.marked(old[:20_000], new[:20_000]))


def satudata_diff_bar(rows: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the picture of compared rows shows: parts in percent, and its words."""
    return words.bar(rows)


def satudata_diff_sum(changes: Mapping[str, Any]) -> list[str]:
    """Say in short phrases what a comparison found."""
    return words.summed(changes)


def satudata_kind_label(kind: str) -> str:
    """Return what people read for a kind of version."""
    return kind_label(kind)
