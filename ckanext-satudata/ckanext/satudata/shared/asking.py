"""Who asks: CKAN's context of a page's visitor, and what of a context goes on to another action."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

__all__ = ["acting", "ask_to_log_in", "visitor"]


def visitor() -> dict[str, Any]:
    """Return a context of whoever looks at this page."""
    user = tk.current_user
    return {"user": user.name if user.is_authenticated else "", "auth_user_obj": user}


def acting(context: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return a context of its own in which the same person asks, with the same rights.

    What one action keeps in its context (CKAN puts packages and schemas there) would mislead the
    next.
    """
    return {name: context[name] for name in ("user", "auth_user_obj", "ignore_auth")
            if name in context} | more


def ask_to_log_in() -> Any:
    """Send whoever is not logged in to do so, and back here; for ``before_request``."""
    if tk.current_user.is_authenticated:
        return None
    return tk.h.redirect_to("user.login", came_from=tk.request.full_path.rstrip("?"))
