#!/usr/bin/env bash
# Builds .venv from the lock files, in a temporary folder that is renamed when it is whole.
#
#   setup/environment.sh             what the product runs on
#   setup/environment.sh everything  and what checks and tests need
#
# A stamp inside tells what it was built from, so that a second run only compares two short texts.
set -euo pipefail
cd "$(dirname "$0")/.."

lock=requirements.lock
[ "${1:-}" = everything ] && lock=requirements-dev.lock

supported='import sys; sys.exit(sys.version_info < (3, 11))'
for python in python3.11 python3 python3.12 python3.13 python3.14 none; do
    "$python" -c "$supported" 2>/dev/null && break
done
if [ "$python" = none ]; then
    echo "setup: Python 3.11 or newer is needed; on Debian: sudo apt-get install python3 python3-venv" >&2
    exit 1
fi

stamp() { # of an environment built from the lock file $1
    echo "$1 in $PWD by $("$python" --version)"
    # Of pyproject.toml only what packages the project: the rest sets tools.
    { cat "$1" setup/uv.lock setup/environment.sh; sed '/^\[tool.ruff\]/q' pyproject.toml; } | sha256sum
}
made_from=$(cat .venv/made-from 2>/dev/null || true)
[ "$made_from" = "$(stamp requirements-dev.lock)" ] && exit # it holds all of requirements.lock too
[ "$made_from" = "$(stamp "$lock")" ] && exit

if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        echo "setup: $python cannot make environments; run: sudo apt-get install python3-venv" >&2
        exit 1
    fi
    echo "setup: installing python3-venv, which $python makes environments with"
    setup/apt.sh python3-venv
fi

echo "setup: .venv from $lock"
new=$(mktemp -d "$PWD/.venv.XXXXXX")
trap 'rm -rf "$new"' EXIT
"$python" -m venv "$new"
"$new/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r setup/uv.lock
# Written over the first one: commands of a relocatable environment still work after the rename.
"$new/bin/uv" venv --quiet --allow-existing --relocatable --python "$new/bin/python" "$new"
export VIRTUAL_ENV=$new
"$new/bin/uv" pip install --quiet --compile-bytecode --require-hashes -r "$lock"
"$new/bin/uv" pip install --quiet --no-deps --no-build-isolation --editable .
stamp "$lock" >"$new/made-from"
chmod 755 "$new"
rm -rf .venv
mv "$new" .venv
