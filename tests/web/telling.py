"""What the stories tell alike: a first report up to its number, a job up to its result."""

from tests.web.handset import Handset


def report(requester: Handset, fault: str, profile: str) -> str:
    """A first report, up to its number."""
    requester.says(fault).reads("第一次报修")
    requester.says(profile).reads("请核对")
    return requester.confirms()


def finish(engineer: Handset, short: str, result: str) -> None:
    """完工 typed, the result in one sentence, handed in."""
    engineer.says(f"完工 {short}").reads(short, "什么原因")
    engineer.says(result).reads(short, "请核对")
    engineer.says("提交").reads(short, "已完工")
