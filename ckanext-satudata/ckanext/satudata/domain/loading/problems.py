"""What is wrong, where, and how to mend it.

A message is a template and its values, so that the room that shows it can
translate the template (``N_`` only marks it for the message catalog).
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ckanext.satudata.domain.errors import SatuDataError

__all__ = ["N_", "LoadError", "Place", "Problem"]


def N_(template: str) -> str:
    """Mark a template for the message catalog and return it as it is."""
    return template


@dataclass(frozen=True)
class Place:
    """Where in what was handed in; ``line`` counts from 1 as a text editor does."""

    file: str
    line: int | None = None
    column: str | None = None
    sheet: str | None = None

    def text(self, translate: Callable[[str], str] = N_) -> str:
        """Return ``manifest.csv, baris 7, kolom frequency``."""
        parts = [self.file]
        if self.sheet:
            parts.append(translate(N_("lembar {sheet}")).format(sheet=self.sheet))
        if self.line is not None:
            parts.append(translate(N_("baris {line}")).format(line=self.line))
        if self.column:
            parts.append(translate(N_("kolom {column}")).format(column=self.column))
        return ", ".join(parts)


@dataclass(frozen=True)
class Problem:
    """One finding of the loader; ``fatal`` when its dataset or file is left out."""

    place: Place
    template: str
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    fatal: bool = True

    def text(self, translate: Callable[[str], str] = N_) -> str:
        """Return place and message as one line."""
        return f"{self.place.text(translate)}: {self.message(translate)}"

    def message(self, translate: Callable[[str], str] = N_) -> str:
        """Return the message without its place."""
        return translate(self.template).format(**self.values)

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON data; :meth:`from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Problem:
        """Read what :meth:`as_dict` made (the child process hands problems over as JSON)."""
        return cls(Place(**data["place"]), data["template"], data["values"], data["fatal"])


class LoadError(SatuDataError):
    """Something handed in cannot be used at all; carries the :class:`Problem`."""

    def __init__(self, place: Place, template: str, **values: Any) -> None:
        self.problem = Problem(place, template, values)
        super().__init__(self.problem.text())
