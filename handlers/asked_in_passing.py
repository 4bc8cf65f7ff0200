"""A question in the midst of a report: answered if that is surely known, and the report goes on."""

from handlers.answer_said import answer_says, surely_meant, verdicts
from handlers.dialog import Context, StepFunction, Turn
from handlers.dialog import answer as aside_of
from nlp.intents import Intent


def or_a_question(step: StepFunction) -> StepFunction:
    """The step, unless the words ask for something that the knowledge base surely answers."""

    def given(ctx: Context) -> Turn:
        return _answered(ctx) or step(ctx)

    return given


def _answered(ctx: Context) -> Turn | None:
    if ctx.heard.tap is not None or not ctx.surely_means(Intent.HOWTO):
        return None
    found = surely_meant(ctx.desk.answers(ctx.text))
    if found is None:
        return None
    use = ctx.desk.show_answer(found, ctx.text)
    return aside_of(answer_says(found, use, "answer.found", verdicts(use)))
