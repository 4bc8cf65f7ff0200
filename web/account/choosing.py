"""A new password in a form: twice the same, and none that is guessed first."""

from domain.passwords import LONGEST
from services import credentials
from web.forms import Field, Filled
from web.site import site

CHOSEN = (
    Field("new_password", LONGEST, is_required=True, missing="sign_in.password_missing"),
    Field("again_password", LONGEST, is_required=True, missing="account.weak.again"),
)


def chosen(filled: Filled, person_id: int) -> None:
    """Says at the fields what is wrong with the choice."""
    if filled.problems:
        return
    if filled["new_password"] != filled["again_password"]:
        filled.refuse("again_password", "account.weak.again")
    with site().database.reading() as reading:
        weak = credentials.weakness_of(reading, person_id, filled["new_password"])
    if weak is not None:
        filled.refuse("new_password", f"account.weak.{weak.value}")


def same_as(filled: Filled, person_id: int) -> bool:
    """Whether it is the password that they have now."""
    with site().database.reading() as reading:
        kept = credentials.hash_kept(reading, person_id)
    return credentials.is_password(kept, filled["new_password"])
