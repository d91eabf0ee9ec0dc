"""What is on the table, worked out slowly and plainly from rows as the log of changes has them.

Nothing here asks the code that is tested: rows are dicts as JSON has them, by table and id.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

type Row = dict[str, Any]
type Rows = dict[str, dict[int, Row]]

NEED = {
    "consent": ["proposal"],
    "proposer": ["proposal"],
    "position": ["event", "issue"],
    "commitment": ["event"],
    "outcome": ["commitment", "event"],
}
"""What a row of a table goes with: it is not there without."""


def table(rows: Rows, noun: str) -> dict[int, Row]:
    return rows.get(f"events_{noun}", {})


def seconds(text: str | None) -> int | None:
    return None if text is None else int(dt.datetime.fromisoformat(text).timestamp())


def bounds(row: Row | None, name: str = "") -> tuple[int | None, int | None]:
    if row is None:
        return None, None
    lead = f"{name}_" if name else ""
    return seconds(row[f"{lead}earliest"]), seconds(row[f"{lead}latest"])


def happened_by(rows: Rows, instant: int) -> Rows:
    """The rows without what surely began later, and without what goes with that."""
    kept: Rows = {name: dict(of) for name, of in rows.items()}

    def drop(noun: str, keys: set[int]) -> None:
        kept[f"events_{noun}"] = {k: r for k, r in table(kept, noun).items() if k not in keys}

    def lost(noun: str) -> set[int]:
        return set(table(rows, noun)) - set(table(kept, noun))

    late = {
        key
        for key, row in table(rows, "event").items()
        if bounds(row)[0] is not None and bounds(row)[0] >= instant
    }
    drop("event", late)
    first = {
        key: row["announced_in_id"] or row["tabled_in_id"]
        for key, row in table(rows, "proposal").items()
    }
    drop("proposal", {key for key, event in first.items() if event in late})
    drop("issue", {table(rows, "proposal")[key]["issue_id"] for key in lost("proposal")})
    for noun, needs in NEED.items():
        gone = {need: lost(need) for need in needs}
        drop(
            noun,
            {
                key
                for key, row in table(rows, noun).items()
                if any(row[f"{need}_id"] in gone[need] for need in needs)
            },
        )
    for noun, name, other in (
        ("proposal", "tabled_in_id", "event"),
        ("proposal", "ended_in_id", "event"),
        ("commitment", "depends_on_proposal_id", "proposal"),
        ("commitment", "depends_on_commitment_id", "commitment"),
    ):
        gone_now = lost(other)
        kept[f"events_{noun}"] = {
            key: row | {name: None} if row[name] in gone_now else row
            for key, row in table(kept, noun).items()
        }
    return kept


def for_public(rows: Rows, now: Rows) -> Rows:
    """What visitors see of rows: what was published then and still is."""
    kept: Rows = {}
    for name, of in rows.items():
        today = now.get(name, {})
        kept[name] = {
            key: row
            for key, row in of.items()
            if key in today
            and row.get("state", "published") == "published"
            and today[key].get("state", "published") == "published"
        }
    seen = {noun: set(table(kept, noun)) for noun in ("proposal", "commitment", "event")}
    for noun in ("consent", "proposer", "outcome"):
        kept[f"events_{noun}"] = {
            key: row
            for key, row in table(kept, noun).items()
            if all(row[f"{need}_id"] in seen[need] for need in NEED[noun])
        }
    return kept


# --- Proposals


def stage(rows: Rows, row: Row, now: int) -> str:
    if row["ended_in_id"] in table(rows, "event"):
        return row["ending"] or "ended"
    _, expires = bounds(row, "expires")
    return "lapsed" if expires is not None and expires <= now else "open"


def proposals(rows: Rows, now: int, zone: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """By ref the stage of each, and of everyone whose consent it needs what their answer is:
    "given", "none", or for how many days it is awaited (None where that is not known)."""
    found = {}
    for key, row in table(rows, "proposal").items():
        event = table(rows, "event").get(row["tabled_in_id"])
        word = stage(rows, row, now)
        answers: dict[str, Any] = {}
        for consent in table(rows, "consent").values():
            if consent["proposal_id"] != key:
                continue
            given = any(
                position["issue_id"] == row["issue_id"]
                and position["actor_id"] == consent["actor_id"]
                and position["stance"] != "none"
                for position in table(rows, "position").values()
            )
            if given:
                answers[consent["ref"]] = "given"
            elif word != "open" or event is None or proposes(rows, key, consent["actor_id"]):
                answers[consent["ref"]] = "none"
            else:
                answers[consent["ref"]] = ("awaited", days_since(bounds(event), now, zone))
        found[row["ref"]] = word, answers
    return found


def proposes(rows: Rows, proposal: int, actor: int) -> bool:
    """Who puts it forward need not answer it."""
    return any(
        (row["proposal_id"], row["actor_id"]) == (proposal, actor)
        for row in table(rows, "proposer").values()
    )


def days_since(of: tuple[int | None, int | None], now: int, zone: str) -> int | None:
    """Days of the calendar since the last day of something; 0 while it may still be going on."""
    first, latest = of
    if latest is None:
        return None
    day, today = (
        dt.datetime.fromtimestamp(at - 1, ZoneInfo(zone)).date().toordinal() for at in (latest, now)
    )
    if today >= day:
        return today - day
    return 0 if first is not None and first < now else None


# --- Commitments


def statuses(rows: Rows, now: int, zone: str) -> dict[str, str]:
    """How each commitment stands, by ref."""
    return {row["ref"]: status(rows, row, now, zone) for row in table(rows, "commitment").values()}


def status(rows: Rows, row: Row, now: int, zone: str) -> str:
    outcomes = []
    for outcome in table(rows, "outcome").values():
        if outcome["commitment_id"] == row["id"]:
            first, last = bounds(table(rows, "event")[outcome["event_id"]])
            never = float("-inf")
            place = (
                never if first is None else first,
                never if last is None else last,
                outcome["id"],
            )
            outcomes.append((place, outcome))
    outcomes.sort(key=lambda one: one[0])
    due = bounds(row, "due")
    for _, outcome in outcomes:
        if outcome["result"] == "extended":
            due = bounds(outcome, "due")
    if outcomes and outcomes[-1][1]["result"] != "extended":
        return str(outcomes[-1][1]["result"])
    if cannot_come(rows, row, now, zone) or is_past(ends(rows, row, due, zone), now):
        return "lapsed"
    if is_past(due[1], now):
        return "overdue"
    if due[0] is not None and due[0] < now:
        return "due"
    return "pending"


def is_past(instant: int | None, now: int) -> bool:
    return instant is not None and instant <= now


def cannot_come(rows: Rows, row: Row, now: int, zone: str) -> bool:
    offer = table(rows, "proposal").get(row["depends_on_proposal_id"])
    if offer is not None:
        word = stage(rows, offer, now)
        if row["depends_on_answer"] == "not_accepted":
            if word == "agreed":
                return True
        elif word not in ("open", "agreed"):
            return True
    above = table(rows, "commitment").get(row["depends_on_commitment_id"])
    if above is None or in_a_circle(rows, row):
        return False
    return status(rows, above, now, zone) in ("broken", "withdrawn", "lapsed")


def in_a_circle(rows: Rows, row: Row) -> bool:
    """Whether a commitment depends on itself by way of others."""
    met = set()
    above = row["depends_on_commitment_id"]
    while above in table(rows, "commitment") and above not in met:
        met.add(above)
        above = table(rows, "commitment")[above]["depends_on_commitment_id"]
    return row["id"] in met


def ends(rows: Rows, row: Row, due: tuple[int | None, int | None], zone: str) -> int | None:
    """The last instant of something that lasts, None where it is not known."""
    length = re.fullmatch(r"P(\d+)D", row["duration"])
    if length is None:
        assert row["duration"] == "", "no other durations are in these dossiers"
        return None
    last = None
    if due != (None, None):
        last = due[1]
    elif row["depends_on_proposal_id"] in table(rows, "proposal"):
        last = bounds(table(rows, "proposal").get(row["depends_on_proposal_id"]), "start")[1]
    elif not (
        row["depends_on_commitment_id"] in table(rows, "commitment")
        or row["condition"]
        or row["depends_on_text"]
    ):
        last = bounds(table(rows, "event").get(row["event_id"]))[1]
    if last is None:
        return None
    local = dt.datetime.fromtimestamp(last, ZoneInfo(zone)).replace(tzinfo=None)
    moved = local + dt.timedelta(days=int(length[1]))
    return int(moved.replace(tzinfo=ZoneInfo(zone)).timestamp())
