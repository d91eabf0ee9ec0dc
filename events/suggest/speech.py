"""The words by which texts in five languages say that someone speaks, and who."""

from __future__ import annotations

import re

from events.suggest.words import each

_ENGLISH = (
    "said says say saying told tells telling stated stating states added adds adding wrote writes "
    "writing posted posting tweeted asked asks replied replies replying responded responding "
    "answered answering insisted insists insisting stressed stresses stressing emphasized "
    "emphasised emphasizing emphasising declared declares declaring announced announces announcing "
    "noted notes noting warned warns warning argued argues arguing claimed claims claiming "
    "explained explains explaining indicated indicates indicating clarified clarifies clarifying "
    "suggested suggests expressed mentioned remarked commented confirmed confirms confirming "
    "denied denies denying concluded recalled urged urges urging pledged vowed promised admitted "
    "acknowledged reiterated credited congratulated welcomed rejected thanked called quipped"
)
_GERMAN = (
    "sagte sagten sagt sagen gesagt erklärte erklärten erklärt betonte betonten betont fügte "
    "fügten schrieb schrieben schreibt antwortete antworteten antwortet meinte meinten meint "
    "teilte bekräftigte warnte warnten fragte berichtete kündigte forderte forderten unterstrich "
    "ergänzte hinzugefügt geschrieben geantwortet"
)
_FRENCH = (
    "dit déclare déclara déclaré déclarée ajoute ajouta ajouté affirme affirma affirmé explique "
    "expliqua expliqué répond répondit répondu écrit précise précisa précisé indique indiqua "
    "indiqué souligne souligna souligné estime estimé assure assuré annonce annonça annoncé "
    "regrette regretté demandé lancé confié rappelé prévenu averti martelé insisté"
)
_UKRAINIAN = (
    "сказав сказала сказали заявив заявила заявили повідомив повідомила повідомили написав "
    "написала написали додав додала додали наголосив наголосила наголосили підкреслив підкреслила "
    "зазначив зазначила зазначили відповів відповіла відповіли пояснив пояснила каже кажуть "
    "говорить розповів розповіла запитав запитала закликав закликала уточнив уточнила запевнив"
)
_RUSSIAN = (
    "сказал сказала сказали заявил заявила заявили сообщил сообщила сообщили написал написала "
    "написали добавил добавила добавили подчеркнул подчеркнула отметил отметила отметили ответил "
    "ответила ответили пояснил пояснила объяснил объяснила говорит рассказал рассказала спросил "
    "спросила призвал призвала уточнил уточнила"
)
SAID = frozenset(" ".join((_ENGLISH, _GERMAN, _FRENCH, _UKRAINIAN, _RUSSIAN)).split())
ENGLISH = frozenset(_ENGLISH.split())
INVERTED = SAID - ENGLISH | each("said says wrote asked replied answered added")
"""Verbs after which the speaker may come."""
ANSWERED = each(
    "replied replies replying responded responding answered answering rejected welcomed antwortete "
    "antworteten antwortet geantwortet répond répondit répondu відповів відповіла відповіли "
    "ответил ответила ответили"
)
HE = each("he she er sie il elle він вона он она")
THEY = each("they it ils elles вони они es")

BETWEEN = (
    r"(?:(?:also|then|later|further|once|again|has|have|had|earlier|meanwhile|repeatedly|clearly"
    r"|separately|recently|reportedly|publicly|simply|only|on|today|yesterday|"
    r"a|ont|avait|hat|haben|hatte|auch|dann|aussi|ensuite|також|потім|також|далі|тоді|также|потом|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[^\W\d_]+ly)\s+){0,4}"
)
"""What may stand between a speaker and the verb."""
ACCORDING = re.compile(
    r"\b(?:according\s+to|laut|nach\s+Angaben\s+von|selon|d'après|за\s+словами|по\s+словам)\s+",
    re.IGNORECASE,
)
SO = re.compile(r"^\W*(?:so|selon|according\s+to|laut|за\s+словами|по\s+словам)\s+")
ROLE = (
    r"(?:envoy|envoys|spokes\w+|official|officials|minister|ministers|president|adviser|advisor|"
    r"ambassador|diplomat|diplomats|negotiator|negotiators|mediator|mediators|secretary|chancellor|"
    r"delegate|delegates|delegation|delegations|statement|source|sources|aide|aides|leader|leaders|"
    r"general|commander|chief|head|chair|host|hosts|lawmaker|senator|governor|king|prince|"
    r"Gesandte|Gesandter|Sprecher|Sprecherin|Minister|Ministerin|Außenminister|Außenministerin|"
    r"Präsident|Präsidentin|Kanzler|Kanzlerin|Botschafter|Botschafterin|Vermittler|Diplomat|"
    r"Regierungssprecher|Unterhändler|"
    r"ministre|président|présidente|envoyé|envoyée|porte-parole|ambassadeur|diplomate|médiateur|"
    r"émissaire|négociateur|"
    r"посланець|речник|речниця|міністр|президент|посол|дипломат|радник|переговорник|посередник|"
    r"представник|посланник|министр|советник|представитель|переговорщик|посредник)"
)
WHO = r"(?:who|qui|der|die|який|яка|которы[йе]|которая)"
_ARTICLE = r"(?:the|an?|one|another|der|die|das|ein|eine|le|la|l'|un|une|his|her|their)"
_ADJECTIVE = r"(?:[^\W\d_][\w'.-]*\s+)"
PHRASE_BEFORE = re.compile(
    rf"(?<![^\W_])(?P<who>(?:{_ARTICLE}\s*)?{_ADJECTIVE}{{0,4}}?{ROLE}(?:\s+(?:for|of|to|from)\s+"
    rf"(?:the\s+)?(?:[^\W\d_][\w'-]*\s*){{1,4}}?)?)\s*,?\s+(?:{WHO}\s[^,;:]{{1,60}}\s)?{BETWEEN}$",
    re.IGNORECASE,
)
PHRASE_AFTER = re.compile(
    rf"(?P<who>(?:{_ARTICLE}\s*)?{_ADJECTIVE}{{0,3}}?{ROLE}(?![\w-])"
    rf"(?:\s+(?:for|of|de|du)\s+(?:the\s+)?[\w'-]+(?:\s+[A-Z][\w'-]*)?)?)",
    re.IGNORECASE,
)
_CAPITALISED = r"[^\W\d_a-zß-öø-ÿа-яєіїґё][^\W\d_]*(?:['-][^\W\d_]+)*\.?"
NAME_BEFORE = re.compile(rf"(?P<who>{_CAPITALISED}(?:\s+{_CAPITALISED}){{0,3}})\s+{BETWEEN}$")
NAME_AFTER = re.compile(rf"(?P<who>{_CAPITALISED}(?:\s+{_CAPITALISED}){{0,3}})")
NO_NAME = each(
    "the a an this that it there what when where how why who and but or if in on at as for then so "
    "we you i i'm i've i'd i'll we've we're no not yes also however meanwhile later earlier here "
    "now thus still which both all some many most others other today yesterday tonight"
)
