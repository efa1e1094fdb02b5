"""The message catalogs: what is ours to say, and whether it is said in both languages.

Our msgids are Indonesian, so Indonesian needs no catalog for them; ``i18n/en`` translates
all of them. ``i18n/id`` translates CKAN's own English strings that people see (CKAN's
Indonesian catalog is one fifth complete) and holds an identity entry for every msgid of
ours that CKAN would otherwise translate ("Dataset" reads "Kumpulan data" there).

``python -m ckanext.satudata.shared.catalogs update`` extracts from Python, templates and
the scheming YAML, merges, compiles; ``check`` says what is missing. See i18n/README.md.
"""
from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import ckan
import polib
import yaml
from babel.messages.extract import extract_from_file
from ckan.lib.extract import extract_ckan

__all__ = ["DOMAIN", "extract", "main", "problems", "update"]

DOMAIN = "ckanext-satudata"
PACKAGE = Path(__file__).resolve().parent.parent
I18N = PACKAGE / "i18n"

#: Keys of the scheming YAML that people read; scheming passes them through gettext.
YAML_KEYS = frozenset(
    {"description", "form_placeholder", "help_text", "label", "repeating_label", "terisi",
     "title", "upload_label"}
)

KEYWORDS: dict[str, Any] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "ungettext": (1, 2),
}

