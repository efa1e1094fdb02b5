"""Write all files of the corpus to a folder, with what is expected of each beside it."""
from __future__ import annotations

import sys
from pathlib import Path

from corpus import FILES
from corpus.model import ANY, Built
from corpus.shaken import IN_THE_CORPUS, shaken


def main(folder: Path, by_dice: int = 0) -> None:
    """Write the corpus, and so many files by dice (more than the corpus has of them)."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in FILES:
        _write(folder, file.name, file.about, file.build())
    for seed in range(IN_THE_CORPUS + 1, by_dice + 1):
        _write(folder, shaken(seed)[0], f"Laid out by dice, seed {seed}.", shaken(seed)[1])


def _write(folder: Path, name: str, about: str, built: Built) -> None:
    (folder / name).write_bytes(built.data)
    (folder / f"{name}.harapan.txt").write_text(_said(about, built.expected), "utf-8")


def _said(about, expected) -> str:
    lines = [about, ""]
    if expected.refused:
        lines.append(f"refused: {expected.refused}")
    for number, table in enumerate(expected.tables, 1):
        lines.append(f"table {number} {table.sheet or ''}: {len(table.rows)} rows")
        lines.append("  " + ", ".join(f"{name}:{kind}" + (
            f" [{table.units[name]}]" if name in table.units else "")
            for name, kind in table.columns.items()))
        lines.extend("  " + " | ".join(
            "(null)" if cell is None else "(any)" if cell is ANY else str(cell) for cell in row)
            for row in table.rows[:12])
    lines.extend(f"asks: {step} {about}" for step, about in expected.asks)
    lines.extend(f"finding: {' or '.join(codes)}" for codes in expected.must)
    lines.extend(f"about {key}: {text}" for key, text in expected.about.items())
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:3]))
