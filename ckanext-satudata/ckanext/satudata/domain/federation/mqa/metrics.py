"""The metrics in one table: what is looked at, how many points, and what a person fills in."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, unique
from types import MappingProxyType

__all__ = ["DIMENSIONS", "FILE_FIELDS", "METRICS", "POSSIBLE", "Dimension", "Metric", "Rating",
           "Why", "rated"]


@unique
class Dimension(str, Enum):
    """What a group of metrics is about; the value is its name in the method."""

    FINDABILITY = "findability"
    ACCESSIBILITY = "accessibility"
    INTEROPERABILITY = "interoperability"
    REUSABILITY = "reusability"
    CONTEXTUALITY = "contextuality"


@unique
class Why(str, Enum):
    """Why points are missed, or not known."""

    ABSENT = "tidak_diisi"
    NO_FILES = "tanpa_berkas"
    NOT_LISTED = "di_luar_daftar"
    PROPRIETARY = "format_berpemilik"
    NOT_READABLE = "tidak_terbaca_mesin"
    NOT_PUBLIC = "tidak_terbuka"
    NO_ANSWER = "tidak_menjawab"
    FAULTY = "melanggar_dcat_ap"
    UNCHECKED = "belum_diperiksa"


@unique
class Rating(str, Enum):
    """What a sum of points is called."""

    BAD = "bad"
    SUFFICIENT = "sufficient"
    GOOD = "good"
    EXCELLENT = "excellent"


@dataclass(frozen=True)
class Metric:
    """One metric.

    :ivar code: its name in the method's vocabulary (``pv:<code>``)
    :ivar points: how many it is worth
    :ivar term: the property it looks at, as it is usually written
    :ivar field: the form field whose filling gives the points; of the form of a file where it is
        one of :data:`FILE_FIELDS`
    :ivar of_files: counts by the share of files
    """

    code: str
    dimension: Dimension
    points: int
    term: str
    field: str
    of_files: bool = False


#: Fields of the form of a file; all others are of the dataset's.
FILE_FIELDS = frozenset({"url", "format", "size"})

_F, _A, _I, _R, _C = Dimension

METRICS: tuple[Metric, ...] = (
    Metric("keywordAvailability", _F, 30, "dcat:keyword", "tag_string"),
    Metric("categoryAvailability", _F, 30, "dcat:theme", "urusan"),
    Metric("spatialAvailability", _F, 20, "dct:spatial", "kode_wilayah"),
    Metric("temporalAvailability", _F, 20, "dct:temporal", "temporal_coverage"),
    Metric("accessUrlStatusCode", _A, 50, "dcat:accessURL", "url", of_files=True),
    Metric("downloadUrlAvailability", _A, 20, "dcat:downloadURL", "url", of_files=True),
    Metric("downloadUrlStatusCode", _A, 30, "dcat:downloadURL", "url", of_files=True),
    Metric("formatAvailability", _I, 20, "dct:format", "format", of_files=True),
    Metric("mediaTypeAvailability", _I, 10, "dcat:mediaType", "format", of_files=True),
    Metric("formatMediaTypeVocabularyAlignment", _I, 10, "dct:format, dcat:mediaType", "format",
           of_files=True),
    Metric("formatMediaTypeNonProprietary", _I, 20, "dct:format", "format", of_files=True),
    Metric("formatMediaTypeMachineInterpretable", _I, 20, "dct:format", "format", of_files=True),
    Metric("dcatApCompliance", _I, 30, "DCAT-AP", "title"),
    Metric("licenceAvailability", _R, 20, "dct:license", "license_id", of_files=True),
    Metric("knownLicence", _R, 10, "dct:license", "license_id", of_files=True),
    Metric("accessRightsAvailability", _R, 10, "dct:accessRights", "access_rights"),
    Metric("accessRightsVocabularyAlignment", _R, 5, "dct:accessRights", "access_rights"),
    Metric("contactPointAvailability", _R, 20, "dcat:contactPoint", "contact"),
    Metric("publisherAvailability", _R, 10, "dct:publisher", "publisher"),
    Metric("rightsAvailability", _C, 5, "dct:rights", "rights", of_files=True),
    Metric("byteSizeAvailability", _C, 5, "dcat:byteSize", "size", of_files=True),
    Metric("dateIssuedAvailability", _C, 5, "dct:issued", "issued"),
    Metric("dateModifiedAvailability", _C, 5, "dct:modified", "modified"),
)

#: Points a dimension is worth.
DIMENSIONS: Mapping[Dimension, int] = MappingProxyType({
    dimension: sum(each.points for each in METRICS if each.dimension is dimension)
    for dimension in Dimension
})
#: All of them.
POSSIBLE = sum(DIMENSIONS.values())

_FROM = ((351, Rating.EXCELLENT), (221, Rating.GOOD), (121, Rating.SUFFICIENT), (0, Rating.BAD))


def rated(points: float) -> Rating:
    """Return what a sum of 0 to 405 points is called (method: 121, 221 and 351 are the bounds)."""
    whole = round(points)
    return next(rating for bound, rating in _FROM if whole >= bound)
