"""For whom a fault is reported and when somebody may come, as the words say it beside the fault."""

from dataclasses import replace

from handlers.dialog import Context, Facts, Say
from handlers.fault import Fault
from handlers.report_draft import fault_of, with_fault
from nlp.contact import Contact, read_contact
from nlp.on_behalf import read_behalf, read_number_of, without_behalf
from nlp.wish import Wish, read_wish


def heard(ctx: Context, contact: Contact) -> tuple[Context, Contact, tuple[Say, ...]]:
    """The report with what is wished, what is left of the contact, and a sentence for each change.

    The number beside another's name is that person's: the speaker's own stays as it is.
    """
    fault = fault_of(ctx)
    changed, rest = _of_another(ctx, fault, contact)
    wish = read_wish(ctx.text, ctx.now)
    if wish is not None:
        changed = replace(changed, wished=kept(wish))
    says = tuple(_changes(fault, changed))
    return with_fault(ctx, changed), rest, says


def kept(wish: Wish) -> dict[str, str | None]:
    begins, ends = (at.isoformat() if at else None for at in (wish.begins, wish.ends))
    return {"words": wish.words, "begins": begins, "ends": ends}


def _of_another(ctx: Context, fault: Fault, contact: Contact) -> tuple[Fault, Contact]:
    behalf = read_behalf(ctx.text)
    if behalf is None or behalf.name == ctx.speaker.name:
        return fault, contact
    before = fault.behalf_of or {}
    is_same = before.get("name") == behalf.name
    number = contact.phone or contact.extension
    about = {
        "name": behalf.name,
        "department": behalf.department or (before.get("department") if is_same else None),
        "phone": number or (before.get("phone") if is_same else None),
    }
    mine = read_contact(without_behalf(ctx.text))
    is_mine = mine.name is not None and mine.name != behalf.name
    named = read_number_of(ctx.text, behalf.name)
    if is_mine:
        about["phone"] = before.get("phone") if is_same else None  # the number is the speaker's
    if named:
        about["phone"], rest = named
        mine = read_contact(without_behalf(rest))
    if not about["phone"]:
        about["known"] = ctx.desk.number_known_of(behalf.name, about["department"])
    return replace(fault, behalf_of=about), mine if is_mine else Contact()


def _changes(before: Fault, after: Fault) -> list[Say]:
    says = []
    if after.behalf_of and after.behalf_of != before.behalf_of:
        says.append(Say("incident.amended.behalf", behalf_facts(after)))
    if after.wished and after.wished != before.wished:
        says.append(Say("incident.amended.wished", {"wished": after.wished["words"]}))
    return says


def behalf_facts(fault: Fault) -> Facts:
    about = fault.behalf_of or {}
    return {
        "behalf": about.get("name"),
        "department": about.get("department"),
        "phone": about.get("phone"),
    }
