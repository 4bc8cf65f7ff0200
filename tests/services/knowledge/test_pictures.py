"""Pictures of articles: whom they are for, which version has them, how long they stay (K2)."""

import io

import pytest
from PIL import Image

from domain.knowledge import Audience
from domain.refusals import NotFound
from models import ArticlePicture, VersionPicture
from services import fetching
from services.knowledge import illustrating, paging, pictures, reading, reviewing, writing
from services.knowledge.files import ArticleFile, BadFile, illustrated, read_article, write_article
from services.knowledge.illustrating import WAITS_FOR, TooManyPictures
from storage import MediaStore
from tests.services.knowledge.conftest import a_wording
from tests.services.making import all_of

SIZE = (2400, 1200)


def a_picture(kind="PNG", size=SIZE, **facts):
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind, **facts)
    return out.getvalue()


@pytest.fixture
def store(tmp_path):
    return MediaStore(tmp_path / "media")


@pytest.fixture
def saved(store):
    return store.save(a_picture(), "image", illustrating.LONGEST_SIDE)


@pytest.fixture
def add(do, li, saved):
    """Put in by the engineer; answers with its number."""
    return lambda person=li, **facts: do(person, illustrating.add, saved, **facts)


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


def shows(picture, **facts):
    return a_wording(body=f"1. 看标签\n\n![机身左侧的标签](picture:{picture})", **facts)


def may_open(do, picture, *people):
    """Who of these gets its file."""
    found = []
    for person in people:
        try:
            do(person, pictures.opened, picture)
        except NotFound:
            continue
        found.append(person)
    return found


def test_a_picture_is_its_writers_alone_until_an_article_with_it_is_read(
    do, published, add, li, wang, make_engineer
):
    wu = make_engineer("吴工")
    picture = add()
    assert may_open(do, picture, li, wang, wu) == [li]

    number = do(li, lambda desk: writing.create(desk, shows(picture)).number)
    assert may_open(do, picture, li, wang, wu) == [li]

    do(li, writing.submit, number)
    assert may_open(do, picture, wang, wu) == []


def test_readers_get_the_pictures_of_what_they_read_and_staff_those_of_the_desk(
    do, published, add, li, chen, wang, make_engineer
):
    wu = make_engineer("吴工")
    for_all, for_staff = add(), add()
    number = published(shows(for_all))
    published(shows(for_staff, audience=Audience.STAFF))

    assert may_open(do, for_all, wang, wu, chen) == [wang, wu, chen]
    assert may_open(do, for_staff, wang, wu, chen) == [wu, chen]
    (shown,) = do(wang, reading.article, number).pictures
    assert (shown.id, shown.width, shown.height) == (for_all, 1600, 800)


def test_an_old_version_keeps_its_own_and_readers_see_the_new_one_only(
    do, published, add, li, chen, wang
):
    old, new = add(), add()
    number = published(shows(old))
    revision = do(li, lambda desk: writing.revise(desk, number).revision)
    do(li, writing.save, number, shows(new), revision)
    do(li, writing.submit, number)
    do(chen, reviewing.publish, number)

    assert may_open(do, old, wang, li, chen) == [li, chen]
    second, first = do(chen, paging.page, number).versions
    assert [each.id for each in (*first.pictures, *second.pictures)] == [old, new]


def test_retired_and_restored_it_has_its_pictures_again(do, published, add, chen, wang):
    picture = add()
    number = published(shows(picture))
    do(chen, reviewing.retire, number, "换了型号")
    assert may_open(do, picture, wang, chen) == [chen]

    do(chen, reviewing.restore, number)

    assert may_open(do, picture, wang) == [wang]


def test_naming_a_picture_that_one_may_not_see_shows_it_to_nobody(
    do, database, published, add, li, wang, make_engineer
):
    wu = make_engineer("吴工")
    secret, gone = add(), 9_999
    body = f"![甲](picture:{secret}) ![乙](picture:{gone})"
    number = published(a_wording(body=body), writer=wu)

    assert do(wang, reading.article, number).pictures == ()
    assert all_of(database, VersionPicture) == []
    assert may_open(do, secret, wang, wu) == []


def test_copied_into_another_article_it_belongs_to_both(do, published, add, li, chen, wang):
    picture = add()
    staff = published(shows(picture, audience=Audience.STAFF))
    assert may_open(do, picture, wang) == []

    published(shows(picture, title="怎么扫描"))
    do(chen, reviewing.retire, staff, "不用了")

    assert may_open(do, picture, wang) == [wang]


def swept(database, now):
    with database.transaction() as session:
        return illustrating.is_due(session, now), illustrating.sweep(session, now)


def test_what_no_version_names_goes_after_three_days_and_its_file_with_it(
    do, database, published, add, li, now, saved
):
    kept, _ = add(), add()
    number = do(li, lambda desk: writing.create(desk, shows(kept)).number)
    assert swept(database, now + WAITS_FOR / 2) == (False, 0)

    assert swept(database, now + WAITS_FOR) == (True, 1)
    assert [each.id for each in all_of(database, ArticlePicture)] == [kept]
    files = [saved.name, saved.thumbnail]
    with database.reading() as session:
        assert fetching.without_row(session, files) == []

    do(li, writing.save, number, a_wording(), 0, days=30)  # taken out: kept for second thoughts
    assert swept(database, now + 10 * WAITS_FOR) == (False, 0)
    assert swept(database, now + 11 * WAITS_FOR) == (True, 1)
    with database.reading() as session:
        assert fetching.without_row(session, files) == files


def test_who_puts_none_into_a_text_puts_in_no_more(do, add, monkeypatch):
    monkeypatch.setattr(illustrating, "MOST_WAITING", 2)
    add()
    do_not_wait = add()
    with pytest.raises(TooManyPictures):
        add()

    add(days=4)
    assert do_not_wait


# --- as files ------------------------------------------------------------------------------------


def test_an_article_goes_out_and_in_with_its_pictures(
    do, database, published, add, li, chen, store, saved, tmp_path
):
    number = published(shows(add()))
    page = do(chen, reading.article, number)
    (shown,) = page.pictures
    out = tmp_path / "out"
    out.mkdir()
    write_article(
        out / f"{number}.md",
        ArticleFile(shows(shown.id), number, {shown.id: store.read(saved.name)}),
    )

    read = read_article(out / f"{number}.md")
    wording = do(li, illustrated, store, read)
    again = published(wording)

    (copied,) = do(chen, reading.article, again).pictures
    assert copied.id != shown.id and f"![机身左侧的标签](picture:{copied.id})" in wording.body
    assert {each.file for each in all_of(database, ArticlePicture)} == {saved.name}


def test_a_file_whose_picture_is_missing_or_is_none_is_no_article(do, li, store, tmp_path):
    write_article(tmp_path / "a.md", ArticleFile(shows(7), None, {}))
    with pytest.raises(BadFile, match="pictures/7"):
        read_article(tmp_path / "a.md")

    write_article(tmp_path / "a.md", ArticleFile(shows(7), None, {7: b"MZ no picture"}))
    with pytest.raises(BadFile, match="wrong_type"):
        do(li, illustrated, store, read_article(tmp_path / "a.md"))


def test_a_photo_comes_in_without_the_place_where_it_was_taken(store):
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010E] = "secret"
    photo = a_picture("JPEG", (1800, 900), exif=exif.tobytes())
    assert b"secret" in photo

    kept = store.save(photo, "image", illustrating.LONGEST_SIDE)

    data = store.read(kept.name)
    assert b"secret" not in data and not Image.open(io.BytesIO(data)).getexif()
    assert (kept.width, kept.height) == (1600, 800)
