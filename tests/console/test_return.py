"""A return over the border, on forms alone: from the assessment to the signatures.

The liaison works in Chinese and the province in Vietnamese, both without scripts.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.console.consoles import LIAISON, PROVINCE
from tests.console.scenes import Sent
from tests.console.seats import Seat

GATE = "lao_cai_hekou"
NOW, LATER = "2026-03-02T08:00", "2026-03-02T09:00"
A_WEEK_AGO, NEXT_WEEK = "2026-02-23T08:00", "2026-03-09"


@dataclass(frozen=True)
class Step:
    """A step: who takes it, what the form says, and where the referral then is."""

    name: str
    by_giver: bool
    state: str
    fields: dict[str, str]


HOMEWARD = (
    Step(
        "risk_assessment",
        True,
        "risk_proposed",
        {
            "retaliation_likelihood": "1",
            "retaliation_impact": "2",
            "residual": "low",
            "decision": "go",
            "valid_until": NEXT_WEEK,
        },
    ),
    Step("risk_countersignature", False, "risk_assessed", {"decision": "go"}),
    Step(
        "travel_document",
        True,
        "document_ready",
        {"document_type": "none_needed", "issued_at": NOW, "expires_at": NEXT_WEEK},
    ),
    Step(
        "return_plan",
        True,
        "plan_proposed",
        {
            "mode": "land",
            "gate": GATE,
            "at": LATER,
            "children": "0",
            "fit_to_travel": "fit",
        },
    ),
    Step(
        "plan_confirmation",
        False,
        "planned",
        {"placement": "establishment", "placement_confirmed_at": A_WEEK_AGO},
    ),
    Step(
        "reconsent",
        True,
        "reconsented",
        {
            "answer": "given",
            "capacity": "adult",
            "method": "written",
            "consent_language": "vi",
            "informed_points": "",
            "valid_days": "30",
        },
    ),
    Step(
        "appointment",
        True,
        "appointment_proposed",
        {"gate": GATE, "at": LATER, "persons": "1"},
    ),
    Step("appointment_confirmation", False, "appointed", {"gate": GATE, "at": LATER}),
    Step("departure", True, "in_transit", {"departed_at": NOW, "persons": "1"}),
    Step("gate_arrival", True, "at_gate", {"gate": GATE, "at": NOW}),
    Step(
        "minutes",
        True,
        "minuted",
        {
            "gate": GATE,
            "handed_over_at": NOW,
            "persons": "1",
            "identity_match": "match",
            "condition": "well",
            "vehicle": "car",
            "plate": "00A-000.00",
            "escort": "social_worker",
            "escort_count": "2",
            "documents": "travel_document",
            "items": "điện thoại",
        },
    ),
    Step(
        "countersignature",
        False,
        "received",
        {
            "received_at": NOW,
            "persons": "1",
            "identity_match": "match",
            "giver_known_by": "code",
            "received": "documents.travel_document",
        },
    ),
)


def filled(seat: Seat, fields: dict[str, str]) -> None:
    """Fills a form by the names of its fields; an empty value ticks every box."""
    for name, value in fields.items():
        found = seat.page.locator(f'main [name="{name}"]')
        kind = found.first.get_attribute("type")
        if kind in {"radio", "checkbox"}:
            for each in found.all():
                if not value or each.get_attribute("value") == value:
                    each.check()
        elif found.first.evaluate("each => each.tagName") == "SELECT":
            found.select_option(value)
        else:
            found.fill(value)


def shown_to_the_giver_alone(giver: Seat, receiver: Seat, sent: Sent) -> str:
    """The digits of the minutes; the receiver stands before the same referral."""
    giver.go(sent.path)
    digits = giver.page.inner_text(".govuk-panel__body").replace(" ", "")
    assert digits not in receiver.page.content()
    assert receiver.page.locator(".govuk-panel, .relais-qr").count() == 0
    return digits


def signed_by(receiver: Seat, digits: str) -> None:
    """Others are refused, and what was typed stays."""
    receiver.refusals_expected()
    # Whoever forgets a thing is asked about it, and then says that it is missing.
    receiver.press()
    assert "#received" in receiver.page.inner_html(".govuk-error-summary")
    receiver.page.check("[name=missing][value='items.điện thoại']")
    # Who confirms by telephone says with whom, when, and how she was known.
    receiver.page.check("[name=giver_known_by][value=telephone]")
    receiver.press()
    assert "#call_function" in receiver.page.inner_html(".govuk-error-summary")
    receiver.page.check("[name=giver_known_by][value=code]")
    other = f"{(int(digits) + 1) % 1_000_000:06d}"
    for wrong, code in ((other, "wrong_code"), ("", "code_missing")):
        receiver.page.fill("#handover_code", wrong)
        receiver.press()
        assert f"handover.{code}" in receiver.main
    receiver.page.fill("#handover_code", digits)


def refused_with_medicine(giver: Seat) -> None:
    """The receiver knows nothing of her health, so no medicine tells of it."""
    giver.refusals_expected()
    giver.page.fill("#medicine_1_what", "Paracetamol")
    giver.page.fill("#medicine_1_dose", "500 mg")
    giver.press("button[name=more]")
    assert giver.page.input_value("#medicine_1_dose") == "500 mg"
    giver.page.fill("#medicine_6_what", "Oresol")
    giver.press()
    assert "#medicine_6_dose" in giver.page.inner_html(".govuk-error-summary")
    giver.page.fill("#medicine_6_dose", "1")
    giver.press()
    assert "handover.health_not_released" in giver.main
    assert giver.page.input_value("#plate") == "00A-000.00"
    assert giver.page.input_value("#medicine_6_what") == "Oresol"
    giver.page.fill("#medicine_6_what", "")
    giver.page.fill("#medicine_6_dose", "")
    giver.page.fill("#medicine_1_what", "")
    giver.page.fill("#medicine_1_dose", "")


def test_a_return_is_prepared_made_and_signed_on_forms(seats, scenes):
    sent = scenes.sent(LIAISON, PROVINCE, "voluntary_return")
    scenes.accepted(sent, PROVINCE)
    giver = seats.at(LIAISON, "liaison-5", "zh-Hans", scripts=False)
    receiver = seats.at(PROVINCE, "officer-11", "vi", scripts=False)
    scenes.sees(LIAISON, sent, "in_service")
    for step in HOMEWARD:
        seat, other = (giver, PROVINCE) if step.by_giver else (receiver, LIAISON)
        seat.go(sent.path)
        signs = step.name == "countersignature"
        digits = shown_to_the_giver_alone(giver, receiver, sent) if signs else ""
        seat.press(f'main a[href="{sent.path}/{step.name}"]')
        filled(seat, step.fields)
        if step.name == "minutes":
            refused_with_medicine(seat)
        if signs:
            signed_by(receiver, digits)
        seat.press()
        assert seat.path == sent.path, (step.name, seat.problems or seat.main)
        assert scenes.sees(other, sent, step.state) == step.state
    giver.go(sent.path)
    told = giver.page.locator(".govuk-summary-list:has-text('00A-000.00') .govuk-tag")
    assert [each.get_attribute("class").split("--")[1] for each in told.all()] == [
        "red",
        "green",
    ]
    receiver.go(sent.path)
    receiver.press('main a[href^="/cases/"]')
    drawn = receiver.page.locator(".relais-chain").text_content().split()
    listed = receiver.page.locator(".relais-chain + table th[scope=row]")
    assert listed.count() == 2
    for member in listed.all_inner_texts():
        assert "".join(member.split()) in "".join(drawn)
