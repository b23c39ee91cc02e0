"""Languages: codes and names become one code, guesses are right or missing, and the same in every process."""

import csv
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsanalysis.readers import languages
from newsanalysis.readers.languages import guessed, normalised

SENTENCES = {
    "en": "The mayor said on Monday that the bridge would stay closed until the end of the month. "
    "Residents have to take the ferry, which runs every twenty minutes.",
    "de": "Die Bürgermeisterin sagte am Montag, die Brücke bleibe bis Ende des Monats gesperrt. "
    "Die Bewohner müssen die Fähre nehmen, die alle zwanzig Minuten fährt.",
    "fr": "Le maire a déclaré lundi que le pont resterait fermé jusqu'à la fin du mois. "
    "Les habitants doivent prendre le bac, qui passe toutes les vingt minutes.",
    "es": "El alcalde dijo el lunes que el puente seguirá cerrado hasta fin de mes. "
    "Los vecinos tienen que tomar el transbordador, que sale cada veinte minutos.",
    "it": "Il sindaco ha detto lunedì che il ponte resterà chiuso fino alla fine del mese. "
    "Gli abitanti devono prendere il traghetto, che parte ogni venti minuti.",
    "pt": "O presidente da câmara disse na segunda-feira que a ponte ficará fechada até ao fim do mês. "
    "Os moradores têm de apanhar o barco, que sai de vinte em vinte minutos.",
    "nl": "De burgemeester zei maandag dat de brug tot het einde van de maand dicht blijft. Bewoners moeten de veerboot nemen, die elke twintig minuten vaart.",
    "pl": "Burmistrz powiedział w poniedziałek, że most pozostanie zamknięty do końca miesiąca. "
    "Mieszkańcy muszą korzystać z promu, który kursuje co dwadzieścia minut.",
    "cs": "Starosta v pondělí řekl, že most zůstane uzavřen do konce měsíce. Obyvatelé musí jezdit přívozem, který pluje každých dvacet minut.",
    "ru": "Мэр сказал в понедельник, что мост будет закрыт до конца месяца. Жителям придётся пользоваться паромом, который ходит каждые двадцать минут.",
    "uk": "Мер сказав у понеділок, що міст буде закритий до кінця місяця. Мешканцям доведеться користуватися поромом, який ходить кожні двадцять хвилин.",
    "bg": "Кметът каза в понеделник, че мостът ще остане затворен до края на месеца. "
    "Жителите трябва да използват ферибота, който тръгва на всеки двадесет минути.",
    "ro": "Primarul a declarat luni că podul va rămâne închis până la sfârșitul lunii. "
    "Locuitorii trebuie să ia bacul, care circulă la fiecare douăzeci de minute.",
    "hu": "A polgármester hétfőn azt mondta, hogy a híd a hónap végéig zárva marad. A lakóknak kompra kell szállniuk, amely húszpercenként közlekedik.",
    "tr": "Belediye başkanı pazartesi günü köprünün ay sonuna kadar kapalı kalacağını söyledi. Sakinler yirmi dakikada bir kalkan vapura binmek zorunda.",
    "sv": "Borgmästaren sade i måndags att bron förblir stängd till månadens slut. Invånarna får ta färjan, som går var tjugonde minut.",
    "da": "Borgmesteren sagde mandag, at broen forbliver lukket indtil månedens udgang. Beboerne må tage færgen, som sejler hvert tyvende minut.",
    "no": "Ordføreren sa mandag at broen forblir stengt ut måneden. Innbyggerne må ta fergen, som går hvert tjuende minutt.",
    "fi": "Kaupunginjohtaja sanoi maanantaina, että silta pysyy suljettuna kuun loppuun. "
    "Asukkaiden on käytettävä lauttaa, joka kulkee kahdenkymmenen minuutin välein.",
    "el": "Ο δήμαρχος είπε τη Δευτέρα ότι η γέφυρα θα μείνει κλειστή μέχρι το τέλος του μήνα. "
    "Οι κάτοικοι πρέπει να παίρνουν το φέρι, που περνά κάθε είκοσι λεπτά.",
    "ar": "قال رئيس البلدية يوم الاثنين إن الجسر سيبقى مغلقا حتى نهاية الشهر. وعلى السكان أن يستقلوا العبارة التي تنطلق كل عشرين دقيقة.",
    "he": "ראש העיר אמר ביום שני שהגשר יישאר סגור עד סוף החודש. התושבים צריכים לקחת את המעבורת, שיוצאת כל עשרים דקות.",
    "fa": "شهردار روز دوشنبه گفت که پل تا پایان ماه بسته می‌ماند. ساکنان باید سوار کشتی شوند که هر بیست دقیقه حرکت می‌کند.",
    "zh": "市长星期一说，大桥将关闭到月底。居民必须乘坐每二十分钟一班的渡轮。",
    "ja": "市長は月曜日、橋は月末まで閉鎖されたままになると述べた。住民は二十分ごとに出る渡し船を使わなければならない。",
    "ko": "시장은 월요일 다리가 이달 말까지 폐쇄된다고 말했다. 주민들은 이십 분마다 다니는 배를 타야 한다.",
    "hi": "महापौर ने सोमवार को कहा कि पुल महीने के अंत तक बंद रहेगा। निवासियों को हर बीस मिनट में चलने वाली नाव लेनी होगी।",
    "vi": "Thị trưởng nói hôm thứ Hai rằng cây cầu sẽ đóng cửa đến cuối tháng. Người dân phải đi phà, cứ hai mươi phút có một chuyến.",
    "id": "Wali kota mengatakan pada hari Senin bahwa jembatan akan tetap ditutup sampai akhir bulan. "
    "Warga harus naik kapal yang berangkat setiap dua puluh menit.",
    "th": "นายกเทศมนตรีกล่าวเมื่อวันจันทร์ว่าสะพานจะปิดจนถึงสิ้นเดือน ชาวบ้านต้องขึ้นเรือข้ามฟากซึ่งออกทุกยี่สิบนาที",
    "sr": "Градоначелник је рекао у понедељак да ће мост остати затворен до краја месеца. Становници морају да користе скелу која вози сваких двадесет минута.",
    "hr": "Gradonačelnik je u ponedjeljak rekao da će most ostati zatvoren do kraja mjeseca. "
    "Stanovnici moraju koristiti trajekt koji vozi svakih dvadeset minuta.",
    "ca": "L'alcalde va dir dilluns que el pont continuarà tancat fins a final de mes. Els veïns han d'agafar el transbordador, que surt cada vint minuts.",
}  # invented
NO_LANGUAGE = [
    "ACME 12.4 +0.3 BETA 7.1 -0.2",
    "2-1, 3-0, 0-0 (aet)",
    "AFP/Getty Images",
    "John Smith, Mary Jones",
    "KYIV (AP)",
    "Photo: Reuters",
    "London 12C Paris 14C Madrid 22C Rome 20C",
    "🌉🌉🌉",
    "https://example.org/the/long/address/of/a/page",
    "1. Müller 2:03,1 2. Novák 2:04,0 3. Smith 2:05,7",
    "Arsenal 2 Chelsea 1 Everton 0 Fulham 0 Leeds 3 Burnley 3",
    "",
    "a",
    "12345",
    "!!!",
]
NAMES = {
    "EN": "en",
    " en-US ": "en",
    "en_GB.UTF-8": "en",
    "eng": "en",
    "ENGLISH": "en",
    "English (UK)": "en",
    "English; French": "en",
    "Anglais": "en",
    "Englisch.": "en",
    "Français": "fr",
    "français": "fr",
    "fre": "fr",
    "fra": "fr",
    "Deutsch": "de",
    "ger": "de",
    "zho": "zh",
    "chi": "zh",
    "zh-Hans-CN": "zh",
    "Chinese - Simplified": "zh",
    "pt-BR": "pt",
    "Español": "es",
    "РУССКИЙ": "ru",
    "українська": "uk",
    "日本語": "ja",
    "iw": "he",
    "kab": "kab",
    "nob": "nb",
}


