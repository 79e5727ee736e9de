"""What an answer to the bot's question states: a tapped button, or "yeah", "kinda", "no not yet".

The same table serves both, so a conversation works with buttons alone and with words alone.
"""

from __future__ import annotations

import re

from breakwater.understanding.facts import CaseFacts, Reading

# question → answer → the facts it states. Only what the answer plainly says.
STATED: dict[str, dict[str, CaseFacts]] = {
    "suicide": {
        "yes": CaseFacts(risk=("suicide_passive",)),
        "sometimes": CaseFacts(risk=("suicide_passive",)),
    },
    "attempt": {"yes": CaseFacts(now=("attempt",), risk=("suicide_active",))},
    # asked of forwarded words of wanting to die: "are those yours, or of someone you worry about?"
    "whose_words": {
        "yes": CaseFacts(risk=("suicide_passive",)),
        "someone": CaseFacts(risk=("suicide_passive",)),
    },
    "means_near": {"yes": CaseFacts(now=("means_at_hand",), risk=("suicide_active",))},
    "paid": {"yes": CaseFacts(paid="yes"), "no": CaseFacts(paid="no")},
    "images_shared": {
        "yes": CaseFacts(images_shared_already="yes"),
        "no": CaseFacts(images_shared_already="no"),
    },
    "already_posted": {"yes": CaseFacts(already_posted="yes"), "no": CaseFacts(already_posted="no")},
    "blocked": {"yes": CaseFacts(blocked_already="yes"), "no": CaseFacts(blocked_already="no")},
    "evidence_saved": {"yes": CaseFacts(evidence_saved="yes"), "no": CaseFacts(evidence_saved="no")},
    "has_file": {"yes": CaseFacts(has_file="yes"), "no": CaseFacts(has_file="no")},
    # asked as "could anyone at home hurt you?": not sure counts as yes (safeguarding rule 8)
    "home_safe": {
        "yes": CaseFacts(home_unsafe="yes"),
        "unsure": CaseFacts(home_unsafe="yes"),
        "no": CaseFacts(home_unsafe="no"),
    },
    # asked as "is anyone outside, near you, or on the way now?"
    "outside_now": {
        "yes": CaseFacts(now=("offender_present",), risk=("offline_danger",)),
        "unsure": CaseFacts(risk=("offline_danger",)),
    },
    "knows_address": {
        "yes": CaseFacts(risk=("offline_danger",)),
        "unsure": CaseFacts(risk=("offline_danger",)),
    },
    # asked as "anything that makes you fear for their life?"
    "is_child_safe": {"yes": CaseFacts(risk=("suicide_passive",))},
    "safe_now": {"no": CaseFacts(risk=("offline_danger",))},
    "offender_known": {"yes": CaseFacts(offender="known"), "no": CaseFacts(offender="stranger")},
    "demand": {
        "money": CaseFacts(demand=("money",), threat_type="financial"),
        "images": CaseFacts(demand=("images",), threat_type="image"),
        "both": CaseFacts(demand=("money", "images"), threat_type="both"),
        "other": CaseFacts(demand=("other",), threat_type="unclear_threat"),
    },
    "what_happened": {
        "threat": CaseFacts(threat_type="unclear_threat"),
        "other_person": CaseFacts(speaker="friend"),
        "email": CaseFacts(threat_type="scam_email"),
    },
    "age": {
        "under_13": CaseFacts(age_max=12, minor="yes"),
        "13_15": CaseFacts(age_min=13, age_max=15, minor="yes"),
        "16_17": CaseFacts(age_min=16, age_max=17, minor="yes"),
        "18": CaseFacts(age_min=18, minor="no"),
    },
    "want_human": {"yes": CaseFacts(wants_human=True)},
    "platform": {name: CaseFacts(platform=(name,)) for name in ("instagram", "snapchat", "whatsapp", "telegram")},
    "payment": {name: CaseFacts(payment=(name,)) for name in ("gift_card", "paypal", "bank_transfer", "crypto")},
    "which_words": {way: CaseFacts() for way in ("say", "text", "show", "private", "card")},
}

