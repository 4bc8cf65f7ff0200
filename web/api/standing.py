"""How the desk stands, what it tells everybody, and as whom a token acts."""

from domain.permissions import Permission
from services import bulletins
from web.api.asked import BulletinsAsked
from web.api.caller import bearer, calls, needs
from web.api.paging import cursor_after, row_place
from web.api.shapes import BulletinOut, BulletinPage, MeOut, OverviewOut, overview_out
from web.api.writing import looking

routes = calls("standing")


@routes.get("/me")
@routes.output(MeOut)
@needs(None)
def read_me() -> MeOut:
    """As whom this token acts, and how far it reaches."""
    known = bearer()
    return MeOut(
        id=known.speaker.id,
        name=known.speaker.name,
        roles=sorted(known.speaker.roles),
        token=known.token_name,
        scopes=sorted(known.scopes),
        expires_at=known.expires_at,
    )


@routes.get("/overview")
@routes.output(OverviewOut)
@needs(Permission.OVERVIEW_READ)
def read_overview() -> OverviewOut:
    """What is open, late, waiting, and who is there."""
    with looking() as desk:
        found = desk.overview()
    return overview_out(found)


@routes.get("/bulletins")
@routes.input(BulletinsAsked, location="query")
@routes.output(BulletinPage)
@needs(Permission.BULLETIN_READ)
def list_bulletins(query_data: BulletinsAsked) -> BulletinPage:
    """Bulletins that are out, the newest first (K3)."""
    with looking() as desk:
        found = bulletins.published(desk, row_place(query_data.cursor))
    return BulletinPage(
        items=[BulletinOut.model_validate(each) for each in found.bulletins],
        next=cursor_after(found.older) if found.older is not None else None,
    )
