"""By when, and for how long (domain.md §1.5, §5.c, §6.0 to §6.5, §10.1).

A line is a deadline: name, priority (``*`` for all), value, unit, the triggers that
start its clock, those that meet it, first day, last day (None: open), and whether
it was verified. What is [P], [B] or [?] in domain.md is not.
"""

from __future__ import annotations

from datetime import date

Line = tuple[str, str, int, str, str, str, date, date | None, bool]

BEGINS = date(2014, 3, 25)  # Joint Circular 01/2014 is in force
JC_2008 = date(2008, 1, 1)
LAW_2011 = date(2012, 1, 1)
DECREE_09 = date(2013, 4, 15)
END_OF_2011 = date(2025, 6, 30)
LAW_2024 = date(2025, 7, 1)
PASSPORTS = date(2020, 7, 1)
PASSPORTS_AMENDED = date(2023, 8, 15)
PDPL = date(2026, 1, 1)


def proposed(
    name: str,
    value: int,
    unit: str,
    priority: str = "*",
    starts: str = "",
    met_by: str = "",
) -> Line:
    return name, priority, value, unit, starts, met_by, BEGINS, None, False


def law(
    name: str,
    value: int,
    unit: str,
    since: date,
    until: date | None = None,
    starts: str = "",
    met_by: str = "",
) -> Line:
    return name, "*", value, unit, starts, met_by, since, until, True


def unverified(
    name: str,
    value: int,
    unit: str,
    since: date,
    until: date | None = None,
    starts: str = "",
    met_by: str = "",
) -> Line:
    return name, "*", value, unit, starts, met_by, since, until, False


ENDS_THE_WAIT = "decline misrouted recall revocation expiry withdrawal"
OPENED_OR = f"opened question accept {ENDS_THE_WAIT}"
ANSWERED_OR = f"accept {ENDS_THE_WAIT}"
STARTED_OR = f"release void {ENDS_THE_WAIT}"
SENT = "offer accept release recall minutes countersignature withdrawal"
"""What must arrive: how long it did not is counted from when it was sent."""

SERVICE_ENDS = "completion return_to_sender cannot_keep recall"
RETURN_ENDS = "return_to_sender suspension withdrawal"

HANDSHAKE: list[Line] = [  # §6.0
    proposed("delivered", 1, "minutes"),
    proposed("unreachable", 5, "minutes", "emergency", SENT, "act:receipt"),
    proposed("unreachable", 15, "minutes", "urgent", SENT, "act:receipt"),
    proposed("unreachable", 60, "minutes", "normal", SENT, "act:receipt"),
    proposed("acknowledged", 1, "hours", "emergency", "offer", OPENED_OR),
    proposed("acknowledged", 4, "hours", "urgent", "offer", OPENED_OR),
    proposed("acknowledged", 1, "working_days", "normal", "offer", OPENED_OR),
    proposed("answered", 4, "hours", "emergency", "offer", ANSWERED_OR),
    proposed("answered", 24, "hours", "urgent", "offer", ANSWERED_OR),
    proposed("answered", 3, "days", "normal", "offer", ANSWERED_OR),
    # An offer holds twice as long as an answer may take.
    proposed("offer_expires", 8, "hours", "emergency", "offer", ANSWERED_OR),
    proposed("offer_expires", 48, "hours", "urgent", "offer", ANSWERED_OR),
    proposed("offer_expires", 6, "days", "normal", "offer", ANSWERED_OR),
    # The third decline escalates at once.
    proposed("third_decline", 0, "hours"),
    # protocol.md §4: no answer to an acceptance in an hour, emergency five minutes.
    proposed(
        "released",
        5,
        "minutes",
        "emergency",
        "accept",
        "release void recall revocation withdrawal",
    ),
    proposed(
        "released",
        1,
        "hours",
        "urgent",
        "accept",
        "release void recall revocation withdrawal",
    ),
    proposed(
        "released",
        1,
        "hours",
        "normal",
        "accept",
        "release void recall revocation withdrawal",
    ),
]

