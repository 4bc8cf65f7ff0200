"""The account's template messages: which it has, and which it may add from the library."""

from sandbox.api.call import OK, Answer, Call, Endpoint
from sandbox.refusals import ApiRefusal
from sandbox.template_library import LIBRARY, Shelved

_KEYWORDS = range(2, 6)
_INDUSTRY = {"first_class": "IT科技", "second_class": "IT软件与服务"}


def add(call: Call) -> Answer:
    """Of 类目模板 only: the old library is closed."""
    number = call.text("template_id_short")
    if call.rules.templates_frozen:
        raise ApiRefusal(43106, "template operation is forbidden for irregularities")
    if number.upper().startswith("TM"):
        raise ApiRefusal(40247, "need new category template")
    shelved = LIBRARY.get(number)
    if shelved is None:
        raise ApiRefusal(40037, "invalid template_id")
    chosen = _chosen(shelved, call.body.get("keyword_name_list"))
    if len(call.state.templates) >= call.rules.template_limit:
        raise ApiRefusal(45026, "template num exceeds limit")
    template = shelved.made(chosen)
    call.state.templates[template.id] = template
    return {**OK, "template_id": template.id}


def _chosen(shelved: Shelved, names: object) -> list[str]:
    """The keywords that were asked for, in this order."""
    wanted = [str(name) for name in names] if isinstance(names, list) else []
    if len(wanted) not in _KEYWORDS or not set(wanted) <= shelved.keywords.keys():
        raise ApiRefusal(40246, "invalid keyword_name_list")
    return wanted


def listed(call: Call) -> Answer:
    return {
        "template_list": [
            {
                "template_id": each.id,
                "title": each.title,
                "primary_industry": "",
                "deputy_industry": "",
                "content": each.content,
                "example": each.example,
            }
            for each in call.state.templates.values()
        ]
    }


def delete(call: Call) -> Answer:
    if call.rules.templates_frozen:
        raise ApiRefusal(43106, "template operation is forbidden for irregularities")
    if call.state.templates.pop(call.text("template_id"), None) is None:
        raise ApiRefusal(40037, "invalid template_id")
    return OK


def set_industry(call: Call) -> Answer:
    """Once a month; without effect since templates come by category."""
    month = call.world.clock.china_day()[:7]
    if call.state.industry_month == month:
        raise ApiRefusal(43100, "change template too frequently")
    call.state.industry_month = month
    return OK


def industry(_call: Call) -> Answer:
    return {"primary_industry": _INDUSTRY, "secondary_industry": _INDUSTRY}


def blocked(_call: Call) -> Answer:
    return {**OK, "msginfo": []}


ENDPOINTS = {
    "/cgi-bin/template/api_add_template": Endpoint("POST", add),
    "/cgi-bin/template/get_all_private_template": Endpoint("GET", listed),
    "/cgi-bin/template/del_private_template": Endpoint("POST", delete),
    "/cgi-bin/template/api_set_industry": Endpoint("POST", set_industry),
    "/cgi-bin/template/get_industry": Endpoint("GET", industry),
    "/wxa/sec/queryblocktmplmsg": Endpoint("POST", blocked),
}
