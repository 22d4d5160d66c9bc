"""Who may take which step from which state, and what it does.

Written from domain.md §6.0 and §6.2 and from protocol.md §4. Types and groups:
a transfer is a reception, protection abroad or reintegration; a voluntary return
and a border handover have steps of their own; every other type is a share and
nothing more.
"""

from __future__ import annotations

from datetime import date

Lawful = dict[tuple[str, str, str], str]
"""(author, step, state) to the next state."""

BEGINS = date(2014, 3, 25)
"""Joint Circular 01/2014 is in force; nothing is lawful before."""

WAITING = ["offered", "opened", "asked"]

HANDSHAKE: Lawful = {
    ("giver", "offer", "none"): "offered",
    ("receiver", "opened", "offered"): "opened",
    ("receiver", "question", "offered"): "asked",
    ("receiver", "question", "opened"): "asked",
    ("giver", "answer", "asked"): "opened",
    ("receiver", "accept", "offered"): "accepted",
    ("receiver", "accept", "opened"): "accepted",
    **{("receiver", "decline", state): "declined" for state in WAITING},
    **{("receiver", "misrouted", state): "misrouted" for state in WAITING},
    ("giver", "rerouted", "misrouted"): "rerouted",
    **{("giver", "expiry", state): "expired" for state in WAITING},
    **{("giver", "revocation", state): "revoked" for state in [*WAITING, "accepted"]},
    **{("giver", "recall", state): "recalled" for state in [*WAITING, "accepted"]},
    ("giver", "recall", "recalled"): "recalled",
    # What crossed or followed the recall leaves it to be acknowledged.
    **{
        ("receiver", "recall_acknowledgement", state): state
        for state in ["recalled", "void", "declined", "misrouted", "rerouted"]
    },
    ("giver", "release", "accepted"): "in_service",
    ("giver", "void", "accepted"): "void",
    ("giver", "void", "recalled"): "void",
    ("giver", "void", "revoked"): "void",
    ("giver", "void", "expired"): "void",
    ("receiver", "feedback", "in_service"): "in_service",
    ("receiver", "feedback", "done"): "done",
}


def unchanged(author: str, step: str, states: list[str]) -> Lawful:
    return {(author, step, state): state for state in states}


def recall_in(states: list[str]) -> Lawful:
    return {
        **unchanged("giver", "recall", states),
        **unchanged("receiver", "recall_acknowledgement", states),
    }


SHARE: Lawful = {
    **HANDSHAKE,
    **recall_in(["ended_by_recall", "returned", "done"]),
    ("receiver", "completion", "in_service"): "done",
    ("receiver", "return_to_sender", "in_service"): "returned",
    ("giver", "recall", "in_service"): "ended_by_recall",
}

TOLD_OF: Lawful = {
    **unchanged("receiver", "not_arrived", ["in_service"]),
    **unchanged("giver", "not_arrived", ["in_service"]),
}
"""Somebody is waited for: either end says that nobody came, and it moves nothing."""

ARRIVES_LATE: Lawful = {**TOLD_OF, **unchanged("receiver", "arrival", ["in_service"])}

TRANSFER: Lawful = {
    **HANDSHAKE,
    **ARRIVES_LATE,
    **recall_in(["in_service", "cannot_keep", "done"]),
    ("receiver", "cannot_keep", "in_service"): "cannot_keep",
    ("receiver", "feedback", "cannot_keep"): "cannot_keep",
    ("receiver", "not_arrived", "cannot_keep"): "cannot_keep",
    ("giver", "not_arrived", "cannot_keep"): "cannot_keep",
    ("receiver", "completion", "in_service"): "done",
    ("receiver", "completion", "cannot_keep"): "done",
}

TO_BE_APPOINTED = [
    "in_service",
    "risk_proposed",
    "risk_assessed",
    "document_ready",
    "plan_proposed",
    "planned",
    "reconsented",
    "appointment_proposed",
]
BEFORE_CROSSING = [*TO_BE_APPOINTED, "appointed", "in_transit", "at_gate", "disputed"]
ENDED = ["received", "arrived", "withdrawn", "suspended", "no_return", "returned"]

