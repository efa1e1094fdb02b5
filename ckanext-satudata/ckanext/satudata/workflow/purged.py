"""What submissions hold of data that is deleted for good; who decided what and when stays."""
from __future__ import annotations

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.shared.signals import purging
from ckanext.satudata.shared.types import Purge, Purged
from ckanext.satudata.workflow.model import Submission

__all__ = ["on_purging"]

#: In the place of a title that is deleted; data, so not translated.
_TITLE = "Data yang dimusnahkan"


@purging.connect
def on_purging(package_id: str, what: Purge) -> Purged:
    """Forget scans of letters, rows kept at a hand-in, titles of versions whose text goes."""
    rows = model.Session.scalars(
        sa.select(Submission).where(Submission.package_id == package_id)).all()
    taken = scanned = 0
    for each in rows:
        left = {key: value for key, value in (each.snapshots or {}).items()
                if value not in what.hashes}
        taken += len(each.snapshots or {}) - len(left)
        each.snapshots = left
        if (each.letter.get("berkas") or {}).get("sha256") in what.letters:
            each.letter = {name: value for name, value in each.letter.items() if name != "berkas"}
            scanned += 1
        if each.published_at is not None and each.number in what.texts:
            each.title = _TITLE
    model.Session.flush()
    return Purged({N_("salinan tabel"): taken, N_("pindaian surat"): scanned})
