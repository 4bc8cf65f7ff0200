"""Whether what is live can be read by: whole, and made for this release."""

from collections.abc import Iterator

from cli.checks.finding import Finding, Room, right, wrong
from nlp import weights as weights_file
from services.readings import live


def weights(room: Room) -> Iterator[Finding]:
    """Refused weights change nothing: the ones from before read on, and nobody would notice."""
    with room.database.reading() as session:
        stands = live.standing(session)
        kept = live.weights(session, stands.model_id) if stands.model_id else None
    words = len(stands.words)
    try:
        if kept is None:
            weights_file.load()
            yield right("doctor.weights.shipped", words=words)
        else:
            weights_file.unpack(*kept)
            yield right("doctor.weights.right", name=stands.digest[:12], words=words)
    except weights_file.ModelUnusable:
        key = "doctor.weights.damaged" if kept is None else "doctor.weights.refused"
        yield wrong(key, **({} if kept is None else {"name": stands.digest[:12]}))
