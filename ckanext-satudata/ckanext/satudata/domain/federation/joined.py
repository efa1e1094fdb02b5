"""Pages in gzip of parts that were compressed once, each on its own.

A page of a hundred datasets is asked for far more often than a dataset changes. Parts
are therefore kept as raw DEFLATE (RFC 1951) that ends on a whole byte and refers to
nothing before it, so that any parts in any order are one stream. Around them goes one
gzip header and one trailer (RFC 1952): many clients stop reading after the first member.
The trailer's CRC-32 is worked out from those of the parts. ISA-L does that, and inflates more than
twice as fast as zlib; zlib compresses, which is done once and saves more.
"""
from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from isal import isal_zlib

from ckanext.satudata.domain.errors import DamagedPartError

__all__ = ["Stored", "deflated", "gzip_page", "inflated", "packed", "plain_page", "unpacked"]

#: No name, no time (equal pages are equal bytes), no word on the system.
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
#: The last block: fixed codes, nothing but the end-of-block code.
_LAST_BLOCK = b"\x03\x00"
#: What every part ends with (RFC 1951, 3.2.4: an empty block without compression).
_FLUSHED = b"\x00\x00\xff\xff"
_RAW, _GZIP = -zlib.MAX_WBITS, zlib.MAX_WBITS | 16
_ONES = 0xFFFFFFFF
_isal: Any = isal_zlib  # its stubs leave half of it untyped


@dataclass(frozen=True)
class Stored:
    """A part as it is stored: ``raw`` DEFLATE, and length and CRC-32 of what it stands for."""

    raw: bytes
    size: int
    crc: int

    def __len__(self) -> int:
        return self.size


def deflated(content: bytes, level: int = 6) -> Stored:
    """Return content compressed so that other parts may follow; nothing stays nothing."""
    if not content:
        return Stored(b"", 0, 0)
    packer = zlib.compressobj(level, zlib.DEFLATED, _RAW)
    # The flush ends on a whole byte without ending the stream; it costs 5 bytes.
    raw = packer.compress(content) + packer.flush(zlib.Z_SYNC_FLUSH)
    return Stored(raw, len(content), zlib.crc32(content))


def packed(part: Stored) -> bytes:
    """Return a part as one value for a database: size, CRC-32, then the raw DEFLATE."""
    return struct.pack("<II", part.size, part.crc) + part.raw


def unpacked(row: bytes | memoryview) -> Stored:
    """Return the part that :func:`packed` wrote."""
    size, crc = struct.unpack_from("<II", row)
    return Stored(bytes(row[8:]), size, crc)


def inflated(part: Stored) -> bytes:
    """Return the content of a part.

    :raises DamagedPartError: it is not what was stored
    """
    content = _unpacked(part.raw, part.size, _RAW)
    whole = not part.raw or part.raw.endswith(_FLUSHED)
    if not whole or _isal.crc32(content) != part.crc:
        raise DamagedPartError(f"a part of {part.size} bytes gives back other content")
    return content


def gzip_page(parts: Iterable[Stored | bytes]) -> Iterator[bytes]:
    """Return the parts, one after another, as one gzip member; plain bytes are compressed.

    Parts are taken as they are: what is damaged shows at the reader, by the checksum.
    """
    crc = size = 0
    yield _HEADER
    for part in parts:
        if isinstance(part, bytes):
            part = _deflated_again(part) if len(part) < 4096 else deflated(part)
        if part.size:
            yield part.raw
            crc = _isal.crc32_combine(crc, part.crc, part.size)
            size += part.size
    yield _LAST_BLOCK + struct.pack("<II", crc, size & _ONES)


def plain_page(parts: Sequence[Stored | bytes]) -> bytes:
    """Return the parts for a client that takes no gzip: the page is unpacked as a client would.

    At once, that is twice as fast as part by part.

    :raises DamagedPartError: a part is not what was stored
    """
    return _unpacked(b"".join(gzip_page(parts)), sum(map(len, parts)), _GZIP)


def _unpacked(packed: bytes, size: int, wrapping: int) -> bytes:
    """Inflate what promises so many bytes.

    :raises DamagedPartError: it does not keep that, or is no such thing
    """
    unpacker = _isal.decompressobj(wrapping)
    try:
        # One byte more than promised shows what is too long, and unpacks no more of it.
        content: bytes = unpacker.decompress(packed, size + 1)
    except _isal.error as error:
        raise DamagedPartError(str(error)) from error
    if len(content) != size or (wrapping == _GZIP and not unpacker.eof):
        raise DamagedPartError(f"a part of {size} bytes gives back other content")
    return content


#: What stands between fragments is the same on every page.
_deflated_again = lru_cache(maxsize=64)(deflated)
