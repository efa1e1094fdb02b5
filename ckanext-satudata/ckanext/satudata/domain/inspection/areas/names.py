"""How a name of an area is read: what stands in front of it, short forms, other spellings.

The same reading is applied to the official list and to what a person wrote, so that "Waringin
Kurung", "Waringinkurung" and "Kec. Waringinkurung" meet under one key.
"""
from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from ckanext.satudata.domain.wilayah_search import PROVINCES, plain

__all__ = ["Reading", "abbreviation", "is_nation", "key", "plain", "readings", "sound", "spelled",
           "without_class"]

#: No name in the list is longer; what is longer is a sentence.
MAX_NAME = 80

#: A footnote mark behind a name: ``Papua 1)``, ``Jakarta *)``, ``Sorong²``.
_FOOTNOTE = re.compile(r"[\s*]*(?:\(?[0-9a-e*]{1,2}\)|\*+|[¹²³⁴⁵⁶⁷⁸⁹]+)\s*$")
#: A row number or a code in front of it: ``1. Anyar``, ``(2) Anyar``, ``010 Anyar``.
_NUMBERED = re.compile(r"^\s*\(?(?:[0-9][0-9. ]*|[ivx]{1,5}[.)]|[a-z][.)])[.):\-]?\s+(?=\S*[a-z])",
                       re.I)

#: Short forms of whole words that mean one thing only.
_SHORT = {
    "kep": "kepulauan", "tj": "tanjung", "tg": "tanjung", "tjg": "tanjung", "sei": "sungai",
    "sungei": "sungai", "gn": "gunung", "gng": "gunung", "tlk": "teluk", "lbk": "lubuk",
    "btg": "batang", "mns": "meunasah", "perk": "perkebunan", "bdr": "bandar", "psr": "pasar",
    "kampong": "kampung", "kmp": "kampung",
}
#: Numbers are written either way: ``Ilir Timur I``, ``Ilir Timur 1``.
_ROMAN = {str(number): word for number, word in enumerate(
    ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"), 1)}
_WRITTEN = {**_SHORT, **_ROMAN}
_NUMERALS = frozenset(_ROMAN.values())
_SPOKEN = {word: _ROMAN[str(number)] for number, word in enumerate(
    ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh",
     "sebelas"), 1)}
#: Words that say what kind of place it is, left out as often as not: (Pulau) Lakor.
_CLASSES = frozenset({"kota", "pulau", "kepulauan", "teluk", "kep", "tlk", "distrik"})

#: Names of provinces as people and BPS write them, beside the official ones.
_PROVINCES = {
    **PROVINCES,
    "dki jakarta": "daerah khusus ibukota jakarta", "jakarta": "daerah khusus ibukota jakarta",
    "dki": "daerah khusus ibukota jakarta",
    "dk jakarta": "daerah khusus ibukota jakarta", "dkj": "daerah khusus ibukota jakarta",
    "daerah khusus jakarta": "daerah khusus ibukota jakarta",
    "di yogyakarta": "daerah istimewa yogyakarta",
    "d i yogyakarta": "daerah istimewa yogyakarta",
    "d k i jakarta": "daerah khusus ibukota jakarta",
    "di jogjakarta": "daerah istimewa yogyakarta",
    "yogyakarta": "daerah istimewa yogyakarta",
    "bangka belitung": "kepulauan bangka belitung",
    "nanggroe aceh darussalam": "aceh", "nad": "aceh", "di aceh": "aceh",
    "irian jaya": "papua", "irian jaya barat": "papua barat",
    "sumatra utara": "sumatera utara", "sumatra barat": "sumatera barat",
    "sumatra selatan": "sumatera selatan",
}
#: Kabupaten that were renamed, and short names of long ones, in everyday use.
_REGENCIES = {
    "toba samosir": "toba", "tobasa": "toba",  # UU 12/1998 -> PP 2020
    "mamuju utara": "pasangkayu",  # PP 61/2017
    "maluku tenggara barat": "kepulauan tanimbar",  # PP 2/2019
    "polewali mamasa": "polewali mandar", "polman": "polewali mandar",
    "yapen waropen": "kepulauan yapen",
    "sitaro": "kepulauan siau tagulandang biaro",
    "siau tagulandang biaro": "kepulauan siau tagulandang biaro",
    "pangkep": "pangkajene dan kepulauan", "pangkajene kepulauan": "pangkajene dan kepulauan",
    "oku": "ogan komering ulu", "oku timur": "ogan komering ulu timur",
    "oku selatan": "ogan komering ulu selatan", "oki": "ogan komering ilir",
    "pali": "penukal abab lematang ilir", "muba": "musi banyuasin",
    "50 kota": "lima puluh kota", "bolmong": "bolaang mongondow",
    "mahakam hulu": "mahakam ulu", "pematang siantar": "pematangsiantar",
}

_FRONT = {
    "provinsi": re.compile(r"^(?:provinsi|propinsi|prop|prov|province)\s+(?:of\s+)?"),
    "kabupaten_kota": re.compile(
        r"^(?:(?P<kabupaten>kabupaten|kab|kabu|kbpt)|(?P<kota>kota|kotamadya|kodya|kotip|kt))\s+"
        r"(?:(?:administrasi|administratif|adm)\s+)?"),
    "kecamatan": re.compile(
        r"^(?:kecamatan|kec|kcmtn|distrik|dist|district|kapanewon|kemantren|kapanewonan|camat)\s+"),
    "desa_kelurahan": re.compile(
        r"^(?:(?P<kelurahan>kelurahan|kel|klurahan)|(?P<desa>desa|ds|dsa)|gampong|gp|nagari|nag"
        r"|kampung|kamp|pekon|kalurahan|lembang|tiyuh|negeri|ohoi|village)\s+"),
}
_BEHIND = re.compile(r"^(?P<name>.+?)\s+(?P<kind>kabupaten|kab|kota|kodya)$")
#: What stands in the list in front of the name of a kab/kota.
_IN_LIST = re.compile(r"^(?:kabupaten|kota)\s+(?:administrasi\s+)?")
_OLD = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("nj", "ny"), ("sj", "sy"), ("h", ""), ("y", "i"),
        ("v", "p"), ("f", "p"), ("z", "j"), ("q", "k"))
