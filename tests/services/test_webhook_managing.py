"""What the admin does with webhooks, and what nobody gets to see (C §25, H-35, Y1)."""

import pytest

from domain.outgoing import AddressRefused, HostRefused
from domain.permissions import Permission, Role
from domain.refusals import NotFound, NotPermitted
from models import AuditEntry, Webhook
from services.webhooks import listing, managing, sealing
from services.webhooks.managing import FORMER_FOR, MOST, NoEvent, TooMany, Wish
from tests.services.making import all_of, only
from tests.services.webhook_kit import *  # noqa: F403
from tests.services.webhook_kit import KEY, URL

A_WISH = Wish("OA", URL, ["ticket.opened"])


def test_a_secret_is_made_once_and_only_the_server_can_read_what_is_kept(database, act):
    hook, secret = act(managing.add, A_WISH, KEY)

    kept = only(database, Webhook)
    assert secret.startswith("whsec_") and secret not in kept.secret_sealed
    assert sealing.opened(kept.secret_sealed, KEY) == secret
    assert sealing.opened(kept.secret_sealed, b"another key of another server") is None
    assert kept.ending == secret.rstrip("=")[-4:] and hook.id == kept.id


def test_with_a_new_secret_the_former_one_signs_beside_it_for_a_day(
    database, act, add, claimed, now
):
    hook = add()
    former = only(database, Webhook).secret_sealed
    act(managing.rotate, hook, KEY)
    act(managing.test, hook)
    act(managing.test, hook)
    new = only(database, Webhook).secret_sealed

    assert claimed(now).secrets_sealed == (new, former)
    assert claimed(now + FORMER_FOR).secrets_sealed == (new,)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"url": "https://10.0.0.1/"}, HostRefused),
        ({"url": "nowhere"}, AddressRefused),
        ({"events": []}, NoEvent),
        ({"events": ["webhook.test", "ticket.exploded"]}, NoEvent),
    ],
)
def test_a_webhook_that_could_not_work_is_refused(database, act, facts, refusal):
    wish = Wish(**{"name": "OA", "url": URL, "events": ["ticket.opened"], **facts})

    with pytest.raises(refusal):
        act(managing.add, wish, KEY)

    assert all_of(database, Webhook) == []


def test_there_are_not_more_than_can_be_told_of_each_event(act, add):
    for _ in range(MOST):
        add()

    with pytest.raises(TooMany):
        act(managing.add, A_WISH, KEY)


def test_each_change_is_recorded_and_no_record_holds_a_secret_or_a_key_in_an_address(database, act):
    hook, secret = act(managing.add, Wish("OA", f"{URL}?key=k3y", ["ticket.opened"]), KEY)
    act(managing.change, hook.id, Wish("OA 待办", URL, ["ticket.closed"]))
    act(managing.pause, hook.id)
    act(managing.pause, hook.id)
    act(managing.resume, hook.id)
    act(managing.rotate, hook.id, KEY)
    act(managing.remove, hook.id)

    entries = all_of(database, AuditEntry)
    assert [each.action.partition(".")[2] for each in entries] == [
        "add",
        "change",
        "pause",
        "resume",
        "rotate",
        "remove",
    ]
    told = str([(each.before, each.after) for each in entries])
    assert secret not in told and "k3y" not in told


ACTS = [
    lambda desk, hook: managing.add(desk, A_WISH, KEY),
    lambda desk, hook: managing.change(desk, hook, A_WISH),
    lambda desk, hook: managing.pause(desk, hook),
    lambda desk, hook: managing.resume(desk, hook),
    lambda desk, hook: managing.rotate(desk, hook, KEY),
    lambda desk, hook: managing.remove(desk, hook),
    lambda desk, hook: managing.test(desk, hook),
    lambda desk, hook: managing.resend(desk, hook, 1),
    lambda desk, hook: managing.resend_failed(desk, hook),
]


def test_nobody_but_the_admin_does_any_of_it_y1(database, desk_of, add, make_person):
    hook = add()
    others = [make_person("旁人", role) for role in Role if role is not Role.ADMIN]

    for other in others:
        for do in ACTS:
            with database.transaction() as session, pytest.raises(NotPermitted) as refused:
                do(desk_of(session, other), hook)
            assert refused.value.facts["permission"] == Permission.WEBHOOK_MANAGE.value


def test_the_delivery_of_one_is_not_found_under_another(
    database, act, add, follow, make_ticket, logged
):
    one, other = add(), add()
    make_ticket()
    follow()
    theirs = logged(other)[0].id

    with pytest.raises(NotFound):
        act(managing.resend, one, theirs)
    with database.reading() as session, pytest.raises(NotFound):
        listing.delivery(session, one, theirs)


def test_the_list_counts_what_waits_and_the_log_goes_back_page_by_page(
    database, add, follow, make_ticket, now, monkeypatch
):
    monkeypatch.setattr(listing, "PAGE", 2)
    hook = add(events=["ticket.opened"])
    for _ in range(3):
        make_ticket()
    follow()

    with database.reading() as session:
        (summary,) = listing.listed(session, now)
        newest = listing.page(session, hook)
        rest = listing.page(session, hook, below=newest.below)
    assert (summary.waiting, summary.failed, summary.arrived) == (3, 0, 0)
    ids = [row.id for row in (*newest.rows, *rest.rows)]
    assert ids == sorted(ids, reverse=True) and len(ids) == 3 and rest.below is None
