"""Names keep the rules of the house: one thing each, and questions are answered."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
QUESTION = re.compile(r"_?(is|has|may|can)_")
TRUTH = {"bool", "BooleanVar"}
"""What a question returns; the second is one that the browser answers."""

PARTICIPLES = {
    *("agreed", "asked", "begun", "carried_out", "checked", "colliding", "compared"),
    *("composed", "derived", "drafted", "drawn_anew", "given", "given_again", "kept"),
    *("lacking", "looking", "moved", "placed", "prepared", "repeated", "replaced"),
    *("said", "shifted", "swapped", "taken_in", "unpacked", "wanted", "written_again"),
}
METAPHORS = {"book", "diary", "fate", "house", "news", "roll", "sheet", "shelf"}
NEITHER = PARTICIPLES | METAPHORS | {"again", "anew", "bar", "deed", "desk", "trail"}
"""No function is called so: it says neither what is done nor what is returned."""

SUFFIXES = re.compile(r"(Manager|Helper|Util|Handler|Desk)$")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def parsed():
    paths = sorted((ROOT / "invo_booking").rglob("*.py"))
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for path in paths
    }


def broken(trees):
    """Return a sentence for each name that breaks a rule."""
    places = defaultdict(list)
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places[node.name.strip("_")].append(path)
                if SUFFIXES.search(node.name):
                    yield f"{path}: {node.name} says what it is for, not what it is"
            elif isinstance(node, Function):
                yield from of_function(path, node)
    for name, paths in places.items():
        if len(paths) > 1:
            yield f"class {name} exists {len(paths)} times: {', '.join(paths)}"


def of_function(path, node):
    returns = ast.unparse(node.returns) if node.returns else "nothing"
    if QUESTION.match(node.name) and returns not in TRUTH:
        yield f"{path}: {node.name} is a question and returns {returns}"
    if node.name.strip("_") in NEITHER:
        yield f"{path}: {node.name} is neither a verb nor a noun"


@pytest.fixture(scope="module")
def trees():
    return parsed()


def test_every_name_keeps_the_rules(trees):
    assert list(broken(trees)) == []


@pytest.mark.parametrize(
    ("planted", "sentence"),
    [
        ("class _Appointment: ...", "class Appointment exists 2 times: "),
        ("class AnswerDesk: ...", "planted.py: AnswerDesk says what it is for"),
        ("def is_free() -> str: ...", "planted.py: is_free is a question and returns"),
        ("async def _may_go(): ...", "planted.py: _may_go is a question and returns"),
        ("def given() -> int: ...", "planted.py: given is neither a verb nor a noun"),
        (
            "class Planted:\n    def _house(self) -> int: ...",
            "planted.py: _house is neither a verb nor a noun",
        ),
    ],
)
def test_a_planted_name_breaks_its_rule(trees, planted, sentence):
    (told,) = broken({**trees, "planted.py": ast.parse(planted)})

    assert told.startswith(sentence)
