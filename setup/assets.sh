#!/usr/bin/env bash
# Builds what pages load: scripts and styles by esbuild, translations by Babel. Only what has changed.
set -euo pipefail
cd "$(dirname "$0")/.."

modern='const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || major == 20 && minor >= 11 ? 0 : 1)'
if ! node -e "$modern" 2>/dev/null; then
    export PATH=$PWD/.venv/bin:$PATH
    if ! node -e "$modern" 2>/dev/null; then
        echo "setup: Node, since this machine has none from 20.11 on"
        VIRTUAL_ENV=$PWD/.venv .venv/bin/uv pip install --quiet --require-hashes -r setup/node.lock
    fi
fi

fresh() { # whether the stamp $1 says $2
    [ "$(cat "$1" 2>/dev/null)" = "$2" ]
}

packages=$(sha256sum <frontend/package-lock.json)
if ! fresh frontend/node_modules/made-from "$packages"; then
    echo "setup: frontend/node_modules from package-lock.json"
    npm --prefix frontend ci --ignore-scripts --loglevel error >/dev/null
    echo "$packages" >frontend/node_modules/made-from
fi

sources=$(find frontend -name node_modules -prune -o -name tests -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
if ! fresh survey/static/build/made-from "$sources"; then
    echo "setup: survey/static/build from frontend/src"
    npm --prefix frontend run --silent build
    echo "$sources" >survey/static/build/made-from
fi

for catalogue in translations/*/LC_MESSAGES/*.po; do
    if [ -e "$catalogue" ] && [ ! "${catalogue%.po}.mo" -nt "$catalogue" ]; then
        .venv/bin/pybabel --quiet compile --input-file "$catalogue" --output-file "${catalogue%.po}.mo"
    fi
done
