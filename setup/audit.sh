#!/usr/bin/env bash
# Looks for known faults in the locked packages, of Python and of the browser's code, and fails if there is one
# or if the advisories cannot be read. Weekly and before a release, not with each commit: what is found there
# was found by others, and is no fault of the commit.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

failed=0
for page in requirements.lock requirements-dev.lock; do
    echo "audit: $page"
    .venv/bin/uv tool run --exclude-newer "7 days" pip-audit --strict --disable-pip --require-hashes \
        --progress-spinner off --requirement "$page" || failed=1
done
echo "audit: frontend/package-lock.json"
npm --prefix frontend audit || failed=1
exit $failed
