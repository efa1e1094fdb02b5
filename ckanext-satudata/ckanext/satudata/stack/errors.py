"""What can go wrong while starting, each with the step, the reason and what to do."""
from __future__ import annotations

__all__ = ["StackError"]


class StackError(Exception):
    """A step failed: which one, why, and what the reader can do about it.

    :param step: the step as the person saw it printed
    :param why: what happened, in one or two sentences
    :param todo: what to do next, a line to type where there is one
    """

    def __init__(self, step: str, why: str, todo: str = "") -> None:
        super().__init__(f"{step}: {why}")
        self.step, self.why, self.todo = step, why, todo

    def text(self) -> str:
        """Return the message as printed to the person."""
        lines = [f"Failed: {self.step}", f"  Why:  {_indent(self.why)}"]
        if self.todo:
            lines.append(f"  Do:   {_indent(self.todo)}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, str]:
        """Return the three parts, to hand them from one process to another."""
        return {"step": self.step, "why": self.why, "todo": self.todo}


def _indent(text: str) -> str:
    return text.strip().replace("\n", "\n        ")
