"""What the node's role may do to each table: no more than the node does."""

from __future__ import annotations

import re

import asyncpg
import pytest

from services.node.store.queries import named_queries

APPEND_ONLY = [
    "ledger_leaf",
    "ledger_node",
    "ledger_checkpoint",
    "ledger_opening",
    "directory_leaf",
    "directory_head",
    "case_alias",
    "case_record",
    "case_state",
    "accompanying_minor",
    "case_plan",
    "event",
    "envelope_sent",
    "envelope_received",
    "receipt",
    "statement_begin",
    "statement_sent",
    "statement_received",
    "consent",
    "disclosure",
    "consent_copy",
    "recall_due",
    "recall_taken",
    "key_drop",
    "draft",
    "draft_case",
    "sign_in_event",
    "access",
    "migration",
]


async def test_node_cannot_change_delete_or_empty_what_is_append_only(fresh, database):
    columns = fresh.columns()
    for table in APPEND_ONLY:
        column = columns[table][0]
        for statement in (
            f"UPDATE {table} SET {column} = {column}",  # noqa: S608 - a table of ours
            f"DELETE FROM {table}",  # noqa: S608 - as above
            f"TRUNCATE {table} CASCADE",
            f"ALTER TABLE {table} ADD COLUMN planted text",
            f"DROP TABLE {table} CASCADE",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with database.connection() as connection:
                    await connection.execute(statement)


async def test_node_cannot_say_what_was_migrated(database):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.connection() as connection:
            await connection.execute("INSERT INTO migration (name) VALUES ('planted')")


async def test_node_cannot_switch_off_the_rules_of_tables(database):
    for statement in (
        "SET session_replication_role = 'replica'",
        "CREATE TABLE planted (x integer)",
        "CREATE TEMPORARY TABLE planted (x integer)",
        "CREATE FUNCTION planted() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "COPY event TO PROGRAM 'true'",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.connection() as connection:
                await connection.execute(statement)


def test_node_may_change_only_what_a_named_query_changes(fresh):
    """Every column with a right to UPDATE is set by a query, every DELETE used."""
    granted = fresh.as_superuser(
        "SELECT table_name || '.' || column_name FROM "
        "information_schema.column_privileges WHERE grantee = 'lao-cai' "
        "AND privilege_type = 'UPDATE'"
    ).split()
    texts = "\n".join(named_queries().values())
    updates = re.findall(
        r"UPDATE (\w+)(?: AS \w+)?\s+SET\b([^;]*?)\b(?:WHERE|FROM)", texts
    )
    upserts = re.findall(r"INSERT INTO (\w+)[^;]*?DO UPDATE\s+SET\b([^;]*)", texts)
    changed = {
        f"{table}.{column}"
        for table, assignments in updates + upserts
        for column in re.findall(r"(?:^|,)\s*(\w+) =", assignments)
    }
    assert set(granted) == changed

    may_delete = fresh.as_superuser(
        "SELECT table_name FROM information_schema.role_table_grants "
        "WHERE grantee = 'lao-cai' AND privilege_type NOT IN ('SELECT', 'INSERT')"
    ).split()
    assert set(may_delete) == set(re.findall(r"DELETE FROM (\w+)", texts))


def test_nobody_else_may_anything(fresh):
    others = fresh.as_superuser(
        "SELECT DISTINCT grantee FROM information_schema.role_table_grants "
        "WHERE table_schema = 'public'"
    ).split()
    assert sorted(others) == ["lao-cai", "lao-cai_owner"]
