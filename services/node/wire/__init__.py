"""Pure codecs between protobuf bytes and values; no gRPC."""
