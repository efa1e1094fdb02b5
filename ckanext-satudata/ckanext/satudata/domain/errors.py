"""Everything our own code raises.

::

    SatuDataError
    ├── UnknownCodeError           a code is not in its vocabulary
    ├── DamagedPartError           stored bytes are not what they were made of
    ├── InvalidValueError          a typed value cannot be stored (in ``metadata_values``)
    └── WorkflowError              the workflow refused
        ├── NotAllowedError        this person may not, whatever the state (403)
        │   └── FourEyesError      because they wrote this version themselves
        ├── StateConflictError     not now: the state has no such transition (409)
        │   ├── UndecidedError      what restricts it is not decided
        │   ├── TakenNameError      the name of its Data Induk is another's
        │   ├── PersonalDataError   it holds data about persons
        │   ├── UncheckedError      nobody looked into a file of it
        │   ├── UninspectedError    a file of it is still to be inspected
        │   └── ContentChangedError it is not what was handed in
        ├── VersionConflictError   it changed since it was seen (409)
        └── TransitionInvalidError what came with the transition is missing or wrong
"""
from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "ContentChangedError",
    "DamagedPartError",
    "FourEyesError",
    "NotAllowedError",
    "PersonalDataError",
    "SatuDataError",
    "StateConflictError",
    "TakenNameError",
    "TransitionInvalidError",
    "UncheckedError",
    "UndecidedError",
    "UninspectedError",
    "UnknownCodeError",
    "VersionConflictError",
    "WorkflowError",
]


class SatuDataError(Exception):
    """Base of all errors of this package; never raised itself."""


class UnknownCodeError(SatuDataError, LookupError):
    """A code is not in the vocabulary it was looked up in."""

    def __init__(self, vocabulary: str, code: str) -> None:
        super().__init__(f"{code!r} is not a code of vocabulary {vocabulary!r}")
        self.vocabulary = vocabulary
        self.code = code


class DamagedPartError(SatuDataError, ValueError):
    """Stored bytes do not give back what they were made of."""


class WorkflowError(SatuDataError):
    """The workflow refused; ``message`` is a msgid for people, ``values`` fill it."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values

    def explain(self, translated: str) -> str:
        """Fill the translated message."""
        return translated.format(**self.values)


class NotAllowedError(WorkflowError):
    """This person may not do this, whatever the state."""


class FourEyesError(NotAllowedError):
    """Whoever submitted or edited a version never approves it."""


class StateConflictError(WorkflowError):
    """The submission is in a state that has no such transition."""

    def __init__(self, message: str, state: str, **values: object) -> None:
        super().__init__(message, **values)
        self.state = state


class UndecidedError(StateConflictError):
    """Restricted data lacks what restricts it; only people mend that."""


class TakenNameError(StateConflictError):
    """The name of its Data Induk is another dataset's, or was another before; people mend that."""


class PersonalDataError(StateConflictError):
    """A check found data about persons in it, which nobody may publish."""


class UncheckedError(StateConflictError):
    """The inspection of a file failed, and nobody said in writing that they looked into it."""


class UninspectedError(StateConflictError):
    """A file is not inspected yet; that passes by itself."""


class ContentChangedError(StateConflictError):
    """What is there is not what was handed in, though nobody could write it through the portal.

    :ivar found: hash of what is there
    """

    def __init__(self, message: str, state: str, found: str, **values: object) -> None:
        super().__init__(message, state, **values)
        self.found = found


class VersionConflictError(WorkflowError):
    """The content or state changed since the caller saw it."""

    def __init__(self, message: str, version: int, **values: object) -> None:
        super().__init__(message, **values)
        self.version = version


class TransitionInvalidError(WorkflowError):
    """What came with the transition is missing or wrong.

    :ivar fields: field name -> msgid of what is wrong and how to mend it
    """

    def __init__(self, fields: Mapping[str, str], **values: object) -> None:
        super().__init__("; ".join(fields.values()), **values)
        self.fields = dict(fields)
