"""From what is said of a dataset to points, and to why some are missed."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from rdflib import Literal, URIRef
from rdflib.term import Node

from ckanext.satudata.domain.federation.mqa import listed
from ckanext.satudata.domain.federation.mqa.conformity import Fault, faults
from ckanext.satudata.domain.federation.mqa.facts import Facts
from ckanext.satudata.domain.federation.mqa.metrics import (
    METRICS,
    Dimension,
    Metric,
    Rating,
    Why,
    rated,
)
from ckanext.satudata.domain.federation.terms import DCAT, DCT, EU, RDFS

__all__ = ["Mark", "Missed", "Score", "average", "score"]

#: Access rights of the EU list whose data nobody may simply download.
_CLOSED = frozenset(EU[f"access-right/{code}"] for code in (
    "RESTRICTED", "NON_PUBLIC", "CONFIDENTIAL", "SENSITIVE"))


@dataclass(frozen=True)
class Missed:
    """One reason why points are missed or not known.

    :ivar points: how many
    :ivar files: IRIs of the files it is about, sorted; empty where the dataset is meant
    """

    why: Why
    points: float
    files: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Tell whether the points are missed; else nobody looked."""
        return self.why is not Why.UNCHECKED


@dataclass(frozen=True)
class Mark:
    """What one metric gave.

    :ivar had: points, of ``metric.points``
    :ivar missed: why not all
    """

    metric: Metric
    had: float
    missed: tuple[Missed, ...] = ()


@dataclass(frozen=True)
class Score:
    """The points of one dataset.

    :ivar marks: one a metric, in the order of :data:`METRICS`
    :ivar files: how many files were counted
    :ivar best: points by the best file alone, instead of by the share of files. That is how the
        software of data.europa.eu counts; never less than ``total``
    :ivar faults: breaks of DCAT-AP
    """

    marks: tuple[Mark, ...]
    files: int
    best: float
    faults: tuple[Fault, ...]

    @cached_property
    def total(self) -> float:
        """Points that are had for certain, 0 to 405."""
        return sum(each.had for each in self.marks)

    @cached_property
    def unknown(self) -> float:
        """Points that hang on what nobody looked at."""
        return sum(each.points for mark in self.marks for each in mark.missed if not each.known)

    @property
    def rating(self) -> Rating:
        """What the sum is called."""
        return rated(self.total)

    @cached_property
    def dimensions(self) -> Mapping[Dimension, float]:
        """Points of each dimension."""
        return {dimension: sum(each.had for each in self.marks
                               if each.metric.dimension is dimension)
                for dimension in Dimension}


def average(scores: Iterable[Score]) -> float:
    """Return the points of a catalog: the mean of its datasets, 0 where there is none."""
    totals = [each.total for each in scores]
    return sum(totals) / len(totals) if totals else 0.0


def score(facts: Facts, dataset: Node, answers: Mapping[str, int] | None = None) -> Score:
    """Judge a dataset by what is said of it.

    :param facts: its triples, with those of all it leads to
    :param dataset: its IRI
    :param answers: address -> HTTP status after redirects, 0 where nothing answered; an address
        that is not in here was not asked
    """
    judge = _Judge(facts, dataset, answers or {})
    broken = tuple(faults(facts, dataset))
    marks, best = judge.marks(broken)
    return Score(marks, len(judge.files), best, broken)


_Verdict = Why | None  # None: had
#: Answers of an address that opens to whoever was granted what lies there, and to nobody else.
_REFUSED = frozenset({401, 403})


