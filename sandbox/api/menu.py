"""The menu under the chat, and the menus for some people only."""

from sandbox import menus
from sandbox.api.call import OK, Answer, Call, Endpoint
from sandbox.refusals import ApiRefusal
from sandbox.state import FIRST_MENU_ID, Menu


def create(call: Call) -> Answer:
    menu = Menu(id=_next_id(call), button=menus.checked_buttons(call.body))
    menus.check_domains([menu])
    call.state.default_menu = menu
    return OK


def get(call: Call) -> Answer:
    menu = call.state.default_menu
    if menu is None:
        raise ApiRefusal(46003, "menu no exist")
    answer: Answer = {"menu": {"button": menu.button, "menuid": menu.id}}
    if call.state.conditional_menus:
        newest_first = reversed(call.state.conditional_menus)
        answer["conditionalmenu"] = [_conditional(each) for each in newest_first]
    return answer


def _conditional(menu: Menu) -> Answer:
    rule: Answer = dict(menu.rule)
    if "tag_id" in rule:
        rule["group_id"] = int(rule.pop("tag_id"))
    return {"button": menu.button, "matchrule": rule, "menuid": menu.id}


def current(call: Call) -> Answer:
    menu = call.state.default_menu
    buttons = [] if menu is None else menu.button
    return {"is_menu_open": int(menu is not None), "selfmenu_info": {"button": buttons}}


def delete(call: Call) -> Answer:
    call.state.default_menu = None
    call.state.conditional_menus = []
    return OK


def add_conditional(call: Call) -> Answer:
    if not call.rules.is_conditional_allowed:
        raise ApiRefusal(65309, "the switch of conditional menus is off")
    limit = call.rules.conditional_limit
    rule = menus.checked_rule(call.body.get("matchrule"), call.state, limit)
    buttons = menus.checked_buttons(call.body, is_conditional=True)
    menu = Menu(id=_next_id(call), button=buttons, rule=rule)
    menus.check_domains([*call.state.conditional_menus, menu])
    call.state.conditional_menus.append(menu)
    return {"menuid": str(menu.id)}


def delete_conditional(call: Call) -> Answer:
    kept = [each for each in call.state.conditional_menus if str(each.id) != call.text("menuid")]
    if len(kept) == len(call.state.conditional_menus):
        raise ApiRefusal(65301, "this menuid is not exist")
    call.state.conditional_menus = kept
    return OK


def try_match(call: Call) -> Answer:
    person = call.state.people.get(call.text("user_id"))
    if person is None or not person.follows:
        raise ApiRefusal(65302, "there is no match user")
    buttons = menus.seen_by(person, call.state)
    if not buttons:
        raise ApiRefusal(46003, "menu no exist")
    return {"button": buttons}


def _next_id(call: Call) -> int:
    return call.state.next("menu", FIRST_MENU_ID)


ENDPOINTS = {
    "/cgi-bin/menu/create": Endpoint("POST", create, daily=1000),
    "/cgi-bin/menu/get": Endpoint("GET", get, daily=10_000),
    "/cgi-bin/menu/delete": Endpoint("GET", delete, daily=1000),
    "/cgi-bin/menu/addconditional": Endpoint("POST", add_conditional, daily=2000),
    "/cgi-bin/menu/delconditional": Endpoint("POST", delete_conditional, daily=2000),
    "/cgi-bin/menu/trymatch": Endpoint("POST", try_match, daily=20_000),
    "/cgi-bin/get_current_selfmenu_info": Endpoint("GET", current),
}
