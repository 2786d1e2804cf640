"""Show phone numbers."""

import phonenumbers


def phone_number_text(number: str) -> str:
    """Return an E.164 number as people read it; empty if there is none."""
    if not number:
        return ""
    parsed = phonenumbers.parse(number)
    international = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, international)
