"""Small parts used all over the pages of staff."""

from typing import Any, Final

import reflex as rx
from reflex.event import EventType
from reflex_components_core.el.elements.base import BaseHTML
from reflex_components_core.react_router import ReactRouterLink

from invo_booking.texts import say
from invo_booking.web.kit.countdown import countdown
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.text.places import PlaceView
from invo_booking.web.kit.typed import Flag, Text

UNDO_SECONDS: Final = 10


class PlainForm(BaseHTML):
    """A form the browser itself sends, past Reflex, so that the answer sets cookies."""

    tag = "form"

    action: rx.Var[str]
    method: rx.Var[str]


class PlainLink(BaseHTML):
    """A link the browser itself follows, so that it moves the focus on the page."""

    tag = "a"

    href: rx.Var[str]


plain_form = PlainForm.create
plain_link = PlainLink.create


def hidden_text(*words: Text) -> rx.Component:
    """Words for those who listen instead of looking."""
    return rx.el.span(*words, class_name="vh")


def page_link(
    *children: rx.Component | Text, to: Text, name: Text = "", current: str = ""
) -> rx.Component:
    """A link inside the product; no new document is loaded.

    Args:
        *children: What it shows.
        to: Where it leads.
        name: Its class name.
        current: What of the reader's whereabouts it is, such as ``"page"``.
    """
    marks = {"aria-current": current} if current else {}
    return ReactRouterLink.create(*children, to=to, class_name=name, custom_attrs=marks)


def link_in_group(*children: rx.Component | Text, to: Text, here: Flag) -> rx.Component:
    """A link of a group, marked while one is where it leads."""
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
    """A button that shows only an icon."""
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
    """A button with words."""
    return rx.el.button(
        *children, type="button", class_name=f"btn {look}", on_click=press, **more
    )


def submit_button(
    *children: rx.Component | Text, look: str = "primary", **more: Any
) -> rx.Component:
    """The button that sends the form around it."""
    return rx.el.button(*children, type="submit", class_name=f"btn {look}", **more)


def staff_room_link(address: Text, name: str) -> rx.Component:
    """The link by which staff enter the room of a video call, in a new tab."""
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
    """A state: color, icon and word together."""
    return rx.el.span(icon(picture, 14), word, class_name=f"tag {kind}")


def alert(
    *children: rx.Component,
    kind: str = "",
    mark: str = "warn",
    dismiss: EventType[()] | None = None,
    role: str = "alert",
) -> rx.Component:
    """A box with an icon: something that must be read now.

    Args:
        *children: Sentences, and what to do about it.
        kind: Class name of its color: ``ok``, ``heads``, or empty for a problem.
        mark: The icon.
        dismiss: Closes it; without it, it stays until the cause is gone.
        role: ``alert`` is spoken at once; empty within an element that is.
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
    """Where a problem is said in a sentence, until it is read or put right."""
    return rx.el.div(
        rx.cond(sentence != "", alert(rx.el.p(sentence), dismiss=dismiss, role="")),
        role="alert",
    )


def success_alert(sentence: Text, dismiss: EventType[()]) -> rx.Component:
    """Where it is said what was done, until it is read; spoken when there is time."""
    box = alert(rx.el.p(sentence), kind="ok", mark="check", dismiss=dismiss, role="")
    return rx.el.div(rx.cond(sentence != "", box), role="status")


def success_line(sentence: Text) -> rx.Component:
    """What was just done, in a sentence."""
    return rx.el.div(
        rx.cond(
            sentence != "",
            rx.el.p(icon("check"), rx.el.span(sentence), class_name="told"),
        ),
        role="status",
    )


def skeleton(count: int = 3) -> rx.Component:
    """Gray boxes in place of what is still on its way."""
    return rx.el.div(
        hidden_text(say("kit.loading")),
        *(rx.el.span(class_name="bone") for _ in range(count)),
        class_name="bones",
        role="status",
    )


def place_lines(place: PlaceView) -> rx.Component:
    """Name, address with a map, phone and directions of a branch.

    The map is another site: it opens in its own tab and is not told the page's address.
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
    sentence: Text, *, undo: EventType[()], on_end: EventType[()], name: str
) -> rx.Component:
    """A line that says what was done; nothing while there is nothing to undo.

    Args:
        sentence: What was done; another one restarts the time.
        undo: Undoes it.
        on_end: Takes the offer away.
        name: Class name of the line.
    """
    left = countdown(
        seconds=UNDO_SECONDS, stamp=sentence, mode="seconds", on_done=on_end
    )
    line = rx.el.div(
        rx.el.p(icon("check", 14), rx.el.span(sentence)),
        button(icon("undo", 14), say("kit.undo"), left, press=undo, look="sm"),
        class_name=name,
    )
    return rx.el.div(rx.cond(sentence != "", line), role="status")
