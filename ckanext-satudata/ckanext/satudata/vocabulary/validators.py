"""Validators of codes: unknown ones are refused by name, with what was probably meant.

Look-up is by dictionary or bisection, whatever the size of the list (scheming's
own choice check is a linear scan). Messages quote at most the first characters of
a value, so that a hostile one does not fill the page.
"""
from __future__ import annotations

import datetime as dt
import json
import unicodedata
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata.domain import vocabulary, wilayah
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.vocabulary import present

__all__ = [
    "plain_text", "satudata_kode_wilayah", "satudata_kode_wilayah_level", "satudata_vocabulary",
    "satudata_vocabulary_list",
]

#: The longest code has 64 characters; a list may name every kecamatan of a province.
_MAX_CODE = 64
_MAX_ITEMS = 1000
_QUOTED = 60
_MAX_COMPLAINTS = 5

Key = tuple[Any, ...]
Flat = dict[Key, Any]
Errors = dict[Key, list[str]]


def quoted(value: str) -> str:
    """Return the beginning of a value for a message, without what cannot be printed."""
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in
                    value[:_QUOTED])
    return shown + ("…" if len(value) > _QUOTED else "")


def plain_text(name: str, longest: int) -> Callable[[Any], str]:
    """Make a validator for one line of text without control characters, trimmed."""

    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise tk.Invalid(_("{name} harus teks.").format(name=name))
        if len(value) > longest:
            raise tk.Invalid(
                _("{name} terlalu panjang: {length} karakter, paling banyak {longest}.").format(
                    name=name, length=len(value), longest=longest
                )
            )
        if any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in value):
            raise tk.Invalid(
                _("{name} memuat karakter yang tidak tampak. Ketik ulang tanpa menyalin.").format(
                    name=name
                )
            )
        return value.strip()

    return check


def _check_concept(found: vocabulary.Vocabulary, value: Any) -> str:
    code = plain_text(_("Kode"), _MAX_CODE)(value)
    if code in found:
        return code
    message = _("Kode “{value}” tidak ada di daftar {title}.")
    near = found.nearest(code)
    lang = present.language()
    if near is None:
        hint = _("Lihat daftarnya di {uri}.").format(uri=present.uri(found.name))
    else:
        hint = _("Ganti dengan “{code}” ({label}).").format(code=near.code, label=near.label(lang))
    message = message.format(value=quoted(code), title=found.title(lang))
    raise tk.Invalid(f"{message} {hint}")


def _check_used(found: vocabulary.Vocabulary, value: Any, context: Any) -> str:
    """Return a code that may be said here: one retired only where it was said before."""
    code = _check_concept(found, value)
    of, lang = found[code], present.language()
    if of.valid_to is None or dt.date.today() <= of.valid_to or _is_kept(code, context or {}):
        return code
    message = _("Kode “{value}” ({label}) tidak berlaku lagi setelah {day}.").format(
        value=code, label=of.label(lang), day=of.valid_to.isoformat())
    if of.successor in found:
        heir = found[of.successor]
        hint = _("Ganti dengan “{code}” ({label}).").format(code=heir.code, label=heir.label(lang))
    else:
        hint = _("Lihat daftarnya di {uri}.").format(uri=present.uri(found.name))
    raise tk.Invalid(f"{message} {hint}")


def _is_kept(code: str, context: Any) -> bool:
    """Tell whether what is written has the code already, or is not of who writes it.

    The portal itself copies data into their next version and takes those of other portals, which
    stay as they are.
    """
    if context.get("ignore_auth"):
        return True
    said = context.get("package") or context.get("group")
    if said is None:
        return False
    holders = [said, *getattr(said, "resources", ())]
    # Lists are stored as JSON in a text: its quotes are escaped, or not.
    texts = json.dumps([_stored(each) for each in holders], default=str).replace("\\", "")
    return f'"{code}"' in texts


def _stored(holder: Any) -> list[Any]:
    """Return what a dataset, file or organization says outside CKAN's own columns."""
    extras = holder.extras
    return [dict(extras) if extras else {}, getattr(holder, "license_id", "")]


def _check_wilayah(value: Any, level: str | None) -> str:
    code = plain_text(_("Kode wilayah"), 200)(value)
    if not wilayah.exists(code):
        raise tk.Invalid(_no_such_area(code))
    if level and wilayah.level(code) != level:
        raise tk.Invalid(
            _("Kode wilayah {code} adalah {name}, bukan tingkat {level}.").format(
                code=code, name=wilayah.display(code),
                level=vocabulary.get("tingkat_penyajian")[level].label(present.language()).lower(),
            )
        )
    return code


def _no_such_area(code: str) -> str:
    near = wilayah.suggest(code)
    try:
        message = _("Kode wilayah {value} ({name}) tidak berlaku lagi.").format(
            value=code, name=wilayah.get(code).full_name
        )
    except UnknownCodeError:
        message = _("Kode wilayah “{value}” tidak ada.").format(value=quoted(code))
    if near is None:
        hint = _("Tulis kode Kemendagri bertitik, misalnya 36.04, atau cari namanya di {uri}.")
        return f"{message} {hint.format(uri=present.uri(present.WILAYAH))}"
    hint = _("Ganti dengan {code} ({name}).")
    return f"{message} {hint.format(code=near.code, name=wilayah.display(near.code))}"


