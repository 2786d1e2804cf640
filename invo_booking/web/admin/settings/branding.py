"""The institution's own pictures, and the forms that replace them."""

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from invo_booking.texts import say
from invo_booking.web.admin.settings.branding_state import BrandingState
from invo_booking.web.admin.settings.branding_view import PictureView
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import submit_button
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.unsaved import unsaved_attributes


class FileForm(BaseHTML):
    """A form with a file, which the browser itself posts."""

    tag = "form"

    action: rx.Var[str]
    method: rx.Var[str]
    enc_type: rx.Var[str]


file_form = FileForm.create


def branding_panel() -> rx.Component:
    """All pictures that the institution can replace."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(say("branding.heading")),
            rx.el.p(say("branding.lead")),
            class_name="group-head",
        ),
        rx.el.div(each(BrandingState.pictures, _picture_card), class_name="card"),
        class_name="group",
        aria_label=say("branding.heading"),
    )


def _picture_card(view: PictureView) -> rx.Component:
    return rx.el.div(
        rx.el.h3(view.label, class_name="t", id=f"{view.name}-l"),
        rx.el.p(view.help, class_name="h"),
        rx.el.div(
            rx.el.div(rx.el.img(src=view.source, alt=view.words), class_name="picture"),
            _upload_form(view),
            rx.cond(view.result != "", _result_line(view)),
            class_name="c",
        ),
        rx.el.div(
            rx.el.span(view.changed),
            rx.cond(view.own, rx.el.span(_remove_form(view))),
            class_name="m",
        ),
        id=view.name,
        key=view.name,
        class_name="row",
    )


def _upload_form(view: PictureView) -> rx.Component:
    return file_form(
        rx.el.input(
            type="file",
            name="file",
            accept="image/png,image/jpeg,image/webp,image/gif",
            required=True,
            aria_label=say("branding.file", label=view.label),
        ),
        submit_button(say("branding.replace"), look=""),
        action=view.address,
        method="post",
        enc_type="multipart/form-data",
        custom_attrs=unsaved_attributes(),
        class_name="upload",
    )


def _remove_form(view: PictureView) -> rx.Component:
    return file_form(
        rx.el.button(say("branding.remove"), type="submit", class_name="link"),
        action=f"{view.address}/remove",
        method="post",
        class_name="inline",
    )


def _result_line(view: PictureView) -> rx.Component:
    return rx.el.p(
        icon(rx.cond(view.refused, "stop", "check"), 14),
        rx.el.span(view.result),
        role=rx.cond(view.refused, "alert", "status"),
        class_name=rx.cond(view.refused, "msg bad", "msg ok"),
    )
