"""Quantities in a sentence: values in base units, each with the direction in which it binds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from pytest_orchestrator.spec_guard.document.requirements.keywords import alternatives, phrases
from pytest_orchestrator.spec_guard.document.requirements.units import (
    BYTES_TWICE,
    SCALES,
    SECONDS,
    VALUE,
    read_unit,
)
from pytest_orchestrator.spec_guard.document.requirements.vocabulary import canonical

Bound = Literal["upper", "lower", "exact", "bare"]

_UPPER = alternatives(
    r"""
    at (?:the )?(?:very )?most|(?:a )?max(?:imum|imal)?(?: \w+)?(?: of| is)?|max\.|up to|within(?: at most)?|under|below
    beneath|(?:less|fewer|lower|smaller|shorter|sooner|earlier|younger|faster|narrower|closer|nearer|lighter
    |cooler|slower|thinner|cheaper)(?: \w+)? than
    limit(?:ed)?(?: of| to| is| at)?|capped (?:at|to)|cap(?: of| is)|ceiling(?: of| is)?|restricted to
    bounded (?:by|at)|budget of|by at most|only|<=|<|≤|⩽|±|\+/-
    """
)
_LOWER = alternatives(
    r"""
    at (?:the )?(?:very )?least|(?:a )?min(?:imum|imal)?(?: \w+)?(?: of| is)?|min\.|at a minimum(?: of)?|floor of|over
    above|beyond|(?:more|greater|larger|higher|longer|later|older|bigger|further|wider)(?: \w+)? than
    (?!other|rather)\w{3,}er than|exceed(?:s|ing|ed)?|reach(?:ed)? the age of|surpass(?:es|ing)?|>=|>|≥|⩾
    """
)
_EXACT = r"(?:exactly|precisely|equal(?:s)? to|equals?|==|=)"
_NEGATED = r"(?P<not>\b(?:no|not|never|without)\s+(?:be(?:ing)? |go(?:ing)? |fall(?:ing)? |drop(?:ping)? |to )?)?"
_BEFORE = re.compile(
    rf"{_NEGATED}(?<!\w)(?:(?P<upper>{_UPPER})|(?P<lower>{_LOWER})|(?P<exact>{_EXACT}))"
    r"\s*(?:(?:an?|the|of|total) ){0,2}$"
)
_OR_LESS = alternatives(
    r"""
    or (?:less|fewer|lower|under|more often|sooner|shorter|below|earlier|smaller|faster)|at (?:the )?most|at the latest
    (?:as (?:an?|the) )?maximum|and (?:below|under|less)
    """
)
_OR_MORE = alternatives(
    r"""
    or (?:more|greater|higher|longer|above|later|newer|better|over|larger|older)|at (?:the )?least
    (?:as (?:an?|the) )?minimum|at (?:an? )?minimum|and (?:above|over|later|newer|higher)
    """
)
# Up to two words may stand between: "10 open files at most".
_AFTER = re.compile(
    rf"(?:\s+[\w-]+){{0,2}}?(?:(?P<upper>\s*,?\s*{_OR_LESS}\b)|(?P<lower>\s*,?\s*{_OR_MORE}\b))(?!\s*\d)", re.IGNORECASE
)
_NUMBER = re.compile(
    rf"(?<![\w.,/:#-])(?P<money>[$€£]\s?)?(?P<sign>[-\u2212])?(?P<value>{VALUE})"
    r"(?P<scale>[kKM](?![\w%])|[ -](?:dozen|hundred|thousand|million|billion)\b)?"
    r"(?P<plus>\+(?!\d))?(?P<unit>[ -]?(?:[A-Za-zµμ]+(?:/s)?(?!\w)|[%‰]|°[CF]|[$€£]))?"
)
_PER = re.compile(
    r"(?:\s[\w-]+){0,2}?\s?(?:/|per |an? |each |every )\s?(s|sec|second|min|minute|h|hour|day|week|month|year)\b",
    re.IGNORECASE,
)
_POSITIONS = ("below", "under", "beneath")
_ABOVE = re.compile(r"(?:more|greater|over|above|exceed\w*)\b")
_BELOW = re.compile(r"(?:less|fewer|under|below)\b")
_POWER = re.compile(r"\^(\d{1,2})(?!\d)")
_DIGIT = re.compile(r"\d")
_DATE = re.compile(r"\d+[-/:]\d+[-/:T]|\d{1,2}:\d{2}")
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)(?!\d|[:.]\d)")
_DAY = re.compile(r"(\d{4})-([01]\d)-([0-3]\d)(?![\w-])")
_UNTIL = re.compile(r"\b(?:by|before|until|till|to|than)(?: the)?\s*$")
_SINCE = re.compile(r"\b(?:after|from|since)(?: the)?\s*$")
_EVERY = re.compile(r"\b(?:every|each)\s*$")
_RATIO = re.compile(r" ?: ?1(?![\d:])")
_VERSION_NAME = re.compile(
    r"(?:\bv|\b(?:versions?|TLS|SSL|HTTP|Python|OAuth|USB|Java|Node|Bluetooth|protocol|ECMAScript|Go|Rust"
    r"|Django|Linux|kernel))[ /-]?$",
    re.IGNORECASE,
)
_STATUS = re.compile(r"[1-5]\d\d")  # "HTTP 404"
_EVENTS = re.compile(r"\s[a-z-]+s\b")  # "when 10 transfers fail": more of them do so, too
_UPPER_NOUN = phrases(
    r"""
    limits?|max|maximum|time-?outs?|ceiling|quota|cap|latency|delay|lag|response times?|error rates?|jitter
    session (?:length|duration|lifetime)
    downtime|rto|rpo|drift|overhead|loss|failure rates?|deadline|budget|largest|longest|staleness|skew|ttl
    consumption|upper
    """
)
_LOWER_NOUN = phrases(
    r"""
    (?<!\d )min|minimum|availability|available|uptime|coverage|throughput|accuracy|precision|recall|entropy|retention
    capacity|contrast|(?:battery|shelf|service) life|success rates?|durability|smallest|shortest|lower
    """
)
_SUPPORT = phrases(
    r"""
    support\w*|accept\w*|handle\w*|sustain\w*|serv(?:e|es|ing)|process(?:es|ing)?|detect\w*|recogni[sz]e\w*
    be able to|work\w*|function\w*
    scale\w*|measur\w*|operat\w*|tolerate\w*|cope\w*|withstand\w*|survive\w*|insur\w*|cover\w*|refund\w*|reimburs\w*|compensat\w*
    """
)
# Words that a comparison follows when it says what holds, not which things are meant: "be larger than 5".
_HOLDS = re.compile(
    r"\b(?:be|is|are|been|keep|kept|maintain\w*|stay\w*|remain\w*|have|has|hold|provide\w*|achieve\w*|sustain\w*"
    r"|reach\w*|guarantee\w*|contain\w*|retain\w*|last|live|take|takes|wait|run|use|uses|complete\w*|respond\w*"
    r"|with|in|of|to)(?: (?:for|at|in|open|alive))?\s*$"
    r"|\b(?:keep|maintain|stay|remain|achieve|provide|guarantee|sustain)(?: [\w-]+){1,3}\s*$"
)
_WHICH = re.compile(r"\b(?:that|which|who) (?:is|are|has|have)\s*$")
_ELAPSED = re.compile(r" (?:old|late|overdue|ago|away|idle)\b")
_AT = re.compile(r"\b(?:on|across|by|with|from)\s*$")
_FOR = re.compile(r"\bfor\s*$")
_WORTH = re.compile(r"\b(?:worth|weighing|costing|lasting|measuring|aged|valued at|priced at)\s*$")
_SOON = re.compile(r"\b(?:respond|reply|complete|finish|start|load)\w*(?: \w+){0,3} in\s*$")
_DELAYED = re.compile(r"\bafter\s*$")
_WAITS = re.compile(r"\b(?:wait|retr|sleep|delay)")
_KEPT = re.compile(
    r"\blasts?(?: for)?\s*$|\b(?:kept|keep|retain\w*|stor(?:e|ed)|preserve\w*|available) (?:\w+ ){0,4}for\s*$"
)
# "20 idle minutes": the word between stays in the sentence.
_IDLE = re.compile(r"\s[a-z]+\s(seconds|minutes|hours|days|weeks)\b")
_AGAIN = re.compile(r"\s*(?:\)|for\b|on\b|in\b|if\b|when\b|at\b|$)")
_BESIDE = re.compile(r"(?:\bor|/|\(|,|\bbut|;)\s*(?:\w+ ){0,3}$")


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A number with its unit. `value` is in the dimension's base unit: seconds, bytes, per second."""

    value: float
    dimension: str
    """`time`, `bytes`, `percent`, `count`, `version`, and so on; with `/s` for rates."""
    bound: Bound
    """Whether a larger value is weaker (`upper`), a smaller one (`lower`), or any other one (`exact`, `bare`)."""
    text: str
    """As it was written."""
    either: float = 0.0
    """The value when kB, MB and so on are read as powers of 1024."""
    scope: bool = False
    """Whether it says which things or cases a duty is about: "files larger than 1 MB"."""
    explicit: bool = False
    """Whether a word of comparison says its direction; otherwise the words around it suggest it."""
    beside: bool = False
    """Whether it is an alternative to another quantity: "or 20", "(20 for guests)"."""
    above: bool | None = None
    """Whether its words say "more than", not "less than"; None without such words."""
    loose: bool = False
    """Whether its unit is only roughly as long as its value: months and years."""

    def equals(self, other: Quantity) -> bool:
        """Whether both are the same amount, in whatever units."""
        near = 0.03 if self.loose or other.loose else 1e-9
        close = abs(self.value - other.value) <= near * max(abs(self.value), abs(other.value))
        return close or bool(self.either and self.either == other.either)


