"""Other languages: which one it is, and the words of risk and ages in them. All phrases are our own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from breakwater.settings import ROOT
from breakwater.support.languages import LANGUAGES
from breakwater.understanding.facts import CaseFacts
from breakwater.understanding.languages import RISK_IS_READ, Languages
from breakwater.understanding.lexicon import LexiconBroken
from breakwater.understanding.merge import merge
from breakwater.understanding.quick_read import QuickRead
from breakwater.understanding.text import read_text

LEXICON = ROOT / "data" / "lexicon"
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def languages() -> Languages:
    return Languages.load(LEXICON)


@pytest.fixture(scope="module")
def read() -> QuickRead:
    return QuickRead.load(LEXICON)


def code(languages: Languages, text: str) -> str | None:
    found = languages.of(read_text(text, {}))
    return found.code if found else None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("er is een jongen die mij bedreigt en ik durf het niemand te vertellen", "nl"),
        ("gast ik weet egt niet wat ik moet doen", "nl"),
        ("ich weiß echt nicht mehr weiter, der typ hört nicht auf", "de"),
        ("kann mir wer helfen bitte", "de"),
        ("y a un mec qui veut publier ma vidéo si je paie pas", "fr"),
        ("jsp quoi faire il me menace", "fr"),
        ("un chavo me esta extorsionando y no se que hacer", "es"),
        ("ayudame porfa no se lo puedo contar a mi familia", "es"),
        ("um cara está me chantageando e eu não sei o que fazer", "pt"),
        ("uno sconosciuto mi minaccia e non so cosa fare", "it"),
        ("jakiś facet mi grozi i nie wiem co mam robić", "pl"),
        ("natatakot ako kasi sabi niya ipopost nya yung video ko", "tl"),
        ("please help po, he said ise-send niya yung pics ko sa family ko", "tl"),
        ("he wants money and i dont know what to do", "en"),
        ("jag är 14 och han vill ha fler bilder", "nordic"),
        ("bir çocuk beni tehdit ediyor ne yapmalıyım", "turkish"),
        ("cineva ma ameninta cu poze si nu stiu ce sa fac", "romanian"),
    ],
)
def test_a_language_is_known_by_its_small_words(languages: Languages, text: str, language: str) -> None:
    assert code(languages, text) == language


@pytest.mark.parametrize(
    "text",
    [
        "", "ok", "hola", "merci", "ja", "sos", "👍", "200", "no se", "si si",
        "help me pls", "die", "i was in la with de la cruz", "omg c'est la vie lol he posted it",
        "the account is called la_reina", "Van der Berg sent it", "uber was late and he was mad at me", "Ana Silva",
        "he texted amigo send me pics", "я боюсь",
    ],
)  # fmt: skip
def test_a_word_or_a_name_states_no_other_language(languages: Languages, text: str) -> None:
    assert code(languages, text) in (None, "en")


def test_a_short_message_in_english_is_no_change_of_language(languages: Languages) -> None:
    assert code(languages, "no thanks") is None
    assert code(languages, "i can write in english too") == "en"


def test_the_latest_clear_language_holds(read: QuickRead) -> None:
    facts = CaseFacts()
    for text, language in (
        ("ik word afgeperst en ik weet niet wat ik moet doen", "nl"),
        ("ok", "nl"),
        ("nee", "nl"),
        ("i can try to write this in english", "en"),
    ):
        facts = merge(facts, read(text))
        assert facts.language == language


def test_the_words_that_show_it_are_kept_and_state_nothing_else(read: QuickRead) -> None:
    found = read("ik weet niet wat ik nu moet zeggen").facts
    assert found.words == {"language": "ik weet niet wat ik nu moet zeggen"}
    assert found.empty
    assert not read("mijn vader slaat me").facts.empty


def test_the_lists_are_of_the_languages_that_are_answered() -> None:
    content = yaml.safe_load((LEXICON / "function_words.yml").read_text("utf8"))
    assert tuple(content["words"]) == LANGUAGES
    assert set(LANGUAGES) > RISK_IS_READ


def test_a_word_of_english_in_another_list_is_named(tmp_path: Path) -> None:
    listed = "mixed_with_english: []\nletters: {}\nunanswered: {}\nwords:\n  en: the and\n  nl: ik and\n"
    (tmp_path / "function_words.yml").write_text(listed, encoding="utf8")
    with pytest.raises(LexiconBroken, match="nl: and"):
        Languages.load(tmp_path)


# ---------------------------------------------------------------- risk and danger now


@pytest.mark.parametrize(
    "text",
    [
        "ik wil er gewoon niet meer zijn", "het is beter als ik er niet meer ben", "ik zie het niet meer zitten",
        "ik trek het niet meer", "was ik maar dood", "ik ga er een eind aan maken", "wou dat ik nooit geboren was",
        "ich will nicht mehr da sein", "ich halt das nicht mehr aus", "am liebsten wär ich tot",
        "ich mach schluss", "ohne mich wären alle besser dran", "das leben hat keinen sinn mehr",
        "ich will einschlafen und nie wieder aufwachen", "ich nehm mir das leben",
        "je veux plus vivre", "j'ai plus envie de vivre", "j'en peux plus", "je veux en finir",
        "tout le monde serait mieux sans moi", "j'ai des idées noires", "jveux crever",
        "ya no quiero vivir", "estarían mejor sin mí", "no aguanto más", "ojalá no despertar mañana",
        "me quiero quitar la vida", "ya nada tiene sentido", "no le veo salida, no hay salida",
        "non voglio più vivere", "quero morrer", "nie chce mi się żyć", "ayoko na mabuhay",
    ],
)  # fmt: skip
def test_wishing_to_die_is_found(read: QuickRead, text: str) -> None:
    assert read(text).facts.suicide_or_self_harm, text


@pytest.mark.parametrize(
    "text",
    [
        "heb een hele strip genomen", "hab gerade tabletten geschluckt", "j'ai avalé toute la boîte de cachets",
        "me tomé todas las pastillas", "he intentado matarme", "j'ai essayé de me tuer",
    ],
)  # fmt: skip
def test_something_done_already_is_an_attempt(read: QuickRead, text: str) -> None:
    assert "attempt" in read(text).facts.now, text


@pytest.mark.parametrize(
    "text",
    [
        "de pillen liggen al klaar", "hab die tabletten hier vor mir", "j'ai les cachets devant moi",
        "tengo las pastillas en la mano", "vanavond ga ik voor de trein", "heute nacht mach ich schluss",
        "cette nuit je me tue", "esta noche me mato",
    ],
)  # fmt: skip
def test_means_at_hand_or_a_time_is_a_plan(read: QuickRead, text: str) -> None:
    found = read(text).facts
    assert "means_at_hand" in found.now, text
    assert "suicide_active" in found.risk, text


@pytest.mark.parametrize(
    "text",
    ["ik snij mezelf", "ich ritze mich wieder", "je me scarifie", "me corto los brazos", "heb in mijn arm gesneden"],
)
def test_self_harm_is_found(read: QuickRead, text: str) -> None:
    assert read(text).facts.suicide_or_self_harm, text


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("hij staat voor mijn deur", "offender_present"),
        ("er steht draußen vor der tür", "offender_present"),
        ("il est devant chez moi", "offender_present"),
        ("está afuera de mi casa", "offender_present"),
        ("hij dwingt me nu live voor de camera", "live_coercion"),
        ("er zwingt mich gerade live vor der kamera", "live_coercion"),
        ("il me force en direct devant la caméra", "live_coercion"),
        ("me obliga ahora en directo", "live_coercion"),
    ],
)
def test_danger_of_this_minute_is_found(read: QuickRead, text: str, now: str) -> None:
    assert now in read(text).facts.now


@pytest.mark.parametrize(
    "text",
    [
        "mijn vader slaat me", "mein vater schlägt mich", "mon père me frappe", "mi papá me pega",
        "ik loop weg", "ich will abhauen", "je vais fuguer", "me voy de casa", "hij weet waar ik woon",
    ],
)  # fmt: skip
def test_danger_at_home_or_outside_is_found(read: QuickRead, text: str) -> None:
    assert read(text).facts.risk, text


@pytest.mark.parametrize(
    "text",
    [
        "ik schaam me dood", "ik lach me dood", "ik ben doodmoe", "mijn telefoon is dood", "mijn opa is dood",
        "ich schäme mich zu tode", "ich lach mich tot", "todmüde", "mein handy ist tot", "ich sterbe vor scham",
        "je suis mort de rire", "je meurs de honte", "j'ai une faim, je crève de faim", "mon portable est mort",
        "me muero de vergüenza", "me muero de risa", "mi abuela se murió", "estoy muerta de miedo",
        "estou morrendo de vergonha", "muoio di vergogna", "ik wil niet dood", "ich will nicht sterben",
        "je veux pas mourir", "no quiero morir", "ik ben niet suicidaal", "ich bin nicht suizidal",
        "je suis pas suicidaire", "no voy a matarme", "dostałam screena od koleżanki",
    ],
)  # fmt: skip
def test_idioms_and_denials_are_no_risk(read: QuickRead, text: str) -> None:
    assert not read(text).facts.suicide_or_self_harm, (text, read(text).facts.words)


@pytest.mark.parametrize(
    "text",
    [
        "no puedo pagar", "me voy a dormir", "mañana lo hago", "se me cortó la llamada", "me corté el pelo",
        "nao quero mais falar com ele", "je veux que ça s'arrête", "mes parents sont pas là demain",
        "j'ai pris des captures de tout", "il va mourir de rire", "zijn laatste bericht was gisteren",
        "ik wil dat de foto's voor altijd weg zijn", "dat hoeft niet meer hoor", "ik ga terug naar huis",
        "morgen ga ik met de trein", "ik ga dood van schaamte",
        "ich hab schluss gemacht mit ihm", "hab meine medikamente genommen wie immer", "ik heb alles betaald",
    ],
)  # fmt: skip
def test_everyday_words_raise_nothing(read: QuickRead, text: str) -> None:
    found = read(text).facts
    assert (found.risk, found.now, found.demand) == ((), (), ()), (text, found.words)


# ---------------------------------------------------------------- ages


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("ik ben 14", 14), ("ben 12", 12), ("ik ben net vijftien geworden", 15), ("ik word 16 in mei", 15),
        ("ik ben pas 13 jaar", 13), ("14 jaar oud, meisje", 14),
        ("ich bin 14", 14), ("bin erst zwölf", 12), ("ich werde 15", 14), ("bin 13 Jahre alt", 13),
        ("j'ai 13 ans", 13), ("jai 14ans", 14), ("j'ai quinze ans", 15), ("j'ai dix-sept ans", 17),
        ("je vais avoir 14 ans", 13), ("j'ai onze ans", 11), ("j'ai dix ans", 10),
        ("tengo quince años", 15), ("tengo 15años", 15), ("tengo once años", 11), ("voy a cumplir 14", 13),
        ("acabo de cumplir 16", 16), ("tengo 13", 13),
        ("tenho treze anos", 13), ("ho tredici anni", 13), ("mam 14 lat", 14), ("14 anyos na po ako", None),
    ],
)  # fmt: skip
def test_an_age_is_read(read: QuickRead, text: str, age: int | None) -> None:
    assert read(text, today=TODAY).facts.age == age


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("zit in de tweede klas", 13, 14), ("ik zit in 3 havo", 14, 15), ("groep 8", 10, 12), ("zit in 2vmbo", 13, 14),
        ("tweede middelbaar", 13, 14),
        ("bin in der 8. klasse", 13, 15), ("gehe in die siebte klasse", 12, 14), ("9. Klasse Realschule", 14, 16),
        ("je suis en 4e", 13, 14), ("je suis en cm2", 9, 11), ("en seconde", 15, 16),
        ("estoy en 3º de la ESO", 14, 15), ("voy en segundo de secundaria", 13, 14), ("1º de bachillerato", 16, 17),
        ("faccio la seconda media", 12, 13), ("jestem w 7 klasie", 12, 14), ("to no nono ano", 14, 15),
    ],
)  # fmt: skip
def test_a_school_year_is_read(read: QuickRead, text: str, low: int, high: int) -> None:
    found = read(text, today=TODAY).facts
    assert (found.age_min, found.age_max, found.minor) == (low, high, "yes")


@pytest.mark.parametrize(
    "text",
    [
        "tengo 20 minutos", "j'ai 4 euros", "j'ai 3 frères", "tengo 12 seguidores", "heb 15 fotos", "ich habe 14 tage",
        "tengo 2 hermanos", "j'ai 15 jours", "er sagt er ist 19", "zegt dat hij 17 is",
    ],
)  # fmt: skip
def test_other_numbers_are_no_age(read: QuickRead, text: str) -> None:
    assert read(text, today=TODAY).facts.age is None


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("mijn zoon van 15 wordt afgeperst", 15), ("Meine Tochter ist 13", 13), ("ma fille a 11 ans", 11),
        ("mi hija tiene 15 años", 15), ("meine nichte, sie ist 16", 16), ("meu neto de 13", 13),
    ],
)  # fmt: skip
def test_the_age_of_a_child_in_somebodys_care_is_theirs(read: QuickRead, text: str, age: int) -> None:
    assert read(text, today=TODAY).facts.age == age


def test_a_comma_between_tens_and_units_is_two_numbers(read: QuickRead) -> None:
    assert read("between twenty, five or six of them").facts.age is None
