"""Describe how and where customer and agent meet, for mails and calendar entries."""

from invo_booking.domain.appointment import Channel
from invo_booking.mail.facts import MailFacts
from invo_booking.mail.plain import one_line_of_mail
from invo_booking.mail.words import mail_words, readable_mail_locale
from invo_booking.texts.phones import phone_number_text

_PHONE_LENGTH = 40


def meeting_sentence(facts: MailFacts) -> str:
    """Say how customer and agent meet, in the customer's language; may be empty."""
    locale = readable_mail_locale(facts.appointment.customer.locale)
    number = _number_to_call(facts)
    way = _way_of_meeting(facts, number)
    return mail_words(locale.language).say("channels_more", way, phone=number)


def meeting_location(facts: MailFacts) -> str:
    """Return who calls whom, or the address of a video call; otherwise empty."""
    if facts.appointment.channel is Channel.PHONE:
        return meeting_sentence(facts)
    return facts.room_url


def meeting_place(facts: MailFacts) -> str:
    """Return the branch, or who calls whom; empty for other channels.

    Omits the address of a video call, which is secret.
    """
    if facts.branch is not None:
        return one_line_of_mail(facts.branch.location, 400)
    is_call = facts.appointment.channel is Channel.PHONE
    return meeting_sentence(facts) if is_call else ""


def _way_of_meeting(facts: MailFacts, number: str) -> str:
    """Return the key of the text that says how customer and agent meet."""
    channel = facts.appointment.channel
    if channel is Channel.VIDEO:
        return "video" if facts.room_url else "video_unset"
    if channel is not Channel.PHONE:
        return str(channel)
    if facts.customer_calls:
        return "phone_yours"
    return "phone" if number else "phone_unknown"


def _number_to_call(facts: MailFacts) -> str:
    """Return the number to call: the institution's, or a verified customer's."""
    if facts.customer_calls:
        return one_line_of_mail(facts.institution.phone, _PHONE_LENGTH)
    appointment = facts.appointment
    return (
        phone_number_text(appointment.customer.phone) if appointment.is_proven else ""
    )
