"""A running maintenance that explains a fault: one sentence of the summary (C §24)."""

from handlers.dialog import Context, Facts, Say
from handlers.report_draft import fault_of, place_of

_SAID = "maintenance"  # in the draft: the window that this report heard of


def with_maintenance(ctx: Context) -> tuple[Context, Facts]:
    """What the summary says of it; whoever reports may still do so."""
    window = ctx.desk.maintenance_for(fault_of(ctx).category, place_of(ctx))
    if window is None:
        return ctx, {"maintenance": None}
    say = Say("incident.maintenance", {"title": window.title, "until": window.ends_at})
    return ctx.learnt(**{_SAID: window.id}), {"maintenance": say}


def newly_fits(ctx: Context) -> tuple[Context, Facts]:
    """The same after an amendment: what was said once is not said again."""
    said = ctx.draft.get(_SAID)
    ctx, facts = with_maintenance(ctx)
    return ctx, {"maintenance": None} if said == ctx.draft.get(_SAID) else facts
