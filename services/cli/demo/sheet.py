"""A case sheet comes in; one of its rows becomes a referral, by an officer's word."""

from __future__ import annotations

from pathlib import Path

from services.cli.demo.answers import NEVER
from services.cli.demo.journey import Journey
from services.cli.demo.stage import Stage
from services.cli.workbook import read_workbook
from services.node.domain.casesheet import case_sheets
from services.node.domain.consent_codes import INFORMED_POINTS
from services.node.domain.errors import NotFoundError
from services.node.domain.records import ConsentCopy
from services.node.rpc.desk_values import DraftRead, SheetRead

SHEET = Path(__file__).resolve().parents[3] / "deploy" / "demo" / "case-sheet.xlsx"
_MINORS = {"", "0_8", "9_17"}


async def case_sheet(stage: Stage, journey: Journey) -> None:
    """Dry run, then drafts; purpose, recipient and consent come from an officer."""
    tell, lao_cai = stage.narrator, stage.at("lao-cai")
    tell.chapter("Meanwhile, a case sheet")
    await stage.moves_to(46, "14:00")
    (raw,) = case_sheets(read_workbook(SHEET))
    seen = await lao_cai.desk.import_sheet(lao_cai.officer, raw, keep=False)
    tell.does("lao-cai", f"reads an HTCDS 2.0 case sheet, dry: {_counted(seen)}.")
    await lao_cai.desk.import_sheet(lao_cai.officer, raw, keep=True)
    drafts = await lao_cai.desk.list_drafts(lao_cai.officer)
    tell.does(
        "lao-cai",
        "keeps the open rows as an officer's drafts and the closed ones as history. "
        "Nothing is sent: a ticked consent box is consent to the interview only.",
    )
    await _confirm(stage, journey, _next_draft(drafts))


async def _confirm(stage: Stage, journey: Journey, draft: DraftRead) -> None:
    tell, lao_cai = stage.narrator, stage.at("lao-cai")
    house = stage.at(journey.cast.house)
    confirmed = await lao_cai.desk.confirm_draft(
        lao_cai.officer, draft.draft_id, "self_returned"
    )
    case = journey.sheet_cases["lao-cai"] = confirmed.case_pseudonym
    offer = confirmed.offer
    consent = ConsentCopy(
        consent_id=b"",
        purpose="reception_shelter",
        recipient=house.member,
        categories=("D1",),
        status="given",
        subject="self",
        method="written",
        language=offer.languages[0] if offer.languages else "vi",
        interpreter="",
        informed_points=INFORMED_POINTS,
        given_at=NEVER,
        valid_until=NEVER,
    )
    await lao_cai.desk.record_consent(lao_cai.officer, case, consent)
    referral = await lao_cai.offer(case, house.member, offer, "D1")
    journey.referrals["sheet"] = referral
    tell.does(
        "lao-cai",
        f"asks one of these people, then confirms the draft as {case}: "
        "purpose, recipient and consent; the referral goes out.",
    )
    tell.answered(consent)
    journey.sheet_cases[house.member] = await house.accept(referral)
    await house.looks_after(journey.sheet_cases[house.member])
    tell.does(house.member, "accepts.")


def _next_draft(drafts: tuple[DraftRead, ...]) -> DraftRead:
    for draft in drafts:
        if draft.status == "draft" and draft.age_band not in _MINORS:
            return draft
    raise NotFoundError(
        "demo.no_draft",
        "No draft of an adult is left to be confirmed.",
        remedy="Play the journey on a fresh network.",
    )


def _counted(seen: SheetRead) -> str:
    drafts = sum(each.status == "draft" for each in seen.rows)
    refused = sum(each.refused for each in seen.findings)
    notes = len(seen.findings) - refused
    return (
        f"{drafts} open rows, {len(seen.rows) - drafts} closed, "
        f"{refused} refused, {notes} notes"
    )
