"""Officers' corrections of how a dataset's files are read: kept one after the other."""
from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.inspection.model import Recipe
from ckanext.satudata.shared import moment

__all__ = ["HISTORY", "add", "history", "newest"]

#: Corrections of a dataset that are kept; of the last hour all, for they are counted (``pace.py``).
HISTORY, _COUNTED = 50, dt.timedelta(hours=1)


def newest(package_id: str) -> dict[str, Any]:
    """Return the corrections that hold for a dataset, empty without any."""
    return model.Session.scalar(
        sa.select(Recipe.recipe).where(Recipe.package_id == package_id)
        .order_by(Recipe.id.desc()).limit(1)) or {}


def history(package_id: str, limit: int = HISTORY) -> Sequence[Recipe]:
    """Return who corrected when, newest first."""
    return model.Session.scalars(
        sa.select(Recipe).where(Recipe.package_id == package_id)
        .order_by(Recipe.id.desc()).limit(limit)).all()


def add(package_id: str, recipe: dict[str, Any], user_id: str | None) -> Recipe:
    """Add corrections to the running transaction, and forget the oldest."""
    now = moment.now()
    found = Recipe(package_id=package_id, recipe=recipe, created_by=user_id, created_at=now)
    model.Session.add(found)
    model.Session.flush()
    kept = (sa.select(Recipe.id).where(Recipe.package_id == package_id)
            .order_by(Recipe.id.desc()).limit(HISTORY))
    model.Session.execute(sa.delete(Recipe).where(
        Recipe.package_id == package_id, Recipe.created_at < now - _COUNTED,
        Recipe.id.not_in(kept)))
    return found
