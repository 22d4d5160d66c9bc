"""Every code that can reach a screen, as the domain, its tables and its policy say.

What a list is called here is what templates call it; a class of codes that no
reader ever sees stands in ``UNSEEN`` with the reason.
"""

from __future__ import annotations

import enum
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from services.node import domain
from services.node.domain import htcds
from services.node.domain.agebands import AGE_BANDS, OLDEST_BAND
from services.node.domain.consent import FAMILY_MESSAGES
from services.node.domain.consent_codes import FAMILY
from services.node.domain.escalating import KEYS
from services.node.domain.follow_ups import (
    FOLLOW_UP_KINDS,
    FOLLOW_UP_MODES,
    FOLLOW_UP_RESULTS,
)
from services.node.domain.policy import TABLES, parse_policy

POLICY_FOLDER = Path(__file__).parents[4] / "deploy" / "policy" / "vietnam-2018"

LIST_OF = {
    "access.Looked": ("access",),
    "admissions.AdmissionKind": ("admission_kind",),
    "access.NamesReason": ("look_reason",),
    "access.LookReason": ("look_reason",),
    "arrivals.ContactFunction": ("contact_function",),
    "arrivals.NonArrivalReason": ("non_arrival_reason",),
    "approvals.ApprovalAnswer": ("approval_answer",),
    "approvals.ApprovalKind": ("approval_kind",),
    "approvals.ApprovalState": ("approval_state",),
    "api_clients.Scope": ("scope",),
    "calendars.DayKind": ("day_kind",),
    "calendars.DeskDays": ("desk_days",),
    "both_sign.PersonKnownBy": ("person_known_by",),
    "both_sign.SignedBy": ("signed_by",),
    "both_sign.UnsignedReason": ("unsigned_reason",),
    "case_details.Placement": ("case_placement",),
    "case_details.RiskLevel": ("risk_level",),
    "case_details.DecisionMaker": ("decision_maker",),
    "case_details.VictimPaper": ("victim_paper",),
    "case_details.NeedsExtension": ("needs_extension",),
    "case_states.Phase": ("phase",),
    "case_states.Track": ("track",),
    "case_states.CaseState": ("case_state",),
    "case_states.PersonStatus": ("person_status",),
    "case_states.Minority": ("minority",),
    "case_states.LegalRegime": ("legal_regime",),
    "case_step_rows.CaseAct": ("act", "act_done"),
    "case_step_rows.End": ("end",),
    "casesheet_report.CaseStatus": ("sheet_row",),
    "categories.Category": ("category", "category_holds", "yours"),
    "closed_to_new.ClosedReason": ("closed_reason",),
    "closure.ClosureReason": ("closure_reason",),
    "code_lists.CodeOrigin": ("origin",),
    "coded_fields.Needed": ("needed",),
    "concerns.Concern": ("concern",),
    "concerns.EntryKind": ("entry_kind",),
    "concerns.EntryOutcome": ("entry_outcome",),
    "concerns.ReceiptState": ("entry_receipt",),
    "conflicts.Conflict": ("conflict",),
    "constraints.Constraint": ("constraint",),
    "consent.Standing": ("consent_standing",),
    "attachments.MediaType": ("media_type",),
    "consent_codes.Purpose": ("purpose",),
    "consent_codes.ConsentStatus": ("consent_status",),
    "consent_codes.Subject": ("consent_subject",),
    "consent_codes.Capacity": ("capacity",),
    "consent_codes.Method": ("method",),
    "consent_codes.InformedPoint": ("informed_point",),
    "deadlines.Unit": ("unit",),
    "versions.ChangeKind": ("field_change",),
    "versions.ChangedBy": ("changed_by",),
    "webhooks.Ended": ("webhook_ended",),
    "webhooks.EventType": ("webhook_type",),
    "disclosure.BasisKind": ("basis",),
    "documents.DocumentKind": ("document_kind",),
    "documents.GivenTo": ("given_to",),
    "doors.Door": ("door",),
    "entitlements.Regime": ("regime",),
    "entitlements.Claimant": ("claimant",),
    "entitlements.Grant": ("granted",),
    "escalating.EscalationReason": ("escalation_reason",),
    "escalations.Level": ("level",),
    "escalations.Channel": ("channel",),
    "escalations.End": ("end",),
    "follow_ups.NextStep": ("next_step",),
    "functions.Function": ("function",),
    "functions.Kind": ("kind",),
    "handing.HandedPaper": ("handed_paper",),
    "handing.Vehicle": ("vehicle",),
    "handoff.Step": ("step", "step_do", "step_done"),
    "handoff.MovesOn": ("moves_on",),
    "handshake_codes.RevocationReason": ("revocation_reason",),
    "handshake_codes.RecallReason": ("recall_reason",),
    "handshake_codes.KeepGround": ("keep_ground", "kept_because"),
    "handshake_codes.VoidReason": ("void_reason",),
    "inside_acts.InsideAct": ("act_done", "entry_kind"),
    "minors.Guardian": ("guardian",),
    "need_to_know.Necessity": ("necessity",),
    "offer_parts.RestsOn": ("rests_on",),
    "offices.NotFor": ("not_for",),
    "offices.Population": ("population",),
    "outcomes.Outcome": ("outcome",),
    "override.Verdict": ("verdict",),
    "people.Role": ("role",),
    "people.Act": ("right",),
    "plans.Stage": ("stage",),
    "plans.GoalDomain": ("goal_domain",),
    "plans.ActionStatus": ("action_status",),
    "policy_changes.ChangeKind": ("change",),
    "quantities.Measure": ("measure",),
    "reach.Circuit": ("circuit",),
    "reach.ProbePart": ("probe_part",),
    "reach.Reach": ("reach",),
    "receipts.ToldState": ("told_state", "told_state_said"),
    "referrals.ReferralType": ("referral_type",),
    "referrals.Priority": ("priority",),
    "referrals.DeclineReason": ("decline_reason",),
    "responsibility.Answerability": ("answerability", "who_answers"),
    "responsibility.AnswerabilityEvent": ("answerability_event",),
    "responsibility.ChainFault": ("chain_fault",),
    "return_codes.RiskTopic": ("risk_topic",),
    "return_codes.ResidualRisk": ("residual_risk",),
    "return_codes.RiskDecision": ("risk_decision",),
    "return_codes.DocumentType": ("document_type",),
    "return_codes.TravelMode": ("travel_mode",),
    "return_codes.EscortCode": ("escort",),
    "return_codes.Fitness": ("fitness",),
    "return_codes.Placement": ("placement",),
    "return_codes.KnownBy": ("known_by",),
    "return_codes.IdentityMatch": ("identity_match",),
    "return_codes.Condition": ("condition",),
    "return_codes.Discrepancy": ("discrepancy",),
    "return_codes.SuspensionReason": ("suspension_reason",),
    "best_interests.Decider": ("best_decider",),
    "best_interests.Factor": ("best_factor",),
    "second_person.Destination": ("destination",),
    "sign_in.SignInEvent": ("sign_in_event",),
    "steps.Side": ("end",),
    "steps.State": ("state",),
    "upkeep.KeptThing": ("kept_thing",),
    "upkeep.KeyState": ("key_state",),
    "upkeep.KeyUse": ("key_use",),
    "upkeep.Lying": ("lying",),
    "upkeep.Upkept": ("upkept", "upkept_how"),
    "upkeep.Worry": ("worry", "worry_do"),
}
"""The lists in which the codes of a class of the domain are said."""

