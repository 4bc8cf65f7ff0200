"""Pages inside WeChat: plain forms that know who reads them, and work without any script.

How a page is made (start.py and tickets.py are short examples):

    routes = pages("tickets")                    # page.py; all below /h5, all behind the sign-in

    @routes.get("/tickets/<ticket:number>")
    def one(number: str) -> Response:
        with looking() as desk:                  # acts.py; a Desk that only reads, for GET
            ticket = desk.find(number)           # a Refusal becomes a kind page: 404, 403 or 409
        return show("h5/ticket.html", ticket=ticket)

    @routes.post("/tickets/<ticket:number>/urge")
    def urge(number: str) -> Response:
        read_form()                              # forms.py; whatever it does not list is a 400
        def do(desk: Desk) -> Led:               # one transaction, once for each request key
            ticket = desk.urge(desk.find(number).id).ticket
            return Led(f"/h5/tickets/{number}", ticket.id)
        return once("urge", do)                  # acts.py; inbox, commit, nudge, redirect

- Who reads: `reader()`, a Speaker with the roles of this moment; `is_following()`.
- Texts: `words(key, **facts)` and `said(say)`, in Python and templates; keys are in texts.yaml.
- Templates extend `h5/base.html` (blocks `title`, `content`, `scripts`, `lead`); fields come from
  the macros of `h5/fields.html`; `{{ opening("/h5/…") }}…</form>` is a form with token and key.
- A form: `filled = read_form(Field("words", 500, is_required=True))`; `filled.problems` names what
  is wrong, then show the form again with `filled` and status 400: nothing that was typed is lost.
- Photos and files: `uploads.taken(filled, with_files=True)` before `once`, `uploads.keep` in it;
  mark the view with `@takes_photos`, else a body of more than 64 KiB is refused.
- Files: web/static/h5/, by `static("h5.css")`: gzipped, with their hash in the address.
- A new file of pages is named in `installing.PAGES`.

The database away: what was typed is shown again on a 503 page, with the same request key.
"""

from web.area import Area
from web.h5 import (
    bulletins,
    complaint,
    knowledge,
    links,
    maintenance,
    rating,
    report,
    scan,
    signin,
    start,
    tickets,
    work,
    work_acts,
    work_files,
    work_result,
)
from web.h5.signin import OAUTH, PATH, require_reader
from web.media import media_routes

AREA = Area(
    name="h5",
    path=PATH,
    routes=(
        signin.routes,
        start.routes,
        report.routes,
        tickets.routes,
        rating.routes,
        links.routes,
        scan.routes,
        media_routes(require_reader, "h5", PATH),
        work.routes,
        work_acts.routes,
        work_files.routes,
        work_result.routes,
        bulletins.routes,
        maintenance.routes,
        complaint.routes,
        knowledge.routes,
    ),
    not_led_to=(OAUTH,),
    is_chat=True,
)
