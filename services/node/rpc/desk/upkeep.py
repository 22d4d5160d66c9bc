"""UpkeepService on the local listener: what an administrator must see to."""

from __future__ import annotations

from typing import Any

from relais.desk.v1 import upkeep_pb2 as pb
from relais.desk.v1 import upkeep_pb2_grpc
from services.node.directory.fingerprint import short_words
from services.node.domain.retention import RetentionRow
from services.node.domain.room import RoomLimits
from services.node.domain.tables import day_of
from services.node.domain.upkeep import EVERY, KeptThing
from services.node.flows import upkeep as flow
from services.node.flows.admissions import Asking, all_waiting, ask_key
from services.node.flows.attention import NOTICED
from services.node.flows.ceremonies import kind_of
from services.node.flows.own_keys import OwnKey, own_keys, sealing_until
from services.node.flows.peers import Peer, peers
from services.node.flows.sealing_ceremony import Ceremony, ceremony
from services.node.flows.statements import day_between, differences, said_day
from services.node.flows.successors import Succession, succession
from services.node.flows.upkeep import Done, Premises
from services.node.keys.encoding import sha256
from services.node.keys.tls import span_of
from services.node.rpc.calls import acting_officer, at_host
from services.node.rpc.desk.desk import Desk
from services.node.rpc.desk.policy_rows import agreed, list_versions, rungs
from services.node.rpc.desk.render import millis
from services.node.rpc.measuring import Measuring
from services.node.store.statements import DayEnvelopeRow
from services.node.wire.handoffs import ENVELOPE_VERSION

_MEBIBYTE = 1 << 20
_KIBIBYTE = 1 << 10


