"""Numbers and units as they are written: number words, ranges, and what a unit is worth."""

from __future__ import annotations

import re

_NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {
    word: str(10 * value)
    for value, word in enumerate(["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=3)
}
_NUMBERS |= {
    word: str(value)
    for value, word in enumerate(["third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], start=3)
}
SCALES = {"dozen": 12.0, "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "k": 1e3, "K": 1e3, "M": 1e6}
_WORD_NUMBER = re.compile(
    rf"\b({'|'.join(_NUMBERS)})(?:[- ](one|two|three|four|five|six|seven|eight|nine))?\b(?![- ]part(?:y|ies)\b)",
    re.IGNORECASE,
)
_SPAN = r"(?=(?:second|minute|hour|day|week|month|year)\b)"
_SPELLED = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        (r"\b(?:greater|more|larger|higher|longer) than or equal to\b", "at least"),
        (r"\b(?:less|fewer|smaller|lower|shorter) than or equal to\b", "at most"),
        (r"\b(?:one|1) and a half\b", "1.5"),
        (r"\b(?:two|2) and a half\b", "2.5"),
        (r"\bhalf (?:of )?(?:an? |the )(?=(?:second|minute|hour|day)\b)|\bhalf an? (?=[a-z]+\b)", "0.5 "),
        (r"\ban? (?=(?:dozen|hundred|thousand|million|billion)\b)", "1 "),
        (r"\b(?:a )?quarter of an hour\b", "15 minutes"),
        (r"\bper ?cent\b", "percent"),
        (r"\bp(\d\d(?:\.\d+)?)\b", r"\1 percentile"),
        (r"(?<=\d)(?:st|nd|rd|th)(?=[ -]percentile)", ""),
        (r"\bhalf\b(?= of\b)", "50 %"),
        (
            r"\b(?:at least )?once (?:per|an?|every|each) (?=(?:second|minute|hour|day|night|week|month|year)\b)",
            "every ",
        ),
        (r"\bonce (?=(?:per|an?|every|each) )", "1 times "),
        (r"\b(?:daily|nightly)\b|\b(?:every|each) (?:day|night)\b", "every 1 day"),
        (r"\bhourly\b", "every 1 hour"),
        (r"\bweekly\b", "every 1 week"),
        (r"\bmonthly\b", "every 1 month"),
        (r"\b(?:yearly|annually|annual)\b", "every 1 year"),
        (r"\b(exactly|at most|at least|more than|only) once\b", r"\1 1 times"),
        (r"(?<=\d )([a-z]+(?: (?:from|by|of) an? [a-z]+)?) in (?:an?|one|1) (second|minute|hour|day)\b", r"\1 per \2"),
        (r"\btwice\b|\bsecond (?:time|attempt|failure|try)\b", "2 times"),
        (r"\bat least (?=every \d)", ""),
        (rf"\b(within|in|after|for|least|most|every|than) an? {_SPAN}", r"\1 1 "),
        (rf"\b(?:every|each) {_SPAN}", "every 1 "),
        (r"\b(least|most|than|exactly|one|within|in|after|for|every|to|only) one\b(?! of)", r"\1 1"),
        (rf"\bone {_SPAN}", "1 "),
        (r"\ba single (?!sign)", "1 "),
    )
)

# Whether the patterns above are worth a try, for text in lower case.
_SPELLS = re.compile(
    rf"\b(?:{'|'.join(_NUMBERS)}|dozen|hundred|thousand|million|billion|half|equal|cent|percentile|p\d\d|once|twice|second|daily|nightly|hourly|weekly"
    r"|monthly|yearly|annual\w*|single|quarter|at least every"
    r"|(?:an?|every|each) (?:second|minute|hour|day|night|week|month|year))\b",
)
_RAISED = re.compile(r"(?<=\d)[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_PLAIN_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_TWO = re.compile(r"\d\D{1,20}\d")


def _table(text: str) -> dict[str, tuple[str, float]]:
    found: dict[str, tuple[str, float]] = {}
    for line in text.strip().split("\n"):
        dimension, factor, *names = line.split()
        found.update({name: (dimension, float(factor)) for name in names})
    return found


# dimension, factor to the base unit, names. Names of one or two letters keep their case: Mb is not MB.
_UNITS = _table(
    """
    time 1e-9 ns nanosecond nanoseconds nsec
    time 1e-6 us µs μs microsecond microseconds usec
    time 1e-3 ms millisecond milliseconds msec millis
    time 1 s sec secs second seconds
    time 60 m min mins minute minutes
    time 3600 h hr hrs hour hours
    time 86400 d day days
    time 604800 w week weeks
    time 2592000 month months mo
    time 31536000 y yr yrs year years
    time 1209600 fortnight fortnights
    time 315360000 decade decades
    bytes 1 B byte bytes octet octets
    bytes 1e3 kB KB kb kilobyte kilobytes
    bytes 1e6 MB mb megabyte megabytes
    bytes 1e9 GB gb gigabyte gigabytes
    bytes 1e12 TB tb terabyte terabytes
    bytes 1e15 PB pb petabyte petabytes
    bytes 1024 KiB kib kibibyte kibibytes
    bytes 1048576 MiB mib mebibyte mebibytes
    bytes 1073741824 GiB gib gibibyte gibibytes
    bytes 1099511627776 TiB tib tebibyte tebibytes
    bytes 0.125 bit bits
    bytes 125 kbit kbits Kbit
    bytes 125e3 Mbit Mbits Mb
    bytes 125e6 Gbit Gbits Gb
    bytes/s 0.125 bps
    bytes/s 125 kbps Kbps
    bytes/s 125e3 Mbps mbps
    bytes/s 125e6 Gbps gbps
    count/s 1 Hz rps qps tps RPS QPS TPS
    count/s 1e3 kHz
    count/s 1e6 MHz
    count/s 1e9 GHz
    count/s 0.016666666666666666 rpm RPM
    percent 1 % percent percents
    percent 0.1 ‰ permille
    percentile 1 percentile percentiles
    celsius 1 °C celsius
    fahrenheit 1 °F
    volt 1 V volt volts
    volt 1e-3 mV
    volt 1e3 kV
    ampere 1 A amp amps ampere
    ampere 1e-3 mA milliamps
    ampere 1e-6 µA uA
    watt 1 W watt watts
    watt 1e-3 mW
    watt 1e3 kW
    joule 3.6e6 kWh
    metre 1 metre metres meter meters
    metre 1e-2 cm centimetre centimetres
    metre 1e-3 mm millimetre millimetres
    metre 1e3 km kilometre kilometres
    gram 1 g gram grams
    gram 1e-3 mg
    gram 1e3 kg kilogram kilograms
    pixel 1 px pixel pixels
    decibel 1 dB
    money:usd 1 $ USD dollar dollars
    money:usd 0.01 cent cents
    money:eur 1 € EUR euro euros
    money:gbp 1 £ GBP pound pounds
    """
)
SECONDS = {
    "s": 1.0,
    "sec": 1.0,
    "second": 1.0,
    "min": 60.0,
    "minute": 60.0,
    "h": 3600.0,
    "hour": 3600.0,
    "day": 86400.0,
}
SECONDS |= {"week": 604800.0, "month": 2592000.0, "year": 31536000.0}
BYTES_TWICE = {1e3: 1024.0, 1e6: 1024.0**2, 1e9: 1024.0**3, 1e12: 1024.0**4, 1e15: 1024.0**5}
VALUE = r"\d+(?:[,_ \u00a0\u202f]\d{3}(?!\d))+(?:\.\d+)?|\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?"
"""The pattern of a number: 10, 1,000, 10 000, 1.5e3."""
_RANGE = re.compile(
    rf"(?:\b(between|from)\s+)?(?<![\w.,/:#-])([-\u2212]?(?:{VALUE}))(\s?(?:[A-Za-zµμ]+|%|°C))?\s?(-|–|—|\bto\b|\band\b|\.\.)\s?"  # noqa: RUF001
    rf"([-\u2212]?(?:{VALUE}))(?!\d|[-/:.]\d)(\s?(?:[A-Za-zµμ]+|%|°C))?",
    re.IGNORECASE,
)


def plain_numbers(text: str) -> str:
    """`text` with number words as digits, and ranges as two bounds: "5 to 10 s" is "at least 5 s and at most 10 s"."""
    if _SPELLS.search(text.lower()):
        for pattern, instead in _SPELLED:
            text = pattern.sub(instead, text)
        text = _WORD_NUMBER.sub(_digits, text)
    text = text if text.isascii() else _RAISED.sub(lambda found: "^" + found[0].translate(_PLAIN_DIGITS), text)
    return _RANGE.sub(_two_bounds, text) if _TWO.search(text) else text


def read_unit(name: str) -> tuple[str, float] | None:
    """The dimension of the unit `name` and its factor to the base unit; None for any other word."""
    if name.endswith("/s"):
        known = read_unit(name[:-2])
        return None if known is None else (f"{known[0]}/s", known[1])
    return _UNITS.get(name) or (_UNITS.get(name.casefold()) if len(name) > 1 else None)


def _digits(found: re.Match[str]) -> str:
    word = found[1].casefold()
    if word == "one" and not found[2]:
        return found[0]
    value = int(_NUMBERS[word])
    if not found[2]:
        return str(value)
    return str(value + int(_NUMBERS[found[2].casefold()])) if value >= 20 else f"{value} {found[2]}"


def _two_bounds(found: re.Match[str]) -> str:
    opening, low, low_unit, link, high, high_unit = found.groups()
    if (link.casefold() == "and") != (opening is not None and opening.casefold() == "between") or (
        link == "-" and low_unit
    ):
        return found[0]
    unit = high_unit or low_unit or ""
    return f"at least {low}{low_unit or unit} and up to {high}{unit}"
