"""A vocabulary as it is published: entries in an order, whatever list or file they come from."""
from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rdflib import URIRef
from rdflib.term import Node

__all__ = ["Entry", "Match", "Scheme"]

Match = tuple[URIRef, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One code with all that is said of it.

    :ivar label_en: the same as ``label_id`` for a name, which no language changes
    :ivar also: other spellings in use, none of them a label already
    :ivar note_id: what the code is for; ``note_en`` only where there is one
    :ivar narrower: codes directly below, in the order of the list
    :ivar matches: property and IRI, or property and ``scheme/code`` of ours (see :class:`Scheme`)
    :ivar first_day: first and last day of validity, nothing where unknown or open
    :ivar retired: not to be used any more; it still answers and still means the same
    :ivar part_of: the area a retired one lay in; it has left the hierarchy of those in force
    :ivar more: what only this kind of vocabulary says, property and value
    """

    code: str
    label_id: str
    label_en: str
    also: tuple[str, ...] = ()
    note_id: str = ""
    note_en: str = ""
    broader: str = ""
    narrower: tuple[str, ...] = ()
    matches: tuple[Match, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    retired: bool = False
    successor: str = ""
    predecessors: tuple[str, ...] = ()
    part_of: str = ""
    more: tuple[tuple[URIRef, Node], ...] = ()

    @property
    def is_top(self) -> bool:
        """Whether the hierarchy in force begins here."""
        return not self.broader and not self.retired


class Scheme(ABC):
    """A vocabulary: what it is, and its entries.

    :ivar licence: code of ``lisensi`` or IRI; ``source`` says in words where the list is from
    :ivar version: changes whenever the list does
    :ivar columns: of its CSV, see :meth:`row`

    An IRI of ours in an entry is written ``scheme/code``, for the address of the portal is
    not known here.
    """

    name: str
    title_id: str
    title_en: str
    note_id: str
    note_en: str = ""
    source: str = ""
    licence: str = ""
    version: str = ""
    issued: date | None = None
    modified: date | datetime | None = None
    columns: tuple[str, ...]

    @property
    @abstractmethod
    def size(self) -> int:
        """How many codes there are, the retired ones included."""

    @abstractmethod
    def entry(self, code: str) -> Entry:
        """Return one entry.

        :raises UnknownCodeError: there is no such code
        """

    @abstractmethod
    def window(self, offset: int, limit: int) -> list[Entry]:
        """Return a part of the list, in an order that stays the same within a version."""

    @abstractmethod
    def find(self, text: str, limit: int) -> list[Entry]:
        """Return what a text means, best first."""

    @abstractmethod
    def tops(self) -> Sequence[str]:
        """Return the codes the hierarchy begins with."""

    @abstractmethod
    def row(self, entry: Entry) -> Mapping[str, str]:
        """Return an entry as a row of its CSV."""

    @abstractmethod
    def rows(self, offset: int, limit: int) -> Iterator[Mapping[str, str]]:
        """Yield a part of the list as rows of its CSV."""

    @abstractmethod
    def labels(self, code: str) -> tuple[str, str]:
        """Return the Indonesian and the English label of a code of this vocabulary."""
