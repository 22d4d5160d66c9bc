"""A case with a photograph, offered with it; nothing in it is a picture of anybody."""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass

from services.node.domain.identifiers import new_id
from services.node.rpc.desk_client import DeskClient
from tests.console.consoles import PROVINCE
from tests.console.scenes import Scenes, Sent, asking, yes


@dataclass(frozen=True, slots=True)
class Filed:
    """A case, its one file in hex, and the referral with which it goes."""

    case: str
    file: str
    sent: Sent


def photograph(width: int = 60, height: int = 40) -> bytes:
    """A whole PNG that cannot be packed."""

    def part(kind: bytes, content: bytes) -> bytes:
        told = kind + content
        size = len(content).to_bytes(4, "big")
        return size + told + zlib.crc32(told).to_bytes(4, "big")

    dots = random.Random(width).randbytes(3 * width * height)
    rows = b"".join(
        b"\0" + dots[at : at + 3 * width] for at in range(0, len(dots), 3 * width)
    )
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\2\0\0\0"
    packed = zlib.compress(rows)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (part(b"IHDR", head), part(b"IDAT", packed), part(b"IEND", b""))
    )


def with_file(scenes: Scenes, receiver: str) -> Filed:
    """A referral with a file of a category that may go whole, before an answer."""
    case = scenes.case()

    async def act(desk: DeskClient, who: str) -> tuple[bytes, bytes]:
        name, content = new_id(), photograph(300, 200)
        needs = await desk.list_needs(who, receiver, "reception")
        category = next(
            each.category
            for each in needs
            if not each.limit and each.necessity != "refused" and each.category != "D0"
        )
        await desk.begin_upload(who, name, case, category, len(content))
        await desk.keep_piece(who, name, 0, content)
        file = (await desk.finish_upload(who, name)).attachment_id
        agreed = yes("reception_shelter", receiver, category)
        await desk.record_consent(who, case, agreed)
        made = await desk.make_offer(
            who,
            case,
            receiver,
            asking("reception", "", "normal"),
            (category,),
            attachment_ids=(file,),
        )
        return file, made.referral_id

    file, referral_id = scenes.at(PROVINCE, act)
    sent = Sent(case, referral_id)
    scenes.sees(receiver, sent)
    return Filed(case, file.hex(), sent)
