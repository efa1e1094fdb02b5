"""The list of CKAN's own tests that go otherwise with us: readable, with reasons, exact."""
from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "upstream"))
from differences import judge, listed, read, short

GROUPS = read()


def test_every_group_gives_a_reason_and_names_tests() -> None:
    assert [group.title for group in GROUPS if len(group.reason) < 40 or not group.tests] == []


def test_no_test_is_listed_twice() -> None:
    times = Counter(test for group in GROUPS for test in group.tests)
    assert [test for test, count in times.items() if count > 1] == []
    assert len(times) == len(listed(GROUPS))


def test_a_run_is_green_only_with_exactly_the_listed_differences() -> None:
    ran = {"auth/a.py::one", "auth/a.py::two", "auth/a.py::three"}
    assert judge({"auth/a.py::one"}, {"auth/a.py::one"}, ran).green
    unlisted = judge(set(), {"auth/a.py::one"}, ran)
    assert unlisted.unlisted == ("auth/a.py::one",) and not unlisted.green
    agreeing = judge({"auth/a.py::one"}, set(), ran)
    assert agreeing.agreeing == ("auth/a.py::one",) and not agreeing.green
    absent = judge({"auth/a.py::gone"}, set(), ran)
    assert absent.absent == ("auth/a.py::gone",) and not absent.green
    assert "auth/a.py::gone" in "\n".join(absent.lines())


def test_a_test_has_the_same_name_wherever_ckan_is_installed() -> None:
    name = "auth/test_get.py::TestShow::test_one[a]"
    path = Path("/anywhere/ckan/tests/logic/auth/test_get.py")
    for before in ("", ".venv/lib/ckan/tests/logic/auth/test_get.py"):
        assert short(path, f"{before}::TestShow::test_one[a]") == name
