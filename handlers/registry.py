"""Which conversation answers what: orders, intents, events, media, and refusals."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from domain.commands import Command
from domain.numbers import COMPLAINT_PREFIX, short_number
from domain.permissions import Permission
from domain.refusals import Refusal
from handlers import (
    add_to_complaint,
    amend_opened,
    answer_judged,
    answer_question,
    ask_leave,
    attach_media,
    bind_account,
    classify_ticket,
    complain,
    complaint_in_hand,
    decide_complaint,
    decide_fact,
    desk_today,
    emergency,
    engineer_shift,
    engineer_work,
    feed_back_complaint,
    follow_tickets,
    give_support,
    give_ticket_away,
    greet,
    hand_over_shift,
    hold_ticket,
    my_appraisal,
    my_complaints,
    my_duties,
    note_progress,
    object_to_complaint,
    rate_complaint,
    rate_ticket,
    reopen_ticket,
    report_device,
    report_incident,
    request_support,
    resolve_ticket,
    roster_answers,
    scanned_code,
    settle_ticket,
    swap_duty,
    take_charge,
    talk_to_person,
    try_the_way,
    verify_complaint,
    why_due,
    withdraw_complaint,
)
from handlers.dialog import Context, Conversation, Say, Turn, Word, answer, aside
from handlers.dialog import order as order_button
from handlers.work_orders import RULES
from nlp.classifier import ASK_BELOW_INTENT
from nlp.commands import Ordered, is_of_work, read_command
from nlp.incident import tells_of_fault
from nlp.intents import Intent

Answerer = Callable[[Context], Turn]

_CONVERSATIONS = (
    report_incident.CONVERSATION,
    reopen_ticket.CONVERSATION,
    rate_ticket.CONVERSATION,
    follow_tickets.CONVERSATION,
    note_progress.CONVERSATION,
    give_ticket_away.CONVERSATION,
    hold_ticket.CONVERSATION,
    classify_ticket.CONVERSATION,
    request_support.CONVERSATION,
    resolve_ticket.CONVERSATION,
    give_support.CONVERSATION,
    swap_duty.CONVERSATION,
    ask_leave.CONVERSATION,
    hand_over_shift.CONVERSATION,
    complain.CONVERSATION,
    add_to_complaint.CONVERSATION,
    withdraw_complaint.CONVERSATION,
    rate_complaint.CONVERSATION,
    object_to_complaint.CONVERSATION,
    verify_complaint.CONVERSATION,
    decide_complaint.CONVERSATION,
    feed_back_complaint.CONVERSATION,
    my_appraisal.CONVERSATION,
    decide_fact.CONVERSATION,
    answer_question.CONVERSATION,
)
_BY_NAME: Mapping[str, Conversation] = {each.name: each for each in _CONVERSATIONS}

_ORDERS: Mapping[Command, Answerer] = {
    Command.REPORT: report_incident.begin,
    Command.REPORT_DEVICE: report_device.begin,
    Command.MY_TICKETS: follow_tickets.list_mine,
    Command.SHOW: follow_tickets.show,
    Command.URGE: follow_tickets.urge,
    Command.CANCEL_TICKET: follow_tickets.cancel,
    Command.CONFIRM: settle_ticket.confirm,
    Command.REOPEN: reopen_ticket.reopen,
    Command.RATE: rate_ticket.begin,
    Command.HUMAN: talk_to_person.begin,
    Command.BACK_TO_BOT: talk_to_person.back_to_bot,
    Command.HELP: greet.help_,
    Command.BIND: bind_account.bind,
    Command.QUEUE: engineer_work.list_waiting,
    Command.MY_WORK: engineer_work.list_mine,
    Command.ACCEPT: engineer_work.accept,
    Command.ARRIVE: engineer_work.arrive,
    Command.PROGRESS: note_progress.begin,
    Command.RESUME: engineer_work.resume,
    Command.WHY: engineer_work.why_me,
    Command.WHY_DUE: why_due.why_due,
    Command.COMPLEX: classify_ticket.to_complex,
    Command.ORDINARY: classify_ticket.to_ordinary,
    Command.PHOTOS: engineer_work.photos,
    Command.DECLINE: give_ticket_away.decline,
    Command.TRANSFER: give_ticket_away.transfer,
    Command.HOLD: hold_ticket.begin,
    Command.ASK_SUPPORT: request_support.begin,
    Command.RESOLVE: resolve_ticket.begin,
    Command.SIGN_IN: engineer_shift.sign_in,
    Command.SIGN_OUT: engineer_shift.sign_out,
    Command.OVERVIEW: desk_today.overview,
    Command.UNDELIVERED: desk_today.undelivered,
    Command.RETRY: desk_today.retry,
    Command.EMERGENCY: emergency.begin,
    Command.GIVE_SUPPORT: give_support.begin,
    Command.TAKE_CHARGE: take_charge.begin,
    Command.COMMON_QUESTIONS: answer_question.common_questions,
    Command.SHOW_ANSWER: answer_question.show_answer,
    Command.USEFUL: answer_judged.useful,
    Command.USELESS: answer_judged.useless,
    Command.REPORT_AFTER_ALL: answer_judged.reported,
    Command.MY_DUTIES: my_duties.listed,
    Command.SWAP: swap_duty.begin,
    Command.LEAVE: ask_leave.begin,
    Command.AGREE: roster_answers.agree,
    Command.DISAGREE: roster_answers.disagree,
    Command.GRANT: roster_answers.grant,
    Command.DENY: roster_answers.deny,
    Command.TAKE_BACK: roster_answers.take_back,
    Command.HAND_OVER: hand_over_shift.begin,
    Command.TAKE_OVER: hand_over_shift.take,
    Command.CHANGE_RATING: rate_ticket.change,
    Command.COMPLAIN: complain.order,
    Command.MY_COMPLAINTS: my_complaints.list_mine,
    Command.SHOW_COMPLAINT: my_complaints.show,
    Command.ADD_TO_COMPLAINT: add_to_complaint.begin,
    Command.WITHDRAW_COMPLAINT: withdraw_complaint.begin,
    Command.RATE_COMPLAINT: rate_complaint.begin,
    Command.OBJECT: object_to_complaint.begin,
    Command.VERIFY: verify_complaint.begin,
    Command.DECIDE: decide_complaint.begin,
    Command.FEED_BACK: feed_back_complaint.begin,
    Command.MY_APPRAISAL: my_appraisal.listed,
    Command.ANSWER_FACT: my_appraisal.begin,
    Command.DECIDE_FACT: decide_fact.begin,
}

_OF_THE_DESK: Mapping[Command, Permission] = {
    Command.OVERVIEW: Permission.OVERVIEW_READ,
    Command.UNDELIVERED: Permission.NOTICE_READ,
    Command.RETRY: Permission.NOTICE_RETRY,
    Command.GIVE_SUPPORT: Permission.TICKET_GIVE_SUPPORT,
    Command.TAKE_CHARGE: Permission.CONSOLE_ENTER,
}

_OF_APPRAISAL: Mapping[Command, Permission] = {
    Command.MY_APPRAISAL: Permission.APPRAISAL_READ,
    Command.ANSWER_FACT: Permission.APPRAISAL_ANSWER,
    Command.DECIDE_FACT: Permission.APPRAISAL_DECIDE,
}

_PLAIN_WORDS = frozenset({Command.RETRY, *complaint_in_hand.WORK})
"""Said by whom they are not for, these are words like any other."""

_OF_THE_HEAD = frozenset({Command.GRANT, Command.DENY, Command.DECIDE, Command.DECIDE_FACT})

# What only some roles can order; to others these are words like any other.
_NEEDED: Mapping[Command, Permission] = {
    **{command: rule.needs for command, rule in RULES.items() if command is not Command.WHY},
    Command.QUEUE: Permission.TICKET_ACCEPT,
    Command.SIGN_IN: Permission.DUTY_SIGN,
    Command.SIGN_OUT: Permission.DUTY_SIGN,
    Command.MY_DUTIES: Permission.ROSTER_ASK,
    Command.SWAP: Permission.ROSTER_ASK,
    Command.LEAVE: Permission.ROSTER_ASK,
    Command.AGREE: Permission.ROSTER_ASK,
    Command.DISAGREE: Permission.ROSTER_ASK,
    Command.GRANT: Permission.ROSTER_DECIDE,
    Command.DENY: Permission.ROSTER_DECIDE,
    Command.TAKE_BACK: Permission.ROSTER_ASK,
    Command.HAND_OVER: Permission.HAND_OVER_SIGN,
    Command.TAKE_OVER: Permission.HAND_OVER_SIGN,
    **_OF_THE_DESK,
    **_OF_APPRAISAL,
}

_INTENTS: Mapping[Intent, Answerer] = {
    Intent.REPORT: report_incident.begin,
    Intent.REQUEST: report_incident.begin,
    Intent.HOWTO: report_incident.how_to,
    Intent.COMPLAIN: complain.begin,
    Intent.PROGRESS: follow_tickets.list_mine,
    Intent.URGE: follow_tickets.urge,
    Intent.CANCEL: follow_tickets.cancel,
    Intent.HUMAN: talk_to_person.begin,
    Intent.RATE: rate_ticket.begin,
    Intent.THANKS: greet.thanks,
    Intent.OTHER: greet.not_ours,
}

# What stands on a step that begins a conversation of its own.
_EVENTS: Mapping[str, Answerer] = {
    "subscribe": scanned_code.scanned,
    "scan": scanned_code.scanned,
}


def conversation(name: str | None) -> Conversation | None:
    """The conversation of this name; None when none is under way, or an older version's was."""
    return _BY_NAME.get(name) if name else None