RETURN: Lawful = {
    **HANDSHAKE,
    **recall_in([*BEFORE_CROSSING, "minuted", *ENDED, "done"]),
    **{
        ("giver", "risk_assessment", state): "risk_proposed"
        for state in [
            "in_service",
            "risk_assessed",
            "document_ready",
            "planned",
            "reconsented",
            "appointed",
        ]
    },
    ("receiver", "risk_countersignature", "risk_proposed"): "risk_assessed",
    ("giver", "no_return", "risk_assessed"): "no_return",
    ("giver", "travel_document", "risk_assessed"): "document_ready",
    ("giver", "travel_document", "document_ready"): "document_ready",
    ("giver", "travel_document", "planned"): "document_ready",
    ("giver", "travel_document", "reconsented"): "document_ready",
    ("giver", "return_plan", "document_ready"): "plan_proposed",
    ("giver", "return_plan", "planned"): "plan_proposed",
    ("giver", "return_plan", "reconsented"): "plan_proposed",
    ("receiver", "plan_confirmation", "plan_proposed"): "planned",
    ("giver", "reconsent", "planned"): "reconsented",
    **unchanged(
        "giver",
        "reconsent",
        [
            "reconsented",
            "appointment_proposed",
            "appointed",
            "in_transit",
            "at_gate",
            "disputed",
        ],
    ),
    ("giver", "appointment", "reconsented"): "appointment_proposed",
    ("giver", "appointment", "appointed"): "appointment_proposed",
    ("receiver", "appointment_confirmation", "appointment_proposed"): "appointed",
    ("giver", "departure", "appointed"): "in_transit",
    **unchanged("giver", "check_in", ["in_transit", "at_gate", "disputed"]),
    ("giver", "gate_arrival", "in_transit"): "at_gate",
    ("giver", "minutes", "at_gate"): "minuted",
    ("giver", "minutes", "disputed"): "minuted",
    ("receiver", "countersignature", "minuted"): "received",
    ("receiver", "dispute", "minuted"): "disputed",
    ("receiver", "arrival", "received"): "arrived",
    **unchanged(
        "receiver",
        "not_arrived",
        ["appointed", "in_transit", "at_gate", "disputed", "received"],
    ),
    **unchanged(
        "giver", "not_arrived", ["in_transit", "at_gate", "disputed", "received"]
    ),
    **{("receiver", "return_to_sender", each): "returned" for each in TO_BE_APPOINTED},
    **{("giver", "suspension", state): "suspended" for state in BEFORE_CROSSING},
    **{
        ("giver", "withdrawal", state): "withdrawn"
        # Minutes that only the giver signed hand nobody over: she is not across yet.
        for state in [*WAITING, "accepted", *BEFORE_CROSSING, "minuted"]
    },
    **unchanged("receiver", "feedback", ["received", "arrived"]),
    **unchanged("receiver", "cannot_keep", ["received", "arrived"]),
    ("receiver", "completion", "received"): "done",
    ("receiver", "completion", "arrived"): "done",
}

TREATED: Lawful = {**SHARE, **ARRIVES_LATE}

WITNESSING: Lawful = {
    **SHARE,
    **TOLD_OF,
    **recall_in(["witnessed", "withdrawn"]),
    ("receiver", "witness", "in_service"): "witnessed",
    ("receiver", "feedback", "witnessed"): "witnessed",
    ("receiver", "completion", "witnessed"): "done",
    **{
        ("giver", "withdrawal", state): "withdrawn"
        for state in [*WAITING, "accepted", "in_service"]
    },
}

OTHERS: dict[str, Lawful] = {
    "reception": TRANSFER,
    "protection_abroad": TRANSFER,
    "reintegration": TRANSFER,
    "voluntary_return": RETURN,
    "border_handover": WITNESSING,
    "medical_care": TREATED,
}
"""Every other type is a share and nothing more."""

# What crosses: lawful where it was taken, and it meets a changed state here. The
# giver decides about an acceptance, the receiver about its own decline and work.
TAKEN_BACK = ["recalled", "revoked", "expired", "void", "withdrawn"]
REFUSED = ["declined", "misrouted"]

CROSSING: Lawful = {
    **unchanged("receiver", "opened", TAKEN_BACK),
    **unchanged("receiver", "question", TAKEN_BACK),
    **unchanged("receiver", "accept", TAKEN_BACK),
    **{("receiver", "decline", state): "declined" for state in TAKEN_BACK},
    **{("receiver", "misrouted", state): "misrouted" for state in TAKEN_BACK},
    ("giver", "expiry", "accepted"): "expired",
    **unchanged("giver", "expiry", REFUSED),
    **unchanged("giver", "answer", REFUSED),
    **unchanged("giver", "recall", REFUSED),
    **unchanged("giver", "revocation", REFUSED),
    **unchanged("giver", "void", REFUSED),
}

