"""What tests of lists ask for: pages as numbers, and every page of a list."""

from dataclasses import replace

from services import listing


def shorts(page):
    """The ends of the numbers on a page, in order."""
    return [row.short for row in page.rows]


def seen_by(database, desk_of, actor, wanted, at):
    with database.reading() as session:
        return listing.page(desk_of(session, actor, at), wanted)


def all_pages(database, desk_of, actor, wanted, at):
    """The whole list, page by page, as somebody turns them."""
    pages = [seen_by(database, desk_of, actor, wanted, at)]
    while pages[-1].after is not None:
        wanted = replace(wanted, cursor=pages[-1].after)
        pages.append(seen_by(database, desk_of, actor, wanted, at))
    return pages
