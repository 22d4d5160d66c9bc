"""Officers prove who they are, over the real sockets of a member."""

from __future__ import annotations

import asyncio
import re

import pytest
from typer.testing import CliRunner

from services.cli.main import app
from services.node.domain.errors import RelaisError
from services.node.rpc.sign_in_values import ProofGiven
from tests.store.lodge import (
    ADMINISTRATOR,
    AUDITOR,
    BEGIN,
    COLLEAGUE,
    OFFICER,
    PASSWORD,
)

WHO = OFFICER.pseudonym
ADMIN = ADMINISTRATOR.pseudonym
OTHER = "một hai ba bốn năm sáu"


async def refused(awaited) -> str:
    """The code with which something is refused."""
    with pytest.raises(RelaisError) as error:
        await awaited
    return error.value.code


async def test_an_officer_is_invited_enrols_and_signs_in(lodge):
    invited = await lodge.door.invite_officer(ADMIN, WHO)
    assert (invited.expires_at - BEGIN).total_seconds() == 72 * 3600
    enrolment = await lodge.web.begin_enrolment(invited.code.lower())
    assert (enrolment.officer, enrolment.role) == (WHO, "officer")
    assert (enrolment.unit, enrolment.member) == ("unit-1", "lao-cai")
    chosen = await lodge.web.enrol_password(invited.code, PASSWORD)
    assert chosen.otpauth_uri.startswith("otpauth://totp/Relais%20lao-cai:can-bo-1?")
    assert chosen.totp_secret in chosen.otpauth_uri
    lodge.secrets[WHO] = chosen.totp_secret
    assert await lodge.web.confirm_enrolment(invited.code, lodge.code(WHO)) == WHO
    signed_in = await lodge.sign_in(WHO)
    assert len(signed_in.token) == 43
    assert signed_in.previous_sign_in_at.year == 1970
    session = await lodge.web.acting(signed_in.token).get_session()
    assert (session.officer, session.role, session.unit) == (WHO, "officer", "unit-1")
    assert (session.locked, session.method) == (False, "password")
    assert session.ends_at == session.signed_in_at.replace(hour=9)
    assert await lodge.events(WHO) == ["invited", "enrolled", "signed_in"]


async def test_the_command_line_invites_and_shows_the_code_once(lodge):
    command = ["node", "invite", WHO, "--as", ADMIN, "--socket", str(lodge.socket)]
    shown = await asyncio.to_thread(CliRunner().invoke, app, command)
    assert shown.exit_code == 0
    (code,) = re.findall(
        r"^[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}$", shown.stdout, re.MULTILINE
    )
    assert (await lodge.web.begin_enrolment(code)).officer == WHO
    assert WHO in shown.stderr
    assert code not in shown.stderr


async def test_an_invitation_is_good_once_until_the_next_and_for_72_hours(lodge):
    first = await lodge.door.invite_officer(ADMIN, WHO)
    second = await lodge.door.invite_officer(ADMIN, WHO)
    unknown = "sign_in.no_invitation"
    assert await refused(lodge.web.begin_enrolment(first.code)) == unknown
    lodge.clock.wait(hours=72)
    assert await refused(lodge.web.begin_enrolment(second.code)) == unknown
    await lodge.enrol(WHO)
    third = await lodge.door.invite_officer(ADMIN, WHO)
    chosen = await lodge.web.enrol_password(third.code, OTHER)
    lodge.secrets[WHO] = chosen.totp_secret
    await lodge.web.confirm_enrolment(third.code, lodge.code(WHO))
    assert await refused(lodge.web.begin_enrolment(third.code)) == unknown
    assert await refused(lodge.sign_in(WHO, PASSWORD)) == "sign_in.refused"
    await lodge.sign_in(WHO, OTHER)


async def test_what_an_officer_had_holds_until_the_new_codes_are_proved(lodge):
    await lodge.enrol(WHO)
    before = dict(lodge.secrets)
    invited = await lodge.door.invite_officer(ADMIN, WHO)
    await lodge.web.enrol_password(invited.code, OTHER)
    wrong = lodge.web.confirm_enrolment(invited.code, "000000")
    assert await refused(wrong) == "sign_in.totp_wrong"
    assert lodge.secrets == before
    await lodge.sign_in(WHO)


