#!/usr/bin/env bash
# Everything that must hold before a change lands: each part runs, then all fail together.
# Each file of tests runs on one core, so that what its tests share is made once.
# What is skipped on this machine is named, with its reason, above the closing line.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
export PATH=$PWD/.venv/bin:$PATH

failed=0
echo "── checks"
setup/check.sh || failed=1
echo "── tests of the frontend"
npm --prefix frontend test --silent || failed=1
echo "── tests"
python -m pytest -n 2 --dist loadfile --quiet --cov --cov-report term:skip-covered || failed=1

[ $failed -eq 0 ] || echo "test: something above failed" >&2
exit $failed
