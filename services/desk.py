"""The desk as one conversation sees it: every use case, with session and clock filled in."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from domain.calendar import ServiceHours
from domain.deadlines import Targets
from domain.delivery import ReachRules
from domain.heard import Heard, Medium
from domain.sentence import Say
from domain.speaker import Speaker
from domain.takeover import TakeoverRules
from domain.targets import DEFAULT_AGREEMENT, Agreement
from models import IntakeChannel
from services import (
    attachments,
    binding,
    devices,
    dispatching,
    duty,
    opening,
    overview,
    people,
    queries,
    settling,
    showing,
    takeover,
    undelivered,
    working,
)
from services.views import (
    Attached,
    Bound,
    Colleague,
    DeviceView,
    HandOver,
    Moved,
    Opened,
    Overview,
    Report,
    Scores,
    TicketView,
    Undelivered,
    Unreached,
    Urged,
    WorkResult,
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What an operator set: targets, service hours and limits (config.yaml)."""

    targets: Targets
    hours: ServiceHours
    agreement: Agreement = DEFAULT_AGREEMENT
    max_open_tickets: int = 8  # that one engineer is given
    desk_phone: str = ""
    reach: ReachRules = field(default_factory=ReachRules)
    takeover: TakeoverRules = field(default_factory=TakeoverRules)


