"""What each person wants to hear of, and where."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.domain.notices import KINDS, Kind
from ckanext.satudata.notices.model import NoticeSetting

__all__ = ["Channels", "channels", "set_channels"]


class Channels(NamedTuple):
    """Where one kind of notice goes."""

    portal: bool
    mail: bool


def channels(person: str) -> dict[Kind, Channels]:
    """Return where each kind goes for a user: their own choice, else the default.

    What an author always hears stands in the portal whatever was stored.
    """
    stored = {
        row.kind: Channels(row.portal, row.mail)
        for row in model.Session.scalars(
            sa.select(NoticeSetting).where(NoticeSetting.user_id == person))
    }
    found: dict[Kind, Channels] = {}
    for kind, usual in KINDS.items():
        chosen = stored.get(kind.value, Channels(bool(usual.portal), usual.mail))
        found[kind] = Channels(
            usual.fixed or (usual.portal is not None and chosen.portal), chosen.mail)
    return found


def set_channels(person: str, chosen: Mapping[Kind, Channels]) -> None:
    """Store choices in the running transaction; kinds not named stay as they are."""
    for kind, channel in chosen.items():
        values: dict[str, Any] = {"portal": channel.portal, "mail": channel.mail}
        model.Session.execute(
            insert(NoticeSetting).values(user_id=person, kind=kind.value, **values)
            .on_conflict_do_update(index_elements=["user_id", "kind"], set_=values))
