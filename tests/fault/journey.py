"""Two pieces of the journey, move by move, so that any move can be disturbed.

*Reception*: the hotline offers, the province accepts, the hotline's node releases
the identity part by itself. *Return*: the liaison offers, and responsibility moves
at the minutes that the province countersigns.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from relais.envelope.v1 import body_pb2
from tests.fault.desks import ACCEPT, Desk, consent_copy, new_id
from tests.fault.ending import Ending, ending, ledger_size
from tests.fault.holds import RowHold, part_keys_held
from tests.fault.small_network import HOTLINE, LIAISON, PROVINCE, SmallNetwork

GATE = "lao-cai-hekou"
_MATCH = "match"
_HOUR = 3_600_000
"""Milliseconds."""


@dataclass(frozen=True, slots=True)
class Move:
    """One step: who takes it, and the states in which either end then is."""

    name: str
    by_giver: bool
    states: tuple[str, ...]
    by_node: bool = False


_HANDSHAKE = (
    Move("offer", True, ("offered",)),
    Move("accept", False, ("accepted", "in_service")),
    Move("release", True, ("in_service",), by_node=True),
)
RECEPTION = _HANDSHAKE
RETURN = (
    *_HANDSHAKE,
    Move("risk_assessment", True, ("risk_proposed",)),
    Move("risk_countersignature", False, ("risk_assessed",)),
    Move("travel_document", True, ("document_ready",)),
    Move("return_plan", True, ("plan_proposed",)),
    Move("plan_confirmation", False, ("planned",)),
    Move("reconsent", True, ("reconsented",)),
    Move("appointment", True, ("appointment_proposed",)),
    Move("appointment_confirmation", False, ("appointed",)),
    Move("departure", True, ("in_transit",)),
    Move("gate_arrival", True, ("at_gate",)),
    Move("minutes", True, ("minuted",)),
    Move("countersignature", False, ("received",)),
)
_PIECES = {
    "reception": (RECEPTION, HOTLINE, PROVINCE, "reception_shelter"),
    "voluntary_return": (RETURN, LIAISON, PROVINCE, "voluntary_return"),
}


@dataclass
class Story:
    """One referral on its way; every act has its event id before it is tried."""

    town: SmallNetwork
    kind: str
    giver: Desk
    receiver: Desk
    case: str = ""
    referral_id: bytes = b""
    sizes: dict[str, int] = field(default_factory=dict)
    event_ids: dict[str, bytes] = field(default_factory=dict)
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What each move said: asked for again it says the same, whatever the clock."""
    appointed_at: int = 0
    release_hold: RowHold | None = None
    _holding: AbstractAsyncContextManager[RowHold] | None = None

    @property
    def moves(self) -> tuple[Move, ...]:
        """The moves of this piece in order."""
        return _PIECES[self.kind][0]

    def move(self, name: str) -> Move:
        """The move with this name."""
        return next(each for each in self.moves if each.name == name)

    def ends(self, move: Move) -> tuple[Desk, Desk]:
        """Sender and recipient of the move's envelope."""
        ends = (self.giver, self.receiver)
        return ends if move.by_giver else (ends[1], ends[0])

    async def begin(self) -> None:
        """The case with the person's yes, at the giver."""
        for desk in (self.giver, self.receiver):
            self.sizes[desk.name] = await ledger_size(self.town, desk.name)
        purpose = _PIECES[self.kind][3]
        self.case = await self.giver.open_case()
        await self.giver.agree(self.case, purpose, self.receiver.name)

    async def approve(self) -> None:
        """What an offer abroad needs before it: two acts of their own."""
        event_id = self.event_ids.setdefault("offer", new_id())
        await self.giver.approval(self.case, self.receiver.name, self.kind, event_id)

    async def act(self, move: Move) -> None:
        """Take the move, or have the node take it; the same act when tried again."""
        event_id = self.event_ids.setdefault(move.name, new_id())
        if move.by_node:
            await self._let_release()
        elif move.name == "offer":
            self.referral_id = await self.giver.offer(
                self.case, self.receiver.name, self.kind, event_id
            )
        else:
            desk, _ = self.ends(move)
            if move.name not in self.bodies:
                self.bodies[move.name] = await _BODIES[move.name](self)
            await desk.step(self.referral_id, event_id, **self.bodies[move.name])

    async def hold_release(self) -> None:
        """The giver's node cannot release before ``act`` lets it."""
        self._holding = part_keys_held(self.town, self.giver.name, self.referral_id)
        self.release_hold = await self._holding.__aenter__()

    async def _let_release(self) -> None:
        if self._holding is not None:
            holding, self._holding = self._holding, None
            await holding.__aexit__(None, None, None)

    async def arrive(self, move: Move) -> None:
        """Wait until both ends know of the move and nothing is under way."""
        for desk in (self.giver, self.receiver):
            await desk.see(self.referral_id, *move.states)
        for desk in (self.giver, self.receiver):
            await desk.see(self.referral_id, *move.states, settled=True)

    async def until(self, name: str) -> None:
        """Everything before the move ``name``; a release is held back from it."""
        await self.begin()
        for move in self.moves:
            if move.name == name:
                return
            if move.name == "accept" and name == "release":
                await self.hold_release()
                await self.act(move)
                assert self.release_hold is not None
                await self.release_hold.reached()
                await self.receiver.see(self.referral_id, settled=True)
                continue
            await self._whole(move)

    async def after(self, name: str) -> Ending:
        """Everything after the move ``name``, and how it ended."""
        names = [move.name for move in self.moves]
        for move in self.moves[names.index(name) + 1 :]:
            await self._whole(move)
        await self.arrive(self.moves[-1])
        return await ending(
            self.town, self.giver, self.receiver, self.referral_id, self.sizes
        )

    async def _whole(self, move: Move) -> None:
        await self.act(move)
        await self.arrive(move)


