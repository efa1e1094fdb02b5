"""Typed readers of our options; no other module reads a raw key.

Every option is declared in ``config_declaration.yaml`` with its default.
"""
from __future__ import annotations

import re

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain import wilayah as area

__all__: list[str] = [
    "demo",
    "logo",
    "nama_pemerintah",
    "walidata",
    "walidata_nama",
    "walidata_surel",
    "warna",
    "warna_2",
    "wilayah",
]

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def wilayah() -> str:
    """Kemendagri code of the government this installation belongs to (``36.04``)."""
    return tk.config["ckanext.satudata.wilayah"]


def nama_pemerintah() -> str:
    """Name of the government as it signs ("Pemerintah Kabupaten Serang").

    Where none is set it follows from the kode wilayah, so that one option names a region.
    """
    given = tk.config["ckanext.satudata.nama_pemerintah"]
    return given or f"Pemerintah {area.get(wilayah()).full_name}"


def walidata() -> str:
    """Name (slug) of the organization that is the walidata, or an empty string."""
    return tk.config["ckanext.satudata.walidata"] or ""


def walidata_nama() -> str:
    """Name of the walidata as people read it, or an empty string."""
    return tk.config["ckanext.satudata.walidata_nama"] or ""


def walidata_surel() -> str:
    """E-mail address of the walidata, or an empty string."""
    return tk.config["ckanext.satudata.walidata_surel"] or ""


def warna() -> str:
    """First brand colour, ``#RRGGBB``; what is not one reads as the default.

    The value goes into a style sheet, so nothing but six hexadecimal digits passes.
    """
    return _colour("ckanext.satudata.warna", "#1E3F7A")


def warna_2() -> str:
    """Second brand colour, ``#RRGGBB``; see :func:`warna`."""
    return _colour("ckanext.satudata.warna_2", "#E8B23A")


def logo() -> str:
    """Path or URL of the government's logo, or an empty string for the woven mark."""
    return tk.config["ckanext.satudata.logo"] or ""


def demo() -> bool:
    """Whether this installation shows the demo region, so that every page says so."""
    return tk.asbool(tk.config["ckanext.satudata.demo"])


def _colour(key: str, default: str) -> str:
    value = str(tk.config[key] or "").strip()
    return value.upper() if _COLOUR.fullmatch(value) else default
