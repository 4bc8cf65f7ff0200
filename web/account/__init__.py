"""The way in for browsers at a computer, and what everybody manages of their own account."""

from web.account.guard import PATH
from web.area import Area

AREA = Area(name="account", path=PATH, routes=(), not_led_to=(PATH,))
