"""Commands speak the portal's default language, as its pages do."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import ckan.plugins.toolkit as tk
import click

__all__ = ["default_language"]


@contextmanager
def default_language() -> Iterator[None]:
    """Run a command inside a request of nobody, in ``ckan.locale_default``.

    Without a request CKAN's ``_`` translates nothing: messages of validators
    would be English on an Indonesian portal.
    """
    app = click.get_current_context().find_root().meta["flask_app"]
    language = tk.config["ckan.locale_default"]
    with app.test_request_context(environ_overrides={"CKAN_LANG": language}):
        yield
