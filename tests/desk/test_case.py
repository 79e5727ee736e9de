"""The case page: reading, taking, writing, correcting, handing back, closing."""

from __future__ import annotations

from starlette.testclient import TestClient

from breakwater.conversations import transcript
from breakwater.understanding.facts import YES_NO_FACTS, CaseFacts

from .conftest import House, token

ONE, TWO = "1" * 32, "2" * 32


def taken(house: House, *said: str, **facts: object) -> tuple[TestClient, str, str]:
    """Sam has a case: Sam's browser, the case, and the token."""
    house.add("sam")
    case, client = house.chat(*said, **facts), house.signed_in("sam")
    csrf = token(client, "/desk/")
    client.post(f"/desk/cases/{case}/take", data={"csrf": csrf})
    return client, case, csrf


def test_reading_a_case_shows_everything_and_leaves_an_audit_row(house: House) -> None:
    client, case, _ = taken(house, "first words", "can you take it down?", "pls https://bad.example/me")
    key = house.keyring.of(house.case(case).conversation_id)
    body = {"text": "Are you safe?", "buttons": [{"title": "Not sure", "payload": "/x"}]}
    house.write(transcript.append, key, house.case(case).conversation_id, transcript.ASSISTANT, body, house.now)
    before = len(house.audited())
    html = client.get(f"/desk/cases/{case}").text
    assert house.audited()[before:] == [("read", case)]
    assert html.index("first words") < html.index("Sam, a counsellor, is here.") < html.index("Are you safe?")
    assert "Not sure" in html and "hxxps[:]//bad[.]example/me" in html and "https://bad.example" not in html
    assert "can you take it down?" in html.split('id="top"')[1].split("</dl>")[0]


def test_the_top_has_five_lines_at_most_and_says_what_must_not_be_done(house: House) -> None:
    client, case, _ = taken(
        house, "why me?", home_unsafe="yes", watched="yes", age=15, minor="yes", risk=["suicide_passive"],
        deadline="8pm", words={"risk": "no way out", "deadline": "by 8pm"},
    )  # fmt: skip
    top = client.get(f"/desk/cases/{case}").text.split('id="top"')[1].split("</dl>")[0]
    assert top.count("<dt>") == 5
    assert "Do not contact the family." in top and "May be read along" in top
    assert "no way out" in top and "8pm" in top and "13 to 15" in top


def test_words_are_sent_once_however_often_they_are_posted(house: House) -> None:
    client, case, csrf = taken(house, "help")
    for client_id, text in ((ONE, "I'm here."), (ONE, "I'm here."), (TWO, "Still here.")):
        answer = client.post(
            f"/desk/cases/{case}/say",
            data={"text": text, "client_id": client_id},
            headers={"x-desk-token": csrf},
        )
        assert answer.status_code == 200
    said = [m for m in house.messages(case) if m.sender == transcript.COUNSELLOR]
    assert [m.text for m in said] == ["I'm here.", "Still here."]
    assert answer.json() == {"seq": said[-1].seq}
    assert house.desk.presence.last_typed(case) == house.now


def test_empty_or_endless_words_and_strange_ids_are_refused(house: House) -> None:
    client, case, csrf = taken(house, "help")
    for text, client_id in (("  ", ONE), ("x" * 4001, ONE), ("hello", "../x"), ("hello", "")):
        data = {"csrf": csrf, "text": text, "client_id": client_id}
        assert client.post(f"/desk/cases/{case}/say", data=data).status_code == 422
    huge = client.post(f"/desk/cases/{case}/say", data={"csrf": csrf, "text": "x" * 100_000, "client_id": ONE})
    assert huge.status_code == 413
    assert all(m.sender != transcript.COUNSELLOR for m in house.messages(case))


def test_of_two_who_take_a_case_the_second_reads_who_has_it(house: House) -> None:
    _, case, _ = taken(house, "help")
    house.add("kim")
    kim = house.signed_in("kim")
    answer = kim.post(f"/desk/cases/{case}/take", data={"csrf": token(kim, "/desk/")})
    assert answer.status_code == 409
    assert "Sam has this case" in answer.text and 'id="reply"' not in answer.text
    page = kim.get(f"/desk/cases/{case}").text
    assert "help" in page and 'id="reply"' not in page and "Correct" not in page


