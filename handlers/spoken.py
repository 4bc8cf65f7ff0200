"""A voice in the middle of a conversation: kept, and its words taken for an answer (F1)."""

from dataclasses import replace

from handlers.dialog import Context, Medium, Say, StepFunction, Turn, aside
from handlers.media_kept import kept


def also_spoken(step: StepFunction) -> StepFunction:
    """The step for typed words and for spoken ones that the platform put into words."""

    def heard(ctx: Context) -> Turn:
        if ctx.heard.medium is not Medium.VOICE:
            return step(ctx)
        kept(ctx)
        if not ctx.text.strip():
            return aside("media.voice_needs_words")
        turn = step(ctx)
        return replace(turn, says=(Say("media.heard", {"words": ctx.text}), *turn.says))

    return heard
