"""Files inside an OLE file (MS-CFB), the container of ``.xls``; read with bounds at every step."""
from __future__ import annotations

import mmap
import struct

from ckanext.satudata.domain.inspection.bounds import damaged

__all__ = ["Container"]

_END = 0xFFFFFFFA  # from here on numbers of sectors mean something else
_MAX_ENTRIES = 4_096


class Container:
    """The streams of an OLE file by name."""

    def __init__(self, content: mmap.mmap | bytes) -> None:
        self._content = content
        try:
            self._read()
        except (struct.error, IndexError) as error:
            raise damaged(error) from error

    def _read(self) -> None:
        content = self._content
        if len(content) < 512:
            raise damaged()
        shift, mini_shift = struct.unpack_from("<HH", content, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise damaged()
        self._size = 1 << shift
        (count, first, _, self._small, first_mini, _, first_more, _) = struct.unpack_from(
            "<8I", content, 44)
        self._total = len(content) // self._size + 1
        if count > self._total:
            raise damaged()
        sectors = [each for each in struct.unpack_from("<109I", content, 76) if each < _END]
        step, seen = first_more, 0
        while step < _END and seen < self._total:
            more = struct.unpack(f"<{self._size // 4}I", self._sector(step))
            sectors += [each for each in more[:-1] if each < _END]
            step, seen = more[-1], seen + 1
        table = b"".join(self._sector(each) for each in sectors[:count])
        self._next = struct.unpack(f"<{len(table) // 4}I", table)
        entries = self._chain(first, _MAX_ENTRIES * 128)
        self.streams: dict[str, tuple[int, int]] = {}
        self._mini = b""
        self._mini_next: tuple[int, ...] = ()
        for at in range(0, len(entries) - 127, 128):
            entry = entries[at:at + 128]
            length = struct.unpack_from("<H", entry, 64)[0]
            name = entry[:max(min(length, 64) - 2, 0)].decode("utf-16-le", errors="replace")
            start, size = struct.unpack_from("<II", entry, 116)
            if entry[66] == 2:
                self.streams.setdefault(name, (start, size))
            elif entry[66] == 5:
                self._mini = self._chain(start, min(size, len(content)))
        if first_mini < _END:
            table = self._chain(first_mini, len(content))
            self._mini_next = struct.unpack(f"<{len(table) // 4}I", table[:len(table) // 4 * 4])

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        found = self._content[start:start + self._size]
        if len(found) < self._size:
            found += bytes(self._size - len(found))
        if start >= len(self._content):
            raise damaged()
        return found

    def _chain(self, start: int, size: int) -> bytes:
        parts: list[bytes] = []
        step, left = start, size
        while step < _END and left > 0:
            if len(parts) > self._total or step >= len(self._next):
                raise damaged()
            parts.append(self._sector(step))
            left -= self._size
            step = self._next[step]
        return b"".join(parts)[:size]

    def stream(self, name: str) -> bytes | None:
        """Return a stream; ``None`` if there is none of this name."""
        found = next((self.streams[each] for each in self.streams
                      if each.lower() == name.lower()), None)
        if found is None:
            return None
        start, size = found
        if size > len(self._content):
            raise damaged()
        if size >= self._small:
            return self._chain(start, size)
        parts: list[bytes] = []
        step = start
        while step < _END and len(parts) * 64 < size:
            if step >= len(self._mini_next):
                raise damaged()
            parts.append(self._mini[step * 64:step * 64 + 64])
            step = self._mini_next[step]
        return b"".join(parts)[:size]
