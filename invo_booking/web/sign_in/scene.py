"""The picture beside the sign-in form: a calendar without words."""

import reflex as rx

Block = tuple[int, int, int, int, str]
BLOCKS: tuple[Block, ...] = (
    (80, 92, 144, 60, "done"),
    (80, 168, 144, 72, "accent"),
    (80, 344, 144, 52, "requested"),
    (242, 116, 144, 76, "accent"),
    (242, 256, 144, 72, "unassigned"),
    (242, 404, 144, 60, "accent"),
    (404, 92, 144, 44, "done"),
    (404, 212, 144, 52, "accent"),
    (404, 344, 144, 116, "accent"),
)
GRID = (
    "M0 72H560M72 72V520M234 72V520M396 72V520"
    "M72 160H560M72 248H560M72 336H560M72 424H560"
)


def sign_in_scene() -> rx.Component:
    """A calendar in the colors of the appointments' states."""
    return rx.el.svg(
        rx.el.svg.rect(
            width="560",
            height="520",
            rx="20",
            fill="var(--paper)",
            stroke="var(--line)",
        ),
        rx.el.svg.path(d=GRID, stroke="var(--line)"),
        rx.el.svg.path(d="M72 205H560", stroke="var(--now)", stroke_width="2"),
        *(_scene_block(*block) for block in BLOCKS),
        view_box="0 0 560 520",
        aria_hidden="true",
    )


def _scene_block(x: int, y: int, width: int, height: int, role: str) -> rx.Component:
    return rx.fragment(
        rx.el.svg.rect(
            x=str(x),
            y=str(y),
            width=str(width),
            height=str(height),
            rx="8",
            fill=f"var(--{role}-soft)",
            stroke=f"var(--{role})",
        ),
        rx.el.svg.rect(
            x=str(x + 12),
            y=str(y + 12),
            width="75",
            height="7",
            rx="3.5",
            fill=f"var(--{role})",
        ),
    )
