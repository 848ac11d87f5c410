"""The words of specs: which mean the same, which say the opposite, and which narrow or widen what they stand beside.

A word that no list knows stands for itself. The lists know no language but English.
"""

from __future__ import annotations

from functools import lru_cache

_STOP = frozenset(
    """
    a an the this that these those it its it's they them their theirs he she his her him who whom whose which what
    be is are was were been being am do does did done have has had having of to in on at by for from with within
    into onto as than then and or but so also too such there here per via over under between among about against
    across along through upon i.e e.g ie eg etc. etc one own very thus hence therefore otherwise moreover further
    furthermore additionally addition still already simply remain remains stay stays someone somebody anyone
    itself themselves himself we you your our us me my i respective respectively following given above below latter
    former said aforementioned shall must should may can will would could might if when whenever where while once
    system way manner case fact moment point purpose able make made ensure guarantee perform carry take place
    get happen occur set value amount number total kind type sort form result upon either whether well individual
    single even ever again away instead rather nor times e g
    """.split()  # noqa: SIM905 - words in lines read better
)
# Groups of words that mean the same in a spec; the first stands for all of them.
_SYNONYMS = """
    accept allow permit grant admit authorise authorize take let; delete remove erase purge wipe clear discard
    drop evict; store save persist keep kept retain hold held preserve record; send sent transmit deliver emit
    publish forward; show shown display present render view see; create make made build built generate produce;
    change modify alter edit update; check verify validate verification validation; reply respond response
    answer return; notify inform tell told alert notification; error fault mistake; stop end halt finish cease
    terminate; start begin launch boot startup; use employ utilise utilize; obtain get receive; copy replica replicate
    duplicate; person people human; item entry element entries; maximum max limit cap; minimum min; admin
    administrator; email e-mail mail; immediate instant; automatic automatically; identical same equal;
    permission privilege; login logon; choose chosen select pick; sign signature; colour color; behaviour
    behavior; licence license; normalise normalize; serialise serialize; synchronise synchronize sync;
    initialise initialize; after afterwards subsequently;
    directory folder; basket cart; doctor physician; picture photo image photograph; lift elevator; call invocation;
    buyer purchaser customer shopper; configuration config; film movie; car vehicle automobile; aircraft plane
    airplane; phone telephone smartphone handset; employee worker staff; vendor supplier seller; invoice bill;
    website webpage site; database db; repository repo; argument parameter; identifier id; application app;
    document doc; fee charge; passenger traveller traveler; teacher instructor; student pupil; product goods article
"""
# Groups: a word, then those that say the opposite, so that "does not accept" is "rejects".
_ANTONYMS = """
    accept reject refuse deny decline forbid block prohibit disallow rejection refusal denial;
    succeed success fail failure; used unused; enable disable deactivate; include exclude omit;
    active inactive inactivity; valid invalid malformed; correct incorrect wrong erroneous; known anonymous;
    encrypted plaintext cleartext; visible hidden invisible; present absent; same different differ;
    open close closed closure shut; complete incomplete; consistent inconsistent; secure insecure;
    accessible inaccessible; compatible incompatible; possible impossible; mutable immutable; online offline; yes no;
    on off; up down; true false; empty full occupied
"""
_NO_PREFIX = ("under", "union", "uniq", "unit", "unif", "univers", "unix", "unicod", "unle", "unti")


def stem(word: str) -> str:
    """`word` (in lower case) without its ending."""
    for ending, instead in (("ies", "y"), ("ied", "y")):
        if word.endswith(ending) and len(word) > 4:
            return word[: -len(ending)] + instead
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    for endings in (("ing", "ed", "ly"), ("ion", "ment", "ance", "ence")):
        for ending in endings:
            if word.endswith(ending) and len(word) - len(ending) >= (3 if "ing" in endings else 5):
                word = word[: -len(ending)]
                break
    word = word.removesuffix("e")
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiou" else word


