"""Inspect a file in a child process with limits; the portal and the command line come through here.

Threat: every file is hostile until it was read. Whatever a parser does with it ends as one refused
file with a reason, and the process that asked lives.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.inspection import child
from ckanext.satudata.domain.inspection.limits import Limits
from ckanext.satudata.domain.inspection.notes import RefusedFile

__all__ = ["inspect"]


def inspect(
    path: Path, name: str, out: Path, order: Mapping[str, Any] | None = None,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Inspect one file and return the report; its tables are written to ``out``.

    A file that cannot be read is no error here: ``refused`` in the report says what it is.

    :param name: of the file as it was handed in; what no screen shows in it becomes ``_``
    :param order: see :func:`.pipeline.answer`
    :param progress: told how far it is, in percent
    """
    given = dict(order or {})
    if previous := given.get("previous"):  # the child may stand in another folder
        given["previous"] = {**previous, "csv": str(Path(previous["csv"]).absolute())}
    name = "".join(letter if letter.isprintable() else "_" for letter in name)[-255:]
    limits = Limits(**given.get("limits") or {})
    bounds = child.Bounds(memory_bytes=limits.memory_bytes, seconds=limits.seconds)
    try:
        return child.run(
            "ckanext.satudata.domain.inspection.pipeline:answer",
            {**given, "path": str(path.absolute()), "name": name, "out": str(out.absolute())},
            bounds, progress, ready=True)
    except RefusedFile as refused:
        for half_made in out.iterdir():  # of what is refused nothing is kept
            half_made.unlink()
        # They need Arrow, which else only the child loads.
        from ckanext.satudata.domain.inspection import report, results

        return report.refusal(
            name, refused, bytes_=path.stat().st_size, sha256=results.digest(path))
