"""The phrases that give a sentence its force, take it back, or say when it holds.

They are those of English specs: RFC 2119, EARS, Gherkin, and what plain prose says instead.
"""

from __future__ import annotations

import re


def alternatives(text: str) -> str:
    """A regular expression of the alternatives in `text`, longer ones first.

    They are separated by `|` or line ends; a line end within a group is nothing.
    """
    parts = [""]
    depth = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if char in "|\n" and not depth:
            parts.append("")
        else:
            parts[-1] += char
    found = sorted((re.sub(r"\n\s*", "", part.strip()) for part in parts if part.strip()), key=len, reverse=True)
    return f"(?:{'|'.join(found)})"


def phrases(text: str) -> re.Pattern[str]:
    """A pattern of the alternatives in `text` as whole words, for text in lower case: that is three times as fast."""
    return re.compile(rf"(?<![\w-]){alternatives(text)}(?![\w-])")


FORCES = {
    3: "must|shall|required|mandatory|(?:has|have|needs?) to|(?:is|are) obliged to|cannot|can not",
    2: "should|recommended|ought to|(?:is|are) (?:advised|encouraged|expected|supposed|intended|meant) to|would"
    "|advisable|aims? to|strives? to|(?:is|are) (?:advised|encouraged|expected)|recommends?",
    1: "may|optional|might|could|can|(?:is|are) (?:free|allowed|permitted|welcome) to",
    0: "will",
}
"""Key words by the force that they give: 3 MUST, 2 SHOULD, 1 MAY, 0 none."""
FORCE_NAMES = {3: "MUST", 2: "SHOULD", 1: "MAY", 0: "no obligation"}
CAPITALS_ONLY = re.compile(r"\bin all capitals\b|\bRFC ?8174\b", re.IGNORECASE)
"""What a text says by which key words count in capitals only."""
EXCEPTION = phrases(
    r"""
    unless|except(?:ing)?(?: (?:for|when|if|where|that|in|on|as))?|with the exception of
    (?<!one )(?<!body )other than(?! \d)
    apart from|aside from|excluding|excepted|save (?:for|when|where|if)|but not|not (?:including|counting)|barring
    exempt(?:ing|ed)?(?: from)?|with exceptions?
    """
)
CONDITION = phrases(
    r"""
    (?<!even )(?:when|if)|whenever|only if|only when|while|whilst|where|once|as long as|so long as
    provided(?: that)?|providing
    in case|in cases? where|on condition that|assuming|given that|in the event (?:of|that)|subject to|depending on
    upon|during|insofar as|to the extent(?: that)?|only during|only while|only where|by default|until|if and when
    contingent on|as soon as
    """
)
HEDGE = phrases(
    r"""
    where (?:possible|practical|practicable|feasible|appropriate|applicable|reasonable|needed|supported
    |available|convenient)
    (?:if|when|whenever|wherever|where) (?:it is )?(?:at all )?(?:possible|practical|practicable|feasible|appropriate
    |reasonable|convenient|desired|resources (?:allow|permit)|time (?:allows|permits))
    as far as (?:possible|practical|practicable|reasonable)
    as (?:soon|quickly|fast|often|much|many) as (?:possible|practical|practicable|reasonable)|typically|usually
    normally|generally|ideally|preferably|mostly|mainly|largely|(?<!more )often|sometimes|occasionally|eventually
    (?:after|with) a (?:short )?delay
    in general|in most cases|(?:most|much) of the time|in principle|for the most part|as a rule
    under normal (?:conditions|circumstances|load|operation)|(?:on a )?best[- ]effort(?: basis)?|as appropriate
    as (?:needed|necessary|required|applicable)|at (?:its|their|the) discretion
    do(?:es)? (?:its|their) best(?: to)?
    (?:make|makes|making) (?:an?|every|reasonable|its best) (?:reasonable )?effort(?:s)?(?: to)?
    (?:try|tries|trying|attempt|attempts) to|aim(?:s|ing)? (?:to|for)|strive(?:s)? to|endeavou?r(?:s)? to
    seek(?:s)? to|consider|considers|considering|reasonabl[ey]|approximately
    (?:about|around|nearly|almost|some)(?= (?:\d|a |one|two|three|half))|roughly|nominally|circa|more or less
    (?:at|in|for|as) the (?:median|mean|average)|\(configurable\)|on average|in the order of|of the order of|optionally
    may be (?:skipped|omitted|ignored|relaxed|disabled|waived|deferred)
    can be (?:skipped|omitted|ignored|disabled)
    if (?:needed|necessary|required|wanted|requested|configured|enabled|supported|so configured)
    when (?:enabled|configured|supported)|subject to (?:change|availability)|at some point|in due course
    in (?:the )?future|later on|nice to have|not (?:strictly )?required
    as a (?:guideline|recommendation|suggestion|goal|target)|advisory|informative(?:ly)?|non-normative|tbd
    to be (?:determined|decided|confirmed|defined)|to be done|best effort
    unless otherwise (?:noted|stated|specified|agreed)|adequate(?:ly)?|sufficient(?:ly)?|suitable|suitably
    appropriate|as practical|opportunistically|lazily|in theory|hopefully|some reasonable|a reasonable
    if at all possible|whenever feasible|not necessarily|in (?:any|whatever|arbitrary) order|arbitrary|arbitrarily
    """
)
"""What takes back some of the force of the words that it stands beside."""
WEAK_HEADINGS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (
        0,
        phrases(
            r"""
            todo|tbd|proposed|proposals?|planned|dropped|removed|deprecated|deprecations?
            non[- ]?goals?|out[- ]of[- ]scope|not in scope|futures?
            future work|later|backlog|wish ?list|ideas|rejected|rejected .*|withdrawn|superseded|obsolete
            archived?|won'?t (?:do|have)|not planned|informative|non-normative|former|legacy|retired|abandoned
            discarded|cancelled|parked|postponed|deferred|open questions?|alternatives(?: considered)?|historical
            history|attic|graveyard|icebox|ice box|no longer .*|unplanned|stretch(?: goals?)?|aspirations?
            aspirational|possible .*|potential .*|brainstorm(?:ing)?|under consideration
            not yet(?: \w+)?|not (?:required|needed|normative|binding)|unsupported|exclusions|v2|phase (?:2|two)
            next (?:version|release|phase)
            """
        ),
    ),
    (
        1,
        phrases(
            r"""
            optional|may|could(?: have)?|nice[- ]to[- ]haves?|nice|extras?|bonus|permitted|suggestions?
            """
        ),
    ),
    (
        2,
        phrases(
            r"""
            should(?: have)?|recommended|recommendations?|guidelines?|guidance|best practices?|advice|tips|goals
            """
        ),
    ),
)
"""Headings and marks that bring the force of what they govern down to a number."""
INFORMAL_HEADING = phrases(
    r"""
    notes?|glossary|references|changelog|change log|revisions?|examples?|background|motivation|terminology
    definitions|context|rationale|see also|links|contents|authors|decisions?|overview|introduction|summary
    """
)
CRITERIA_HEADING = re.compile(
    r"^(?:acceptance criteri|done when|definition of done|(?:must|should|could)(?:[- ]haves?)?\b"
    r"|(?:[\w-]+ )?requirements?$|constraints?$|limits?$|invariants?$|guarantees?$|mandatory|required)",
    re.IGNORECASE,
)
"""A heading below which each item of a list is demanded, though it has no key word."""
ASIDE = re.compile(
    r"\W*(?:formerly|previously|historically|originally|in the past|until now|for example|for instance|example)[,:]\s",
    re.IGNORECASE,
)
"""What opens a sentence that tells what was, or gives an example."""
DISCLAIMER = phrases(
    r"""
    (?:do(?:es)? not|need not|don't|doesn't|no longer|shall not|must not|never
    ) (?:apply|applies|hold|bind|be enforced|count)
    need not|needn't
    (?:exempt(?:ed)?|waived?|waiver|exceptions?|exemptions?|opt(?:s|ed)?[- ]out|bypass(?:ed)?|overrid(?:e|es|den)
    |relax(?:ed)?|suspended|lifted|not enforced|unenforced|skipped|disregard(?:ed)?|ignored)
    (?:may|can|might|could|(?:is|are) allowed to|(?:is|are) permitted to) (?:be )?(?:exceed(?:ed)?|disabled?
    |omit(?:ted)?|skip(?:ped)?|lift(?:ed)?|overrid(?:e|den)|waived?|bypass(?:ed)?|suspend(?:ed)?|raised?|lowered?|extend(?:ed)?|increased?|reduced?
    |turn(?:ed)? off|switch(?:ed)? off|violated?|miss(?:ed)?|deviate)
    (?:can|may|might|could) (?:turn|switch) (?:it|this|that|them|these) off
    (?:advisory|non-normative|informative|informational|aspirational|not binding|non-binding
    |best[- ]effort|guidelines? only|not mandatory|not required|optional|illustrative)
    """
)
"""What takes force from other sentences, wherever it stands."""
BOILERPLATE = re.compile(r"\bkey ?words?\b.*\binterpreted\b", re.IGNORECASE | re.DOTALL)
