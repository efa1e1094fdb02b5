"""Where two texts differ, word by word, so that a reader sees the change and not two walls."""
from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

__all__ = ["Part", "marked"]

#: ``same``, ``del`` or ``ins``, and the text.
Part = tuple[str, str]
#: Comparing takes the product of both lengths; longer texts are shown as a whole.
MAX_WORDS = 1200
_WORD = re.compile(r"\s+|[^\W_]+|[\W_]", re.UNICODE)


def marked(old: str, new: str) -> list[Part]:
    """Return the parts of both texts in reading order.

    Texts with little in common are given as one whole replaced by another: single words marked
    all over a text nobody recognises tell less.
    """
    if old == new:
        return [("same", old)] if old else []
    before, after = _WORD.findall(old), _WORD.findall(new)
    if not before or not after or len(before) > MAX_WORDS or len(after) > MAX_WORDS:
        return _whole(old, new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < 0.4:
        return _whole(old, new)
    return list(_joined(matcher, before, after))


def _whole(old: str, new: str) -> list[Part]:
    return [part for part in (("del", old), ("ins", new)) if part[1]]


def _joined(matcher: SequenceMatcher[str], before: list[str], after: list[str]) -> Iterator[Part]:
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            yield "same", "".join(before[i:j])
            continue
        if i < j:
            yield "del", "".join(before[i:j])
        if k < m:
            yield "ins", "".join(after[k:m])
