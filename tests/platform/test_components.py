"""Our own components hand Reflex vars to the browser, and the type checker sees all."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import reflex as rx

from invo_booking.config import PROJECT
from invo_booking.web.kit.tables import each

WEB = PROJECT / "invo_booking" / "web"
SOURCES = sorted(WEB.rglob("*.py"))
BASES = ("Component", "BaseHTML")
DECLARED = ("rx.Var[", "rx.EventHandler[")


def plain_props(source: str) -> Iterator[str]:
    """Return the props of components that Reflex would write out as plain values."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and is_component(node):
            for prop in node.body:
                if isinstance(prop, ast.AnnAssign) and prop.value is None:
                    kind = ast.unparse(prop.annotation)
                    if not kind.startswith(DECLARED):
                        yield f"{node.name}.{ast.unparse(prop.target)}: {kind}"


def is_component(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base).endswith(BASES) for base in node.bases)


def test_every_prop_of_a_component_is_a_var_or_a_handler():
    found = {path.stem: list(plain_props(path.read_text())) for path in SOURCES}

    assert {name: props for name, props in found.items() if props} == {}


def test_a_planted_list_is_found():
    source = "class Grid(rx.Component):\n    days: list[DayView]\n"

    assert list(plain_props(source)) == ["Grid.days: list[DayView]"]


def test_no_page_switches_the_type_checker_off():
    found = [path.name for path in SOURCES if "# pyright:" in path.read_text()]

    assert found == []


@dataclass
class Line:
    id: str
    words: str


@pytest.mark.parametrize(("kind", "name"), [(Line, '"id"'), (str, "index")])
def test_row_belongs_to_its_item_wherever_the_list_moves_it(kind, name):
    items = rx.Var("items", _var_type=list[kind])

    drawn = each(items, lambda _: rx.el.li("words")).render()

    [key] = [prop for prop in drawn["children"][0]["props"] if prop.startswith("key:")]
    assert name in key