def find_quantities(
    text: str, *, condition: bool = False, negated: bool = False, predicate: int = 0
) -> tuple[tuple[Quantity, ...], str]:
    """The quantities of a sentence that `plain_numbers` made, and the sentence with `#` in place of each.

    Words of comparison are taken out with their number. In a condition, and beside the things that a duty is about, a
    comparison says which cases are meant: fewer cases are weaker, so its direction is turned. Under a negated key word
    it is turned as well: "MUST NOT hold more than 10" is an upper bound. What is to be done starts at `predicate`.
    """
    if _DIGIT.search(text) is None:
        return (), text
    found: list[Quantity] = []
    rest: list[str] = []
    end = 0
    last = 1.0
    low = text.lower()
    for match in _NUMBER.finditer(text):
        moment = _moment(text, match.start("value")) if match.start() >= end else None
        if match.start() < end or (moment is None and _DATE.match(text, match.start("value"))):
            continue
        before = text[end : match.start()]
        value, dimension, factor, stop = moment or _amount(text, match)
        if found and dimension == "count" and _AGAIN.match(text, stop) and _BESIDE.search(before):
            # "15 minutes (5 for guests)": the unit goes without saying.
            dimension, factor = found[-1].dimension, last
        last = factor
        lead = _BEFORE.search(before.lower(), max(0, len(before) - 40))
        trail = None if lead else _AFTER.match(text, stop)
        begin = lead.start() if lead else len(before)
        verb = text[max(predicate, end) : end + begin] if end + begin >= predicate else ""
        place = _Place(
            text=low,
            before=before[:begin].lower(),
            verb=verb,
            subject=end + begin < predicate,
            dimension=dimension,
            condition=condition,
            negated=negated,
            following=low[stop : stop + 20],
        )
        bound, scope = _bound(place, lead, trail, plus=bool(match["plus"]))
        if lead and dimension == "count" and value.is_integer() and not lead["not"] and not negated:
            # Things are counted in whole numbers: fewer than 11 are at most 10.
            value += 1 if _ABOVE.match(lead[0]) else -1 if _BELOW.match(lead[0]) else 0
        again = negated and dimension == "count" and bound == "bare" and value > 1 and low.startswith(" times", stop)
        if again:
            # "MUST NOT be sent 2 times" is "at most 1 times".
            value, bound = value - 1, "upper"
        size = dimension == "bytes"
        quantity = Quantity(
            value=value * factor,
            dimension=dimension,
            bound=bound,
            text=" ".join((before[begin:] + text[match.start() : stop]).split()),
            either=value * (BYTES_TWICE.get(factor) or factor) if size else 0.0,
            scope=scope or condition,
            explicit=again or lead is not None or trail is not None,
            beside=bool(found) and _BESIDE.search(before[:begin]) is not None,
            above=_above(lead, trail),
            loose=factor in (2592000.0, 31536000.0) and dimension == "time",
        )
        if found and _continues(found[-1], quantity, before):
            found[-1] = replace(found[-1], value=found[-1].value + quantity.value)
            end = stop
            continue
        found.append(quantity)
        rest += [before[:begin], " # "]
        end = stop
        if trail:
            # The noun between the number and "at most" stays.
            rest.append(text[stop : trail.start("upper") if trail["upper"] else trail.start("lower")])
            end = trail.end()
    return tuple(found), "".join([*rest, text[end:]])


