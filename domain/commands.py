"""What can be ordered by a menu key, a tapped line or typed words; each has one name everywhere."""

from enum import StrEnum, auto


class Command(StrEnum):
    """A menu sends the name in capitals, a tapped line `name` or `name:ticket number`."""

    REPORT = auto()
    REPORT_DEVICE = auto()  # with the code on its case in place of a ticket number
    MY_TICKETS = auto()
    SHOW = auto()  # one ticket's progress
    URGE = auto()
    CANCEL_TICKET = auto()
    CONFIRM = auto()  # solved
    REOPEN = auto()  # not solved
    RATE = auto()
    CHANGE_RATING = auto()  # once, while it is fresh (F13)
    HUMAN = auto()
    HELP = auto()
    STOP = auto()  # what is under way here
    BACK_TO_BOT = auto()
    BIND = auto()
    QUEUE = auto()  # assigned to me, not accepted
    MY_WORK = auto()
    ACCEPT = auto()
    DECLINE = auto()
    TRANSFER = auto()
    ARRIVE = auto()
    PROGRESS = auto()
    HOLD = auto()
    RESUME = auto()
    ASK_SUPPORT = auto()
    RESOLVE = auto()
    WHY = auto()  # why me: the dispatch receipt
    WHY_DUE = auto()  # why then: how the time of a ticket was reckoned (R4)
    COMPLEX = auto()  # not to be solved in one visit: other promises hold (F14)
    ORDINARY = auto()
    PHOTOS = auto()
    SIGN_IN = auto()
    SIGN_OUT = auto()
    OVERVIEW = auto()  # how the desk stands today
    UNDELIVERED = auto()  # notices that did not get through
    RETRY = auto()  # one of them once more, by its id
    MY_DUTIES = auto()  # when I am on the roster
    SWAP = auto()  # a duty of mine with a colleague
    LEAVE = auto()
    AGREE = auto()  # to a colleague's swap, by its id
    DISAGREE = auto()
    GRANT = auto()  # a swap or a leave, by swap-… or leave-…
    DENY = auto()
    TAKE_BACK = auto()  # a swap or a leave of mine, by the same
    HAND_OVER = auto()  # what my shift leaves to the next
    TAKE_OVER = auto()  # sign for it, by its id
    EMERGENCY = auto()  # a matter that cannot wait: whoever is on call is woken (F15)
    GIVE_SUPPORT = auto()  # the desk sends a higher level or the vendor (F12)
    COMPLAIN = auto()
    MY_COMPLAINTS = auto()
    SHOW_COMPLAINT = auto()  # by its number, as all that follow
    ADD_TO_COMPLAINT = auto()
    WITHDRAW_COMPLAINT = auto()
    RATE_COMPLAINT = auto()  # how it was handled (C4)
    OBJECT = auto()  # to the decision, once
    VERIFY = auto()  # the desk finds out, and reports to the head (C2)
    DECIDE = auto()  # the head (C3)
    FEED_BACK = auto()  # the desk tells the complainant
    MY_APPRAISAL = auto()  # what counts for me (R3)
    ANSWER_FACT = auto()  # to what is held to me, by its id
    DECIDE_FACT = auto()  # the head, of such an answer
    COMMON_QUESTIONS = auto()  # what the knowledge base is asked most (K1)
    SHOW_ANSWER = auto()  # by the article's number
    USEFUL = auto()  # an answer that was shown, by the id of its use
    USELESS = auto()
    REPORT_AFTER_ALL = auto()  # all that was said goes into the report
    TAKE_CHARGE = auto()  # a lead or head sees to what is late or unanswered (F11)


def tap(command: Command, number: str | None = None) -> str:
    """What a tapped line sends for this command."""
    return f"{command}:{number}" if number else str(command)


def read_tap(act: str) -> tuple[Command, str | None] | None:
    """The command and the ticket number behind a tapped line or a menu key."""
    name, _, number = act.partition(":")
    try:
        return Command(name.lower()), number or None
    except ValueError:
        return None
