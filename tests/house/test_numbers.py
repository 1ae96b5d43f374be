"""A number that decides something says what it is and what it was measured on, or that it was chosen."""

from __future__ import annotations

import ast
import re

from tests.house.sources import written

NAME = re.compile(r"_?[A-Z][A-Z0-9_]*")


def numeric(value: ast.expr | None) -> bool:
    """Whether an expression is made of numbers only."""
    match value:
        case ast.Constant(value=number):
            return isinstance(number, int | float) and not isinstance(number, bool)
        case ast.UnaryOp(operand=inner):
            return numeric(inner)
        case ast.BinOp(left=left, right=right):
            return numeric(left) and numeric(right)
        case ast.Tuple(elts=elements):
            return bool(elements) and all(map(numeric, elements))
        case ast.Call(func=ast.Name(id="timedelta")):
            return True
    return False


def constants(body: list[ast.stmt]) -> dict[int, tuple[ast.stmt, ast.stmt | None]]:
    """Line -> a constant in upper case that is a number, and the statement after it."""
    found: dict[int, tuple[ast.stmt, ast.stmt | None]] = {}
    for number, node in enumerate(body):
        targets = node.targets[0] if isinstance(node, ast.Assign) else node.target if isinstance(node, ast.AnnAssign) else None
        names = targets.elts if isinstance(targets, ast.Tuple) else [targets]
        named = all(isinstance(n, ast.Name) and NAME.fullmatch(n.id) for n in names)
        if isinstance(node, ast.Assign | ast.AnnAssign) and named and numeric(node.value):
            found[node.lineno] = (node, body[number + 1] if number + 1 < len(body) else None)
    return found


def bare(path: str, text: str) -> list[str]:
    """Constants without a word: no docstring below, no comment beside or above, none above the run in which they stand."""
    lines, told, wrong = text.split("\n"), set[int](), []
    for at, (node, after) in constants(ast.parse(text).body).items():
        below = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str)
        above = lines[at - 2]
        if below or "#" in lines[(node.end_lineno or at) - 1] or above.startswith("#") or at - 1 in told:
            told.update({node.end_lineno or at} if above.startswith("#") or at - 1 in told else ())
        else:
            wrong.append(f"{path}:{at}: {lines[at - 1]}")
    return wrong


def test_every_number_is_explained() -> None:
    """A docstring below, a comment beside, or one above it or above the run of numbers that it stands in."""
    wrong = [line for path, text in written().items() for line in bare(path, text)]
    assert not wrong, "\n".join(wrong)