def _moment(text: str, begin: int) -> tuple[float, str, float, int] | None:
    # A time of the day, in minutes, or a date, in days of months with 31: only their order counts.
    found = _CLOCK.match(text, begin)
    if found is not None:
        return int(found[1]) * 60.0 + int(found[2]), "clock", 1.0, found.end()
    found = _DAY.match(text, begin)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    return (year * 12.0 + month) * 31 + day, "date", 1.0, found.end()


def _amount(text: str, match: re.Match[str]) -> tuple[float, str, float, int]:
    # The value, the dimension, the factor to its base unit, and where the quantity ends.
    written = match["value"]
    named = _VERSION_NAME.search(text, max(0, match.start() - 20), match.start())
    if written.count(".") > 1 or (named and not _STATUS.fullmatch(written)):
        parts = [*re.findall(r"\d+", written), "0", "0"][:3]
        return (
            sum(int(part[:6]) * 1e6**power for part, power in zip(parts, (2, 1, 0), strict=True)),
            "version",
            1.0,
            match.end("value"),
        )
    plain = re.sub(r"[,_ \u00a0\u202f](?=\d{3}(?!\d))", "", written).replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        value = float(re.sub(r"\D", "", plain)[:15])
    stop = match.end("value")
    power = _POWER.match(text, stop)
    if power is not None:
        value, stop = value ** int(power[1]) if value <= 1e3 else value, power.end()
    if match["sign"]:
        value = -value
    if match["scale"]:
        value *= (
            SCALES[match["scale"].strip(" -")]
            if len(match["scale"]) < 2
            else SCALES[match["scale"].strip(" -").lower()]
        )
        stop = match.end("scale")
    if match["plus"]:
        stop = match.end("plus")
    ratio = _RATIO.match(text, stop)
    if ratio is not None:
        return value, "ratio", 1.0, ratio.end()
    unit = match["unit"] or match["money"] or ""
    # By the SI "5 m" is a length; minutes are written "5m" or "5 min".
    idle = None if read_unit(unit.strip(" -")) else _IDLE.match(text, stop)
    if idle is not None:
        return value, *(read_unit(idle[1]) or ("time", 1.0)), stop
    known = ("metre", 1.0) if unit == " m" else read_unit(unit.strip(" -"))
    if known is not None and match["unit"]:
        stop = match.end("unit")
    dimension, factor = known or ("count", 1.0)
    per = _PER.match(text, stop)
    if per is not None and dimension != "time":
        return (
            value,
            f"{dimension}/s",
            factor / SECONDS[per[1].casefold()],
            per.end() if per.end() - stop < 12 else stop,
        )
    return value, dimension, factor, stop


