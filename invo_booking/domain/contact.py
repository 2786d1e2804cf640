"""Normalize text that people type or browsers send.

All input passes through this module before it is stored, compared, counted or looked
up, so that equal values have the same form. Invisible characters are removed and cause
no error, so a value that looks right is accepted.

Invalid input of a person raises a ``ValueError`` whose message can be shown beside the
field. An invalid value from a browser is replaced with a fallback.
"""

import re
import unicodedata
import zoneinfo
from collections.abc import Callable
from enum import StrEnum
from functools import cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from invo_booking.texts import page_languages, say

NAME_LIMIT = 120
NOTES_LIMIT = 1000
"""Most characters of notes, on pages, in the API's schema and in the database."""

EMAIL_LIMIT = 254
"""Most characters that mail servers must accept (RFC 5321, erratum 1690)."""

_PHONE_LIMIT = 40
_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
JOINERS = "\u200c\u200d"
"""Zero-width characters that only emoji and scripts such as Persian and Hindi need."""

_BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_LOOSE_JOINERS = re.compile(
    "(?<![\u0600-\u1fff\u2100-\ufdff\ufe0f\U00010000-\U000e0000])[\u200c\u200d]"
    "|[\u200c\u200d](?![\u0600-\u1fff\u2100-\ufdff\U00010000-\U000e0000])"
)
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_LOOSE_SELECTORS = re.compile(
    "(?<![\u00a9\u00ae\u1000-\u109f\u1820-\u18aa\u203c-\u2bff\u3000-\ufaff"
    "\U0001f000-\U0003ffff])"
    "(?:[\ufe00-\ufe0f](?!\u20e3)|[\U000e0100-\U000e01ef])"
)
"""Variation selectors without effect. Selectors have an effect only in keycaps and
after symbols, pictograms, ideographs and letters with variants."""

_MARKS = re.compile(f"[{_SELECTORS}{JOINERS}]")
_MARKS_IN_A_ROW = 6
_RAW_LIMIT = 400
"""Most characters of a short field's input, invisible characters included."""

_NOT_ZONES = frozenset({"localtime", "Factory", "posixrules"})
_LOCALE = re.compile(
    r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?"
    r"(?![A-Za-z0-9])"
)
_NO_LANGUAGE = frozenset({"und", "mul", "mis", "zxx"})


class Requirement(StrEnum):
    """Which contact details a customer must provide."""

    EMAIL = "email"
    PHONE = "phone"
    BOTH = "both"
    NEITHER = "neither"

    @property
    def wants_email(self) -> bool:
        """Whether an e-mail address must be given."""
        return self in {Requirement.EMAIL, Requirement.BOTH}

    @property
    def wants_phone(self) -> bool:
        """Whether a phone number must be given."""
        return self in {Requirement.PHONE, Requirement.BOTH}


def contact_problems(
    requirement: Requirement, *, name: str, email: str, phone: str, region: str
) -> dict[str, str]:
    """Return the problems of a contact form; empty if there are none.

    Args:
        requirement: Which contact details are required.
        name: As typed.
        email: As typed; may be empty.
        phone: As typed; may be empty.
        region: ISO 3166 country of a phone number without country code.

    Returns:
        An error message for each of ``name``, ``email`` and ``phone`` with a problem.
    """
    problems = {
        "name": _problem("name", name, clean_name, needed=True),
        "email": _problem("email", email, _EMAIL, needed=requirement.wants_email),
        "phone": _problem(
            "phone",
            phone,
            lambda text: _PHONE(text, region),
            needed=requirement.wants_phone,
        ),
    }
    return {field: sentence for field, sentence in problems.items() if sentence}


def visible_text(text: str) -> str:
    """Return text without invisible characters, composed (NFC) and trimmed.

    Removes bidirectional overrides and isolates, zero-width characters, soft hyphens,
    byte order marks, blank letters, floods of combining marks, and joiners and
    variation selectors without meaning. Line ends and control characters are kept.
    Idempotent.
    """
    if text.isascii():
        return text.strip()
    seen = without_marks(unicodedata.normalize("NFC", text))
    seen = _without_floods(unicodedata.normalize("NFC", seen))
    seen = _LOOSE_JOINERS.sub("", _LOOSE_SELECTORS.sub("", seen))
    return unicodedata.normalize("NFC", seen).strip()


def without_marks(text: str) -> str:
    """Return text without its invisible characters, except joiners and selectors."""
    return "".join(filter(_is_visible, text))


