"""The application gunicorn serves: CKAN made from the ini named in ``CKAN_INI``."""
from __future__ import annotations

import os
from typing import Any


def make() -> Any:
    """Build CKAN's WSGI application. Imports CKAN here, for nothing else in ``stack`` may."""
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    return make_app(load_config(os.environ["CKAN_INI"]))


app = make()
