"""Let visitors choose the language of a page; provide the texts for scripts."""

import json

import reflex as rx

from invo_booking.texts import (
    in_language,
    own_language_name,
    page_language,
    page_languages,
    page_texts,
    say,
    text_direction,
)
from invo_booking.web.scripts import script

_ROOM = "browser."
"""Prefix of the keys of texts that scripts show."""


class LanguageChoice(rx.Component):
    """A field that leads to the same page in another language.

    Attributes:
        name: Class name of the field.
        label: Accessible name of the field.
        current: Language code of the page.
        languages: Names of the languages, each in its own language, by code.
    """

    library = script(__name__, "language_choice.jsx")
    tag = "LanguageChoice"

    name: rx.Var[str]
    label: rx.Var[str]
    current: rx.Var[str]
    languages: rx.Var[dict[str, str]]


def language_choice(here: str) -> rx.Component:
    """Return the language field for the page that is being drawn.

    Browsers without scripts show links instead.

    Args:
        here: Path of the page in English, from which the links are made.
    """
    languages = {code: own_language_name(code) for code in page_languages()}
    links = [
        rx.el.a(name, href=in_language(here, code), lang=code, hreflang=code)
        for code, name in languages.items()
        if code != page_language()
    ]
    return rx.fragment(
        LanguageChoice.create(
            name="language-choice",
            label=say("public.page_language"),
            current=page_language(),
            languages=languages,
        ),
        rx.el.noscript(
            rx.el.nav(
                *links,
                class_name="language-links",
                custom_attrs={"aria-label": say("public.page_language")},
            )
        ),
    )


def words_for_scripts() -> rx.Component:
    """Return a ``meta`` element with the scripts' texts in all languages.

    ``words.js`` reads the element. The entry ``direction`` is the writing direction of
    a language.
    """
    words = {code: _words_in(code) for code in page_languages()}
    return rx.el.meta(name="words", content=json.dumps(words, ensure_ascii=False))


def _words_in(language: str) -> dict[str, str]:
    texts = page_texts(language)
    return {"direction": text_direction(language)} | {
        key.removeprefix(_ROOM): texts[key].template
        for key in texts
        if key.startswith(_ROOM)
    }
