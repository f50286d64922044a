"""What is typed in one spelling finds what stands in another: each kind once a language, both engines."""

from __future__ import annotations

import pytest

from indexer.search.answer import SearchOptions, search
from indexer.search.query import parse
from tests.search_helpers import Shelf, article, engine_with

BLOGS = {
    "fr": ("L’anxiété touche chacun. L’hôpital est ouvert.", "Le sommeil revient, dit la médecin traitée hier."),
    "it": ("L’ansia passa. Dell’ospedale parliamo domani.", "La perché e la città dormono; il farmaco è breve."),
    "ca": ("L’ansietat passa. Parlem de l’hospital.", "Les medicacions són breus; la son torna."),
    "pt": ("A medicação é tomada à noite.", "As sessões duram pouco e o sono melhora."),
    "de": (
        "Die Ketamininfusion dauert. Die Übelkeit bleibt selten.",
        "Die Behandlungskosten einer Behandlung; Ärztinnen.",
    ),
    "nl": ("De depressiebehandeling duurt kort.", "Een behandeling en de depressie; ziekenhuiskosten."),
    "sv": ("Sömnproblem är vanliga om natten.", "God sömn och stora problem; läkarbesök."),
    "da": ("Søvnløshed er almindelig, og børn sover.", "Lægen ringer i morgen."),
    "ru": ("Тревожность проходит, и ёлка стоит.", "Врачи объясняют лечение пациентам."),
    "ko": ("건강 보험으로 비용을 냅니다.", "치료는 한 시간입니다."),
    "ar": ("يساعد العلاج على الاكتئاب والقلق.", "أدوية جديدة في العيادة."),
    "he": ("הביטוח משלם על הטיפול.", "מטופלים ישנים טוב יותר."),
    "tr": ("Işık tedavisi kısa sürer.", "İlaçlar akşam alınır."),
    "hu": ("A kezelés hatása gyors, az orvosok elmondják.", "Az alvás visszatér."),
    "pl": ("Lęk mija, a lekarze tłumaczą.", "Łóżko i sen są ważne."),
    "cs": ("Úzkost mizí a lékaři vysvětlují.", "Spánek se vrací."),
    "ja": ("東京都のクリニックです。バスで来てください。", "京都の病院です。パスを見せてください。"),
    "zh": ("我在北京大学医院工作。", "上海的医生会打电话。"),
    "en": (
        "A pediatric anesthesia follow-up in the U.S. by e-mail.",
        "Behaviour therapy in our centre, and let us sleep.",
    ),
}

CASES = [
    ("fr", "anxiété", [1]),
    ("fr", "anxiete", [1]),
    ("fr", "l'hopital", [1]),
    ("fr", "hôpital", [1]),
    ("fr", '"l\'hôpital est"', [1]),
    ("fr", "traité", [2]),
    ("it", "ansia", [1]),
    ("it", "ospedale", [1]),
    ("it", "l'ospedale", [1]),
    ("it", "citta", [2]),
    ("ca", "ansietat", [1]),
    ("ca", "hospital", [1]),
    ("ca", "medicació", [2]),
    ("pt", "medicacoes", [1]),
    ("pt", "sessao", [2]),
    ("pt", "sessão", [2]),
    ("de", "infusion", [1]),
    ("de", "Ketamin Infusion", [1]),
    ("de", "Uebelkeit", [1]),
    ("de", "ubelkeit", [1]),
    ("de", "Kosten", [2]),
    ("de", "Ärztin", [2]),
    ("nl", "depressie", [1, 2]),
    ("nl", "kosten", [2]),
    ("sv", "problem", [1, 2]),
    ("sv", "somn", [1, 2]),
    ("da", "soevnloeshed", [1]),
    ("da", "læge", [2]),
    ("ru", "елка", [1]),
    ("ru", "врача", [2]),
    ("ko", "보험", [1]),
    ("ko", "치료", [2]),
    ("ar", "اكتئاب", [1]),
    ("ar", "ادوية", [2]),
    ("he", "ביטוח", [1]),
    ("he", "הטיפול", [1]),
    ("he", "טיפול", [1]),
    ("tr", "IŞIK", [1]),
    ("tr", "isik", [1]),
    ("tr", "ilaç", [2]),
    ("hu", "orvos", [1]),
    ("pl", "lek", [1]),
    ("pl", "lozko", [2]),
    ("cs", "uzkost", [1]),
    ("cs", "lékař", [1]),
    ("ja", "東京", [1]),
    ("ja", "京都", [2]),
    ("ja", "バス", [1]),
    ("zh", "北京", [1]),
    ("zh", "医生", [2]),
    ("zh", "医", [1, 2]),
    ("en", "paediatric anaesthesia", [1]),
    ("en", "followup", [1]),
    ("en", "follow-up", [1]),
    ("en", "email", [1]),
    ("en", "U.S.", [1]),
    ("en", "US", [1]),
    ("en", "behavior center", [2]),
]


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def find(request, tmp_path_factory):
    engines = {}

    def find(language, typed):
        shelf = Shelf(*(article(n, None, text, language=language) for n, text in enumerate(BLOGS[language], 1)))
        if language not in engines:
            folder = tmp_path_factory.mktemp(f"{request.param}-{language}")
            engines[language] = engine_with(request.param, folder, *shelf.articles.values())
        return search(shelf, engines[language], parse(typed), SearchOptions())

    return find


