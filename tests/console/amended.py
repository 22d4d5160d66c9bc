"""A case whose profile somebody else writes while it stands open."""

from __future__ import annotations

from itertools import count

from services.node.rpc.desk_client import DeskClient
from tests.console.consoles import PROVINCE
from tests.console.scenes import PROFILE, Scenes, known
from tests.console.screen import FORM, OFFICER, Screen

COLLEAGUE = "officer-11"
_TIMES = count(1)


def amend(scenes: Scenes, case: str, minors: str, **others: str) -> None:
    """A colleague writes how many minors came along; the sex is not there any more."""
    kept = {each.field: each.values[0] for each in PROFILE.answers}
    del kept["prs_Gender"]
    record = known("D1", "vi", **kept, local_accompanying_minors=minors, **others)

    async def act(desk: DeskClient, who: str) -> None:
        await desk.add_record(who, case, record)

    scenes.at(PROVINCE, act, COLLEAGUE)


def amended_screens(scenes: Scenes) -> tuple[Screen, ...]:
    """The versions of a category, and a form that came second."""
    case, stale = (scenes.case(PROVINCE, OFFICER) for _ in range(2))
    amend(scenes, case, "1")

    def meanwhile() -> None:
        # Something else each time: the same again would differ in nothing.
        often = next(_TIMES)
        needed = ("no", "yes")[often % 2]
        amend(scenes, stale, str(often), local_interpreter_needed=needed)

    path = f"/cases/{case}/person/D1/versions"
    return (
        Screen("versions", PROVINCE, OFFICER, path),
        Screen("versions-empty", PROVINCE, OFFICER, path.replace("D1", "D9")),
        Screen(
            "record-changed",
            PROVINCE,
            OFFICER,
            f"/cases/{stale}/person/D1",
            FORM,
            (("#local_accompanying_minors", "hai cháu"),),
            meanwhile,
        ),
    )