async def test_a_reset_leaves_nothing_that_a_lost_telephone_opens(lodge):
    token = await lodge.enter(WHO)
    await lodge.door.invite_officer(ADMIN, WHO, reset=True)
    assert await refused(lodge.web.acting(token).get_session()) == "sign_in.over"
    assert await refused(lodge.sign_in(WHO)) == "sign_in.refused"
    assert (await lodge.events(WHO))[-3:] == ["reset", "invited", "failed"]


async def test_only_the_administrator_invites_and_only_active_officers(lodge):
    may_not = "people.role_may_not"
    assert await refused(lodge.door.invite_officer(WHO, WHO)) == may_not
    unknown = "people.unknown_officer"
    assert await refused(lodge.door.invite_officer(ADMIN, "nobody")) == unknown


async def test_everything_that_is_wrong_has_the_one_answer(lodge):
    await lodge.enrol(WHO)
    said = set()
    for pseudonym, password, code in (
        (WHO, "wrong words here too", lodge.code(WHO, off=1)),
        (WHO, PASSWORD, "000000"),
        (WHO, PASSWORD, ""),
        ("nobody", PASSWORD, "000000"),
        (COLLEAGUE.pseudonym, PASSWORD, "000000"),
        ("two words", PASSWORD, "000000"),
    ):
        with pytest.raises(RelaisError) as error:
            await lodge.web.sign_in(pseudonym, password, code)
        said.add(str(error.value))
    assert len(said) == 1
    assert "sign_in.refused" in said.pop()
    events = await lodge.door.list_sign_in_events(ADMIN)
    failed = sorted(each.officer for each in events if each.what == "failed")
    # What was typed for a pseudonym that nobody has is kept nowhere.
    assert failed == ["", "", WHO, WHO, WHO, COLLEAGUE.pseudonym]


async def test_a_password_is_the_same_however_its_letters_are_typed(lodge):
    await lodge.enrol(WHO, "ca\u0302y tre tra\u0306m đo\u0302\u0301t")
    await lodge.sign_in(WHO, "cây tre trăm đốt")


async def test_a_one_time_code_is_taken_once(lodge):
    await lodge.enrol(WHO)
    lodge.clock.wait(seconds=30)
    code = lodge.code(WHO)
    await lodge.web.sign_in(WHO, PASSWORD, code)
    assert await refused(lodge.web.sign_in(WHO, PASSWORD, code)) == "sign_in.refused"
    older = lodge.code(WHO, off=-1)
    assert await refused(lodge.web.sign_in(WHO, PASSWORD, older)) == "sign_in.refused"


async def test_of_two_at_once_with_one_code_one_signs_in(lodge):
    await lodge.enrol(WHO)
    lodge.clock.wait(seconds=30)
    code = lodge.code(WHO)
    answers = await asyncio.gather(
        *(lodge.web.sign_in(WHO, PASSWORD, code) for _ in range(2)),
        return_exceptions=True,
    )
    assert sum(isinstance(each, RelaisError) for each in answers) == 1


async def test_a_code_may_be_one_step_off_and_no_more(lodge):
    await lodge.enrol(WHO)
    lodge.clock.wait(minutes=10)
    for off in (-2, 2):
        wrong = lodge.web.sign_in(WHO, PASSWORD, lodge.code(WHO, off=off))
        assert await refused(wrong) == "sign_in.refused"
    await lodge.web.sign_in(WHO, PASSWORD, lodge.code(WHO, off=-1))


async def test_ten_wrong_tries_lock_out_even_the_right_one_for_15_minutes(lodge):
    await lodge.enrol(WHO)
    for _ in range(10):
        lodge.clock.wait(minutes=2)
        wrong = lodge.web.sign_in(WHO, "not these words", "000000")
        assert await refused(wrong) == "sign_in.refused"
    assert (await lodge.events(WHO))[-1] == "locked_out"
    assert await refused(lodge.sign_in(WHO)) == "sign_in.wait"
    lodge.clock.wait(minutes=13)
    assert await refused(lodge.sign_in(WHO)) == "sign_in.wait"
    lodge.clock.wait(seconds=30)
    signed_in = await lodge.sign_in(WHO)
    assert signed_in.failures_since == 10


