"""Reads ``known_differences.md`` and holds it against what a run of CKAN's tests said.

The file is for people: a heading and a reason for each group, then the tests one a line.
A line is ``- action/test_get.py::TestClass::test_name``; with parameters it ends in
``[...]`` as pytest writes them.
"""
from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["KNOWN", "Group", "Verdict", "judge", "listed", "read", "short"]

KNOWN = Path(__file__).parents[1] / "ckan" / "known_differences.md"
TEST = re.compile(r"^- `(?P<test>(?:action|auth)/[^`]+)`$")


@dataclass
class Group:
    """Tests that differ for one reason."""

    title: str
    reason: str = ""
    tests: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Verdict:
    """What a run said against the list; all empty is a green run."""

    unlisted: tuple[str, ...]
    agreeing: tuple[str, ...]
    absent: tuple[str, ...]

    @property
    def green(self) -> bool:
        """Say whether exactly the listed tests differ."""
        return not (self.unlisted or self.agreeing or self.absent)

    def lines(self) -> Iterable[str]:
        """Yield what to tell, with what to do about it."""
        for tests, words in (
            (self.unlisted, "differ and are not listed: mend ours, or list them with the reason"),
            (self.agreeing, "are listed but pass: remove them from the list"),
            (self.absent, "are listed but CKAN has no such test: remove them from the list"),
        ):
            if tests:
                yield f"{len(tests)} tests {words}:"
                yield from (f"  {test}" for test in tests)


def short(path: Path, nodeid: str) -> str:
    """Return a test's name from its package on, wherever CKAN is installed."""
    return f"{path.parent.name}/{path.name}::{nodeid.partition('::')[2]}"


def read(path: Path = KNOWN) -> list[Group]:
    """Return the groups of the list; text before the first group is for the reader."""
    groups: list[Group] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            groups.append(Group(line[3:].strip()))
        elif groups and (found := TEST.match(line)):
            groups[-1].tests.append(found["test"])
        elif groups and line.strip():
            groups[-1].reason = f"{groups[-1].reason} {line.strip()}".strip()
    return groups


def listed(groups: Iterable[Group]) -> set[str]:
    """Return every test of the list."""
    return {test for group in groups for test in group.tests}


def judge(known: Collection[str], failed: Collection[str], ran: Collection[str]) -> Verdict:
    """Compare a whole run with the list.

    :param ran: every test that ran, the failed ones among them
    """
    return Verdict(
        unlisted=tuple(sorted(set(failed) - set(known))),
        agreeing=tuple(sorted((set(known) & set(ran)) - set(failed))),
        absent=tuple(sorted(set(known) - set(ran))),
    )
