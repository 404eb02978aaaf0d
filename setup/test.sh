#!/usr/bin/env bash
# Everything that must hold before a change lands: each part runs, then all fail together.
# Each file of tests runs on one core, so that what its tests share is made once; the long files come first
# (tests/conftest.py), so that both cores are busy to the end.
# What is skipped on this machine is named, with its reason, above the closing line.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
export PATH=$PWD/.venv/bin:$PATH

# Databases of tests wait for a disk at each commit, and none outlives its test: where there is room they lie
# in memory.
room_kib=$(df --output=avail /dev/shm 2>/dev/null | tail -1)
if [ "${room_kib:-0}" -gt 4000000 ]; then
    TMPDIR=$(mktemp -d /dev/shm/tillid-test.XXXXXX)
    export TMPDIR
    chmod 755 "$TMPDIR" # PostgreSQL of root's tests runs as another account
    trap 'rm -rf "$TMPDIR"' EXIT
fi

failed=0
echo "── checks"
setup/check.sh || failed=1
echo "── tests of the frontend"
npm --prefix frontend test --silent || failed=1
echo "── tests"
python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --quiet --cov --cov-report term:skip-covered || failed=1

[ $failed -eq 0 ] || echo "test: something above failed" >&2
exit $failed
