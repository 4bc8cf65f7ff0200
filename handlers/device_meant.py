"""财务部那台惠普 is a device of the asset list, where only one can be meant (A1)."""

from dataclasses import replace

from handlers.dialog import Context
from handlers.fault import Fault
from nlp.devices import read_meant


def of_the_desk(ctx: Context, fault: Fault) -> Fault:
    """The fault with the device that the desk knows; as it was told if it knows none or several."""
    if fault.device_code or not fault.is_told:
        return fault
    meant = read_meant(ctx.text, fault.place)
    device = ctx.desk.device_meant(meant) if meant else None
    if device is None or fault.category not in (None, device.category):
        return fault
    return replace(
        fault,
        device=device.name,
        device_code=device.code,
        place=fault.place or device.place,
        category=device.category.value,
    )