async def test_tries_at_once_are_counted_before_they_are_looked_at(lodge):
    await lodge.enrol(WHO)
    answers = await asyncio.gather(
        *(lodge.web.sign_in(WHO, "not these words", "000000") for _ in range(8)),
        return_exceptions=True,
    )
    codes = sorted(getattr(each, "code", "ok") for each in answers)
    assert codes == 4 * ["sign_in.refused"] + 4 * ["sign_in.wait"]


async def test_nobody_learns_from_a_lockout_that_an_officer_exists(lodge):
    for _ in range(10):
        lodge.clock.wait(minutes=2)
        await refused(lodge.web.sign_in("nobody", "not these words", "000000"))
    wait = lodge.web.sign_in("nobody", "not these words", "000000")
    assert await refused(wait) == "sign_in.wait"


async def test_a_source_is_locked_out_over_many_officers(lodge):
    await lodge.enrol(WHO)
    for number in range(30):
        lodge.clock.wait(seconds=1)
        wrong = lodge.web.sign_in(f"nobody-{number}", "x", "0", source="office-1")
        assert await refused(wrong) == "sign_in.refused"
    assert await refused(lodge.sign_in(WHO, source="office-1")) == "sign_in.wait"
    await lodge.sign_in(WHO, source="office-2")


async def test_a_sign_in_tells_when_the_last_was_and_what_failed_since(lodge):
    await lodge.enrol(WHO)
    await lodge.sign_in(WHO)
    first = lodge.clock.wire
    lodge.clock.wait(minutes=1)
    await refused(lodge.web.sign_in(WHO, "not these words", "000000"))
    second = await lodge.sign_in(WHO)
    assert (second.previous_sign_in_at, second.failures_since) == (first, 1)


async def test_an_idle_session_locks_and_is_unlocked_by_password_or_code(lodge):
    token = await lodge.enter(WHO)
    web, gateway = lodge.web.acting(token), lodge.gateway.acting(token)
    lodge.clock.wait(minutes=14)
    await gateway.list_cases("")
    lodge.clock.wait(minutes=14)
    await gateway.list_cases("")
    lodge.clock.wait(minutes=15)
    assert await refused(gateway.list_cases("")) == "sign_in.locked"
    assert (await web.get_session()).locked
    assert not (await web.unlock_session(ProofGiven(password=PASSWORD))).locked
    await gateway.list_cases("")
    await web.lock_session()
    assert await refused(gateway.list_cases("")) == "sign_in.locked"
    await web.unlock_session(ProofGiven(totp=lodge.code(WHO)))
    await gateway.list_cases("")


async def test_a_page_that_refreshes_by_itself_keeps_no_session_open(lodge):
    token = await lodge.enter(WHO)
    alone = lodge.gateway.acting(token, unattended=True)
    for _ in range(3):
        lodge.clock.wait(minutes=4)
        await alone.list_cases("")
    lodge.clock.wait(minutes=3)
    assert await refused(alone.list_cases("")) == "sign_in.locked"


async def test_five_wrong_proofs_end_a_locked_session(lodge):
    token = await lodge.enter(WHO)
    web = lodge.web.acting(token)
    await web.lock_session()
    wrong = ProofGiven(password="not these words")
    for _ in range(4):
        assert await refused(web.unlock_session(wrong)) == "sign_in.refused"
    assert await refused(web.unlock_session(wrong)) == "sign_in.over"
    right = ProofGiven(password=PASSWORD)
    assert await refused(web.unlock_session(right)) == "sign_in.over"
    assert (await lodge.events(WHO))[-1] == "ended"


