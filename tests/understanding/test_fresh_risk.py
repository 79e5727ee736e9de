"""How far the word lists reach beyond the words they were written from.

`SIDEWAYS`, `NEAR` and `ALIKE` were written after the lists and measured once (0.52, 0.85, false alarms 0.23);
then the families of meaning were widened with them in sight, so they only hold what was won. The `UNSEEN` ones
came last and no phrase was ever written for them: they say how a stranger's words fare, and must stay so.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from breakwater.understanding.facts import OFFLINE, SUICIDE_OR_SELF_HARM
from breakwater.understanding.quick_read import QuickRead

READ = QuickRead.load(Path(__file__).parents[2] / "data" / "lexicon")

SIDEWAYS = """
im frightened of tonight, of what i could end up doing
i shouldnt be by myself rn, my head isnt safe
mum please hide the medicine i dont trust myself
every tab on my phone is about how to do it without it hurting
been reading what happens to your body after
ive been looking for a way that doesnt hurt
they wont have to deal with me after sunday
this time next week it wont be my problem any more
i dont think ill see my next birthday tbh
theres not gonna be a me by the time he posts
not bothering with revision, wont be needed
tomorrow doesnt exist for me
im just done. finished with the whole thing. properly finished
nothing in me wants to carry on
i dont have another day in me
i want to go to sleep and never get up
if i could just switch my brain off forever id do it
would be so nice not to exist
i keep hoping a car hits me on the way to school
every morning im gutted that i woke up
cba living tbh
my family would be so much happier if i was never born
i cost them money and now shame, theyd be glad to be rid of me
im nothing but a weight round my mums neck
nobody would even notice if i was gone
tell my little sister she was the best thing in my life
please make sure somebody looks after my cat
sorry mum sorry dad i loved you both
thank you for listening, you were the last person i talked to
ive written letters for my parents and my girlfriend
gave my best mate my guitar today, told him its his now
everyone gets one last hug from me today
goodnight world, see you on the other side
cleaned everything up so mum doesnt have to
i know a way out and he cant follow me there
theres only one thing that would make it all stop
i keep looking at the bridge on my way home
im sat at the top of the car park and its a long way down
the train goes past here at ten, i keep thinking about it
i want to walk into the sea and not turn round
if it goes online im not going to be around to see it
if my dad sees that video im dead, i mean ill do it myself
only thing keeping me here is my dog
ill stay til after my exams and then we'll see
i promise nothing tonight, cant say about tomorrow
part of me really wants to be dead
i have saved enough tablets for when it gets too bad
its all prepared. i just need to decide when
the dark thoughts are back and they are loud
i was in hospital for this last year and im right back there
im in such a dark place again
i relapsed last night, eight months gone
back to hurting my arms like in year 9
the only thing that calms me down is the blade
he made my sister cut his name into her leg
my son says there is no point in him being here but he says it laughing
my daughter asked me who would get her room. she is 13
my friend gave everyone her stuff and said bye weirdly
he told his gran he wont be here for christmas. he is 16 and being blackmailed
a girl in my class has fresh cuts and says its the cat
"""

NEAR = """
there was a man at my gate this morning asking for me
he turned up outside my school today
some guy has been sitting in his car opposite our house for three days
they left a picture of me on my mums car
someone put my photo through the neighbours letterbox
a pizza came that nobody ordered and the driver knew my name
he rang my mums work and asked what time she finishes
police came to the house because he told them i had a bomb
he knew what jumper i had on today
he sent me a photo of my front door
she wrote which bus i take and what seat
followed me off the train yesterday and took pictures
i can hear him downstairs shouting for me
my ex let himself in with the key he never gave back
they said they will come and burn the house
two boys beat me up after school because i didnt pay
i got a slap off dad and he doesnt even know all of it
my stepdad has locked me in my room
my brothers will kill me for real, they nearly killed my sister
if this comes out my parents will marry me off in pakistan
my uncle said i should be sent back to the village
being gay here means prison
my family puts honour before everything
my husband keeps my passport and reads every message
my boyfriend makes me share my location all day
im not allowed to leave the house any more
mum will chuck me out and ill be sleeping on the street
my dad gets the belt out for less
he has a knife and he showed it on video
he wants me to come to his flat on friday
im supposed to meet him by the river at eight
im on the bus to see him now
he offered to pick me up after school and drive me home
going to his house to make him delete it
he booked us a hotel room for saturday
should i meet him if its in a cafe
i packed my bag and im leaving tonight
im at the train station and i cant go home
slept in my friends garage last night
my daughter has not come home since yesterday, her phone is off
"""

ALIKE = """
my life is ruined if the team sees that picture
my social life is dead
im so dead when mum sees the bill
this waiting is killing me
i nearly died when my teacher picked up the phone
i died inside when he read it out
could have killed my brother for telling
ugh kill the wifi i need to finish this
i just want him to disappear from my phone
can i vanish from the search results
how do i end the subscription he set up
im tired and want to go to bed, school tomorrow
so done with snapchat
im finished with step two, whats next
goodbye and thanks, this helped
thank you for everything, ill come back if he writes again
bye for now, dinner
see you tomorrow same time
sorry for everything i typed earlier, i was panicking
i am not going to hurt myself, i promise
no i dont think about dying
never wanted to die and dont now
i used to cut years ago, not any more, im fine with that
ten years ago i tried to take my life, today im well
my grandad died in spring
our dog was put to sleep yesterday
we watched a film about a boy who jumped
in the game my character drowned again
we had a talk about suicide at school today
he says he will kill himself if i leave him
she wrote that she would jump if i blocked her
he told me to hurt myself and i blocked him
i cut my finger making dinner
the cat scratched my arm
my knee is bleeding from football
i took two paracetamol for my headache
my pills are for hayfever
left a note for mum that im at practice
gave my old phone to my sister
sold my bike to pay him
i wont be here on monday, we go on holiday
after friday im free, last exam
my bridge exam in music went fine
standing on the platform waiting for my train to school
mum is at the door with my dinner
the postman rang the bell
dad is picking me up at six
police are coming over to take a statement
my uncle is driving over to help
a friend walked me home
he doesnt know where i live
he says hes outside but he lives in another country
they have an old address of ours
im meeting my counsellor on thursday
he asked to meet and i said no
we wanted to meet but i cancelled it
i ran home after school
i am staying at my aunts this weekend, mum knows
my dad was angry for an hour and then he hugged me
nobody at home would ever hurt me
"""

UNSEEN_SIDEWAYS = """
i am terrified of my own hands tonight
could you lock me up somewhere, its not him i need protecting from
spent all night on pages i shouldnt be on, about how people end it
what a relief it would be not to have a monday
dont order my yearbook, i wont get to read it
i feel like a candle thats nearly out
id be doing them all a favour
if i wasnt in this family none of this would have happened and they could be happy again
take good care of grandma for me please
this is probably the last thing i ever write
i left my passwords where my brother can find them
the canal behind our house looks really calm tonight
theres an easy answer and its in the bathroom
if she hits send then so do i, if you know what i mean
ill hold on til my mums birthday, after that who knows
some days i want to live and some days i really dont
its the same black hole as two years ago and im falling in it again
been pinching my skin until it goes purple
old scars are open again
my brother keeps asking if dying hurts, he is nine
our son told his coach he wouldnt be around for the final
my roommate gave me her favourite jacket and cried
no energy left to be alive
why would anyone want to be me, id rather be nothing
im already packed, for nowhere, if you get me
"""

UNSEEN_NEAR = """
two men came into the shop where i work and said my full name
she left a bag of my old clothes on our porch with a note
somebody keeps ringing our bell at three in the morning
he described the colour of our curtains
he says his friends will wait for me after practice
my father broke a chair on my back when he heard
they are planning my wedding since they found out
the village would stone a girl for this
my boyfriend has cameras in every room and wont let me go out alone
i have to be at the petrol station at nine, he will be in a black car
he is flying over to see me next week
i am on a bench in the park, not going back to that house
she took her passport and some cash and left in the night
my mum is screaming outside my door with a hammer
they threw a stone through my window with his name on it
"""

UNSEEN_ALIKE = """
i will be in so much trouble, she will murder me
my heart stopped when the phone buzzed
i give up on this form, which box do i tick
i want everything about me gone from that website
he keeps threatening to end himself, is it my fault
my aunt passed away so we had a funeral on friday
we are reading a book about war and everybody dies
had a nightmare and could not sleep
gym was brutal, my legs are dead
i am logging off for today, speak tomorrow
leaving for work now, thanks for the tips
gave the laptop to the police
the plumber is at the door, two minutes
my brother is waiting for me outside the cinema
met a girl on tinder and she turned out to be fake
dad shouted and then made me tea
i do not feel like hurting myself at all
i burned the toast because of her messages
he lives in a different country and has no idea of my address
we are going to stay with my grandparents for the holidays
"""


def _share(block: str, risks: frozenset[str]) -> float:
    """The share of messages in which one of `risks` is read."""
    messages = block.strip().splitlines()
    return sum(not risks.isdisjoint(READ(message).facts.risk) for message in messages) / len(messages)


@pytest.mark.parametrize(
    ("messages", "risks", "at_least"),
    [
        (SIDEWAYS, SUICIDE_OR_SELF_HARM, 0.9),
        (NEAR, OFFLINE, 0.95),
        (UNSEEN_SIDEWAYS, SUICIDE_OR_SELF_HARM, 0.28),
        (UNSEEN_NEAR, OFFLINE, 0.53),
    ],
)
def test_danger_in_other_words_is_found(messages: str, risks: frozenset[str], at_least: float) -> None:
    assert _share(messages, risks) >= at_least


@pytest.mark.parametrize(("messages", "at_most"), [(ALIKE, 0.05), (UNSEEN_ALIKE, 0.1)])
def test_look_alikes_stay_quiet(messages: str, at_most: float) -> None:
    assert _share(messages, SUICIDE_OR_SELF_HARM | OFFLINE) <= at_most


@pytest.mark.parametrize(
    "text",
    ["hes hitting me", "dad is outside my door with the belt", "they locked me in", "he is kicking the bathroom door"],
)
def test_violence_at_home_in_this_hour_is_a_danger_now(text: str) -> None:
    facts = READ(text).facts
    assert "offender_present" in facts.now
    assert "offline_danger" in facts.risk
    assert facts.home_unsafe == "yes"


@pytest.mark.parametrize("text", ["seeing him tonight", "im meeting her in an hour", "on my way to him"])
def test_a_meeting_within_a_day_is_a_danger_now(text: str) -> None:
    facts = READ(text).facts
    assert "offender_present" in facts.now
    assert "meeting_planned" in facts.risk


@pytest.mark.parametrize("text", ["they locked me out of my account", "seeing my counsellor tonight", "he hit me up"])
def test_their_look_alikes_are_none(text: str) -> None:
    facts = READ(text).facts
    assert not facts.risk
    assert not facts.now
    assert facts.home_unsafe == "unknown"


def test_txt_speak_is_read_as_the_words_it_stands_for() -> None:
    assert READ("wont b here 2 see it").facts.suicide_or_self_harm
    assert READ("lookin up ways 2 die rn").facts.suicide_or_self_harm
