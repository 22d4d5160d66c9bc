"""Which fields of a case file tell of needs, of people around her, and of safety.

Promises one place for each matter of a case's page (console.md §7, S7: needs &
services, people & safety). A page opens the categories of its own fields and no
other; what belongs to no matter stands on the page of everything known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from services.node.domain.fields import known_fields
from services.node.domain.records import Answer, CategoryRecord

NEEDS = frozenset(
    {
        "local_needs",
        *("local_urgent_medical", "local_pregnancy", "local_disability"),
        *("local_medication", "local_fit_to_travel", "local_counselling_needs"),
        *("local_goal", "local_service_status", "local_own_service"),
        *("local_placement_confirmed", "spl_Type", "spl_Objectives"),
        *("spl_ActionPlan", "spl_PlannedEndDate", "spl_ActualEndDate"),
        *("local_legal_aid", "local_allowance", "local_loan", "local_insurance"),
        "local_school",
    }
)
"""What somebody needs, and how far that is."""

PEOPLE = frozenset(
    {
        *("local_interpreter_needed", "local_accompanying_minors"),
        *("prs_PrimaryLanguage", "prs_SecondaryLanguage"),
        *("local_safe_contact", "local_contact_via_lawyer"),
        *("local_host_side_contact", "local_escort", "prs_NumberOfChildren"),
        *("local_relative", "local_relative_name", "local_relative_phone"),
        *("local_relative_place", "local_who_may_visit", "local_who_may_be_told"),
        *("local_family_assessment", "local_family_tracing_result"),
        *("local_guardian", "local_best_interest"),
    }
)
"""Who stands around her: contacts, guardian, interpreter, escort, relatives."""

SAFETY = frozenset(
    {
        *("local_safe_contact_rule", "local_imminent_danger", "local_suicide_risk"),
        *("local_risk_level", "local_risk_result", "local_perpetrator_proximity"),
        *("local_no_go_places", "local_no_go_persons"),
    }
)
"""How great the danger is, how she is reached safely, and what to keep away from."""


def categories_of(matter: Collection[str]) -> frozenset[str]:
    """The categories that hold fields of a matter."""
    known = known_fields()
    return frozenset(known[each].value for each in matter)


SAFE_CONTACT = "local_safe_contact_rule"
"""How the person is reached safely: whoever visits or calls goes by it."""


def answer_to(records: Iterable[CategoryRecord], field: str) -> Answer | None:
    """What the records say in one field; None for nothing."""
    answers = (one for each in records for one in each.answers)
    return next((each for each in answers if each.field == field), None)


def part_of(record: CategoryRecord, matter: Collection[str]) -> tuple[Answer, ...]:
    """What a record says of a matter; empty for nothing."""
    return tuple(each for each in record.answers if each.field in matter)
