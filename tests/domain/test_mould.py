"""One sentence about many tickets is kept as if each had been said alone (T8)."""

import json
from datetime import UTC, datetime

import pytest

from domain.mould import Mould, blank
from domain.sentence import Button, Page, Say, Word, to_json


def said(number, symptom, due):
    return Say(
        "notice.auto_closed",
        {"number": number, "symptom": symptom, "due": due},
        (Button(f"rate:{number}", "button.rate"), Button("help", "button.help")),
        Page(f"/h5/t/{number}"),
    )


@pytest.mark.parametrize("symptom", ['100% "卡纸"', "C:\\temp\n第二行", "%s %(number)s", "", None])
@pytest.mark.parametrize("due", [datetime(2026, 11, 26, 9, tzinfo=UTC), None, Word("place.here")])
def test_what_a_mould_gives_is_what_the_sentence_alone_would_be(symptom, due):
    mould = Mould(said(blank("number"), blank("symptom"), blank("due")))
    facts = {"number": "IT20261126-0042", "symptom": symptom, "due": due}

    assert json.loads(mould.filled(facts)) == to_json(said(**facts))