async def test_a_code_that_signed_in_unlocks_nothing(lodge):
    token = await lodge.enter(WHO)
    web = lodge.web.acting(token)
    await web.lock_session()
    used = ProofGiven(totp=lodge.code(WHO))
    assert await refused(web.unlock_session(used)) == "sign_in.refused"


async def test_a_session_is_over_after_eight_hours_however_busy(lodge):
    token = await lodge.enter(WHO)
    for _ in range(47):
        lodge.clock.wait(minutes=10)
        await lodge.gateway.acting(token).list_cases("")
    lodge.clock.wait(minutes=10)
    over = lodge.gateway.acting(token).list_cases("")
    assert await refused(over) == "sign_in.over"


async def test_signing_out_ends_this_session_or_all_of_them(lodge):
    first, second = await lodge.enter(WHO), await lodge.enter(WHO)
    third = await lodge.enter(WHO)
    await lodge.web.acting(first).sign_out()
    assert await refused(lodge.web.acting(first).get_session()) == "sign_in.over"
    assert await lodge.web.acting(second).sign_out_everywhere() == 2
    for token in (second, third):
        assert await refused(lodge.web.acting(token).get_session()) == "sign_in.over"


async def test_an_officer_who_leaves_is_out_at_once(lodge):
    token = await lodge.enter(WHO)
    left = type(OFFICER)(WHO, "officer", "unit-1", active=False)
    await lodge.desk.keep_officer(ADMIN, left)
    assert await refused(lodge.gateway.acting(token).list_cases("")) == "sign_in.over"
    assert await refused(lodge.sign_in(WHO)) == "sign_in.refused"
    await lodge.desk.keep_officer(ADMIN, OFFICER)
    # Back again, and yet nothing of before opens anything.
    assert await refused(lodge.gateway.acting(token).list_cases("")) == "sign_in.over"
    assert await refused(lodge.sign_in(WHO)) == "sign_in.refused"


async def test_another_role_ends_the_session_that_runs(lodge):
    token = await lodge.enter(WHO)
    auditor = type(OFFICER)(WHO, "auditor", "unit-1", active=True)
    await lodge.desk.keep_officer(ADMIN, auditor)
    refusal = lodge.gateway.acting(token).list_cases("")
    assert await refused(refusal) == "sign_in.over"
    refusal = lodge.gateway.acting(await lodge.enter(WHO)).list_cases("")
    assert await refused(refusal) == "people.role_may_not"


async def test_a_new_password_asks_for_a_recent_proof_and_ends_other_sessions(lodge):
    first, second = await lodge.enter(WHO), await lodge.enter(WHO)
    web = lodge.web.acting(second)
    lodge.clock.wait(minutes=5)
    assert await refused(web.change_password(OTHER)) == "sign_in.reauthenticate"
    await web.reauthenticate(ProofGiven(totp=lodge.code(WHO)))
    own_name = web.change_password("can-bo-1 123")
    assert await refused(own_name) == "sign_in.password_guessed"
    await web.change_password(OTHER)
    await web.get_session()
    assert await refused(lodge.web.acting(first).get_session()) == "sign_in.over"
    assert await refused(lodge.sign_in(WHO, PASSWORD)) == "sign_in.refused"
    await lodge.sign_in(WHO, OTHER)


async def test_a_language_stays_with_the_officer(lodge):
    token = await lodge.enter(WHO)
    await lodge.web.acting(token).set_language("zh-Hans")
    later = await lodge.enter(WHO)
    assert (await lodge.web.acting(later).get_session()).language == "zh-Hans"
    wrong = lodge.web.acting(token).set_language("vi; DROP")
    assert await refused(wrong) == "sign_in.bad_language"


async def test_no_secret_of_sign_in_stands_in_a_table(lodge, stored):
    invited = await lodge.door.invite_officer(ADMIN, AUDITOR.pseudonym)
    token = await lodge.enter(WHO)
    everything = stored()
    code = invited.code.replace("-", "")
    for secret in (PASSWORD, lodge.secrets[WHO], token, code, "$argon2id$"):
        assert secret not in everything
        assert secret.encode().hex() not in everything
    assert WHO in everything
