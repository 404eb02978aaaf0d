#!/usr/bin/env bash
# Writes what the product is built from, with versions and hashes, for whoever keeps an inventory (CycloneDX).
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p dist
.venv/bin/uv tool run --quiet --exclude-newer "7 days" --from cyclonedx-bom cyclonedx-py requirements \
    --output-reproducible --of JSON -o dist/sbom-python.json requirements.lock
npm --prefix frontend sbom --package-lock-only --omit dev --sbom-format cyclonedx >dist/sbom-browser.json
echo "sbom: dist/sbom-python.json, dist/sbom-browser.json"
