"""The portal: a requester at a computer, with the same history as in WeChat (F3)."""

from web.area import Area
from web.portal.routes import PATH

AREA = Area(name="portal", path=PATH, routes=(), is_chat=True)
