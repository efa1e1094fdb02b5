"""What a version changed, told in a few words."""
from __future__ import annotations

from ckanext.satudata.domain.versions.changes import same_file, summary

OLD = {"id": "p", "title": "Lama", "metadata_modified": "1", "tags": [{"name": "b"}, {"name": "a"}],
       "resources": [{"id": "1", "sha256": "a" * 64}, {"id": "2", "url": "https://a.id/x.csv"},
                     {"id": "3", "url": "https://a.id/y.csv"}]}
NEW = {"id": "p", "title": "Baru", "metadata_modified": "2", "tags": [{"name": "a"}, {"name": "b"}],
       "notes": "", "resources": [{"id": "1", "sha256": "b" * 64},
                                  {"id": "2", "url": "https://a.id/x.csv"},
                                  {"id": "4", "url": "https://a.id/z.csv"}]}


def test_a_summary_tells_what_people_said_anew_and_which_files_differ() -> None:
    assert summary(OLD, NEW) == {
        "fields": ["title"], "files": {"added": 1, "removed": 1, "changed": 1}}
    assert summary(OLD, OLD, {"2"})["files"] == {"added": 0, "removed": 0, "changed": 1}
    assert summary(OLD, OLD) == {
        "fields": [], "files": {"added": 0, "removed": 0, "changed": 0}}


def test_stored_bytes_are_told_apart_by_what_they_are_and_others_by_where_they_lie() -> None:
    assert same_file({"sha256": "a", "url": "alt"}, {"sha256": "a", "url": "neu"})
    assert not same_file({"sha256": "a"}, {"url": "https://a.id/x.csv"})
    assert not same_file({"url": "https://a.id/x.csv"}, {"url": "https://a.id/y.csv"})
