"""How the platform says no."""


class ApiRefusal(Exception):
    """An errcode with its errmsg; `extra` joins the answer."""

    def __init__(self, errcode: int, errmsg: str, **extra: object) -> None:
        super().__init__(errcode, errmsg)
        self.errcode = errcode
        self.errmsg = errmsg
        self.extra = extra
