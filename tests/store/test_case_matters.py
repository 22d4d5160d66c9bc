"""A page of a case opens the categories of its own matter, in one look."""

from __future__ import annotations

from datetime import UTC, datetime

from services.node.domain.bodies import Offer
from services.node.domain.case_details import CaseDetails
from services.node.domain.case_matters import NEEDS, PEOPLE, SAFETY
from services.node.domain.fields import known_fields
from services.node.domain.minors import Minor
from services.node.domain.records import Answer, CategoryRecord
from tests.store.lodge import OFFICER

WHO = OFFICER.pseudonym
KNOWN = (
    CategoryRecord("D1", (Answer("prs_Gender", ("Feminine",)),)),
    CategoryRecord("D2", (Answer("prs_FirstName", ("Người Vô Danh",)),)),
    CategoryRecord("D3", (Answer("local_safe_contact_rule", ("never_call",)),)),
    CategoryRecord(
        "D7",
        (Answer("local_no_go_places", ("chợ",)), Answer("local_escort", ("có",))),
    ),
    CategoryRecord("D5", (Answer("local_disability", ("không",)),)),
)
ASKED = Offer(
    "reintegration",
    "normal",
    ("medical",),
    "24_26",
    "Feminine",
    ("vi",),
    ("same_sex_staff",),
    "?",
    "vi",
    (),
)


def told(parts):
    return {(one.category, each.field) for one in parts for each in one.answers}


def test_every_field_of_a_matter_is_one_that_a_case_file_has():
    known = known_fields()
    assert all(field in known for field in NEEDS | PEOPLE | SAFETY)
    assert not any(known[field] == "D2" for field in NEEDS | PEOPLE | SAFETY)


async def test_each_matter_shows_its_own_and_who_said_it(lodge):
    lodge.clock.wire = datetime.now(UTC)
    desk = lodge.gateway.acting(await lodge.enter(WHO))
    case = (await desk.open_case("", "rescued", KNOWN)).case_pseudonym
    minor = Minor("", "accompanying_minor", "yes", "9_17", "", "relative", "")
    await desk.keep_minor("", case, minor)
    await desk.take_case_step(
        "", case, "set_risk_level", CaseDetails(risk_level="high")
    )
    await desk.make_offer("", case, "son-la", ASKED)

    safety = await desk.read_safety("", case)
    assert told(safety.safety) == {
        ("D3", "local_safe_contact_rule"),
        ("D7", "local_no_go_places"),
    }
    assert told(safety.people) == {("D7", "local_escort")}
    assert {each.version.recorded_by for each in safety.safety} == {WHO}
    (risk,) = safety.risks
    assert (risk.basis, risk.level, risk.officer) == ("case", "high", WHO)
    assert [each.guardian for each in safety.minors] == ["relative"]
    assert [each.constraints for each in safety.safeguards] == [("same_sex_staff",)]

    # Whoever visits or calls sees how the person is reached safely.
    state = await desk.get_case_state("", case)
    assert state.safe_contact is not None
    assert state.safe_contact.values == ("never_call",)

    services = await desk.read_services("", case)
    assert told(services.needs) == {("D5", "local_disability")}
    (asked,) = services.services
    assert (asked.referral.peer, asked.asked) == ("son-la", ("medical",))
    assert asked.given == ()
    assert asked.answered_at.year == 1970
