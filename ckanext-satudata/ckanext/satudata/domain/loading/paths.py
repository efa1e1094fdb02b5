"""Paths named in a manifest, held inside the folder of that manifest.

Threat: a manifest comes from outside and the loader runs as the server's user.
``../../etc/passwd``, an absolute path, a symlink that leads out, a device or a
URL would publish what nobody handed in.
"""
from __future__ import annotations

import re
import stat
from pathlib import Path

from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.problems import N_, LoadError, Place

__all__ = ["check_size", "inside"]

_URL = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")


def inside(root: Path, name: str, place: Place, limits: Limits) -> Path:
    """Return the real path of ``name`` in ``root``.

    :raises LoadError: for a URL, a path or link that leads out, a missing,
        empty, too large or special file.
    """
    if _URL.match(name):
        raise LoadError(place, N_(
            "{name} adalah alamat web, dan alamat web tidak diambil. "
            "Unduh berkasnya ke folder ini lalu tulis nama berkasnya."), name=name)
    if "\x00" in name or name.startswith(("/", "\\", "~")) or ".." in re.split(r"[/\\]", name):
        raise LoadError(place, N_(
            "{name} menunjuk ke luar folder. Tulis nama berkas di dalam folder manifes."),
            name=name)
    real_root = root.resolve()
    path = real_root / name
    try:
        real = path.resolve(strict=True)
        status = real.stat()
    except (OSError, RuntimeError):
        raise LoadError(place, N_(
            "berkas {name} tidak ada. Periksa ejaan nama dan huruf besar-kecilnya."), name=name
        ) from None
    if not real.is_relative_to(real_root):
        raise LoadError(place, N_(
            "{name} adalah tautan ke luar folder. Salin berkasnya ke dalam folder."), name=name)
    if not stat.S_ISREG(status.st_mode):
        raise LoadError(place, N_("{name} bukan berkas biasa."), name=name)
    check_size(status.st_size, name, place, limits)
    return real


def check_size(size: int, name: str, place: Place, limits: Limits) -> None:
    """Refuse an empty file and one beyond ``limits.file_bytes``."""
    if size == 0:
        raise LoadError(
            place, N_("berkas {name} kosong (0 bita). Kirim ulang berkasnya."), name=name
        )
    if size > limits.file_bytes:
        raise LoadError(place, N_(
            "berkas {name} berukuran {size} MB, batasnya {limit} MB. Bagi menjadi beberapa "
            "berkas."),
            name=name, size=size // 1_000_000, limit=limits.file_bytes // 1_000_000)
