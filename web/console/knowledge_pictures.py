"""Pictures while an article is written: put in where the caret stands, and looked at (K2)."""

from flask import Response, jsonify

from domain.permissions import Permission
from web import article_pictures
from web.console.routes import pages
from web.forms import read_form
from web.page import needs, said, takes_photos

routes = pages("knowledge_pictures", "/knowledge/pictures")


@routes.post("")
@takes_photos
@needs(Permission.KNOWLEDGE_WRITE)
def added() -> Response:
    """The marks that stand for them in the text, and what is wrong with those that are refused."""
    filled = read_form(files=(article_pictures.PICTURES,))
    marks = article_pictures.taken(filled)
    problems = [said(each) for each in filled.problems.values()]
    answer = jsonify(marks=marks, problem=" ".join(problems))
    answer.status_code = 400 if problems and not marks else 200
    return answer


@routes.get("/<int(max=999999999):picture>")
@needs(Permission.KNOWLEDGE_WRITE)
def one(picture: int) -> Response:
    return article_pictures.opened(picture)
