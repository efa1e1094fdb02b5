"""The Metadata Quality Assessment of data.europa.eu: 405 points for what a dataset says of itself.

Method and points are those of its consortium ("Metadata quality dashboard", data provider manual;
definitions and points as in the public vocabulary of its software, piveau). Five dimensions after
the FAIR principles; a metric of the dataset is had or not, one of the files by the share of files.
Pure: nothing is fetched. Whether an address answers is told from outside, and what nobody asked
counts neither as had nor as missed, but is said as not known.
"""
from __future__ import annotations

from ckanext.satudata.domain.federation.mqa.advice import Advice, Kind, advice
from ckanext.satudata.domain.federation.mqa.facts import Facts
from ckanext.satudata.domain.federation.mqa.metrics import (
    DIMENSIONS,
    FILE_FIELDS,
    METRICS,
    POSSIBLE,
    Dimension,
    Metric,
    Rating,
    Why,
    rated,
)
from ckanext.satudata.domain.federation.mqa.scoring import Mark, Missed, Score, average, score

__all__ = ["DIMENSIONS", "FILE_FIELDS", "METRICS", "POSSIBLE", "Advice", "Dimension", "Facts",
           "Kind", "Mark", "Metric", "Missed", "Rating", "Score", "Why", "advice", "average",
           "rated", "score"]
