"""What an officer typed is there again, for that officer only."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from services.node.domain.errors import RelaisError
from services.node.flows.forms import forget
from tests.store.lodge import ADMINISTRATOR, COLLEAGUE, OFFICER

WHO, OTHER = OFFICER.pseudonym, COLLEAGUE.pseudonym
TYPED = "chỗ ở cho một người, từ thứ Sáu".encode()


async def refused(awaited) -> str:
    """The code with which something is refused."""
    with pytest.raises(RelaisError) as error:
        await awaited
    return error.value.code


async def test_a_form_is_kept_opened_changed_listed_and_dropped(lodge):
    desk = lodge.desk
    kept = await desk.keep_form(WHO, "new_referral", TYPED)
    assert (kept.kind, kept.version, kept.case_pseudonym) == ("new_referral", 1, "")
    lodge.clock.wait(minutes=3)
    again = await desk.keep_form(
        WHO, "new_referral", b"more", form_id=kept.form_id, version=1
    )
    assert (again.version, again.begun_at) == (2, kept.begun_at)
    assert again.kept_at == lodge.clock.wire
    assert (await desk.get_form(WHO, kept.form_id)).content == b"more"
    assert await desk.list_forms(WHO) == (again,)
    await desk.drop_form(WHO, kept.form_id)
    await desk.drop_form(WHO, kept.form_id)
    assert await desk.list_forms(WHO) == ()
    assert await refused(desk.get_form(WHO, kept.form_id)) == "form.unknown"


async def test_a_form_is_its_own_officers(lodge):
    desk = lodge.desk
    kept = await desk.keep_form(WHO, "new_referral", TYPED)
    assert await refused(desk.get_form(OTHER, kept.form_id)) == "form.unknown"
    theirs = desk.keep_form(OTHER, "new_referral", b"", form_id=kept.form_id)
    assert await refused(theirs) == "form.unknown"
    await desk.drop_form(OTHER, kept.form_id)
    assert await desk.list_forms(OTHER) == ()
    assert (await desk.get_form(WHO, kept.form_id)).content == TYPED
    may_not = desk.keep_form(ADMINISTRATOR.pseudonym, "new_referral", b"")
    assert await refused(may_not) == "people.role_may_not"


async def test_a_request_that_comes_twice_makes_one_form(lodge):
    form_id = os.urandom(16)
    for _ in range(2):
        await lodge.desk.keep_form(WHO, "new_referral", TYPED, form_id=form_id)
    assert [each.form_id for each in await lodge.desk.list_forms(WHO)] == [form_id]


async def test_a_change_of_an_old_version_is_refused(lodge):
    kept = await lodge.desk.keep_form(WHO, "new_referral", TYPED)
    place = {"form_id": kept.form_id, "version": 1}
    await lodge.desk.keep_form(WHO, "new_referral", b"first tab", **place)
    late = lodge.desk.keep_form(WHO, "new_referral", b"second tab", **place)
    assert await refused(late) == "form.changed"
    assert (await lodge.desk.get_form(WHO, kept.form_id)).content == b"first tab"


async def test_a_form_outlives_lock_and_end_of_a_session(lodge):
    token = await lodge.enter(WHO)
    gateway = lodge.gateway.acting(token)
    kept = await gateway.keep_form("", "new_referral", TYPED)
    lodge.clock.wait(minutes=20)
    # What was typed when the session locked is still taken, and shows nothing.
    await gateway.keep_form("", "new_referral", TYPED + b"!", form_id=kept.form_id)
    assert await refused(gateway.get_form("", kept.form_id)) == "sign_in.locked"
    lodge.clock.wait(hours=8)
    over = gateway.keep_form("", "new_referral", b"", form_id=kept.form_id)
    assert await refused(over) == "sign_in.over"
    later = lodge.gateway.acting(await lodge.enter(WHO))
    assert (await later.get_form("", kept.form_id)).content == TYPED + b"!"


async def test_what_was_typed_stands_in_no_table_and_its_key_goes_with_it(
    lodge, stored, fresh
):
    before = fresh.as_superuser("SELECT count(*) FROM data_key")
    kept = await lodge.desk.keep_form(WHO, "new_referral", TYPED)
    assert TYPED.hex() not in stored()
    await lodge.desk.drop_form(WHO, kept.form_id)
    assert fresh.as_superuser("SELECT count(*) FROM data_key") == before


async def test_what_nobody_goes_on_with_is_forgotten_after_thirty_days(lodge, fresh):
    before = fresh.as_superuser("SELECT count(*) FROM data_key")
    left = await lodge.desk.keep_form(WHO, "new_referral", TYPED)
    assert left.ends_at - left.kept_at == timedelta(days=30)
    lodge.clock.wait(minutes=60)
    going_on = await lodge.desk.keep_form(WHO, "new_referral", TYPED)
    assert await forget(lodge.own, left.ends_at) == 0
    assert await forget(lodge.own, going_on.ends_at) == 1
    assert await lodge.desk.list_forms(WHO) == (going_on,)
    await lodge.desk.drop_form(WHO, going_on.form_id)
    assert fresh.as_superuser("SELECT count(*) FROM data_key") == before


async def test_what_is_no_form_is_refused(lodge):
    desk = lodge.desk
    largest = await desk.keep_form(WHO, "new_referral", bytes(65_536))
    assert largest.version == 1
    too_large = desk.keep_form(WHO, "new_referral", bytes(65_537))
    assert await refused(too_large) == "form.too_large"
    assert await refused(desk.keep_form(WHO, "New", b"")) == "form.malformed"
    short = desk.keep_form(WHO, "new", b"", form_id=b"short")
    assert await refused(short) == "form.malformed"
    named = desk.keep_form(WHO, "new", b"", case="Người Không Có Thật")
    assert await refused(named) == "identifier.malformed"
