"""The words of an invented negotiation. No country, place, person or paper of these exists."""

from __future__ import annotations

COMMON = "ceasefire"
"""Stands in the title of every fifth event."""

RARE = ("quillwort", "amberjack", "tamarack")
"""Each stands in the title of one event in 50,000, and of one at least."""

SIDES = (
    ("ORV", "Orrevan Republic", 1),
    ("KLD", "Kaldesh Union", 2),
    ("TSM", "Tesmar mediators", 3),
    ("ILV", "Ilvane and neighbours", 4),
)
"""Code, name and colour slot of each."""

BODIES = {
    "ORV": ("Orrevan Republic", "Orrevan foreign ministry", "Orrevan army", "Orrevan delegation"),
    "KLD": ("Kaldesh Union", "Kaldesh council of state", "Kaldesh guard", "Kaldesh delegation"),
    "TSM": ("Tesmar", "Tesmar foreign office", "Tesmar mission"),
    "ILV": ("Ilvane", "Brennmoor", "League of the Five Rivers", "Ilvane border service"),
    "": ("Lantern News", "Harbour Gazette", "Officials of both sides", "River monitors"),
}
"""The bodies of each side; "" has those that belong to none."""

BODY_KINDS = {
    "delegation": "delegation",
    "army": "armed_group",
    "guard": "armed_group",
    "League": "international_organisation",
    "mission": "international_organisation",
    "News": "media",
    "Gazette": "media",
    "Officials": "unnamed",
    "monitors": "unnamed",
    "ministry": "government_body",
    "council": "government_body",
    "office": "government_body",
    "service": "government_body",
}
"""Kind of a body by a word of its name; the others are states."""

GIVEN = (
    "Ashelin Brunka Cadrith Delphor Eskemar Fennoch Gisaud Harveld Iskara Jolmen Kestrin Lorvane"
)
FAMILY = (
    "Ost Var Kell Thorm Brisk Alder Quen Morv Sarn Dulk Wend Hask Pell Tirr Gaun Lend Orv Zeld"
    " Crom Yarr",
    "amere ovelt ishane ukar endrel avosk orith umbray eskil andor immen orsk athal erow ulven"
    " ockary ebrand isholm andrith oway",
)
"""Beginnings and ends of family names: each with each."""

PLACES = (
    "Vel Tarn Osk Hald Bren Ish Lum Sav Dray Nerr Pell Umm",
    "moravel eskarn holtane essimar ungard ovinth ereskal askavar",
)
"""The same for places."""

OFFICES = ("envoy", "minister", "spokesperson", "chief negotiator", "commander", "adviser")

TOPICS = (
    "water shares",
    "the customs gate",
    "the prisoner lists",
    "the mountain road",
    "fishing rights",
    "the seed loan",
    "the pipeline fee",
    "the border survey",
    "the school books",
    "the harbour dues",
    "the rail link",
    "the missing persons",
    "the mine fields",
    "the election calendar",
    "the power grid",
    "the grain convoy",
    "the observer mission",
    "the archive of deeds",
    "the bridge repairs",
    "the demarcation maps",
)
COMMON_TOPICS = (
    f"the {COMMON}",
    f"the {COMMON} line",
    f"the {COMMON} terms",
    f"a {COMMON} of thirty days",
)

TITLES = {
    "talks": (
        "{who} and {whom} hold round {n} of talks on {topic} in {place}",
        "Working group {n} takes up {topic} in {place}",
        "Delegations go through chapter {n} on {topic} at {place}",
    ),
    "meeting": (
        "{who} receives {whom} in {place} about {topic}, meeting {n}",
        "{who} and {whom} meet for session {n} on {topic} in {place}",
    ),
    "statement": (
        "{who} says point {n} on {topic} is not settled",
        "{who} welcomes progress on {topic}, bulletin {n}",
        "{who} denies reports from {place} about {topic}, briefing {n}",
        "{who} warns {whom} over {topic} in note {n}",
    ),
    "call": ("{who} calls {whom} about {topic}, item {n}",),
    "decision": (
        "{who} adopts order {n} on {topic}",
        "{who} suspends measure {n} on {topic} in {place}",
    ),
    "attack": (
        "Shelling near {place}, incident {n}, strains {topic}",
        "Patrol of {who} fired upon at {place}, incident {n}, amid dispute over {topic}",
    ),
    "deadline": ("Term {n} for an answer on {topic} ends",),
    "post": ("{who} posts remark {n} on {topic}",),
    "other": ("Observers report {n} from {place} on {topic}",),
}
"""Titles by kind of event. Each has a number, so that few are quite the same."""

SUMMARIES = (
    "The two sides read out what they had written and agreed to go on the next morning.",
    "Nothing was signed. {whom} asked for more time to study the annex.",
    "The text of paragraph {n} stays in brackets; {who} wants it moved to the preamble.",
    "According to people in {place}, the list of {n} names was handed over in the evening.",
    "{who} spoke of a useful day, {whom} of a long one.",
    "Both delegations left {place} without a joint word on {topic}.",
)

TAILS = (
    "two people who were in the room said",
    "according to a note passed to reporters in {place}",
    "the office of {who} confirmed in writing",
    "a log kept at {place} shows",
    "officials familiar with the file said",
)
"""How a source tells what happened, behind the words of the event."""

OPENINGS = ("We came to {place} to listen", "Nobody should expect miracles", "The door is open")
MIDDLES = ("our view of {topic} has not changed", "point {n} must be read with the annex")
CLOSINGS = ("and time is on nobody's side", "and we will answer in writing", "and that is all")
"""Three parts of a quotation."""

REPORTS = ("Dispatch", "Evening report", "Weekly digest", "Transcript", "Field note", "Bulletin")
