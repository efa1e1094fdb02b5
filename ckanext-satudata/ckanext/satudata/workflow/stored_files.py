"""Which stored bytes the workflow needs: what datasets and drafts hold, snapshots, letters."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.satudata.domain.workflow import State
from ckanext.satudata.shared import scans
from ckanext.satudata.shared.blob_ledger import reference, references
from ckanext.satudata.workflow.model import Submission

__all__ = ["of_datasets", "of_letters", "of_snapshots"]


@references
def of_datasets() -> sa.Select[Any]:
    """Files of every dataset that is not purged, but for working copies out of use."""
    package, resource = model.Package.__table__, model.Resource.__table__
    # CKAN keeps a resource's own fields as text, a package's as JSONB.
    extras = sa.cast(sa.func.nullif(sa.type_coerce(resource.c.extras, sa.Text), ""), JSONB)
    out_of_use = sa.and_(package.c.state == model.State.DELETED, sa.exists().where(
        Submission.content_id == package.c.id, Submission.package_id != package.c.id))
    return reference(
        extras["sha256"].astext, package.c.id, None,
        sa.func.coalesce(sa.func.nullif(resource.c.name, ""), resource.c.url),
    ).select_from(resource.join(package, package.c.id == resource.c.package_id)).where(
        resource.c.state != model.State.DELETED, ~out_of_use)


@references
def of_snapshots() -> sa.Select[Any]:
    """Rows of tables as they were handed in, of what is on its way to the public.

    Once published they are the version's own, which gives them up when it is purged.
    """
    rows = sa.func.jsonb_each_text(Submission.snapshots).table_valued(
        "key", "value", joins_implicitly=True)
    return reference(rows.c.value, Submission.package_id, Submission.number, rows.c.key).where(
        Submission.published_at.is_(None), Submission.state != State.DIBATALKAN.value)


@references
def of_letters() -> sa.Select[Any]:
    """Surat pengantar of every submission: part of the record."""
    return reference(Submission.letter["sha256"].astext, Submission.package_id, Submission.number,
                     Submission.letter["nama"].astext, folder=scans.FOLDER)
