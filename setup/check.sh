#!/usr/bin/env bash
# Runs every check, shows the output of those that fail, and fails at the end if one did.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
export PATH=$PWD/.venv/bin:$PATH

failed=()
check() { # $1 is what is checked, the rest the command
    local name=$1 output started=$SECONDS
    shift
    if output=$("$@" 2>&1); then
        printf '  ok      %s (%d s)\n' "$name" $((SECONDS - started))
    else
        failed+=("$name")
        printf '  FAILED  %s: %s\n' "$name" "$*"
        printf '%s\n' "$output" | sed 's/^/          /'
    fi
}
tracked() { # the files of a kind that are there, committed or about to be
    git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do
        [ ! -e "$file" ] || printf '%s\0' "$file"
    done
}
spelling() { tracked | xargs -0 codespell; }
definitions() { tracked 'questionnaires/definitions/[a-z]*.yaml' | xargs -0 -r tillid questionnaire check; }
no_addresses() { # a lock file must not say where packages are fetched
    ! git grep -nE 'https?://|"resolved"' -- '*.lock' ':!frontend' &&
        ! git grep -n '"resolved"' -- '*package-lock.json'
}

check "style of Python" ruff check --quiet --output-format concise .
check "layout of Python" ruff format --check --quiet --output-format concise .
check "types of Python" mypy --no-error-summary
check "import rules" lint-imports --no-logo
check "templates" djlint --quiet --check --lint templates
check "types of TypeScript" npm --prefix frontend run --silent check
check "spelling" spelling
check "definitions" definitions
check "no address in a lock file" no_addresses

if [ ${#failed[@]} -gt 0 ]; then
    printf 'check: %d failed\n' ${#failed[@]}
    exit 1
fi
