"""WorkService on the local listener: the work of the day, and who there is to ask."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from relais.desk.v1 import work_pb2
from services.node.domain.errors import InvalidInputError, NotFoundError
from services.node.domain.identifiers import new_id, parse_alias
from services.node.domain.outcomes import Outcome
from services.node.domain.referrals import ReferralType
from services.node.flows.acquaintance import acquaintances
from services.node.flows.arrivals_today import arrivals_today
from services.node.flows.assign import Assigning, assign_work, assignees
from services.node.flows.attention import (
    Corridor,
    Notice,
    corridors,
    count_attention,
    notices,
)
from services.node.flows.closed_to_new import words_of
from services.node.flows.looks import Look
from services.node.flows.members import member_cards, needs_of_member
from services.node.flows.saved_views import WHOSE
from services.node.flows.show_names import show_names
from services.node.flows.work import (
    CLAIM,
    WorkGroup,
    WorkItem,
    claim_on,
    claim_referral,
    find_code,
    release_claim,
    worklist,
)
from services.node.rpc.calls import acting_officer, calling
from services.node.rpc.conversions import event_id_from
from services.node.rpc.desk.cards import member_card
from services.node.rpc.desk.closed_to_new import ClosedToNewCalls
from services.node.rpc.desk.desk import Desk, limit_of
from services.node.rpc.desk.render import millis, referral_summary
from services.node.rpc.local_calls import at_host
from services.node.rpc.pace import SEARCHES, Paces
from services.node.store import closed_to_new as closed_store
from services.node.store import exchange as exchange_store
from services.node.store.work import Some

_LONGEST_WAIT = 60


class WorkServicer(ClosedToNewCalls):
    """Shows what there is to do, and the members of the network."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._searches = Paces("search", SEARCHES)

    async def GetWorklist(
        self, request: work_pb2.GetWorklistRequest, context: Any
    ) -> work_pb2.GetWorklistResponse:
        """List what waits for this member, or for others."""
        desk, moment = self._desk, self._desk.now()
        found = await worklist(
            desk.own,
            _group(request.group),
            desk.today(),
            moment.wire,
            limit=limit_of(request.limit),
            offset=request.offset,
            some=_some(request, desk.own.name, moment.wire),
        )
        first = request.group == WorkGroup.NEEDS_ME and not request.offset
        arrivals = (
            await arrivals_today(desk.own, moment.case)
            if first and not request.peer
            else []
        )
        holes = desk.published.alarms.holes(moment.wire)
        beside = await count_attention(desk.own, acting_officer(), moment, holes)
        return work_pb2.GetWorklistResponse(
            items=[_item(each) for each in found.items],
            needs_me=found.counts[WorkGroup.NEEDS_ME],
            waiting_on_others=found.counts[WorkGroup.WAITING_ON_OTHERS],
            now=millis(moment.case),
            notices=beside.notices,
            approvals=beside.approvals,
            forms=beside.forms,
            arrivals=[
                work_pb2.ExpectedArrival(
                    referral=referral_summary(each.referral),
                    expected_at=millis(each.expected_at),
                    expected_zone=each.zone,
                )
                for each in arrivals
            ],
        )

    async def ListCorridors(
        self, request: work_pb2.ListCorridorsRequest, context: Any
    ) -> work_pb2.ListCorridorsResponse:
        """Count what is open with every other member, and who must answer."""
        desk, now = self._desk, self._desk.now().case
        found = await corridors(desk.own, desk.today(), now)
        directory = desk.own.adopted.directory
        return work_pb2.ListCorridorsResponse(
            corridors=[_corridor(each) for each in found],
            own_country=directory.members[desk.own.name].country,
            now=millis(now),
        )

    async def ListNotices(
        self, request: work_pb2.ListNoticesRequest, context: Any
    ) -> work_pb2.ListNoticesResponse:
        """List what needs attention and has no clock of its own."""
        desk = self._desk
        moment = desk.now()
        holes = desk.published.alarms.holes(moment.wire)
        found = await notices(desk.own, desk.today(), moment, holes)
        return work_pb2.ListNoticesResponse(notices=[_notice(each) for each in found])

    async def ClaimReferral(
        self, request: work_pb2.ClaimReferralRequest, context: Any
    ) -> work_pb2.ClaimReferralResponse:
        """Say who of this member works on a decision, or give that back."""
        desk, officer = self._desk, acting_officer().pseudonym
        if request.release:
            await release_claim(desk.own, officer, request.referral_id)
            return work_pb2.ClaimReferralResponse()
        claim = await claim_referral(desk.own, officer, request.referral_id, desk.now())
        return work_pb2.ClaimReferralResponse(
            claimed_by=claim.claimed_by, claimed_until=millis(claim.claimed_until)
        )

    async def GetClaim(
        self, request: work_pb2.GetClaimRequest, context: Any
    ) -> work_pb2.GetClaimResponse:
        """Say who of this member works on a decision now."""
        now = self._desk.now().wire
        claim = await claim_on(self._desk.own, request.referral_id, now)
        found = work_pb2.GetClaimResponse(now=millis(now))
        if claim is not None:
            found.claimed_by = claim.claimed_by
            found.claimed_at = millis(claim.claimed_until - CLAIM)
            found.claimed_until = millis(claim.claimed_until)
        return found

    async def AssignWork(
        self, request: work_pb2.AssignWorkRequest, context: Any
    ) -> work_pb2.AssignWorkResponse:
        """Assign cases and referrals to an officer, or take that back."""
        desk, officer, caller = self._desk, acting_officer(), calling()
        asked = Assigning(
            request_id=event_id_from(request.event_id, new_id()),
            assignee=request.assignee,
            cases=tuple(parse_alias(each) for each in request.case_pseudonyms),
            referral_ids=tuple(request.referral_ids),
            asks_why=not at_host(),
        )
        what = caller.method.removeprefix("/relais.desk.v1.")
        look = Look(officer, caller.listener, what, reason=caller.reason)
        # Codes are no easier to guess here than where they are looked up.
        self._searches.take(officer.pseudonym)
        try:
            count = await assign_work(desk.own, look, officer, asked, desk.now())
        except NotFoundError:
            for _ in asked.cases:
                self._searches.take(officer.pseudonym)
            raise
        return work_pb2.AssignWorkResponse(assigned=count)

    async def ListAssignees(
        self, request: work_pb2.ListAssigneesRequest, context: Any
    ) -> work_pb2.ListAssigneesResponse:
        """List the officers who may be assigned work."""
        found = await assignees(self._desk.own)
        return work_pb2.ListAssigneesResponse(
            assignees=[
                work_pb2.Assignee(
                    pseudonym=each.pseudonym, role=each.role.value, unit=each.unit
                )
                for each in found
            ]
        )

    async def FindCode(
        self, request: work_pb2.FindCodeRequest, context: Any
    ) -> work_pb2.FindCodeResponse:
        """Find the case and the referrals that a code names here."""
        self._searches.take(acting_officer().pseudonym)
        found = await find_code(self._desk.own, parse_alias(request.code))
        return work_pb2.FindCodeResponse(
            case_pseudonym=found.case_pseudonym, referral_ids=found.referral_ids
        )

    async def ShowNames(
        self, request: work_pb2.ShowNamesRequest, context: Any
    ) -> work_pb2.ShowNamesResponse:
        """Show the names of several cases; a look at each is kept first."""
        caller, officer, codes = calling(), acting_officer(), request.case_pseudonyms
        looking = Look(officer, caller.listener, "show_names", reason=caller.reason)
        # Codes are no easier to guess here than where they are looked up.
        self._searches.take(officer.pseudonym)
        now = self._desk.now().wire
        found = await show_names(self._desk.own, looking, codes, now)
        for _ in range(len({parse_alias(each) for each in codes}) - len(found)):
            self._searches.take(officer.pseudonym)
        return work_pb2.ShowNamesResponse(
            names=[
                work_pb2.ShownName(case_pseudonym=each.case_pseudonym, name=each.name)
                for each in found
            ]
        )

    async def ListMembers(
        self, request: work_pb2.ListMembersRequest, context: Any
    ) -> work_pb2.ListMembersResponse:
        """List the other members of the directory."""
        own, moment = self._desk.own, self._desk.now()
        async with own.database.connection() as connection:
            rows = await exchange_store.waiting(connection)
            said = await closed_store.peers_closed(connection)
        waiting = {row.recipient: row.waiting for row in rows}
        contacts = self._desk.published.contacts
        known = await acquaintances(own, contacts, moment) if request.details else {}
        words = words_of(own, said, moment.wire)
        cards = member_cards(own, moment, waiting, known, words)
        return work_pb2.ListMembersResponse(
            members=[member_card(each) for each in cards]
        )

    async def ListResults(
        self, request: work_pb2.ListResultsRequest, context: Any
    ) -> work_pb2.ListResultsResponse:
        """List the results that a type of referral may report today."""
        kind = _referral_type(request.referral_type)
        table, today = self._desk.own.adopted.policy.outcomes, self._desk.today()
        return work_pb2.ListResultsResponse(
            results=[
                work_pb2.ServiceResult(outcome=outcome, result=result)
                for outcome in Outcome
                for result in table.results(kind, outcome, today)
            ]
        )

    async def ListNeeds(
        self, request: work_pb2.ListNeedsRequest, context: Any
    ) -> work_pb2.ListNeedsResponse:
        """List what a member may be told with a type of referral today."""
        kind, desk = _referral_type(request.referral_type), self._desk
        needs = needs_of_member(desk.own, request.recipient, kind, desk.today())
        return work_pb2.ListNeedsResponse(
            needs=[
                work_pb2.CategoryNeed(
                    category=category, necessity=need.necessity, limit=need.limit
                )
                for category, need in needs.items()
            ]
        )

    async def ListCodes(
        self, request: work_pb2.ListCodesRequest, context: Any
    ) -> work_pb2.ListCodesResponse:
        """List the codes of a list of the policy today."""
        table = self._desk.own.adopted.policy.code_lists
        return work_pb2.ListCodesResponse(
            codes=table.codes(request.list, self._desk.today())
        )

    async def AwaitChange(
        self, request: work_pb2.AwaitChangeRequest, context: Any
    ) -> work_pb2.AwaitChangeResponse:
        """Return as soon as this member's ledger is longer than the caller knows."""
        published = self._desk.published
        seconds = min(request.timeout_seconds, _LONGEST_WAIT)
        try:
            async with asyncio.timeout(seconds):
                while True:
                    changed = published.next_change()
                    if published.head.size > request.known_size:
                        break
                    await changed.wait()
        except TimeoutError:
            pass
        return work_pb2.AwaitChangeResponse(size=published.head.size)


