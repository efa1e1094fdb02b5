"""What a person can do about missed points: the most worth first."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, unique

from ckanext.satudata.domain.federation.mqa.metrics import Why
from ckanext.satudata.domain.federation.mqa.scoring import Missed, Score

__all__ = ["Advice", "Kind", "advice"]


@unique
class Kind(str, Enum):
    """What an advice is."""

    ADD = "tambah"  # somebody can fill it in
    LIMIT = "batas"  # the points cannot be had, and rightly
    WAIT = "tunggu"  # nobody looked yet


#: Reasons that are about the whole dataset, or all of its files.
_WHOLE = frozenset({Why.NO_FILES, Why.FAULTY, Why.NOT_PUBLIC, Why.UNCHECKED})
_KINDS = {Why.NOT_PUBLIC: Kind.LIMIT, Why.UNCHECKED: Kind.WAIT}


@dataclass(frozen=True)
class Advice:
    """One thing to do, and what it gives.

    :ivar field: the form field (see :data:`FILE_FIELDS`); empty where the whole is meant: add a
        file, mend what breaks DCAT-AP
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
    unreadable = {file for mark in score.marks for missed in mark.missed
                  if missed.why is Why.NOT_READABLE for file in missed.files}
    for mark in score.marks:
        for missed in mark.missed:
            field = "" if missed.why in _WHOLE else mark.metric.field
            for why, files in _apart(missed, unreadable):
                share = len(files) / len(missed.files) if missed.files else 1.0
                groups.setdefault((why, field), []).append(
                    (missed.points * share, files, mark.metric.code))
    made = [
        Advice(_KINDS.get(why, Kind.ADD), why, field, sum(points for points, _, _ in told),
               tuple(_once(file for _, files, _ in told for file in files)),
               tuple(code for _, _, code in told))
        for (why, field), told in groups.items()
    ]
    return sorted(made, key=lambda each: -each.points)


def _apart(missed: Missed, unreadable: set[str]) -> list[tuple[Why, tuple[str, ...]]]:
    """Join what one deed mends: a table that is taken out of a PDF is free of an owner, too."""
    if missed.why is not Why.PROPRIETARY:
        return [(missed.why, missed.files)]
    parts = ((Why.NOT_READABLE, tuple(each for each in missed.files if each in unreadable)),
             (Why.PROPRIETARY, tuple(each for each in missed.files if each not in unreadable)))
    return [part for part in parts if part[1]]


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
