"""The console of those who work here: queue, tickets, talks, phone, board, settings (F2–F16).

How a page is made:

    routes = pages("queue")                      # routes.py; all below /console, signed in

    @routes.get("/queue")
    @needs(Permission.TICKET_LIST)               # page.py; each view has it (a house test looks)
    def queue() -> Response:
        with looking() as desk:                  # acts.py; a Desk that only reads, for GET
            page = listing.page(desk, …)         # services judge each object by the same table
        return show("console/queue.html", page=page)

    @routes.post("/tickets/<ticket:number>/note")
    @needs(Permission.TICKET_NOTE)
    def note(number: str) -> Response:
        filled = read_form(Field("words", 2000, is_required=True))   # forms.py
        def do(desk: Desk) -> Led:               # one transaction, once for each request key
            …
            return Led(f"/console/tickets/{number}", ticket.id)
        return once("note", do)                  # inbox, commit, nudge, redirect

- Templates extend `console/base.html` (blocks `title`, `content`, `side`, `scripts`) or, for what
  htmx swaps, stand in files of their own that the page includes.
- Words are in web/texts/console_*.yaml, one file for each subject.
- Styles and scripts: web/static/console/; nothing inline, for the policy forbids it.
- What moves by itself: `web/static/shared/live.js` and `web/live.py`; what did not move is answered
  in `web/short_way.py` if its view says on which state it rests.
- A new file of pages is named in AREA below.
"""

from web.account.guard import require_reader
from web.area import Area
from web.console import (
    admin,
    alerts,
    alerts_one,
    appraisal,
    appraisal_all,
    attainment,
    attainment_file,
    attainment_misses,
    board,
    bulletins,
    canned,
    complaints,
    complaints_acts,
    complaints_export,
    complaints_new,
    complaints_page,
    exports,
    follow_ups,
    forms,
    handovers,
    knowledge,
    knowledge_acts,
    knowledge_beside,
    knowledge_edit,
    knowledge_file,
    knowledge_pictures,
    maintenance,
    phone,
    queue,
    queue_bulk,
    queue_export,
    queue_layout,
    queue_views,
    roster,
    roster_chain,
    roster_duty,
    roster_feeds,
    roster_fill,
    roster_mine,
    roster_patterns,
    roster_shifts,
    roster_swap,
    satisfaction,
    satisfaction_file,
    search,
    start,
    talks,
    ticket,
    ticket_acts,
    ticket_files,
    ticket_saying,
    undelivered,
)
from web.console.routes import PATH
from web.media import media_routes

AREA = Area(
    name="console",
    path=PATH,
    routes=(
        start.routes,
        *admin.ROUTES,
        queue.routes,
        queue_bulk.routes,
        queue_views.routes,
        queue_export.routes,
        queue_layout.routes,
        exports.routes,
        board.routes,
        roster.routes,
        roster_duty.routes,
        roster_shifts.routes,
        roster_patterns.routes,
        roster_fill.routes,
        roster_chain.routes,
        roster_mine.routes,
        roster_swap.routes,
        roster_feeds.routes,
        handovers.routes,
        attainment.routes,
        attainment_misses.routes,
        attainment_file.routes,
        satisfaction.routes,
        satisfaction_file.routes,
        follow_ups.routes,
        alerts.routes,
        alerts_one.routes,
        appraisal.routes,
        appraisal_all.routes,
        undelivered.routes,
        forms.routes,
        bulletins.routes,
        maintenance.routes,
        talks.routes,
        ticket.routes,
        ticket_acts.routes,
        ticket_files.routes,
        ticket_saying.routes,
        canned.routes,
        knowledge.routes,
        knowledge_edit.routes,
        knowledge_file.routes,
        knowledge_acts.routes,
        knowledge_beside.routes,
        knowledge_pictures.routes,
        search.routes,
        phone.routes,
        complaints.routes,
        complaints_export.routes,
        complaints_new.routes,
        complaints_page.routes,
        complaints_acts.routes,
        media_routes(require_reader, "console", PATH),
    ),
)
