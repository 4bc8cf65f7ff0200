"""A fault of which more is said: corrected, told in more detail, or told as an answer."""

from dataclasses import replace

from domain.category import Category
from domain.priority import Impact
from handlers.fault import Fault

_IMPACTS = tuple(Impact)


def replaced(fault: Fault, newer: Fault) -> Fault:
    """Something else is wrong than was understood; place and haste stay unless said anew."""
    again = replace(
        newer,
        words=_both(fault.words, newer.words),
        place=newer.place or fault.place,
        category=newer.category or fault.category,
        urgency=_more_urgent(fault, newer),
        impact=_wider(fault, newer),
        behalf_of=newer.behalf_of or fault.behalf_of,
        wished=newer.wished or fault.wished,
        is_told=True,
    )
    return of_device(fault, again) if _is_of_device(fault, newer) else again


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
        behalf_of=newer.behalf_of or fault.behalf_of,
        wished=newer.wished or fault.wished,
        is_told=True,
    )


def answered(fault: Fault, newer: Fault) -> Fault:
    """The answer to «what is wrong?»: a bare 卡纸 after 打印机 is that printer's."""
    if newer.device or not fault.device or not newer.symptom:
        symptom = newer.symptom or fault.symptom
    else:
        symptom = _joint(fault.device, newer.symptom)
    told = replace(
        newer,
        words=_both(fault.words, newer.words),
        symptom=symptom,
        device=newer.device or fault.device,
        place=newer.place or fault.place,
        category=newer.category or fault.category,
        error_code=newer.error_code or fault.error_code,
        urgency=_more_urgent(fault, newer),
        impact=_wider(fault, newer),
        behalf_of=newer.behalf_of or fault.behalf_of,
        wished=newer.wished or fault.wished,
        is_request=fault.is_request or newer.is_request,
        is_told=True,
    )
    return of_device(fault, replace(told, device=newer.device)) if fault.device_code else told


def of_another_thing(fault: Fault, newer: Fault) -> Fault:
    """What is wrong stays, and is another thing's."""
    was, thing = fault.device, newer.device or ""
    is_named = was is not None and was in fault.symptom
    symptom = fault.symptom.replace(was or "", thing) if is_named else _joint(thing, fault.symptom)
    return replace(
        fault,
        words=_both(fault.words, newer.words),
        symptom=symptom,
        device=thing,
        device_code=None,
    )


def of_device(fault: Fault, told: Fault) -> Fault:
    """A device that was scanned stays what it is and where it is, whatever the words name."""
    is_named = told.device is not None
    symptom = "" if is_named and told.lacks_symptom else told.symptom
    is_refined = is_named or fault.category in (None, Category.OTHER)
    return replace(
        told,
        symptom=symptom,
        device=fault.device,
        place=fault.place,
        category=told.category if is_refined and told.category else fault.category,
        device_code=fault.device_code,
    )


def _is_of_device(fault: Fault, newer: Fault) -> bool:
    """不是打印机,是电脑没网 speaks of another thing, and no more of the one that was scanned."""
    if fault.device_code is None:
        return False
    is_same = newer.device is None or newer.device in (fault.device or "")
    return is_same or newer.category in (None, fault.category)


def _joint(device: str, symptom: str) -> str:
    """打印机卡纸, but HP M404 paper jam."""
    blank = " " if device[-1].isascii() and symptom[0].isascii() else ""
    return f"{device}{blank}{symptom}"


def _both(before: str, after: str) -> str:
    return "\n".join(filter(None, (before, after)))


def _more_urgent(fault: Fault, newer: Fault) -> str:
    return newer.urgency if newer.is_urgent else fault.urgency


def _wider(fault: Fault, newer: Fault) -> str:
    widest = max(_IMPACTS.index(Impact(each.impact)) for each in (fault, newer))
    return _IMPACTS[widest].value
