"""What an administrator's form shows at first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from invo_booking.web.kit.text.names import OptionView


@dataclass
class CheckView:
    """A checkbox: field name, label, and whether it is ticked."""

    name: str = ""
    label: str = ""
    is_on: bool = False


@dataclass
class FormView:
    """Initial values; a new ``key`` makes the browser fill in the form again.

    Attributes:
        texts: Texts by field; a field without a text is empty, a switch is off.
        options: Options of drop-down lists that depend on stored data.
        checks: Groups of checkboxes.
    """

    key: str = ""
    texts: dict[str, str] = field(default_factory=dict[str, str])
    options: dict[str, list[OptionView]] = field(
        default_factory=dict[str, list[OptionView]]
    )
    checks: dict[str, list[CheckView]] = field(
        default_factory=dict[str, list[CheckView]]
    )


@dataclass
class ItemForm(FormView):
    """Initial values of the form of an item.

    Attributes:
        id: Empty for a new item.
        version: Version of the item.
        heading: Heading of the page while the form is shown.
    """

    id: str = ""
    version: int = 1
    heading: str = ""


def check_views(
    prefix: str, names: Mapping[Any, str], chosen: Iterable[Any]
) -> list[CheckView]:
    """Return a checkbox for each name; the chosen keys are ticked.

    Args:
        prefix: Begin of the names of the boxes, before the key.
        names: Labels by key.
        chosen: Keys of the ticked boxes.
    """
    ticked = set(chosen)
    return [
        CheckView(f"{prefix}{key}", name, key in ticked) for key, name in names.items()
    ]