def plain_text(text: str) -> str:
    """Return an e-mail address, a number or a code in plain characters, trimmed.

    Like ``visible_text``, but also replaces compatibility forms such as full-width
    characters (NFKC) and removes all joiners and variation selectors.
    """
    folded = unicodedata.normalize("NFKC", _MARKS.sub("", visible_text(text)))
    return _MARKS.sub("", visible_text(folded))


def text_to_compare(text: str) -> str:
    """Return text as a search compares it: visible characters, case folded."""
    return visible_text(" ".join(visible_text(text).split()).casefold())


def clean_text(text: str, *, limit: int, lines: bool = False) -> str:
    """Return text without invisible characters, maybe empty; see ``visible_text``.

    Args:
        text: As typed.
        limit: Most characters allowed.
        lines: Whether line breaks are allowed; each becomes a line feed.

    Raises:
        ValueError: If the text is too long, or has line breaks that are not allowed or
            characters that nobody can type (NUL, controls, lone surrogates).
    """
    if len(text) > 10 * limit:
        raise ValueError(_too_long(limit))
    if any(unicodedata.category(character) == "Cs" for character in text):
        raise ValueError(say("contact.broken"))
    text = _LINE_ENDS.sub("\n", visible_text(text))
    if "\n" in text and not lines:
        raise ValueError(say("contact.one_line"))
    text = text.replace("\t", " ")
    if any(_is_control(character) for character in text):
        raise ValueError(say("contact.not_shown"))
    if len(text) > limit:
        raise ValueError(_too_long(limit))
    return text


def clean_name(text: str) -> str:
    """Return a person's name, on one line with single spaces.

    Raises:
        ValueError: As ``clean_text`` does, or if the name has no letter.
    """
    name = " ".join(clean_text(text, limit=NAME_LIMIT).split())
    if name and not any(character.isalpha() for character in name):
        raise ValueError(say("contact.name_letters"))
    return name


def clean_email(text: str) -> str:
    """Return an e-mail address in lower case, with its domain in ASCII (punycode).

    Lower case ensures that one mailbox is one customer. The DNS is not queried.

    Raises:
        ValueError: If the text is not an e-mail address.
    """
    typed = _short(text)
    if len(typed) > EMAIL_LIMIT:
        raise ValueError(_too_long(EMAIL_LIMIT))
    try:
        email = validate_email(
            typed,
            allow_smtputf8=False,
            check_deliverability=False,
            globally_deliverable=False,
            strict=True,
            test_environment=True,  # reserved domain .test, for evaluations
        )
    except (EmailNotValidError, UnicodeError) as error:
        raise ValueError(say("contact.email_invalid")) from error
    address = (email.ascii_email or "").lower()
    if "." not in email.ascii_domain or not 0 < len(address) <= EMAIL_LIMIT:
        raise ValueError(say("contact.email_invalid"))
    return address


def clean_optional_email(text: str) -> str:
    """Return an e-mail address as ``clean_email`` does; empty if nothing was typed.

    Raises:
        ValueError: If the text is neither empty nor an e-mail address.
    """
    return clean_email(text) if visible_text(text) else ""


def email_to_look_up(text: str) -> str:
    """Return an e-mail address as it is stored, to look it up or to count attempts.

    Any other text is accepted as well: it matches no account, but attempts with this
    text are counted.
    """
    try:
        return clean_email(text)
    except ValueError:
        return plain_text(plain_text(text[:_RAW_LIMIT]).lower())


def email_to_count_by(address: str) -> str:
    """Return the form of an e-mail address by which rate limits count requests.

    Mail to ``rosa+bank@example.com`` and to ``rosa@example.com`` arrives in the same
    mailbox, so limits count both as one customer. Mail is still sent to the original
    address.
    """
    mailbox, _, domain = address.rpartition("@")
    return f"{mailbox.partition('+')[0] or mailbox}@{domain}" if domain else address


def masked_email(address: str) -> str:
    """Return an e-mail address with only its first letter and domain readable."""
    mailbox, _, domain = address.rpartition("@")
    return f"{mailbox[:1]}\u2022\u2022\u2022@{domain}" if domain else ""


