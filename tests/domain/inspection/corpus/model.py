"""What a file of the corpus is, and what is expected of it."""
from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ckanext.satudata.domain import wilayah

__all__ = [
    "ANY",
    "FILES",
    "Built",
    "Expected",
    "Made",
    "Table",
    "area",
    "bare",
    "below",
    "idn",
    "made",
    "seeded",
]

#: A cell that is not judged (a figure the officer has been asked about).
ANY: Any = type("Any", (), {"__repr__": lambda self: "ANY"})()


@dataclass(frozen=True)
class Table:
    """A clean table as it should come out.

    :ivar columns: name -> type of Table Schema
    :ivar rows: one tuple per row in the order of ``columns``; ``None`` is missing
    :ivar alias: other names that are equally right, per column
    :ivar optional: columns that may also be there (a constant the title says: the year): name ->
        the value they then have, ``ANY`` for whatever
    :ivar exact: the file was clean: the order of columns and rows stays
    :ivar loose: rows without any figure may be left out (a long form of empty cells)
    """

    columns: Mapping[str, str]
    rows: Sequence[tuple[Any, ...]]
    sheet: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    alias: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    optional: Mapping[str, Any] = field(default_factory=dict)
    exact: bool = False
    loose: bool = False


@dataclass(frozen=True)
class Expected:
    """What is expected of a file without a touch, and after the questions are answered.

    :ivar tables: those that should come out; ``or_tables``: other sets that are equally right
    :ivar asks: (step, sign or column) of questions that must be asked
    :ivar may_ask: steps that may ask beside them; a question of any other step is one too many
    :ivar must: findings that must be there: per finding, parts of codes of which one must occur
    :ivar may: parts of codes that may be ``wajib`` too; any other ``wajib`` is a false alarm
    :ivar about: proposals for metadata: key -> text it must contain
    :ivar refused: codes of refusal, one of which is right
    :ivar answers: (step, sign or column) -> code of the choice, or a text in its label
    :ivar answered: tables once the answers are given; ``or_answered``: equally right
    :ivar facts: of the dataset, beside ``home`` (the government whose portal it is)
    """

    tables: Sequence[Table] = ()
    or_tables: Sequence[Sequence[Table]] = ()
    asks: Sequence[tuple[str, str]] = ()
    may_ask: Sequence[str] = ()
    must: Sequence[tuple[str, ...]] = ()
    may: Sequence[str] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    refused: Sequence[str] = ()
    proof: bool = False
    to_confirm: bool = False
    answers: Mapping[tuple[str, str], str] = field(default_factory=dict)
    answered: Sequence[Table] | None = None
    or_answered: Sequence[Sequence[Table]] = ()
    home: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Built:
    data: bytes
    expected: Expected


@dataclass(frozen=True)
class Made:
    """A file of the corpus: its name, what it is, and its builder."""

    name: str
    about: str
    build: Callable[[], Built]


FILES: list[Made] = []


def made(name: str) -> Callable[[Callable[[], Built]], Callable[[], Built]]:
    """Put a builder into the corpus; its docstring says what the file is."""
    def keep(builder: Callable[[], Built]) -> Callable[[], Built]:
        FILES.append(Made(name, (builder.__doc__ or "").strip(), builder))
        return builder
    return keep


def seeded(name: str) -> random.Random:
    """Return the figures of one file, the same at each run."""
    return random.Random(f"corpus:{name}")


@lru_cache
def below(code: str) -> tuple[wilayah.Wilayah, ...]:
    return wilayah.children(code)


def area(code: str) -> wilayah.Wilayah:
    return wilayah.get(code)


def bare(name: str) -> str:
    """Return the name of a kabupaten as BPS prints it: without the word, a kota with it."""
    return name.removeprefix("Kabupaten ")


def idn(number: float, decimals: int = 0) -> str:
    """Write a number the Indonesian way: 1.234.567,8."""
    text = f"{number:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,"))