@dataclass(frozen=True, kw_only=True)
class _Place:
    # Where a number stands: the words before it, those of them that say what is to be done, and the kind of clause.
    text: str
    before: str
    verb: str
    subject: bool
    dimension: str
    condition: bool
    negated: bool
    following: str


def _bound(place: _Place, lead: re.Match[str] | None, trail: re.Match[str] | None, *, plus: bool) -> tuple[Bound, bool]:
    # The direction of a number, and whether it says which cases are meant.
    if lead is not None and lead["exact"]:
        return "exact", False
    scope = False
    if lead is not None:
        bound, scope = _compared(place, lead)
    elif trail is not None:
        bound = "upper" if trail["upper"] else "lower"
        if (
            trail["lower"]
            and trail["lower"].strip(" ,").casefold() == "or better"
            and place.dimension in ("time", "metre", "celsius")
        ):
            bound = "upper"
        if place.negated and not place.condition:
            bound = _turn(bound)
        elif not place.condition and _WORTH.search(place.before):
            scope = True
    elif place.dimension == "count" and _EVERY.search(place.before):
        return "upper", True  # "every 10 requests"
    else:
        bound = "lower" if plus else _implied(place)
    turned = bound in ("upper", "lower") and (place.condition or scope)
    return (_turn(bound) if turned else bound), scope


