"""Names keep the rules of the house: one thing each, and questions are answered."""

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
QUESTION = re.compile(r"_?(is|has|may|can)_")
TRUTH = {"bool", "BooleanVar"}
"""What a question returns; the second is one that the browser answers."""

PARTICIPLES = {
    *("carried_out", "drawn_anew", "given_again", "looked_up", "taken_in", "told_anew"),
    *("as_told", "not_registered", "put_back", "written_again"),
}
METAPHORS = {"book", "diary", "fate", "house", "news", "roll", "sheet", "shelf"}
LOCAL = {"found", "told", "kept", "given", "asked", "roll", "sheet", "desk", "shelf"}
"""No local variable or argument is called so: it does not say what it holds."""

NEITHER = PARTICIPLES | METAPHORS | {"again", "anew", "bar", "deed", "desk", "trail"}
"""No function is called so: it says neither what is done nor what is returned."""

IRREGULAR = {
    *("begun", "bought", "broken", "brought", "built", "caught", "chosen", "done"),
    *("drawn", "driven", "due", "felt", "forgotten", "found", "given", "gone", "got"),
    *("heard", "held", "hidden", "kept", "known", "laid", "led", "left", "lost"),
    *("made", "meant", "met", "paid", "said", "seen", "sent", "shown", "sold"),
    *("spent", "spoken", "taken", "taught", "thought", "told", "understood", "won"),
    *("withdrawn", "written"),
}
PARTICIPLE = re.compile(r"\w{3,}ed|\w{3,}ing")
NO_PARTICIPLES = {"exceed", "proceed", "succeed"} | {
    *("branding", "closing", "finding", "greeting", "heading", "meeting", "opening"),
    *("nothing", "setting", "warning"),
}
"""Verbs and nouns that end like participles."""

COMMANDS = {"due"}
"""Functions whose names are typed on the command line."""

SUBJECTS = {
    "answers": "answer",
    "appointment": "appointment agent conflict drawer history",
    "audit": "audit",
    "branches": "branch",
    "bookings": "bookings calendar drag uuid",
    "calendars": "calendar",
    "closures": "closed closure holiday",
    "connection": "connection calendar host poll provider",
    "customer": "status visit",
    "dashboard": "dashboard",
    "institution": "institution",
    "landing": "landing",
    "limit": "limit",
    "people": "people person affected hours password week",
    "profile": "profile",
    "programs": "program",
    "queues": "queue language",
    "scheduler": "schedule",
    "settings": "setting branding mail_trial",
    "sign_in": "sign_in",
    "unknown": "unknown",
}
"""What the functions of a page are about, by the folder of the page; each says so."""

SUFFIXES = re.compile(r"(Manager|Helper|Util|Handler|Desk|Out)$")
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
        yield from of_file(path, tree)
        for name in classes_of(tree):
            places[name].append(path)
    for name, paths in places.items():
        if len(paths) > 1:
            yield f"class {name} exists {len(paths)} times: {', '.join(paths)}"


@cache
def of_file(path, tree):
    """Return the sentences of one file; a planted name makes no other file new."""
    return (*of_each(path, tree), *of_page(path, tree))


def of_each(path, tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and SUFFIXES.search(node.name):
            yield f"{path}: {node.name} says what it is for, not what it is"
        elif isinstance(node, Function):
            yield from of_function(path, node)


@cache
def classes_of(tree):
    nodes = ast.walk(tree)
    return [it.name.strip("_") for it in nodes if isinstance(it, ast.ClassDef)]


def of_function(path, node):
    returns = ast.unparse(node.returns) if node.returns else "nothing"
    if QUESTION.match(node.name) and returns not in TRUTH:
        yield f"{path}: {node.name} is a question and returns {returns}"
    for variable in sorted(LOCAL & set(variables(node))):
        yield f"{path}: {variable} in {node.name} does not say what it holds"
    name = node.name.strip("_")
    if name in COMMANDS:
        return
    if name in NEITHER or is_participle(name):
        yield f"{path}: {node.name} is neither a verb nor a noun"
    elif returns == "None" and is_participle(name.partition("_")[0]):
        yield f"{path}: {node.name} says what was done, not what it does"


def variables(function):
    """Return the names of the arguments and local variables of a function."""
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def of_page(path, tree):
    """Return a sentence for each function whose name could be on any page."""
    folders = Path(path).parent.parts[1:]
    if folders[:1] != ("web",) or folders[-1] not in SUBJECTS:
        return
    subjects = SUBJECTS[folders[-1]].split()
    for node in tree.body:
        if not isinstance(node, Function) or node.name.startswith("_"):
            continue
        if not any(subject in node.name for subject in subjects):
            yield f"{path}: {node.name} does not say what it is about"


def is_participle(word):
    return word in IRREGULAR or (
        word not in NO_PARTICIPLES and PARTICIPLE.fullmatch(word) and "_" not in word
    )


@pytest.fixture(scope="module")
def trees():
    return parsed()


def test_every_name_keeps_the_rules(trees):
    assert list(broken(trees)) == []


def test_every_folder_of_a_page_has_its_subjects(trees):
    pages = {Path(path).parent.name for path in trees if path.endswith("/page.py")}

    assert set(SUBJECTS) == pages | {"appointment", "closures", "connection"}


@pytest.mark.parametrize("name", ["form_of", "show_rows", "row_views"])
def test_a_function_without_its_page_breaks_the_rule(trees, name):
    path = "invo_booking/web/admin/answers/planted.py"
    planted = ast.parse(f"def {name}(): ...\ndef answer_{name}(): ...")

    assert list(broken({**trees, path: planted})) == [
        f"{path}: {name} does not say what it is about"
    ]


@pytest.mark.parametrize(
    ("planted", "sentence"),
    [
        ("class _Appointment: ...", "class Appointment exists 2 times: "),
        ("class AnswerDesk: ...", "planted.py: AnswerDesk says what it is for"),
        ("class AnswerOut: ...", "planted.py: AnswerOut says what it is for, not"),
        ("def is_free() -> str: ...", "planted.py: is_free is a question and returns"),
        ("async def _may_go(): ...", "planted.py: _may_go is a question and returns"),
        ("def given() -> int: ...", "planted.py: given is neither a verb nor a noun"),
        ("def _locked() -> int: ...", "planted.py: _locked is neither a verb nor a no"),
        ("def asking() -> int: ...", "planted.py: asking is neither a verb nor a noun"),
        ("def saved_all() -> None: ...", "planted.py: saved_all says what was done, "),
        (
            "def look() -> int:\n    found = 1\n    return found",
            "planted.py: found in look does not say what it holds",
        ),
        (
            "def look(told: str) -> int: ...",
            "planted.py: told in look does not say what it holds",
        ),
        (
            "class Planted:\n    def _house(self) -> int: ...",
            "planted.py: _house is neither a verb nor a noun",
        ),
    ],
)
def test_a_planted_name_breaks_its_rule(trees, planted, sentence):
    (found,) = broken({**trees, "planted.py": ast.parse(planted)})

    assert found.startswith(sentence)
