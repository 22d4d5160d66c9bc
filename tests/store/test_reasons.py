"""Whoever looks beyond what the unit works on says why, whatever is looked at."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.node.domain.bodies import Offer, Recall
from services.node.domain.errors import RelaisError
from services.node.domain.identifiers import new_id
from services.node.domain.records import Answer, CategoryRecord
from services.node.rpc.callers import CALLERS
from services.node.rpc.desk_receipts import WithdrawalAsked
from tests.store.lodge import COLLEAGUE, OFFICER

WHO, OTHER = OFFICER.pseudonym, COLLEAGUE.pseudonym
WHY = "thay ca đêm"
D1 = CategoryRecord("D1", (Answer("prs_Gender", ("1",)),))
ASKED = Offer("reintegration", "normal", (), "adult", "1", ("vi",), (), "?", "vi", ())
OF_A_CASE = {
    "read_records": "CaseService/ReadRecords",
    "list_versions": "CaseService/ListVersions",
    "compare_versions": "CaseService/CompareVersions",
    "read_services": "CaseService/ReadServices",
    "read_safety": "CaseService/ReadSafety",
    "get_plan": "CaseService/GetPlan",
    "list_plan_versions": "CaseService/ListPlanVersions",
    "read_notes": "CaseService/ReadNotes",
    "read_messages": "ReferralService/ReadMessages",
    "get_case_state": "CaseService/GetCaseState",
    "list_consents": "ConsentService/ListConsents",
    "read_receipts": "ConsentService/ReadReceipts",
    "list_copies": "DocumentService/ListCopies",
    "list_attachments": "AttachmentService/ListAttachments",
    "list_access": "AccessService/ListAccess",
    "explain_case": "PolicyService/ExplainCase",
}
"""Reads of a case that show what is sealed, which papers there are, or who looked."""
OF_A_CATEGORY = {"list_versions", "compare_versions"}


@pytest.fixture
async def units(lodge):
    """A case of one unit; the clients of that unit, of another, and with a reason."""
    # Envelopes are sealed for the real week.
    lodge.clock.wire = datetime.now(UTC)
    first, second = await lodge.enter(WHO), await lodge.enter(OTHER)
    mine = lodge.gateway.acting(first)
    case = (await mine.open_case("", "rescued", [D1])).case_pseudonym
    theirs, explained = (
        lodge.gateway.acting(second),
        lodge.gateway.acting(second, WHY),
    )
    return case, mine, theirs, explained


async def refused(call):
    with pytest.raises(RelaisError) as error:
        await call
    return error.value.code


@pytest.mark.parametrize("read", OF_A_CASE)
async def test_another_units_case_is_read_for_a_reason_only(units, read):
    case, mine, theirs, explained = units
    said = ("", case, "D1") if read in OF_A_CATEGORY else ("", case)
    await getattr(mine, read)(*said)
    assert await refused(getattr(theirs, read)(*said)) == "access.reason_needed"
    await getattr(explained, read)(*said)


async def test_a_code_that_is_spelled_otherwise_is_no_way_round(units):
    case, _, theirs, _ = units
    for spelled in (case.lower(), case.replace("-", ""), f" {case} "):
        for read in ("list_consents", "get_case_state", "list_copies"):
            code = await refused(getattr(theirs, read)("", spelled))
            assert code == "access.reason_needed", (read, spelled)


async def test_a_copy_for_another_units_case_is_numbered_for_a_reason_only(units):
    case, _, theirs, explained = units

    def copy(desk):
        return desk.keep_copy("", case, "consent_form", case, bytes(32), "person")

    assert await refused(copy(theirs)) == "access.reason_needed"
    assert (await copy(explained)).copy == 1


async def test_another_units_referral_is_read_for_a_reason_that_is_kept(lodge, units):
    case, mine, theirs, explained = units
    made = (await mine.make_offer("", case, "son-la", ASKED)).referral_id
    await mine.get_referral("", made)
    assert await refused(theirs.get_referral("", made)) == "access.reason_needed"
    await explained.get_referral("", made)
    kept, denied = (await lodge.desk.list_access(WHO, case, limit=2))[:2]
    assert (kept.what, kept.reason) == ("ReferralService/GetReferral", WHY)
    assert (denied.outcome, denied.officer) == ("access.reason_needed", OTHER)
    assert (await theirs.list_referrals(""))[0].referral_id == made


async def test_what_came_in_and_nobody_has_opened_is_everybodys(lodge):
    second = await lodge.enter(OTHER)
    unknown = lodge.gateway.acting(second).get_referral("", new_id())
    assert await refused(unknown) == "referral.unknown"


async def test_nobody_gets_to_read_another_units_case_by_doing_something_in_it(
    lodge, units
):
    """Nor does it: what was not allowed changed nothing, and is kept."""
    case, mine, theirs, explained = units
    made = (await mine.make_offer("", case, "son-la", ASKED)).referral_id
    clock = (await mine.list_clocks("", case)).clocks[0].clock_id
    withdrawal = WithdrawalAsked(new_id(), "written")
    acts = (
        lambda desk: desk.take_step("", made, Recall("other")),
        lambda desk: desk.claim_referral("", made),
        lambda desk: desk.add_record("", case, D1),
        lambda desk: desk.withdraw_consent("", case, withdrawal),
        lambda desk: desk.begin_upload("", new_id(), case, "D2", 100),
        lambda desk: desk.make_offer("", case, "son-la", ASKED),
        lambda desk: desk.pause_clock("", clock, "illness"),
    )
    for act in acts:
        assert await refused(act(theirs)) == "access.reason_needed"
    assert await refused(theirs.read_records("", case)) == "access.reason_needed"
    denied = await lodge.desk.list_access(WHO, case)
    assert {"CaseService/AddRecord", "AttachmentService/BeginUpload"} <= {
        each.what for each in denied if each.outcome == "access.reason_needed"
    }
    await explained.add_record("", case, D1)
    kept = (await lodge.desk.list_access(WHO, case, limit=1))[0]
    assert (kept.what, kept.reason) == ("CaseService/AddRecord", WHY)


def test_every_act_in_a_case_asks_whoever_is_of_another_unit():
    """What begins a case, and what is about one's own draft or form, does not."""
    acting = {
        method.removeprefix("/relais.desk.v1.")
        for method, row in CALLERS.items()
        if row.acts_on
    }
    assert acting == {
        "ApprovalService/AskApproval",
        "AttachmentService/BeginUpload",
        "CaseService/AddRecord",
        "CaseService/KeepMinor",
        "CaseService/KeepNote",
        "CaseService/KeepPlan",
        "CaseService/RecordFollowUp",
        "CaseService/TakeCaseStep",
        "ClockService/PauseClock",
        "ClockService/ResumeClock",
        "ConsentService/RecordConsent",
        "ConsentService/RecordOverride",
        "ConsentService/WithdrawConsent",
        "ReferralService/Escalate",
        "ReferralService/MakeOffer",
        "ReferralService/TakeStep",
        "WorkService/ClaimReferral",
    }


def test_every_call_that_asks_for_a_reason_names_what_is_looked_at():
    asking = {
        method.removeprefix("/relais.desk.v1.")
        for method, row in CALLERS.items()
        if row.of_unit
    }
    assert all(row.reads for row in CALLERS.values() if row.of_unit)
    assert asking == {
        *OF_A_CASE.values(),
        "CaseService/ComparePlans",
        "AttachmentService/ReadAttachment",
        "ConsentService/CheckWithdrawal",
        "DocumentService/KeepCopy",
        "ReferralService/CheckReferral",
        "ReferralService/GetReferral",
    }
