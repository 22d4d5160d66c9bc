"""Cards of members that nobody has met."""

from __future__ import annotations

from typing import Any

from services.node.domain.offices import Office
from services.node.rpc.work_values import MemberCardRead


def card(
    name: str,
    distance: int = 0,
    languages: tuple[str, ...] = (),
    serves: tuple[str, ...] = (),
    not_for: tuple[str, ...] = (),
    **more: Any,
) -> MemberCardRead:
    """A shelter in Viet Nam; ``more`` are fields of the card."""
    office = Office(languages, serves, "Asia/Ho_Chi_Minh", (), "", "", not_for)
    base: dict[str, Any] = {
        "kind": "shelter",
        "functions": (),
        "country": "VN",
        "province": "",
        "names": (),
        "active": True,
        "may_offer": (),
        "waiting": 0,
    }
    return MemberCardRead(name=name, office=office, distance=distance, **base | more)
