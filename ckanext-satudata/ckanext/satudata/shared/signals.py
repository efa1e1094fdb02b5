"""What rooms tell each other, inside the running transaction; receivers never commit."""
from __future__ import annotations

from blinker import Namespace

__all__ = ["file_opened", "published", "restricted", "withdrawn"]

_signals = Namespace()

#: A version became public; sender: id of the dataset; ``first``: for the first time;
#: ``actor``: id of who approved it, None where nobody did; ``submission``: a
#: :class:`ckanext.satudata.shared.types.Release`.
published = _signals.signal("satudata-published")
#: A dataset is public no more; sender: its id; ``emergency``: with every version there was;
#: ``at``: when.
withdrawn = _signals.signal("satudata-withdrawn")
#: Files of a dataset that everybody could open are restricted from now on; sender: its id.
restricted = _signals.signal("satudata-restricted")
#: Bytes of a file or rows of a table are about to leave; sender: id of the dataset;
#: ``resource_id``; ``number``: of an earlier version, else None; ``sha256``, None for rows and
#: links; ``way``: "unduh", "versi", "tabel" or "tautan"; ``rows``: how many, for a table.
file_opened = _signals.signal("satudata-file-opened")
