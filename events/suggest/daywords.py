"""The words for days, months and spans of time in German, French, Ukrainian and Russian."""

from __future__ import annotations

ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _table(rows: str) -> dict[str, str]:
    """'Monday: Montag lundi' line by line as foreign word to English; '_' is a space."""
    found = {}
    for row in rows.strip().splitlines():
        english, words = row.strip().split(": ")
        for word in words.split():
            found[word.replace("_", " ")] = english.replace("_", " ")
    return found


MONTHS = _table("""
    January: Januar Jänner janvier січня января січні январе
    February: Februar Feber février лютого февраля лютому феврале
    March: März mars березня марта березні марте
    April: April avril квітня апреля квітні апреле
    May: Mai mai травня мая травні мае
    June: Juni juin червня июня червні июне
    July: Juli juillet липня июля липні июле
    August: August août серпня августа серпні августе
    September: September septembre вересня сентября вересні сентябре
    October: Oktober octobre жовтня октября жовтні октябре
    November: November novembre листопада ноября листопаді ноябре
    December: Dezember décembre грудня декабря грудні декабре
""")
WEEKDAYS = _table("""
    Monday: Montag lundi понеділок понеділка понедельник понедельника понедельнику
    Tuesday: Dienstag mardi вівторок вівторка вторник вторника вторнику
    Wednesday: Mittwoch mercredi середу середи среду среды среде
    Thursday: Donnerstag jeudi четвер четверга четверг четвергу
    Friday: Freitag vendredi п'ятницю п'ятниці пятницу пятницы пятнице
    Saturday: Samstag Sonnabend samedi суботу суботи субботу субботы субботе
    Sunday: Sonntag dimanche неділю неділі воскресенье воскресенья воскресенью
""")
BY = _table("""
    on: am le у в во
    by: bis bis_zum d'ici d'ici_à d'ici_au d'ici_le до к ко
    until: jusqu'à jusqu'au
    since: seit seit_dem depuis depuis_le
    before: vor_dem avant avant_le перед
    after: nach_dem après après_le після после
""")
WHICH = _table("""
    last: letzten vergangenen минулий минулу минулого минулої минулої прошлый прошлую прошлое
    next: nächsten kommenden наступний наступну наступного наступної следующий следующую следующее
    this: diesen diesem ce цей цю цього цієї этот эту это
""")
LATER = {"dernier": "last", "prochain": "next", "prochaine": "next"}
PARTS = _table("""
    morning: früh matin вранці зранку утром
    afternoon: nachmittag après-midi вдень днём днем
    evening: abend soir ввечері увечері вечером
    night: nacht nuit вночі уночі ночью
""")
DAYS = _table("""
    today: heute aujourd'hui сьогодні сегодня
    yesterday: gestern hier вчора учора вчера
    tomorrow: morgen demain завтра
    in_two_days: übermorgen après-demain післязавтра послезавтра
    the_day_before_yesterday: vorgestern avant-hier позавчора позавчера
""")
SPANS = _table("""
    this_evening: ce_soir
    tonight: cette_nuit
    this_morning: ce_matin heute_morgen
    next_week: nächste_Woche kommende_Woche in_der_nächsten_Woche in_der_kommenden_Woche
    last_week: letzte_Woche vergangene_Woche in_der_letzten_Woche in_der_vergangenen_Woche
    this_week: diese_Woche in_dieser_Woche cette_semaine цього_тижня на_цьому_тижні
    next_week: la_semaine_prochaine наступного_тижня на_наступному_тижні на_следующей_неделе
    last_week: la_semaine_dernière минулого_тижня на_минулому_тижні на_прошлой_неделе
    this_week: на_этой_неделе
    next_month: nächsten_Monat kommenden_Monat le_mois_prochain наступного_місяця
    next_month: в_следующем_месяце
    last_month: letzten_Monat vergangenen_Monat le_mois_dernier минулого_місяця в_прошлом_месяце
    last_year: letztes_Jahr vergangenes_Jahr l'an_dernier l'année_dernière минулого_року торік
    last_year: в_прошлом_году
    next_year: nächstes_Jahr l'an_prochain l'année_prochaine наступного_року в_следующем_году
    over_the_next_few_days: in_den_nächsten_Tagen in_den_kommenden_Tagen dans_les_prochains_jours
    over_the_next_few_days: найближчими_днями у_найближчі_дні в_ближайшие_дни
    over_the_next_few_weeks: in_den_nächsten_Wochen in_den_kommenden_Wochen
    over_the_next_few_weeks: dans_les_prochaines_semaines найближчими_тижнями в_ближайшие_недели
""")
PHRASES = {phrase.lower(): english for phrase, english in SPANS.items()}
UNITS = _table("""
    hours: Stunden heures годин години часов часа
    days: Tagen Tage jours днів дні дней дня
    weeks: Wochen semaines тижнів тижні недель недели
    months: Monaten Monate mois місяців місяці месяцев месяца
""")
COUNTS = _table("""
    two: zwei deux два дві двух две
    three: drei trois три трьох трёх трех
    four: vier quatre чотири четыре
    five: fünf cinq п'ять пять
    six: sechs six шість шесть
    ten: zehn dix десять
""")
