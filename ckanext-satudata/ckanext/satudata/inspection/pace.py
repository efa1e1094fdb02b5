"""How often inspections may be asked for: no account and no dataset keeps the workers busy alone.

Runs are counted in Valkey; with it down nobody is stopped, and the limits of each run hold.
Corrections are in PostgreSQL anyway, so they are counted there.
"""
from __future__ import annotations

import datetime as dt

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.inspection.model import Recipe
from ckanext.satudata.shared import moment
from ckanext.satudata.shared.counting import counted

__all__ = ["TooOften", "check_corrections", "check_run", "may_retry"]

#: Runs somebody asks for within ten minutes: of one dataset, of one account.
RUNS_OF_DATASET, RUNS_OF_ACCOUNT, _RUNS_SECONDS = 30, 120, 600
#: How often within an hour what we failed to inspect is tried again in one dataset.
RETRIES, _HOUR = 6, 3600
#: Corrections kept within an hour: of one dataset, of one account.
CORRECTIONS_OF_DATASET, CORRECTIONS_OF_ACCOUNT = 120, 600


class TooOften(tk.ValidationError):
    """As HTTP 429: ``error_dict`` says ``limit``, ``retry_after`` in seconds, and ``message``."""

    def __init__(self, limit: str, seconds: int) -> None:
        message = tk._("Terlalu sering. Coba lagi dalam {minutes} menit.").format(
            minutes=max(-(-seconds // 60), 1))
        super().__init__({"conflict": "limit", "limit": limit, "retry_after": seconds,
                          "message": [message]}, error_summary={tk._("Pemeriksaan"): message})


def check_run(package_id: str, user_id: str) -> None:
    """Count one more run that somebody asked for.

    :raises TooOften: naming whose limit is reached
    """
    for limit, name, most in (("dataset", package_id, RUNS_OF_DATASET),
                              ("akun", user_id, RUNS_OF_ACCOUNT)):
        count, left = counted(f"periksa:{limit}:{name}", _RUNS_SECONDS)
        if count > most:
            raise TooOften(limit, left)


def may_retry(package_id: str) -> bool:
    """Count one more try of what we failed to inspect; tell whether it is to be made."""
    return counted(f"periksa:ulang:{package_id}", _HOUR)[0] <= RETRIES


def check_corrections(package_id: str, user_id: str) -> None:
    """Let pass who corrects as people do; the caller holds the lock of the dataset's corrections.

    :raises TooOften: naming whose limit is reached
    """
    since = moment.now() - dt.timedelta(seconds=_HOUR)
    for limit, mine, most in (("dataset", Recipe.package_id == package_id, CORRECTIONS_OF_DATASET),
                              ("akun", Recipe.created_by == user_id, CORRECTIONS_OF_ACCOUNT)):
        if (model.Session.scalar(sa.select(sa.func.count()).select_from(Recipe).where(
                mine, Recipe.created_at > since)) or 0) >= most:
            raise TooOften(limit, _HOUR)
