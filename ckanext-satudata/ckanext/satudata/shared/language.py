"""Commands and jobs speak the portal's default language, as its pages do."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import ckan.plugins.toolkit as tk
import click
from flask import Flask, current_app, has_app_context

__all__ = ["default_language"]


@contextmanager
def default_language() -> Iterator[None]:
    """Run something inside a request of nobody, in ``ckan.locale_default``.

    Without a request CKAN's ``_`` translates nothing: messages of validators and mails would be
    English on an Indonesian portal. Works in a command, in a worker's job and in a request; a
    script that made no application has nothing that translates.
    """
    app = _app()
    if app is None:
        yield
        return
    environ = {"CKAN_LANG": tk.config["ckan.locale_default"], "CKAN_LANG_IS_DEFAULT": True}
    with app.test_request_context(environ_overrides=environ):
        yield


def _app() -> Flask | None:
    if has_app_context():
        return current_app._get_current_object()  # type: ignore[attr-defined]
    command = click.get_current_context(silent=True)
    return command.find_root().meta.get("flask_app") if command is not None else None
