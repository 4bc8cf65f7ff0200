"""Whatever is sent to whatever address, nothing breaks (H-46, H-47, S-068, S-093, S-114)."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.lifecycle import Status
from domain.permissions import Role

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
FIELDS = (
    "fault place category urgency name department phone device words reason speed attitude result"
    " comment request_key csrf_token cause action_taken minutes until need signature photos to"
).split()
TYPED = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        (
            *("", "\x00", "\ud800", "-1", "1e308", "9" * 400, "2147483648", "' OR 1=1--"),
            *("{{7*7}}", "\r\nSet-Cookie: x=1", "A" * 5000, "normal", "high", "5", "printer"),
        )
    ),
)
TAIL = st.text(alphabet=string.printable.replace("?", "") + "票\u202e\u2028", max_size=40)


@pytest.fixture
def everything(make_person, make_engineer, make_ticket, browser_of, app):
    """A browser of somebody with every role, and the routes of the pages with real numbers."""
    chen = make_person("陈台", *Role)
    ticket = make_ticket(Status.IN_PROGRESS, requester=chen, engineer=make_engineer())
    browser = browser_of(chen)
    paths = sorted(
        {
            _filled(rule, ticket.number)
            for rule in app.url_map.iter_rules()
            if rule.rule.startswith(("/h5", "/MP", "/static"))
        }
    )
    token = browser.opens("/h5/").form("/h5/sign-out").fields["csrf_token"]
    return browser, paths, token


def _filled(rule, number: str) -> str:
    path = rule.rule
    for name in rule.arguments:
        start = path.index("<")
        value = number if name == "number" else "1"
        path = path[:start] + value + path[path.index(">") + 1 :]
    return path


quietly = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@quietly
@given(data=st.data())
def test_no_fields_and_no_method_break_a_page(everything, data):
    browser, paths, token = everything
    path = data.draw(st.sampled_from(paths))
    if path == "/h5/sign-out":
        return
    method = data.draw(st.sampled_from(METHODS))
    fields = data.draw(st.dictionaries(st.sampled_from(FIELDS), TYPED, max_size=8))
    body = {name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}
    body.setdefault("csrf_token", token.encode())

    answer = browser.client.open(path, method=method, data=body if method == "POST" else None)

    assert answer.status_code < 500, (method, path, fields)


@quietly
@given(data=st.data())
def test_no_bytes_break_a_page(everything, data):
    browser, paths, token = everything
    path = data.draw(st.sampled_from([each for each in paths if each != "/h5/sign-out"]))
    kind = data.draw(
        st.sampled_from(
            [
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "multipart/form-data",
                "application/json",
                "text/plain; charset=klingon",
                "",
            ]
        )
    )
    body = data.draw(st.binary(max_size=300)) + b"&csrf_token=" + token.encode()

    answer = browser.client.post(path, data=body, content_type=kind)

    assert answer.status_code < 500, (path, kind, body)


@quietly
@given(tail=TAIL, query=TAIL)
def test_no_address_breaks_a_page(everything, tail, query):
    browser, _, _ = everything

    for start in ("/h5/", "/h5/tickets/", "/h5/t/", "/h5/n/", "/h5/work/", "/h5/media/"):
        answer = browser.client.get(start + tail, query_string=query)
        assert answer.status_code < 500, (start, tail, query)
        assert "evil" not in (answer.location or "")


@pytest.mark.parametrize("name", ["device", "before", "done", "state", "code", "next"])
@pytest.mark.parametrize("path", ["/h5/", "/h5/report", "/h5/tickets", "/h5/oauth"])
def test_what_stands_in_an_address_is_shown_as_text_at_most(everything, path, name):
    browser, _, _ = everything
    payload = '"><script>alert(1)</script>'

    answer = browser.client.get(path, query_string={name: payload})

    assert "<script>alert" not in answer.text
    assert answer.status_code in (200, 302, 403)


def test_ten_thousand_parts_are_refused(everything):
    browser, _, _ = everything
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    body = part * 2000 + b"--x--\r\n"

    answer = browser.client.post(
        "/h5/report", data=body, content_type="multipart/form-data; boundary=x"
    )

    assert answer.status_code == 413
