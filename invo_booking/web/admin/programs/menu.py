"""Add the page of programs to the menu."""

from invo_booking.texts import say
from invo_booking.web.core import routes
from invo_booking.web.menu import MenuEntry, MenuGroup

ENTRY = MenuEntry(MenuGroup.OVERSIGHT, 2, say("menu.programs"), routes.PROGRAMS)