@pytest.mark.parametrize(("language", "typed", "wanted"), CASES)
def test_a_word_is_found_in_every_way_it_is_written(find, language, typed, wanted):
    result = find(language, typed)
    assert (sorted(found.id for found in result.results), result.relaxed) == (wanted, False)


INFLECTED = [
    ("es", "La rodilla duele al caminar y no se puede doblar.", "doler poder dolió podemos"),
    ("es", "Conviene sentarse y relajándose respirar; empecé ayer.", "sentamos relajarse respiraba empezar"),
    ("pt", "Os pacientes dormiam mal; fizemos exames e ficássemos calmos.", "dormir ficar ficou"),
    ("it", "Dormirebbero meglio se parlassero; le ricerche continuano.", "dormire parlare ricerca continuare"),
    ("ca", "Els metges parlarien i comencessin a caminar.", "parlar començar caminava"),
    ("ro", "Pacienții dormiseră, vorbind despre durerile lor.", "dormi vorbi vorbesc durere"),
    ("ru", "Отцы тренируются и разговаривая лечатся.", "отец тренироваться разговаривать лечиться"),
    ("de", "Sie haben gearbeitet, eingeschlafen sind sie spät; er träumtest.", "arbeiten einschlafen träumen"),
    ("hu", "A betegeknek dolgozhattak a kórházakban.", "beteg kórház dolgozik"),
    ("lt", "Gydytojai kalbėdavo, pacientai miegojome.", "gydytojas kalbėti pacientas miegoti"),
]


@pytest.mark.parametrize("name", ["tantivy", "whoosh"])
@pytest.mark.parametrize(("language", "text", "words"), INFLECTED)
def test_forms_of_a_word_find_each_other(language, text, words, name, tmp_path):
    posts = [article(1, None, text, language=language), article(2, None, "Xyz qwx.", language=language)]
    engine = engine_with(name, tmp_path, *posts)
    found = {word: search(Shelf(*posts), engine, parse(word), SearchOptions()).total for word in words.split()}
    engine.close()
    assert [word for word, total in found.items() if not total] == []


@pytest.mark.parametrize("language", ["es", "de", "hu", "ru"])
def test_a_post_with_the_word_as_typed_comes_before_one_with_another_form(language, tmp_path):
    typed, other = {
        "es": ("doler", "duele"),
        "de": ("arbeiten", "gearbeitet"),
        "hu": ("kórház", "kórházaikban"),
        "ru": ("отец", "отцами"),
    }[language]
    posts = [article(1, None, f"{other} xyz", language=language), article(2, None, f"{typed} xyz", language=language)]
    engine = engine_with("tantivy", tmp_path, *posts)
    found = search(Shelf(*posts), engine, parse(typed), SearchOptions())
    engine.close()
    assert [hit.id for hit in found.results] == [2, 1]
