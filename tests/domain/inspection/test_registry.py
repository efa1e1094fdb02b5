"""Every check is named, and says all that is shown of it."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from ckanext.satudata.domain.inspection.checks import base, registry
from ckanext.satudata.domain.inspection.checks.base import Check
from ckanext.satudata.domain.inspection.notes import Principle, Severity

FOLDER = Path(base.__file__).parent
NOT_CHECKS = {"__init__", "base", "registry"}


def test_every_file_of_the_folder_is_in_the_registry_once() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - NOT_CHECKS
    assert sorted(registry.MODULES) == sorted(files)


def test_codes_are_unique_and_find_their_check() -> None:
    codes = [check.code for check in registry.all_checks()]
    assert len(codes) == len(set(codes))
    assert all(registry.get(check.code) is check for check in registry.all_checks())


def test_the_standard_checks_carry_the_types_of_frictionless() -> None:
    from frictionless import errors

    known = {one.type for one in vars(errors).values() if hasattr(one, "type")}
    codes = {check.code for check, name in zip(registry.all_checks(), registry.MODULES, strict=True)
             if name in registry.STANDARD}
    assert codes <= known
    # The module says why these are not checks of ours.
    about_tables = {one.type for one in vars(errors).values()
                    if "#table" in getattr(one, "tags", ())}
    assert about_tables - codes == {"table-error", "header-error", "label-error", "row-error",
                                    "cell-error", "row-constraint"}


@pytest.mark.parametrize("check", registry.all_checks(), ids=lambda check: check.code)
def test_a_check_says_all_that_is_shown_of_it(check: type[Check]) -> None:
    assert re.fullmatch("[a-z]+(-[a-z]+)*", check.code)
    assert isinstance(check.principle, Principle)
    assert isinstance(check.severity, Severity)
    assert check.__doc__
    for text in (check.title, check.template, check.how):
        assert text.strip() == text
        assert text
    assert check.template.endswith((".", "}"))
    assert check.how.endswith(".")
    assert check()
