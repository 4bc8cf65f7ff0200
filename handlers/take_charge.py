"""我来跟: a lead or the head sees to a ticket that is late or that nobody has answered (F11)."""

from handlers.dialog import Command, Context, Turn, aside, order
from services.notices import page_of


def begin(ctx: Context) -> Turn:
    if ctx.number is None:
        return aside("ladder.which")
    ticket = ctx.desk.take_charge(ctx.desk.find(ctx.number).id)
    engineer = ticket.assignee
    return aside(
        "ladder.taken",
        buttons=(order(Command.SHOW, ticket.number),),
        ticket_id=ticket.id,
        page=page_of(ticket.number),
        number=ticket.short,
        symptom=ticket.symptom,
        engineer=engineer.name if engineer else None,
        phone=engineer.phone if engineer else None,
    )