def order(command: Command) -> Answerer:
    return _ORDERS[command]


def may_order(ctx: Context, command: Command) -> bool:
    """Whether some role of the speaker can give this order at all."""
    if command in complaint_in_hand.WORK:
        return complaint_in_hand.may_order(ctx, command)
    needed = _NEEDED.get(command)
    return needed is None or ctx.speaker.could(needed)


def not_for_them(ctx: Context, command: Command) -> Turn:
    """Engineers' work for somebody who is none: they may have to bind, or mean its progress."""
    word = Word(f"button.{command.value}")
    if command in _OF_THE_HEAD:
        return aside("refusal.head_only", order=word, buttons=(order_button(Command.HELP),))
    if command in _OF_THE_DESK or command in complaint_in_hand.WORK:
        return aside("refusal.desk_only", order=word, buttons=(order_button(Command.HELP),))
    if not ctx.number or command in _OF_APPRAISAL:
        return aside("refusal.bind_first", order=word, buttons=(order_button(Command.HELP),))
    return aside(
        "refusal.engineers_only",
        order=word,
        number=short_number(ctx.number),
        buttons=(order_button(Command.SHOW, ctx.number),),
    )


def is_no_order(ctx: Context, ordered: Ordered) -> bool:
    """反馈 0007 还是卡纸 is a requester's word about a ticket; a complaint is named whole."""
    if ordered.command not in complaint_in_hand.WORK or may_order(ctx, ordered.command):
        return False
    return not (ordered.number or "").startswith(COMPLAINT_PREFIX)


