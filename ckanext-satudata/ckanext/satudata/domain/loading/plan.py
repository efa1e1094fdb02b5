"""What a manifest asks for: datasets with their fields and files, and where each was said."""
from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.loading.problems import Place, Problem

__all__ = ["DatasetPlan", "FilePlan", "Plan", "Shape", "identifier_for"]

_NAMESPACE = "satudata-muat"


@dataclass(frozen=True)
class Shape:
    """What the loader must know of a dataset type's schema to read a manifest for it.

    :ivar lists: fields that hold a list; in a manifest the items stand apart by ``;``.
    :ivar groups: repeating fields and their subfields, written ``temporal_coverage.start``.
    """

    fields: frozenset[str]
    resource_fields: frozenset[str]
    lists: frozenset[str] = frozenset()
    resource_lists: frozenset[str] = frozenset()
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])


@dataclass
class FilePlan:
    """One file of a dataset; ``declared`` is the Table Schema it came with, if any."""

    path: Path
    name: str
    place: Place
    fields: dict[str, Any] = field(default_factory=dict[str, Any])
    declared: dict[str, Any] | None = None


@dataclass
class DatasetPlan:
    """One dataset as the manifest describes it; only what it says is in ``fields``.

    :ivar author: name of the user in whose name it is loaded, empty for who runs the load.
    :ivar since: when its work began, as the audit trail shall say it; ``None`` for now.
    """

    identifier: str
    type: str
    organization: str | None
    fields: dict[str, Any]
    files: list[FilePlan]
    place: Place
    columns: dict[str, Place] = field(default_factory=dict[str, Place])
    author: str = ""
    since: dt.datetime | None = None

    @property
    def title(self) -> str:
        """Name of the dataset for people."""
        return self.fields.get("title") or self.identifier

    def place_of(self, field_name: str) -> Place:
        """Return where a field was said, or the dataset itself."""
        return self.columns.get(field_name, self.place)


@dataclass
class Plan:
    """All that a folder or file asks for, and what of it is unusable."""

    datasets: list[DatasetPlan] = field(default_factory=list[DatasetPlan])
    problems: list[Problem] = field(default_factory=list[Problem])


def identifier_for(file: str, organization: str | None) -> str:
    """Return the identifier of a dataset that was given none.

    Made from the file's path in its folder and the organization, so that the
    same folder loaded again finds its datasets again, wherever it lies.
    """
    digest = hashlib.sha256("\x00".join([_NAMESPACE, organization or "", file]).encode())
    return f"{_NAMESPACE}-{digest.hexdigest()[:20]}"