def _group(text: str) -> WorkGroup:
    try:
        return WorkGroup(text)
    except ValueError:
        raise InvalidInputError(
            "work.unknown_group",
            "There is no such group of work.",
            where="group",
            remedy=f"Ask for {' or '.join(WorkGroup)}.",
        ) from None


def _some(request: work_pb2.GetWorklistRequest, own: str, now: datetime) -> Some | None:
    """Of which work a page is asked for; None for all of it."""
    if request.whose not in WHOSE:
        raise InvalidInputError(
            "work.unknown_whose",
            "Work is everybody's, that of a unit, or one's own.",
            where="whose",
            remedy="Ask for unit or me, or leave it out.",
        )
    if not (request.whose or request.peer):
        return None
    officer = acting_officer()
    return Some(
        peer=request.peer,
        unit=officer.unit if request.whose == "unit" else "",
        officer=officer.pseudonym if request.whose == "me" else "",
        own=own,
        now=now,
    )


def _corridor(each: Corridor) -> work_pb2.Corridor:
    return work_pb2.Corridor(
        peer=each.peer,
        side=each.side,
        for_us=each.for_us,
        for_us_due=millis(each.for_us_due),
        for_them=each.for_them,
        for_them_due=millis(each.for_them_due),
        overdue=each.overdue,
        one_sided=each.one_sided,
    )


