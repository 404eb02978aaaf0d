#!/usr/bin/env bash
# The two commands of the README on a machine that has nothing: a new Debian 12 in a folder, with python3,
# make, git and ca-certificates only. It gets the last commit, not what lies about in the work tree.
# What was seen is written to var/fresh/transcript.txt.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
    echo "fresh: it needs root and debootstrap; run: sudo apt-get install debootstrap && sudo make fresh" >&2
    exit 1
fi

transcript=$PWD/var/fresh/transcript.txt
machine=$(mktemp -d "${TMPDIR:-/var/tmp}/tillid-fresh.XXXXXX")
trap 'rm -rf --one-file-system "$machine"' EXIT
mkdir -p "$(dirname "$transcript")"

echo "fresh: a new Debian 12 in $machine"
log=$machine.log
debootstrap --variant=minbase --include=python3,make,git,ca-certificates bookworm "$machine" >"$log" 2>&1 ||
    { tail -n 20 "$log" >&2; exit 1; }
rm "$log"
chmod 755 "$machine" # the root of the new machine, which PostgreSQL's own account must enter
git clone --quiet . "$machine/root/tillid"

# How this machine reaches package registries is how the new one must: names, certificates, settings.
cp /etc/resolv.conf /etc/hosts "$machine/etc/"
cp /etc/ssl/certs/ca-certificates.crt "$machine/etc/ssl/certs/"
cp /etc/apt/apt.conf.d/*proxy* "$machine/etc/apt/apt.conf.d/" 2>/dev/null || true
settings=(HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin)
while IFS= read -r setting; do
    settings+=("$setting")
done < <(env | grep -iE '^(https?_proxy|no_proxy|ssl_cert_[a-z]*|node_extra_ca_certs|pip_(cert|index_url)|uv_default_index|npm_config_registry)=')
index=$(python3 -m pip config get global.index-url 2>/dev/null || true)
[ -z "$index" ] || settings+=("PIP_INDEX_URL=$index" "UV_DEFAULT_INDEX=$index")

# In namespaces of its own: mounts and processes are gone when it ends, however it ends.
# shellcheck disable=SC2016  # the inner shell expands what is quoted
unshare --mount --pid --fork --kill-child bash -c '
    mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && mount -t tmpfs tmpfs "$1/dev/shm" || exit
    machine=$1
    shift
    exec chroot "$machine" env -i "$@" bash /root/tillid/setup/fresh_inside.sh
' fresh "$machine" "${settings[@]}" 2>&1 | tee "$transcript"
echo "fresh: transcript in ${transcript#"$PWD"/}"
