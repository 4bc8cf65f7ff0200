"""The fields of the events that phones cause."""

from sandbox.pushes import Fields
from sandbox.state import QrCode

HERE = (31.2304, 121.4737, "A座 一楼大堂")  # where phones are that say nothing else
PICTURES = ("pic_sysphoto", "pic_photo_or_album", "pic_weixin")
_SCANNED = "PRN-3F-01"  # what a button's scanner finds when nobody says what


def scene_of(prefix: str, code: QrCode | None) -> Fields:
    if code is None:
        return {"EventKey": ""}
    return {"EventKey": prefix + code.scene, "Ticket": code.ticket}


def popup_row(template: str, status: str) -> Fields:
    return {"TemplateId": template, "SubscribeStatusString": status, "PopupScene": 1}


def pressed(kind: str, key: str, scan: str) -> Fields:
    """The event of a pressed button."""
    if kind == "click":
        return {"Event": "CLICK", "EventKey": key}
    if kind == "view":
        return {"Event": "VIEW", "EventKey": key, "MenuId": 0}
    fields: Fields = {"Event": kind, "EventKey": key}
    if kind.startswith("scancode_"):
        fields["ScanCodeInfo"] = {"ScanType": "qrcode", "ScanResult": scan or _SCANNED}
    elif kind in PICTURES:
        one = {"item": {"PicMd5Sum": "0" * 32}}
        fields["SendPicsInfo"] = {"Count": 1, "PicList": one}
    elif kind == "location_select":
        latitude, longitude, label = HERE
        place = {"Location_X": f"{latitude:.6f}", "Location_Y": f"{longitude:.6f}", "Scale": 16}
        fields["SendLocationInfo"] = {**place, "Label": label, "Poiname": ""}
    return fields
