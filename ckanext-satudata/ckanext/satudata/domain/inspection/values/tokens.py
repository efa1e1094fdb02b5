"""What each word of a column could be: a figure in some notation, a sign, or neither.

Nothing is decided here. A figure is reduced to digits and marks (``Rp 1.234,-`` to ``1.234``), and
sorted by what its marks can mean; what they do mean is a matter of the whole column.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.inspection.values import signs
from ckanext.satudata.domain.inspection.values.arrow import pc
from ckanext.satudata.domain.inspection.values.texts import BLANKS, tidied

__all__ = ["Marks", "Parsed", "Tokens", "What", "parse", "tokens_of"]

#: Odd words parsed one by one; a column with more different ones is looked at by sample first.
_MANY = 50_000
_SAMPLE = 2_000
#: A figure of more digits is an identity number: a double does not hold it.
MAX_DIGITS = 15


class What(IntEnum):
    """What a word is by itself."""

    EMPTY = 0
    FIGURE = 1
    SIGN = 2
    NULL = 3
    ERROR = 4
    OTHER = 5


class Marks(IntEnum):
    """What the marks in a figure can mean."""

    NONE = 0
    #: ``12.080``: thousands or decimals
    OPEN = 1
    #: ``12.5``: decimals, unless a thousand lost its zeros
    DECIMAL = 2
    #: ``1.234.567``: thousands
    GROUPED = 3
    #: ``1.234,5``: both, the last is decimal
    BOTH = 4


@dataclass
class Parsed:
    """One odd word taken apart."""

    what: What
    core: str = ""
    sign: str = ""
    suffix: str = ""
    unit: str = ""
    money: bool = False
    percent: bool = False
    note: bool = False
    negative: bool = False


@dataclass
class Tokens:
    """The distinct words of a column, taken apart; arrays run along the distinct words.

    :ivar literal: the value if an open mark is decimal (and for all other figures the value)
    :ivar marks: :class:`Marks`; ``mark``: ``.`` or ``,``, the one that :class:`Marks` is about
    :ivar decimals: number of digits behind the mark (OPEN and DECIMAL)
    :ivar odd: what was taken off, by position
    """

    words: pa.Array
    what: np.ndarray
    core: pa.Array
    literal: np.ndarray
    marks: np.ndarray
    mark: np.ndarray
    decimals: np.ndarray
    zero_led: np.ndarray
    too_long: np.ndarray
    odd: dict[int, Parsed] = field(default_factory=dict[int, Parsed])

    def is_figure(self) -> np.ndarray:
        return self.what == What.FIGURE


_CURRENCY = re.compile(r"^(rp|idr|us\$|usd|\$)\s*\.?\s*(?=[-−–(]?\s*[\d.,])", re.IGNORECASE)
_CURRENCY_BEHIND = re.compile(r"(?<=[\d\-])\s*(rupiah|idr)$", re.IGNORECASE)
_MONEY_TAIL = re.compile(r"(?<=\d)\s*[.,]\s*[-–—=_]+$")
_PERCENT = re.compile(r"(?<=[\d)])\s*(?:%|persen|prosen|percent)$", re.IGNORECASE)
_SUPER = re.compile(r"[⁰¹²³⁴-⁹⁺⁽⁾ᵃ-ᶻ†‡§]+")
_NOTE_TAIL = re.compile(r"(?:(?<=\d)\s+\(?\d{1,2}\)|(?<=\d)\s*\(?[a-df-qs-w]\)|(?<=\d)\s*\[\w\])$",
                        re.IGNORECASE)
_SUFFIX = re.compile(r"(?<=\d)\s*(\(?(?:\*{1,3}|xx?|r|e|b)\)|\*{1,3}|(?:xx?|r|e|b))$",
                     re.IGNORECASE)
_UNIT = re.compile(r"^([^A-Za-z°µ²³]*\d)\s*([A-Za-z°µ][A-Za-z°µ²³./ ]*?(?:[23](?![\d]))?)\.?$")
_SCIENTIFIC = re.compile(r"^([+-]?\d(?:[.,]\d+)?)[eE]([+-]?\d{1,3})$")
_SPACED = re.compile(r"^([+-]?\d{1,3})((?: \d{3})+)([.,]\d+)?$")
_QUOTED = re.compile(r"^([+-]?\d{1,3})((?:['’]\d{3})+)([.,]\d+)?$")
_MINUS = re.compile(r"^[−–—‒﹣－-]\s*(?=[\d.,])")
_CORE = re.compile(r"^[+-]?[\d.,]*\d[.,]?$|^[+-]?[.,]\d+$")
_ERROR = re.compile(r"^#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|N/A|SPILL!|CALC!)$|^Err:\d+$")


def parse(word: str) -> Parsed:
    """Take one word apart."""
    text = word.replace("_x000D_", " ").strip()
    if not text or len(text) > 80:
        return Parsed(What.OTHER if text else What.EMPTY)
    if _ERROR.match(text):
        return Parsed(What.ERROR)
    if signs.is_machine_null(text):
        return Parsed(What.NULL)
    sign = signs.canonical_sign(text)
    if sign is not None:
        return Parsed(What.SIGN, sign=sign)
    return _figure(re.sub(r"^['’`‘](?=[\d.,+-])", "", text))


def _figure(text: str) -> Parsed:
    found = Parsed(What.FIGURE)
    text = re.sub(rf"{BLANKS}+", " ", text).strip()
    bare = text
    text = _SUPER.sub("", text).strip() if not re.search(r"[a-z][²³]$", text, re.I) else text
    found.note = text != bare
    if re.fullmatch(r"\(\s*[^()]*\d[^()]*\)", text):
        found.negative, text = True, text[1:-1].strip()
    text = _MINUS.sub("-", text)
    lead = _CURRENCY.match(text) or _CURRENCY.match(text.lstrip("-"))
    if lead:
        found.money, found.unit = True, _currency(lead[1])
        minus = text.startswith("-")
        text = _CURRENCY.sub("", text.lstrip("-") if minus else text)
        text = _MINUS.sub("-", ("-" if minus else "") + text)
    behind = _CURRENCY_BEHIND.search(text)
    if behind:
        found.money, found.unit, text = True, "Rp", text[:behind.start()]
    tail = _MONEY_TAIL.search(text)
    if tail:
        found.money, text = True, text[:tail.start()]
    if found.money:
        text = re.sub(r"(?<=\d)\s*-$", "", text)
        if re.fullmatch(r"\(\s*[^()]*\d[^()]*\)", text):
            found.negative, text = True, text[1:-1].strip()
    noted = _NOTE_TAIL.sub("", text)
    if noted != text:
        found.note, text = True, noted.strip()
    scientific = _SCIENTIFIC.match(text)
    if scientific:
        exponent = int(scientific[2])
        if abs(exponent) < 300:
            found.core = f"{scientific[1].replace(',', '.')}e{exponent}"
            return found
        return Parsed(What.OTHER)
    suffix = _SUFFIX.search(text)
    if suffix:
        found.suffix, text = signs.suffix_sign(suffix[1]), text[:suffix.start()].strip()
    percent = _PERCENT.search(text)
    if percent:
        found.percent, text = True, text[:percent.start()].strip()
        found.unit = "persen"
    unit = _UNIT.match(text)
    if unit:
        found.unit, text = unit[2].strip(), unit[1].strip()
    core = _core(text)
    if core is None:
        return Parsed(What.OTHER)
    found.core = core
    if found.negative:
        found.core = "-" + core.lstrip("+") if not core.startswith("-") else core
    return found


def _core(text: str) -> str | None:
    text = re.sub(r"\s*([.,])\s*(?=\d)", r"\1", text)
    for grouped in (_SPACED, _QUOTED):
        match = grouped.match(text)
        if match:
            whole = match[1] + re.sub(r"\D", "", match[2])
            # The blank groups thousands, so the other mark is decimal beyond doubt.
            return whole + ("" if not match[3] else f".{match[3][1:]}e0")
    return text if _CORE.match(text) and any(char.isdigit() for char in text) else None


def _currency(text: str) -> str:
    return "Rp" if text.casefold() in ("rp", "idr") else "US$"


def is_known_unit(unit: str) -> bool:
    """Tell whether a unit written in cells is one of the vocabulary."""
    return vocabulary.get("satuan").match(unit.rstrip(".")) is not None


_SIMPLE = r"^[+-]?[0-9][0-9.,]*$"
_OPEN = r"^[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}$"
_DECIMAL = r"^[+-]?[0-9]*[.,][0-9]*$"
_GROUPED = r"^[+-]?[1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){2,}|(?:,[0-9]{3}){2,})$"
_BOTH = (r"^[+-]?(?:[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]*|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]*)$")
_EXPONENT = r"^[+-]?[0-9]+(?:\.[0-9]+)?e[+-]?[0-9]+$"
_WHOLE = r"^[+-]?[0-9]+$"


def tokens_of(distinct: pa.Array) -> Tokens:
    """Take the distinct words of a column apart."""
    n = len(distinct)
    what = np.full(n, What.OTHER, dtype=np.uint8)
    simple = _bool(pc.match_substring_regex(distinct, _SIMPLE))
    blank = _bool(pc.equal(distinct, ""))
    what[blank], what[simple] = What.EMPTY, What.FIGURE
    core, odd = distinct, dict[int, Parsed]()
    rest = np.flatnonzero(~simple & ~blank)
    if len(rest):
        core, odd = _odd(distinct, rest, what)
    figure = what == What.FIGURE
    if not figure.all():
        core = pc.if_else(pa.array(figure), core, "")
    tokens = Tokens(distinct, what, core, *_marks(core, figure, what), odd=odd)
    return tokens


def _odd(distinct: pa.Array, rest: np.ndarray, what: np.ndarray) -> tuple[pa.Array,
                                                                          dict[int, Parsed]]:
    odd: dict[int, Parsed] = {}
    if len(rest) > _MANY:
        some = rest[:: max(len(rest) // _SAMPLE, 1)]
        seen = [parse(word) for word in distinct.take(pa.array(some)).to_pylist()]
        if sum(each.what is What.OTHER for each in seen) > len(seen) // 2:
            what[rest] = What.OTHER
            return distinct, odd
    cores: list[str] = []
    at: list[int] = []
    picked = distinct.take(pa.array(rest)).to_pylist()
    for position, word in zip(rest.tolist(), picked, strict=True):
        found = parse(word)
        what[position] = found.what
        if found.what is not What.OTHER:
            odd[position] = found
        if found.what is What.FIGURE:
            cores.append(found.core)
            at.append(position)
    if not at:
        return distinct, odd
    mask = np.zeros(len(distinct), dtype=bool)
    mask[at] = True
    return pc.replace_with_mask(distinct, pa.array(mask), pa.array(cores, pa.string())), odd


def _marks(core: pa.Array, figure: np.ndarray, what: np.ndarray) -> tuple[np.ndarray, ...]:
    n = len(core)
    marks = np.zeros(n, dtype=np.uint8)
    mark = np.full(n, "", dtype="<U1")
    decimals = np.zeros(n, dtype=np.int16)
    literal = np.full(n, np.nan)
    zero_led = np.zeros(n, dtype=bool)
    too_long = np.zeros(n, dtype=bool)
    whole = _bool(pc.match_substring_regex(core, _WHOLE)) & figure
    if whole.any():
        zero_led = _bool(pc.match_substring_regex(core, "^[+-]?0[0-9]")) & whole
        too_long = whole & (pc.utf8_length(core).to_numpy(zero_copy_only=False) > MAX_DIGITS)
        plain = whole & ~too_long
        literal[plain] = _floats(core, plain)
    rest = figure & ~whole
    if not rest.any():
        return literal, marks, mark, decimals, zero_led, too_long
    at = np.flatnonzero(rest)
    left = core.take(pa.array(at))
    taken = np.zeros(len(at), dtype=bool)
    kinds = ((_OPEN, Marks.OPEN), (_BOTH, Marks.BOTH), (_GROUPED, Marks.GROUPED),
             (_DECIMAL, Marks.DECIMAL), (_EXPONENT, Marks.NONE))
    for pattern, kind in kinds:
        here = _bool(pc.match_substring_regex(left, pattern)) & ~taken
        if not here.any():
            continue
        taken |= here
        some = left.filter(pa.array(here))
        marks[at[here]] = kind
        dotted = pc.find_substring(some, ".").to_numpy(zero_copy_only=False)
        comma = pc.find_substring(some, ",").to_numpy(zero_copy_only=False)
        if kind is Marks.BOTH:
            which = np.where(dotted > comma, ".", ",")
        else:
            which = np.where(dotted >= 0, ".", ",")
        if kind is not Marks.NONE:
            mark[at[here]] = which
        if kind in (Marks.OPEN, Marks.DECIMAL):
            decimals[at[here]] = (pc.utf8_length(some).to_numpy(zero_copy_only=False)
                                  - np.maximum(dotted, comma) - 1)
        literal[at[here]] = _literal(some, kind, which)
    what[at[~taken]] = What.OTHER
    return literal, marks, mark, decimals, zero_led, too_long


def _literal(some: pa.Array, kind: Marks, mark: np.ndarray) -> np.ndarray:
    dots = pa.array(mark == ".")
    if kind is Marks.GROUPED:
        return _cast(pc.replace_substring_regex(some, "[.,]", ""))
    if kind is Marks.BOTH:
        dotted = pc.replace_substring(some, ",", "")
        comma = pc.replace_substring(pc.replace_substring(some, ".", ""), ",", ".")
        return _cast(pc.if_else(dots, dotted, comma))
    return _cast(pc.replace_substring(some, ",", "."))


def _floats(core: pa.Array, mask: np.ndarray) -> np.ndarray:
    return _cast(core if mask.all() else core.filter(pa.array(mask)))


def _cast(text: pa.Array) -> np.ndarray:
    text = pc.utf8_ltrim(text, "+")
    return pc.cast(text, pa.float64()).to_numpy(zero_copy_only=False)


def _bool(array: pa.Array) -> np.ndarray:
    return array.to_numpy(zero_copy_only=False)


def clean(words: pa.Array) -> pa.Array:
    """Return words with blanks tidied, for taking them apart."""
    return tidied(words)[0]
