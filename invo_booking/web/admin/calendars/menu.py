"""Add the page of the Calendar API to the menu."""

from invo_booking.texts import say
from invo_booking.web.core import routes
from invo_booking.web.menu import MenuEntry, MenuGroup

ENTRY = MenuEntry(MenuGroup.OVERSIGHT, 3, say("menu.calendar_api"), routes.CALENDAR_API)
