"""Whose age is it? The person at risk's, somebody else's, or one that was only claimed."""

# ruff: noqa: E501 (patterns read best unbroken)

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from breakwater.understanding.age_forms import NOUN, Said

_CHILD = r"(?:son|daughter|kid|child|pupil|grandson|granddaughter|nephew|niece|stepson|stepdaughter|godson|goddaughter|boy|girl|lad|student|teenager|teen|young person|player|tochter|sohn|zoon|dochter|hijo|hija|fils|fille|nichte|neffe|nichtje|neefje|kleinzoon|kleindochter|leerling|leerlinge|sobrina|sobrino|nieto|nieta|neveu|eleve|schuler|schulerin|neto|neta|filho|filha|figlio|figlia|nipote|syn|corka|anak)"
_PEER = r"(?:friend|mate|mates|bestie|bff|brother|bro|sister|sis|cousin|boyfriend|girlfriend|bf|gf|roommate|flatmate|housemate|classmate|teammate|broertje|zusje|vriendin|vriend|broer|zus|bruder|schwester|freundin|freund|hermano|hermana|amiga|frere|soeur|copine|irma|irmao|sorella|fratello|siostra|brat)"
_ADJECTIVE = r"(?:(?:best|little|big|younger|older|close|good|only|own|twin|baby|step|other|oldest|eldest|youngest|form|first|half|teenage|poor|small|wee|sweet|year|yr|old|yo|\d{1,2}|-) ){0,5}"
_MY = r"(?:my|our|unser|unsere|one of my|mijn|meine|mein|meiner|meinen|ons|onze|unser|unsere|unserer|mi|mon|ma|notre|nuestro|nuestra|meu|minha|mio|mia|moj|moja)"
_ABOUT_CHILD = re.compile(
    rf"\b{_MY} {_ADJECTIVE}{_CHILD}s?\b(?! (?:friend|on (?:insta|snap|discord|tiktok)))|\banak ko\b"
    rf"|\b(?:pupil|student|boy|girl|lad) of (?:mine|ours)\b|\b(?:im|i am|as) (?:his|her|their|the) (?:mum|mom|mam|mother|dad|father|parent|teacher|aunt|auntie|uncle|nan|gran|grandmother|stepmum|stepdad|carer|foster \w+)\b|/ (?:daughter|son|pupil|grandson)\b|\b(?:boy|girl|lad) on my team\b"
    r"|\b(?:my|our) \d{1,2} ?(?:- )?(?:yo|yr old|year - old|year old)\b|\b(?:year \d+|a) pupil\b|\bthe (?:girl|boy|child|pupil) is\b|\ba young person\b"
)
_ABOUT_PEER = re.compile(
    rf"\b(?:{_MY}|a|for a|for my) {_ADJECTIVE}{_PEER}\b|\b{_PEER} of mine\b|\b(?:hes|shes) (?:just |only )?(?:a|my) {_PEER}\b|\bin my form\b"
)
_PEER_IN_DANGER = re.compile(
    rf"\b(?:its|about|asking for|asking about|for|help|helping|so) (?:a|my|our) {_ADJECTIVE}{_PEER}\b"
    rf"|\b{_PEER}\b(?: \S+){{0,8}}? (?:blackmail|sextort|threaten|scammed|is being|being|got a picture|wants|suicid|die|goodbye|cut|meet)\w*"
    r"|\b(?:his|her) (?:nudes|pics|pictures|photos)\b|\bon his phone\b|\b(?:has|have|got|sent) (?:a video of |pics of |pictures of )?(?:him|her)\b|\b(?:video|photo|picture|pics) of (?:him|her)\b|\bdeepfaked (?:him|her|my)\b|\boff him\b"
)
_NOT_ME = re.compile(r"\bnot me\b")
_WRITER_IN_DANGER = re.compile(
    r"\b(?:my|of me|me in) (?:pic|nude|picture|photo|vid|face|insta|snap|followers|body|name|friends|contacts|video)\w*\b|\bof me\b"
    r"|\b(?:wants|want|wanted|asked|asks|asking|blackmail\w*|threaten\w*|told|made|makes|make|texts|sent|sends|calls|scammed|has|got|films|filmed|recorded|found|leave|matched|added) me\b(?! (?:to (?:stay out|look)|not to tell|she|he))"
    r"|\bi (?:just )?(?:sent|paid|send|blocked|met|matched)\b|\b(?:told|asking) me (?:to send|for)\b|\bexpose me\b|\bif i (?:dont|do not|block|leave|stop|tell|say|break)\b|\bblock (?:him|her|them)\b|\bon me\b|\b(?:the|my|this|that) (?:scammer|blackmailer|ex|catfish|offender)\b"
)
_NOT_YET = re.compile(
    r"\b(?:until|till|til|once|before|when|after|by the time|wait for me to be)(?: (?:im|i am|i|we|hes|shes))?$"
)
_CARES = re.compile(
    r"\b(?:her|his|their) (?:phone|mum|mom|mother|dad|father|parents|school|room|bedroom|teacher|tablet|ipad|age|friends)\b"
    r"|\b(?:wont|doesnt|hasnt|isnt|cant|refuses to) (?:\w+ )?(?:talk|speak|eat|eating|tell|come out|sleep|stop crying|leave)\b"
    r"|\b(?:told|showed|came to|confided in|rang|begged|asked) (?:me|us)\b|\bcrying\b|\b(?:help|protect|support|comfort) (?:her|him|them)\b"
    r"|\bworried\b|\b(?:hes|shes|is) (?:being )?(?:blackmailed|threatened|sextorted|scared|terrified|suicidal|a mess|in bits)\b"
)
_ABSENT = re.compile(r"\b(?:hes|shes|he|she|him|her|his)\b")
_CLAIM = re.compile(
    r"\b(?:said|says|say|saying|claims|claimed|claiming|told|tells|profile|bio|account|pretend\w*|thought|think|thinks|looks|sagt|sagte|behauptet|dachte|dacht|zegt|zei|beweert|beweerde|disait|pretend|pensais|croyais|dice|decia|dijo|pensaba|creia|diz|disse|diceva|"
    r"looked|believes|believed|sounds|voice|voices|wrote|writes|apparently|supposedly|put|posing)\b"
)
_AFTER_CLAIM = re.compile(
    r"^(?: \S+){0,2}? (?:on (?:the|my|his|her|its) (?:app|profile|account|insta|bio|voice|tinder|snap|site)|at least|tbh|she said|he said|apparently|or so)\b"
)
_SUBJECT = re.compile(
    rf"\b(?:(?P<own>im|i am|i|me|am|myself|ik|ich|aku|bin|ben|jai|tengo|tenho)|(?P<pronoun>hes|shes|he|she|theyre|they|his|her|their|er|sie|hij|zij|ze|il|elle|ella|ele|ela|ona)|(?P<noun>{NOUN})s?|(?P<my>my|our))\b"
)
_STRANGER_AFTER = re.compile(
    r"^(?:\w* ?){0,3}?(?: -)?(?: (?:year|years|yr|yrs|yo|old|-))* (?:man|guy|woman|bloke|dude|men|stranger|person|lady|boys|pervert|creep)\b"
)
_YOUNG = re.compile(rf"\b(?:{_CHILD}|{_PEER})s?\b")
_PAST_I = re.compile(r"\b(?:i was|was i|i were|when i|we were|when we)(?: \S+){0,2}$")
_IN_IMAGE = re.compile(
    r"^(?: \S+){0,5}? (?:in (?:the|that|those|this|these|my|them|it)(?: (?:pic|photo|picture|video|image|clip|nude|film)\w*)?(?! year)|when (?:i (?:sent|took|filmed|made)|(?:he|she|they|it) (?:filmed|recorded|took|was taken|got)))"
)
_IMAGE_BEFORE = re.compile(
    r"\b(?:pic|pics|photo|photos|picture|pictures|video|film|clip|image|images|they|thing)\b(?: \S+){0,6}? (?:from when i was|when i was|i was|did at|of me at)$"
)