IASC: list[Line] = [  # §6.0 and §10.1: a standard, and verified
    (
        "service_started",
        priority,
        value,
        unit,
        "offer",
        STARTED_OR,
        BEGINS,
        None,
        True,
    )
    for priority, value, unit in (
        ("emergency", 24, "hours"),
        ("urgent", 72, "hours"),
        ("normal", 14, "days"),
    )
]

LAWS: list[Line] = [  # §1.5 and §10.1
    law("bring_to_commune_pc", 0, "hours", LAW_2024),  # T1
    law("social_agency_informed", 0, "hours", LAW_2024),  # T1
    law("initial_verification", 3, "days", BEGINS, END_OF_2011),  # T2
    law("initial_verification", 3, "days", LAW_2024),  # T2
    unverified(
        "police_verification",
        20,
        "days",
        LAW_2011,
        END_OF_2011,
        "identity_verification/release status_decision/release",
        SERVICE_ENDS,
    ),  # T3
    unverified("police_verification_complex", 2, "months", LAW_2011, END_OF_2011),
    # §10.1 says null, §6.1 configurable: as long as before, until it is known.
    unverified(
        "police_verification",
        20,
        "days",
        LAW_2024,
        None,
        "identity_verification/release status_decision/release",
        SERVICE_ENDS,
    ),
    unverified("police_verification_complex", 2, "months", LAW_2024),
    law("return_verification_police", 20, "working_days", JC_2008, date(2014, 3, 24)),
    law(
        "return_verification_immigration",
        10,
        "working_days",
        JC_2008,
        date(2014, 3, 24),
    ),  # T4
    law("essential_needs_max", 60, "days", DECREE_09, END_OF_2011),  # T5
    law("essential_needs_max", 120, "days", LAW_2024),  # T5
    law("reintegration_application_decision", 9, "working_days", LAW_2024),  # T6
    unverified(
        "reintegration_application_window", 12, "months", DECREE_09, END_OF_2011
    ),  # T7
    unverified("certificate_of_return", 0, "hours", BEGINS),  # T8
    law(
        "passport_mission_decision",
        2,
        "working_days",
        PASSPORTS,
        None,
        "travel_document/release",
        SERVICE_ENDS,
    ),  # T9
    law("passport_mission_request", 2, "working_days", PASSPORTS),
    law("passport_ministry_answer", 2, "working_days", PASSPORTS),
    law("passport_mission_issue", 1, "working_days", PASSPORTS),
    law("passport_no_stay_decision", 2, "working_days", PASSPORTS_AMENDED),  # T10
    law("passport_no_stay_request", 2, "working_days", PASSPORTS_AMENDED),
    law(
        "passport_identity_verification",
        30,
        "days",
        PASSPORTS_AMENDED,
        None,
        "identity_verification/release",
        SERVICE_ENDS,
    ),
    law("passport_no_stay_issue", 2, "working_days", PASSPORTS_AMENDED),
    law("shortened_passport_valid", 12, "months", PASSPORTS),  # T11
    law("shortened_passport_valid_readmission", 6, "months", PASSPORTS),
    law("laissez_passer_valid", 12, "months", PASSPORTS),
    law(
        "establishment_licence_social_agency",
        15,
        "working_days",
        DECREE_09,
        END_OF_2011,
    ),  # T12
    law("establishment_licence_chair", 7, "working_days", DECREE_09, END_OF_2011),
    law("establishment_licence_valid", 60, "months", DECREE_09, END_OF_2011),
    law("tip_forwarded", 0, "hours", LAW_2024),  # T13
    law("transfer_impact_dossier", 60, "days", PDPL),  # T14
]

RECEPTION: list[Line] = [  # §6.1, §6.5
    proposed("hotline_triaged", 1, "minutes"),
    proposed("hotline_intervention", 15, "minutes"),
    proposed("person_safe", 2, "hours"),
    proposed("at_commune", 4, "hours"),
    proposed("needs_assessed", 24, "hours"),
    proposed("child_protection_referral", 24, "hours"),
    proposed("left_without_notice", 72, "hours"),
    proposed("door_open", 12, "months"),
    proposed("recovery_pause", 30, "days"),
    proposed("establishment_review", 90, "days"),
]

