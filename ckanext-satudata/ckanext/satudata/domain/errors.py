"""Everything our own code raises.

::

    SatuDataError
    ├── UnknownCodeError     a code is not in its vocabulary
    └── InvalidValueError    a typed value cannot be stored (in ``metadata_values``)
"""
from __future__ import annotations

__all__ = ["SatuDataError", "UnknownCodeError"]


class SatuDataError(Exception):
    """Base of all errors of this package; never raised itself."""


class UnknownCodeError(SatuDataError, LookupError):
    """A code is not in the vocabulary it was looked up in."""

    def __init__(self, vocabulary: str, code: str) -> None:
        super().__init__(f"{code!r} is not a code of vocabulary {vocabulary!r}")
        self.vocabulary = vocabulary
        self.code = code
