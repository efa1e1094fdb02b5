"""Bytes stored under their hash are given back whole, once stored, whoever asks."""
from __future__ import annotations

import hashlib
import io

import pytest

from ckanext.satudata.shared import blobs


def test_what_is_stored_comes_back_whole() -> None:
    content = bytes(range(256)) * 9000  # more than one piece
    name = blobs.store(io.BytesIO(content))
    assert name == hashlib.sha256(content).hexdigest()
    assert blobs.store(io.BytesIO(content)) == name
    assert (blobs.exists(name), blobs.size(name)) == (True, len(content))
    assert b"".join(blobs.open(name)) == content


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "", "A" * 64])
def test_what_is_not_there_is_said_before_anything_is_sent(name: str) -> None:
    assert not blobs.exists(name)
    for ask in (blobs.open, blobs.size):
        with pytest.raises(blobs.BlobMissingError):
            ask(name)
