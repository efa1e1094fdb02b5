"""What rooms tell each other, inside the running transaction; receivers never commit."""
from __future__ import annotations

from blinker import Namespace

__all__ = ["ended", "file_opened", "inspected", "published", "publishing", "purging", "withdrawn"]

_signals = Namespace()

#: A version is about to be public; sender: id of the dataset; ``content``: what it says, as
#: ``package_show`` gives it, addresses of its files included; ``release``: a
#: :class:`ckanext.satudata.shared.types.Release`. What must not be public is taken away here.
#: Sent again for the same release where data of an older portal are loaded once more.
publishing = _signals.signal("satudata-publishing")
#: A version became public; sender: id of the dataset; ``first``: for the first time;
#: ``actor``: id of who approved it, None where nobody did. What is told is told here.
published = _signals.signal("satudata-published")
#: A dataset is public no more; sender: its id; ``emergency``: with every version there was;
#: ``at``: when.
withdrawn = _signals.signal("satudata-withdrawn")
#: A dataset is purged, and its rows go from CKAN's tables with the running transaction; sender: its
#: id; ``actor``: id of who does it, None for the portal itself.
ended = _signals.signal("satudata-ended")
#: What leaked is being deleted for good; sender: id of the dataset; ``what``: a
#: :class:`ckanext.satudata.shared.types.Purge`. Receivers delete what they hold of it, repeatably,
#: and return a :class:`ckanext.satudata.shared.types.Purged`.
purging = _signals.signal("satudata-purging")
#: Bytes of a file or rows of a table are about to leave; sender: id of the dataset;
#: ``resource_id``; ``number``: of an earlier version, else None; ``sha256``, None for rows and
#: links; ``way``: "unduh", "versi", "arsip", "tabel" or "tautan"; ``rows``: how many, for a table.
file_opened = _signals.signal("satudata-file-opened")
#: A file was inspected; sender: id of the package that holds it; ``resource_id``, or the name
#: of the table beside the file (``shared/table_rows.py``); ``sha256``: of
#: the bytes that were read, which may be others by now; ``notes``: what is wrong, each ``check``
#: (code), ``principle``, ``severity``, ``place``, ``count`` and ``said`` (``title``, and
#: ``message`` and ``how`` as template and values).
inspected = _signals.signal("satudata-inspected")
