"""How a text is written, told by its beginning."""
from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ckanext.satudata.domain.federation.text_file import written_as

TABLE = "kode;nama\n1;Ciruas é\n2;Anyar\n"


@pytest.mark.parametrize(("head", "told"), [
    (TABLE.encode(), ("utf-8", ";")), (TABLE.encode("utf-8-sig"), ("utf-8", ";")),
    (TABLE.encode("cp1252"), ("windows-1252", ";")), (TABLE.encode("utf-16"), ("utf-16", ";")),
    (b"a,b\n1,2\n", ("utf-8", ",")), (b"a\tb\n1\t2\n", ("utf-8", "\t")),
    (b"", ("utf-8", ",")), (b"a\0b,c\n", ("", "")), (b"\x89PNG\r\n\x1a\n\0\0\0\r", ("", "")),
])
def test_encoding_and_delimiter_are_told(head: bytes, told: tuple[str, str]) -> None:
    assert written_as(head, whole=True) == told


def test_a_letter_that_is_cut_at_the_end_is_no_other_encoding() -> None:
    head = TABLE.encode()
    cut = head[:head.index("é".encode()) + 1]
    assert written_as(cut, whole=False)[0] == "utf-8"
    assert written_as(cut, whole=True)[0] == "windows-1252"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.booleans())
@example(b"\xff\xfe", True)
@example(b"\xff\xfe\0\0", False)
@example(b'"' * 300, True)
def test_whatever_a_file_holds_something_is_told(head: bytes, whole: bool) -> None:
    encoding, _ = written_as(head, whole)
    assert encoding == "" or "".encode(encoding) is not None
