"""What the state of a page keeps to itself is read by its own module only."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from invo_booking.config import PROJECT

PRIVATE = re.compile("_(?!_)")
WEB = PROJECT / "invo_booking" / "web"
PAGES = sorted(
    path for path in WEB.rglob("*.py") if path.relative_to(WEB).parts[0] != "core"
)


def own(tree: ast.Module) -> set[str]:
    """Return the private names a module gives itself."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names


SHARED = own(ast.parse((WEB / "core" / "form_state.py").read_text()))
"""What every form has, and any module may call."""


def reaches(source: str) -> Iterator[str]:
    """Return the private parts of others that a module touches."""
    tree = ast.parse(source)
    known = own(tree) | SHARED
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not PRIVATE.match(node.attr):
            continue
        whose = ast.unparse(node.value)
        if whose not in {"self", "cls", "super()"} and node.attr not in known:
            yield f"{whose}.{node.attr}"


@pytest.mark.parametrize("path", PAGES, ids=lambda it: str(it.relative_to(WEB)))
def test_no_page_reaches_into_the_private_parts_of_another(path: Path):
    assert list(reaches(path.read_text())) == []


@pytest.mark.parametrize(
    "reach",
    [
        "board = await self.get_state(BookingsState)\nboard._zone",
        "(await self.get_state(BookingsState))._refresh()",
    ],
)
def test_a_planted_reach_is_found(reach):
    lines = "".join(f"    {line}\n" for line in reach.splitlines())

    assert len(list(reaches(f"async def grab(self):\n{lines}"))) == 1
