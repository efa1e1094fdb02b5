"""What each word of a column could be: a figure in some notation, a sign, or neither.

Nothing is decided here. A figure is reduced to digits and marks (``Rp 1.234,-`` to ``1.234``), and
sorted by what its marks can mean; what they do mean is a matter of the whole column.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.values import signs
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
    dash: str = ""
    negative: bool = False


@dataclass
class Tokens:
    """The distinct words of a column, taken apart; arrays run along the distinct words.

    :ivar literal: the value if an open mark is decimal (and for all other figures the value)
    :ivar marks: :class:`Marks`; ``mark``: ``.`` or ``,``, the one that :class:`Marks` is about
    :ivar decimals: number of digits behind the mark (OPEN and DECIMAL)
    :ivar odd: what was taken off, by position; ``bulk``: the same for many words at once
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
    bulk: list[tuple[Parsed, np.ndarray]] = field(
        default_factory=list[tuple[Parsed, np.ndarray]])

    def taken(self) -> Iterator[tuple[Parsed, np.ndarray]]:
        """Yield what was taken off, with the positions of the words it was taken off from."""
        yield from self.bulk
        for at, found in self.odd.items():
            yield found, np.array([at])

_CURRENCY = re.compile(r"^(rp|idr|us\$|usd|\$)\s*\.?\s*(?=[-−–(]?\s*[\d.,])", re.IGNORECASE)
#: "Rp -" is a dash.
_NOTHING = re.compile(r"^(?:rp|idr)\s*\.?\s*(?=[-–—]+$)", re.IGNORECASE)
_CURRENCY_BEHIND = re.compile(r"(?<=[\d\-])\s*(rupiah|idr)$", re.IGNORECASE)
_MONEY_TAIL = re.compile(r"(?<=\d)\s*[.,]\s*[-–—=_]+$")
_DASH_TAIL = re.compile(r"(?<=\d{3})\s*-$")
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
_CORE = re.compile(r"^[+-]?[\d.,]*\d$")
_ERROR = re.compile(r"^#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|N/A|SPILL!|CALC!)$|^Err:\d+$")


def parse(word: str) -> Parsed:
    """Take one word apart."""
    text = word.replace("_x000D_", " ").strip()
    if not text or len(text) > 80:
        return Parsed(What.OTHER if text else What.EMPTY)
    if not text.isascii() and any(char.isdecimal() and not char.isascii() for char in text):
        return Parsed(What.OTHER)  # digits of other scripts: a person says what they are
    if _ERROR.match(text):
        return Parsed(What.ERROR)
    if signs.is_machine_null(text):
        return Parsed(What.NULL)
    sign = signs.canonical_sign(_NOTHING.sub("", text))
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
    if tail is None:
        tail = _DASH_TAIL.search(text)
    if tail:
        found.dash, text = tail[0].strip(), text[:tail.start()]
    if found.money:
        each = re.search(r"(?<=\d)\s*/\s*([A-Za-z]{1,12}\d?)$", text)
        if each:
            found.unit, text = f"{found.unit}/{each[1]}", text[:each.start()]
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
    text = re.sub(r"(?<=\d)\s*[.,]$", "", re.sub(r"\s*([.,])\s*(?=\d)", r"\1", text))
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


_SIMPLE = r"^[+-]?[0-9](?:[0-9.,]*[0-9])?$"
_GROUPED = r"^[+-]?[1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){2,}|(?:,[0-9]{3}){2,})$"
_BOTH = (r"^[+-]?(?:[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+)$")
#: What stands around figures by the million, taken off with Arrow before anything is parsed.
_AROUND = (
    (r"^(?i:rp|idr)[. ]{0,2}", Parsed(What.FIGURE, money=True, unit="Rp")),
    (r" ?%$", Parsed(What.FIGURE, percent=True, unit="persen")),
    (r"[.,][-–—]+$", Parsed(What.FIGURE, dash=",-")),
)


def tokens_of(distinct: pa.Array) -> Tokens:
    """Take the distinct words of a column apart."""
    n = len(distinct)
    what = np.full(n, What.OTHER, dtype=np.uint8)
    simple = _bool(pc.match_substring_regex(distinct, _SIMPLE))
    blank = _bool(pc.equal(distinct, ""))
    what[blank], what[simple] = What.EMPTY, What.FIGURE
    core, odd = distinct, dict[int, Parsed]()
    bulk: list[tuple[Parsed, np.ndarray]] = []
    rest = np.flatnonzero(~simple & ~blank)
    if len(rest) > _MANY:
        core, bulk = _bulk(core, rest, what)
        rest = rest[what[rest] != What.FIGURE]
    if len(rest):
        core, odd = _odd(core, distinct, rest, what)
    figure = what == What.FIGURE
    if not figure.all():
        core = pc.if_else(pa.array(figure), core, "")
    return Tokens(distinct, what, core, *_marks(core, figure, what), odd=odd, bulk=bulk)


def _bulk(core: pa.Array, rest: np.ndarray,
          what: np.ndarray) -> tuple[pa.Array, list[tuple[Parsed, np.ndarray]]]:
    """Take the usual ornaments off very many words at once."""
    left = core.take(pa.array(rest))
    taken: list[tuple[Parsed, np.ndarray]] = []
    for pattern, found in _AROUND:
        here = _bool(pc.match_substring_regex(left, pattern))
        if here.any():
            left = pc.replace_substring_regex(left, pattern, "")
            taken.append((found, rest[here]))
    clear = _bool(pc.match_substring_regex(left, _SIMPLE))
    what[rest[clear]] = What.FIGURE
    taken = [(found, at[what[at] == What.FIGURE]) for found, at in taken]
    return _put(core, rest[clear], left.filter(pa.array(clear))), taken


