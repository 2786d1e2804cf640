"""Small components that all staff pages use."""

from typing import Any, Final

import reflex as rx
from reflex.event import EventType
from reflex_components_core.el.elements.base import BaseHTML
from reflex_components_core.react_router import ReactRouterLink

from invo_booking.texts import say
from invo_booking.web.kit.countdown import countdown
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.text.places import PlaceView
from invo_booking.web.kit.typed import Flag, Text, number_text

UNDO_SECONDS: Final = 10


class PlainForm(BaseHTML):
    """A form that the browser posts without Reflex; the response can set cookies."""

    tag = "form"

    action: rx.Var[str]
    method: rx.Var[str]


class PlainLink(BaseHTML):
    """A link that the browser follows without Reflex; the browser moves the focus."""

    tag = "a"

    href: rx.Var[str]


plain_form = PlainForm.create
plain_link = PlainLink.create


def hidden_text(*words: Text) -> rx.Component:
    """Text for screen readers only."""
    return rx.el.span(*words, class_name="vh")


def page_link(
    *children: rx.Component | Text, to: Text, name: Text = "", current: str = ""
) -> rx.Component:
    """A link within the product; it loads no new document.

    Args:
        *children: Contents of the link.
        to: Address.
        name: Class name.
        current: Value of ``aria-current`` if the link leads to the current page or
            step, such as ``"page"``.
    """
    marks = {"aria-current": current} if current else {}
    return ReactRouterLink.create(*children, to=to, class_name=name, custom_attrs=marks)


def link_in_group(*children: rx.Component | Text, to: Text, here: Flag) -> rx.Component:
    """A link in a group; marked as current if ``here`` is true."""
    return ReactRouterLink.create(
        *children, to=to, custom_attrs={"aria-current": rx.cond(here, "true", "false")}
    )


def icon_link(name: str, label: Text, to: Text, small: str = "") -> rx.Component:
    """A link that shows only an icon."""
    return ReactRouterLink.create(
        icon(name), to=to, class_name=f"icon-btn {small}", aria_label=label
    )


def icon_button(
    name: str, label: Text, press: EventType[()], **more: Any
) -> rx.Component:
    """A button that shows only an icon; ``label`` is its accessible name."""
    return rx.el.button(
        icon(name),
        type="button",
        class_name="icon-btn",
        aria_label=label,
        on_click=press,
        **more,
    )


def button(
    *children: rx.Component | Text, press: EventType[()], look: Text = "", **more: Any
) -> rx.Component:
    """A button with text."""
    return rx.el.button(
        *children, type="button", class_name=f"btn {look}", on_click=press, **more
    )


def submit_button(
    *children: rx.Component | Text, look: str = "primary", **more: Any
) -> rx.Component:
    """The button that submits the form around it."""
    return rx.el.button(*children, type="submit", class_name=f"btn {look}", **more)


def staff_room_link(address: Text, name: str) -> rx.Component:
    """A link that opens the room of a video call for staff, in a new tab."""
    return rx.el.a(
        icon("video", 14),
        say("drawer.join"),
        hidden_text(say("drawer.join_spoken")),
        href=address,
        target="_blank",
        rel="noopener noreferrer",
        class_name=name,
    )


def status_tag(kind: Text, picture: Text, word: Text) -> rx.Component:
    """The state of something, by color, icon and word."""
    return rx.el.span(icon(picture, 14), word, class_name=f"tag {kind}")


def alert(
    *children: rx.Component,
    kind: str = "",
    mark: str = "warn",
    dismiss: EventType[()] | None = None,
    role: str = "alert",
) -> rx.Component:
    """A box with an icon, for a message that must be read now.

    Args:
        *children: The message, and what to do about it.
        kind: Class name of the color: ``ok``, ``heads``, or empty for a problem.
        mark: Name of the icon.
        dismiss: Handler that closes the box. Without a handler, the box stays until
            its cause is resolved.
        role: ``alert`` is announced at once; empty if an element around the box
            already announces its contents.
    """
    close = icon_button("x", say("kit.close"), dismiss) if dismiss else rx.fragment()
    return rx.el.div(
        icon(mark, 20),
        rx.el.div(*children),
        close,
        class_name=f"alert {kind}".strip(),
        custom_attrs={"role": role} if role else {},
    )


def problem_alert(sentence: Text, dismiss: EventType[()] | None = None) -> rx.Component:
    """A message about a problem, until dismissed or resolved."""
    return rx.el.div(
        rx.cond(sentence != "", alert(rx.el.p(sentence), dismiss=dismiss, role="")),
        role="alert",
    )


def success_alert(sentence: Text, dismiss: EventType[()]) -> rx.Component:
    """A message about what was done, until dismissed; announced politely."""
    box = alert(rx.el.p(sentence), kind="ok", mark="check", dismiss=dismiss, role="")
    return rx.el.div(rx.cond(sentence != "", box), role="status")


def success_line(sentence: Text) -> rx.Component:
    """A line about what was just done."""
    return rx.el.div(
        rx.cond(
            sentence != "",
            rx.el.p(icon("check"), rx.el.span(sentence), class_name="told"),
        ),
        role="status",
    )


def skeleton(count: int = 3) -> rx.Component:
    """Gray boxes in place of contents that are still loading."""
    return rx.el.div(
        hidden_text(say("kit.loading")),
        *(rx.el.span(class_name="bone") for _ in range(count)),
        class_name="bones",
        role="status",
    )


def place_lines(place: PlaceView) -> rx.Component:
    """Name, address with a map, phone and directions of a branch.

    The link to the map opens another site in a new tab, without a referrer.
    """
    return rx.el.div(
        rx.el.b(place.name),
        rx.cond(place.address != "", rx.el.span(place.address)),
        rx.cond(
            place.map_url != "",
            rx.el.a(
                say("kit.place.map"),
                hidden_text(say("kit.place.new_tab")),
                href=place.map_url,
                target="_blank",
                rel="noopener noreferrer",
            ),
        ),
        rx.cond(place.phone != "", rx.el.a(place.phone, href=place.phone_url)),
        rx.cond(place.hours != "", rx.el.span(place.hours)),
        rx.cond(place.directions != "", rx.el.span(place.directions)),
        class_name="place",
    )


def undo_bar(
    sentence: Text,
    *,
    number: int | rx.Var[int],
    undo: EventType[()],
    on_end: EventType[()],
    name: str,
) -> rx.Component:
    """A line with what was done and *Undo*; nothing if ``sentence`` is empty.

    Args:
        sentence: What was done.
        number: Number of the action; a new number restarts the countdown.
        undo: Handler that undoes the action.
        on_end: Handler that removes the line when the countdown ends.
        name: Class name of the line.
    """
    left = countdown(
        seconds=UNDO_SECONDS, stamp=number_text(number), mode="seconds", on_done=on_end
    )
    line = rx.el.div(
        rx.el.p(icon("check", 14), rx.el.span(sentence)),
        button(icon("undo", 14), say("kit.undo"), left, press=undo, look="sm"),
        class_name=name,
    )
    return rx.el.div(rx.cond(sentence != "", line), role="status")