UNSEEN = {
    "offices.Opening": "the card says in words whether somebody answers",
    "htcds.Kind": "how a cell is read; no screen shows it",
    "admissions.AdmissionAnswer": "what comes of it stands among the sign-in events",
    "best_interests.Concern": "decides which sentence a page says",
    "sessions.Standing": "decides which page answers; the page says it in words",
}

CODE_LISTS = {
    "services_requested": "service",
    "fit_to_travel": "fitness",
    "dispute_reason": "discrepancy",
}
"""The lists of the policy's table that screens call by another name."""


def classes() -> Iterator[tuple[str, type[enum.Enum]]]:
    """Every class of codes that the domain defines, by its module and name."""
    for module in pkgutil.iter_modules(domain.__path__):
        found = importlib.import_module(f"{domain.__name__}.{module.name}")
        for name, value in vars(found).items():
            if (
                isinstance(value, type)
                and issubclass(value, enum.Enum)
                and value.__module__ == found.__name__
                and not name.startswith("_")
            ):
                yield f"{module.name}.{name}", value


def of_the_domain() -> Iterator[tuple[str, str]]:
    for name, codes in classes():
        for said_in in LIST_OF.get(name, ()):
            yield from ((said_in, str(code.value)) for code in codes)
    for oldest in (*(code for _, code in AGE_BANDS), OLDEST_BAND):
        yield "age_band", oldest
    yield "consent_recipient", FAMILY
    yield from (("escalated", key) for key in KEYS)
    yield from (("family_message", code) for code in FAMILY_MESSAGES.values())
    yield from (("follow_up_kind", code) for code in FOLLOW_UP_KINDS)
    yield from (("follow_up_mode", code) for code in FOLLOW_UP_MODES)
    yield from (("result", code) for code in FOLLOW_UP_RESULTS)


def of_the_case_sheet() -> Iterator[tuple[str, str]]:
    for field in htcds.fields():
        yield "field", field
        yield from ((field, choice.value) for choice in htcds.choices(field))
    yield from (("sex", choice.value) for choice in htcds.choices("prs_Gender"))
    yield from (("field", row["field"]) for row in htcds.table("local_fields.csv"))


def of_the_policy() -> Iterator[tuple[str, str]]:
    policy = parse_policy(
        "seed", {name: (POLICY_FOLDER / f"{name}.csv").read_bytes() for name in TABLES}
    )
    for listed in policy.code_lists.rows:
        yield CODE_LISTS.get(listed.list, listed.list), listed.code
        yield "code_list", listed.list
    yield from (("deadline", row.deadline) for row in policy.deadlines.rows)
    yield from (("pause", row.reason) for row in policy.pauses.rows)
    yield from (("quantity", row.quantity) for row in policy.quantities.rows)
    yield from (("result", row.result) for row in policy.outcomes.rows)
    yield from (("limit", row.limit) for row in policy.need_to_know.rows if row.limit)
    yield from (("limit", row.limit) for row in policy.limits.rows)


def every_code() -> frozenset[tuple[str, str]]:
    """All of them: a list and a code."""
    return frozenset((*of_the_domain(), *of_the_case_sheet(), *of_the_policy()))
