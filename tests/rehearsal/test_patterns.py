"""The word lists: what they find, what they let stand, and that no text of ours is in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from breakwater.rehearsal.patterns import Patterns
from breakwater.rehearsal.script import ScriptBroken
from breakwater.support.wording import Wording

ROOT = Path(__file__).parents[2]
PATTERNS = Patterns.load(ROOT / "data" / "lexicon" / "patterns.yml")
WORDING = Wording.load(ROOT / "domain.yml")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("delete_everything", "Delete everything now."),
        ("delete_everything", "Please delete your account."),
        ("delete_everything", "Then wipe your phone."),
        ("promise", "They won't post it."),
        ("promise", "It’s hard, but it will be OK."),
        ("promise", "We'll get it down? The police will find them."),
        ("promise", "A counsellor writes to you in 5 minutes."),
        ("promise", "You've done nothing illegal."),
        ("blame", "It was your own fault."),
        ("blame", "You are partly to blame."),
        ("blame", "You shouldn't have paid."),
        ("blame", "Why did you send it?"),
        ("must_tell", "You have to tell your parents."),
        ("must_tell", "If you can't, tell your mum or dad."),
        ("child_services", "Child services may come."),
        ("send_picture", "Can you send me the picture?"),
        ("send_picture", "Upload a screenshot here."),
        ("claims_human", "I'm a real person."),
        ("claims_human", "I'm not a bot."),
        ("will_tell", "We won't post it. We will tell your school."),
        ("saw_picture", "I've seen the photo."),
        ("marriage", "That is cheating."),
        ("marriage", "Your wife deserves to know."),
        ("contact_sender", "Write to them once more."),
        ("contact_sender", "Tell the sender to stop."),
        ("cheer", "Awesome, thank you."),
        ("cheer", "You did it!"),
    ],
)
def test_found(name: str, said: str) -> None:
    assert PATTERNS.found(name, said)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("promise", "I can't promise they won't post it."),
        ("promise", "Nobody can promise that it will be OK."),
        ("contact_sender", "Don't write to them."),
        ("contact_sender", "Don't pay, answer, or write to them."),
        ("contact_sender", "Please never reply to the sender."),
        ("blame", "You are not to blame."),
        ("blame", "It isn't your fault."),
        ("must_tell", "You don't have to tell your parents."),
        ("must_tell", "How could you tell your mum?"),
        ("delete_everything", "Don't delete the chat."),
        ("delete_everything", "I can delete everything we have of this chat."),
        ("send_picture", "Please don't send pictures here."),
        ("saw_picture", "I haven't opened it."),
        ("claims_human", "I'm an automated helper, not a person."),
        ("will_tell", "Nobody here will tell your parents."),
    ],
)
def test_let_stand(name: str, said: str) -> None:
    assert PATTERNS.found(name, said) is None


def test_a_denial_in_another_clause_does_not_count() -> None:
    assert PATTERNS.found("blame", "You are not alone, but this is your fault.")
    assert PATTERNS.found("contact_sender", "Don't pay. Write to them.")


@pytest.mark.parametrize("name", sorted(PATTERNS.names))
def test_no_text_of_ours_is_in_the_lists(name: str) -> None:
    texts = [
        (response, text)
        for response, variations in WORDING.responses.items()
        for variation in variations
        for text in (" ".join(variation["text"].split()), *(b["title"] for b in variation.get("buttons") or ()))
    ]
    assert [(response, found) for response, text in texts if (found := PATTERNS.found(name, text))] == []


def test_a_broken_list_is_named(tmp_path: Path) -> None:
    file = tmp_path / "patterns.yml"
    for text, reason in (("{x: {words: [a]}}", "`why`"), ("{x: {why: b, words: ['(']}}", "list x")):
        file.write_text(f"lists: {text}", "utf8")
        with pytest.raises(ScriptBroken, match=reason):
            Patterns.load(file)
