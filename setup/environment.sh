#!/usr/bin/env bash
# Builds .venv from the lock files: in a temporary folder that is renamed when it is whole.
#
#   setup/environment.sh             what the product runs on
#   setup/environment.sh everything  and what checks and tests need
#
# A stamp in the environment names what it was built from, so a second run only compares two short texts.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=requirements.lock
[ "${1:-}" = everything ] && wanted=requirements-dev.lock

# The oldest Python the product supports comes first: it is what the lock is tried on.
python=""
for candidate in python3.11 python3 python3.12 python3.13 python3.14; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "setup: Python 3.11 or newer is needed; on Debian: apt-get install python3 python3-venv" >&2
    exit 1
fi

stamp() { # what an environment built from the lock file $1 has as its stamp
    printf '%s\n' "$PWD" "$("$python" --version)" "$1"
    cat "$1" setup/uv.lock pyproject.toml setup/environment.sh | sha256sum
}
for lock in "$wanted" requirements-dev.lock; do # the larger environment serves the smaller wish too
    [ "$(stamp "$lock")" = "$(cat .venv/made-from 2>/dev/null)" ] && exit 0
done

if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        echo "setup: python3-venv (this Python has no ensurepip)"
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
    else
        echo "setup: $python cannot make environments yet; run: sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi

echo "setup: .venv from $wanted"
new=$(mktemp -d .venv.XXXXXX)
trap 'rm -rf "$new"' EXIT
"$python" -m venv "$new"
"$new/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r setup/uv.lock
# Marks the environment as relocatable, so that its commands work after the rename.
"$new/bin/uv" venv --quiet --allow-existing --relocatable --python "$new/bin/python" "$new"
export VIRTUAL_ENV=$PWD/$new
"$new/bin/uv" pip install --quiet --require-hashes -r "$wanted"
"$new/bin/uv" pip install --quiet --no-deps --no-build-isolation --editable .
stamp "$wanted" >"$new/made-from"
chmod 755 "$new"
rm -rf .venv
mv "$new" .venv