_FIELD = re.compile(r"\{[^{}]*\}|%\(\w+\)[sd]|%[sd]")
_HEADER = {
    "Project-Id-Version": "ckanext-satudata",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
_PLURALS = {
    "en": "nplurals=2; plural=(n != 1);",
    "id": "nplurals=1; plural=0;",
}

Key = tuple[str, str]


def extract() -> dict[Key, list[str]]:
    """Return every message of ours: ``(singular, plural or "")`` to the files it stands in."""
    found: dict[Key, list[str]] = {}
    for key, place in [*_from_python(), *_from_templates(), *_from_schemas()]:
        places = found.setdefault(key, [])
        if place not in places:
            places.append(place)
    return dict(sorted(found.items()))


def update() -> None:
    """Bring .pot, .po and .mo up to the sources; a new message starts untranslated."""
    messages = extract()
    template = _new("")
    for (singular, plural), places in messages.items():
        template.append(_entry(singular, plural, places))
    template.save(str(I18N / f"{DOMAIN}.pot"))

    english = _merge("en", messages, keep=lambda entry: False)
    _save("en", english)

    core = _core()
    ours = {singular for singular, _ in messages}
    indonesian = _merge("id", {}, keep=lambda entry: entry.msgid not in ours)
    for singular, plural in messages:
        if singular in core:
            indonesian.append(_identity(singular, plural, core[singular]))
    indonesian.sort(key=lambda entry: entry.msgid)
    _save("id", indonesian)


def problems() -> list[str]:
    """Say what keeps the catalogs from being complete, one line each; empty when all is well."""
    messages = extract()
    found: list[str] = []
    template = {(e.msgid, e.msgid_plural) for e in polib.pofile(str(I18N / f"{DOMAIN}.pot"))}
    for singular, _ in messages.keys() - template:
        found.append(f"pot: missing {singular!r}")
    for singular, _ in template - messages.keys():
        found.append(f"pot: nowhere used any more {singular!r}")

    english = {(e.msgid, e.msgid_plural): e for e in polib.pofile(str(_po("en")))}
    for key, places in messages.items():
        entry = english.get(key)
        if entry is None or not entry.translated():
            found.append(f"en: not translated {key[0]!r} ({places[0]})")
    core = _core()
    indonesian = {e.msgid: e for e in polib.pofile(str(_po("id")))}
    for singular, _ in messages:
        if singular in core and singular not in indonesian:
            found.append(f"id: CKAN would translate {singular!r} to {core[singular].msgstr!r}")

    for lang in ("en", "id"):
        catalog = polib.pofile(str(_po(lang)))
        for entry in catalog:
            found.extend(f"{lang}: {line}" for line in _mismatches(entry))
        if _pairs(polib.mofile(str(_po(lang).with_suffix(".mo")))) != _pairs(catalog):
            found.append(f"{lang}: the .mo is older than the .po")
    return sorted(found)


def main(arguments: list[str] | None = None) -> int:
    """Run ``update`` or ``check``; the exit status of ``check`` is 1 while something is missing."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments not in (["update"], ["check"]):
        print("usage: python -m ckanext.satudata.shared.catalogs update|check", file=sys.stderr)
        return 2
    if arguments == ["update"]:
        update()
    lines = problems()
    print("\n".join(lines) or "all messages are translated")
    return 1 if lines else 0


def _from_python() -> Iterator[tuple[Key, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield from _messages("python", path, {})


def _from_templates() -> Iterator[tuple[Key, str]]:
    for path in sorted((PACKAGE / "templates").rglob("*")):
        if path.suffix in {".html", ".txt", ".svg"}:
            yield from _messages(extract_ckan, path, {})


def _messages(method: Any, path: Path, options: dict[str, str]) -> Iterator[tuple[Key, str]]:
    for _, message, _, _ in extract_from_file(
        method, str(path), keywords=KEYWORDS, options=options, strip_comment_tags=True
    ):
        singular, plural = message if isinstance(message, tuple) else (message, "")
        if singular:
            yield (singular, plural), path.relative_to(PACKAGE).as_posix()


def _from_schemas() -> Iterator[tuple[Key, str]]:
    folder = resources.files("ckanext.satudata.schemas")
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".yaml"):
            for text in _texts(yaml.safe_load(file.read_text(encoding="utf-8"))):
                yield (text, ""), f"schemas/{file.name}"


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in YAML_KEYS and isinstance(value, str) and value.strip():
                yield value
            else:
                yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


def _core() -> dict[str, polib.POEntry]:
    """CKAN's own Indonesian catalog, by msgid."""
    path = Path(ckan.__file__).parent / "i18n" / "id" / "LC_MESSAGES" / "ckan.mo"
    return {entry.msgid: entry for entry in polib.mofile(str(path))}


def _new(lang: str) -> polib.POFile:
    catalog = polib.POFile(wrapwidth=100)
    catalog.metadata = dict(_HEADER)
    if lang:
        catalog.metadata.update({"Language": lang, "Plural-Forms": _PLURALS[lang]})
    return catalog


def _entry(singular: str, plural: str, places: list[str]) -> polib.POEntry:
    entry = polib.POEntry(msgid=singular, occurrences=[(place, "") for place in places])
    if plural:
        entry.msgid_plural = plural
        entry.msgstr_plural = {0: "", 1: ""}
    return entry


def _identity(singular: str, plural: str, core: polib.POEntry) -> polib.POEntry:
    entry = polib.POEntry(msgid=singular, msgstr=singular)
    if plural or core.msgid_plural:
        entry.msgid_plural = plural or core.msgid_plural
        entry.msgstr, entry.msgstr_plural = "", {0: singular}
    return entry


def _merge(lang: str, messages: dict[Key, list[str]], keep: Any) -> polib.POFile:
    """Return a catalog of these messages with the translations there are, plus what to keep."""
    old = polib.pofile(str(_po(lang))) if _po(lang).exists() else _new(lang)
    known = {(entry.msgid, entry.msgid_plural): entry for entry in old}
    merged = _new(lang)
    for (singular, plural), places in messages.items():
        entry = _entry(singular, plural, places)
        before = known.get((singular, plural))
        if before is not None:
            entry.msgstr, entry.msgstr_plural = before.msgstr, before.msgstr_plural
            entry.flags = list(before.flags)
        merged.append(entry)
    for entry in old:
        if not entry.obsolete and keep(entry):
            merged.append(entry)
    return merged


def _save(lang: str, catalog: polib.POFile) -> None:
    path = _po(lang)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog.save(str(path))
    catalog.save_as_mofile(str(path.with_suffix(".mo")))


def _po(lang: str) -> Path:
    return I18N / lang / "LC_MESSAGES" / f"{DOMAIN}.po"


def _pairs(catalog: Any) -> dict[Key, Any]:
    return {
        (entry.msgid, entry.msgid_plural): entry.msgstr_plural or entry.msgstr
        for entry in catalog
        if entry.msgid and (isinstance(entry, polib.MOEntry) or entry.translated())
    }


def _mismatches(entry: polib.POEntry) -> Iterator[str]:
    """A translation that lost or invented a placeholder would break the page it stands on."""
    wanted = set(_FIELD.findall(entry.msgid)) | set(_FIELD.findall(entry.msgid_plural or ""))
    for text in [entry.msgstr, *entry.msgstr_plural.values()]:
        if text and set(_FIELD.findall(text)) != wanted:
            yield f"placeholders differ in {entry.msgid!r}"


if __name__ == "__main__":
    sys.exit(main())
