"""Create the demo's customers, their notes, and reasons for cancellations."""

import random
import unicodedata

from invo_booking.domain.appointment import Customer


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST_NAMES = {
    "en": _names(
        "Carol Gary Ruth Caleb Tessa Walter Victor Iris Ty Leah Henry Joan Paul "
        "Nadia Robert Leila Hugo Lena Dale Carla Samuel Mei Ivo Jane Aisha Brian "
        "Denise Frank Gloria Harold Janelle Keith Monica Neil Olivia Patrick Sheila"
    ),
    "es": _names(
        "Ana Javier Beatriz Diego Carmen Ramón Lucía Inés Pablo Marisol Andrés "
        "Gabriela Esteban Rocío Ignacio Paloma Tomás Verónica"
    ),
    "pl": _names(
        "Marek Agnieszka Piotr Małgorzata Krzysztof Zofia Paweł Halina Łukasz "
        "Danuta Wojciech Bożena"
    ),
}
_LAST_NAMES = {
    "en": _names(
        "Jennings Olsen Adeyemi Wright Grant Kim Stahl Chang Hale Bloom Fisk "
        "Whitaker Grady Quill Haddad Dunn Tanaka Holt Carver Marsh Pritchard Boyd "
        "Castellano Drummond Everett Foley Gallagher Hobbs Ingram Keller"
    ),
    "es": _names(
        "Pérez Soto Molina Ramos Vega Salas Vidal Silva Romero Herrera Fuentes "
        "Cárdenas Ibarra Montoya Quiroga Zamora"
    ),
    "pl": _names(
        "Wójcik Zieliński Kamińska Lewandowski Dąbrowska Szymański Woźniak "
        "Kozłowska Jankowski Mazur"
    ),
}
_LOCALES = {"en": "en-US", "es": "es-US", "pl": "pl-PL"}
_ZONES = ("America/Chicago",) * 8 + ("America/New_York", "America/Los_Angeles")
_AREA_CODES = ("312", "773", "847", "708", "630")

NOTES = {
    "en": (
        "",
        "",
        "",
        "",
        "First home, we have about 15 percent saved.",
        "My husband joins from another place.",
        "Please speak slowly, I use captions.",
        "I have moved since my last visit.",
        "A short answer is enough.",
    ),
    "es": ("", "", "Es mi primera casa.", "Prefiero hablar por la tarde."),
    "pl": ("", "", "Chcę przenieść konto z innego banku."),
}

CANCEL_REASONS = ("", "", "I cannot make it.", "It has been settled by phone.")
STAFF_REASONS = (
    "Your adviser is unwell. Please choose another time.",
    "The branch closes early on that day.",
)


def demo_customer(language: str, chance: random.Random) -> Customer:
    """Return a random customer who speaks this language.

    Email addresses and phone numbers are from the ranges reserved for examples.
    """
    first = chance.choice(_FIRST_NAMES[language])
    last = chance.choice(_LAST_NAMES[language])
    number = chance.randint(100, 199)
    return Customer(
        name=f"{first} {last}",
        email=f"{_ascii(first)}.{_ascii(last)}@customers.example",
        phone=f"+1{chance.choice(_AREA_CODES)}5550{number}",
        time_zone=chance.choice(_ZONES),
        locale=_LOCALES[language],
    )


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "L"))
    return plain.encode("ascii", "ignore").decode().lower()
