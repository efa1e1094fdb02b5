"""What a sender answers on the page of their file, as corrections of its reading."""
from __future__ import annotations

from typing import Any

from ckanext.satudata.domain.intake.answers import answered

Data = dict[str, Any]
REPORT: Data = {"tables": [
    {"number": 1, "fingerprint": "aa", "questions": [
        {"key": "tanda:kunjungan", "choices": [{"code": "nol"}, {"code": "kosong"}]},
        {"key": "ribuan", "choices": [{"code": "ya"}]}]},
    {"number": 2, "fingerprint": "bb", "questions": [
        {"key": "tanda:x", "choices": [{"code": "nol"}]}]},
    {"number": 3, "questions": [{"key": "tanda:y", "choices": [{"code": "nol"}]}]}]}


def test_answers_stand_with_the_table_they_were_asked_of() -> None:
    assert answered({}, REPORT, {"jawab-1-0": "kosong", "jawab-2-0": "nol"}) == {
        "version": 1, "tables": [
            {"fingerprint": "aa", "answers": {"tanda:kunjungan": "kosong"}},
            {"fingerprint": "bb", "answers": {"tanda:x": "nol"}}]}


def test_what_was_corrected_before_stays() -> None:
    before: Data = {"version": 1, "tables": [
        {"fingerprint": "aa", "answers": {"ribuan": "ya"}, "names": {"a": "b"}},
        {"fingerprint": "zz", "skip": True}]}
    made = answered(before, REPORT, {"jawab-1-0": "nol"})
    assert made == {"version": 1, "tables": [
        {"fingerprint": "aa", "answers": {"ribuan": "ya", "tanda:kunjungan": "nol"},
         "names": {"a": "b"}}, {"fingerprint": "zz", "skip": True}]}
    assert before["tables"][0]["answers"] == {"ribuan": "ya"}


def test_what_is_no_choice_of_a_question_answers_nothing() -> None:
    for sent in ({}, {"jawab-1-0": "lain"}, {"jawab-9-9": "nol"}, {"jawab-3-0": "nol"},
                 {"jawab-1-1": "nol"}, {"jawab-1-0": ""}):
        assert answered({}, REPORT, sent) is None
    assert answered({}, {}, {"jawab-1-0": "nol"}) is None
