"""Finding documents, as far as somebody may read them."""
from __future__ import annotations

from collections.abc import Sequence

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, array

from ckanext.satudata.berita_acara.model import BeritaAcara
from ckanext.satudata.domain.berita_acara.steps import ISSUED, Readers, State, readers
from ckanext.satudata.domain.roles import Actor

__all__ = ["by_hash", "find", "listed", "may_read"]

_ISSUED = [state.value for state in ISSUED]


def find(identifier: str) -> BeritaAcara | None:
    """Return a document by id."""
    return model.Session.get(BeritaAcara, identifier)


def by_hash(sha256: str) -> BeritaAcara | None:
    """Return the issued document whose content, or whose final PDF, has this hash."""
    return model.Session.scalars(sa.select(BeritaAcara).where(
        sa.or_(BeritaAcara.content_hash == sha256, BeritaAcara.pdf_hash == sha256))).first()


def may_read(actor: Actor, row: BeritaAcara) -> bool:
    """Tell whether somebody may read one document."""
    return readers(actor).may_read(row.owner_org, row.jenis_data, State(row.state))


def listed(
    actor: Actor, *, organization: str, state: str, submission: str, limit: int, offset: int
) -> tuple[int, Sequence[BeritaAcara]]:
    """Return how many documents somebody may read, and a page of them, newest first.

    :param organization: only of this OPD (id); empty for all
    :param submission: only those that discuss this submission (id)
    """
    parts = [_visible(readers(actor))]
    if organization:
        parts.append(BeritaAcara.owner_org == organization)
    if state:
        parts.append(BeritaAcara.state == state)
    if submission:
        parts.append(BeritaAcara.draft["submissions"].contains([submission]))
    wanted = sa.and_(*parts)
    count = model.Session.scalar(
        sa.select(sa.func.count()).select_from(BeritaAcara).where(wanted)) or 0
    rows = model.Session.scalars(
        sa.select(BeritaAcara).where(wanted)
        .order_by(BeritaAcara.modified.desc(), BeritaAcara.id).limit(limit).offset(offset)).all()
    return count, rows


def _visible(allowed: Readers) -> sa.ColumnElement[bool]:
    """Write :meth:`Readers.may_read` as a condition; a test holds the two together."""
    issued = BeritaAcara.state.in_(_ISSUED)
    kinds = BeritaAcara.jenis_data.has_any(
        array(sorted(allowed.kinds)) if allowed.kinds else sa.cast([], ARRAY(sa.Text)))
    reach = sa.true() if allowed.everything else sa.or_(
        BeritaAcara.owner_org.in_(allowed.organizations), kinds)
    desk = sa.true() if allowed.drafts is None else BeritaAcara.owner_org.in_(allowed.drafts)
    return sa.or_(sa.and_(issued, reach), sa.and_(~issued, desk))
