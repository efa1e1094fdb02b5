"""Signs in place of a figure, or behind one: what they may mean, and the question that asks it.

BPS gives each sign a meaning of its own and offices use them otherwise, so that no sign is ever
given a meaning here: it is asked once per column, with the meaning BPS prints and whatever the
sheet itself says about the sign.
"""
from __future__ import annotations

import re

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.inspection.notes import N_, Choice, Message, Question

__all__ = ["NORMAL", "TEXT", "canonical_sign", "is_machine_null", "question", "suffix_sign"]

#: Code of ``status_angka`` for a figure without a sign.
NORMAL = "normal"
#: Answer that a mark is no sign: the column stays text.
TEXT = "teks"

_DASHES = "-–—−‒―‐‑⁃－"
_NA = frozenset(["na", "n.a", "n.a.", "n/a", "n / a"])
_LONE = frozenset(["*", "**", "x", "xx", "r", "e", "b", "p", "~", "?", "#", "^"])
_WORDS = frozenset("""
    tad|t.a.d|t.a.d.|td|t.d.|nihil|kosong|tidak ada|tdk ada|tidak ada data|tdk ada data|belum ada
    |belum ada data|blm ada data|data belum ada|belum tersedia|data belum tersedia|tidak tersedia
    |data tidak tersedia|tidak diketahui|belum diketahui|belum rilis|dirahasiakan|rahasia
    |tidak berlaku|not available|no data
""".replace("\n", "").replace("    ", "").split("|"))
_NULLS = frozenset(["nan", "null", "none", "<na>", "<null>", "\\n", "(null)", "nil", "#n/a", "nat"])

_ABSENT = ("nol", "belum_tersedia", "dapat_diabaikan", "tidak_berlaku", "dirahasiakan")
_MARKED = ("sementara", "sangat_sementara", "perbaikan", "estimasi", "putus_seri", NORMAL)
_NOTES = {
    "nol": N_("Dibaca 0. Tanda BPS “–”."),
    "belum_tersedia": N_("Dibiarkan kosong, bukan nol. Tanda BPS “…”."),
    "dapat_diabaikan": N_("Ada, tetapi terlalu kecil untuk satuannya. Tanda BPS “0”."),
    "tidak_berlaku": N_("Angka di sana tidak mungkin ada. Tanda BPS “NA”."),
    "dirahasiakan": N_("Ada, tetapi tidak boleh ditampilkan. Dibiarkan kosong."),
    "sementara": N_("Angka tetap, ditandai sementara. Tanda BPS “*” atau “x”."),
    "sangat_sementara": N_("Angka tetap, ditandai sangat sementara. Tanda BPS “**” atau “xx”."),
    "perbaikan": N_("Angka tetap, ditandai hasil perbaikan. Tanda BPS “r”."),
    "estimasi": N_("Angka tetap, ditandai estimasi. Tanda BPS “e”."),
    "putus_seri": N_("Angka tetap, tidak dapat dibandingkan dengan sebelumnya."),
    NORMAL: N_("Angka tetap; tanda itu hanya menunjuk catatan kaki."),
}


def canonical_sign(text: str) -> str | None:
    """Return the one spelling of a sign that stands alone in a cell, ``None`` for anything else.

    All dashes are ``-``, dots are ``…``, ``n/a`` is ``NA``; words are in lower case.
    """
    bare = text.strip().strip("'\"()").strip()
    if not bare or len(bare) > 40:
        return None
    if all(char in _DASHES for char in bare.replace(" ", "")):
        return "-"
    if re.fullmatch(r"[.…·\s]+", bare):
        return "…"
    low = " ".join(bare.casefold().split())
    if low in _NA:
        return "NA"
    return low if low in _LONE or low in _WORDS else None


def is_machine_null(text: str) -> bool:
    """Tell whether a program wrote this for "nothing" (``NaN``, ``NULL``)."""
    return text.strip().casefold() in _NULLS


def suffix_sign(text: str) -> str:
    """Return the one spelling of a sign behind a figure."""
    return text.casefold().strip(" ()")


def question(column: str, header: str, sign: str, shown: str, cell: str, count: int, *,
             suffix: bool = False, known: bool = True, notes: str = "", zeros: int = 0,
             answer: str | None = None) -> Question:
    """Ask what a sign means in a column.

    :param shown: as it stands in the first cell
    :param suffix: it stands behind figures, which are kept whatever the answer
    :param known: false for any other word among figures, which may also be plain text
    :param notes: the notes of the sheet; :param zeros: cells of the column that say 0
    """
    words = vocabulary.get("status_angka")
    likely = words.match(shown) or words.match(sign)
    codes = [code for code in (_MARKED if suffix else _ABSENT) if code in words]
    if likely is not None and likely.code in codes:
        codes = [likely.code, *(code for code in codes if code != likely.code)]
    choices = [Choice(code, Message("{arti}", {"arti": words[code].label_id}),
                      Message(_NOTES[code])) for code in codes]
    if not known:
        choices.append(Choice(TEXT, Message(N_("Bukan tanda, kolom ini berisi teks")),
                              Message(N_("Seluruh kolom tetap seperti tertulis."))))
    values = {"tanda": shown, "kolom": header}
    asked = N_("Tanda “{tanda}” di kolom {kolom}, artinya apa?")
    if suffix:
        asked = N_("Tanda “{tanda}” di belakang angka pada kolom {kolom}, artinya apa?")
    elif not known:
        asked = N_("“{tanda}” di kolom {kolom}, artinya apa?")
    return Question(
        key=f"tanda:{column}:{sign}", step="tanda", column=column, cell=cell, count=count,
        text=Message(asked, values), choices=choices, evidence=_evidence(sign, shown, notes, zeros),
        answer=answer if any(choice.code == answer for choice in choices) else None)


def _evidence(sign: str, shown: str, notes: str, zeros: int) -> Message | None:
    line = legend_line(sign, shown, notes)
    if line:
        return Message(N_("Catatan di lembar: “{catatan}”."), {"catatan": line})
    if zeros and sign not in ("*", "**", "r", "e", "x", "xx", "b"):
        return Message(N_("Kolom ini juga menulis 0 di {jumlah} sel, jadi “{tanda}” mungkin "
                          "bukan 0."), {"jumlah": zeros, "tanda": shown})
    return None


def legend_line(sign: str, shown: str, notes: str) -> str | None:
    """Return the part of the notes that explains a sign, cut to 200 characters."""
    wanted = {sign.casefold(), shown.casefold().strip()}
    if sign == "-":
        wanted |= set(_DASHES)
    elif sign == "…":
        wanted |= {"...", "…", "....", ".."}
    elif sign == "NA":
        wanted |= _NA
    marks = "|".join(re.escape(each) for each in sorted(wanted, key=len, reverse=True))
    pattern = re.compile(
        rf"(?:^|[\s;,.(“\"'])(?:tanda\s+)?[(\[“\"']?(?:{marks})[)\]”\"']?\s*"
        r"(?:\)|:|=|berarti|artinya|menunjukkan|adalah)\s*\S.*", re.IGNORECASE)
    for line in re.split(r"[\n\r|]+", notes):
        for part in (*re.split(r";\s*", line), line):
            if pattern.search(part):
                return part.strip()[:200]
    return None