def _groups(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.split(";"):
        names = line.split()
        for name in names:
            found.setdefault(stem(name), stem(names[0]))
    return found


def _opposites(text: str, same: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.split(";"):
        base, *others = line.split()
        for name in others:
            found[name] = found[stem(name)] = same.get(stem(base), stem(base))
    return found


_SAME = _groups(_SYNONYMS)
_OPPOSITE = _opposites(_ANTONYMS, _SAME)


@lru_cache(maxsize=4096)
def canonical(word: str) -> tuple[str, bool]:
    """The word that stands for `word` (in lower case) and its synonyms, and whether it says the opposite of that."""
    base = stem(word)
    if base.startswith(("non-", "un")) and not base.startswith(_NO_PREFIX) and len(base) >= 5 and base not in _SAME:
        found, opposite = canonical(base.removeprefix("non-").removeprefix("un"))
        return found, not opposite
    contrary = _OPPOSITE.get(word) or _OPPOSITE.get(base)
    return (contrary, True) if contrary is not None else (_SAME.get(base, base), False)


def is_filler(word: str) -> bool:
    """Whether a word in lower case says nothing about what is required."""
    return word in _STOP


def words(text: str) -> frozenset[str]:
    """The canonical words of a list of words."""
    return frozenset(canonical(word)[0] for word in text.split())


def narrows(spelling: str) -> bool:
    """Whether a word, as it was written, says that not all are meant, or only in one place, time or group."""
    word = spelling.lower()
    return not {word, word.removesuffix("s")}.isdisjoint(SOME | SCOPE)


NEGATIONS = frozenset(
    "not never no none neither cannot nothing nobody without non lack lacking lacks missing".split()  # noqa: SIM905
)
ALL = words("all every each any everyone everything always")
ONLY = words("only solely exclusively merely just")
SOME = frozenset(
    """
    some most many several certain selected select few partial partially particular specific sensitive critical
    important major relevant significant applicable eligible chosen majority essential primary high-risk
    high-priority privileged premium paying enterprise internal external trusted untrusted registered
    administrative public non-admin first-time opted-in flagged admin administrator
    """.split()  # noqa: SIM905
)
"""What says that not all are meant."""
SCOPE = frozenset(
    """
    production prod staging development dev debug test testing pre-release beta linux windows macos
    android ios desktop mobile admin administrator weekday weekend holiday night hour office peak business working
    startup login europe eu premium enterprise beta sandbox strict lenient mode maintenance emergency circumstance
    ci laboratory lab wifi wi-fi lan roaming
    """.split()  # noqa: SIM905
)
"""Places, times and groups that narrow a duty when they are added to it."""
GROUPS = words(
    """
    user customer client account tenant device request file session connection environment build plan tier region
    role member order transaction endpoint route method platform browser version operation payload message call
    event record job node host service table column key role network error attempt change page field item upload
    download
    """
)
"""Things that a duty is about in numbers; "paid" before one of them makes them fewer."""
PROVIDING = words(
    """
    use return provide send create display show have contain accept require need offer include be give write
    report run generate support emit present respond answer carry consist implement follow
    """
)
"""Verbs whose object is brought about: more words about it ask for more. Other verbs act on all of their objects."""
LIMITING = words(
    """
    allow hold limit long length size big high height large weight width depth duration old age period small short
    fast count score level wide deep tall far slow often
    """
)
"""Words that a bound makes needless: "may hold at most 10" is "is limited to 10"."""
ENDING = words("delete end stop prevent hide disconnect avoid lose ignore drop skip free")
"""Verbs that leave nothing: "files are deleted" is "no files remain"."""
NEUTRAL = (
    words(
        """
    always limit minimum incoming actual current respectively strictly explicitly any all each every
    whenever back out off level ensured overall related corresponding associated particular up down both two given
    other component implementation software module support feature everything itself applicable-to text word
    """
    )
    - ONLY
)
"""Words that change nothing when they come or go."""
ACCEPT = canonical("accept")[0]
