"""A refused or broken API call as a finding: what it means, and where it is put right (§4)."""

import re

from bot.errors import ApiError, ApiUnclear, ApiUnsent
from cli.checks.finding import Finding, wrong

_IP = re.compile(r"invalid ip ([0-9A-Fa-f.:]{3,45})")
_KEYS = {
    40001: "doctor.api.secret",  # of a token call; of others it was renewed once already
    40013: "doctor.api.app_id",
    40125: "doctor.api.secret",
    40164: "doctor.api.whitelist",
    40243: "doctor.api.secret_frozen",
    45009: "doctor.api.quota",
    45011: "doctor.api.slower",
    48001: "doctor.api.no_right",
    48004: "doctor.api.banned",
    50004: "doctor.api.account_frozen",
    50007: "doctor.api.account_frozen",
    61004: "doctor.api.whitelist",
    65400: "doctor.kf.off",
    76022: "doctor.api.no_right",
    89503: "doctor.api.to_confirm",
}


def refused(error: ApiError) -> Finding:
    facts = {"path": error.path, "code": error.errcode, "why": error.errmsg}
    if error.errcode in _KEYS:
        found = _IP.search(error.errmsg)
        return wrong(_KEYS[error.errcode], **facts, ip=found[1] if found else None)
    if isinstance(error, ApiUnsent):
        return wrong("doctor.api.unsent", **facts)
    if isinstance(error, ApiUnclear):
        return wrong("doctor.api.unclear", **facts)
    return wrong("doctor.api.refused", **facts)
