"""A page in gzip of parts compressed long ago is what compressing it whole would give."""
from __future__ import annotations

import gzip
import random
import shutil
import subprocess
import zlib
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata.domain.errors import DamagedPartError
from ckanext.satudata.domain.federation.joined import (
    Stored,
    deflated,
    gzip_page,
    inflated,
    plain_page,
)
from ckanext.satudata.domain.federation.syntaxes import SYNTAXES, page

#: Random bytes do not shrink, texts do, and refer back within themselves.
contents = st.one_of(
    st.binary(max_size=60),
    st.builds(lambda part, times: part * times, st.binary(min_size=1, max_size=9),
              st.integers(1, 400)),
    st.builds(lambda seed, size: random.Random(seed).randbytes(size), st.integers(0, 99),
              st.sampled_from([65_535, 65_536, 65_537, 150_000])),
)


def whole(parts: Iterable[Stored | bytes]) -> bytes:
    return b"".join(gzip_page(parts))


def one_member(packed: bytes) -> bytes:
    """Return what a client gets that stops after the first member; there is nothing behind it."""
    reader = zlib.decompressobj(wbits=31)
    content = reader.decompress(packed)
    assert reader.eof
    assert reader.unused_data == b""
    return content


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(contents, st.booleans(), st.integers(0, 9)), max_size=12))
def test_any_parts_in_any_order_are_one_member(given_: list[tuple[bytes, bool, int]]) -> None:
    parts = [
        deflated(content, level) if stored else content for content, stored, level in given_
    ]
    plain = b"".join(content for content, _, _ in given_)
    packed = whole(parts)
    assert gzip.decompress(packed) == plain
    assert one_member(packed) == plain
    assert plain_page(parts) == plain


@pytest.mark.skipif(shutil.which("gzip") is None, reason="no gzip command on this machine")
@pytest.mark.parametrize("many", [0, 1, 2, 3000])
def test_the_gzip_command_agrees(many: int) -> None:
    contents = [f"bagian {at} ".encode() * (at % 50) for at in range(many)]
    packed = whole([deflated(each) for each in contents])
    done = subprocess.run(["gzip", "-dc"], input=packed, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"".join(contents), b"")


def test_stored_parts_can_change_places() -> None:
    """None refers to what stood before it, though all say the same."""
    same = b"Jumlah kunjungan puskesmas menurut kecamatan. " * 40
    parts = {at: deflated(same + bytes([at])) for at in range(20)}
    for seed in range(5):
        order = random.Random(seed).sample(sorted(parts), k=len(parts))
        assert one_member(whole(parts[at] for at in order)) == b"".join(
            same + bytes([at]) for at in order
        )


def test_a_page_is_packed_as_it_is_read() -> None:
    """Only one part is held at a time: a dump is as long as the catalog."""
    asked: list[int] = []

    def parts() -> Iterable[Stored]:
        for at in range(5):
            asked.append(at)
            yield deflated(b"x" * 100)

    stream = iter(gzip_page(parts()))
    next(stream)
    assert asked == []
    next(stream)
    assert asked == [0]


@pytest.mark.parametrize("key", SYNTAXES)
def test_a_page_of_stored_fragments_is_the_page_of_fragments(key: str) -> None:
    fragments = [b"satu\n", b"", b"dua\n"]
    syntax = SYNTAXES[key]
    assert one_member(whole(page(syntax, map(deflated, fragments)))) == b"".join(
        page(syntax, fragments)
    )


def test_equal_parts_give_equal_bytes() -> None:
    assert whole([deflated(b"a"), b"b"]) == whole([deflated(b"a"), b"b"])


def test_the_length_in_the_trailer_starts_again_at_four_gigabytes() -> None:
    huge = Stored(b"", 2**31, 0)
    assert whole([huge, huge, deflated(b"abc")])[-4:] == (3).to_bytes(4, "little")


@given(contents)
@settings(max_examples=40, deadline=None)
def test_a_part_gives_back_its_content(content: bytes) -> None:
    part = deflated(content)
    assert inflated(part) == content
    assert len(part) == len(content)


@pytest.mark.parametrize("damage", [
    lambda part: Stored(part.raw, part.size + 1, part.crc),
    lambda part: Stored(part.raw, part.size - 1, part.crc),
    lambda part: Stored(part.raw, part.size, part.crc ^ 1),
    lambda part: Stored(part.raw[:-1], part.size, part.crc),
    lambda part: Stored(part.raw[:-6], part.size, part.crc),
    lambda part: Stored(b"\x07" + part.raw, part.size, part.crc),
    lambda part: Stored(part.raw + part.raw, part.size, part.crc),
    lambda part: Stored(b"", part.size, part.crc),
])
def test_a_damaged_part_is_refused(damage: Callable[[Stored], Stored]) -> None:
    damaged = damage(deflated(b"Jumlah kunjungan puskesmas"))
    with pytest.raises(DamagedPartError):
        inflated(damaged)
    with pytest.raises(DamagedPartError):
        plain_page([deflated(b"sebelum"), damaged, deflated(b"sesudah")])
