"""How often a link may be tried and used: nobody finds one by guessing, none fills the disk.

Counted in Valkey; with it down nobody is stopped, 256 random bits still are not guessed, and the
number of files a link takes in its whole life is counted from the database.
"""
from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.lib import files
from ckan.plugins.toolkit import _

from ckanext.satudata.domain.intake.links import MEGABYTE
from ckanext.satudata.shared.computers import mark
from ckanext.satudata.shared.counting import counted

__all__ = ["GUESSES", "PER_LINK", "TooOften", "check_guess", "check_send", "storage_size"]

#: Within an hour: wrong links from one computer, files by one link, answers by one link.
GUESSES, PER_LINK, ANSWERS = 20, 20, 60
_HOUR = 3600
#: Where the storage names none.
_MOST = 100 * MEGABYTE


class TooOften(tk.ValidationError):
    """As HTTP 429: ``error_dict`` says ``limit``, ``retry_after`` in seconds, and ``message``."""

    def __init__(self, limit: str, seconds: int, message: str) -> None:
        said = message.format(minutes=max(-(-seconds // 60), 1))
        super().__init__({"conflict": "limit", "limit": limit, "retry_after": seconds,
                          "message": [said]}, error_summary={_("Tautan kirim data"): said})
        self.retry_after, self.said = seconds, said


def check_guess() -> None:
    """Count one more link from this computer that there is not.

    :raises TooOften: there were too many within the hour
    """
    computer = mark()
    if not computer:
        return
    count, left = counted(f"tautan:tebak:{computer}", _HOUR)
    if count > GUESSES:
        raise TooOften("komputer", left, _(
            "Terlalu banyak tautan salah dibuka dari jaringan Anda. Coba lagi dalam {minutes} "
            "menit, dengan menyalin tautannya lengkap dari pesan yang Anda terima."))


def check_send(link_id: str, answers: bool = False) -> None:
    """Count one more file, or one more answer, by a link.

    :raises TooOften: there were too many within the hour
    """
    word, most = ("jawab", ANSWERS) if answers else ("kirim", PER_LINK)
    count, left = counted(f"tautan:{word}:{link_id}", _HOUR)
    if count > most:
        raise TooOften("tautan", left, _(
            "Terlalu sering mengirim lewat tautan ini. Coba lagi dalam {minutes} menit; yang sudah "
            "terkirim tersimpan."))


def storage_size() -> int:
    """Return how large a file the storage of resources takes, in bytes."""
    try:
        found = files.get_storage(tk.config["ckan.files.default_storages.resource"])
    except files.exc.UnknownStorageError:
        return _MOST
    limit = getattr(found.settings, "max_size", 0) or 0
    return limit if limit > 0 else _MOST
