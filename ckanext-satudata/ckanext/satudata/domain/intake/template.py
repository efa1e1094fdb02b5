"""A template per dataset: made in a child process, for what it shows came from files of others."""
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["VERSION", "answer", "make"]

#: Moves when the same table makes another template.
VERSION = "2"
_FUNCTION = "ckanext.satudata.domain.intake.template:answer"


def answer(order: Mapping[str, Any]) -> dict[str, Any]:
    """Write the template to ``out``; return ``rows`` that stand in it, ``columns`` and ``year``.

    Body of the child.

    :param order: as :func:`.template_plan.plan` wants it
    :raises RefusedFile: the table is too wide
    """
    from ckanext.satudata.domain.inspection import redaction
    from ckanext.satudata.domain.inspection.notes import N_, RefusedFile
    from ckanext.satudata.domain.intake import template_book, template_plan

    said = dict(order.get("said") or {})
    # A person's own number goes into no file that is handed around.
    said["contact"] = ", ".join(each for each in str(said.get("contact") or "").split(", ")
                                if not redaction.kinds(each))
    try:
        made = template_plan.plan({**order, "said": said})
    except template_plan.TooWideError as error:
        raise RefusedFile("too_wide", N_(
            "Tabel ini berisi {count} kolom, terlalu lebar untuk templat. Kirim sebagai CSV atau "
            "Excel biasa."), count=error.args[0]) from error
    template_book.write(made, Path(order["out"]))
    return {"rows": len(made.rows), "columns": len(made.columns), "year": made.asked,
            "continues": made.mark.continues}


def make(order: Mapping[str, Any]) -> dict[str, Any]:
    """Do as :func:`answer` in a child with limits.

    :raises RefusedFile: the table is too wide, or takes more than the limits
    """
    from ckanext.satudata.domain.inspection import child

    given = dict(order)
    if table := given.get("table"):
        given["table"] = {**table, "csv": str(Path(table["csv"]).absolute())}
    return child.run(_FUNCTION, {**given, "out": str(Path(order["out"]).absolute())},
                     child.Bounds(seconds=120, wall_seconds=180), ready=True)
