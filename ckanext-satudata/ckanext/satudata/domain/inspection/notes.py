"""What is said about a file: changes made, questions asked, findings.

A text is a template and its values, in Indonesian, so that whoever shows it can translate the
template (``N_`` marks it for the message catalog).
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ckanext.satudata.domain.errors import SatuDataError
from ckanext.satudata.domain.loading.problems import N_

__all__ = [
    "N_",
    "Change",
    "Choice",
    "Finding",
    "Message",
    "Principle",
    "Question",
    "RefusedFile",
    "Severity",
]


@dataclass(frozen=True)
class Message:
    """A sentence for people: ``template`` with the places of ``values`` in it."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def text(self, translate: Callable[[str], str] = N_) -> str:
        return translate(self.template).format(**self.values)


class RefusedFile(SatuDataError):
    """A file that is not read at all: what it is, and how to mend it.

    :ivar code: for programs: ``too_large``, ``encrypted``, ``damaged``, ``not_a_table``, ...
    """

    def __init__(self, code: str, template: str, **values: Any) -> None:
        self.code = code
        self.message = Message(template, values)
        super().__init__(self.message.text())


class Principle(str, Enum):
    """The four principles of Perpres 39/2019 (codes of ``prinsip``)."""

    STANDAR_DATA = "standar_data"
    METADATA = "metadata"
    INTEROPERABILITAS = "interoperabilitas"
    KODE_REFERENSI = "kode_referensi"


class Severity(str, Enum):
    """``wajib`` blocks handing in; shown as Wajib diperbaiki, Sebaiknya diperbaiki, Saran."""

    WAJIB = "wajib"
    SEBAIKNYA = "sebaiknya"
    SARAN = "saran"


@dataclass(frozen=True)
class Change:
    """One thing the tidying did.

    :ivar step: code of the step in :data:`.steps.STEPS`
    :ivar cell: where in the sheet: ``B7``, ``D4:F5``, ``B7,B19`` for a few single cells
    :ivar what: what was done; ``why``: from what it was concluded
    :ivar certain: false where a person should look
    :ivar count: number of cells it touched
    """

    step: str
    cell: str
    what: Message
    why: Message
    certain: bool = True
    count: int = 1


@dataclass(frozen=True)
class Choice:
    """One possible answer; ``code`` is what a recipe keeps."""

    code: str
    label: Message
    note: Message | None = None


@dataclass(frozen=True)
class Question:
    """Something only the producer knows. Until answered, nothing is assumed.

    :ivar key: the same in next year's file of the same layout (``tanda:jumlah_penduduk:-``)
    :ivar step: code of the step that asks
    :ivar column: name of the tidy column it is about, if one
    :ivar cell: where, as in :class:`Change`; ``count`` cells in all
    :ivar evidence: what speaks for which answer, if anything
    :ivar answer: code of the choice that was made, or ``None``
    """

    key: str
    step: str
    column: str | None
    cell: str
    count: int
    text: Message
    choices: Sequence[Choice]
    evidence: Message | None = None
    answer: str | None = None


@dataclass(frozen=True)
class Finding:
    """A catatan pemeriksaan found by a check.

    :ivar code: of the check, kebab-case as in frictionless (``type-error``, ``part-above-whole``)
    :ivar column: name in the tidy table; ``row``: of the tidy table, counted from 1 (the header
        is not counted); ``field_position``: of the column, from 1. Nothing for a whole table.
    :ivar cell: in the sheet handed in, where it is known
    :ivar value: what stands there, cut to 200 characters; masked where it is personal data
    :ivar how: how to mend it
    :ivar proposed: a value to take over with one tap, where one is beyond doubt
    """

    code: str
    principle: Principle
    severity: Severity
    message: Message
    how: Message
    sheet: str = ""
    column: str | None = None
    row: int | None = None
    cell: str | None = None
    value: str | None = None
    proposed: str | None = None
    field_position: int | None = None
