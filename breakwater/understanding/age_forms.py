"""The forms in which people say an age, over the plain line of a message (`plain.py`)."""

# ruff: noqa: E501 (patterns read best unbroken)

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_N = r"(?P<n>\d{1,2})"
_NOT_AGE = (  # what follows a number that counts something else
    r"(?![:.,/]\d)(?! ?(?:%|k\b|min|sec|h\b|hr|hour|day|week|month|quid|pound|dollar|euro|buck|cent\b|cents|rupee|peso|naira|usd|gbp|"
    r"eur\b|follower|friend|people|person|pic|photo|video|vid\b|vids|nude|screenshot|message|msg|text|call(?! cent)|missed|times?\b|"
    r"of\b|am\b(?! i\b)|pm\b|oclock|percent|x\b|lakh|card|gift|account|contact|more\b|year(?:s)? (?:ago|later|now|of (?!age))|"
    r"yrs ago|boys|guys|girls|km|mile|metre|meter|gb\b|mb\b|robux|point|on a scale|out of|in debt|down\b|steps|: \d|/ \d|"
    r"- \d|\d|pro\b|plus\b|max\b|different|other|new\b|left\b|to go\b|st\b|nd\b|rd\b|th\b|s\b|out\b|grand|bitcoin|btc|"
    r"ft\b|foot|feet|inch|cm\b|kg\b|crore|uur\b|uhr\b|minuten|heures|horas|ore\b|foto|bild|nachricht|bericht|volger|abonne|seguidor|freund|person|leute|mensen|gente|pessoa|"
    r"amigo|amis\b|reais|zl\b|zlot|frank|franc|fois\b|keer\b|veces|vezes|volte|razy|tage|dagen|jours|dias|giorni|dni\b|wochen|weken|semaine|semana|"
    r"monat|maand|mois\b|meses|mesi\b|stunde|sekunde|emot|hermano|frere|soeur|broer|zus|geschwister|bruder|prozent|procent))"
)
_SOFT = (
    r"(?:(?:all|both|at|just|only|like|about|literally|actually|still|barely|already|really|also|even|currently|now|a|an|age|aged|"
    r"around|roughly|btw|well|ok|tho|legally|male|female|boy|girl|lad|guy|kid|student|straight|gay|bi|basically|"
    r"technically|freshly|sorry|nur|erst|pas|solo|apenas|maar|-|:|,|\(|\") ){0,4}"
)
_OLD = r"(?:yo|y ?/ ?o|y o|yr old|yrs old|y old|year - old|years - old|- year - old|- year - olds?|years? old|year olds?|years? of age|yrs|jaar oud|jaar|jahre alt|jahre|ans|anni|anos|lat|year)"
_ME = (
    r"(?:im|i am|i m|iam|ima|am|i be|(?<=[/,(] )me|i|ik ben|ben ik|kben|kzen|ben|net|ich bin|bin ich|bin i|bin|gerade|ik werd|aku|ako|ako po|were|we are|we r|both|both of us|"
    r"wir sind|we zijn|allebei|tengo|tenemos|tenho|jai|j ai|jai eu|acabo de cumplir|ho|mam|i have|my age is|age is|we)"
)
_THEM = r"(?:hes|shes|he is|she is|theyre|they are|he|she|who is|whos|is|er ist|sie ist|hij is|ze is|zij is|ist|il a|elle a|tiene|tem|ma|(?:zoon|dochter|zus|broer|zoontje|dochtertje) is)"
NOUN = (
    r"(?:mate|mates|friend|friends|bestie|bro|brother|brothers|sister|sisters|son|sons|daughter|boy|girl|tgirl|kid|child|lad|pupil|"
    r"student|cousin|nephew|niece|grandson|granddaughter|boyfriend|girlfriend|bf|gf|teen|teenager|flatmate|roommate|classmate|"
    r"stepson|stepdaughter|tochter|sohn|zoon|dochter|broertje|zusje|broer|zus|hermano|hermana|hija|hijo|fils|fille|nichte|neffe|nichtje|neefje|kleinzoon|kleindochter|leerling|leerlinge|sobrina|sobrino|nieto|nieta|neveu|niece|eleve|neto|neta|filho|filha|figlio|figlia|nipote|syn|corka|schuler|schulerin|bruder|schwester|frere|soeur|anak ko|anak|"
    r"fella|male|female|dude|guy|man|woman|lady|bloke|wife|husband|person|mum|mom|mother|dad|father|uncle|stranger|teacher|coach|user|grandmother|grandfather|widow|widower|carer|nurse)"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"
_SOON = rf"(?:next|in (?:a |\d+ |two |three |few )?(?:{_MONTH}|weeks?|months?|days?|couple|few|december)|on (?:the )?(?:\d|{_MONTH}|mon|tue|wed|thu|fri|sat|sun)|soon|this (?:{_MONTH}|week|month|summer|friday)|tomorrow|tmrw|{_MONTH})"
_BIRTH = r"(?P<year>(?:19[3-9]|20[01])\d|202[0-6])"

_FORMS: tuple[tuple[str, int, str], ...] = (
    # kind, how much less than the number, pattern; of two that end at one number the first wins
    (
        "free",
        1,
        rf"\b(?:turning|turn|turns|become|becoming|becomes|about to be|about to turn|gonna be|going to be|will be|almost|nearly|close to|bijna|word|wordt|werde|werd|vais avoir|va avoir|cumplo|cumple|voy a cumplir|va a cumplir|faco|compio|vou fazer|koncze) {_N}\b{_NOT_AGE}",
    ),
    ("bare", 1, rf"(?<=[/,(] ){_N} {_SOON}"),
    ("me", 1, rf"\b(?:not|arent|amnt) {_N} (?:yet|till|until|til)\b"),
    ("them", 1, rf"\b{_THEM} {_N} {_SOON}"),
    ("me", 1, rf"\b{_ME} {_SOFT}{_N} {_SOON}"),
    (
        "free",
        1,
        r"\b(?:my|his|her) (?P<n>\d{1,2})(?:(?:th|st|nd|rd)(?: birthday| bday| b day)?| birthday| bday| b day) (?:is|s|on|next|in|this)\b",
    ),
    ("me", 1, rf"\bnot (?:even |yet )?{_N} yet\b"),
    ("me", 0, rf"\b{_ME} {_SOFT}{_N}(?:yo|m|f|y|yrs?)?\b{_NOT_AGE}"),
    ("me", 0, rf"\b(?:i|we) (?:was|were) (?:like |only |about |just |around )*{_N}\b{_NOT_AGE}"),
    ("bare", 0, r"\bat (?P<n>1[2-7]|2\d|3\d|4\d) (?=i know\b|with a\b)"),
    ("them", 0, rf"\b{_THEM} {_SOFT}{_N}(?:yo|m|f|y|yrs?)?\b{_NOT_AGE}"),
    (
        "noun",
        0,
        rf"\b{NOUN}s? (?:(?:who is|whos|aged|age|of|is|van|de|only|just|turned|po|,|\(|:|thats|-) ){{0,3}}{_N}\b{_NOT_AGE}",
    ),
    ("free", 0, rf"\b(?:age|aged|ages|edad|leeftijd|alter) (?:is |: |- |= |of )?{_N}\b{_NOT_AGE}"),
    ("free", 0, rf"\b{_N} ?(?:- )?{_OLD}\b(?! (?:ago|later|now|old man|in|clean|sober|for|inside))(?<!year olds)"),
    (
        "bare",
        0,
        r"(?:(?<=[/(,] )|(?<=\bim ))(?P<n>\d{2}) ?(?:m|f|nb|male|female|yo|y)\b(?! (?:left|ago|away|until|to|later|in))",
    ),
    ("bare", 0, r"(?<=[/(,] )[mf] ?(?P<n>\d{2})\b(?! (?:left|ago|away))"),
    ("bare", 0, r"(?<=[/(,] )[wv](?P<n>\d{2})(?= [/),;-])"),
    (
        "me",
        0,
        r"(?<!\bom )(?<!\bum )(?<!\bab )(?<!\bbis )(?<!\btot )\b(?P<n>\d{2}) (?:jaar )?(?:ben ik|bin ich|bin i)\b",
    ),
    ("me", 0, r"\b(?:jetzt|nu|maintenant|ahora) (?:bin ich |ben ik |j ai |jai |tengo )(?P<n>1\d|2\d)\b" + _NOT_AGE),
    (
        "free",
        1,
        r"\b(?:mein|meinen|mijn|mi|mon) (?P<n>\d{1,2})(?:de|ste|er|eme|e|th)?(?: /)? (?:geburtstag|verjaardag|cumple\w*|anniversaire)\b",
    ),
    ("free", 0, rf"\bturned {_N}\b{_NOT_AGE}"),
    (
        "bare",
        0,
        r"(?<=[/(),;:\"-] )(?P<n>\d{2}(?! now)|1[3-9](?= now)|[2-9]\d(?= now))(?: now| years| this year)?(?= [/(),;-])",
    ),
    (
        "bare",
        0,
        rf"(?<=[/,] ){_N}\b{_NOT_AGE}(?= (?:and(?! \d)|but|so|here|btw|pls|please|year|male|female|since|na|po|at|student|still|also|nearly|almost|bijna|if|not|living|with|is my|help|then|i|im|my|going|girl|boy|u|uk|usa|us|from|ok|sorry|yo|she|he|lol|as of|y|et|und|en)\b)",
    ),
    ("me", 0, r"\b(?:its|it is|i turned|ok now at|now at|as i am|so im) (?P<n>1\d|2\d)\b(?! now\b)" + _NOT_AGE),
    ("noun", 0, r"(?<=[/,:] )(?:\w+ ){0,3}?(?:of) (?P<n>\d{2})\b" + _NOT_AGE),
    ("free", 0, r"\b(?:eldest|oldest|youngest|twins are|twins) (?P<n>\d{1,2})\b" + _NOT_AGE),
    ("bare", 0, r"\b(?P<n>\d{2}) (?:here|btw|by the way|m here|f here|na ako|ako|po ako|na po ako|na po)\b"),
    (
        "me",
        0,
        rf"(?:correction|meant|mean|sorry|actually|oops|typo|lied|make that|edit|\*|real age|truth is|its really) (?:(?:im|i am|it|its|is|was|no|,|:|-|meant|i|about|my|age|am|actually|that|thats|sorry|to|say|put) ){{0,5}}{_N}\b{_NOT_AGE}",
    ),
)
FORMS = tuple((kind, less, re.compile(pattern)) for kind, less, pattern in _FORMS)
_BORN = (
    re.compile(
        rf"\b(?:born|birthday|dob|bday|date of birth|geboren|ne en|nee en|nacido|nacida|nacida en|nato|nata|b)\b(?: \S+){{0,4}}? (?:\d{{1,2}}[/.-]\d{{1,2}}[/.-])?{_BIRTH}\b"
    ),
    re.compile(rf"\b{_BIRTH} (?:baby|kid|er|born|liner|here)\b"),
    re.compile(rf"\b(?:class|jahrgang|baujahr|bouwjaar) (?:van |of birth )?{_BIRTH}\b"),
)
_DECADE = re.compile(
    r"\bin (?:my|his|her|their) (?:early |mid |late |- )*(?P<n>[2-9]0)s?\b|\bin (?:my|his|her) (?:20|30|40|50|60|70)\b|\b(?P<m>[3-8]0)ish\b"
)
_BOUND = (
    (re.compile(r"\b(?:im|i am|am|hes|shes|still|is) (?:still |well |only )?(?:under|below) (?:the age of )?(?P<n>\d{1,2})\b" + _NOT_AGE), 0, -1),
    (re.compile(r"\b(?:im|i am|am) (?:well )?(?:over|above) (?P<n>[1-8]\d)\b" + _NOT_AGE), 1, 0),
)  # fmt: skip
_TEEN = re.compile(r"\b(?:im|i am|am) (?:in my |a |just a |only a )?(?:teens|teen|teenager)\b|\bpreteen\b")


@dataclass(frozen=True)
class Said:
    """An age as it stands in the plain line, and the ages it allows.

    `kind` is the form it has: said with "i" (`me`), with he, she or is (`them`), with a person's
    name such as son or mate (`noun`), alone between commas (`bare`), or otherwise (`free`).
    """

    start: int
    end: int
    low: int | None
    high: int | None
    exact: bool
    kind: str = "free"


def said_ages(line: str, today: date) -> list[Said]:
    """Every age in the line, whoever's it is, in order; of two readings of one number the first form wins."""
    found: dict[int, Said] = {}
    for said in (*_numbers(line), *_births(line, today), *_bounds(line)):
        found.setdefault(said.end, said)
    return sorted(found.values(), key=lambda s: s.start)


def _numbers(line: str) -> Iterator[Said]:
    for kind, less, form in FORMS:
        for match in form.finditer(line):
            age = int(match.group("n")) - less
            if 4 <= age <= 99:
                yield Said(match.start(), match.end("n"), age, age, not less, kind)


def _births(line: str, today: date) -> Iterator[Said]:
    for form in _BORN:
        for match in form.finditer(line):
            age = today.year - int(match.group("year"))
            if 4 < age < 100:
                yield Said(match.start(), match.end("year"), age - 1, age, False)


def _bounds(line: str) -> Iterator[Said]:
    for match in _DECADE.finditer(line):
        decade = int(match.group("n") or match.group("m") or 20)
        yield Said(match.start(), match.end(), decade, decade + 9, False)
    for form, is_low, shift in _BOUND:
        for match in form.finditer(line):
            age = int(match.group("n")) + shift
            yield Said(match.start(), match.end("n"), age if is_low else None, None if is_low else age, False)
    for match in _TEEN.finditer(line):
        yield Said(match.start(), match.end(), 13, 17, False)
