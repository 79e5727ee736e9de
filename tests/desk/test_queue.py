"""The queue page: order, reasons with the child's own words, taking."""

from __future__ import annotations

import re
from dataclasses import replace

from breakwater.desk.queue_page import lists_html

from .conftest import House, token


def test_the_most_severe_is_first_with_reasons_own_words_age_and_who(house: House) -> None:
    house.add("sam")
    house.chat("a man on insta", threat_type="financial", minor="no", words={"threat_type": "a man on insta"})
    house.chat(
        "my son is 14, he said he cant live with it", speaker="parent", age=14, minor="yes",
        risk=["suicide_passive"], threat_type="image",
        words={"speaker": "my son is 14", "risk": "he said he cant live with it http://x.example/a"},
    )  # fmt: skip
    house.later(400)
    html = house.signed_in("sam").get("/desk/").text
    assert re.findall(r'<span class="tier \w+">(\w+)', html) == ["urgent", "soon"]
    first = html.split("</li>")[0]
    assert "speaks of suicide or self-harm" in first and "under 18 in a live threat" in first
    assert "he said he cant live with it hxxp[:]//x[.]example/a" in first
    assert "son of the writer, 13 to 15" in first and "web chat" in first
    assert re.search(r'data-target="300"', first) and "6:40" in first and ">5:00<" not in first


def test_what_a_person_typed_is_escaped_everywhere(house: House) -> None:
    house.add("sam")
    nasty = "<script>alert(1)</script><img src=x onerror=y>"
    case = house.chat(nasty, risk=["self_harm"], deadline=nasty, words={"risk": nasty})
    client = house.signed_in("sam")
    for path in ("/desk/", f"/desk/cases/{case}"):
        html = client.get(path).text
        assert "alert(1)" in html and "<script>alert" not in html and "<img" not in html


def test_take_next_takes_the_most_severe_and_opens_it(house: House) -> None:
    house.add("sam")
    house.chat("adult", threat_type="financial", minor="no")
    worst = house.chat("i have pills", now=["means_at_hand"])
    client = house.signed_in("sam")
    answer = client.post("/desk/take-next", data={"csrf": token(client, "/desk/")})
    assert answer.headers["location"] == f"/desk/cases/{worst}"
    assert house.case(worst).state == "taken"
    assert house.messages(worst)[-1].text == "Sam, a counsellor, is here."


def test_take_next_says_why_there_is_none(house: House) -> None:
    house.add("sam")
    client = house.signed_in("sam")
    csrf = token(client, "/desk/")

    def note() -> str:
        where = client.post("/desk/take-next", data={"csrf": csrf}).headers["location"]
        return client.get(where).text.split('class="note"')[-1].split("<")[0]

    assert "Nobody is waiting" in note()
    for _ in range(3):
        house.chat("help", wants_human=True)
    for _ in range(2):
        client.post("/desk/take-next", data={"csrf": csrf})
    assert "as many chats as one counsellor can hold" in note()


def test_a_case_is_taken_from_the_assistant(house: House) -> None:
    house.add("sam")
    case = house.chat("hello", state="bot")
    client = house.signed_in("sam")
    html = client.get("/desk/").text
    assert "Take from the assistant" in html.split('id="h-assisted"')[1]
    client.post(f"/desk/cases/{case}/take", data={"csrf": token(client, "/desk/")})
    assert house.case(case).state == "taken"
    assert "with <strong>you</strong>" in client.get("/desk/").text.split('id="h-talking"')[1]


def test_only_notes_of_ours_are_shown(house: House) -> None:
    house.add("sam")
    client = house.signed_in("sam")
    assert 'class="note"' not in client.get("/desk/?note=anything").text


def test_the_queue_says_that_it_is_full_only_above_the_number_that_was_set(house: House) -> None:
    for _ in range(2):
        house.chat("help", wants_human=True)
    said = []
    for number in (0, 2, 1):
        house.desk = replace(house.desk, surge_above=number)
        said.append("More people wait than the number" in house.run(lists_html(house.desk, "csrf", "sam")))
    assert said == [False, False, True]
