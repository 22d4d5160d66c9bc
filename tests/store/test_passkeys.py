"""Passkeys, answered by a software authenticator over the gateway's socket."""

from __future__ import annotations

import json

import pytest

from services.node.domain.errors import RelaisError
from services.node.rpc.sign_in_values import ProofGiven
from tests.store.lodge import COLLEAGUE, OFFICER, ORIGIN, SoftKey

WHO, OTHER = OFFICER.pseudonym, COLLEAGUE.pseudonym


async def refused(awaited) -> str:
    """The code with which something is refused."""
    with pytest.raises(RelaisError) as error:
        await awaited
    return error.value.code


async def registered(lodge, pseudonym: str = WHO) -> SoftKey:
    """A passkey of an officer."""
    web, key = lodge.web.acting(await lodge.enter(pseudonym)), SoftKey()
    options = await web.begin_passkey_registration(ORIGIN)
    said = json.loads(options)
    assert said["rp"]["id"] == "lao-cai.localhost"
    assert said["authenticatorSelection"]["userVerification"] == "required"
    added = await web.finish_passkey_registration(
        key.register(options), ORIGIN, "máy của tôi"
    )
    assert added == key.credential_id
    return key


async def test_an_officer_signs_in_with_a_passkey(lodge):
    key = await registered(lodge)
    options = await lodge.web.begin_passkey_sign_in(ORIGIN)
    assert json.loads(options)["userVerification"] == "required"
    signed_in = await lodge.web.finish_passkey_sign_in(key.answer(options), ORIGIN)
    assert (signed_in.session.officer, signed_in.session.method) == (WHO, "passkey")
    web = lodge.web.acting(signed_in.token)
    (listed,) = await web.list_passkeys()
    assert (listed.label, listed.used_at) == ("máy của tôi", lodge.clock.wire)
    await web.lock_session()
    options = await lodge.web.begin_passkey_sign_in(ORIGIN)
    proof = ProofGiven(credential_json=key.answer(options), origin=ORIGIN)
    assert not (await web.unlock_session(proof)).locked


async def test_an_answer_is_good_once_and_for_five_minutes(lodge):
    key = await registered(lodge)
    options = await lodge.web.begin_passkey_sign_in(ORIGIN)
    answer = key.answer(options)
    await lodge.web.finish_passkey_sign_in(answer, ORIGIN)
    again = lodge.web.finish_passkey_sign_in(answer, ORIGIN)
    assert await refused(again) == "sign_in.refused"
    options = await lodge.web.begin_passkey_sign_in(ORIGIN)
    lodge.clock.wait(minutes=5)
    late = lodge.web.finish_passkey_sign_in(key.answer(options), ORIGIN)
    assert await refused(late) == "sign_in.refused"


async def test_an_answer_without_fingerprint_face_or_pin_is_refused(lodge):
    key = await registered(lodge)
    options = await lodge.web.begin_passkey_sign_in(ORIGIN)
    answer = key.answer(options, verified=False)
    wrong = lodge.web.finish_passkey_sign_in(answer, ORIGIN)
    assert await refused(wrong) == "sign_in.refused"
    web = lodge.web.acting(await lodge.enter(WHO))
    options = await web.begin_passkey_registration(ORIGIN)
    unverified = SoftKey().register(options, verified=False)
    wrong = web.finish_passkey_registration(unverified, ORIGIN)
    assert await refused(wrong) == "passkey.refused"


async def test_a_copied_passkey_is_noticed_by_its_count(lodge):
    key = await registered(lodge)
    key.count = 5
    options = await lodge.web.begin_passkey_sign_in(ORIGIN)
    await lodge.web.finish_passkey_sign_in(key.answer(options), ORIGIN)
    for count in (5, 4):
        key.count = count
        options = await lodge.web.begin_passkey_sign_in(ORIGIN)
        copied = lodge.web.finish_passkey_sign_in(key.answer(options), ORIGIN)
        assert await refused(copied) == "sign_in.refused"


async def test_another_key_page_or_question_is_refused(lodge):
    key = await registered(lodge)
    stranger = SoftKey()
    stranger.credential_id, stranger.user_handle = key.credential_id, key.user_handle
    elsewhere = SoftKey("https://lao-cai.example")
    elsewhere.key, elsewhere.credential_id = key.key, key.credential_id
    for each in (stranger, elsewhere, SoftKey()):
        options = await lodge.web.begin_passkey_sign_in(ORIGIN)
        wrong = lodge.web.finish_passkey_sign_in(each.answer(options), ORIGIN)
        assert await refused(wrong) == "sign_in.refused"
    own = json.dumps({"challenge": "QUFB", "rpId": "lao-cai.localhost"})
    made_up = lodge.web.finish_passkey_sign_in(key.answer(own), ORIGIN)
    assert await refused(made_up) == "sign_in.refused"
    for broken in ("", "{}", "[1]", '{"rawId": 3, "response": {}}'):
        wrong = lodge.web.finish_passkey_sign_in(broken, ORIGIN)
        assert await refused(wrong) == "sign_in.refused"


async def test_a_gateway_cannot_choose_its_page(lodge):
    other = "https://lao-cai.example"
    assert await refused(lodge.web.begin_passkey_sign_in(other)) == "passkey.origin"
    web = lodge.web.acting(await lodge.enter(WHO))
    assert await refused(web.begin_passkey_registration(other)) == "passkey.origin"


async def test_a_registration_belongs_to_the_session_that_asked(lodge):
    first = lodge.web.acting(await lodge.enter(WHO))
    second = lodge.web.acting(await lodge.enter(OTHER))
    options = await first.begin_passkey_registration(ORIGIN)
    stolen = second.finish_passkey_registration(SoftKey().register(options), ORIGIN)
    assert await refused(stolen) == "passkey.stale"
    # Nor does a question of sign-in take one up.
    options = json.loads(await first.begin_passkey_registration(ORIGIN))
    sign_in = json.loads(await lodge.web.begin_passkey_sign_in(ORIGIN))
    options["challenge"] = sign_in["challenge"]
    mixed = SoftKey().register(json.dumps(options))
    wrong = first.finish_passkey_registration(mixed, ORIGIN)
    assert await refused(wrong) == "passkey.stale"


async def test_a_passkey_of_somebody_else_proves_nothing_here(lodge):
    await registered(lodge)
    theirs = await registered(lodge, OTHER)
    web = lodge.web.acting(await lodge.enter(WHO))
    options = await lodge.web.begin_passkey_sign_in(ORIGIN)
    proof = ProofGiven(credential_json=theirs.answer(options), origin=ORIGIN)
    assert await refused(web.reauthenticate(proof)) == "sign_in.refused"


async def test_passkeys_are_added_and_removed_after_a_recent_proof(lodge):
    key = await registered(lodge)
    web = lodge.web.acting(await lodge.enter(WHO))
    other = lodge.web.acting(await lodge.enter(OTHER))
    unknown = other.remove_passkey(key.credential_id)
    assert await refused(unknown) == "passkey.unknown"
    lodge.clock.wait(minutes=5)
    late = "sign_in.reauthenticate"
    assert await refused(web.begin_passkey_registration(ORIGIN)) == late
    assert await refused(web.remove_passkey(key.credential_id)) == late
    await web.reauthenticate(ProofGiven(totp=lodge.code(WHO)))
    await web.remove_passkey(key.credential_id)
    options = await lodge.web.begin_passkey_sign_in(ORIGIN)
    gone = lodge.web.finish_passkey_sign_in(key.answer(options), ORIGIN)
    assert await refused(gone) == "sign_in.refused"
