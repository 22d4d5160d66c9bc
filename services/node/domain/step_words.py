"""The steps of a referral in words: what each is, and what each state means.

Promises a phrase for every step (with its article), for every state (a clause that
can follow *when*) and for both ends. The keys are the codes of the policy tables.
Nothing decides by them: they are what a case worker reads in a refusal.
"""

from __future__ import annotations

SIDE_WORDS: dict[str, str] = {
    "giver": "the member that made the offer",
    "receiver": "the member that got the offer",
}

STEP_WORDS: dict[str, str] = {
    "offer": "the offer",
    "question": "the question",
    "answer": "the answer to a question",
    "accept": "the acceptance",
    "decline": "the decline",
    "recall": "the recall after the person's withdrawal",
    "release": "the release of what was sealed",
    "void": "the word that the acceptance does not hold",
    "risk_assessment": "the joint risk assessment",
    "risk_countersignature": "the countersignature of the risk assessment",
    "reconsent": "the wish confirmed before departure",
    "appointment": "the appointment at the gate",
    "appointment_confirmation": "the confirmation of the appointment",
    "minutes": "the signing of the minutes",
    "countersignature": "the countersigning of the minutes",
    "dispute": "the dispute of the minutes",
    "witness": "what the witness attests",
    "arrival": "the arrival",
    "feedback": "the feedback",
    "completion": "the result of the service",
    "withdrawal": "the person's withdrawal",
    "opened": "the word that somebody has read the offer",
    "revocation": "the taking back of the offer",
    "recall_acknowledgement": "the answer to a recall",
    "expiry": "the expiry of the offer",
    "misrouted": "the word that the offer was meant for somebody else",
    "rerouted": "the word that the request went on to another member",
    "return_to_sender": "the giving back of the task",
    "cannot_keep": "the word that the member cannot go on",
    "travel_document": "the travel document",
    "return_plan": "the plan of the return",
    "plan_confirmation": "the confirmation of the plan",
    "departure": "the departure",
    "check_in": "the word from the way",
    "gate_arrival": "the arrival at the gate",
    "suspension": "the putting off of the return",
    "no_return": "the decision against the return",
    "not_arrived": "the word that the person did not arrive",
}
"""What a step says."""

STATE_WORDS: dict[str, str] = {
    "none": "nothing is offered yet",
    "offered": "the offer waits for an answer",
    "opened": "somebody has read the offer",
    "asked": "a question waits for its answer",
    "accepted": "the offer is accepted and not released yet",
    "declined": "the offer is declined",
    "expired": "the offer has expired",
    "revoked": "the offer was taken back",
    "misrouted": "the offer was meant for somebody else",
    "rerouted": "the request went on to another member",
    "recalled": "the offer is recalled, because the person withdrew",
    "void": "the acceptance does not hold",
    "in_service": "the service goes on",
    "ended_by_recall": "the person withdrew and the task has ended",
    "returned": "the task was given back",
    "cannot_keep": "the receiving member cannot go on",
    "risk_proposed": "one side signed the risk assessment",
    "risk_assessed": "both sides signed the risk assessment",
    "no_return": "it is decided that the person does not return",
    "document_ready": "the travel document is ready",
    "plan_proposed": "a plan is proposed",
    "planned": "both sides agreed on the plan",
    "reconsented": "the person confirmed the wish to return",
    "appointment_proposed": "an appointment is proposed",
    "appointed": "both sides agreed on the appointment",
    "in_transit": "the person is on the way",
    "at_gate": "the person is at the gate",
    "minuted": "one side signed the minutes",
    "disputed": "the minutes are disputed",
    "received": "both sides signed the minutes",
    "arrived": "the person arrived",
    "witnessed": "the witness attested the handover",
    "withdrawn": "the person withdrew from the return",
    "suspended": "the return is put off",
    "done": "the service is done",
}
"""When a referral is in a state."""
