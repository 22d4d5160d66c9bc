"""gRPC: servers, the peer client, who may call, errors, one servicer a module."""