def clean_phone(text: str, region: str = "US") -> str:
    """Return a phone number in E.164, such as ``+13125550100``.

    Args:
        text: As typed.
        region: ISO 3166 country of a number that does not start with ``+``.

    Raises:
        ValueError: If the text is not a phone number.
    """
    typed = _short(text)
    if len(typed) > _PHONE_LIMIT or not typed.isprintable():
        raise ValueError(say("contact.phone_invalid"))
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException as error:
        raise ValueError(say("contact.phone_invalid")) from error
    if number.extension:
        raise ValueError(say("contact.extension"))
    if not phonenumbers.is_valid_number(number):
        raise ValueError(say("contact.phone_invalid"))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def clean_optional_phone(text: str, region: str = "US") -> str:
    """Return a phone number as ``clean_phone`` does; empty if nothing was typed.

    Raises:
        ValueError: If the text is neither empty nor a phone number.
    """
    return clean_phone(text, region) if visible_text(text) else ""


def phone_url(phone: str) -> str:
    """Return a number as a ``tel:`` URL (RFC 3966); empty for an empty number."""
    digits = "".join(sign for sign in phone if sign.isdigit() or sign == "+")
    return f"tel:{digits}" if digits else ""


def clean_time_zone(text: str) -> str:
    """Return the IANA name of a typed time zone.

    Raises:
        ValueError: If the name is not in the time-zone database.
    """
    zone = known_zone(_short(text), "")
    if not zone:
        raise ValueError(say("contact.zone_unlisted"))
    return zone


def known_zone(text: object, otherwise: str) -> str:
    """Return the time zone a device reports, or a fallback if it is unknown.

    Args:
        text: Any value from a browser or a program, such as ``Etc/Unknown``,
            ``+05:30``, ``undefined``, a number or ``None``.
        otherwise: Fallback, such as the institution's zone.
    """
    return text if isinstance(text, str) and text in time_zones() else otherwise


def known_locale(text: object, otherwise: str) -> str:
    """Return the locale a device reports, as a BCP 47 tag of at most 11 characters.

    Keeps language, script and region. Other parts (a calendar, ``@posix``, ``.UTF-8``)
    are removed.

    Args:
        text: Any value from a browser or a program, even a number or ``None``.
        otherwise: Fallback tag.
    """
    match = _LOCALE.match(text) if isinstance(text, str) else None
    if match is None or match.group(1).lower() in _NO_LANGUAGE:
        return otherwise
    language, script, region = match.groups()
    parts = (language.lower(), (script or "").title(), (region or "").upper())
    return "-".join(filter(None, parts))


def locale_to_write(locale: str, language: str) -> str:
    """Return a locale changed to a language: ``es-US`` for ``en-US`` and ``es``.

    The locale is returned unchanged if mails are not available in the language.
    """
    if language not in page_languages() or language_of_locale(locale) == language:
        return locale
    match = _LOCALE.match(locale)
    region = match.group(3) if match else ""
    return f"{language}-{region.upper()}" if region else language


def language_of_locale(locale: str) -> str:
    """Return the ISO 639 language of a locale: ``es`` for ``es-MX`` and ``es_MX``."""
    return locale.replace("_", "-").partition("-")[0].lower()


@cache
def time_zones() -> frozenset[str]:
    """Return the IANA names of all time zones, without technical entries."""
    return frozenset(zoneinfo.available_timezones() - _NOT_ZONES)


_EMAIL, _PHONE = clean_email, clean_phone  # aliases for ``contact_problems``
_MISSING = {
    "name": "contact.name_missing",
    "email": "contact.email_missing",
    "phone": "contact.phone_missing",
}


def _problem(
    field: str, text: str, clean: Callable[[str], str], *, needed: bool
) -> str:
    if not visible_text(text[:_RAW_LIMIT]):
        return say(_MISSING[field]) if needed else ""
    try:
        clean(text)
    except ValueError as error:
        return str(error)
    return ""


def _too_long(limit: int) -> str:
    return say("contact.too_long", limit=limit)


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc" and character != "\n"


def _is_visible(character: str) -> bool:
    if character in JOINERS:
        return True  # depends on the neighbors: see ``_LOOSE_JOINERS``
    return character not in _BLANK_LETTERS and unicodedata.category(character) != "Cf"


def _without_floods(text: str) -> str:
    characters: list[str] = []
    marks = 0
    for character in text:
        if character not in JOINERS:
            marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        if marks <= _MARKS_IN_A_ROW:
            characters.append(character)
    return "".join(characters)


def _short(text: str) -> str:
    """Return the ``plain_text`` of a text, or the text itself if it is too long."""
    return plain_text(text) if len(text) <= _RAW_LIMIT else text
