"""A person at the phone and the desk behind it, for scripted talks: says, taps, sends, reads."""

import re
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import func, select, update

from domain.calendar import CHINA
from domain.category import Category
from domain.permissions import Role
from models import Database, Device, Engineer, Notice, Ticket
from services import devices, people
from services.devices import NewDevice
from services.people import NewPerson
from tests.bot.desk import Desk, shown
from tests.bot.pushes import OPENID, callback_xml
from tests.bot.talk_files import Line, Script

MORNING = datetime(2026, 11, 24, 10, 30, tzinfo=CHINA)  # a Tuesday
_LINK = re.compile(r'<a href="[^"]*msgmenuid=([^"]+)">([^<]+)</a>')
_HOURS = re.compile(r"(\d+)h")


class Talked:
    """Plays the lines of one script, and says at which line something else was read."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.desk = Desk(database, folder)
        self.desk.now = MORNING
        self.sent = 0
        self.read = ""
        self.opened_after: int | None = None  # messages, to the first ticket
        self.heard: list[str] = []
        self._ids = count(900)
        self._acts = {
            "at": self._at,
            "known": self._known,
            "engineer": self._engineer,
            "device": self._device,
            "+": self._waits,
            ">": self._says,
            "<": self._holds,
            "<!": self._lacks,
            "messages": self._messages,
            "tickets": self._tickets,
            "ticket": self._ticket,
        }

    def play(self, script: Script) -> None:
        for line in script.lines:
            self._acts[line.kind](line)

    # --- who is there, and when ---

    def _at(self, line: Line) -> None:
        self.desk.now = datetime.strptime(line.words, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)

    def _known(self, line: Line) -> None:
        department, name, phone, office = line.parts
        self._person(
            NewPerson(
                name,
                frozenset({Role.REQUESTER}),
                openid=OPENID,
                department=department,
                phone=phone,
                office=office,
            )
        )

    def _engineer(self, line: Line) -> None:
        name, *skills = line.parts
        self._person(
            NewPerson(
                name,
                frozenset({Role.ENGINEER}),
                openid=f"oEngineer{ord(name[0]):020d}",
                phone="13800002222",
                skills=frozenset(map(Category, skills)),
            )
        )
        with self.desk.database.transaction() as session:
            session.execute(update(Engineer).values(is_on_duty=True))

    def _person(self, new: NewPerson) -> None:
        with self.desk.database.transaction() as session:
            people.add(session, new, self.desk.now)

    def _device(self, line: Line) -> None:
        code, kind, place, name, *description = line.parts
        new = NewDevice(code, name, Category(kind), place, " ".join(description) or None)
        with self.desk.database.transaction() as session:
            devices.add(session, new, self.desk.now)

    # --- what is said ---

    def _waits(self, line: Line) -> None:
        hours = _HOURS.fullmatch(line.words)
        assert hours, line
        self.desk.now += timedelta(hours=int(hours[1]))

    def _says(self, line: Line) -> None:
        self.sent += 1
        self.desk.now += timedelta(seconds=5)
        if line.words.startswith("〔"):
            self.read = self._taps(line.words.strip("〔〕"), line)
        elif line.words == "(photo)":
            self.read = self._sends("<MsgType>image</MsgType><MediaId>P1</MediaId>")
        elif line.words.startswith("(voice)"):
            spoken = line.words.removeprefix("(voice)").strip()
            self.read = self._sends(
                "<MsgType>voice</MsgType><MediaId>V1</MediaId><Format>amr</Format>"
                f"<Recognition><![CDATA[{spoken}]]></Recognition>"
            )
        else:
            self.read = self.types(line.words)
        self.heard.append(f"> {line.words}\n{_plain(self.read)}")
        if self.opened_after is None and "已受理" in self.read:
            self.opened_after = self.sent

    def types(self, words: str) -> str:
        escaped = words.replace("]]>", "]]]]><![CDATA[>")
        return self._sends(f"<MsgType>text</MsgType><Content><![CDATA[{escaped}]]></Content>")

    def _taps(self, label: str, line: Line) -> str:
        offered = {shown_as: act for act, shown_as in _LINK.findall(self.read)}
        assert label in offered, f"{line.where}: no line {label} in {list(offered)}"
        return self._sends(
            f"<MsgType>text</MsgType><Content><![CDATA[{label}]]></Content>"
            f"<bizmsgmenuid>{offered[label]}</bizmsgmenuid>"
        )

    def _sends(self, inner: str) -> str:
        inner = f"{inner}<MsgId>{next(self._ids)}</MsgId>"
        return shown(self.desk.post(callback_xml(inner, at=int(self.desk.now.timestamp()))))

    # --- what is read, and what is there in the end ---

    def _holds(self, line: Line) -> None:
        missing = [part for part in line.parts if part not in _plain(self.read)]
        assert not missing, f"{line.where}: {missing} not in\n{self.story}"

    def _lacks(self, line: Line) -> None:
        found = [part for part in line.parts if part in _plain(self.read)]
        assert not found, f"{line.where}: {found} in\n{self.story}"

    def _messages(self, line: Line) -> None:
        assert self.sent == int(line.words), f"{line.where}: {self.sent} were sent\n{self.story}"

    def _tickets(self, line: Line) -> None:
        with self.desk.database.reading() as session:
            found = session.scalar(select(func.count()).select_from(Ticket))
        assert found == int(line.words), f"{line.where}: {found} tickets\n{self.story}"

    def _ticket(self, line: Line) -> None:
        number, *facts = line.parts
        holds = self._facts(int(number))
        for fact in facts:
            name, _, value = fact.partition("=")
            seen = holds[name]
            is_so = value in seen if value else not seen
            assert is_so, f"{line.where}: {name} is «{seen}», not «{value}»\n{self.story}"

    def _facts(self, number: int) -> dict[str, str]:
        with self.desk.database.reading() as session:
            ticket = session.scalars(select(Ticket).order_by(Ticket.id)).all()[number - 1]
            code = session.scalar(select(Device.code).where(Device.id == ticket.device_id))
            told = session.scalars(select(Notice).where(Notice.ticket_id == ticket.id)).all()
            facts = {name: _word(value) for name, value in vars(ticket).items()}
            return facts | {"code": code or "", "told": " ".join(str(each.say) for each in told)}

    @property
    def story(self) -> str:
        return "\n".join(self.heard)


def _word(value: object) -> str:
    """As a script writes it: instants in Shanghai, nothing for what is not known."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    return str(getattr(value, "value", value))


def _plain(reply: str) -> str:
    return _LINK.sub(r"〔\2〕", reply)
