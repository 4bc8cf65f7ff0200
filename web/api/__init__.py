"""The JSON API under /api/v1: the desk for machines, with scoped tokens (F3, F4, F5, Y1).

How a call is answered:

    routes = calls("tickets")                        # caller.py: known, permitted, readable

    @routes.get("/tickets")
    @routes.input(TicketsAsked, location="query")    # asked.py: what may be sent, nothing else
    @routes.output(TicketPage)                       # shapes.py: what is answered, nothing else
    @needs(Permission.TICKET_READ)                   # a scope of the token stands for it
    def tickets(query_data: TicketsAsked) -> TicketPage:
        ...                                          # services judge each object, as for pages

- It is an application of its own beside the pages, in the same process: pages.py, installing.py.
- A write is done once for each Idempotency-Key, in one transaction: writing.py.
- Whatever goes wrong is application/problem+json with a code and a sentence: problems.py.
- document.py makes the OpenAPI document true: what each call may answer, and with which headers.
"""