class Whose(Enum):
    WRITER = "writer"
    OTHER = "other"
    NOBODY = "nobody"
    IMAGE = "image"
    PAST = "past"


@dataclass(frozen=True)
class Scene:
    """Who the message is about: a child in somebody's care, a peer in danger, or the writer."""

    child: bool
    peer: bool
    peer_in_danger: bool
    writer_in_danger: bool
    third: bool
    """Nothing in it happens to the writer: "she's 14 and won't tell anyone"."""
    cares: bool
    """The writer looks after the one who is told of."""

    @classmethod
    def of(cls, line: str) -> Scene:
        peer = bool(_ABOUT_PEER.search(line)) and not _NOT_ME.search(line)
        danger = peer and bool(_PEER_IN_DANGER.search(line))
        writer = bool(_WRITER_IN_DANGER.search(line))
        third = not writer and bool(_ABSENT.search(line))
        return cls(bool(_ABOUT_CHILD.search(line)), peer, danger, writer, third, bool(_CARES.search(line)))


def whose(line: str, said: Said, scene: Scene) -> Whose:
    """Whose age `said` is. Claims, the past and the other side's ages are nobody's."""
    sentence = line.rfind("/", 0, max(said.start, 1))
    before = line[max(sentence, said.start - 80) : said.end].rsplit(" ", 1)[0]
    after = line[said.end : said.end + 60].split("/", 1)[0]
    if _IMAGE_BEFORE.search(before):
        return Whose.IMAGE
    if _PAST_I.search(before):
        return Whose.IMAGE if _IN_IMAGE.search(after) else Whose.PAST
    claimed = bool(_CLAIM.search(" ".join(before.split()[-6:])) or _AFTER_CLAIM.search(after))
    if _NOT_YET.search(before):
        return Whose.NOBODY
    if said.kind == "me":
        adult = said.low is not None and said.low >= 18
        return Whose.NOBODY if claimed and adult else Whose.WRITER
    if said.kind == "free" and _STRANGER_AFTER.search(after) and not re.search(r"\b(?:im|i am) (?:a |an )?", before):
        return Whose.NOBODY
    return _of_subject(before, said, scene, claimed)


