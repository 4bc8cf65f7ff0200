"""A password is looked at between two transactions: hashing is slow on purpose."""

from services import credentials, signing_in
from services.signing_in import Try
from web.account.entering import place
from web.site import site


def knock(number: str, password: str) -> Try | None:
    """The try, if the password is right; TriesUsedUp if it is not time yet (H-41, H-42)."""
    with site().database.transaction() as writing:
        tried = signing_in.begin(writing, number, place().address, site().now())
    return tried if credentials.is_password(tried.password_hash, password) else None


def is_really(person_id: int, password: str) -> bool:
    """Whether the reader knows their password; wrong ones count as those of the sign-in do."""
    with site().database.transaction() as writing:
        tried = signing_in.begin_again(writing, person_id, site().now())
    if not credentials.is_password(tried.password_hash, password):
        return False
    with site().database.transaction() as writing:
        signing_in.was_right(writing, tried)
    return True


def renewed_hash(tried: Try, password: str) -> str | None:
    """The hash with today's parameters, if the kept one has others."""
    kept = tried.password_hash
    return credentials.hash_of(password) if kept and credentials.is_outdated(kept) else None
