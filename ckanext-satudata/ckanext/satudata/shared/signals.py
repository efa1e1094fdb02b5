"""What rooms tell each other, inside the running transaction; receivers never commit."""
from __future__ import annotations

from blinker import Namespace

__all__ = ["published", "withdrawn"]

_signals = Namespace()

#: A dataset became public; sender: its id; ``first``: for the first time;
#: ``actor``: id of who approved it, None where nobody did.
published = _signals.signal("satudata-published")
#: A dataset is public no more; sender: its id.
withdrawn = _signals.signal("satudata-withdrawn")
