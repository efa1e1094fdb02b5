"""A clean table that was read of a raw file, and a file of the draft that may hold it."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.satudata.domain.loading.shapes import is_list, is_object

__all__ = ["Held", "Table", "fields_of", "names_of"]


@dataclass(frozen=True)
class Table:
    """A clean table of a raw file.

    :ivar number: in its file, from 1; ``title`` as it stands there, or the sheet's name
    :ivar sha256: of its bytes as CSV; ``rows``: how many
    :ivar schema: its Table Schema
    """

    number: int
    sha256: str
    title: str
    sheet: str
    schema: Mapping[str, Any]
    rows: int

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        return names_of(self.schema)


@dataclass(frozen=True)
class Held:
    """A file of the draft.

    :ivar id: of the resource; ``name``: as people read it
    :ivar number: of its table in the raw file, 0 for one of another
    """

    id: str
    name: str
    sha256: str = ""
    number: int = 0
    columns: tuple[str, ...] = ()


def names_of(schema: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return the names of a Table Schema's columns."""
    return tuple(str(each["name"]) for each in fields_of(schema))


def fields_of(schema: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """Return a Table Schema's columns that have a name."""
    fields = (schema or {}).get("fields")
    return [each for each in (fields if is_list(fields) else ())
            if is_object(each) and each.get("name")]