class _Judge:
    """Asks each metric of the dataset and of each of its files."""

    def __init__(self, facts: Facts, dataset: Node, answers: Mapping[str, int]) -> None:
        self.facts, self.dataset, self.answers = facts, dataset, answers
        self.files = sorted(set(facts.all(dataset, DCAT.distribution)), key=str)
        self.closed = any(each in _CLOSED for each in facts.all(dataset, DCT.accessRights))
        self._asked: Mapping[str, Callable[[Node], _Verdict]] = {
            "keywordAvailability": self._has(DCAT.keyword),
            "categoryAvailability": self._has(DCAT.theme),
            "spatialAvailability": self._has(DCT.spatial),
            "temporalAvailability": self._has(DCT.temporal),
            "accessUrlStatusCode": self._answers(DCAT.accessURL),
            "downloadUrlAvailability": self._download,
            "downloadUrlStatusCode": self._answers(DCAT.downloadURL),
            "formatAvailability": self._has(DCT["format"]),
            "mediaTypeAvailability": self._has(DCAT.mediaType),
            "formatMediaTypeVocabularyAlignment": self._aligned,
            "formatMediaTypeNonProprietary": self._free,
            "formatMediaTypeMachineInterpretable": self._readable,
            "licenceAvailability": self._has(DCT.license),
            "knownLicence": self._all_of(DCT.license, listed.is_licence),
            "accessRightsAvailability": self._has(DCT.accessRights),
            "accessRightsVocabularyAlignment": self._all_of(
                DCT.accessRights, listed.is_access_right),
            "contactPointAvailability": self._has(DCAT.contactPoint),
            "publisherAvailability": self._has(DCT.publisher),
            "rightsAvailability": self._has(DCT.rights),
            "byteSizeAvailability": self._has(DCAT.byteSize),
            "dateIssuedAvailability": self._dated(DCT.issued),
            "dateModifiedAvailability": self._dated(DCT.modified),
        }

    def marks(self, broken: tuple[Fault, ...]) -> tuple[tuple[Mark, ...], float]:
        """Return a mark a metric, and the points by the best file alone."""
        made: list[Mark] = []
        alone = dict.fromkeys(self.files, 0.0)
        shared = 0.0
        for metric in METRICS:
            if metric.of_files:
                verdicts = {file: self._asked[metric.code](file) for file in self.files}
                for file, verdict in verdicts.items():
                    alone[file] += metric.points if verdict is None else 0
                made.append(_by_share(metric, verdicts))
            else:
                verdict = (Why.FAULTY if broken else None) if metric.code == "dcatApCompliance" \
                    else self._asked[metric.code](self.dataset)
                made.append(_whole(metric, verdict))
                shared += made[-1].had
        return tuple(made), shared + max(alone.values(), default=0.0)

    def _has(self, predicate: URIRef) -> Callable[[Node], _Verdict]:
        return lambda thing: None if self.facts.all(thing, predicate) else Why.ABSENT

    def _dated(self, predicate: URIRef) -> Callable[[Node], _Verdict]:
        """Ask the dataset, then its files: the method takes the date of either."""
        return lambda thing: None if any(
            self.facts.all(each, predicate) for each in (thing, *self.files)) else Why.ABSENT

    def _all_of(
        self, predicate: URIRef, known: Callable[[Node], bool]
    ) -> Callable[[Node], _Verdict]:
        def asked(thing: Node) -> _Verdict:
            values = self.facts.all(thing, predicate)
            if not values:
                return Why.ABSENT
            return None if all(known(each) for each in values) else Why.NOT_LISTED
        return asked

    def _download(self, file: Node) -> _Verdict:
        if self.facts.all(file, DCAT.downloadURL):
            return None
        return Why.NOT_PUBLIC if self.closed else Why.ABSENT

    def _answers(self, predicate: URIRef) -> Callable[[Node], _Verdict]:
        def asked(file: Node) -> _Verdict:
            addresses = self.facts.all(file, predicate)
            if not addresses:
                return Why.NOT_PUBLIC if self.closed else Why.ABSENT
            known = [self.answers.get(str(each)) for each in addresses]
            if any(each is not None and 200 <= each < 300 for each in known):
                return None
            if self.closed and any(each in _REFUSED for each in known):
                return Why.NOT_PUBLIC
            return Why.UNCHECKED if None in known else Why.NO_ANSWER
        return asked

    def _aligned(self, file: Node) -> _Verdict:
        """Both the format and the media type must be said, and be of their lists."""
        formats = self.facts.all(file, DCT["format"])
        types = self.facts.all(file, DCAT.mediaType)
        if not formats or not types:
            return Why.ABSENT
        return None if (all(map(listed.is_file_type, formats))
                        and all(map(listed.is_media_type, types))) else Why.NOT_LISTED

    def _free(self, file: Node) -> _Verdict:
        codes = self._types(file)
        if not codes:
            return Why.ABSENT
        return None if any(map(listed.is_free, codes)) else Why.PROPRIETARY

    def _readable(self, file: Node) -> _Verdict:
        codes = self._types(file)
        if not codes:
            return Why.ABSENT
        return None if any(map(listed.is_readable, codes)) else Why.NOT_READABLE

    def _types(self, file: Node) -> list[str]:
        """Return what a file is, by EU codes: of its format, said as it may be, else of its media
        type. A format nobody knows is one without a code."""
        found: list[str] = []
        for node in (self.facts.all(file, DCT["format"]) or self.facts.all(file, DCAT.mediaType)):
            words = [node, *self.facts.all(node, RDFS.label)]
            found.append(listed.format_code(node) or next(
                (code for each in words if isinstance(each, Literal) or each is node
                 if (code := listed.file_type(str(each)))), str(node)))
        return found


def _whole(metric: Metric, verdict: _Verdict) -> Mark:
    if verdict is None:
        return Mark(metric, float(metric.points))
    return Mark(metric, 0.0, (Missed(verdict, float(metric.points)),))


def _by_share(metric: Metric, verdicts: Mapping[Node, _Verdict]) -> Mark:
    if not verdicts:
        return _whole(metric, Why.NO_FILES)
    each = metric.points / len(verdicts)
    reasons: dict[Why, list[str]] = {}
    for file, verdict in verdicts.items():
        if verdict is not None:
            reasons.setdefault(verdict, []).append(str(file))
    lost = sum(map(len, reasons.values()))
    return Mark(metric, metric.points * (1 - lost / len(verdicts)), tuple(
        Missed(why, each * len(files), tuple(files)) for why, files in reasons.items()))
