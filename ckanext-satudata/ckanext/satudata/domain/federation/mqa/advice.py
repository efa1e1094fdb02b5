"""What a person can do about missed points: the most worth first."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, unique

from ckanext.satudata.domain.federation.mqa.metrics import Why
from ckanext.satudata.domain.federation.mqa.scoring import Score

__all__ = ["Advice", "Kind", "advice"]


@unique
class Kind(str, Enum):
    """What an advice is."""

    ADD = "tambah"  # somebody can fill it in
    LIMIT = "batas"  # the points cannot be had, and rightly
    WAIT = "tunggu"  # nobody looked yet


_KINDS = {Why.NOT_PUBLIC: Kind.LIMIT, Why.UNCHECKED: Kind.WAIT}


@dataclass(frozen=True)
class Advice:
    """One thing to do, and what it gives.

    :ivar field: the form field; of a file where ``files`` holds any, else of the dataset. Empty
        where the whole is meant: add a file, mend what breaks DCAT-AP
    :ivar points: how many it gives
    :ivar files: IRIs of the files it is about
    :ivar metrics: codes of the metrics that gain
    """

    kind: Kind
    why: Why
    field: str
    points: float
    files: tuple[str, ...]
    metrics: tuple[str, ...]


def advice(score: Score) -> list[Advice]:
    """Return what would give more points, grouped by what a person does at once."""
    groups: dict[tuple[Why, str], list[tuple[float, tuple[str, ...], str]]] = {}
    for mark in score.marks:
        for missed in mark.missed:
            whole = missed.why in (Why.NO_FILES, Why.FAULTY, Why.NOT_PUBLIC, Why.UNCHECKED)
            field = "" if whole else mark.metric.field
            groups.setdefault((missed.why, field), []).append(
                (missed.points, missed.files, mark.metric.code))
    made = [
        Advice(_KINDS.get(why, Kind.ADD), why, field, sum(points for points, _, _ in told),
               tuple(_once(file for _, files, _ in told for file in files)),
               tuple(code for _, _, code in told))
        for (why, field), told in groups.items()
    ]
    return sorted(made, key=lambda each: -each.points)


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
