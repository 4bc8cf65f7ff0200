"""A fault of which more is said: corrected, told in more detail, or told as an answer."""

from dataclasses import replace

from domain.priority import Impact
from handlers.fault import Fault

_IMPACTS = tuple(Impact)


def replaced(fault: Fault, newer: Fault) -> Fault:
    """Something else is wrong than was understood; place and haste stay unless said anew."""
    return replace(
        newer,
        words=_both(fault.words, newer.words),
        place=newer.place or fault.place,
        category=newer.category or fault.category,
        urgency=_more_urgent(fault, newer),
        impact=_wider(fault, newer),
        is_told=True,
    )


def joined(fault: Fault, newer: Fault) -> Fault:
    """More was said of the same fault; what is already known stays."""
    is_new = bool(newer.symptom) and newer.symptom not in fault.symptom
    return replace(
        fault,
        words=_both(fault.words, newer.words),
        symptom=f"{fault.symptom},{newer.symptom}" if is_new else fault.symptom,
        device=fault.device or newer.device,
        place=fault.place or newer.place,
        category=fault.category or newer.category,
        error_code=fault.error_code or newer.error_code,
        urgency=_more_urgent(fault, newer),
        impact=_wider(fault, newer),
        is_told=True,
    )


def answered(fault: Fault, newer: Fault) -> Fault:
    """The answer to «what is wrong?»: a bare 卡纸 after 打印机 is that printer's."""
    if newer.device or not fault.device or not newer.symptom:
        symptom = newer.symptom or fault.symptom
    else:
        symptom = f"{fault.device}{newer.symptom}"
    return replace(
        newer,
        words=_both(fault.words, newer.words),
        symptom=symptom,
        device=newer.device or fault.device,
        place=newer.place or fault.place,
        category=newer.category or fault.category,
        error_code=newer.error_code or fault.error_code,
        urgency=_more_urgent(fault, newer),
        impact=_wider(fault, newer),
        is_request=fault.is_request or newer.is_request,
        is_told=True,
    )


def _both(before: str, after: str) -> str:
    return "\n".join(filter(None, (before, after)))


def _more_urgent(fault: Fault, newer: Fault) -> str:
    return newer.urgency if newer.is_urgent else fault.urgency


def _wider(fault: Fault, newer: Fault) -> str:
    widest = max(_IMPACTS.index(Impact(each.impact)) for each in (fault, newer))
    return _IMPACTS[widest].value
