"""Saved views: one's own and shared ones, names, order (C §1)."""

import pytest

from domain.permissions import Role
from domain.refusals import NotFound, NotPermitted
from services import saved_views
from services.saved_views import NameTaken, TooMany


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def do(database, desk_of):
    def do(actor, act, *given, **facts):
        with database.transaction() as session:
            return act(desk_of(session, actor), *given, **facts)

    return do


def names(do, actor):
    return [each.name for each in do(actor, saved_views.listed)]


def test_a_view_is_its_owners_until_it_is_shared(do, clerk, make_person):
    colleague = make_person("李娜", Role.DESK)
    view_id = do(clerk, saved_views.save, "A座", {"place": ["A座"]}, is_shared=False)
    assert names(do, colleague) == []

    do(clerk, saved_views.change, view_id, "A座的", is_shared=True)

    (seen,) = do(colleague, saved_views.listed)
    assert (seen.name, seen.is_mine, seen.owner) == ("A座的", False, "陈静")
    assert dict(seen.query) == {"place": ["A座"]}


def test_an_engineer_keeps_views_but_shares_none_y1(do, make_engineer):
    zhou = make_engineer("周工")
    do(zhou, saved_views.save, "我的打印机", {}, is_shared=False)

    with pytest.raises(NotPermitted):
        do(zhou, saved_views.save, "给大家", {}, is_shared=True)
    assert names(do, zhou) == ["我的打印机"]


def test_nobody_changes_another_ones_view_h20(do, clerk, make_person):
    colleague = make_person("李娜", Role.DESK)
    view_id = do(clerk, saved_views.save, "A座", {}, is_shared=True)

    for act, given in (
        (saved_views.update, ({},)),
        (saved_views.delete, ()),
    ):
        with pytest.raises(NotFound):
            do(colleague, act, view_id, *given)
    with pytest.raises(NotFound):
        do(colleague, saved_views.move, view_id, is_up=True)
    assert names(do, clerk) == ["A座"]


def test_a_name_is_given_once_by_each_person(do, clerk, make_person):
    do(clerk, saved_views.save, "A座", {}, is_shared=False)
    second = do(clerk, saved_views.save, "B座", {}, is_shared=False)

    with pytest.raises(NameTaken):
        do(clerk, saved_views.save, "A座", {}, is_shared=False)
    with pytest.raises(NameTaken):
        do(clerk, saved_views.change, second, "A座", is_shared=False)
    do(make_person("李娜", Role.DESK), saved_views.save, "A座", {}, is_shared=False)


def test_views_stand_in_the_order_that_their_owner_gave_them(do, clerk):
    ids = [do(clerk, saved_views.save, name, {}, is_shared=False) for name in ("一", "二", "三")]

    do(clerk, saved_views.move, ids[2], is_up=True)
    do(clerk, saved_views.move, ids[0], is_up=True)

    assert names(do, clerk) == ["一", "三", "二"]
    do(clerk, saved_views.delete, ids[0])
    assert names(do, clerk) == ["三", "二"]


def test_nobody_keeps_more_views_than_there_is_room_for(do, clerk, monkeypatch):
    monkeypatch.setattr(saved_views, "MOST", 1)
    do(clerk, saved_views.save, "一", {}, is_shared=False)

    with pytest.raises(TooMany):
        do(clerk, saved_views.save, "二", {}, is_shared=False)
