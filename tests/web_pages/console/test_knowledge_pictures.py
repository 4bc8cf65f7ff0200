"""Pictures while an article is written, and where it is read: the permission table decides (K2)."""

import io

import pytest
from PIL import Image

from domain.knowledge import Audience
from domain.permissions import Role
from models import ArticlePicture, ArticleVersion
from services.knowledge import reviewing, writing
from services.knowledge.records import Wording
from tests.services.making import all_of, only
from web import article_pictures

HOME = "/console/knowledge"
WORDS = {
    "title": "怎么连接打印机",
    "answer": "点添加设备。",
    "asks": "",
    "category": "printer",
    "audience": "everybody",
}


def a_png(size=(64, 32)):
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, "PNG")
    return out.getvalue()


def upload(data=None, name="机身标签.png"):
    return (io.BytesIO(data or a_png()), name)


@pytest.fixture
def li(make_engineer):
    return make_engineer("李工")


@pytest.fixture
def engineer(at_desk, li):
    return at_desk(li)


def put_in(browser, *files):
    """By the script of the editor."""
    form = browser.opens(f"{HOME}/new").form(f"{HOME}/new")
    facts = {"csrf_token": form.fields["csrf_token"], "pictures": list(files)}
    return browser.client.post(f"{HOME}/pictures", data=facts)


@pytest.fixture
def published(database, desk_of, li, make_person):
    chen = make_person("陈静", Role.DESK)

    def publish(picture, audience=Audience.EVERYBODY):
        body = f"1. 看标签\n   ![机身标签](picture:{picture})"
        with database.transaction() as session:
            wording = Wording("怎么连接打印机", "点添加设备。", body, audience=audience)
            number = writing.create(desk_of(session, li), wording).number
            writing.submit(desk_of(session, li), number)
            reviewing.publish(desk_of(session, chen), number)
        return number

    return publish


def test_a_dragged_picture_is_answered_with_the_mark_that_stands_for_it(engineer, database):
    answer = put_in(engineer, upload())

    picture = only(database, ArticlePicture)
    assert answer.json == {"marks": [f"![机身标签](picture:{picture.id})"], "problem": ""}
    assert (picture.width, picture.height) == (64, 32)
    with engineer.client.get(f"{HOME}/pictures/{picture.id}") as sent:
        assert sent.mimetype == "image/png" and "private" in sent.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("data", "says"), [(b"MZ no picture", "打不开"), (a_png((400, 400)), "太大")]
)
def test_what_is_no_picture_or_too_large_is_refused_in_words(
    engineer, database, data, says, monkeypatch
):
    monkeypatch.setattr(article_pictures, "LARGEST", 300)
    answer = put_in(engineer, upload(data))

    assert answer.status_code == 400 and says in answer.json["problem"]
    assert all_of(database, ArticlePicture) == []


def test_without_a_script_pictures_come_with_the_form_and_nothing_typed_is_lost(engineer, database):
    form = engineer.opens(f"{HOME}/new").form(f"{HOME}/new")
    typed = {**WORDS, "body": "看这里", "act": "picture"}

    page = engineer.sends(form, **typed, pictures=[upload(), upload()])

    first, second = all_of(database, ArticlePicture)
    written = page.form(f"{HOME}/new").fields["body"]
    assert written == (
        f"看这里\n\n![机身标签](picture:{first.id})\n\n![机身标签](picture:{second.id})"
    )
    assert all_of(database, ArticleVersion) == []

    page = engineer.sends(page.form(f"{HOME}/new"), **{**typed, "body": written, "act": "preview"})
    assert f'<img src="{HOME}/pictures/{first.id}" alt="机身标签"' in page.html

    page = engineer.sends(
        page.form(f"{HOME}/new"), **{**typed, "body": written}, pictures=[upload(b"no")]
    )
    assert page.status == 400 and "打不开" in page.text
    assert page.form(f"{HOME}/new").fields["body"] == written


def test_an_article_as_long_as_it_may_be_is_kept(engineer, database):
    form = engineer.opens(f"{HOME}/new").form(f"{HOME}/new")

    engineer.sends(form, **{**WORDS, "body": "长" * 20_000, "act": "keep"})

    assert len(only(database, ArticleVersion).body) == 20_000


@pytest.mark.parametrize("audience", Audience)
def test_readers_see_what_is_for_them_wherever_they_read_it(
    browser_of, at_desk, engineer, make_person, database, published, audience
):
    put_in(engineer, upload())
    picture = only(database, ArticlePicture).id
    number = published(picture, audience)
    wang = make_person("王芳")
    is_hers = audience is Audience.EVERYBODY

    for place, browser in (("/h5", browser_of(wang)), ("/portal", at_desk(wang))):
        page = browser.opens(f"{place}/knowledge/{number}")
        assert (f'src="{place}/knowledge/pictures/{picture}"' in page.html) is is_hers
        with browser.client.get(f"{place}/knowledge/pictures/{picture}") as sent:
            assert (sent.status_code, sent.mimetype) == (
                (200, "image/png") if is_hers else (404, "text/html")
            )
    assert browser_of().client.get(f"/h5/knowledge/pictures/{picture}").status_code != 200
    with engineer.client.get(f"/portal/knowledge/pictures/{picture}") as sent:
        assert sent.status_code == 200
