"""Everything that the platform remembers about the account and its followers."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sandbox.notices import Grants
from sandbox.oauth import OauthBook
from sandbox.recording import Act
from sandbox.richtext import Line, Part
from sandbox.settings import PhoneOwner
from sandbox.tokens import TokenBook
from sandbox.windows import Windows

Sender = Literal["person", "account", "notice"]
BubbleKind = Literal[
    "text", "image", "voice", "video", "location", "msgmenu", "news", "template", "system"
]

FIRST_MSG_ID = 24_567_890_000_000_000  # above 2^53, as the platform's are
FIRST_JOB_ID = 2_001_638_361_234_000_000
FIRST_MENU_ID = 208_396_900
FIRST_TAG_ID = 100  # 0 to 2 are the system's
FIRST_KF_ID = 1001


class CardLine(BaseModel):
    """A line of a template card."""

    label: str
    value: str


class Bubble(BaseModel):
    """One thing that a phone shows."""

    model_config = ConfigDict(populate_by_name=True)

    id: int
    openid: str
    sender: Sender = Field(alias="from")
    kind: BubbleKind
    via: str
    at: float
    text: str = ""
    parts: list[Part] = Field(default_factory=list)
    lines: list[Line] = Field(default_factory=list)
    tail: str | None = None
    media_id: str | None = None
    seconds: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    title: str | None = None
    url: str | None = None
    picture: str | None = None
    fields: list[CardLine] | None = None
    clerk: str | None = None

    def shown(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True, exclude_none=True)


class KfLink(BaseModel):
    """Where a person stands with the people of the desk."""

    state: Literal["none", "waiting", "session"] = "none"
    account: str = ""
    since: float = 0
    last_at: float = 0


class Person(BaseModel):
    """A phone's owner, as the platform knows them."""

    openid: str
    name: str
    role: str = ""
    caption: str = ""
    examples: tuple[str, ...] = ()
    follows: bool = True
    followed_at: float = 0
    follow_scene: str = "ADD_SCENE_SEARCH"
    scene: str = ""
    remark: str = ""
    tags: list[int] = Field(default_factory=list)  # in the order in which they were put on
    is_blocking: bool = False  # 接收消息 is off
    is_blacklisted: bool = False
    is_snapshotuser: bool = False  # pages know a virtual person instead
    windows: Windows = Field(default_factory=dict)
    last_message_at: float = 0
    typing_until: float = 0
    menu: list[dict[str, Any]] = Field(default_factory=list)  # as this phone last pulled it
    menu_pulled_at: float = 0
    kf: KfLink = Field(default_factory=KfLink)

    @classmethod
    def of(cls, owner: PhoneOwner, now: float) -> "Person":
        return cls(**owner.model_dump(), followed_at=now if owner.follows else 0)


class Menu(BaseModel):
    id: int
    button: list[dict[str, Any]]
    rule: dict[str, str] = Field(default_factory=dict)


class Media(BaseModel):
    id: str
    type: str
    filename: str
    content_type: str
    file: str
    created_at: float
    thumb_id: str | None = None
    is_permanent: bool = False


class Template(BaseModel):
    id: str
    title: str
    content: str
    example: str = ""


class TemplateJob(BaseModel):
    """A template message that was accepted, remembered for its client_msg_id."""

    msgid: int
    openid: str
    client_msg_id: str
    at: float


class ShortKey(BaseModel):
    """Data that a short key stands for."""

    long_data: str
    created_at: float
    expires_at: float


class QrCode(BaseModel):
    ticket: str
    url: str
    scene: str
    expires_at: float | None = None


class Clerk(BaseModel):
    """A customer-service account."""

    account: str
    nickname: str
    kf_id: str
    wechat: str = ""  # the bound person's WeChat id
    invited: str = ""  # who was invited and has not answered
    invited_until: float = 0
    head: str = ""  # the media that shows the face
    is_online: bool = False
    takes_automatically: bool = False
    room: int = 10


class Record(BaseModel):
    """A line of the customer-service log."""

    id: int
    openid: str
    worker: str
    opercode: int
    text: str
    at: float


class State(BaseModel):
    """The snapshot on disk; the chats lie beside it."""

    people: dict[str, Person] = Field(default_factory=dict)
    tags: dict[int, str] = Field(default_factory=dict)
    default_menu: Menu | None = None
    conditional_menus: list[Menu] = Field(default_factory=list)  # oldest first
    templates: dict[str, Template] = Field(default_factory=dict)
    template_jobs: list[TemplateJob] = Field(default_factory=list)
    media: dict[str, Media] = Field(default_factory=dict)
    notices: dict[str, Template] = Field(default_factory=dict)  # 订阅通知, by priTmplId
    grants: Grants = Field(default_factory=Grants)
    short_keys: dict[str, ShortKey] = Field(default_factory=dict)
    industry_month: str = ""
    tokens: TokenBook = Field(default_factory=TokenBook)
    oauth: OauthBook = Field(default_factory=OauthBook)
    recording: list[Act] = Field(default_factory=list)
    qrcodes: dict[str, QrCode] = Field(default_factory=dict)
    clerks: dict[str, Clerk] = Field(default_factory=dict)
    records: list[Record] = Field(default_factory=list)
    quota_day: str = ""
    quota_used: dict[str, int] = Field(default_factory=dict)
    quota_clears: dict[str, int] = Field(default_factory=dict)  # month: calls
    counters: dict[str, int] = Field(default_factory=dict)
    skipped: float = 0  # seconds by which the clock was moved

    def next(self, counter: str, first: int) -> int:
        """The next number of a series that survives a restart."""
        number = self.counters.get(counter, first - 1) + 1
        self.counters[counter] = number
        return number