def _put(core: pa.Array, at: np.ndarray, texts: pa.Array) -> pa.Array:
    mask = np.zeros(len(core), dtype=bool)
    mask[at] = True
    return pc.replace_with_mask(core, pa.array(mask), texts)


def _odd(core: pa.Array, distinct: pa.Array, rest: np.ndarray,
         what: np.ndarray) -> tuple[pa.Array, dict[int, Parsed]]:
    """Parse words one by one, unless a sample says that the column is text."""
    odd: dict[int, Parsed] = {}
    if len(rest) > _MANY:
        some = rest[:: max(len(rest) // _SAMPLE, 1)]
        seen = [parse(word) for word in distinct.take(pa.array(some)).to_pylist()]
        if sum(each.what is What.OTHER for each in seen) > len(seen) // 2:
            what[rest] = What.OTHER
            return core, odd
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
        return core, odd
    return _put(core, np.array(at), pa.array(cores, pa.string())), odd


def _marks(core: pa.Array, figure: np.ndarray, what: np.ndarray) -> tuple[np.ndarray, ...]:
    """Sort figures by their marks: value, marks, mark, decimals, leading zero, too long."""
    n = len(core)
    marks = np.zeros(n, dtype=np.uint8)
    mark = np.full(n, "", dtype="<U1")
    decimals = np.zeros(n, dtype=np.int16)
    literal = np.full(n, np.nan)
    dots, commas = _numpy(pc.count_substring(core, ".")), _numpy(pc.count_substring(core, ","))
    power = np.zeros(n, dtype=bool)
    if what.size and (what == What.FIGURE).any():
        power = _numpy(pc.find_substring(core, "e")) >= 0
    whole = figure & (dots + commas == 0) & ~power
    length = _numpy(pc.utf8_length(core))
    zero_led = whole & (length > 1) & _bool(pc.match_substring_regex(core, "^[+-]?0[0-9]"))
    too_long = whole & (length > MAX_DIGITS + _bool(pc.match_substring_regex(core, "^[+-]")))
    plain = (whole & ~too_long) | (figure & power)
    if plain.any():
        literal[plain] = _cast(_only(core, plain))
    single = figure & (dots + commas == 1) & ~power
    if single.any():
        some = _only(core, single)
        dot = dots[single] == 1
        at = np.where(dot, _numpy(pc.find_substring(some, ".")),
                      _numpy(pc.find_substring(some, ",")))
        behind = length[single] - at - 1
        signed = _bool(pc.match_substring_regex(some, "^[+-]"))
        ahead = at - signed
        zero = _bool(pc.match_substring_regex(some, "^[+-]?0"))
        opened = (behind == 3) & (ahead >= 1) & (ahead <= 3) & ~zero
        marks[single] = np.where(opened, Marks.OPEN, Marks.DECIMAL)
        mark[single] = np.where(dot, ".", ",")
        decimals[single] = behind
        literal[single] = _cast(some if dot.all() else pc.replace_substring(some, ",", "."))
    rest = np.flatnonzero(figure & (dots + commas > 1))
    if len(rest):
        _several(core.take(pa.array(rest)), rest, what, marks, mark, literal)
    what[figure & np.isinf(literal)] = What.OTHER
    return literal, marks, mark, decimals, zero_led, too_long


def _several(left: pa.Array, at: np.ndarray, what: np.ndarray, marks: np.ndarray,
             mark: np.ndarray, literal: np.ndarray) -> None:
    """Sort figures of several marks, in place; what fits no notation is no figure."""
    grouped = _bool(pc.match_substring_regex(left, _GROUPED))
    both = _bool(pc.match_substring_regex(left, _BOTH)) & ~grouped
    what[at[~grouped & ~both]] = What.OTHER
    if grouped.any():
        some = _only(left, grouped)
        marks[at[grouped]] = Marks.GROUPED
        mark[at[grouped]] = np.where(_numpy(pc.find_substring(some, ".")) >= 0, ".", ",")
        literal[at[grouped]] = _cast(pc.replace_substring_regex(some, "[.,]", ""))
    if both.any():
        some = _only(left, both)
        comma_last = _bool(pc.match_substring_regex(some, r"\.[0-9]*,"))
        marks[at[both]] = Marks.BOTH
        mark[at[both]] = np.where(comma_last, ",", ".")
        if comma_last.any():
            literal[at[both][comma_last]] = _cast(pc.replace_substring(pc.replace_substring(
                _only(some, comma_last), ".", ""), ",", "."))
        if not comma_last.all():
            literal[at[both][~comma_last]] = _cast(
                pc.replace_substring(_only(some, ~comma_last), ",", ""))


def _only(array: pa.Array, mask: np.ndarray) -> pa.Array:
    return array if mask.all() else array.filter(pa.array(mask))


def _cast(text: pa.Array) -> np.ndarray:
    if pc.any(pc.starts_with(text, "+")).as_py():
        text = pc.utf8_ltrim(text, "+")
    return _numpy(pc.cast(text, pa.float64()))


def _numpy(array: pa.Array) -> np.ndarray:
    return array.to_numpy(zero_copy_only=False)


def _bool(array: pa.Array) -> np.ndarray:
    return array.to_numpy(zero_copy_only=False)


def clean(words: pa.Array) -> pa.Array:
    """Return words with blanks tidied, for taking them apart."""
    return tidied(words)[0]
