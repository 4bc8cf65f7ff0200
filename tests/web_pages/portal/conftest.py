"""What tests of the portal ask for.

rows        every row of a table: `rows(Ticket)`
report_of   `report_of(wang, fault="…")`: reported by form at a computer; the page that came of it
a_photo     a small picture as a browser sends it
"""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from sqlalchemy import select

FAULT = "三楼财务室那台惠普打印机一直卡纸"


@pytest.fixture
def rows(database) -> Callable[..., list]:
    def read(model) -> list:
        key = next(iter(model.__table__.primary_key))
        with database.reading() as session:
            return list(session.scalars(select(model).order_by(key)))

    return read


@pytest.fixture
def report_of(at_desk):
    def send(person, **typed):
        browser = at_desk(person)
        form = browser.opens("/portal/report").form("/portal/report")
        return browser.sends(form, **{"fault": FAULT, **typed})

    return send


@pytest.fixture
def a_photo():
    def made(name: str = "photo.jpg") -> tuple[io.BytesIO, str]:
        photo = io.BytesIO()
        Image.new("RGB", (40, 40), "white").save(photo, "JPEG")
        photo.seek(0)
        return photo, name

    return made