CROSSING_SHARE: Lawful = {
    **CROSSING,
    ("receiver", "feedback", "ended_by_recall"): "ended_by_recall",
    ("receiver", "completion", "ended_by_recall"): "done",
    ("receiver", "return_to_sender", "ended_by_recall"): "returned",
}

CROSSING_TRANSFER: Lawful = {
    **CROSSING,
    **unchanged("giver", "not_arrived", ["done"]),
}

CROSSING_TREATED: Lawful = {
    **CROSSING_SHARE,
    **unchanged("giver", "not_arrived", ["returned", "done"]),
    **unchanged("receiver", "not_arrived", ["ended_by_recall"]),
    **unchanged("receiver", "arrival", ["ended_by_recall"]),
}

CROSSING_WITNESSING: Lawful = {
    **CROSSING_SHARE,
    **unchanged("giver", "not_arrived", ["witnessed", "returned", "done"]),
    **unchanged("receiver", "not_arrived", ["withdrawn", "ended_by_recall"]),
    **unchanged("giver", "withdrawal", [*REFUSED, "returned", "witnessed", "done"]),
    ("receiver", "witness", "withdrawn"): "witnessed",
    ("receiver", "witness", "ended_by_recall"): "witnessed",
    ("receiver", "feedback", "withdrawn"): "withdrawn",
    ("receiver", "completion", "withdrawn"): "done",
    ("receiver", "return_to_sender", "withdrawn"): "returned",
}

CROSSING_RETURN: Lawful = {
    **CROSSING,
    **unchanged("giver", "withdrawal", [*REFUSED, "returned"]),
    # protocol.md §4: the receiver's leaf of its countersignature decides. After it
    # the return cannot be undone (§6.2).
    ("receiver", "countersignature", "withdrawn"): "received",
    **unchanged("giver", "withdrawal", ["received", "arrived", "done"]),
    **unchanged("receiver", "dispute", ["withdrawn"]),
    **unchanged("giver", "not_arrived", ["arrived", "done"]),
    **unchanged(
        "receiver",
        "not_arrived",
        [
            "risk_proposed",
            "appointment_proposed",
            "minuted",
            "withdrawn",
            "suspended",
        ],
    ),
    **{
        ("giver", step, "returned"): "returned"
        for step in [
            "risk_assessment",
            "no_return",
            "travel_document",
            "return_plan",
            "reconsent",
            "appointment",
            "suspension",
        ]
    },
    **{
        ("receiver", step, state): state
        for step in [
            "risk_countersignature",
            "plan_confirmation",
            "appointment_confirmation",
        ]
        for state in ["withdrawn", "suspended"]
    },
    **unchanged("receiver", "feedback", ["risk_proposed", "withdrawn", "suspended"]),
    **{
        ("receiver", "return_to_sender", state): "returned"
        for state in ["withdrawn", "suspended", "no_return"]
    },
}

CROSSING_OTHERS: dict[str, Lawful] = {
    "reception": CROSSING_TRANSFER,
    "protection_abroad": CROSSING_TRANSFER,
    "reintegration": CROSSING_TRANSFER,
    "voluntary_return": CROSSING_RETURN,
    "border_handover": CROSSING_WITNESSING,
    "medical_care": CROSSING_TREATED,
}
"""Every other type crosses as a share."""

MOVES = {
    ("reception", "release"),
    ("protection_abroad", "release"),
    ("reintegration", "release"),
    ("voluntary_return", "countersignature"),
}
"""Responsibility moves on these and on nothing else (I2)."""

MOVES_ON_ARRIVAL = {("voluntary_return", "countersignature")}
"""It moved at the receiver's leaf, so it has moved when it arrives, whatever the
giver did meanwhile. A release is the giver's: it moves nothing where it is not
lawful as it comes."""

OPENS = {"release"}
"""Carries the keys of what travelled sealed (protocol.md §4)."""

COMPETES = {
    "recall",
    "revocation",
    "expiry",
    "release",
    "void",
    "no_return",
    "reconsent",
    "minutes",
    "countersignature",
    "suspension",
    "withdrawal",
}
"""Where it is taken it competes for the case's next number: it moves
responsibility, opens identity, changes consent, or ends what could."""
