"""Who a person is and how they are reached: department, name, phone, extension, office."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from nlp import lexicon
from nlp.choice import Choice, read_choice
from nlp.english import is_english
from nlp.english_contact import called_in_english, department_in_english
from nlp.patterns import any_of, linear, words_in
from nlp.places import Place, places_in
from nlp.wording import Wording, wording

__all__ = ["Contact", "called_in", "contact_and_spans", "read_contact"]

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Contact:
    """What was said: a phone as its digits, all else in the person's own words."""

    department: str | None = None
    name: str | None = None
    phone: str | None = None
    extension: str | None = None
    office: str | None = None


def read_contact(text: str, *, expect_all: bool = False) -> Contact:
    """What is surely meant so; with `expect_all` (the person was asked) what may be meant so."""
    return contact_and_spans(wording(text), expect_all=expect_all)[0]


def contact_and_spans(said: Wording, *, expect_all: bool = False) -> tuple[Contact, list[Span]]:
    """The contact, and the stretches of the wording that spoke of it."""
    search = _Search(said, expect_all)
    for step in _IN_ENGLISH if is_english(said.folded) else _IN_CHINESE:
        step(search)
    found = {name: value for name, (value, _) in search.found.items()}
    return Contact(**found), [span for _, span in search.found.values()]


