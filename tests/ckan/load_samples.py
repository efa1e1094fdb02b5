"""A table to load, and what the tests ask of a report and of the portal afterwards."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ckan.tests import helpers

from ckanext.satudata.loading.report import Report

TABLE = (
    "kode_kecamatan,nama_kecamatan,tahun,jumlah\n"
    "36.04.05,Kramatwatu,2025,10\n36.04.30,Anyar,2025,7\n"
)

Folder = Callable[..., Path]
Everything = Callable[[], dict[str, Any]]


def actions(report: Report) -> list[str]:
    """Return what became of each dataset."""
    return [outcome.action for outcome in report.outcomes]


def show(name: str) -> dict[str, Any]:
    """Return a dataset as clients see it."""
    return helpers.call_action("package_show", id=name)


def rows(resource_id: str) -> list[dict[str, Any]]:
    """Return the rows in the datastore, in their order."""
    found = helpers.call_action("datastore_search", resource_id=resource_id, sort="_id")
    return [{k: v for k, v in row.items() if k != "_id"} for row in found["records"]]


def texts(report: Report) -> str:
    """Return all that the report complains of."""
    return "\n".join(problem.text() for problem in report.all_problems())
