"""What a load did: one outcome per dataset, and all that went wrong with its place."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ckanext.satudata.domain.loading.problems import N_, Problem

__all__ = ["CHANGED", "CREATED", "FAILED", "UNCHANGED", "Outcome", "Report"]

CREATED, CHANGED, UNCHANGED, FAILED = "created", "changed", "unchanged", "failed"

#: Words for people: what was done, and what a dry run would do.
WORDS = {
    (CREATED, False): N_("dibuat"), (CREATED, True): N_("akan dibuat"),
    (CHANGED, False): N_("diperbarui"), (CHANGED, True): N_("akan diperbarui"),
    (UNCHANGED, False): N_("tidak berubah"), (UNCHANGED, True): N_("tidak berubah"),
    (FAILED, False): N_("gagal"), (FAILED, True): N_("akan gagal"),
}


@dataclass
class Outcome:
    """What became of a dataset; ``rows`` are those now in the datastore, ``seconds`` wall time."""

    title: str
    identifier: str
    action: str = FAILED
    id: str | None = None
    name: str | None = None
    files: int = 0
    rows: int = 0
    seconds: float = 0.0
    remarks: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def word(self, dry_run: bool, translate: Callable[[str], str] = N_) -> str:
        """Return what was done, or would be, in a word."""
        return translate(WORDS[self.action, dry_run])

    def remark(self, translate: Callable[[str], str] = N_) -> str:
        """Return all remarks and the first problem as one line."""
        texts = [translate(template).format(**values) for template, values in self.remarks]
        if self.problems:
            texts.insert(0, self.problems[0].message(translate))
        return "; ".join(texts)


@dataclass
class Report:
    """All outcomes, and the problems of the manifest itself."""

    outcomes: list[Outcome] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    dry_run: bool = False

    @property
    def failed(self) -> bool:
        """True if anything asked for was not done."""
        return any(p.fatal for p in self.all_problems()) or any(
            outcome.action == FAILED for outcome in self.outcomes)

    def all_problems(self) -> list[Problem]:
        """Return every problem, those of the manifest first."""
        return [*self.problems, *(p for outcome in self.outcomes for p in outcome.problems)]

    def count(self, action: str) -> int:
        """Return how many datasets ended so."""
        return sum(outcome.action == action for outcome in self.outcomes)
