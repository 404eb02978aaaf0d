#!/usr/bin/env bash
# What setup/fresh.sh runs inside the new machine: the demo twice, then the tests.
set -euo pipefail
set -m # each job is a process group, which Ctrl-C ends as a whole
cd "$(dirname "$0")/.."

answers() { # whether the demo has a page at $1
    local status
    { exec 3<>"/dev/tcp/127.0.0.1/$TILLID_PORT"; } 2>/dev/null || return 1
    printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n\r\n' "$1" "$TILLID_PORT" >&3
    read -r -t 10 status <&3 || true
    exec 3>&-
    [[ $status == HTTP/1.?\ [23]* ]]
}
demo() { # $1 says which time it is
    local started=${EPOCHREALTIME/./} elapsed process
    echo "── make demo, $1"
    make --no-print-directory demo &
    process=$!
    until answers /healthz; do
        kill -0 $process 2>/dev/null || { echo "fresh: the demo ended before it answered"; exit 1; }
        sleep 0.1
    done
    answers / || { echo "fresh: there is no first page"; exit 1; }
    elapsed=$((${EPOCHREALTIME/./} - started))
    printf 'fresh: first page after %d.%d s (%s)\n' $((elapsed / 1000000)) $((elapsed / 100000 % 10)) "$1"
    kill -INT -- -$process # as Ctrl-C would
    wait $process || true
    sleep 1
    ! answers /healthz || { echo "fresh: something still serves after the demo ended"; exit 1; }
}

. /etc/os-release
echo "fresh: $PRETTY_NAME, $(python3 --version), $(nproc) cores, commit $(git rev-parse --short HEAD), $(date --utc +%F)"
TILLID_PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export TILLID_PORT
demo "empty cache"
demo "again"
unset TILLID_PORT
echo "── make test"
time make --no-print-directory test
