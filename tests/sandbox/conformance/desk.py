"""What a test of §6 asks of customer service, and sees of it."""

from tests.sandbox.stage import CLERK, WANG, sealed_reply

ACCOUNTS = "/customservice/kfaccount"
SESSIONS = "/customservice/kfsession"
RECORDS = "/customservice/msgrecord/getmsglist"
OTHER = "desk2@itdesk"


def add(account, name=OTHER, nickname="小李"):
    return account.code(f"{ACCOUNTS}/add", {"kf_account": name, "nickname": nickname})


def invite(account, name=OTHER, wechat="li02"):
    return account.code(f"{ACCOUNTS}/inviteworker", {"kf_account": name, "invite_wx": wechat})


def create(account, openid=WANG, name=CLERK):
    return account.code(f"{SESSIONS}/create", {"kf_account": name, "openid": openid})


def close(account, openid=WANG, name=CLERK):
    return account.code(f"{SESSIONS}/close", {"kf_account": name, "openid": openid})


def served_by(account):
    return account.call(f"{SESSIONS}/getsession", openid=WANG)["kf_account"]


def waiting(account):
    return account.call(f"{SESSIONS}/getwaitcase")["count"]


def transfers(heard, to=""):
    inner = f"<TransInfo><KfAccount><![CDATA[{to}]]></KfAccount></TransInfo>" if to else ""
    return sealed_reply(heard, inner, "transfer_customer_service")


def transfer(account, product, to=""):
    product.answers.append(lambda heard: transfers(heard, to))
    account.live.do(WANG, "say", text="转人工")
    account.settle()


def events(product):
    return [heard["Event"] for heard in product.heard if heard["MsgType"] == "event"]
