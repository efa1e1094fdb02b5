"""Template helper of the notices."""
from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.satudata.notices import service

__all__ = ["satudata_unread"]

_COUNTED = "_satudata_unread"


def satudata_unread() -> int:
    """Return how many notices whoever looks at this page has not read; nought for nobody.

    Asked once a request: the header stands on every page.
    """
    if not tk.current_user.is_authenticated:
        return 0
    counted = tk.g.get(_COUNTED)
    if counted is None:
        counted = service.unread(tk.current_user.id)
        setattr(tk.g, _COUNTED, counted)
    return counted
