"""The portal: a requester at a computer, with the same history as in WeChat (F3).

Made as the pages of the console are (web/console/__init__.py says how). Templates extend
`portal/base.html` and fill its block `page`; above it stands the bar of an urgent bulletin.
"""

from web.account.guard import require_reader
from web.area import Area
from web.media import media_routes
from web.portal import (
    bulletins,
    complaint,
    knowledge,
    maintenance,
    notices,
    rating,
    report,
    start,
    ticket_acts,
    tickets,
)
from web.portal.routes import PATH

AREA = Area(
    name="portal",
    path=PATH,
    routes=(
        start.routes,
        report.routes,
        tickets.routes,
        ticket_acts.routes,
        rating.routes,
        complaint.routes,
        notices.routes,
        bulletins.routes,
        maintenance.routes,
        knowledge.routes,
        media_routes(require_reader, "portal", PATH),
    ),
    is_chat=True,
)
