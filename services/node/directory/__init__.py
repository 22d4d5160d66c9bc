"""Directory: the members' ledger folded into who is who.

Members, keys, functions and policy at any point of their history; knows neither
gRPC, database nor clock (protocol.md §2).
"""
