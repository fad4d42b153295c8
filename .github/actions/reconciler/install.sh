#!/usr/bin/env bash
# Installs the reconciler into a folder of its own, which then comes first on the job's PATH.
set -euo pipefail

if ! grep -Eqs '^[^#[:space:]]' "$REQUIREMENTS"; then
  printf '::error title=reconciler::%s names nothing to install; write a pinned requirement into it\n' "$REQUIREMENTS"
  exit 1
fi
python3 -m venv "$RUNNER_TEMP/reconciler"
"$RUNNER_TEMP/reconciler/bin/pip" install --quiet --disable-pip-version-check --requirement "$REQUIREMENTS"
printf '%s\n' "$RUNNER_TEMP/reconciler/bin" >>"$GITHUB_PATH"
