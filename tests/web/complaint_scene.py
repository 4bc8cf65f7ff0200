"""Complaints at the desk of desk_scene.py: one in each stage that a page looks different in."""

from datetime import timedelta

from domain.complaints import About, HandlingRating, Verdict
from models import IntakeChannel
from services.complaints import answering, handling, submitting
from services.complaints.handling import Charge, Decision
from services.complaints.submitting import Submission
from services.complaints.views import ComplaintView
from services.desk import Desk
from tests.web.desk_scene import Scene, minutes

_HOUR = timedelta(hours=1)


def complaints(scene: Scene) -> dict[str, ComplaintView]:
    """By stage: submitted, reported, decided, rated."""
    return {
        "rated": _rated(scene),
        "decided": _decided(scene),
        "reported": _reported(scene),
        "submitted": _submitted(scene),
    }


def _by(scene: Scene, name: str, ago: timedelta, act, *facts, **named):
    """`act` of a service, done by this person so long ago."""
    with scene.database.transaction() as session:
        return act(Desk(session, scene.now - ago, scene.rules, scene.who(name)), *facts, **named)


def _ticket(scene: Scene, words: str) -> int:
    return next(each.id for each in scene.tickets if words in each.symptom)


def _submitted(scene: Scene) -> ComplaintView:
    words = (
        "修到一半接了个电话就走了，说马上回来，到现在没见人。打印机还是卡纸，月底报销全堵在这里。"
    )
    told = Submission(words, About.TICKET, _ticket(scene, "卡纸"))
    made = _by(scene, "王芳", minutes(18), submitting.submit, told)
    _by(scene, "王芳", minutes(9), submitting.add, made.id, "刚给他打电话，没有接")
    return made


def _reported(scene: Scene) -> ComplaintView:
    words = "会议室投影报修两次，来的师傅一句话不说，修完就走，问他也不答。"
    told = Submission(words, About.TICKET, _ticket(scene, "无线网"))
    made = _by(scene, "赵敏", timedelta(hours=23), submitting.submit, told)
    findings = "问过赵敏和当天在场的两位同事：师傅第一次没带工具，第二次没有解释原因，态度冷淡。"
    people = [scene.who("冯工").id]
    _by(scene, "陈静", timedelta(hours=21), handling.verify, made.id, findings, people)
    return _by(scene, "陈静", timedelta(hours=21), handling.report, made.id)


def _decided(scene: Scene) -> ComplaintView:
    told = Submission("打服务台的电话，响了三次都没人接。", About.SERVICE)
    channel = IntakeChannel.WEB
    made = _by(scene, "孙丽", timedelta(days=2), submitting.submit, told, channel)
    findings = "话务记录：当天 9:10 到 9:25 只有一人在岗，漏接三次。"
    _by(scene, "陈静", timedelta(hours=44), handling.verify, made.id, findings)
    _by(scene, "陈静", timedelta(hours=44), handling.report, made.id)
    made_of = Decision(Verdict.PARTLY, "早高峰 9:00 到 10:00 增加一人接电话，漏接的半小时内回拨。")
    return _by(scene, "何总", minutes(50), handling.decide, made.id, made_of)


def _rated(scene: Scene) -> ComplaintView:
    told = Submission("师傅态度很不耐烦。", About.PERSON, people=(scene.who("吴工").id,))
    made = _by(scene, "李雷", timedelta(days=6), submitting.submit, told)
    people = [scene.who("吴工").id]
    _by(scene, "陈静", timedelta(days=6), handling.verify, made.id, "确有其事。", people)
    _by(scene, "陈静", timedelta(days=6), handling.report, made.id)
    charges = {people[0]: Charge(-3, "接待用户时不耐烦")}
    decision = Decision(Verdict.UPHELD, "当面道歉，参加礼仪培训。", charges)
    _by(scene, "何总", timedelta(days=5), handling.decide, made.id, decision)
    words = "您反映的情况属实，向您道歉；师傅已当面致歉。"
    _by(scene, "陈静", timedelta(days=5), handling.feed_back, made.id, words)
    rating = HandlingRating(5, 4, "处理得很快")
    return _by(scene, "李雷", timedelta(days=4), answering.rate, made.id, rating)
