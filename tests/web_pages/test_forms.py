"""Tokens, and what becomes of typed words when something is away (H-30, S-063, R-020)."""

import pytest
from sqlalchemy import select

from models import Activity, DatabaseUnavailable, Notice, Ticket


@pytest.fixture
def page_of(make_person, make_ticket, browser_of):
    """A browser, the path of a ticket of its reader's, and the page."""
    wang = make_person()
    ticket = make_ticket(requester=wang)
    browser = browser_of(wang)
    way = f"/h5/tickets/{ticket.number}"
    return browser, way, browser.opens(way)


def count_urges(database) -> int:
    with database.reading() as session:
        return len(session.scalars(select(Activity).where(Activity.action == "urge")).all())


@pytest.mark.parametrize("token", [None, "", "x", "foreign"])
def test_a_form_without_its_own_token_does_nothing(
    page_of, make_person, browser_of, database, token
):
    browser, way, page = page_of
    form = page.form(f"{way}/urge")
    if token == "foreign":
        other = browser_of(make_person("李明")).opens("/h5/report").form("/h5/report")
        token = other.fields["csrf_token"]
    form.fields.pop("csrf_token") if token is None else form.fields.update(csrf_token=token)

    answer = browser.posts(form)

    assert answer.status_code == 403 and count_urges(database) == 0


def test_a_token_in_the_address_counts_for_nothing(page_of, database):
    browser, way, page = page_of
    form = page.form(f"{way}/urge")
    token = form.fields.pop("csrf_token")
    form.action += f"?csrf_token={token}"

    assert browser.posts(form).status_code == 403 and count_urges(database) == 0


def test_a_form_that_lay_too_long_keeps_its_words_and_can_be_sent_again(page_of, database):
    browser, way, page = page_of
    form = page.form(f"{way}/words")
    form.fields["csrf_token"] = "of yesterday"

    stale = browser.sends(form, words="下午三点后有人")
    sent = browser.sends(stale.form(f"{way}/words"))

    assert stale.status == 403 and "下午三点后有人" in stale.text
    assert "已经补上" in sent.text


def test_a_form_of_another_site_is_not_offered_to_be_sent_again(page_of):
    browser, way, page = page_of
    form = page.form(f"{way}/words")
    form.fields["csrf_token"] = "guessed"

    answer = browser.client.post(
        form.action,
        data={**form.fields, "words": "x"},
        headers={"Origin": "https://evil.example.com"},
    )

    assert answer.status_code == 403 and "<form" not in answer.text


def test_no_get_changes_anything(page_of, app, database):
    """H-30, S-089; but for a notice, which its recipient has seen by opening it."""
    browser, way, _ = page_of
    number = way.rpartition("/")[2]

    def everything():
        with database.reading() as session:
            tickets = [(t.status, t.cycle) for t in session.scalars(select(Ticket))]
            acts = len(session.scalars(select(Activity)).all())
            return tickets, acts, len(session.scalars(select(Notice)).all())

    before = everything()
    for rule in app.url_map.iter_rules():
        if rule.methods and "GET" in rule.methods and rule.rule.startswith("/h5/"):
            browser.client.get(_path(rule, number))

    assert everything() == before


def _path(rule, number: str) -> str:
    path = rule.rule
    for name in rule.arguments:
        start = path.index("<")
        value = number if name == "number" else "progress"
        path = path[:start] + value + path[path.index(">") + 1 :]
    return path


# --- the database away ---------------------------------------------------------------------------


class Away:
    """A database that answers nobody, until it does again."""

    def __init__(self, database) -> None:
        self._database = database
        self.is_away = False

    def __getattr__(self, name: str):
        if self.is_away and name in ("transaction", "reading"):
            raise DatabaseUnavailable("away")
        return getattr(self._database, name)


@pytest.fixture
def away(site, monkeypatch):
    wrapped = Away(site.database)
    object.__setattr__(site, "database", wrapped)
    return wrapped


def test_while_the_database_is_away_a_page_says_so(away, page_of):
    browser, way, _ = page_of
    away.is_away = True

    page = browser.opens(way)

    assert page.status == 503 and "系统正在恢复" in page.text and way in page.links


def test_typed_words_outlive_the_database_and_are_sent_once(away, page_of, database):
    browser, way, page = page_of
    away.is_away = True
    kept = browser.sends(page.form(f"{way}/words"), words="<b>下午三点</b>后有人")
    again = browser.sends(kept.form(f"{way}/words"))
    away.is_away = False

    first = browser.sends(again.form(f"{way}/words"))
    browser.sends(again.form(f"{way}/words"))

    with database.reading() as session:
        added = session.scalars(select(Activity).where(Activity.action == "amend")).all()
    assert kept.status == again.status == 503
    assert "&lt;b&gt;下午三点" in kept.html
    assert "已经补上" in first.text and len(added) == 1


def test_a_form_after_the_session_ended_shows_its_words_and_the_way_back(page_of, clock, database):
    browser, way, page = page_of
    form = page.form(f"{way}/words")
    clock.passes(days=8)

    answer = browser.client.post(
        form.action,
        data={**form.fields, "words": "下午三点后有人在"},
        headers={"Referer": f"http://localhost{way}"},
    )

    assert answer.status_code == 401
    assert "下午三点后有人在" in answer.text and f'href="{way}"' in answer.text


def test_a_mistake_of_ours_shows_no_trace_and_keeps_the_words(page_of, site, monkeypatch):
    browser, way, page = page_of
    monkeypatch.setattr("services.amending.amend", lambda *_: 1 / 0)

    answer = browser.sends(page.form(f"{way}/words"), words="下午三点后有人")

    assert answer.status == 500 and "下午三点后有人" in answer.text
    assert "Traceback" not in answer.html and "ZeroDivision" not in answer.html
