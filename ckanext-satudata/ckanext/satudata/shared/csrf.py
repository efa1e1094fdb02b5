"""The token of every form, also where CKAN has stopped asking for it."""
from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import current_app

__all__ = ["protect"]


def protect() -> None:
    """Refuse a form of somebody logged in by cookie that does not carry its token.

    To be called before each request of a blueprint. CKAN 2.12 exempts a view for the rest of the
    process once anybody has called it with an API token (``csrf.exempt`` in its
    ``ckan_before_request``): whoever holds a token could take the protection off other people's
    pages.

    :raises CSRFError: 400
    """
    if current_app.config.get("WTF_CSRF_ENABLED") and not tk.g.get("login_via_auth_header"):
        current_app.extensions["csrf"].protect()