class UpkeepServicer(upkeep_pb2_grpc.UpkeepServiceServicer):
    """Room, backups, keys, peers and rules; it has no access to cases."""

    def __init__(self, desk: Desk, premises: Premises, measuring: Measuring) -> None:
        self._desk = desk
        self._premises = premises
        self._measuring = measuring

    async def GetUpkeep(
        self, request: pb.GetUpkeepRequest, context: Any
    ) -> pb.GetUpkeepResponse:
        """Tell how much room there is, how old the backup is and what worries."""
        own, now = self._desk.own, self._desk.now().wire
        found = await flow.upkeep(own, self._premises, now)
        others = await peers(own, self._desk.published.contacts, now)
        different = await differences(own, self._desk.now())
        return pb.GetUpkeepResponse(
            now=millis(now),
            database_mebibytes=_mebibytes(found.sizes.database_bytes),
            files_mebibytes=_mebibytes(found.sizes.files_bytes),
            rooms=[
                pb.Room(
                    what=each.what,
                    number=each.number,
                    free_mebibytes=each.free,
                    total_mebibytes=each.total,
                    low=each.low,
                )
                for each in found.rooms
            ],
            done=[_done(each) for each in found.done],
            protocol_version=ENVELOPE_VERSION,
            fingerprint=short_words(own.adopted.directory.genesis or b""),
            worries=[
                pb.Worry(code=each.worry, member=each.member, at=millis(each.at))
                for each in flow.worries(own, found, (others, different), now)
            ],
            differences=[
                pb.Difference(
                    member=each.sender,
                    day=said_day(each.day),
                    stated=each.counted,
                    here=each.here,
                    noted_at=millis(each.noted_at),
                )
                for each in different
            ],
        )

    async def NoteUpkeep(
        self, request: pb.NoteUpkeepRequest, context: Any
    ) -> pb.NoteUpkeepResponse:
        """Keep that a backup was made or tried."""
        done = await flow.note(
            self._desk.own,
            request.what,
            self._desk.now().wire,
            acting_officer().pseudonym,
        )
        return pb.NoteUpkeepResponse(done=_done(done))

    async def ListKeys(
        self, request: pb.ListKeysRequest, context: Any
    ) -> pb.ListKeysResponse:
        """List this member's keys and how long each lasts."""
        own, now = self._desk.own, self._desk.now().wire
        member = own.adopted.directory.member(own.name)
        waiting = await all_waiting(own, now)
        return pb.ListKeysResponse(
            keys=[_key(each) for each in own_keys(own, now)],
            sealing_until=millis(sealing_until(member)),
            now=millis(now),
            sealing=_ceremony(ceremony(own, waiting, now)),
            **_succession(succession(own, waiting)),
        )

    async def AskKey(
        self, request: pb.AskKeyRequest, context: Any
    ) -> pb.AskKeyResponse:
        """Ask for the successor of this node's certificate, or for sealing keys."""
        asking = Asking(acting_officer(), self._desk.now().wire, at_host())
        waits = await ask_key(self._desk.own, asking, kind_of(request.what))
        return pb.AskKeyResponse(waits_until=millis(waits))

    async def ListPeers(
        self, request: pb.ListPeersRequest, context: Any
    ) -> pb.ListPeersResponse:
        """List the other members and how their nodes are known to be."""
        own, contacts = self._desk.own, self._desk.published.contacts
        found = await peers(own, contacts, self._desk.now().wire)
        room = own.room
        agreements, today = own.adopted.policy.agreements, day_of(self._desk.now().case)
        here = own.adopted.directory.member(own.name).country
        return pb.ListPeersResponse(
            peers=[
                _peer(each, room, agreed(agreements, here, each.member.country, today))
                for each in found
            ],
            room=pb.PeerRoom(
                waiting=room.envelopes,
                waiting_kibibytes=_kibibytes(room.envelope_bytes),
                files=room.files,
                files_kibibytes=_kibibytes(room.file_bytes),
            ),
        )

    async def MeasurePeers(
        self, request: pb.MeasurePeersRequest, context: Any
    ) -> pb.MeasurePeersResponse:
        """Ask every member that can be dialled for its clock."""
        asked, answered = await self._measuring.every()
        return pb.MeasurePeersResponse(asked=asked, answered=answered)

    async def ListRetention(
        self, request: pb.ListRetentionRequest, context: Any
    ) -> pb.ListRetentionResponse:
        """List what is kept for how long, and what may not be deleted."""
        own = self._desk.own
        today = day_of(self._desk.now().case)
        mine = own.functions_of(own.name)
        return pb.ListRetentionResponse(
            kept=[
                pb.KeptFor(what=KeptThing.LOOKS, years=own.keep_looks_years),
                pb.KeptFor(what=KeptThing.NOTICES, days=NOTICED.days),
                pb.KeptFor(what=KeptThing.LETTERS, days=self._premises.letter_days),
            ],
            rows=[
                _row(each, ours=each.function in mine and each.rule.in_force(today))
                for each in own.adopted.policy.retention.rows
            ],
            policy_version=own.policy_version,
            rungs=rungs(own.adopted.policy.escalations, today),
            lists=list_versions(own.adopted.policy.code_lists, today),
        )

    async def ExportConfiguration(
        self, request: pb.ExportConfigurationRequest, context: Any
    ) -> pb.ExportConfigurationResponse:
        """Give the configuration in force; it names the files of secrets, no secret."""
        return pb.ExportConfigurationResponse(toml=self._premises.toml)

    async def ListDay(
        self, request: pb.ListDayRequest, context: Any
    ) -> pb.ListDayResponse:
        """List what went between this member and another on a day, by digest."""
        sent, taken = await day_between(self._desk.own, request.member, request.day)
        envelopes = [_day_envelope(each, sent=True) for each in sent]
        envelopes += [_day_envelope(each, sent=False) for each in taken]
        return pb.ListDayResponse(envelopes=envelopes)


