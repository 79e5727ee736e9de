"""How a new message changes what is known (design §3, safeguarding rules 1, 9, 17)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from breakwater.understanding.facts import DEMANDS, YES_NO_FACTS, CaseFacts, Reading

_PLAINLY_GROWN = 21  # an age from which on a mere hint of childhood no longer counts
_DEMANDS_MONEY = frozenset({"money"})
_ACTS = frozenset({"images", "sexual_act", "recruit_others", "meet", "self_harm"})
_HAPPENED = frozenset({"paid", "images_shared_already", "already_posted", "sent_other_child", "gave_access"})
# Who asks whether the mail can be true, or may be answered, sent them neither pictures nor money.
_DOUBTS_THE_MAIL = frozenset({"email_real", "is_this_a_scam", "reply_once", "threaten_back", "camera_hacked"})
_OF_A_BLUFF = ("paid", "images_shared_already")
# A later message may be less exact than an earlier one; it must not blur what was clear.
_SPECIFICITY = {"none": 0, "unclear_threat": 1, "pre_threat": 1}


def merge(known: CaseFacts, said: Reading, same_message: bool = False) -> CaseFacts:
    """The facts of the case after this message, or of `same_message` after a surer part of the reader.

    Promises: risk and danger only grow; the lowest credible age is kept for the tier while a
    plain correction changes the age itself; what is not mentioned stays as it was; a message by
    somebody who is not the person at risk sets the person's facts, never the writer's age. Somebody new at
    the keyboard of a case changes nothing in it, save that danger which they report counts (rules 1, 9).
    """
    new = said.facts
    if _taken_over(known, said):
        return replace(
            known, writer="other", risk=_union(known.risk, new.risk), now=_union(known.now, new.now),
            words={**new.words, **known.words},
        )  # fmt: skip
    yes_no: dict[str, Any] = {name: _later(known, said, name, same_message) for name in YES_NO_FACTS}
    facts = replace(
        known,
        threat_type=_threat_type(known, new, said.asks),
        demand=_union(known.demand, new.demand),
        now=_union(known.now, new.now),
        risk=_union(known.risk, new.risk),
        speaker=_speaker(known, said, same_message),
        offender=new.offender if new.offender != "unknown" else known.offender,
        platform=_union(known.platform, new.platform),
        payment=_union(known.payment, new.payment),
        amount=new.amount or known.amount,
        deadline=new.deadline or known.deadline,
        country=new.country or known.country,
        language=new.language or known.language,
        wants_human=known.wants_human or new.wants_human,
        unreadable=new.unreadable,
        writer="",
        speaker_minor=new.speaker_minor if new.speaker_minor != "unknown" else known.speaker_minor,
        words={**known.words, **new.words},
        **yes_no,
    )
    if said.topic == "should_i_pay" and facts.paid == "unknown":
        facts = replace(facts, paid="no")  # who asks has not paid yet
    if known.threat_type == "scam_email" and said.topic in _DOUBTS_THE_MAIL:
        none: dict[str, Any] = {name: "no" for name in _OF_A_BLUFF if getattr(facts, name) == "unknown"}
        facts = replace(facts, **none)
    facts = _no_film(_with_demand_type(_no_bluff_any_more(known, said, facts)))
    if (said.question, said.answer, facts.home_unsafe) == ("safe_now", "no", "yes"):
        facts = replace(facts, now=_union(facts.now, ("offender_present",)))  # whoever hurts them lives there
    facts = facts if same_message else _with_implied_demand(facts)
    if said.others_age and known.age_known and (known.speaker, facts.speaker) == ("victim", "victim"):
        return facts  # whoever told their own age now tells a brother's
    return _with_age(facts, new, corrects=said.corrects_age or same_message)


def _taken_over(known: CaseFacts, said: Reading) -> bool:
    """Somebody else writes in the case of a person who told of a threat or a danger before."""
    if known.writer == "other":
        return not (said.question == "who_is_writing" and said.answer == "yes")
    told = known.speaker == "victim" and (known.threat_type != "none" or bool(known.risk or known.now))
    return said.writer == "other" and told


def _later(known: CaseFacts, said: Reading, name: str, same_message: bool) -> str:
    """What has happened stays so, but for an answer to our question; another yes becomes a no by plain words, never
    by a guess of the model."""
    before: str = getattr(known, name)
    value: str = getattr(said.facts, name)
    if value == "unknown":
        return before
    plainly = name in said.plain and name not in _HAPPENED
    settled = (before, value) == ("yes", "no") and not (plainly or said.answer or same_message)
    return before if settled else value


def _speaker(known: CaseFacts, said: Reading, same_message: bool) -> str:
    """Who writes was settled by what was told first; later only plain words change it ("my sister" is no friend who
    writes)."""
    told = not same_message and (known.speaker != "victim" or known.threat_type != "none")
    new = said.facts.speaker
    return known.speaker if new == "victim" or (told and "speaker" not in said.plain) else new


def _union(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return old + tuple(v for v in new if v not in old)


def _threat_type(known: CaseFacts, new: CaseFacts, asks: bool) -> str:
    if new.threat_type == "none":
        return known.threat_type
    if _SPECIFICITY.get(new.threat_type, 2) < _SPECIFICITY.get(known.threat_type, 2):
        return known.threat_type
    if new.threat_type == "scam_email" and _more_than_a_bluff(known):
        return known.threat_type
    if known.threat_type == "scam_email" and new.threat_type == "deepfake":
        return known.threat_type  # "so it's fake?" asks about the bluff
    if known.threat_type in ("deepfake", "ex_partner") and new.threat_type in ("financial", "image", "both"):
        return known.threat_type
    if known.threat_type == "scam_email" and new.threat_type == "financial":
        elsewhere = set(new.platform) - {"email"} or new.images_shared_already == "yes" or new.already_posted == "yes"
        if "email" in new.platform or (asks and not elsewhere):
            return known.threat_type
    if {known.threat_type, new.threat_type} == {"financial", "image"}:
        return "both"
    if known.threat_type == "both" and new.threat_type in ("financial", "image"):
        return known.threat_type
    return new.threat_type


def _more_than_a_bluff(known: CaseFacts) -> bool:
    """Somebody who holds pictures may write an e-mail too; that does not make the threat an empty one."""
    aims = known.threat_type in ("image", "both", "deepfake", "ex_partner")
    return known.live_threat and (aims or known.images_shared_already == "yes" or known.already_posted == "yes")


def _with_demand_type(facts: CaseFacts) -> CaseFacts:
    """A threat whose aim was not said takes its type from the demand once that is known; and whoever demands
    something of the person threatens them, said or not."""
    demanded = facts.threat_type == "none" and facts.speaker not in ("perpetrator", "bystander")
    if facts.threat_type != "unclear_threat" and not demanded:
        return facts
    money, acts = _DEMANDS_MONEY & set(facts.demand), _ACTS & set(facts.demand)
    kind = "both" if money and acts else "financial" if money else "image" if acts else facts.threat_type
    return replace(facts, threat_type=kind)


def _with_implied_demand(facts: CaseFacts) -> CaseFacts:
    """What a kind of threat always demands, if nothing is said of it: money, or more pictures unless something else."""
    asked: tuple[str, ...] = ()
    if facts.threat_type in ("financial", "both"):
        asked += ("money",)
    if facts.threat_type in ("image", "both") and not _ACTS & set(facts.demand):
        asked += ("images",)
    return replace(facts, demand=tuple(value for value in DEMANDS if value in {*facts.demand, *asked}))


def _no_bluff_any_more(known: CaseFacts, said: Reading, facts: CaseFacts) -> CaseFacts:
    """It looked like the mail that goes to thousands, and then it is said (not asked) that somebody does hold
    pictures, and from which app: "it filmed me" alone is what the mail claims."""
    new = said.facts
    held = (new.images_shared_already == "yes" and set(new.platform) - {"email"}) or new.already_posted == "yes"
    if known.threat_type != "scam_email" or new.threat_type == "scam_email" or not held or said.asks:
        return facts
    return replace(facts, threat_type="financial" if facts.money_asked else "unclear_threat")


def _no_film(facts: CaseFacts) -> CaseFacts:
    """That they filmed the reader is what the bluff says, and no fact."""
    bluff = facts.threat_type == "scam_email" and facts.images_shared_already == "yes"
    return replace(facts, images_shared_already="unknown") if bluff else facts


def _with_age(facts: CaseFacts, new: CaseFacts, corrects: bool) -> CaseFacts:
    if not new.age_known and new.minor == "unknown":
        return facts if new.age_in_image is None else replace(facts, age_in_image=new.age_in_image)
    lowest = _lowest(facts.lowest_age, new)
    if new.age_known:
        known, said = _bound(facts), _bound(new)
        if known is not None and said is not None and said > known and not corrects:
            return replace(facts, lowest_age=lowest)
        facts = replace(facts, age=new.age, age_min=new.age_min, age_max=new.age_max)
    minor = new.minor if new.minor != "unknown" else facts.minor
    only_a_hint = facts.lowest_age is None and new.age is not None and new.age >= _PLAINLY_GROWN
    if minor == "no" and facts.minor == "yes" and not corrects and not only_a_hint:
        minor = "yes"
    return replace(
        facts, minor=minor, lowest_age=lowest,
        age_in_image=new.age_in_image if new.age_in_image is not None else facts.age_in_image,
    )  # fmt: skip


def _bound(facts: CaseFacts) -> int | None:
    """The age by which two statements are compared: the age itself, else the top of the band, else its foot."""
    return next((age for age in (facts.age, facts.age_max, facts.age_min) if age is not None), None)


def _lowest(old: int | None, new: CaseFacts) -> int | None:
    stated = new.age if new.age is not None else new.age_max
    candidates = [a for a in (old, stated) if a is not None]
    return min(candidates) if candidates else None
