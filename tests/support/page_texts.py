"""Finds text in source code that people would read, and the keys that code uses."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


SHOWN = _names("alt aria_label empty help hint label legend placeholder title")
"""Arguments whose words are always read."""

HIDDEN = _names("""
    accept action as_ aria_controls aria_describedby aria_hidden aria_labelledby
    aria_live auto_complete class_name classes d date_time described_by download
    encoding enc_type extra field field_id fill form format height href html_for id
    input_mode key keys kind labelled_by level library list_id locale look mark method
    mode name on_load pattern picture program rel role route rows scope size src step
    stroke style tag target timespec tone type url value view_box width
""")
"""Arguments that nobody reads: classes, ids, addresses, kinds."""

UNREAD_CALLS = _names("""
    AssertionError CheckConstraint ConnectionRefused ContextVar Exception Field Gauge
    Header ImportVar ParamSpec RuntimeError SQL SharedGates TimeoutError TypeError
    TypeVar ValueError Var ZoneInfo account_audit_entry asset begin_submission by cast
    compile count_trial debug decode encode error exception filterwarnings fullmatch
    get getattr icon info isoformat make_once_outside normalize partition removeprefix
    removesuffix repeatable_secret rpartition search set_focus setattr split
    startswith strftime strptime sub warning
""")
"""Functions whose arguments go to the log, to the audit log's stored names of actions,
to a parser or to a program.
"""

UNREAD_PREFIXES = ("_log", "_record", "record_")
CHOICES = frozenset({"cond", "match", "text_by", "text_if"})
"""Functions that return one of their arguments."""

SPEECH = frozenset({"count", "say", "weave"})
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
LETTER = re.compile(r"[^\W\d_]")
CODE = re.compile(r"[^\s\w]*[\w./:#@?=&%+,$|^*{}<>\[\]()-]*")
TAG = re.compile(r"<[^<>]*>?")
STATEMENT = re.compile(
    r"\s*(SELECT|INSERT INTO|UPDATE|DELETE|SET LOCAL|LISTEN|CREATE|ALTER|WITH \w+ AS)\b"
)
HEADER = re.compile(
    r"(default-src|form-action|attachment|[a-z]+/[a-z]+); ?.*|.*'(self|none)'.*"
)
"""What a database or a browser reads."""

WORD = re.compile(r"([A-Z][a-z]+|[A-Z][a-z]*(-[a-z]+)+)[.,:;!?\u2026]?")


@dataclass(frozen=True)
class Speech:
    """One call that says a text: which, and what it fills in."""

    function: str
    key: str
    blanks: frozenset[str]
    line: int


class Source:
    """One module, with the parent of each node."""

    def __init__(self, source: str) -> None:
        self.tree = ast.parse(source)
        self._nodes = list(ast.walk(self.tree))
        self._parents = {
            child: node for node in self._nodes for child in ast.iter_child_nodes(node)
        }

    @property
    def imports_texts(self) -> bool:
        """Whether the module says texts from the catalogues."""
        return any(
            isinstance(node, ast.ImportFrom) and node.module == "invo_booking.texts"
            for node in self.tree.body
        )

    def texts(self, *, has_entries: bool = False) -> Iterator[tuple[int, str]]:
        """Return each text that people would read, with its line.

        Values that are filled in are written ``{}``.

        Args:
            has_entries: Whether the module consists of entries of settings, which hold
                their own texts; then only its functions are read.
        """
        for node in self._nodes:
            if has_entries and not any(self._within(node)):
                continue
            words = self._words_of(node)
            if LETTER.search(words) and self._is_shown(node, words):
                yield node.lineno, words.replace("\0", "{}")

    def dotted_names(self) -> Iterator[str]:
        """Return the literals that look like keys."""
        for node in self._nodes:
            name = node.value if isinstance(node, ast.Constant) else ""
            if isinstance(name, str) and KEY.fullmatch(name):
                yield name

    def speeches(self) -> Iterator[Speech]:
        """Return the calls that name their text."""
        for call in self._speech_calls():
            key = call.args[0] if call.args else None
            if isinstance(key, ast.Constant):
                blanks = frozenset(str(word.arg) for word in call.keywords)
                name = name_of(call.func)
                yield Speech(name, str(key.value), blanks, call.lineno)

    def early_speeches(self) -> Iterator[int]:
        """Return the lines that say a text while the module is imported."""
        for call in self._speech_calls():
            if not any(self._within(call)):
                yield call.lineno

    def _speech_calls(self) -> Iterator[ast.Call]:
        if not self.imports_texts:
            return
        for node in self._nodes:
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if is_call and node.func.id in SPEECH:
                yield node

    def _within(self, node: ast.AST) -> Iterator[ast.AST]:
        """Return the functions and classes around a node, decorators included."""
        while parent := self._parents.get(node):
            if isinstance(
                parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
            ):
                yield parent
            node = parent

    def _words_of(self, node: ast.AST) -> str:
        """Return the words of a literal, with a zero byte for each value in it."""
        parent = self._parents.get(node)
        if isinstance(parent, ast.Expr | ast.JoinedStr | ast.FormattedValue):
            return ""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else ""
        if not isinstance(node, ast.JoinedStr):
            return ""
        parts = (self._constant(part) for part in node.values)
        return "".join(parts)

    def _constant(self, part: ast.expr) -> str:
        return str(part.value) if isinstance(part, ast.Constant) else "\0"

    def _is_shown(self, node: ast.AST, words: str) -> bool:
        places = list(self._places(node))
        if "hidden" in places:
            return False
        is_child = is_element(self._parents[node])
        return is_child or "shown" in places[:1] or is_readable(words)

    def _places(self, node: ast.AST) -> Iterator[str]:
        """Return what the expressions around a literal make of it, innermost first."""
        while (parent := self._parents.get(node)) is not None:
            if isinstance(parent, ast.stmt):
                yield from self._place_in_statement(parent, node)
                return
            yield from self._place_in_expression(parent, node)
            node = parent

    def _place_in_expression(self, parent: ast.AST, node: ast.AST) -> Iterator[str]:
        match parent:
            case ast.keyword(arg=name) if name in SHOWN:
                yield "shown"
            case ast.keyword(arg=name) if name in HIDDEN and not self._fills(parent):
                yield "hidden"
            case ast.Call(func=function) if node in parent.args and is_unread(function):
                yield "hidden"
            case ast.Call(func=function) if name_of(function) not in CHOICES:
                yield "argument"
            case ast.Subscript(slice=where) if where is node:
                yield "hidden"
            case ast.Dict(keys=keys) if node in keys:
                yield "hidden"
            case ast.Compare() | ast.arg():
                yield "hidden"

    def _fills(self, keyword: ast.keyword) -> bool:
        """Whether an argument fills a blank of a text."""
        call = self._parents[keyword]
        return isinstance(call, ast.Call) and name_of(call.func) in SPEECH

    def _place_in_statement(self, statement: ast.stmt, node: ast.AST) -> Iterator[str]:
        match statement:
            case ast.AnnAssign(annotation=annotation) if annotation is node:
                yield "hidden"
            case ast.FunctionDef(returns=returns) if returns is node:
                yield "hidden"
            case ast.AsyncFunctionDef(returns=returns) if returns is node:
                yield "hidden"
            case ast.Assign(targets=[ast.Name(id="tag" | "library" | "__all__")]):
                yield "hidden"


def is_element(node: ast.AST) -> bool:
    """Whether a call makes an element, as in ``rx.el.p``."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="el"))):
            return True
    return False


def is_readable(words: str) -> bool:
    """Whether a literal is words rather than a name, an address or a format."""
    if STATEMENT.match(words) or HEADER.fullmatch(words):
        return False
    words = TAG.sub("", words)
    if WORD.fullmatch(words):
        return True
    return not CODE.fullmatch(words.replace("\0", "x"))


def is_unread(function: ast.expr) -> bool:
    """Whether the arguments of a function go to the log, a parser or a program."""
    name = name_of(function)
    if isinstance(function, ast.Name) and name == "text":  # SQLAlchemy's
        return True
    return name in UNREAD_CALLS | SPEECH or name.startswith(UNREAD_PREFIXES)


def name_of(function: ast.expr) -> str:
    """Return the last part of a function's name."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