@pytest.mark.parametrize(("name", "code"), NAMES.items(), ids=NAMES)
def test_names_and_codes_become_one_code(name, code):
    """A code of two or three letters, a tag or a name becomes the code."""
    assert normalised(name) == code


@pytest.mark.parametrize(
    "value", [None, 7, 1.5, float("nan"), b"en", "", " ", "und", "mul", "zxx", "x-unspecified", "Klingonese", "enx", "en us", "e" * 10**6, ";" * 10**6]
)
def test_what_is_no_known_language_is_missing(value):
    """No guess is made about a name that is not listed."""
    assert normalised(value) is None


@given(st.text(max_size=60) | st.none() | st.integers())
def test_codes_are_their_own_code(value):
    """Whatever comes in, what comes out is a code, which becomes itself."""
    code = normalised(value)
    assert code is None or (code.isascii() and len(code) in (2, 3) and normalised(code) == code)


def test_the_list_is_well_formed():
    """Each name stands once, for one language, and each language has its own code as a name."""
    with (Path(languages.__file__).parents[1] / "data" / "languages.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [row["pattern"].casefold() for row in rows]
    assert len(set(names)) == len(names)
    assert {row["language"] for row in rows} <= set(names)
    assert {row["kind"] for row in rows} == {"code", "name"}


@pytest.mark.parametrize(("code", "text"), SENTENCES.items(), ids=SENTENCES)
def test_two_sentences_are_guessed(code, text):
    """Two sentences of a news text are enough for the right language, or (Croatian) for none."""
    assert guessed([text]) in ([code], [None] if code == "hr" else [code])


@pytest.mark.parametrize("text", NO_LANGUAGE)
def test_lists_and_scores_have_no_language(text):
    """Prices, results, names and addresses are in no language."""
    assert guessed([text]) == [None]


def test_a_guess_does_not_depend_on_what_stands_beside():
    """The same text has the same language alone, after others, and in another process."""
    texts = list(SENTENCES.values())
    together = guessed(texts)
    assert together == [guessed([text])[0] for text in reversed(texts)][::-1]
    program = "import sys; from newsanalysis.readers.languages import guessed; print(guessed([sys.argv[1]]))"
    told = subprocess.run([sys.executable, "-c", program, SENTENCES["fr"]], capture_output=True, text=True, check=True).stdout.strip()
    assert told == "['fr']"


def test_long_texts_are_guessed_from_their_start():
    """A text of ten million characters costs what one of a thousand does."""
    guessed([SENTENCES["en"]])
    long = SENTENCES["en"] * 70_000
    start = time.perf_counter()
    assert guessed([long] * 20) == ["en"] * 20
    assert time.perf_counter() - start < 2


@given(st.text(max_size=300))
def test_any_text_has_a_code_or_none(text):
    """No text fails, and what is guessed is a known code."""
    (code,) = guessed([text])
    assert code is None or (2 <= len(code) <= 3 and code.isalpha())


def test_loading_takes_no_model():
    """The model is loaded with the first guess, not before."""
    program = "import newsanalysis.readers.languages, sys; print('py3langid' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "False"
