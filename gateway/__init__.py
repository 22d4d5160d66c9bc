"""The gateway of one member: the console and the JSON API, before its own node.

Promises: stateless. Officers, sessions, drafts and the access log live in the
node, which the gateway reaches through one unix socket and asks as whoever is
signed in. It knows no database, no key and no other member.
"""
