"""测试, of the admin who waits for it on the page of the trial; of anybody else a word like any."""

from domain.permissions import Permission
from handlers.dialog import Context, Say, Turn, answer
from nlp.trial_word import is_trial_word


def heard(ctx: Context) -> Turn | None:
    """None wherever nobody waits: the talk goes on as ever."""
    if not ctx.speaker.could(Permission.SETTING_MANAGE) or not is_trial_word(ctx.text):
        return None
    return answer(Say("way_trial.heard")) if ctx.desk.trial_heard() else None
