#!/usr/bin/env bash
# Installs the browser, the servers and the load generator that some tests and benchmarks need, or says which
# are skipped without.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

missing=()
command -v chromium chromium-browser google-chrome >/dev/null || missing+=(chromium)
command -v pg_ctl >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/pg_ctl' >/dev/null || missing+=(postgresql)
PATH=$PATH:/usr/sbin command -v nginx >/dev/null || missing+=(nginx-light)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v wrk >/dev/null || missing+=(wrk)
[ ${#missing[@]} -eq 0 ] && exit

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "setup: installing ${missing[*]} for the tests"
    setup/apt.sh "${missing[@]}" && exit
    why="could not be installed (see above)"
else
    why="is not installed; run: sudo apt-get install ${missing[*]}"
fi
for package in "${missing[@]}"; do
    case $package in
        chromium) echo "setup: tests in a browser are skipped: Chromium $why" ;;
        postgresql) echo "setup: tests on PostgreSQL are skipped: PostgreSQL $why" ;;
        nginx-light) echo "setup: tests behind nginx are skipped: nginx $why" ;;
        redis-server) echo "setup: tests of several nodes are skipped: Redis $why" ;;
        wrk) echo "setup: submissions are not measured: wrk $why" ;;
    esac
done
