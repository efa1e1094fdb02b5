"""What shapes an answer beside its own words: the code that writes it and the code lists."""
from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from ckanext.satudata import domain

__all__ = ["PACKAGE", "SAYING", "digest"]

PACKAGE = Path(domain.__file__).parents[1]
#: All that says what data is; whole folders, for what one file imports changes unseen.
SAYING = ("reference/*", "domain/*.py", "domain/federation/**/*.py")


@cache
def digest(*files: str) -> str:
    """Return what changes with :data:`SAYING` and with more files of the package.

    :param files: patterns below :data:`PACKAGE`
    """
    found = hashlib.sha256()
    for pattern in (*SAYING, *files):
        for path in sorted(each for each in PACKAGE.glob(pattern) if each.is_file()):
            found.update(str(path.relative_to(PACKAGE)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
