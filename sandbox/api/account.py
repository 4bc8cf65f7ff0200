"""The account itself: addresses, quotas, and the check of its callback."""

import sandbox.api
from sandbox.api.call import OK, Answer, Call, Endpoint
from sandbox.refusals import ApiRefusal

_CLEARS_A_MONTH = 10


def addresses(_call: Call) -> Answer:
    return {"ip_list": ["127.0.0.1"]}


def callback_check(call: Call) -> Answer:
    if not call.rules.callback_is_set:
        raise ApiRefusal(40201, "invalid url, callback url is not set")
    if call.text("action") not in ("dns", "ping", "all"):
        raise ApiRefusal(40202, "invalid action")
    if call.text("check_operator") not in ("", "DEFAULT", "CHINANET", "UNICOM", "CAP"):
        raise ApiRefusal(40203, "invalid check_operator")
    answer: Answer = {}
    if call.text("action") != "ping":
        answer["dns"] = [{"ip": "127.0.0.1", "real_operator": "DEFAULT"}]
    if call.text("action") != "dns":
        ping = {"ip": "127.0.0.1", "from_operator": "DEFAULT", "package_loss": "0%"}
        answer["ping"] = [{**ping, "time": "0.040ms"}]
    return answer


def clear_quota(call: Call) -> Answer:
    if call.text("appid") != call.world.settings.app_id:
        raise ApiRefusal(40013, "invalid appid")
    return _cleared(call)


def clear_quota_by_secret(call: Call) -> Answer:
    if call.query.get("appid") != call.world.settings.app_id:
        raise ApiRefusal(40013, "invalid appid")
    if call.query.get("appsecret") != call.world.settings.app_secret:
        raise ApiRefusal(40125, "invalid appsecret")
    return _cleared(call)


def _cleared(call: Call) -> Answer:
    month = call.world.clock.china_day()[:7]
    used = call.state.quota_clears.get(month, 0)
    if used >= _CLEARS_A_MONTH:
        raise ApiRefusal(48006, "forbid to clear quota because of reaching the limit")
    call.state.quota_clears[month] = used + 1
    call.state.quota_used = {}
    return OK


def quota(call: Call) -> Answer:
    path = call.text("cgi_path")
    endpoint = sandbox.api.ENDPOINTS.get(path)
    if endpoint is None:
        raise ApiRefusal(76021, "cgi_path not found, please check")
    if path in call.rules.unauthorized:
        raise ApiRefusal(76022, "could not use this cgi_path, no permission")
    limit, used = call.rules.quotas.get(path, endpoint.daily), call.state.quota_used.get(path, 0)
    answer = {
        **OK,
        "quota": {"daily_limit": limit, "used": used, "remain": max(0, limit - used)},
    }
    calls = call.rules.minute_quotas.get(path, endpoint.minute)
    if calls is not None:
        answer["rate_limit"] = {"call_count": calls, "refresh_second": 60}
    return answer


def request_of_rid(call: Call) -> Answer:
    request = call.world.rids.find(call.text("rid"))
    if request is None:
        raise ApiRefusal(76001, "rid not found")
    if not call.world.rids.is_told(request, call.now):
        raise ApiRefusal(76003, "rid expired or not yours")
    return {**OK, "request": request}


ENDPOINTS = {
    "/cgi-bin/getcallbackip": Endpoint("GET", addresses),
    "/cgi-bin/get_api_domain_ip": Endpoint("GET", addresses),
    "/cgi-bin/callback/check": Endpoint("POST", callback_check),
    "/cgi-bin/clear_quota": Endpoint("POST", clear_quota),
    "/cgi-bin/clear_quota/v2": Endpoint("BOTH", clear_quota_by_secret, has_token=False, form=True),
    "/cgi-bin/openapi/quota/get": Endpoint("POST", quota),
    "/cgi-bin/openapi/rid/get": Endpoint("POST", request_of_rid),
}
