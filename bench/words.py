"""What the person in the comparison writes: fragments, a story, questions, thanks. The same at both doors."""

from __future__ import annotations

CHAT = (
    "hi",
    "someone is blackmailing me",
    "i met this girl online on friday and she seemed really nice, we talked for like two days about music and school. "
    "then she sent me a photo and asked for one back and i sent it. now she says its a recording and she will send it "
    "to everyone who follows me unless i pay 300 pounds by tonight. thats more than i own and i cant tell my "
    "parents, they would be so angry. i have not slept and i keep checking my phone",
    "300 pounds",
    "no i havent paid",
    "im 16",
    "should i just pay it so it stops",
    "they have my followers list, they sent me a screenshot of it",
    "i took screenshots of everything",
    "ok i blocked them",
    "what if they post it anyway",
    "who can read this chat",
    "do they know where i live",
    "i dont know what to do now",
    "ok thank you",
)
TALK_TO_A_PERSON = "can i talk to a real person please"