def test_a_lost_case_takes_no_words_and_says_so(house: House) -> None:
    client, case, csrf = taken(house, "help")
    house.add("kim")
    kim = house.signed_in("kim")
    client.post(f"/desk/cases/{case}/hand-back", data={"csrf": csrf})
    kim.post(f"/desk/cases/{case}/take", data={"csrf": token(kim, "/desk/")})
    data = {"text": "hello?", "client_id": ONE}
    answer = client.post(f"/desk/cases/{case}/say", data=data, headers={"x-desk-token": csrf})
    assert answer.status_code == 409 and answer.json()["lost"]
    assert "no longer with you" in answer.json()["text"] and "Kim has this case" in answer.json()["text"]
    for path, form in {
        "say": data,
        "close": {},
        "hand-back": {},
        "correct": {"fact": "paid", "value": "yes"},
    }.items():
        refused = client.post(f"/desk/cases/{case}/{path}", data={"csrf": csrf, **form})
        assert refused.status_code == 409 and "Kim has this case" in refused.text, path
    assert house.case(case).facts.paid == "unknown"
    assert all(m.text != "hello?" for m in house.messages(case))


def test_a_severe_case_is_let_go_only_with_a_reason(house: House) -> None:
    client, case, csrf = taken(house, "i cut myself", risk=["self_harm"])
    for path in ("hand-back", "close"):
        refused = client.post(f"/desk/cases/{case}/{path}", data={"csrf": csrf, "reason": "  "})
        assert refused.status_code == 422 and "why it can be let go" in refused.text
        assert refused.text.count('<details name="ends" open') == 1
        assert house.case(case).state == "taken"
    done = client.post(f"/desk/cases/{case}/close", data={"csrf": csrf, "reason": "with his mother now"})
    assert done.headers["location"] == "/desk/?note=closed"
    assert house.case(case).state == "closed"
    assert house.messages(case)[-1].text == "Sam has left. Are you safe right now?"


def test_an_easy_case_is_handed_back_without(house: House) -> None:
    client, case, csrf = taken(house, "hello")
    done = client.post(f"/desk/cases/{case}/hand-back", data={"csrf": csrf})
    assert done.headers["location"] == "/desk/?note=handed-back"
    assert house.case(case).state == "bot"


def test_every_kind_of_fact_can_be_corrected(house: House) -> None:
    client, case, csrf = taken(house, "help", age=15, minor="yes", words={"age": "im 15"})
    page = client.get(f"/desk/cases/{case}").text
    assert "im 15" in page.split('id="side"')[1]
    corrections = {
        "age": ("16", 16), "risk": (["self_harm", "runaway"], ("self_harm", "runaway")),
        "home_unsafe": ("yes", "yes"), "offender": ("known", "known"),
        "platform": ("snapchat, discord", ("snapchat", "discord")),
        "deadline": ("20:00", "20:00"), "wants_human": ("yes", True), "threat_type": ("both", "both"),
    }  # fmt: skip
    for fact, (given, expected) in corrections.items():
        data = {"csrf": csrf, "fact": fact, "value": given}
        assert client.post(f"/desk/cases/{case}/correct", data=data).status_code == 303, fact
        assert getattr(house.case(case).facts, fact) == expected
    assert house.case(case).facts.words["age"] == "corrected by Sam"
    data = {"csrf": csrf, "fact": "risk"}
    client.post(f"/desk/cases/{case}/correct", data=data)
    assert house.case(case).facts.risk == ()
    assert house.case(case).rank == 0  # running away, under 18: nothing here lowers a tier again


def test_values_that_cannot_be_are_refused_in_words(house: House) -> None:
    client, case, csrf = taken(house, "help")
    wrong = {
        "age": "200",
        "risk": "boredom",
        "home_unsafe": "maybe",
        "words": "x",
        "deadline": "x" * 81,
        "minor": "",
    }
    for fact, value in wrong.items():
        answer = client.post(
            f"/desk/cases/{case}/correct", data={"fact": fact, "value": value}, headers={"x-desk-token": csrf}
        )
        assert answer.status_code == 422 and answer.json()["text"], fact
    assert house.case(case).facts == CaseFacts()


def test_the_panel_knows_every_fact() -> None:
    from dataclasses import fields

    from breakwater.desk.facts_panel import LABELS

    assert set(LABELS) == {f.name for f in fields(CaseFacts)} - {"words"}
    assert set(YES_NO_FACTS) < set(LABELS)
