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
    "acknowledged reiterated credited congratulated welcomed rejected thanked called quipped "
    "tweets described describes describing cautioned cautions cautioning joked jokes countered "
    "counters retorted predicted praised condemned hoped reaffirmed offered calls accused shouted "
    "whispered summarised summarized commenting"
)
_GERMAN = (
    "sagte sagten sagt sagen gesagt erklärte erklärten erklärt betonte betonten betont fügte "
    "fügten schrieb schrieben schreibt antwortete antworteten antwortet meinte meinten meint "
    "teilte bekräftigte warnte warnten fragte berichtete kündigte forderte forderten unterstrich "
    "ergänzte hinzugefügt geschrieben geantwortet nannte nannten bezeichnete sprach mahnte lobte "
    "kritisierte bestätigte bestätigten dementierte versicherte entgegnete erwiderte verkündete "
    "erläuterte verlangte räumte hieß äußerte twitterte kommentierte mitteilte ausführte wies "
    "informierte unterrichtete warnt warnen gab"
)
_FRENCH = (
    "dit déclare déclara déclaré déclarée ajoute ajouta ajouté affirme affirma affirmé explique "
    "expliqua expliqué répond répondit répondu écrit précise précisa précisé indique indiqua "
    "indiqué souligne souligna souligné estime estimé assure assuré annonce annonça annoncé "
    "regrette regretté demandé lancé confié rappelé prévenu averti martelé insisté nuancé salué "
    "promis confirmé démenti reconnu conclu jugé dénoncé plaidé qualifié espère rétorqué répliqué "
    "poursuivi commenté résumé tweeté lâche glisse tonne martèle déplore plaide insiste poursuit "
    "conclut confie rappelle reconnaît salue confirme dément disait affirmait expliquait estimait "
    "assurait ajoutait déplorait soulignait précisait"
)
_UKRAINIAN = (
    "сказав сказала сказали заявив заявила заявили повідомив повідомила повідомили написав "
    "написала написали додав додала додали наголосив наголосила наголосили підкреслив підкреслила "
    "зазначив зазначила зазначили відповів відповіла відповіли пояснив пояснила каже кажуть "
    "говорить розповів розповіла запитав запитала закликав закликала уточнив уточнила запевнив "
    "запевнила підтвердив підтвердила підтвердили заперечив заперечила заперечили спростував "
    "спростувала спростували назвав назвала назвали попередив попередила попередили оголосив "
    "оголосила прокоментував прокоментувала нагадав нагадала вважає стверджує пише заявляє "
    "зауважив зауважила повідомляє відзначив відзначила поінформував поінформувала поінформували "
    "проінформував проінформувала казав казала казали говорив говорила говорили попереджав "
    "попереджала попереджали заявляв заявляла заявляли повідомляв повідомляла повідомляли "
    "наголошував наголошувала підкреслював підкреслювала вважав вважала стверджував стверджувала "
    "пояснював пояснювала спитав спитала"
)
_RUSSIAN = (
    "сказал сказала сказали заявил заявила заявили сообщил сообщила сообщили написал написала "
    "написали добавил добавила добавили подчеркнул подчеркнула отметил отметила отметили ответил "
    "ответила ответили пояснил пояснила объяснил объяснила говорит рассказал рассказала спросил "
    "спросила призвал призвала уточнил уточнила подтвердил подтвердила подтвердили опроверг "
    "опровергла опровергли назвал назвала назвали предупредил предупредила предупредили заверил "
    "заверила объявил объявила напомнил напомнила считает утверждает пишет заметил заметила "
    "отверг отвергла отвергли сообщает заявляет добавляет отмечает возразил возразила "
    "прокомментировал проинформировал проинформировала говорил говорила говорили предупреждал "
    "предупреждала предупреждали заявлял заявляла заявляли сообщал сообщала сообщали утверждал "
    "утверждала утверждали считал считала считали объяснял объясняла отмечал отмечала подчёркивал "
    "подчёркивала подчеркивал подчеркивала "
)
SAID = frozenset(" ".join((_ENGLISH, _GERMAN, _FRENCH, _UKRAINIAN, _RUSSIAN)).split())
ENGLISH = frozenset(_ENGLISH.split())
INVERTED = SAID - ENGLISH | each("said says wrote asked replied answered added")
"""Verbs after which the speaker may come."""
ANSWERED = each(
    "replied replies replying responded responding answered answering rejected welcomed antwortete "
    "antworteten antwortet geantwortet répond répondit répondu відповів відповіла відповіли "
    "ответил ответила ответили denied denies denying countered retorted dementierte entgegnete "
    "erwiderte wies démenti dément répliqué rétorqué заперечив заперечила заперечили спростував "
    "спростувала спростували опроверг опровергла опровергли отверг отвергла отвергли возразил "
    "возразила"
)
HE = each("he she er sie il elle він вона он она")
THEY = each("they it ils elles вони они es")
FIRST = each("i ich je я")
"""Who speaks of themselves: in a transcript the one with whom the line is labelled."""
OBLIQUE = each("lui ihm ihr його її его её ее him her")
"""Pronouns as they stand after 'according to'."""

