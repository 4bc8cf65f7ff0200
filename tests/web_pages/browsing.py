"""A browser without a picture: follows redirects of our own, reads pages, fills in forms."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class Form:
    """A form of a page: where it goes, and what it holds already."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class Page(HTMLParser):
    """What is on a page: words, links, forms."""

    def __init__(self, response: TestResponse) -> None:
        super().__init__()
        self.response = response
        self.status = response.status_code
        self.path = response.request.path
        self.html = response.get_data(as_text=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._area: str | None = None
        self.feed(self.html)
        self.text = " ".join(re.sub(r"<[^>]+>", " ", self.html).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(facts.get("href", ""))
        elif tag == "form":
            self.forms.append(Form(facts.get("action", "")))
        elif tag in ("input", "textarea", "select") and self.forms and facts.get("name"):
            self._field(tag, facts)

    def _field(self, tag: str, facts: dict[str, str]) -> None:
        form, name = self.forms[-1], facts.get("name", "")
        form.names.add(name)
        kind, value = facts.get("type"), facts.get("value", "")
        if tag == "textarea":
            self._area = name
            form.fields[name] = ""
        elif kind == "radio":
            form.fields.update({name: value} if "checked" in facts else {})
        elif tag == "input" and kind != "file":
            form.fields[name] = value

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.forms[-1].fields[self._area] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None

    def form(self, action: str) -> Form:
        """The form that goes to this path."""
        return next(form for form in self.forms if form.action == action)


class Browser:
    """One person's browser with its cookies."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: Page | None = None

    def opens(self, path: str, **options: Any) -> Page:
        """The page, after the redirects within the desk."""
        response = self.client.get(path, **options)
        while response.status_code in (302, 303) and response.location.startswith("/"):
            response = self.client.get(response.location, **options)
        self.page = Page(response)
        return self.page

    def sends(self, form: Form, **typed: Any) -> Page:
        """Fills in and sends; the page that comes of it."""
        response = self.posts(form, **typed)
        if response.status_code in (302, 303) and response.location.startswith("/"):
            return self.opens(response.location)
        self.page = Page(response)
        return self.page

    def posts(self, form: Form, **typed: Any) -> TestResponse:
        """Fills in and sends; the bare answer."""
        return self.client.post(form.action, data={**form.fields, **typed})

    def sign_in(self, platform: Any, openid: str, path: str = "/h5/") -> TestResponse:
        """By WeChat, as a phone does: there, and back with a code."""
        from tests.web_pages.conftest import Visitor

        sent = self.client.get(path)
        state = parse_qs(urlsplit(sent.location).query)["state"][0]
        platform.visitors["CODE"] = Visitor(openid)
        return self.client.get(f"/h5/oauth?code=CODE&state={state}")