def satudata_vocabulary(name: str) -> Callable[[Any], Any]:
    """Make a validator for one code of a vocabulary; empty values pass.

    In a schema: ``satudata_vocabulary(frekuensi)``. A retired code is refused where it was not
    said before: data keep the code they have.

    :param name: name of the vocabulary; an unknown one fails when the schema is read.
    """
    vocabulary.get(name)

    def check(value: Any, context: Any) -> Any:
        if value is tk.missing or value is None or value == "":
            return value
        return _check_used(vocabulary.get(name), value, context)

    return check


def satudata_vocabulary_list(name: str) -> Callable[..., None]:
    """Make a validator for a list of codes of a vocabulary, stored in their order, each once.

    Accepts a list, its JSON, one code (what a form with one choice sends), or codes
    separated by commas. At the top of a dataset and in a resource the list is stored
    as JSON text, in a repeating group as a list: as ckanext-scheming does.

    :param name: name of the vocabulary; an unknown one fails when the schema is read.
    """
    vocabulary.get(name)
    return _list_validator(
        lambda value, context: _check_used(vocabulary.get(name), value, context))


def satudata_kode_wilayah(key: Key, data: Flat, errors: Errors, context: Any) -> None:
    """Refuse what is no kode wilayah in force; one code or a list of them.

    A retired code is named as such with its successor. A list is stored as
    :func:`satudata_vocabulary_list` says.
    """
    _kode_wilayah(None)(key, data, errors, context)


def satudata_kode_wilayah_level(level: str) -> Callable[..., None]:
    """Make :func:`satudata_kode_wilayah` for one level: ``satudata_kode_wilayah_level(kecamatan)``.

    :param level: provinsi, kabupaten_kota, kecamatan or desa_kelurahan; another
        fails when the schema is read.
    """
    if level not in wilayah.LEVELS:
        raise UnknownCodeError("tingkat_penyajian", level)
    return _kode_wilayah(level)


def _kode_wilayah(level: str | None) -> Callable[..., None]:
    def check(value: Any, _context: Any = None) -> str:
        return _check_wilayah(value, level)

    several = _list_validator(check)

    def validate(key: Key, data: Flat, errors: Errors, context: Any) -> None:
        value = data.get(key)
        if isinstance(value, str) and value.strip() and "[" not in value and "," not in value:
            try:
                data[key] = check(value)
            except tk.Invalid as error:
                errors[key].append(str(error.error))
                raise tk.StopOnError from None
        else:
            several(key, data, errors, context)

    return validate


def _list_validator(check: Callable[[Any, Any], str]) -> Callable[..., None]:
    def validate(key: Key, data: Flat, errors: Errors, context: Any) -> None:
        if errors.get(key):
            return
        value = data.get(key)
        if value is tk.missing or value is None or value == "" or value == []:
            data.pop(key, None)
            raise tk.StopOnError
        complaints: list[str] = []
        codes: dict[str, None] = {}
        try:
            items = _items(value)
        except tk.Invalid as error:
            items, complaints = [], [str(error.error)]
        for item in items:
            try:
                codes.setdefault(check(item, context))
            except tk.Invalid as error:
                complaints.append(str(error.error))
            # Each suggestion costs milliseconds, and nobody mends a thousand at once.
            if len(complaints) == _MAX_COMPLAINTS:
                complaints.append(_("Kode sesudah itu belum diperiksa."))
                break
        if complaints:
            errors[key].extend(complaints)
            raise tk.StopOnError
        if not codes:
            data.pop(key)
            raise tk.StopOnError
        _put(key, data, list(codes))

    return validate


def _items(value: Any) -> list[Any]:
    """Return the items of a list, its JSON, or a text with commas."""
    if isinstance(value, str):
        if len(value) > _MAX_CODE * _MAX_ITEMS:
            raise tk.Invalid(_("Daftar kode terlalu panjang."))
        if value.lstrip().startswith("["):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                raise tk.Invalid(_("Daftar kode bukan JSON yang benar.")) from None
        else:
            value = [item for item in value.split(",") if item.strip()]
    if not isinstance(value, (list, tuple)):
        raise tk.Invalid(_("Tulis daftar kode, bukan {kind}.").format(kind=type(value).__name__))
    if len(value) > _MAX_ITEMS:
        raise tk.Invalid(
            _("Terlalu banyak kode: {count}, paling banyak {most}.").format(
                count=len(value), most=_MAX_ITEMS
            )
        )
    return list(value)


def _put(key: Key, data: Flat, codes: list[str]) -> None:
    in_group = len(key) > 3 or (len(key) == 3 and key[0] != "resources")
    data[key] = codes if in_group else json.dumps(codes, ensure_ascii=False)
