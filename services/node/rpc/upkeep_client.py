"""UpkeepService as a client: what an administrator must see to.

Promises and leaves to others what ``node_client`` does.
"""

from __future__ import annotations

from pathlib import Path

from relais.desk.v1 import upkeep_pb2 as pb
from relais.desk.v1 import upkeep_pb2_grpc
from services.node.rpc import upkeep_values as values
from services.node.rpc.node_client import NodeClient, all_of
from services.node.wire.mapping import from_message

_ALL_ASKED_SECONDS = 300.0
"""Every member of a large network is asked, some of them in vain."""


class UpkeepClient(NodeClient):
    """One node's local listener, for its administrator; use with ``async with``."""

    def __init__(self, socket: Path, member: str = "") -> None:
        super().__init__(socket, member)
        self._upkeep = upkeep_pb2_grpc.UpkeepServiceStub(self.channel)

    async def get_upkeep(self, acting_officer: str) -> values.UpkeepRead:
        """Room, backups, and what should be seen to."""
        request = pb.GetUpkeepRequest(acting_officer=acting_officer)
        answer = await self.ask(self._upkeep.GetUpkeep, request)
        return from_message(answer, values.UpkeepRead)

    async def note_upkeep(self, acting_officer: str, what: str) -> values.DoneRead:
        """Say that a backup was made or tried; ``what``: backup or restore_test."""
        request = pb.NoteUpkeepRequest(acting_officer=acting_officer, what=what)
        answer = await self.ask(self._upkeep.NoteUpkeep, request)
        return from_message(answer.done, values.DoneRead)

    async def list_keys(self, acting_officer: str) -> values.OwnKeysRead:
        """The member's keys and how long each lasts."""
        request = pb.ListKeysRequest(acting_officer=acting_officer)
        answer = await self.ask(self._upkeep.ListKeys, request)
        return from_message(answer, values.OwnKeysRead)

    async def ask_key(self, acting_officer: str, what: str = "") -> values.KeyWaits:
        """Ask that the node make the successor of its certificate's key.

        Or its next sealing keys, where ``what`` is ``sealing``.
        """
        request = pb.AskKeyRequest(acting_officer=acting_officer, what=what)
        answer = await self.ask(self._upkeep.AskKey, request)
        return from_message(answer, values.KeyWaits)

    async def list_peers(self, acting_officer: str) -> tuple[values.PeerRead, ...]:
        """The other members and how their nodes are known to be, by name."""
        found, _ = await self.peers_and_room(acting_officer)
        return found

    async def peers_and_room(
        self, acting_officer: str
    ) -> tuple[tuple[values.PeerRead, ...], values.PeerRoomRead]:
        """The same, and how much each of them may take of this node."""
        request = pb.ListPeersRequest(acting_officer=acting_officer)
        answer = await self.ask(self._upkeep.ListPeers, request)
        room = from_message(answer.room, values.PeerRoomRead)
        return all_of(answer.peers, values.PeerRead), room

    async def measure_peers(self, acting_officer: str) -> values.MeasuredRead:
        """Ask every member that can be dialled for its clock."""
        request = pb.MeasurePeersRequest(acting_officer=acting_officer)
        answer = await self.ask(
            self._upkeep.MeasurePeers, request, seconds=_ALL_ASKED_SECONDS
        )
        return from_message(answer, values.MeasuredRead)

    async def list_retention(self, acting_officer: str) -> values.RetentionRead:
        """What is kept for how long, and what may not be deleted."""
        request = pb.ListRetentionRequest(acting_officer=acting_officer)
        answer = await self.ask(self._upkeep.ListRetention, request)
        return from_message(answer, values.RetentionRead)

    async def export_configuration(
        self, acting_officer: str
    ) -> values.ConfigurationRead:
        """The configuration in force, without secrets."""
        request = pb.ExportConfigurationRequest(acting_officer=acting_officer)
        answer = await self.ask(self._upkeep.ExportConfiguration, request)
        return from_message(answer, values.ConfigurationRead)

    async def list_day(
        self, acting_officer: str, member: str, day: str
    ) -> tuple[values.DayEnvelopeRead, ...]:
        """What went between this member and another on a day, ISO 8601, by digest."""
        request = pb.ListDayRequest(
            acting_officer=acting_officer, member=member, day=day
        )
        answer = await self.ask(self._upkeep.ListDay, request)
        return all_of(answer.envelopes, values.DayEnvelopeRead)
