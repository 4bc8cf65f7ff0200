"""The desk as one conversation sees it: every use case, with session and clock filled in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.calendar import ServiceHours
from domain.category import Category
from domain.complaints import ComplaintRules
from domain.deadlines import Targets
from domain.delivery import ReachRules
from domain.heard import Heard, Medium
from domain.knowledge import KnowledgeRules, UseOutcome, UsePlace
from domain.sentence import Say
from domain.speaker import Speaker
from domain.takeover import TakeoverRules
from domain.targets import DEFAULT_AGREEMENT, Agreement, WaitsFor
from domain.understanding import LearningRules
from domain.webhooks import WebhookRules
from models import IntakeChannel
from nlp.devices import Meant
from services import (
    amending,
    answering,
    attachments,
    audit,
    binding,
    colleagues,
    device_meant,
    devices,
    dispatching,
    duty,
    duty_views,
    emergency,
    giving_back,
    handing_over,
    leaves,
    maintenance,
    opening,
    overview,
    people,
    queries,
    settling,
    showing,
    supporting,
    swaps,
    takeover,
    taking_charge,
    targets,
    trial,
    undelivered,
    working,
)
from services.answering import AnswerShown
from services.duty_views import DutyView
from services.emergency import Declared
from services.handing_over import Draft, HandOverView
from services.knowledge import using
from services.knowledge.reading import ArticleLine, ArticlePage
from services.knowledge.searching import FoundArticle
from services.leaves import LeaveView
from services.maintenance import Window
from services.supporting import Helper
from services.swaps import StandIn, SwapView
from services.views import (
    Amendment,
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
    agreements: Mapping[int | None, Agreement] = field(default_factory=dict)  # None: config.yaml's
    max_open_tickets: int = 8  # that one engineer is given
    desk_phone: str = ""
    reach: ReachRules = field(default_factory=ReachRules)
    takeover: TakeoverRules = field(default_factory=TakeoverRules)
    complaints: ComplaintRules = field(default_factory=ComplaintRules)
    knowledge: KnowledgeRules = field(default_factory=KnowledgeRules)
    learning: LearningRules = field(default_factory=LearningRules)
    fill_ahead_weeks: int = 4  # that patterns of the roster go on by themselves; 0: by hand
    webhooks: WebhookRules = field(default_factory=WebhookRules)


@dataclass(frozen=True, slots=True)
class Desk:
    """Acts of one person; each demands its permission and raises a `Refusal` for an expected no."""

    session: Session
    now: datetime
    rules: Rules
    actor: Speaker
    inbox_id: int | None = None  # the message that is being handled
    is_confidential: bool = False  # it is part of a complaint (P8)

    # --- everybody -------------------------------------------------------------------------------

    def report(
        self,
        report: Report,
        channel: IntakeChannel = IntakeChannel.WECHAT,
        *,
        is_further: bool = False,
    ) -> Opened:
        """Open a ticket for the actor and dispatch it (F5, F6, F8); a further one of a message."""
        desk = replace(self, inbox_id=None) if is_further else self  # I2: a message names its first
        return opening.report(desk, report, channel=channel)

    def device(self, code: str) -> DeviceView | None:
        """The device with exactly this code on its case, in use or retired."""
        return devices.find(self.session, code)

    def device_meant(self, meant: Meant) -> DeviceView | None:
        """The device that these words mean, if they can mean one only."""
        return device_meant.find(self.session, self.actor, meant)

    def reported_on(self, device_id: int) -> TicketView | None:
        """The actor's own ticket on this device, if one is not ended."""
        return devices.reported_on(self.session, self.actor, device_id)

    def maintenance_for(self, category: str | None, place: str | None) -> Window | None:
        """The maintenance that runs now and explains such a fault (C §24)."""
        return maintenance.fitting(self.session, self.now, category, place)

    def learn_profile(self, **facts: str | None) -> Speaker:
        """Keep what the person said of themselves: name, department, office, phone, extension."""
        return people.learn(self.session, self.actor, facts)

    def number_known_of(self, name: str, department: str | None = None) -> str | None:
        """The end of a colleague's number in the directory: whoever calls them has the whole."""
        known = colleagues.named(self.session, name, department)
        return audit.masked(known.reached_by) if known else None

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

    def emergency(self, ticket_id: int) -> Declared:
        """It cannot wait: urgent from now on, and off hours somebody is woken (F15)."""
        return emergency.declare(self, ticket_id)

    def cancel(self, ticket_id: int) -> TicketView:
        return settling.cancel(self, ticket_id)

    def confirm(self, ticket_id: int) -> TicketView:
        """The requester says solved: closed (F16)."""
        return settling.confirm(self, ticket_id)

    def reopen(self, ticket_id: int, reason: str) -> TicketView:
        """The requester says not solved: open again, with the same engineer if possible."""
        return settling.reopen(self, ticket_id, reason)

    def rate(
        self, ticket_id: int, scores: Scores, channel: IntakeChannel = IntakeChannel.WECHAT
    ) -> TicketView:
        """Once in each cycle (F13); a low score calls the desk."""
        return settling.rate(self, ticket_id, scores, channel)

    def change_rating(
        self, ticket_id: int, scores: Scores, channel: IntakeChannel = IntakeChannel.WECHAT
    ) -> TicketView:
        """Once, within a day; the first scores are kept. AlreadyRated after that (F13)."""
        return settling.change_rating(self, ticket_id, scores, channel)

    def rating_to_change(self, ticket_id: int | None = None) -> TicketView | None:
        """This ticket, or the one rated last, if the actor may still change its rating."""
        return settling.rating_to_change(self, ticket_id)

    def comment(self, ticket_id: int, words: str) -> TicketView:
        """A word why, after the scores; the desk hears it."""
        return settling.comment(self, ticket_id, words)

    def amend(self, ticket_id: int, words: str, told: Amendment | None = None) -> TicketView:
        """What the requester adds to an open ticket, or says is otherwise; its engineer hears."""
        return amending.amend(self, ticket_id, words, told)

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

    # --- the knowledge base ---------------------------------------------------------------------

    def answers(self, text: str) -> tuple[FoundArticle, ...]:
        """The best of what the actor may read, for these words (K1)."""
        return answering.answers(self, text)

    def remedies(self, text: str, category: Category) -> tuple[FoundArticle, ...]:
        """What everybody can do by themselves about a fault of this kind."""
        return answering.for_everybody(self, text, category)

    def common_questions(self) -> tuple[ArticleLine, ...]:
        return answering.common(self)

    def article(self, number: str) -> ArticlePage:
        """A published one that is for the actor's eyes; NotFound for any other."""
        return answering.article(self, number)

    def show_answer(self, found: FoundArticle | ArticlePage, query: str) -> int:
        """It is said in chat now; answers with the use that a verdict names."""
        return using.show(self, found, UsePlace.CHAT, query)

    def answer_shown(self, use_id: int) -> AnswerShown:
        """One that the actor was shown; NotFound for any other."""
        return answering.shown(self, use_id)

    def last_answer(self) -> AnswerShown | None:
        """The last one in chat that nobody has said anything of."""
        return answering.last_shown(self)

    def say_of_answer(self, use_id: int, outcome: UseOutcome, remark: str | None = None) -> None:
        """有用, 没用, and why; the last word counts."""
        using.say(self, use_id, outcome, remark=remark)

    def ticket_came_of(self, use_id: int, ticket_id: int) -> None:
        """还是要报修: the answer did not do, this is the ticket."""
        answering.came_of(self, use_id, ticket_id)

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
        return giving_back.decline(self, ticket_id, reason)

    def transfer(self, ticket_id: int, reason: str, to: int | None = None) -> Moved:
        """Give an accepted ticket to a colleague, or back to dispatch."""
        return giving_back.transfer(self, ticket_id, reason, to)

    def colleagues(self, ticket_id: int) -> tuple[Colleague, ...]:
        """Who else could take this ticket, the best first."""
        return giving_back.colleagues(self, ticket_id)

    def arrive(self, ticket_id: int) -> TicketView:
        """The engineer is on site; the requester is told."""
        return working.arrive(self, ticket_id)

    def progress(self, ticket_id: int, words: str) -> TicketView:
        """A note on the way; the requester is told (F11)."""
        return working.progress(self, ticket_id, words)

    def hold(
        self,
        ticket_id: int,
        reason: str,
        until: datetime,
        waits_for: WaitsFor = WaitsFor.OTHER,
    ) -> TicketView:
        """Its promises stand still until then; the view says when the next word is due (R4)."""
        return working.hold(self, ticket_id, reason, until, waits_for)

    def due_after(self, ticket_id: int, until: datetime) -> datetime | None:
        """When the next word would be due if the ticket waited until then (F11)."""
        return targets.due_if_held(self, ticket_id, until)

    def reclassify(self, ticket_id: int, *, is_complex: bool, reason: str) -> TicketView:
        """Complex or ordinary: other promises hold from now on (F14)."""
        return targets.reclassify(self, ticket_id, is_complex=is_complex, reason=reason)

    def why_due(self, ticket_id: int) -> tuple[Say, ...]:
        """How the time of what is due next was reckoned; nothing once nothing is owed (R4)."""
        return targets.why_due(self, ticket_id)

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

    # --- the roster ------------------------------------------------------------------------------

    def my_duties(self) -> tuple[DutyView, ...]:
        """The actor's duty that is under way, and their next ones (D1)."""
        return duty_views.coming(self.session, self.actor.id, self.now)

    def duties_now(self) -> tuple[DutyView, ...]:
        """Those that are under way or begin within the hour."""
        return duty.duties_now(self)

    def is_signed_in(self) -> bool:
        """Whether dispatch may give the actor orders now."""
        return duty.is_signed_in(self)

    def stand_ins(self, duty_id: int) -> tuple[StandIn, ...]:
        """Colleagues for a duty of the actor's, those who could take it first."""
        return swaps.stand_ins(self, duty_id)

    def offered_for(self, duty_id: int, person_id: int) -> tuple[DutyView, ...]:
        """The colleague's duties that the actor could take for this one."""
        return swaps.offered_for(self, duty_id, person_id)

    def ask_swap(
        self, duty_id: int, to: int, for_duty_id: int | None = None, reason: str = ""
    ) -> SwapView:
        return swaps.ask(self, duty_id, to, for_duty_id, reason)

    def swaps_to_answer(self) -> tuple[SwapView, ...]:
        """What colleagues ask the actor."""
        return swaps.to_answer(self)

    def answer_swap(self, swap_id: int, *, agrees: bool) -> SwapView:
        return swaps.answer(self, swap_id, agrees=agrees)

    def my_swaps(self) -> tuple[SwapView, ...]:
        """What the actor asked and nobody has decided."""
        return swaps.asked_by(self)

    def withdraw_swap(self, swap_id: int) -> SwapView:
        return swaps.withdraw(self, swap_id)

    def swaps_to_decide(self) -> tuple[SwapView, ...]:
        """What two colleagues agreed on, for the head."""
        return swaps.to_decide(self)

    def decide_swap(self, swap_id: int, *, grants: bool) -> SwapView:
        return swaps.decide(self, swap_id, grants=grants)

    def duties_within(self, begins_at: datetime, ends_at: datetime) -> tuple[DutyView, ...]:
        """The actor's duties that leave would fall upon."""
        return leaves.affected(self.session, self.actor.id, begins_at, ends_at)

    def ask_leave(self, begins_at: datetime, ends_at: datetime, reason: str = "") -> LeaveView:
        return leaves.ask(self, begins_at, ends_at, reason)

    def my_leaves(self) -> tuple[LeaveView, ...]:
        """The actor's leave that is not over."""
        return leaves.mine(self)

    def withdraw_leave(self, leave_id: int) -> LeaveView:
        return leaves.withdraw(self, leave_id)

    def leaves_to_decide(self) -> tuple[LeaveView, ...]:
        return leaves.to_decide(self)

    def decide_leave(self, leave_id: int, *, grants: bool, words: str = "") -> LeaveView:
        return leaves.decide(self, leave_id, grants=grants, words=words)

    def draft_hand_over(self, to: int | None = None, moves: Collection[str] | None = None) -> Draft:
        """What the actor's shift would leave to the next now."""
        return handing_over.draft(self, to, moves)

    def give_hand_over(
        self, to: int | None, notes: str = "", moves: Collection[str] | None = None
    ) -> HandOverView:
        """Signed by the actor; who comes is asked to sign."""
        return handing_over.give(self, to, notes, moves)

    def hand_overs_for_me(self) -> tuple[HandOverView, ...]:
        """Those that wait for the actor's signature."""
        return handing_over.waiting_for(self)

    def take_over(self, hand_over_id: int) -> HandOverView:
        return handing_over.take(self, hand_over_id)

    # --- desk and head ---------------------------------------------------------------------------

    def asking_support(self) -> tuple[TicketView, ...]:
        """Where an engineer asked for help and nobody has joined yet (F12)."""
        return supporting.asking(self)

    def helpers(self, ticket_id: int) -> tuple[Helper, ...]:
        """Higher levels and vendors who could join, the best first."""
        return supporting.helpers(self, ticket_id)

    def give_support(self, ticket_id: int, person_id: int, words: str = "") -> TicketView:
        """They join; the engineer stays responsible until it is handed over (F12)."""
        return supporting.give(self, ticket_id, person_id, words)

    def take_charge(self, ticket_id: int) -> TicketView:
        """The actor sees to it: the ladder waits for a while (F11)."""
        return taking_charge.take_charge(self, ticket_id)

    def trial_heard(self) -> bool:
        """Whether the actor's word was waited for on the page of the trial; it is noted (C §25)."""
        return trial.heard(self)

    def overview(self) -> Overview:
        """How the desk stands now: what is open, late, waiting, and who is there."""
        return overview.overview(self)

    def undelivered(self) -> Unreached:
        """Notices that did not get through, the newest first, with what was tried."""
        return undelivered.read(self)

    def retry(self, notice_id: int) -> Undelivered:
        """Send one of them once more; NoticeSettled if it was said or is no longer so."""
        return undelivered.retry(self, notice_id)
