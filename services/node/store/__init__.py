"""PostgreSQL: the only floor that knows asyncpg. One module a table group."""
