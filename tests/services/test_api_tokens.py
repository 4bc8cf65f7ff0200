"""Tokens of the API: shown once, kept as a hash, scoped, ended, and recorded (H-50, H-51)."""

from datetime import timedelta

import pytest

from domain.permissions import PERMISSIONS, Permission, Role
from domain.scopes import SCOPES, Scope, granted, scopes_for
from models import ApiToken, AuditEntry
from services import api_tokens
from services.api_tokens import ExpiryRefused, ScopesMissing
from tests.services.making import all_of, only


@pytest.fixture
def issue(database, make_person, now):
    def issue(*scopes, person=None, expires_at=None, at=now):
        person = person or make_person("陈台", Role.DESK)
        with database.transaction() as session:
            _, secret = api_tokens.issue(
                session,
                name="工单同步",
                person_id=person.id,
                scopes=scopes or [Scope.TICKETS_READ],
                created_by_id=person.id,
                expires_at=expires_at,
                now=at,
            )
        return secret

    return issue


def bearer(database, secret, at):
    with database.reading() as session:
        return api_tokens.bearer(session, secret, at)


def test_only_its_hash_and_its_ending_are_kept(issue, database, now):
    secret = issue()

    row = only(database, ApiToken)
    assert secret not in (row.token_hash, row.name)
    assert len(row.token_hash) == 64
    assert secret.endswith(row.ending) and len(row.ending) == 4
    assert secret.startswith("sd_") and len(secret) >= 46


def test_it_says_whose_it_is_and_how_far_it_reaches(issue, make_person, database, now):
    wang = make_person("王芳")

    found = bearer(database, issue("tickets:read", Scope.PEOPLE_READ, person=wang), now)

    assert (found.speaker.id, found.speaker.roles) == (wang.id, wang.roles)
    assert found.scopes == {Scope.TICKETS_READ, Scope.PEOPLE_READ}
    assert Permission.PERSON_READ in found.permissions
    assert Permission.TICKET_OPEN not in found.permissions


def test_without_an_end_it_holds_for_a_year_and_never_longer(issue, database, now):
    secret = issue()

    assert bearer(database, secret, now + timedelta(days=365)) is not None
    assert bearer(database, secret, now + timedelta(days=366)) is None
    for days in (-1, 0, 367):
        with pytest.raises(ExpiryRefused):
            issue(expires_at=now + timedelta(days=days))


def test_a_token_for_nothing_or_for_an_unknown_word_is_not_made(database, make_person, now):
    wang = make_person("王芳")
    facts = {"name": "x", "person_id": wang.id, "created_by_id": wang.id, "expires_at": None}

    for scopes, refusal in (([], ScopesMissing), (["everything"], ValueError)):
        with pytest.raises(refusal), database.transaction() as session:
            api_tokens.issue(session, scopes=scopes, now=now, **facts)

    assert all_of(database, ApiToken) == []


def test_a_typing_slip_is_seen_without_asking_the_database(issue):
    secret = issue()

    assert api_tokens.is_well_formed(secret)
    for wrong in (secret[:-1], secret[:-1] + "~", secret.swapcase(), "", "sd_", secret + "x"):
        assert not api_tokens.is_well_formed(wrong)


def test_a_revoked_token_opens_nothing_and_is_revoked_once(issue, database, make_person, now):
    secret, chen = issue(), make_person("管理", Role.ADMIN)
    token_id = only(database, ApiToken).id

    for minutes in (1, 2):
        with database.transaction() as session:
            at = now + timedelta(minutes=minutes)
            api_tokens.revoke(session, token_id, at, by_id=chen.id)

    assert bearer(database, secret, now + timedelta(minutes=1)) is None
    assert only(database, ApiToken).revoked_at == now + timedelta(minutes=1)
    entries = all_of(database, AuditEntry)
    assert [each.action for each in entries] == ["token.issue", "token.revoke"]
    assert entries[1].actor_id == chen.id
    assert secret not in repr([(each.before, each.after) for each in entries])


def test_the_list_shows_which_tokens_live(issue, database, make_person, now):
    issue(person=make_person("王芳"))
    issue(expires_at=now + timedelta(days=1), at=now)

    with database.reading() as session:
        newest, oldest = api_tokens.listed(session)

    assert (oldest.person, newest.person) == ("王芳", "陈台")
    later = now + timedelta(days=2)
    assert (oldest.is_live(later), newest.is_live(later)) == (True, False)


# --- scopes --------------------------------------------------------------------------------------


def test_each_scope_stands_for_permissions_that_somebody_holds():
    assert set(SCOPES) == set(Scope)
    assert all(PERMISSIONS[each] for each in granted(set(Scope)))


def test_no_scope_reaches_what_changes_people_rights_or_tokens():
    beyond = {
        Permission.PERSON_MANAGE,
        Permission.TOKEN_MANAGE,
        Permission.SETTING_MANAGE,
        Permission.TEXT_MANAGE,
        Permission.AUDIT_READ,
    }

    assert granted(set(Scope)) & beyond == set()
    assert all(scopes_for(each) == () for each in beyond)
