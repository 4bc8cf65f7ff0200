"""The first word, help, thanks, and what is not the desk's business: kind, and with a way on."""

from domain.commands import Command
from domain.lifecycle import Status
from domain.permissions import Permission
from handlers.dialog import Button, Choice, Context, Turn, aside, order
from nlp.patterns import words_in

_THANKS = words_in("incidents", "trail")


def welcome(ctx: Context) -> Turn:
    """Who this is and what to say, when somebody follows or scans."""
    if _is_engineer(ctx):
        buttons = _engineer_buttons(ctx)
        return aside("greet.welcome_engineer", name=ctx.speaker.name, buttons=buttons)
    if _is_of_the_desk(ctx):
        return aside("greet.welcome_desk", name=ctx.speaker.name, buttons=_DESK_BUTTONS)
    return aside("greet.welcome", buttons=_buttons(Command.REPORT, Command.HELP))


def help_(ctx: Context) -> Turn:
    if _is_engineer(ctx):
        return aside("greet.help_engineer", buttons=_engineer_buttons(ctx))
    if _is_of_the_desk(ctx):
        leads = ctx.speaker.could(Permission.ROSTER_DECIDE)
        return aside("greet.help_head" if leads else "greet.help_desk", buttons=_DESK_BUTTONS)
    commands = (Command.REPORT, Command.COMMON_QUESTIONS, Command.MY_TICKETS, Command.HUMAN)
    buttons = _buttons(*commands)
    return aside("greet.help", buttons=buttons)


def thanks(ctx: Context) -> Turn:
    """Thanks and greetings; whoever still has to say whether it is solved may tap that now."""
    waiting = [each for each in ctx.desk.my_tickets() if each.status is Status.RESOLVED]
    if not waiting:
        return aside(_small_talk(ctx))
    number = waiting[-1].number
    return aside(
        "greet.thanks_and_settle",
        number=waiting[-1].short,
        symptom=waiting[-1].symptom,
        buttons=(order(Command.CONFIRM, number), order(Command.REOPEN, number)),
    )


def _small_talk(ctx: Context) -> str:
    if says_thanks(ctx):
        return "greet.thanks"
    return "greet.noted" if ctx.choice is Choice.YES else "greet.hello"


def says_thanks(ctx: Context) -> bool:
    """Words of thanks close a message; a greeting has none of them."""
    return any(word in ctx.text for word in _THANKS)


def not_ours(ctx: Context) -> Turn:
    return aside("greet.not_ours", buttons=_buttons(Command.REPORT, Command.HUMAN))


def _is_engineer(ctx: Context) -> bool:
    return ctx.speaker.could(Permission.TICKET_ACCEPT)


def _is_of_the_desk(ctx: Context) -> bool:
    return ctx.speaker.could(Permission.OVERVIEW_READ)


def _engineer_buttons(ctx: Context) -> tuple[Button, ...]:
    """A tap signs in only who has just typed something; the others read which word to type."""
    is_typed = ctx.heard.is_message and ctx.heard.tap is None
    return _buttons(Command.QUEUE, Command.MY_WORK, *((Command.SIGN_IN,) if is_typed else ()))


def _buttons(*commands: Command) -> tuple[Button, ...]:
    return tuple(order(command) for command in commands)


_DESK_BUTTONS = _buttons(Command.OVERVIEW, Command.UNDELIVERED)
