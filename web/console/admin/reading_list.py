"""What was read: looked through, and labelled with one key each (F6)."""

from urllib.parse import urlencode

from flask import Response, request
from werkzeug.exceptions import BadRequest

from domain.category import Category
from domain.permissions import Permission
from domain.priority import Urgency
from nlp.intents import WITH_CATEGORY, Intent
from services.desk import Desk
from services.readings import listing, truth
from services.readings.listing import Which
from web.acts import looking
from web.console.admin.acts import recorded
from web.console.admin.audit import number
from web.console.admin.reading import reading_page
from web.console.admin.reading_shown import HOME, KEYS, OTHER_KEYS
from web.console.routes import pages
from web.forms import Field, read_form
from web.page import needs, reader

routes = pages("admin_reading_list", "/admin/understanding/readings")

_PATH = f"{HOME}/readings"
_WHICH = tuple(each.value for each in Which)
_BACK = (Field("which", 12, choices=_WHICH), Field("q", 40), Field("below", 10))


@routes.get("")
@needs(Permission.READING_READ)
def listed() -> Response:
    wanted = request.args.get("which", "")
    which = Which(wanted) if wanted in _WHICH else Which.UNLABELLED
    words, below = request.args.get("q", "")[:40].strip(), number(request.args.get("below", ""))
    chosen = number(request.args.get("one", ""))
    with looking() as desk:
        page = listing.page(desk, which, below, words)
        up = listing.one(desk.session, chosen) if chosen else None
    up = up or (page.rows[0] if page.rows else None)
    return reading_page(
        "reading_list.html",
        page=page,
        up=up if reader().could(Permission.READING_LABEL) else None,
        which=which,
        every=list(Which),
        q=words,
        below=below,
        kinds=list(zip(Category, KEYS, strict=True)),
        others=list(OTHER_KEYS.items()),
        same={"which": which.value, "q": words, "below": below or ""},
    )


@routes.post("/<int:reading_id>")
@needs(Permission.READING_LABEL)
def labelled(reading_id: int) -> Response:
    """A kind of thing, or an intent that is of none; or as it was read."""
    filled = read_form(
        Field("intent", 12, choices=sorted(map(str, WITH_CATEGORY))),
        Field("category", 12, choices=[each.value for each in Category]),
        Field("other", 12, choices=[each.value for each in OTHER_KEYS]),
        Field("high", 1, choices=("1",)),
        Field("right", 1, choices=("1",)),
        Field("out", 1, choices=("0", "1")),
        *_BACK,
    )
    urgency = Urgency.HIGH if filled["high"] else Urgency.NORMAL

    def do(desk: Desk) -> str:
        if filled["right"]:
            truth.is_right(desk, reading_id)
        elif filled["out"]:
            truth.leave_out(desk, reading_id, is_left_out=filled["out"] == "1")
        elif filled["other"]:
            truth.label(desk, reading_id, intent=Intent(filled["other"]))
        elif filled["category"]:
            intent, category = Intent(filled["intent"] or "report"), Category(filled["category"])
            truth.label(desk, reading_id, intent=intent, category=category, urgency=urgency)
        else:
            raise BadRequest()
        same = {name: filled[name] for name in ("which", "q", "below") if filled[name]}
        return f"{_PATH}?{urlencode(same)}" if same else _PATH

    return recorded("reading_label", do)
