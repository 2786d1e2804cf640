"""Add the page of the institution to the menu."""

from invo_booking.texts import say
from invo_booking.web.core import routes
from invo_booking.web.menu import MenuEntry, MenuGroup

ENTRY = MenuEntry(MenuGroup.INSTITUTION, 5, say("menu.institution"), routes.INSTITUTION)
