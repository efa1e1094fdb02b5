"""What publication needs: the second rule set, beside the form's.

A draft may have gaps (issue of forms that refuse to be saved is that people type anything);
what is still missing before data may reach the public is listed here, with the reason and the
source. The rules are a table (:mod:`.metadata_rules`); this module reads it.

Severity is that of a *catatan pemeriksaan*: ``wajib`` stands in the way of publication,
``sebaiknya`` is asked for, ``saran`` helps. Principle is one of Perpres 39/2019 article 3.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from ckanext.satudata.domain.metadata_derive import empty

__all__ = [
    "PRINCIPLES",
    "SEVERITIES",
    "Completeness",
    "Gap",
    "Rule",
    "completeness",
    "gaps",
]

Principle = Literal["standar_data", "metadata", "interoperabilitas", "kode_referensi"]
Severity = Literal["wajib", "sebaiknya", "saran"]
Kind = Literal["dataset", "kegiatan", "indikator"]
Dataset = Mapping[str, Any]

#: The four principles of Perpres 39/2019 article 3.
PRINCIPLES: tuple[Principle, ...] = (
    "standar_data", "metadata", "interoperabilitas", "kode_referensi",
)
#: From what stops publication to what only helps.
SEVERITIES: tuple[Severity, ...] = ("wajib", "sebaiknya", "saran")


@dataclass(frozen=True)
class Place:
    """Where a check failed: a field, or a part of one (``("resources", 0, "format")``).

    ``params`` fill the placeholders of the rule's reason.
    """

    path: tuple[str | int, ...]
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])


Check = Callable[[Dataset, date], Iterable[Place]]
Condition = Callable[[Dataset], bool]


@dataclass(frozen=True)
class Rule:
    """One demand on one field, for some dataset types, under a condition.

    ``reason`` is Indonesian, for people: why it matters and how to mend it; it is translated
    where it is shown. ``check`` yields the places that fail; without it the field must be filled.
    """

    kinds: tuple[Kind, ...]
    field: str
    severity: Severity
    principle: Principle
    reason: str
    source: str
    when: Condition | None = None
    check: Check | None = None

    @property
    def counted(self) -> bool:
        """Tell whether the rule counts in the percentage: suggestions do not."""
        return self.severity != "saran"

    def places(self, dataset: Dataset, today: date) -> list[Place]:
        """Return where the dataset does not meet the rule."""
        if self.check is not None:
            return list(self.check(dataset, today))
        return [Place((self.field,))] if empty(dataset.get(self.field)) else []


@dataclass(frozen=True)
class Gap:
    """One thing to mend before publication."""

    field: str
    path: tuple[str | int, ...]
    severity: Severity
    principle: Principle
    reason: str
    params: Mapping[str, Any]
    source: str

    def explain(self, translated: str | None = None) -> str:
        """Return the reason with its values in place."""
        return (translated or self.reason).format(**self.params)


@dataclass(frozen=True)
class Completeness:
    """How much of what publication asks is there.

    ``needed`` counts the fields asked for now, ``filled`` those in order, without suggestions;
    ``percent`` is whole and says 100 only when nothing is missing.
    """

    filled: int
    needed: int
    percent: int
    gaps: tuple[Gap, ...]

    @property
    def blocking(self) -> tuple[Gap, ...]:
        """The gaps that stand in the way of publication."""
        return tuple(gap for gap in self.gaps if gap.severity == "wajib")


def completeness(
    dataset: Dataset, kind: str | None = None, today: date | None = None
) -> Completeness:
    """Compare a dataset (as ``package_show`` gives it) with what publication needs.

    :param kind: dataset type; the dataset's own ``type`` when left out.
    :param today: the day expiry is judged by; the current day when left out.
    """
    from ckanext.satudata.domain.metadata_rules import RULES

    kind = kind or str(dataset.get("type") or "dataset")
    today = today or date.today()
    # Field -> whether every counted rule on it holds. A rule on a field that is rightly empty
    # (no period, so none in wrong order) says nothing either way.
    judged: dict[str, bool] = {}
    found: list[Gap] = []
    for rule in RULES:
        if kind not in rule.kinds or (rule.when is not None and not rule.when(dataset)):
            continue
        places = rule.places(dataset, today)
        if rule.counted and (places or not empty(dataset.get(rule.field))):
            judged[rule.field] = judged.get(rule.field, True) and not places
        found.extend(
            Gap(
                rule.field, place.path, rule.severity, rule.principle, rule.reason,
                place.params, rule.source,
            )
            for place in places
        )
    found.sort(key=lambda gap: SEVERITIES.index(gap.severity))
    needed, filled = len(judged), sum(judged.values())
    percent = 100 if filled == needed else min(99, filled * 100 // needed)
    return Completeness(filled, needed, percent, tuple(found))


def gaps(dataset: Dataset, kind: str | None = None, today: date | None = None) -> list[Gap]:
    """Return what is missing before publication, most pressing first."""
    return list(completeness(dataset, kind, today).gaps)