def _notice(each: Notice) -> work_pb2.Notice:
    found = work_pb2.Notice(kind=each.kind, peer=each.peer, at=millis(each.at))
    if each.referral is not None:
        found.referral.CopyFrom(referral_summary(each.referral))
    return found


def _referral_type(text: str) -> ReferralType:
    try:
        return ReferralType(text)
    except ValueError:
        raise InvalidInputError(
            "work.unknown_type",
            "There is no such type of referral.",
            where="referral_type",
            remedy=f"Ask for one of: {', '.join(ReferralType)}.",
        ) from None


def _item(item: WorkItem) -> work_pb2.WorkItem:
    found = work_pb2.WorkItem(
        case_pseudonym=item.case_pseudonym,
        deadline=item.deadline,
        started_at=millis(item.started_at),
        due_at=millis(item.due_at),
    )
    if item.referral is not None:
        found.referral.CopyFrom(referral_summary(item.referral))
    if item.offer is not None:
        found.asked_for.CopyFrom(
            work_pb2.AskedFor(
                services=item.offer.services,
                age_band=item.offer.age_band,
                sex=item.offer.sex,
                languages=item.offer.languages,
            )
        )
    if item.claim is not None:
        found.claimed_by = item.claim.claimed_by
        found.claimed_until = millis(item.claim.claimed_until)
    if item.assigned is not None:
        found.assigned_to = item.assigned.officer or ""
        found.assigned_by = item.assigned.assigned_by
        found.assigned_at = millis(item.assigned.assigned_at)
    return found
