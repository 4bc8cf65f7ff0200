"""What somebody may try before anybody comes: a line of the summary, and never in its way (K1)."""

from dataclasses import replace

from domain.category import Category
from domain.commands import Command
from domain.knowledge import UseOutcome
from domain.priority import Impact
from handlers.answer_said import answer_says, surely_meant
from handlers.dialog import Button, Context, Facts, Say, Turn, choice, finish, order
from handlers.report_draft import Step, asked, fault_of
from nlp.helped import Verdict, read_helped

# Of servers, data, security and business systems people repair nothing themselves.
_BY_THEMSELVES = frozenset(
    {
        Category.COMPUTER,
        Category.PRINTER,
        Category.NETWORK,
        Category.ACCOUNT,
        Category.EMAIL,
        Category.SOFTWARE,
        Category.MEETING,
    }
)


def with_remedy(ctx: Context) -> Context:
    """Looked for once in a report, and again when the fault is another one."""
    fault = fault_of(ctx)
    of = f"{fault.category} {fault.symptom}"
    known = ctx.draft.get("remedy")
    if known is not None and known["of"] == of:
        return ctx
    return ctx.learnt(remedy={"of": of, **_found(ctx)})


def _found(ctx: Context) -> dict[str, str]:
    fault = fault_of(ctx)
    is_mine = fault.impact == Impact.PERSON and not fault.is_urgent
    if ctx.draft.get("use") or not is_mine or fault.category not in _BY_THEMSELVES:
        return {}
    found = surely_meant(ctx.desk.remedies(fault.symptom, Category(fault.category)))
    if found is None or found.category != fault.category:
        return {}
    return {"number": found.number, "title": found.title}


def remedy_facts(ctx: Context) -> Facts:
    """One line of the summary; the text leaves it out where there is none."""
    title = ctx.draft["remedy"].get("title")
    return {"remedy": Say("answer.try_first", {"title": title}) if title else None}


def remedy_buttons(ctx: Context) -> tuple[Button, ...]:
    return (choice("try_first"),) if ctx.draft["remedy"].get("number") else ()


def tried_first(ctx: Context, buttons: tuple[Button, ...]) -> Turn | None:
    """先试试 shows the answer, 管用了 ends the report; None for everything else."""
    remedy = ctx.draft.get("remedy") or {}
    told = read_helped(ctx.text) if ctx.heard.tap is None else None
    verdict = told.verdict if told else None
    if remedy.get("number") and (ctx.tapped == "try_first" or verdict is Verdict.TRY):
        return _shown(ctx, remedy["number"], buttons)
    if not ctx.draft.get("tries") or verdict is not Verdict.USEFUL:
        return None
    ctx.desk.say_of_answer(ctx.draft["use"], UseOutcome.USEFUL)
    return finish("answer.thanks_no_report")


def no_help(ctx: Context, ticket_id: int) -> Context:
    """A ticket came of the answer; a second fault has nothing to do with it."""
    if not ctx.draft.get("use"):
        return ctx
    ctx.desk.ticket_came_of(ctx.draft["use"], ticket_id)
    return ctx.learnt(use=None, tries=None)


def _shown(ctx: Context, number: str, buttons: tuple[Button, ...]) -> Turn:
    article = ctx.desk.article(number)
    use = ctx.desk.show_answer(article, fault_of(ctx).symptom)
    say = answer_says(
        article, use, "answer.tried", (order(Command.USEFUL, str(use), "button.it_works"), *buttons)
    )
    turn = asked(ctx.learnt(use=use, tries=True), Step.CONFIRM, say.key)
    return replace(turn, says=(say,))
