"""The date in a line that vendors put above an article, in whatever language: "27. Februar 2012 Montag 9:50 PM GMT+1".

The line holds more than a date (an edition, a section, a page), so the date is looked for, and given back as ISO 8601 with where it stood.

>>> find("Politique, mardi 14 mars 2006, p. 12").iso
'2006-03-14'
>>> find("27. Februar 2012 Montag 9:50 PM GMT+1").iso
'2012-02-27T21:50:00+01:00'
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import NamedTuple

_NAMES = """
- fev mrt - - - - - - out - des
january february march april may june july august september october november december
jan feb mar apr may jun jul aug sep oct nov dec
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
januar februar marz april mai juni juli august september oktober november dezember
janner feber maerz april mai juni juli august september oktober november dezember
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre diciembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
januari februari maart april mei juni juli augustus september oktober november december
janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts april maj juni juli august september oktober november december
januar februar mars april mai juni juli august september oktober november desember
janv fevr mars avr mai juin juil aout sept oct nov dec
jan feb mrz apr mai jun jul aug sept okt nov dez
ene feb mar abr may jun jul ago sept oct nov dic
gen feb mar apr mag giu lug ago set ott nov dic
tammikuu helmikuu maaliskuu huhtikuu toukokuu kesakuu heinakuu elokuu syyskuu lokakuu marraskuu joulukuu
stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
ocak subat mart nisan mayıs haziran temmuz agustos eylul ekim kasım aralık
gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu
janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
ledna února března dubna května června července srpna září října listopadu prosince
leden únor březen duben květen červen červenec srpen - říjen - prosinec
januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra
januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra
siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna - studenoga prosinca
- - - - - - - - - - studenog -
januar februar mart april maj jun jul avgust septembar oktobar novembar decembar
január február március április május június július augusztus szeptember október november december
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember
Januari Februari Mac April Mei Jun Julai Ogos September Oktober November Disember
jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember
janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris
sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень
студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня
януари февруари март април май юни юли август септември октомври ноември декември
Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου Δεκεμβρίου
يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
- - - ابريل - - - اغسطس - اكتوبر - -
ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
"""
_WORD = r"[^\W\d_]{3,14}"
_DAY_FIRST = re.compile(rf"(?<!\d)(\d{{1,2}})(?:\.|er|ª|º|°|st|nd|rd|th)?[ \-]{{0,2}}(?:de |di |of |d')?({_WORD})\.?,?[ \-]{{1,2}}(?:de |del )?(\d{{4}})(?!\d)")
_MONTH_FIRST = re.compile(rf"({_WORD})\.? {{1,2}}(\d{{1,2}})(?:st|nd|rd|th|\.)?,? {{1,2}}(\d{{4}})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})(?:-| ?[年년] ?)(\d{1,2})(?:-| ?[月월] ?)(\d{1,2})(?: ?[日일]|(?!\d))")
_YEAR_FIRST = re.compile(rf"(?<!\d)(\d{{4}})\.? {{0,2}}({_WORD})\.? {{0,2}}(\d{{1,2}})(?!\d)")
_COARSE = re.compile(rf"(?<!\d )(?<!\d\. )({_WORD})\.?,? {{1,2}}(?:de |del )?(\d{{4}})(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(?:\d{1,2}/\d{1,2}/\d{4}|\d{1,2}\.\d{1,2}\.\d{4})(?!\d)")
_TIME = re.compile(
    r"(?<!\d)(\d{1,2})[:h.](\d{2})(?::(\d{2}))?(?!\d) ?([AaPp]\.?[Mm]\b\.?)?"
    r" ?(?:(GMT|UTC|EST|EDT|CST|CDT|MST|MDT|PST|PDT|BST|CET|CEST)\b)? ?([+-]\d{1,2}(?::?\d{2})?)?"
)
_HOURS = {"GMT": 0, "UTC": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "BST": 1, "CET": 1, "CEST": 2}
_LOOK = 400  # characters: a line above an article is no longer
_ORDERS = ((_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2)), (_ISO, (1, 2, 3)), (_YEAR_FIRST, (1, 2, 3)))


class Found(NamedTuple):
    """A date as ISO 8601 (day, or time with its zone if the line has one; a month where there is no day), and where it stands."""

    iso: str
    start: int
    end: int


def plain(word: str) -> str:
    """Return a word in small letters without accents.

    >>> plain("LÄNGE"), plain("Février")
    ('lange', 'fevrier')
    """
    return "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(c))


_MONTHS = {plain(name): i for line in _NAMES.strip().splitlines() for i, name in enumerate(line.split(), 1) if name != "-"}


def find(line: str) -> Found | None:
    """Return the first date of a line, None if there is none.

    Parameters
    ----------
    line : str
        What stands above an article; its first 400 characters are looked at.

    Returns
    -------
    Found or None
        Months are known in some thirty languages of Europe, in Turkish, Arabic, Hebrew, Indonesian and Malay; Chinese, Japanese and Korean number them.
        Numeric dates are given back as they stand, for `dates.parse` to decide.

    Examples
    --------
    >>> find("December 19, 1991, Sunday, Late Edition").iso, find("no date here")
    ('1991-12-19', None)
    """
    line = re.sub(r"\s", " ", line[:_LOOK])
    days = [found for pattern, order in _ORDERS if (found := _day(line, pattern, order))]
    if days:
        found = min(days, key=lambda each: each.start)
        return found._replace(iso=found.iso + _time(line[found.end : found.end + 60]))
    if match := _NUMERIC.search(line):
        return Found(match[0], match.start(), match.end())
    for match in _COARSE.finditer(line):
        month = _MONTHS.get(plain(match[1]))
        if month and 1600 <= int(match[2]) <= 2200:
            return Found(f"{match[2]}-{month:02d}", match.start(), match.end())
    return None


def _day(line: str, pattern: re.Pattern[str], order: tuple[int, int, int]) -> Found | None:
    """Return the first match that is a day of the calendar."""
    for match in pattern.finditer(line):
        year, month, day = (match[i] for i in order)
        number = int(month) if month.isdecimal() else _MONTHS.get(plain(month), 0)
        try:
            date = datetime.date(int(year), number, int(day))
        except ValueError:
            continue
        if date.year >= 1600:
            return Found(date.isoformat(), match.start(), match.end())
    return None


def _time(rest: str) -> str:
    """Return the time behind a date as ISO, with its zone if that is known; "" if there is none."""
    match = _TIME.search(rest)
    if not match:
        return ""
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4]:
        hour = hour % 12 + (12 if match[4][0] in "pP" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return ""
    return f"T{hour:02d}:{minute:02d}:{second:02d}{_zone(match[5], match[6])}"


def _zone(name: str | None, offset: str | None) -> str:
    if offset and name in ("GMT", "UTC", None):
        hours, minutes = int(offset[1:3].rstrip(":")), int(offset[-2:]) if len(offset) > 3 else 0
        return f"{offset[0]}{hours:02d}:{minutes:02d}" if hours <= 14 and minutes < 60 else ""
    if name:
        hours = _HOURS[name]
        return f"{'-' if hours < 0 else '+'}{abs(hours):02d}:00"
    return ""