def story(town: SmallNetwork, desks: dict[str, Desk], kind: str) -> Story:
    """A piece that has not begun."""
    _, giver, receiver, _ = _PIECES[kind]
    return Story(town, kind, desks[giver], desks[receiver])


async def unharmed(town: SmallNetwork, desks: dict[str, Desk], kind: str) -> Ending:
    """How the piece ends if nothing happens to it."""
    told = story(town, desks, kind)
    await told.begin()
    await told._whole(told.moves[0])
    return await told.after(told.moves[0].name)


async def _acceptance(_story: Story) -> dict[str, Any]:
    return ACCEPT


async def _assessment(story: Story) -> dict[str, Any]:
    now = await story.giver.case_now()
    factor = body_pb2.RiskFactor(factor="retaliation", likelihood=1, impact=2)
    return {
        "risk_assessment": body_pb2.RiskAssessment(
            factors=[factor],
            residual="low",
            decision="go",
            valid_until=now + 7 * 86_400_000,
        )
    }


async def _risk_signature(story: Story) -> dict[str, Any]:
    digest = await story.receiver.digest_of(story.referral_id, "risk_assessment")
    return {
        "risk_countersignature": body_pb2.RiskCountersignature(
            assessment_digest=digest, decision="go"
        )
    }


async def _document(story: Story) -> dict[str, Any]:
    now = await story.giver.case_now()
    return {
        "travel_document": body_pb2.TravelDocument(
            document_type="none_needed", issued_at=now, expires_at=now + 86_400_000
        )
    }


async def _plan(story: Story) -> dict[str, Any]:
    at = await story.giver.case_now() + _HOUR
    plan = body_pb2.ReturnPlan(mode="land", gate=GATE, at=at, fit_to_travel="fit")
    return {"return_plan": plan}


async def _plan_signature(story: Story) -> dict[str, Any]:
    return {
        "plan_confirmation": body_pb2.PlanConfirmation(
            plan_digest=await story.receiver.digest_of(
                story.referral_id, "return_plan"
            ),
            placement="establishment",
            # A place that waited for a week: three working days before at least.
            placement_confirmed_at=await story.receiver.case_now() - 168 * _HOUR,
        )
    }


async def _departure(story: Story) -> dict[str, Any]:
    at = await story.giver.case_now()
    return {"departure": body_pb2.Departure(departed_at=at, persons=1)}


async def _at_gate(story: Story) -> dict[str, Any]:
    at = await story.giver.case_now()
    return {"gate_arrival": body_pb2.GateArrival(gate=GATE, at=at)}


async def _reconsent(story: Story) -> dict[str, Any]:
    consent_id = story.event_ids.setdefault("reconsent consent", new_id())
    copy = consent_copy(
        "voluntary_return",
        story.receiver.name,
        await story.giver.case_now(),
        consent_id,
    )
    return {"reconsent": body_pb2.Reconsent(consent=copy)}


async def _appointment(story: Story) -> dict[str, Any]:
    story.appointed_at = story.appointed_at or await story.giver.case_now() + _HOUR
    meeting = body_pb2.Appointment(gate=GATE, at=story.appointed_at, persons=1)
    return {"appointment": meeting}


async def _confirmation(story: Story) -> dict[str, Any]:
    confirmed = body_pb2.AppointmentConfirmation(gate=GATE, at=story.appointed_at)
    return {"appointment_confirmation": confirmed}


async def _minutes(story: Story) -> dict[str, Any]:
    at = await story.giver.case_now()
    return {
        "minutes": body_pb2.Minutes(
            gate=GATE,
            handed_over_at=at,
            persons=1,
            identity_match=_MATCH,
            condition="well",
        )
    }


async def _countersignature(story: Story) -> dict[str, Any]:
    at = await story.receiver.case_now()
    digest = await story.receiver.digest_of(story.referral_id, "minutes")
    return {
        "countersignature": body_pb2.Countersignature(
            minutes_digest=digest, received_at=at, persons=1, identity_match=_MATCH
        )
    }


_BODIES: dict[str, Callable[[Story], Awaitable[dict[str, Any]]]] = {
    "accept": _acceptance,
    "risk_assessment": _assessment,
    "risk_countersignature": _risk_signature,
    "travel_document": _document,
    "return_plan": _plan,
    "plan_confirmation": _plan_signature,
    "departure": _departure,
    "gate_arrival": _at_gate,
    "reconsent": _reconsent,
    "appointment": _appointment,
    "appointment_confirmation": _confirmation,
    "minutes": _minutes,
    "countersignature": _countersignature,
}
