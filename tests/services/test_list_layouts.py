"""Tables as each person has them (C §1)."""

import pytest

from domain.permissions import Role
from domain.refusals import NotPermitted
from services import list_layouts
from services.list_layouts import NARROWEST, WIDEST, Layout


def test_columns_and_widths_are_kept_for_their_owner_alone_c1(database, desk_of, make_person):
    clerk, colleague = make_person("陈静", Role.DESK), make_person("李娜", Role.DESK)
    wanted = {"status": 90, "place": 5, "symptom": 9999}
    with database.transaction() as session:
        list_layouts.keep(desk_of(session, clerk), "queue", ["place", "status", "place"], wanted)
    with database.transaction() as session:
        list_layouts.keep(desk_of(session, clerk), "queue:7", ["score"], {})

    with database.transaction() as session:
        mine = list_layouts.kept(desk_of(session, clerk), "queue")
        assert list_layouts.kept(desk_of(session, colleague), "queue") == Layout()
        list_layouts.forget(desk_of(session, clerk), "queue")

    assert mine.columns == ("place", "status")
    assert mine.widths == {"status": 90, "place": NARROWEST, "symptom": WIDEST}
    with database.transaction() as session:
        assert list_layouts.kept(desk_of(session, clerk), "queue") == Layout()
        assert list_layouts.kept(desk_of(session, clerk), "queue:7").columns == ("score",)


def test_a_requester_has_no_tables_y1(database, desk_of, make_person):
    wang = make_person("王芳")

    with database.transaction() as session, pytest.raises(NotPermitted):
        list_layouts.keep(desk_of(session, wang), "queue", ["status"], {})