def _of_subject(before: str, said: Said, scene: Scene, claimed: bool) -> Whose:
    """By the nearest word before the age that names a person."""
    reach = {"bare": 3, "noun": 7, "them": 7, "free": 6}[said.kind]
    near = " ".join(before.split()[-reach:])
    subject = next(reversed(list(_SUBJECT.finditer(near))), None)
    if subject is None:
        return Whose.NOBODY if said.kind == "them" or claimed else Whose.WRITER
    if subject["own"] or (subject["my"] and said.kind == "bare"):
        return Whose.NOBODY if claimed and said.kind != "bare" else Whose.WRITER
    if claimed:
        return Whose.NOBODY
    if subject["my"]:
        return Whose.OTHER if scene.child or "old" in said.kind else Whose.WRITER
    if subject["pronoun"]:
        young = said.high is not None and said.high < 18
        return Whose.OTHER if scene.child or scene.peer or scene.third or young else Whose.NOBODY
    return _of_noun(near[: subject.start()].split()[-3:], subject["noun"], scene)


def _of_noun(words: list[str], noun: str, scene: Scene) -> Whose:
    """ "im a girl 15", "girl 12 from x" is the writer; "my son 14" another; "some man, 40" nobody."""
    if not words or words[-1] in ("/", ",", "im", "am", "i", "(") or {"im", "am"} & set(words):
        return Whose.OTHER if scene.child and _YOUNG.fullmatch(noun) else Whose.WRITER
    if _YOUNG.fullmatch(noun) and (scene.child or scene.peer or scene.third):
        return Whose.OTHER
    return Whose.NOBODY if _OF_SOMEBODY & set(words) or scene.third else Whose.WRITER


_OF_SOMEBODY = {
    "a",
    "an",
    "some",
    "this",
    "that",
    "the",
    "his",
    "her",
    "one",
    "another",
    "my",
    "our",
    "their",
    "your",
}