BETWEEN = (
    r"(?:(?:also|then|later|further|once|again|has|have|had|earlier|meanwhile|repeatedly|clearly"
    r"|separately|recently|reportedly|publicly|simply|only|on|today|yesterday|"
    r"a|ont|avait|hat|haben|hatte|auch|dann|aussi|ensuite|також|потім|також|далі|тоді|также|потом|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[^\W\d_]+ly)\s+){0,4}"
)
"""What may stand between a speaker and the verb."""
INSERTED = re.compile(
    r",\s(?:a-t-(?:il|elle)\s|ont-(?:ils|elles)\s|(?:a|ont|avait)\s)?(?P<verb>[^\W\d_]+)"
    r"(?:-(?:t-)?(?:il|elle|ils|elles)|\s[^,«».!?;:]{2,80})?(?:,\s|[.!?]\s)"
)
"""How a French text puts the speaker into the quoted words: ', a déclaré Anna Berger, '."""
ACCORDING = re.compile(
    r"\b(?:according\s+to|laut|nach\s+Angaben\s+von|selon|d'après|за\s+словами|по\s+словам"
    r"|per(?=\s+[A-Z])|за(?=\s+(?:його|її)\s+словами)|по(?=\s+(?:его|её|ее)\s+словам))\s+",
    re.IGNORECASE,
)
SO = re.compile(
    r"^\W*(?:so|selon|d'après|according\s+to|laut|за\s+словами|по\s+словам|per(?=\s+[A-Z])"
    r"|as\s+quoted\s+by|in(?=\s[^,.;:]{2,40}'s\s+(?:words|phrase)\b))\s+"
)
ROLE = (
    r"(?:envoy|envoys|spokes\w+|official|officials|minister|ministers|president|adviser|advisor|"
    r"ambassador|diplomat|diplomats|negotiator|negotiators|mediator|mediators|secretary|chancellor|"
    r"delegate|delegates|delegation|delegations|statement|source|sources|aide|aides|leader|leaders|"
    r"general|commander|representative|representatives|chief|head|chair|host|hosts|lawmaker|senator|governor|king|prince|"
    r"presidency|office|embassy|reporter|correspondent|journalist|grandfather|grandmother|mother|"
    r"father|"
    r"Gesandte|Gesandter|Sprecher|Sprecherin|Minister|Ministerin|Außenminister|Außenministerin|"
    r"Präsident|Präsidentin|Kanzler|Kanzlerin|Botschafter|Botschafterin|Vermittler|Diplomat|"
    r"Regierungssprecher|Unterhändler|Regierung|Ministerium|Außenministerium|"
    r"ministre|président|présidente|envoyé|envoyée|porte-parole|ambassadeur|diplomate|médiateur|"
    r"émissaire|négociateur|présidence|gouvernement|ministère|journaliste|"
    r"посланець|речник|речниця|міністр|президент|посол|дипломат|радник|переговорник|посередник|"
    r"президента|міністра|речника|речниці|посла|дипломата|радника|министра|советника|"
    r"представителя|представника|посередника|посредника|источника|джерела|"
    r"представник|кореспондент|кореспондентка|корреспондент|корреспондентка|журналіст|журналист|"
    r"журналістка|журналистка|посланник|министр|советник|представитель|переговорщик|посредник)"
)
ROLES = frozenset(re.findall(r"[^\W\d_]{3,}", ROLE.casefold())) - {"spokes"}
"""The words of offices; those that begin with 'spokes' are more."""
WHO = r"(?:who|qui|der|die|який|яка|которы[йе]|которая)"
_ARTICLE = (
    r"(?:the|an?|one|another|der|die|das|ein|eine|le|la|l'|un|une|his|her|their|my|our|both|two"
    r"|three|several)"
)
_ADJECTIVE = r"(?:[^\W\d_][\w'.-]*\s+)"
_OF = r"(?:des|du|de\s+la\s+|de\s+l'|d'|de)\s*"
_AFTER_ROLE = (
    r"(?:\s+(?:for|of|to|from)\s+(?:the\s+)?(?:[^\W\d_][\w'-]*\s*){1,4}?"
    rf"|(?:\s+[^\W\d_]+)?\s+{_OF}(?:[^\W\d_][\w'-]*\s*){{1,3}}?"
    r"|\s+[a-zß-öø-ÿ]+(?:e|en|er|es|n|s|ais|aise))"
)
PHRASE_BEFORE = re.compile(
    rf"(?<![^\W_])(?P<who>(?:{_ARTICLE}\s*)?{_ADJECTIVE}{{0,4}}?{ROLE}(?:{_AFTER_ROLE})?)"
    rf"\s*(?:,\s[^,;:]{{1,60}},)?,?\s+(?:{WHO}\s[^,;:]{{1,60}}?,?\s)?{BETWEEN}$",
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
IN_THEIR_HOUSE = re.compile(rf"^(?P<who>[УВ]\s[^,;:.]{{2,60}}?)\s+{BETWEEN}$")
"""'В Кремле заявили': a verb in the plural, and no subject but a place."""
ARTICLES = each("both the a an der die das dem den ein eine le la les un une")
NO_NAME = each(
    "the a an this that it there what when where how why who and but or if in on at as for then "
    "so we you i i'm i've i'd i'll we've we're no not yes also however meanwhile later earlier "
    "here now thus still which both all some many most others other today yesterday tonight als "
    "auf das dass dem den der die es ein eine man wie wenn auch dabei zuvor später gestern heute "
    "morgen dann nun doch aber und nach bei mit in im am le la les un une il elle on ce cela pour "
    "dans mais et selon comme ainsi hier puis как як об про это це так вчора вчера сьогодні "
    "сегодня раніше ранее тоді тогда потім потом також также при у в на за по до з с а но але і и "
    "та що что"
)
