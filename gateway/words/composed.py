"""Composed: words of refusals that functions put together, listed by hand.

Promises what the syntax does not show: the templates of a code whose sentence or
remedy is built up from pieces, and those of every place that itself holds words.
A name with a dot is a code; any other is the place in which the words stand. The
tests raise the real refusals and see that each is listed.

Also here: which codes nobody meets in the console or the API, with the reason.
"""

from __future__ import annotations

_RULE = "{table} row {number} ({law})"
_NOW = "What can be recorded now: {acts}."
_BESIDE = "(Beside the way of the case also: {beside}.)"

COMPOSED: dict[str, tuple[str, ...]] = {
    # a step and an act that do not follow now (domain/steps, domain/case_refusals)
    "step.not_lawful": ("What {side} can record now: {steps}.",),
    "why_not": (
        (
            "{step} can be recorded in a referral for {referral_type} only when"
            " {states}; here {state}."
        ),
        (
            "{step} can be recorded in a referral for {referral_type} only when"
            " {states} or in some later states; here {state}."
        ),
        (
            "{step} is for {side} to record in a referral for {referral_type}, not"
            " for {side_2}."
        ),
        "{step} has no place in a referral for {referral_type} on {day}.",
    ),
    "case.step_not_lawful": ("{open}", "{first} {open}"),
    "sentence": (
        (
            "{act} cannot be recorded for {day}: the law of that day does not provide"
            " for it."
        ),
        "{act} can be recorded only in an open case; here the case is closed.",
        "{act} can be recorded only {when}; {here}.",
        "{act} is not recorded in the case by hand: it follows by itself on {events}.",
    ),
    "when": (
        "when there is no case yet",
        "in an open case",
        "when {states}",
        "when {states} or in some later states",
        "{phases}, when {states}",
        "{phases}, when {states} or in some later states",
        "after that decision, once another member helps the person",
    ),
    "here": (
        "here there is no case yet",
        "here {state}",
        "this case is in {phase}: {state}",
        "that is not so here",
    ),
    "first": (
        "First comes {act}, by a referral.",
        "First record {act}.",
        "First {act} is for {members} to record.",
        "Take that step in the referral.",
    ),
    "open": (_NOW, f"{_NOW} {_BESIDE}"),
    "acts": ("nothing",),
    "steps": ("nothing",),
    "event": ("a follow-up", "{step} in a referral for {referral_type}"),
    # what a refusal rests on, at its end in parentheses
    "rule": (
        _RULE,
        f"{_RULE} from {{day}}",
        f"{{category}}: {_RULE}",
        "{category}: the table need_to_know has no row for it",
        "the table {table} has no row for it",
        "the table {table} has no row for {codes}",
        "the table may_send has no row from {listed} to {listed_2}",
        "no row of entitlements",
        "the decision on status",
        "policy {version}",
        "whoever receives a referral knows that it is one",
        "{number} unknown field(s)",
        "{referral_type}: {step} by the {end} in {state} on {day}",
        "{name} is one of {codes}",
        # what is wrong with an answer (domain/consent)
        "{name} must be one of {codes}",
        "{name} must be {number} bytes",
        "{name} must be {number} bytes, or empty",
        "{name} must be a pseudonym of one word, or empty",
        "{name} holds an unknown code",
        "{name} holds a code twice",
        "categories must name at least one",
        "capacity does not fit who answered",
        "informed_points lacks {codes}",
        "recipient must be one member's name, or family",
        "language must be a BCP 47 code",
        "countries must be ISO 3166-1 alpha-2 codes",
        "given_at and valid_until must know their time zone",
        "valid_until must lie after given_at",
        "witness must name who heard the answer, unless an interpreter did",
        "witness must be another person than the interpreter",
        # what is wrong with an override (domain/override)
        "the officers named are not those who act",
        "it cannot begin as reviewed",
        "category must be one of D0-D13",
        "purpose is not known",
        "recipient must be one member",
        "law must be cited",
        "reason must be given",
        "review_by must lie within the deadline override_review",
    ),
    "law": (
        "Law {number}",
        "Law {number} Art {articles}",
        "Law {number} Arts {articles}",
        "Decree {number}/ND-CP",
        "Decree {number}/ND-CP Art {articles}",
        "Decree {number}/ND-CP Arts {articles}",
        "Joint Circular {number}-BLDTBXH-BNG",
        "Joint Circular {number}-BLDTBXH-BNG Art {articles}",
        "PDPL {number}",
        "procedure {number}",
        "proposal: {note}",
        "standard: {note}",
        "{note}",
    ),
    # why a category may not go (domain/disclosure, domain/received)
    "reason_of_part": (
        "{category}: the person refused or withdrew it, which no override defeats",
        "{category}: the person refused or withdrew it, which nothing else defeats",
        "{category}: the person's consent has expired",
        (
            "{category}: a guardian agreed before the person came of age, and the"
            " person has not answered since"
        ),
        (
            "{category}: for a child the guardian's consent and the child's own assent"
            " are both needed"
        ),
        "{category}: no consent names it",
        "{category}: no basis is named",
        "{category}: no duty to pass it on is known here",
        "{category}: its kind is not known here",
        "{category}: the person's answer is {standing}",
        "{category}: the override lacks its id, law or review",
        "{category}: the override's review is overdue or beyond its limit",
    ),
    "members": ("a member without functions",),
    "limit": ("fields of this category",),
    "allowed": ("nothing", "none"),
    "codes": ("nothing", "no reason"),
    "able": ("nothing",),
    # words that a function is given
    "case.missing_detail": ("It is one of {codes}.",),
    "than": ("now", "the day until which they are given already"),
    "whom": (
        "nobody after a decision that they are no victim",
        "not this person",
        "a poor household only",
    ),
    "expected": (
        "six digits",
        "the appointment",
        "the minutes that were sent",
        "the minutes; dispute them instead",
        "a match on both sides; dispute instead",
        "the witness: name both, or neither",
        "the assessment that was sent",
        "the decision that the host side signed",
        "the newest assessment",
        "the newest plan",
        "the wish to return",
        "the member that receives the person",
        "the plan that was confirmed",
        "the appointment that was proposed",
    ),
    "return.paper_expired": (
        "The travel document has run out, or ends before it begins.",
        "The travel document runs out before the crossing.",
    ),
    # fields that no form of the console has, so no list of labels either
    "field": (
        "act",
        "action status",
        "consent purpose",
        "consent recipient",
        "deleted and kept",
        "entitlement",
        "factors",
        "goal domain",
        "is minor",
        "kind",
        "review",
        "stage",
        "status",
    ),
}
"""By code, or by the name of a place: the templates that are listed by hand."""