RETURN: list[Line] = [  # §6.2
    proposed("wish_informed", 3, "days"),
    proposed(
        "family_tracing",
        15,
        "working_days",
        "*",
        "family_tracing/release",
        SERVICE_ENDS,
    ),
    proposed(
        "risk_countersigned",
        10,
        "working_days",
        "*",
        "risk_assessment",
        f"risk_countersignature {RETURN_ENDS}",
    ),
    proposed("risk_valid", 30, "days"),
    proposed("placement_confirmed_before", 3, "working_days"),
    proposed("reconsent_fresh", 24, "hours"),
    proposed(
        "appointment_tolerance",
        2,
        "hours",
        "*",
        "gate_arrival",
        "minutes withdrawal suspension recall",
    ),
    proposed(
        "plan_confirmed",
        3,
        "working_days",
        "*",
        "return_plan",
        f"plan_confirmation {RETURN_ENDS}",
    ),
    proposed(
        "appointment_confirmed",
        1,
        "working_days",
        "*",
        "appointment",
        f"appointment_confirmation {RETURN_ENDS}",
    ),
    proposed(
        "transit_check_in",
        4,
        "hours",
        "*",
        "departure check_in",
        "check_in gate_arrival minutes withdrawal suspension recall",
    ),
    proposed(
        "dispute_settled",
        4,
        "hours",
        "*",
        "dispute",
        "countersignature minutes withdrawal suspension no_return",
    ),
    proposed(
        "countersigned",
        4,
        "hours",
        "*",
        "minutes",
        "countersignature dispute withdrawal",
    ),
    proposed("arrival_confirmed", 24, "hours", "*", "countersignature", "arrival"),
    # Who did not come may be in danger: the ladder begins with the word, and its
    # last rung is an hour later. Whatever shows where she is ends it.
    proposed(
        "not_arrived",
        1,
        "hours",
        "*",
        "not_arrived",
        "arrival gate_arrival minutes countersignature witness completion"
        " return_to_sender withdrawal suspension recall",
    ),
]

REINTEGRATION: list[Line] = [  # §6.3, §5.g
    proposed("first_plan", 14, "days"),
    proposed("plan_review", 90, "days"),
    proposed("follow_up_1", 72, "hours"),
    proposed("follow_up_2", 14, "days"),
    proposed("follow_up_3", 1, "months"),
    proposed("follow_up_4", 3, "months"),
    proposed("follow_up_5", 6, "months"),
    proposed("follow_up_6", 12, "months"),
    proposed("unreachable_window", 30, "days"),
    # §6.3: unreachable three times goes to the supervisor, unsafe is an emergency.
    proposed("supervisor_decides", 24, "hours"),
    proposed("unsafe_answered", 4, "hours"),
    proposed("lost_contact", 90, "days"),
    proposed("reopen_allowed", 12, "months"),
    # §5.g orders the end of the data without a figure: five years at most.
    proposed("data_disposition", 60, "months"),
]

CONSENT: list[Line] = [  # §5.c, §6.4
    proposed(
        "override_review",
        24,
        "hours",
        "*",
        "act:override_recorded",
        "act:override_reviewed",
    ),
    # A yes is asked for the act of a day, as an override is reviewed within one.
    proposed("approval_answered", 24, "hours"),
    proposed(
        "recall_acknowledged", 24, "hours", "*", "recall", "recall_acknowledgement"
    ),
    proposed("consent_reception_shelter", 120, "days"),
    proposed("consent_voluntary_return", 90, "days"),
    proposed("consent_reintegration_services", 12, "months"),
    proposed("consent_other", 90, "days"),
    proposed("consent_expiring", 14, "days"),
    proposed("consent_turning_18", 30, "days"),
]

LINES = [*HANDSHAKE, *IASC, *LAWS, *RECEPTION, *RETURN, *REINTEGRATION, *CONSENT]
