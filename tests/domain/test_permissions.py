"""The table of rights is the one that the house agreed on (Y1)."""

from dataclasses import fields
from itertools import product

import pytest

from domain import permissions
from domain.permissions import (
    PERMISSIONS,
    Permission,
    Relation,
    Role,
    Stand,
    demand,
    has_role_for,
    may,
)
from domain.refusals import NotPermitted
from tests.domain.rights import RIGHTS, holds

FACTS = {
    Relation.OWN: "is_own",
    Relation.ASSIGNED: "is_assigned",
    Relation.WAS_ASSIGNED: "was_assigned",
    Relation.SUPPORTING: "is_supporting",
    Relation.IN_AREA: "is_in_area",
    Relation.IMPARTIAL: "is_impartial",
    Relation.DEPUTY: "is_deputy",
    Relation.ABOUT_ME: "is_about_me",
}
RELATIONS = (None, *FACTS)


def stand_in(relation):
    return Stand(**{FACTS[relation]: True}) if relation else Stand()


def differences(of=Permission):
    """Where the product's table gives another answer than the grid."""
    return [
        (permission, role, relation)
        for permission, role, relation in product(of, Role, RELATIONS)
        if may({role}, permission, stand_in(relation)) != holds(role, permission, relation)
    ]


def test_every_role_may_do_what_the_grid_says_and_no_more():
    """Y1: each permission × 6 roles × 9 relations."""
    assert differences() == []


def test_the_grid_names_every_permission_and_role():
    assert set(RIGHTS) == set(product(Permission, Role))
    assert set(PERMISSIONS) == set(Permission)


SWAPS = [
    (permission, one, other)
    for permission in Permission
    for one, other in product(Role, Role)
    if one < other and RIGHTS[permission, one] != RIGHTS[permission, other]
]


def test_any_two_cells_swapped_are_seen(monkeypatch):
    """Y1: no swap within a row would go unnoticed; the other rows are as they were."""
    assert len(SWAPS) > 100
    for permission, one, other in SWAPS:
        rows = PERMISSIONS[permission]
        swapped = {**rows, one: rows.get(other, ()), other: rows.get(one, ())}
        with monkeypatch.context() as patch:
            patch.setattr(permissions, "PERMISSIONS", {**PERMISSIONS, permission: swapped})
            assert differences([permission]), (permission, one, other)


def test_rights_of_several_roles_add_up():
    """One person may hold several roles."""
    both = {Role.REQUESTER, Role.ENGINEER}

    assert may(both, Permission.TICKET_CANCEL, Stand(is_own=True))
    assert may(both, Permission.TICKET_HOLD, Stand(is_assigned=True))
    assert not may(both, Permission.TICKET_HOLD, Stand(is_own=True))


def test_nobody_without_a_role_may_anything():
    everywhere = Stand(*[True] * len(fields(Stand)))

    assert not any(may((), permission, everywhere) for permission in Permission)


@pytest.mark.parametrize("permission", Permission)
def test_a_role_that_some_relation_would_permit_gets_the_menu(permission):
    for role in Role:
        assert has_role_for({role}, permission) is bool(RIGHTS[permission, role])


def test_a_demand_that_fails_names_what_was_wanted():
    with pytest.raises(NotPermitted) as no:
        demand({Role.REQUESTER}, Permission.TICKET_ACCEPT)

    assert no.value.facts == {"permission": "ticket.accept"}
    demand({Role.REQUESTER}, Permission.TICKET_OPEN)