@dataclass(frozen=True, slots=True)
class Desk:
    """Acts of one person; each demands its permission and raises a `Refusal` for an expected no."""

    session: Session
    now: datetime
    rules: Rules
    actor: Speaker
    inbox_id: int | None = None  # the message that is being handled

    # --- everybody -------------------------------------------------------------------------------

    def report(self, report: Report, channel: IntakeChannel = IntakeChannel.WECHAT) -> Opened:
        """Open a ticket for the actor and dispatch it (F5, F6, F8)."""
        return opening.report(self, report, channel=channel)

    def device(self, code: str) -> DeviceView | None:
        """The device with exactly this code on its case, in use or retired."""
        return devices.find(self.session, code)

    def reported_on(self, device_id: int) -> TicketView | None:
        """The actor's own ticket on this device, if one is not ended."""
        return devices.reported_on(self.session, self.actor, device_id)

    def learn_profile(self, **facts: str | None) -> Speaker:
        """Keep what the person said of themselves: name, department, office, phone, extension."""
        return people.learn(self.session, self.actor, facts)

    def find(self, reference: str, among: Collection[TicketView] = ()) -> TicketView:
        """The ticket of this whole number or these last four digits; NotFound for any other."""
        return queries.find(self.session, self.actor, reference, among)

    def ticket(self, ticket_id: int) -> TicketView:
        """A ticket that the actor may read; NotFound for any other."""
        return queries.ticket(self.session, self.actor, ticket_id)

    def my_tickets(self) -> tuple[TicketView, ...]:
        """The actor's own reports that are not ended, oldest first."""
        return queries.reported_by(self.session, self.actor)

    def my_last_ended(self) -> TicketView | None:
        """The actor's ticket that ended last, if it may still be reopened."""
        return queries.last_ended(
            self.session, self.actor, self.now - self.rules.targets.reopen_within
        )

    def to_rate(self) -> TicketView | None:
        """The actor's closed ticket that has no rating yet, the newest."""
        return queries.to_rate(self.session, self.actor)

    def solution_of(self, ticket_id: int) -> str:
        """What was done, in the engineer's words; empty before that."""
        return queries.solution_of(self.session, self.actor, ticket_id)

    def last_word(self, ticket_id: int) -> Say | None:
        """The newest line of the timeline that the requester may read (F11)."""
        return queries.last_word(self.session, self.actor, ticket_id)

    def urge(self, ticket_id: int) -> Urged:
        return settling.urge(self, ticket_id)

    def cancel(self, ticket_id: int) -> TicketView:
        return settling.cancel(self, ticket_id)

    def confirm(self, ticket_id: int) -> TicketView:
        """The requester says solved: closed (F16)."""
        return settling.confirm(self, ticket_id)

    def reopen(self, ticket_id: int, reason: str) -> TicketView:
        """The requester says not solved: open again, with the same engineer if possible."""
        return settling.reopen(self, ticket_id, reason)

    def rate(self, ticket_id: int, scores: Scores) -> TicketView:
        """Once in each cycle (F13); a low score calls the desk."""
        return settling.rate(self, ticket_id, scores)

    def comment(self, ticket_id: int, words: str) -> TicketView:
        """A word why, after the scores; the desk hears it."""
        return settling.comment(self, ticket_id, words)

    def amend(self, ticket_id: int, words: str) -> TicketView:
        """Words that the requester adds to an open ticket; its engineer is told."""
        return settling.amend(self, ticket_id, words)

    def attach(
        self, heard: Heard, ticket_id: int | None = None, *, is_waiting: bool = False
    ) -> Attached:
        """Keep a photo, voice, film or place: with this ticket, with the one still open that was
        opened or spoken of last, or (at once if `is_waiting`) until the next report."""
        return attachments.attach(self, heard, ticket_id, is_waiting=is_waiting)

    def show_media(self, ticket_id: int) -> dict[Medium, int]:
        """Send the actor what was attached in the last days; answers how many of each medium."""
        return showing.show_media(self, ticket_id)

    def ask_for_person(self, words: str) -> HandOver:
        """The actor waits for the desk; clerks are told (W1)."""
        return takeover.ask_for_person(self, words)

    def bind(self, code: str) -> Bound:
        """Join as the member of staff whom the code is for; CodeRefused or GuessesUsedUp."""
        return binding.bind(self, code)

    # --- engineers -------------------------------------------------------------------------------

    def waiting_for_me(self) -> tuple[TicketView, ...]:
        """Assigned to the actor and not accepted, most urgent first (W2)."""
        return queries.waiting_for(self.session, self.actor)

    def my_work(self) -> tuple[TicketView, ...]:
        """Accepted by the actor and not resolved, most urgent first."""
        return queries.work_of(self.session, self.actor)

    def accept(self, ticket_id: int) -> TicketView:
        """AlreadyTaken or NotYours if it is not the actor's to accept."""
        return working.accept(self, ticket_id)

    def decline(self, ticket_id: int, reason: str) -> Moved:
        """Give an assignment back before accepting; the next candidate gets it."""
        return dispatching.decline(self, ticket_id, reason)

    def transfer(self, ticket_id: int, reason: str, to: int | None = None) -> Moved:
        """Give an accepted ticket to a colleague, or back to dispatch."""
        return dispatching.transfer(self, ticket_id, reason, to)

    def colleagues(self, ticket_id: int) -> tuple[Colleague, ...]:
        """Who else could take this ticket, the best first."""
        return dispatching.colleagues(self, ticket_id)

    def arrive(self, ticket_id: int) -> TicketView:
        """The engineer is on site; the requester is told."""
        return working.arrive(self, ticket_id)

    def progress(self, ticket_id: int, words: str) -> TicketView:
        """A note on the way; the requester is told (F11)."""
        return working.progress(self, ticket_id, words)

    def hold(self, ticket_id: int, reason: str, until: datetime) -> TicketView:
        return working.hold(self, ticket_id, reason, until)

    def resume(self, ticket_id: int) -> TicketView:
        return working.resume(self, ticket_id)

    def ask_support(self, ticket_id: int, need: str) -> TicketView:
        """Call a higher level (F12); the actor stays responsible."""
        return working.ask_support(self, ticket_id, need)

    def resolve(self, ticket_id: int, result: WorkResult) -> TicketView:
        """Report the result (F10); the requester is asked to confirm."""
        return working.resolve(self, ticket_id, result)

    def receipt(self, ticket_id: int) -> Say:
        """Why this engineer: the stored dispatch receipt, in words (F8)."""
        return dispatching.receipt(self, ticket_id)

    def sign_in(self) -> tuple[TicketView, ...]:
        """On duty; waiting work is dispatched anew. Answers what waits for them."""
        return duty.sign_in(self)

    def sign_out(self) -> int:
        """Off duty; answers how many tickets the actor still holds."""
        return duty.sign_out(self)

    def is_reachable_for_shift(self) -> bool:
        """Whether the actor's own words still let urgent messages through for a whole shift."""
        return duty.is_reachable_for_shift(self)

    # --- desk and head ---------------------------------------------------------------------------

    def overview(self) -> Overview:
        """How the desk stands now: what is open, late, waiting, and who is there."""
        return overview.overview(self)

    def undelivered(self) -> Unreached:
        """Notices that did not get through, the newest first, with what was tried."""
        return undelivered.read(self)

    def retry(self, notice_id: int) -> Undelivered:
        """Send one of them once more; NoticeSettled if it was said or is no longer so."""
        return undelivered.retry(self, notice_id)
