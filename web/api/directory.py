"""Whom and what the desk knows: people, devices (A1)."""

from domain.permissions import Permission
from domain.refusals import NotFound
from services import api_directory
from services.devices import code_of
from web.api.asked import DevicesAsked, PeopleAsked
from web.api.caller import calls, holds, needs
from web.api.paging import cursor_after, cut, row_place
from web.api.shapes import DeviceOut, DevicePage, PersonPage, device_out, person_out
from web.api.writing import looking

routes = calls("directory")


@routes.get("/people")
@routes.input(PeopleAsked, location="query")
@routes.output(PersonPage)
@needs(Permission.PERSON_READ)
def list_people(query_data: PeopleAsked) -> PersonPage:
    """People who have not left; numbers for tokens that may read them."""
    after = row_place(query_data.cursor)
    with looking() as desk:
        found = api_directory.people(
            desk,
            query_data.q,
            query_data.role,
            after,
            query_data.limit + 1,
            with_phones=holds(Permission.PERSON_READ_PHONE),
        )
    page, last = cut(found, query_data.limit)
    items = [person_out(each) for each in page]
    return PersonPage(items=items, next=cursor_after(last.id) if last else None)


@routes.get("/devices")
@routes.input(DevicesAsked, location="query")
@routes.output(DevicePage)
@needs(Permission.DEVICE_MANAGE)
def list_devices(query_data: DevicesAsked) -> DevicePage:
    """Devices with a code on their case, those out of use as well."""
    after = row_place(query_data.cursor)
    with looking() as desk:
        found = api_directory.devices(desk, None, query_data.category, after, query_data.limit + 1)
    page, last = cut(found, query_data.limit)
    items = [device_out(each) for each in page]
    return DevicePage(items=items, next=cursor_after(last.id) if last else None)


@routes.get("/devices/<code>")
@routes.output(DeviceOut)
@needs(Permission.DEVICE_MANAGE)
def read_device(code: str) -> DeviceOut:
    """The device with exactly this code."""
    kept = code_of(code)
    with looking() as desk:
        found = api_directory.devices(desk, kept, None, None, 1) if kept else ()
    if not found:
        raise NotFound()
    return device_out(found[0])