_YES = re.compile(
    r"^\W*(?:[👍✅]|(y|ye|yes|yeah|yea|yep|yup|ya|yh|yess+|yas|sure|ok|okay|k|i do|i did|i have|i am|i think so|"
    r"kind ?of|kinda|"
    r"a bit(?! (?:better|calmer|easier|less))|of course|definitely|correct|true|right|already|i mean it|do it|"
    r"go ahead|go on|please do|pls do|s[iíì]|ja|oui|ouais|sim|tak|oo|opo|jep|klopt|stimmt)\b)",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^\W*(?:[👎❌]|(n|no|nope|nah|na|naa+h?|not (yet|really|at all)|never|i don'?t|i didn'?t|i haven'?t|i'?m not|none|"
    r"nee|nein|non|n[aã]o|nie|hindi|todavía no|nog niet|noch nicht|pas encore|non ancora|jeszcze nie|ainda não)\b)",
    re.IGNORECASE,
)
# "no puedo más" is no "no": in other languages the word also begins a sentence
_BEGINS_WITH_NO = re.compile(
    r"^\W*(no|n[aã]o|non|nie|hindi|di) (quiero|puedo|aguanto|soporto|veo|hay|me siento|voglio|ce|posso|vedo|quero|"
    r"consigo|aguento|vejo|chc\w+|mog\w+|mam|widz\w+|ko na|ko kaya)\b",
    re.IGNORECASE,
)
_SENT_NOTHING = re.compile(
    r"\b(?:haven'?t|didn'?t|havnt|hvnt|not) (?:sent|send|given|give|paid|pay) (?:him |her |them )?"
    r"(?:anything|nothing|shit|any)\b",
    re.IGNORECASE,
)
_DONE_IT = re.compile(
    r"^\W*(?:(?:just|ok|yeah|its|it's) )*(?:done|sent|did it|did that|sent it|paid)(?: it| now)*\W*$", re.IGNORECASE
)
_UNSURE = re.compile(
    r"^\W*(not sure|unsure|i don'?t know|idk|dunno|dont know|don'?t know|maybe|perhaps|possibly|might|depends|"
    r"weet (ik )?niet|geen idee|weiß nicht|weiss nicht|keine ahnung|"
    r"je sais pas|sais pas|jsp|no s[eé]|não sei|non so|nie wiem|ewan|di ko alam)\b",
    re.IGNORECASE,
)
_SOMETIMES = re.compile(
    r"^\W*(sometimes|kind ?of|kinda|(?:a bit|a little)(?! (?:better|calmer|easier|less))|sort of|sorta|at times|"
    r"now and then|soms|manchmal|parfois|"
    r"a veces|às vezes|a volte|czasami|czasem|minsan)\b",
    re.IGNORECASE,
)
_RATHER_NOT = re.compile(
    r"^\W*(rather not|i'?d rather not|don'?t want to (say|answer|tell)|not telling|skip|pass|none of your)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"\b(mum|mom|mam|mummy|mommy|dad|daddy|parents?|gran|granny|nan|nana|grandma|grandad|grandpa|sister|brother|sis|bro|"
    r"aunt|auntie|aunty|uncle|cousin|teacher|friend|mate|bestie|neighbou?r|coach|boyfriend|girlfriend|wife|husband|"
    r"flatmate|roommate|step(mum|mom|dad))\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"\b(no|not|none|nobody|cant|can'?t|wont|won'?t|dont|don'?t|never|away|asleep|at work|out)\b", re.IGNORECASE
)
# asked as "shall we find the words?": which of them
_WAYS = {
    "card": re.compile(r"\bcard\b", re.IGNORECASE),
    "private": re.compile(r"\b(leave|less|without|private)\b", re.IGNORECASE),
    "text": re.compile(r"\b(text|texting|write|message|msg)\b", re.IGNORECASE),
    "show": re.compile(r"\b(show|showing|read)\b", re.IGNORECASE),
    "say": re.compile(r"\b(say|saying|tell|talk|speak)\b", re.IGNORECASE),
}
_OWN_WORDS = re.compile(r"\b(?:mine|my words|my message|i wrote|i said that|me|someone i|somebody i)\b", re.IGNORECASE)
_NOBODY_THERE = re.compile(
    r"^\W*no\W+(?:he|she|they)(?:'?s|'?re| is| are)? (?:not|isn'?t|aren'?t) (?:doing|here|there|home|in)\b",
    re.IGNORECASE,
)
_WHO = frozenset({"who_with_you", "home_safe"})
_PROTESTS = re.compile(r"^\W*i (?:didn'?t|haven'?t|never)\b", re.IGNORECASE)  # is no "nobody", and no "they would not"
_MERE_ASSENT = re.compile(r"^\W*(ok|okay|k|sure|right|already|of course|correct)\b", re.IGNORECASE)
_DANGER = frozenset({"suicide", "attempt", "means_near", "home_safe", "outside_now", "knows_address", "is_child_safe"})
# "i do think about it, yes": about one's life a yes counts wherever it stands
_YES_INSIDE = re.compile(r"\b(yes|yeah|yep|(?<!do )i (?:do|have|did)(?! to\b))\b", re.IGNORECASE)
# "i have muted him" tells of something else that was done
_DID_ELSE = re.compile(
    r"\bi (?:have|did) (?:him|her|it|them|(?:mut|block|report|delet|sav|screenshot|chang|turn|hid|switch|put)\w*)\b",
    re.IGNORECASE,
)
_ANY_YES = re.compile(r"\b(?:y|ye|yes+|yeah|yea|yep|yup|yh|ya)\b", re.IGNORECASE)
_NO_INSIDE = re.compile(r"\b(no|not|nah|never|don'?t|didn'?t|haven'?t|if|but)\b", re.IGNORECASE)
_THOUGHT_OF = re.compile(r"\b(?:think|thinks|thought|thinking)\s+(?:about|of)\b", re.IGNORECASE)  # is not done
_ONLY_THOUGHT = re.compile(r"\b(?:only|just) (?:think|thought|thoughts|thinking)\b", re.IGNORECASE)
_FIRST = re.compile(r"\s*([^.!?,;\n]+)[.!,;\n]")
_BESIDE = 8  # words in which such a yes is the answer
_SHORT = 5  # words: beyond this an opening "yes" or "no" is the start of a story, read by the model instead


def names_somebody(text: str) -> bool:
    """Whether a person who could help is named: family, friend, teacher, neighbour."""
    return bool(_SOMEBODY.search(text))


def of_words(text: str, question: str | None) -> str | None:
    """The kind of answer a short text gives to an open question; None when it gives none."""
    if question == "who_with_you" and _SOMEBODY.search(text) and not _NOBODY.search(text):
        return "yes"  # naming somebody is the answer, also with a "but"
    if question is None or not text.strip() or _BEGINS_WITH_NO.match(text):
        return None
    if question == "paid" and _SENT_NOTHING.search(text):
        return "no"
    if question == "paid" and _DONE_IT.match(text):
        return "yes"
    if question == "suicide" and _DID_ELSE.search(text) and not _ANY_YES.search(text):
        return None
    if question == "attempt" and _ONLY_THOUGHT.search(text) and not re.match(r"\W*(?:yes|yep)\b", text, re.IGNORECASE):
        return "no" if _NO.match(text) else "unsure"
    if question in ("suicide", "attempt") and len(text.split()) <= _BESIDE:
        if question == "attempt" and _THOUGHT_OF.search(text):
            return None
        if _YES_INSIDE.search(text):
            return "yes" if not _NO_INSIDE.search(text) else None
    if len(text.split()) > _SHORT:  # "yes. like an hour ago she asked": the first words answer, the rest tells
        first = _FIRST.match(text)
        answer = of_words(first[1], question) if first and len(first[1].split()) <= 3 else None
        return answer if answer == "yes" or question not in _DANGER else None
    if question == "whose_words" and (_OWN_WORDS.search(text) or _SOMEBODY.search(text)):
        return "yes"
    if question == "safe_now" and _NOBODY_THERE.match(text):
        return None  # "no hes not doing anything now": the no is to what was feared
    if question in _WHO and _PROTESTS.match(text):
        return None
    for kind, pattern in (("rather_not", _RATHER_NOT), ("unsure", _UNSURE), ("no", _NO)):
        if pattern.search(text):
            return kind
    if question == "which_words" and (way := next((w for w, said in _WAYS.items() if said.search(text)), None)):
        return way
    if mere_assent(text, question):
        return None
    if question in ("suicide", "attempt") and _SOMETIMES.search(text):
        return "sometimes"
    return "yes" if _YES.search(text) else None


def mere_assent(text: str, question: str | None) -> bool:
    """Whether "ok" was said to a question about danger: "ok im going to her" is no yes to "could anyone at home
    hurt you?"."""
    return question in _DANGER and bool(_MERE_ASSENT.search(text))


def stated(question: str | None, answer: str | None) -> CaseFacts:
    """The facts that this answer to this question states; empty when it states none."""
    return STATED.get(question or "", {}).get(answer or "", CaseFacts())


def reading_of_button(payload: str, open_question: str | None) -> Reading:
    """The reading of a tapped button. Payloads are ours: `answer:paid=yes`, `do:human`, `ask:will_they_post`.

    A payload we never made states nothing; nothing a person can send is executed.
    """
    kind, _, rest = payload.partition(":")
    if kind == "answer":
        question, _, value = rest.partition("=")
        return Reading("answer", 1.0, facts=stated(question, value), question=question, answer=value)
    if kind == "do" and rest == "human":
        asked = open_question == "want_human"
        return Reading(
            "ask_human", 1.0, facts=CaseFacts(wants_human=True),
            question=open_question if asked else None, answer="yes" if asked else None,
        )  # fmt: skip
    if kind == "do":
        return Reading(rest, 1.0)
    if kind == "ask":
        return Reading("ask_" + rest, 1.0, topic=rest)
    return Reading("nlu_fallback", 1.0, fallback=True)
