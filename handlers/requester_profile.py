"""Who reports: what a message says of them is kept for good, and only the rest is asked for."""

from dataclasses import asdict, replace

from domain.commands import Command
from handlers.dialog import Context, Facts, Say, Turn, Word, answer, order
from nlp.contact import Contact, read_contact

_MOST_AROUND_A_NUMBER = 16  # characters of a message that says who one is and nothing else


def learnt_from(ctx: Context, contact: Contact) -> Context:
    """The same with what was said of the person; the desk keeps it."""
    said = {name: value for name, value in asdict(contact).items() if value}
    if not said:
        return ctx
    return replace(ctx, speaker=ctx.desk.learn_profile(**said))


def introduced(ctx: Context, contact: Contact) -> Context:
    """Who is named beside a fault is the speaker, unless the speaker is known by another name."""
    known = ctx.speaker.name
    return ctx if known and contact.name not in (None, known) else learnt_from(ctx, contact)


def has_anything(contact: Contact) -> bool:
    return any(asdict(contact).values())


def missing_words(missing: tuple[str, ...]) -> Facts:
    """The names of what is missing, for the sentence that asks for it."""
    names = {name: Word(f"profile.the.{name}") for name in missing}
    example = Word("profile.example_place") if "place" in missing else None
    return (
        {"department": None, "name": None, "phone": None, "place": None}
        | names
        | {"example": example}
    )


def card(ctx: Context) -> Facts:
    """Department, name and number as a summary shows them."""
    who = ctx.speaker
    also = who.extension if who.phone else None
    return {
        "department": who.department,
        "name": who.name,
        "phone": who.reached_by,
        "extension": also,
    }


def said_alone(ctx: Context) -> Turn | None:
    """我是财务部王芳 13800001234, with nothing under way, is kept and confirmed."""
    if not any(character.isdecimal() for character in ctx.text):
        return None
    contact = read_contact(ctx.text)
    number = contact.phone or contact.extension
    if number is None or len(ctx.text.strip()) - len(number) > _MOST_AROUND_A_NUMBER:
        return None
    if ctx.incident.symptom != (ctx.incident.device or ""):
        return None
    return kept(learnt_from(ctx, contact))


def kept(ctx: Context) -> Turn:
    return answer(Say("profile.kept", card(ctx), (order(Command.REPORT),)))
