"""About 110 files as Indonesian agencies make them, and what a statistician would publish of each.

Areas and their codes are real (the portal's own list), every figure is invented and seeded. A
file is one builder function: it returns the bytes and what is expected of them. Nothing here
knows how the inspection works. ``python -m corpus FOLDER`` beside this folder writes them all.
"""
from __future__ import annotations

from corpus import (
    deep_heads,
    documents,
    finance,
    health,
    lists,
    names,
    odd_sheets,
    population,
    print_sheets,
    school,
    series,
    shaken,
    text_files,
    times,
    torn_sheets,
    villages,
    web_exports,
)
from corpus.model import FILES, Built, Expected, Made, Table

__all__ = ["FILES", "Built", "Expected", "Made", "Table"]

#: Importing a module puts its builders into the corpus.
MODULES = (deep_heads, documents, finance, health, lists, names, odd_sheets, population,
           print_sheets, school, series, shaken, text_files, times, torn_sheets, villages,
           web_exports)
