"""The arrows of the house: what may import what (design: reference -> domain -> room -> glue)."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

CODE = Path(__file__).parents[2] / "ckanext-satudata" / "ckanext" / "satudata"
NAME = "ckanext.satudata"
ROOMS = sorted(
    p.name for p in CODE.iterdir()
    if p.is_dir() and (p / "__init__.py").exists()
    and p.name not in {"domain", "shared", "logic", "stack", "reference", "schemas"}
)
SERVERS = {"ckan", "flask", "sqlalchemy", "werkzeug", "redis", "pysolr", "psycopg2", "ckantoolkit"}


def modules(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*.py") if "migration" not in p.parts)


def imports(path: Path, everywhere: bool = True) -> Iterator[str]:
    """Names a module imports; without ``everywhere`` only those at its top level."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = [NAME, *path.relative_to(CODE).with_suffix("").parts[:-1]]
    for node in ast.walk(tree) if everywhere else top_level(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*package[: len(package) - node.level + 1], base]).rstrip(".")
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def top_level(tree: ast.Module) -> Iterator[ast.AST]:
    """Walk all but the bodies of functions; an import under TYPE_CHECKING is none."""
    waiting: list[ast.AST] = [*tree.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        waiting.extend(ast.iter_child_nodes(node))


def is_in(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


@pytest.mark.parametrize("path", modules(CODE / "domain"), ids=lambda p: p.name)
def test_domain_imports_no_server_and_no_room(path: Path) -> None:
    for name in imports(path):
        assert name.split(".")[0] not in SERVERS, f"{path.name} imports {name}"
        if is_in(name, "ckanext"):
            assert any(is_in(name, f"{NAME}.{part}") or name == NAME
                       for part in ("domain", "reference", "schemas")), f"{path.name}: {name}"


@pytest.mark.parametrize("path", modules(CODE / "stack"), ids=lambda p: p.name)
def test_the_launcher_loads_no_ckan(path: Path) -> None:
    for name in imports(path, everywhere=False):
        assert name.split(".")[0] not in SERVERS, f"{path.name} imports {name} when loaded"
        if is_in(name, "ckanext"):
            assert is_in(name, f"{NAME}.stack"), f"{path.name}: {name}"


@pytest.mark.parametrize("name", ["bootstrap", "errors", "progress", "vendor"])
def test_what_runs_before_the_install_needs_the_standard_library_only(name: str) -> None:
    import sys

    for imported in imports(CODE / "stack" / f"{name}.py"):
        assert imported.split(".")[0] in sys.stdlib_module_names or is_in(
            imported, f"{NAME}.stack"), imported


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_domain_shared_and_itself(room: str) -> None:
    allowed = [f"{NAME}.{part}" for part in ("domain", "shared", "reference", "schemas", "config",
                                              room)]
    for path in modules(CODE / room):
        for name in imports(path):
            if is_in(name, NAME) and name != NAME:
                assert any(is_in(name, part) for part in allowed), (
                    f"{path.relative_to(CODE)} imports {name}: another room is reached "
                    "through tk.get_action or a signal")