_DOUBLED = re.compile(r"(.)\1+")
_NATION = frozenset({"indonesia", "nasional", "nkri", "total indonesia", "jumlah indonesia",
                     "republik indonesia", "se indonesia"})


class Reading(NamedTuple):
    """One way to read a name: its key, the kind said with it ("kota"), and as it was written."""

    key: str
    kind: str
    plain: str


def key(words: str) -> str:
    """Return the key of a plain name: short forms written out, without blanks."""
    return "".join([_WRITTEN.get(word, word) for word in words.split()])


def _unspoken(words: str) -> str:
    """Return a plain name with its numbers in figures: ``koto tujuh`` is ``koto vii``."""
    return " ".join(_SPOKEN.get(word, word) for word in words.split())


def spelled(name: str, level: str) -> tuple[str, ...]:
    """Return the keys under which an area of the list is found, its own first.

    ``Konda/ Kondaga`` and ``Misool (Misool Utara)`` are two names each.
    """
    words = plain(name)
    if level == "kabupaten_kota":
        words = _IN_LIST.sub("", words)
    keys = [key(words)]
    if not _SPOKEN.keys().isdisjoint(words.split()):
        keys.append(key(_unspoken(words)))
    if "/" in name or "(" in name:
        keys += [key(plain(part)) for part in re.split(r"[/()]", name) if len(plain(part)) > 3]
    if keys[0].startswith("kepulauan") and level == "kabupaten_kota":
        keys.append(keys[0].removeprefix("kepulauan"))
    return tuple(dict.fromkeys(keys))


def without_class(words: str) -> str:
    """Return the key of a plain name without words such as "kota" and "pulau"."""
    return key(" ".join(word for word in words.split() if word not in _CLASSES))


def sound(of: str) -> str:
    """Return a key as it sounds: ``Tjiroeas`` and ``Ciruas``, ``Labuhan`` and ``Labuan`` meet."""
    for old, new in _OLD:
        of = of.replace(old, new)
    return _DOUBLED.sub(r"\1", of)


def is_nation(text: str) -> bool:
    """Say whether a label names the whole country."""
    return plain(text) in _NATION


@lru_cache(maxsize=200_000)
def readings(text: str, level: str) -> tuple[Reading, ...]:
    """Return the ways to read a cell as the name of an area of a level, the likeliest first."""
    if not text or len(text) > MAX_NAME:
        return ()
    found: dict[Reading, None] = {}
    for variant in _variants(text):
        words = plain(variant)
        if words and not words.isdigit():
            for reading in _by_kind(words, level):
                found.setdefault(reading)
    return tuple(found)


def _variants(text: str) -> list[str]:
    bare = _FOOTNOTE.sub("", text)
    made = [text, bare, _NUMBERED.sub("", text), _NUMBERED.sub("", bare)]
    return list(dict.fromkeys(made))


def _by_kind(words: str, level: str) -> list[Reading]:
    # "Kota Agung", "Kampung Gelgel" and "Lima Puluh Kota" are also whole names.
    made = _known(words, "", level)
    front = _FRONT[level].match(words)
    rest = words[front.end():] if front else ""
    if front and rest:
        said = [name for name, value in front.groupdict().items() if value]
        made += _known(rest, said[0] if said else "", level)
    elif level == "kabupaten_kota" and (behind := _BEHIND.match(words)):
        kind = "kota" if behind["kind"] in ("kota", "kodya") else "kabupaten"
        made += _known(behind["name"], kind, level)
    return made


def _known(words: str, kind: str, level: str) -> list[Reading]:
    other = {"provinsi": _PROVINCES, "kabupaten_kota": _REGENCIES}.get(level, {}).get(words)
    made = [Reading(key(words), kind, words), Reading(key(_unspoken(words)), kind, words)]
    if other:
        # "Yogyakarta" among provinces; a name that is official comes first all the same.
        made.append(Reading(key(other), kind, other))
    return made


def abbreviation(words: str) -> re.Pattern[str] | None:
    """Return a pattern for the keys a name with shortened words may stand for, if it has any.

    ``lb wangi`` fits ``lebakwangi``: a word of up to four letters without two vowels in it may
    be short for any word that begins with it and has its letters in order.
    """
    parts: list[str] = []
    short = whole = False
    for word in words.split():
        vowels = sum(letter in "aiueo" for letter in word)
        if len(word) <= 4 and (vowels < 2 or word in _SHORT) and word.isalpha() \
                and word not in _NUMERALS:
            parts.append("[a-z]*?".join(word) + "[a-z]*?")
            short = True
        else:
            parts.append(_ROMAN.get(word, _SHORT.get(word, word)))
            whole = whole or len(word) >= 4
    return re.compile("".join(parts)) if short and whole else None