def _mebibytes(size: int) -> int:
    return -(-size // _MEBIBYTE)


def _kibibytes(size: int) -> int:
    return -(-size // _KIBIBYTE)


def _done(each: Done) -> pb.Done:
    return pb.Done(
        what=each.what,
        at=millis(each.at),
        by=each.by,
        late=each.late,
        every_days=EVERY[each.what].days,
    )


def _day_envelope(each: DayEnvelopeRow, *, sent: bool) -> pb.DayEnvelope:
    return pb.DayEnvelope(
        digest=each.digest,
        sent=sent,
        state=each.state,
        statement=each.statement,
        index=each.index,
        answered=each.answer_index is not None,
        answer_index=each.answer_index or 0,
    )


def _succession(found: Succession) -> dict[str, Any]:
    """The fields of an answer that tell of it."""
    asked, made = found.asked, found.made
    said: dict[str, Any] = {}
    if asked is not None:
        said = {"asked_by": asked.asked_by, "waits_until": millis(asked.ends_at)}
    if made is not None:
        begins_at, ends_at = span_of(made.certificate)
        said["successor"] = pb.KeySuccessor(
            fingerprint=made.fingerprint,
            begins_at=millis(begins_at),
            ends_at=millis(ends_at),
            made_at=millis(made.made_at),
            entry=found.entry,
            name=made.name,
        )
    return said


def _ceremony(found: Ceremony) -> pb.SealingCeremony:
    asked, made = found.asked, found.made
    said = pb.SealingCeremony(due_at=millis(found.due_at), weeks_missing=found.missing)
    if asked is not None:
        said.asked_by, said.waits_until = asked.asked_by, millis(asked.ends_at)
    if made is not None:
        batch = pb.SealingBatch(
            begins_at=millis(made.begins_at),
            ends_at=millis(made.ends_at),
            weeks=len(made.epochs),
            made_at=millis(made.made_at),
            entry=found.entry,
            digest=sha256(found.entry),
            name=made.name,
        )
        said.made.CopyFrom(batch)
    return said


def _key(each: OwnKey) -> pb.OwnKey:
    return pb.OwnKey(
        use=each.use,
        algorithm=each.algorithm,
        key_id=each.key_id,
        begins_at=millis(each.span.begins_at),
        ends_at=millis(each.span.ends_at),
        days_left=each.days_left,
        state=each.state,
        held=each.held,
    )


def _peer(
    each: Peer, limits: RoomLimits, agreements: list[pb.PeerAgreement]
) -> pb.Peer:
    contact, unreached = each.contact, each.unreached
    return pb.Peer(
        member=each.member.name,
        standing=each.standing,
        dials_out=not each.member.peers_address,
        joined_at=millis(each.joined_at),
        joined_entry=each.member.joined_at,
        fingerprint=each.fingerprint,
        certificate_until=millis(each.certificate_until),
        sealing_until=millis(each.sealing_until),
        heard_at=millis(contact.heard_at),
        skew=min(abs(contact.skew_ms or 0), 2**31 - 1),
        measured_at=millis(contact.measured_at),
        skewed=each.skewed,
        protocol_version=contact.protocol_version,
        failures=0 if unreached is None else unreached.failures,
        problem="" if unreached is None else unreached.problem,
        ahead=(contact.skew_ms or 0) > 0,
        agreements=agreements,
        names=[
            pb.PeerName(language=language, name=name)
            for language, name in each.member.names.items()
        ],
        waiting=each.room.waiting.number,
        waiting_kibibytes=_kibibytes(each.room.waiting.bytes),
        files=each.room.files.number,
        files_kibibytes=_kibibytes(each.room.files.bytes),
        room_low=each.room.nearly_full(limits),
    )


def _row(each: RetentionRow, *, ours: bool) -> pb.KeptRow:
    rule = each.rule
    return pb.KeptRow(
        function=each.function,
        purposes=sorted(each.purposes),
        category=each.category,
        ground=each.ground,
        law=rule.law,
        valid_from=rule.valid_from.isoformat(),
        valid_to=rule.valid_to.isoformat() if rule.valid_to else "",
        ours=ours,
    )
