"""A web page in one file (MHTML), which some report servers export as ``.xls``."""
from __future__ import annotations

from email import message_from_binary_file, policy
from pathlib import Path
from typing import TYPE_CHECKING

from ckanext.satudata.domain.inspection.bounds import check_size, damaged
from ckanext.satudata.domain.inspection.formats import html
from ckanext.satudata.domain.inspection.limits import MB, Limits

if TYPE_CHECKING:
    from ckanext.satudata.domain.inspection.sheet import RawFile

__all__ = ["read"]

_PARTS = 200


def read(path: Path, name: str, limits: Limits) -> RawFile:
    """Read the tables of the largest page inside.

    :raises RefusedFile: damaged, without a table, or beyond the limits
    """
    check_size(path, min(limits.markup_bytes, 16 * MB))
    with path.open("rb") as stream:
        message = message_from_binary_file(stream, policy=policy.compat32)
    pages: list[bytes] = []
    for number, part in enumerate(message.walk()):
        content = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(content, bytes):
            pages.append(content)
        if number > _PARTS:
            raise damaged()
    if not pages:
        raise damaged()
    return html.read_page(max(pages, key=len), name, limits)