@dataclass(slots=True)
class _Search:
    """What was found so far; `rest` is the folded copy with found stretches blanked out."""

    said: Wording
    expect_all: bool
    places: list[Place] = field(default_factory=list)
    rest: str = ""
    found: dict[str, tuple[str, Span]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rest = self.said.folded
        self.places = places_in(self.said)

    def take(self, name: str, value: str, span: Span) -> None:
        if value and name not in self.found:
            self.found[name] = (value, span)
        self.rest = _blanked(self.rest, *span)

    def has(self, *names: str) -> bool:
        return any(name in self.found for name in names)


_TAKEN = "\x00"


def _blanked(text: str, start: int, end: int) -> str:
    return text[:start] + _TAKEN * (end - start) + text[end:]


# 部门:财务部, in forms that a person copied and filled in

_LABELS = {
    "department": "部门 所在部门 报修部门 部门名称 科室 单位 处室 dept",
    "name": "联系人 姓名 名字 报修人 申请人 联系人姓名 name",
    "phone": "电话 联系电话 电话号码 手机号码 联系方式 手机号 手机 座机 tel phone",
    "extension": "分机号 分机 内线 短号 ext",
    "office": "办公室 办公地点 房间号 房间 地点 位置 地址 办公位置 办公室地点 工位",
}
_FIELD_OF = {label: name for name, labels in _LABELS.items() for label in labels.split()}
_LABELLED = linear(
    rf"(?<![\u4e00-\u9fffa-z])(?P<label>{any_of(_FIELD_OF)})[ )]?[:=] ?"
    r"(?P<value>[^,;、。\n]{1,40})"
)
_NEXT_LABEL = linear(rf" {any_of(_FIELD_OF)} ?[:=]")


def _labelled(search: _Search) -> None:
    at = 0
    while match := _LABELLED.search(search.rest, at):
        following = _NEXT_LABEL.search(search.rest, match.start("value"), match.end())
        at = end = following.start() if following else match.end()
        name = _FIELD_OF[match["label"]]
        if name in ("phone", "extension"):
            at = match.start("value")  # the numbers are read with all others
        else:
            value = search.said.said(match.start("value"), end)
            search.take(name, value, (match.start(), end))


# numbers

_MOBILE = linear(r"(?<![\da-z])(?:\+?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)")
_LAND = linear(r"(?<![\da-z])\(?(0(?:10|2\d|[3-9]\d\d))\)?[- ]?([2-9]\d{2,3}[- ]?\d{4})(?!\d)")
_SERVICE = linear(r"(?<![\da-z])([48]00)[- ]?(\d{3,4})[- ]?(\d{3,4})(?!\d)")
_LOCAL = linear(r"(?<![\da-z.-])([2-9]\d{2,3}-?\d{4})(?![\da-z.-])")
_CALLED = r"(?:分机号?码?|内线号?|短号|小号|(?<!单)尾号|转接?|ext\.?)\s?(?:是|为|[:=])?\s?"
_AFTER_PHONE = linear(rf"\s?(?:{_CALLED}|-|x)(\d{{3,6}})(?!\d)")
_EXTENSION = linear(
    rf"(?:{_CALLED}|(?:电话|座机|号码)(?:号码?)?[是为:= ]{{0,3}})(\d{{3,6}})(?![\d-])"
)
_GOES_ON = linear(r"[\u4e00-\u9fff]")  # 分机8023打不进来 speaks of the telephone
_BARE = linear(
    r"(?<!工号)(?<!学号)(?<!编号)(?<!密码)(?<!错误)(?<!代码)(?<!单号)(?<!资产)"
    r"(?<![\da-z./:+楼栋区座室第-])(\d{3,6})(?!\s?[室号楼层栋座房年月日点分个台次元岁位])(?![\da-z./:%-])"
)


def _numbers(search: _Search) -> None:
    end = _phone(search)
    match = _AFTER_PHONE.match(search.rest, end) if end else None
    match = match or _EXTENSION.search(search.rest)
    if match and (search.expect_all or not _GOES_ON.match(search.said.folded, match.end())):
        search.take("extension", match[1], match.span())


def _phone(search: _Search) -> int | None:
    """Takes the first number that can be one; where it ends."""
    for pattern, divider in ((_MOBILE, ""), (_LAND, "-"), (_SERVICE, "-"), (_LOCAL, "")):
        if match := pattern.search(search.rest):
            groups = ("".join(filter(str.isdigit, group)) for group in match.groups())
            search.take("phone", divider.join(groups), match.span())
            return match.end()
    return None


def _bare_numbers(search: _Search) -> None:
    """8899 beside a name is an extension, and a 305 beside both is a room."""
    if not (search.expect_all or search.has("name", "department")):
        return
    numbers = list(_BARE.finditer(search.rest))
    longest = max((len(match[1]) for match in numbers), default=0)
    if not search.has("phone", "extension"):
        for match in numbers:
            if len(match[1]) == longest:
                search.take("extension", match[1], match.span(1))
                break
    for match in _BARE.finditer(search.rest):
        if len(match[1]) <= 4 and search.expect_all:
            search.take("office", match[1], match.span(1))


# names and departments

_CHUNK = linear(r"[\u4e00-\u9fffa-z·]{2,30}")
_HELLOS = linear(any_of(words_in("contacts", "lead")))
_INTRODUCES = linear(
    r"(?:我(?:这里是|这边是|们是|是|叫|姓)|这里是|这边是|本人是?|联系人是?|请?联系)"
)
_CALLED_SO = linear(r"我(?:的?名字)?叫(?![人你您他她它])")
_TAIL = linear(r"(?:的)?(?:联系)?(?:电话|手机|分机|座机|号码|内线|短号)?(?:号码?)?[是为]?$")
_HAN = linear(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff]{1,8}")

_SURNAMES = frozenset(words_in("contacts", "surname"))
_DOUBLE = frozenset(words_in("contacts", "double_surname"))
_TITLES = words_in("contacts", "title")
_NOT_NAMES = words_in("contacts", "not_a_name")
_STEM = any_of(words_in("contacts", "department"))
_ENDING = any_of(words_in("contacts", "department_end"))
_KNOWN_DEPARTMENT = linear(rf"{_STEM}[一二三四五六七八九十\d]?(?:{_ENDING}|{_ENDING}{_ENDING})?")
_ANY_DEPARTMENT = linear(rf"[\u4e00-\u9fffa-z]{{1,10}}{_ENDING}")
_DEPARTMENT_AT_END = linear(rf"{_STEM}[一二三四五六七八九十]?(?:部|科|处|办|中心|组)$")


@dataclass(frozen=True, slots=True)
class _Person:
    """A run of characters read as department and name, either of which may be missing."""

    department: Span | None
    name: Span | None
    is_introduced: bool
    is_whole: bool
    span: Span


def _people(search: _Search) -> None:
    people = list(_people_in(search))
    has_number = search.has("phone", "extension")
    has_both = any(one.department for one in people) and any(one.name for one in people)
    for one in people:
        is_sure = (
            search.expect_all
            or one.is_introduced
            or (one.is_whole and one.name is not None and _is_titled(search.rest[slice(*one.name)]))
            or (one.department is not None and one.name is not None)
            or has_both
            or has_number
        )
        if is_sure:
            _take_person(search, one)


def _take_person(search: _Search, one: _Person) -> None:
    for name, span in (("department", one.department), ("name", one.name)):
        if span and name not in search.found:
            search.take(name, search.said.said(*span), one.span)


def _people_in(search: _Search) -> Iterator[_Person]:
    rest = search.rest
    for place in search.places:
        if place.is_exact:
            rest = _blanked(rest, place.start, place.end)
    for match in _CHUNK.finditer(rest):
        start, end = match.span()
        is_whole = match.group() == search.rest.strip(" ,。!\n" + _TAKEN)
        called = _CALLED_SO.search(rest, start, end)
        start, is_introduced = _without_lead(rest, start, end)
        tail = _TAIL.search(rest, start, end)
        end = tail.start() if tail else end
        parts = _department_and_name(rest[start:end], is_introduced or search.expect_all)
        if parts is None and called and _may_be_called(rest[called.end() : end]):
            parts = None, (called.end() - start, end - start)
            is_introduced = True
        if parts:
            department, name = (
                (start + span[0], start + span[1]) if span else None for span in parts
            )
            yield _Person(department, name, is_introduced, is_whole, match.span())


def _without_lead(text: str, start: int, end: int) -> tuple[int, bool]:
    """Past 你好, 师傅, 我是; and whether the person introduces themselves."""
    is_introduced = False
    for _ in range(4):
        if match := _INTRODUCES.match(text, start, end):
            is_introduced = True
        elif not (match := _HELLOS.match(text, start, end)):
            break
        start = match.end()
    return start, is_introduced


def _department_and_name(chunk: str, is_asked: bool) -> tuple[Span | None, Span | None] | None:
    """人事的李娜, 财务部王芳, 王芳财务部, 财务部 or 王芳, as two stretches of the chunk."""
    size = len(chunk)
    for cut in range(size - 1, 1, -1):
        rest = cut + (chunk[cut] == "的")
        if _is_department(chunk[:cut], is_asked) and _is_name(chunk[rest:]):
            return (0, cut), (rest, size)
        if _is_name(chunk[:cut]) and _is_department(chunk[cut:], is_asked=False):
            return (cut, size), (0, cut)
    plain = chunk.removesuffix("的")
    if _is_department(plain, is_asked):
        return (0, len(plain)), None
    return (None, (0, size)) if _is_name(chunk) else None


def _is_department(chunk: str, is_asked: bool) -> bool:
    if _KNOWN_DEPARTMENT.fullmatch(chunk):
        return True
    return is_asked and bool(_ANY_DEPARTMENT.fullmatch(chunk)) and not _has_thing(chunk)


def _is_name(chunk: str) -> bool:
    if not _HAN.fullmatch(chunk) or chunk.startswith(_NOT_NAMES):
        return False
    if "·" in chunk or _is_titled(chunk):
        return True
    has_surname = chunk[:2] in _DOUBLE if len(chunk) > 3 else chunk[0] in _SURNAMES
    return (has_surname or (len(chunk) == 3 and chunk[:2] in _DOUBLE)) and not _has_thing(chunk)


def _may_be_called(name: str) -> bool:
    """我叫阿依古丽 needs no surname that is known here."""
    if not 2 <= len(name) <= _LONGEST_NAME or name.startswith(_NOT_NAMES):
        return False
    return not _is_never_a_name(name) and not _has_thing(name)


_LONGEST_NAME = 8  # characters


def _is_titled(chunk: str) -> bool:
    """陈工, 王主任, 小王, 欧阳老师, 王芳老师."""
    if chunk[0] in "小老阿" and len(chunk) == 2:
        return chunk[1] in _SURNAMES
    stem = next((chunk[: -len(title)] for title in _TITLES if chunk.endswith(title)), "")
    return (stem[:1] in _SURNAMES and len(stem) <= 3) or stem in _DOUBLE


def _has_thing(chunk: str) -> bool:
    """A name or department does not hold a device, a trouble or the like."""
    things = lexicon.things()
    size = len(chunk)
    return any(
        chunk[start:end] in things
        for start in range(size)
        for end in range(start + 2, min(start + 5, size) + 1)
    )


# offices, and whoever is left

_NO_MORE = linear(r"[\u4e00-\u9fffa-z]{2,}")


def _offices(search: _Search) -> None:
    """A place is the person's office if nothing but the contact is spoken of."""
    if not (search.expect_all or (search.has("name") and not _has_more(search))):
        return
    free = [place for place in search.places if _TAKEN not in search.rest[place.start : place.end]]
    if not free:
        return
    place = max(free, key=lambda place: (place.is_exact, place.parts))
    office, span = search.said.said(place.start, place.end), (place.start, place.end)
    if match := _DEPARTMENT_AT_END.search(office):
        search.take("department", match[0], span)
    search.take("office", office, span)


def _has_more(search: _Search) -> bool:
    rest = search.rest
    for place in search.places:
        rest = _blanked(rest, place.start, place.end)
    return any(
        _without_lead(rest, *match.span())[0] < match.end() for match in _NO_MORE.finditer(rest)
    )


def _anyone(search: _Search) -> None:
    """Somebody who was asked and sends one more short word has said the name: 阿依古丽, Tom."""
    if search.has("name") or not search.expect_all:
        return
    for match in _CHUNK.finditer(search.rest):
        word = match[0]
        if len(word) > (4 if _HAN.match(word) else 15) or word.startswith(_NOT_NAMES):
            continue
        if _is_never_a_name(word) or _has_thing(word) or _HELLOS.match(word):
            continue
        if _is_no_answer(word):
            search.take("name", search.said.said(*match.span()), match.span())
            return


_NEVER_IN_A_NAME = linear(r"[了么吗嘛啥吧呢啊呀哦噢怎谁哪您]")


def _is_never_a_name(word: str) -> bool:
    """烦死了, 干嘛 and 哈哈哈 answer no question."""
    is_one_sound = len(word) > 2 and len(set(word)) == 1
    return is_one_sound or bool(_NEVER_IN_A_NAME.search(word))


def _is_no_answer(word: str) -> bool:
    return read_choice(word) is Choice.UNCLEAR


# people in English


def _english_people(search: _Search) -> None:
    """Where nothing is said of a department or a name, nothing is taken for one."""
    asked = search.expect_all
    if found := department_in_english(search.rest, is_asked=asked):
        search.take("department", search.said.said(*found[0]), found[1])
    left = search.rest
    for place in search.places:
        left = _blanked(left, place.start, place.end)
    has_number = search.has("phone", "extension")
    if called := called_in_english(search.said, left, is_asked=asked, has_number=has_number):
        name = search.said.said(*called)
        if _is_no_answer(name):
            search.take("name", name, called)


_Step = Callable[[_Search], None]
_IN_CHINESE: tuple[_Step, ...] = (_labelled, _numbers, _people, _bare_numbers, _offices, _anyone)
_IN_ENGLISH: tuple[_Step, ...] = (_labelled, _numbers, _english_people, _bare_numbers, _offices)


def called_in(words: str) -> tuple[str | None, str] | None:
    """Department (or none) and name, if the words are just that: 财务部张丽, 李娜, 王主任."""
    parts = _department_and_name(words, is_asked=False)
    if parts is None or parts[1] is None:
        return None
    department, name = ((words[slice(*span)] if span else None) for span in parts)
    return department, name or ""