UNMET = {
    "audit": "verifying exported logs: the command line of administrators",
    "casesheet": "problems of a spreadsheet, told cell by cell where it is read",
    "cli": "the command line of administrators",
    "clock.backwards": "clocks are driven in demonstrations and tests only",
    "clock.not_driven": "clocks are driven in demonstrations and tests only",
    "cluster": "the embedded PostgreSQL: the command line of administrators",
    "config": "files of configuration, read when a program starts",
    "deliver": "from node to node",
    "demo": "demonstrations on the command line",
    "directory": "entries of the directory: made and checked by its own tools",
    "envelope": "from node to node",
    "functions": "descriptions of members: made and checked by the directory's tools",
    "guard": "found when a node starts",
    "keys": "key files and keys: found when a node starts, or from node to node",
    "ledger": "proofs: from node to node, or found when a node starts",
    "network": "starting a network: the command line of administrators",
    "node.exists": "setting a node up: the command line of administrators",
    "node.port_in_use": "found when a node starts",
    "office": "descriptions of members: made and checked by the directory's tools",
    "peer.false_head": "from node to node",
    "peer.refused": "the sentence of another node, under a code that is none",
    "peer.unknown": "from node to node",
    "receipt": "from node to node",
    "relay": "from node to node",
    "release": "from node to node",
    "store.bad_role": "found when a database is set up",
    "store.forgetful": "found when a node starts",
    "store.newer_schema": "found when a node starts",
    "tls": "certificates: checked by the directory's tools and between nodes",
    "wire": "bytes from another node or an older database",
}
"""Families, and a few single codes, that no reader of the console or the API meets."""

UNMET_BUT = frozenset(
    {
        "directory.closed",
        "directory.no_sealing_key",
        "directory.none_adopted",
        "directory.suspended",
        "directory.unknown_member",
        "envelope.too_large",
        "envelope.unknown",
        "guard.not_written",
        "keys.bad_record",
        "keys.erased",
        "keys.sealing_enough",
        "keys.sealing_waits",
        "keys.successor_waits",
        "keys.unknown_ceremony",
        "keys.unknown_epoch",
        "ledger.behind_peer",
        "ledger.head_moved",
        "ledger.not_published",
        "ledger.readback",
        "tls.expired",
        "tls.not_yet_valid",
        "wire.bad_instant",
        "wire.bad_text",
        "wire.unknown_code",
        "wire.unknown_content",
    }
)
"""Codes of those families that come of what an officer or a program asks, all the
same: a recipient that has left, a text with a NUL, a node that cannot publish."""
