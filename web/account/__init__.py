"""The way in for browsers at a computer, and what everybody manages of their own account."""

from web.account import (
    browsers,
    first_password,
    own,
    quiet,
    scanning,
    second_factor,
    second_step,
    sign_in,
)
from web.account.guard import PATH, SIGN_IN
from web.account.routes import SIGN_OUT, way_in
from web.area import Area

_PAGES = (sign_in, second_step, first_password, scanning)
"""They put their views on `way_in`."""

AREA = Area(
    name="account",
    path=PATH,
    routes=(way_in, own.routes, second_factor.routes, browsers.routes, quiet.routes),
    not_led_to=(SIGN_IN, SIGN_OUT),
)