def device_named(ctx: Context) -> Turn | None:
    """The code on a device's case, where it may be meant."""
    return report_device.named(ctx)


def trial(ctx: Context) -> Turn | None:
    """The word of an admin who tries whether the account hears them."""
    return try_the_way.heard(ctx)


def words(ctx: Context) -> Turn:
    """Ordinary words with no question waiting: first what they may be the answer to."""
    says_too_little = report_incident.says_too_little(ctx)
    overheard = None if says_too_little else complain.overheard(ctx)
    overheard = overheard or settle_ticket.overheard(ctx)
    overheard = overheard or amend_opened.overheard(ctx)
    overheard = overheard or follow_tickets.overheard(ctx) or roster_answers.overheard(ctx)
    overheard = overheard or rate_complaint.overheard(ctx) or answer_judged.overheard(ctx)
    overheard = overheard or _first_word_of_an_engineer(ctx)
    if overheard is not None:
        return overheard
    is_sure = ctx.reading.intent_confidence >= ASK_BELOW_INTENT
    if is_sure and not says_too_little:
        return replace(_meant(ctx)(ctx), is_read=True)
    turn = _answered(ctx) or report_incident.begin_unsure(ctx)
    turn = replace(turn, is_read=True)
    ordered = read_command(ctx.text)
    if ordered is None or may_order(ctx, ordered.command) or ordered.command in _PLAIN_WORDS:
        return turn
    return turn if ordered.words and not turn.is_miss else not_for_them(ctx, ordered.command)


def _first_word_of_an_engineer(ctx: Context) -> Turn | None:
    """签到 of somebody who has neither bound nor reported, whatever the weights make of it."""
    ordered = read_command(ctx.text) if is_of_work(ctx.text) else None
    if ordered is None or may_order(ctx, ordered.command) or ctx.desk.my_tickets():
        return None
    return not_for_them(ctx, ordered.command)


def _answered(ctx: Context) -> Turn | None:
    """What may be a question, if the knowledge base surely knows which; a bare word asks none."""
    is_question = ctx.reading.intent is Intent.HOWTO and not report_incident.says_too_little(ctx)
    return answer_question.surely_answered(ctx) if is_question else None


def _meant(ctx: Context) -> Answerer:
    """能不能派人来看看 with nothing to urge is no urging, if the words tell of a fault."""
    intent = ctx.reading.intent
    is_of_a_ticket = intent in (Intent.URGE, Intent.PROGRESS, Intent.CANCEL)
    if is_of_a_ticket and tells_of_fault(ctx.text) and not ctx.desk.my_tickets():
        return report_incident.begin
    return _INTENTS[intent]


def wanted_instead(ctx: Context) -> Turn | None:
    """What words want that are no answer to an optional question; small talk wants nothing."""
    ordered = read_command(ctx.text)
    if ordered is not None and may_order(ctx, ordered.command):
        return order(ordered.command)(replace(ctx, number=ordered.number, words=ordered.words))
    if ctx.reading.intent in (Intent.THANKS, Intent.OTHER):
        return None
    turn = words(ctx)
    return None if turn.is_miss else turn


def medium(ctx: Context) -> Turn:
    return attach_media.received(ctx)


def event(ctx: Context) -> Turn:
    """Follows and scans lead on or are greeted; other events are only noted."""
    answerer = _EVENTS.get(ctx.heard.event)
    return answerer(ctx) if answerer else Turn((), is_aside=True)


def refused(no: Refusal) -> Turn:
    """The kind sentence for an expected no."""
    return answer(Say(no.text_key, no.facts))
