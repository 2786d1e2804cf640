"""Format phone numbers."""

import phonenumbers


def phone_number_text(number: str) -> str:
    """Return an E.164 number formatted for people; empty for an empty number."""
    if not number:
        return ""
    parsed = phonenumbers.parse(number)
    international = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, international)
