#!/bin/sh
# generate.sh DIR       writes the generated code of every contract into DIR
# generate.sh --check   proves that proto/gen is what the contracts generate
# protoc's plugins for type stubs are found on the PATH (make puts .venv there).
set -eu
cd "$(dirname "$0")/.."

generate() {
	mkdir -p "$1"
	find proto/relais -name '*.proto' -print | LC_ALL=C sort |
		xargs python -m grpc_tools.protoc -I proto --python_out="$1" \
			--grpc_python_out="$1" --mypy_out="quiet:$1" --mypy_grpc_out="quiet:$1"
}

if [ "$1" != "--check" ]; then
	rm -rf "$1/relais"
	generate "$1"
	exit
fi
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
generate "$fresh"
if ! diff -r -q -x __pycache__ "$fresh" proto/gen; then
	echo "proto/gen is not what the contracts generate: run make proto." >&2
	exit 1
fi
