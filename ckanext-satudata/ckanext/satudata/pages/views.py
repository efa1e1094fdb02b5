"""Routes of the public pages."""
from __future__ import annotations

import datetime as dt

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.satudata.pages import figures

__all__ = ["pages"]

pages = Blueprint("satudata_pages", __name__)


@pages.route("/")
def home() -> str:
    """Show the home page: search, figures, newest data, next releases, urusan.

    Takes CKAN's own route (plugins come first), whose query of most viewed datasets
    we would not show; ``url_for("home.index")`` still leads here.
    """
    return tk.render("home/index.html", {"home": figures.home(dt.date.today())})
