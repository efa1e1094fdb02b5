"""Officers' corrections of how a dataset's files are read: kept one after the other."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.inspection.model import Recipe
from ckanext.satudata.shared import moment

__all__ = ["add", "history", "newest"]


def newest(package_id: str) -> dict[str, Any]:
    """Return the corrections that hold for a dataset, empty without any."""
    return model.Session.scalar(
        sa.select(Recipe.recipe).where(Recipe.package_id == package_id)
        .order_by(Recipe.id.desc()).limit(1)) or {}


def history(package_id: str, limit: int = 50) -> Sequence[Recipe]:
    """Return who corrected when, newest first."""
    return model.Session.scalars(
        sa.select(Recipe).where(Recipe.package_id == package_id)
        .order_by(Recipe.id.desc()).limit(limit)).all()


def add(package_id: str, recipe: dict[str, Any], user_id: str | None) -> Recipe:
    """Add corrections to the running transaction."""
    found = Recipe(package_id=package_id, recipe=recipe, created_by=user_id,
                   created_at=moment.now())
    model.Session.add(found)
    model.Session.flush()
    return found