def _compared(place: _Place, lead: re.Match[str]) -> tuple[Bound, bool]:
    bound: Bound = "upper" if lead["upper"] else "lower"
    word = (lead["upper"] or lead["lower"]).casefold()
    near = place.before[-60:]
    if lead["not"]:
        early = place.dimension == "time" and place.following.startswith(" before")
        return bound if early else _turn(bound), False  # "no later than 3 days before it"
    if place.negated and not place.condition:
        return _turn(bound), False
    if word == "up to":
        return ("lower" if _SUPPORT.search(place.text) else "upper"), False
    if bound == "lower" and place.following.startswith(" and up to") and _SUPPORT.search(place.text):
        # What supports 2 to 8 supports less than what supports 1 to 9.
        return "upper", False
    if not place.condition and (_WORTH.search(near) or _WHICH.search(near)):
        return bound, True
    if place.subject and re.search(r"\w\s*$", near) and not _HOLDS.search(near):
        return bound, not (_UPPER_NOUN.search(near) or _LOWER_NOUN.search(near))
    # "stays below 5" is a limit; "refuses what is below 5" says which cases are meant.
    if bound == "upper" and not word.endswith("than") and not (word in _POSITIONS and _refuses(place.verb)):
        return bound, False
    if word.startswith(("at ", "max", "min", "a ", "in ")) or not word[-1].isalpha():
        return bound, False
    if place.condition or not re.search(r"\w\s*$", near) or _HOLDS.search(near) or len(place.verb.split()) == 1:
        return bound, False
    return bound, not (_UPPER_NOUN.search(near) or _LOWER_NOUN.search(near))


def _refuses(verb: str) -> bool:
    return any(canonical(word)[1] for word in verb.split()[:1])


def _implied(place: _Place) -> Bound:
    # The direction of a number without a word of comparison, by the words around it.
    near = place.before[-60:]
    if place.dimension in ("clock", "date"):
        return "upper" if _UNTIL.search(near) else "lower" if _SINCE.search(near) else "bare"
    if place.dimension == "percentile" or (place.dimension == "percent" and _share(place)):
        return "lower"
    if place.dimension == "count" and not place.negated and not place.condition and _copies(place):
        return "lower"
    if place.dimension == "time" and re.search(r"\b(?:every|each)\s*$", near):
        return "upper"
    if place.condition:
        events = place.dimension == "count" and _EVENTS.match(place.following)
        return (
            "lower" if events or _ELAPSED.match(place.following) or re.search(r"\b(?:for|after)\s*$", near) else "bare"
        )
    if _SOON.search(near) or (_DELAYED.search(near) and not _WAITS.search(near)):
        return "upper"
    if _KEPT.search(near):
        return "lower"
    upper, lower = _UPPER_NOUN.search(place.text), _LOWER_NOUN.search(place.text)
    return "bare" if bool(upper) == bool(lower) else "upper" if upper else "lower"


def _copies(place: _Place) -> bool:
    # "stored on 2 nodes", "2 reviewers MUST approve": more of them are stricter.
    things = _EVENTS.match(place.following) is not None
    return things and (_AT.search(place.before) is not None or (place.subject and not place.before.strip()))


def _share(place: _Place) -> bool:
    # "95 % of the requests MUST be answered": a larger share is stricter.
    return (
        place.following.startswith(" of ")
        and not place.negated
        and not place.condition
        and (place.subject or _FOR.search(place.before) is not None)
    )


def _above(lead: re.Match[str] | None, trail: re.Match[str] | None) -> bool | None:
    if lead is not None and not lead["exact"]:
        return (lead["lower"] is not None) != (lead["not"] is not None)
    return None if trail is None else trail["lower"] is not None


def _turn(bound: Bound) -> Bound:
    return "lower" if bound == "upper" else "upper"


def _continues(last: Quantity, quantity: Quantity, between: str) -> bool:
    # "1 h 30 min" is one duration.
    smaller = quantity.dimension == last.dimension == "time" and quantity.value < last.value
    return smaller and quantity.bound == "bare" and between.strip() in ("", "and")
