#!/usr/bin/env bash
# Installs Debian packages, as root, without starting any service.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

# Tests bring up a PostgreSQL cluster of their own; none shall start on 5432 because they are run.
mkdir -p /etc/postgresql-common
settings=/etc/postgresql-common/createcluster.conf
[ -e "$settings" ] || echo "create_main_cluster = false" >"$settings"

output=$(mktemp)
trap 'rm -f "$output" ${made:-}' EXIT
# Nor shall nginx or Redis: Debian asks this file before it starts what it has installed.
policy=/usr/sbin/policy-rc.d made=
[ -e "$policy" ] || { made=$policy; printf '#!/bin/sh\nexit 101\n' >"$policy"; chmod +x "$policy"; }
quietly() { "$@" >"$output" 2>&1 || { cat "$output" >&2; exit 1; }; }
quietly apt-get update
quietly apt-get install --yes --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
