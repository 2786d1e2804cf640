"""Which tests show which setting obeyed, read from their source, not run."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MARKER = "obeys"
TESTS = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, order=True)
class Shown:
    """A test that shows a setting obeyed.

    Attributes:
        path: Its file, relative to the project.
    """

    path: str
    name: str


def shown_by(tests: Path = TESTS) -> dict[str, list[Shown]]:
    """Return the tests marked ``@pytest.mark.obeys("key", …)``, by key, in order."""
    found: dict[str, list[Shown]] = defaultdict(list)
    for path in sorted(tests.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                shown = Shown(str(path.relative_to(tests.parent)), function.name)
                for key in _keys(function):
                    found[key].append(shown)
    return found


def _keys(function: ast.FunctionDef) -> Iterator[str]:
    for decorator in function.decorator_list:
        is_call = isinstance(decorator, ast.Call)
        if is_call and ast.unparse(decorator.func) == f"pytest.mark.{MARKER}":
            yield from (ast.literal_eval(key) for key in decorator.args)
