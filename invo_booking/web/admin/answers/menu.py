"""Add the page of Answers to the menu."""

from invo_booking.texts import say
from invo_booking.web.core import routes
from invo_booking.web.menu import MenuEntry, MenuGroup

ENTRY = MenuEntry(MenuGroup.INSTITUTION, 1, say("menu.answers"), routes.ANSWERS)
