#!/usr/bin/env bash
# What the reconciler action does in a job. What it is told comes in the environment; it is never part of a command.
set -euo pipefail

mkdir -p "$OUT"
readonly SUMMARY_BYTES=900000 # GitHub drops a step summary of more than a mebibyte whole
readonly ANEW='open another pull request (an empty commit will do) and merge it once its plan is there'

# Runs a command; whatever it prints, the runner takes none of it for a workflow command.
told() {
  local token code=0
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$token"
  "$@" || code=$?
  printf '\n::%s::\n' "$token"
  return "$code"
}

# Runs a command and keeps what it prints in a file, too; its exit code stays.
kept() {
  local file=$1
  shift
  "$@" 2>&1 | tee -i "$file"
}

# The end of what a command printed, as Markdown: indented, nothing of it is markup or a mention.
# 100 lines of 500 characters fit into a comment.
quoted() { tail -n 100 "$1" | LC_ALL=C.UTF-8 sed 's/^\(.\{500\}\).*$/\1 .../; s/^/    /'; }

# The body of a comment or a summary where a command could not even begin.
failed() { printf '<!-- reconciler:%s -->\n\n## %s\n\n%s\n' "$1" "$2" "$(quoted "$3")"; }

output() { printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"; }

summarize() {
  if [ -s "$1" ] && [ "$(wc -c <"$1")" -le "$SUMMARY_BYTES" ]; then
    cat "$1" >>"$GITHUB_STEP_SUMMARY"
  fi
}

finish() {
  output exit_code "$1"
  exit "$1"
}

# Offline and without a token: who gains and loses access, and every governed change.
review() {
  local code=0
  reconciler validate --format github || code=$?
  # 3: a policy holds some dataset. Who gains access is to be seen all the same; a mistake (1) leaves nothing to compare.
  if [ "$code" -eq 0 ] || [ "$code" -eq 3 ]; then
    reconciler review --base "$BASE" --head HEAD --format github || code=$?
    reconciler review --base "$BASE" --head HEAD --format markdown >"$OUT/review.md" || true
    reconciler review --base "$BASE" --head HEAD --format sarif >"$OUT/review.sarif" || true
    summarize "$OUT/review.md"
  fi
  finish "$code"
}

# Reads live state with a read-only token; guards and policies are those of the base.
plan() {
  local code=0
  told kept "$OUT/plan.log" reconciler plan --out "$OUT/plan.json" --guards-from "$BASE" || code=$?
  if [ -s "$OUT/plan.json" ]; then
    reconciler show "$OUT/plan.json" --format markdown >"$OUT/comment.md"
    output plan_id "$(jq -r '.plan_id' "$OUT/plan.json")"
    output has_changes "$(jq -r '.summary.create + .summary.update > 0' "$OUT/plan.json")"
    output access_lost "$(jq -r '.summary.access.lose' "$OUT/plan.json")"
    output destructive "$(jq -r '.summary.destructive' "$OUT/plan.json")"
  else
    failed plan 'Plan failed' "$OUT/plan.log" >"$OUT/comment.md"
  fi
  summarize "$OUT/comment.md"
  finish "$code"
}

# A field of our own comment or issue, found by its hidden first line and its author; empty when there is none.
ours() {
  gh api --paginate "$1" --jq ".[]
    | select(.user.login == \"github-actions[bot]\" and ((.body // \"\") | startswith(\"<!-- reconciler:$2 -->\")))
    | $3" | sed -n 1p
}

# Writes the plan's comment, or writes over the one that is there.
comment() {
  local id
  # shellcheck disable=SC2153 # NUMBER comes in the environment
  id=$(ours "repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments" plan .id)
  if [ -n "$id" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$OUT/comment.md"
  else
    gh api --silent --method POST "repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments" --field "body=@$OUT/comment.md"
  fi
}

# Finds the plan that was reviewed: the one in the comment of the pull request whose merge into this branch made this commit.
reviewed() {
  local pull head id run
  read -r pull head < <(
    gh api "repos/$GITHUB_REPOSITORY/commits/$GITHUB_SHA/pulls" \
      --jq '[.[] | select(.merged_at != null and .base.ref == env.GITHUB_REF_NAME)] | first // empty | "\(.number) \(.head.sha)"'
  ) || true
  if [ -z "${head:-}" ]; then
    printf '::error title=reconciler::no pull request that was merged into this branch made this commit, so no plan of it was reviewed; %s\n' "$ANEW"
    finish 3
  fi
  # The id stands in the last line; no name in the comment can begin a line of its own.
  id=$(ours "repos/$GITHUB_REPOSITORY/issues/$pull/comments" plan '.body | split("\nPlan id: \u0060") | last | .[0:64]')
  run=$(gh api "repos/$GITHUB_REPOSITORY/actions/workflows/reconciler-plan.yml/runs?head_sha=$head&event=pull_request&status=success" \
    --jq '.workflow_runs | first // empty | .id')
  if [[ ! "$id" =~ ^[0-9a-f]{64}$ || ! "$run" =~ ^[0-9]+$ ]]; then
    printf '::error title=reconciler::pull request %s has no plan for its last commit; %s\n' "$pull" "$ANEW"
    finish 3
  fi
  output plan_id "$id"
  output run_id "$run"
}

# What two plans must have in common to be the same change, whichever commit they were made from.
essence() {
  jq -S '[.steps, .access_changes]' "$1"
}

# How an apply ended, in the summary: a heading, what the command printed, and what to do.
ended() {
  printf '## %s\n\n%s\n\n%s\n' "$1" "$(quoted "$OUT/apply.log")" "${2:-}" >"$OUT/apply.md"
  summarize "$OUT/apply.md"
}

# What to do where an apply was broken off: its memory is in the artifact, and this machine is gone.
goes_on() {
  local where=''
  if [ "$RECONCILER_WORKSPACE" != manifests ]; then where=$(printf -- '-w %q ' "$RECONCILER_WORKSPACE"); fi
  printf 'To go on, check out %s, unpack the artifact **reconciler-apply** of this run into it, and run there, with ' "$GITHUB_SHA"
  printf 'tokens that write:\n\n    reconciler apply %s--resume\n\n' "$where"
  printf 'This job, run again, would refuse: what is left is not what was reviewed.'
}

# Plans anew under the guards of before the merge, and applies that if it is exactly what was reviewed. The plan that was
# reviewed was made by the pull request's own pipeline, and so may be what is in it: it is compared, never applied. What
# was seen is the comment, so it is compared by its id there, which `show` finds to be made of all that the plan holds.
apply() {
  local code=0
  if [ "$(jq -r '.plan_id' "$OUT/plan.json")" != "$PLAN_ID" ]; then
    printf '::error title=reconciler::the plan in the artifact is not the one that was reviewed; %s\n' "$ANEW"
    finish 4
  fi
  reconciler show "$OUT/plan.json" >/dev/null || finish "$?"
  told kept "$OUT/apply.log" reconciler plan --out "$OUT/fresh.json" --guards-from "$BASE" || code=$?
  if [ "$code" -ne 0 ]; then
    ended "Nothing was applied (exit code $code)"
    finish "$code"
  fi
  if [ "$(jq '.summary.create + .summary.update' "$OUT/fresh.json")" -eq 0 ]; then
    printf 'Live state is as the manifests say; there is nothing to apply.\n'
    finish 0
  fi
  if [ "$(essence "$OUT/plan.json")" != "$(essence "$OUT/fresh.json")" ]; then
    printf '::error title=reconciler::what the default branch asks for is not what was reviewed; %s\n' "$ANEW"
    finish 4
  fi
  told kept "$OUT/apply.log" reconciler apply "$OUT/fresh.json" || code=$?
  case "$code" in
    0) ended 'Applied' 'A plan that undoes it, as far as it can be, is in the artifact **reconciler-apply**.' ;;
    5 | 130) ended 'Partly applied' "$(goes_on)" ;;
    *) ended "Apply failed (exit code $code)" ;;
  esac
  git diff -- "$RECONCILER_WORKSPACE" >"$OUT/new-ids.patch"
  if [ -s "$OUT/new-ids.patch" ]; then
    printf '::warning title=reconciler::datasets were created; commit new-ids.patch of the artifact before the next apply, which has no other way to know them\n'
  fi
  finish "$code"
}

# Compares live state with the manifests; needs a read-only token.
drift() {
  local code=0 sha applied=()
  # The commit of the last apply tells what somebody changed from what was merged and not applied yet.
  sha=$(gh api "repos/$GITHUB_REPOSITORY/actions/workflows/reconciler-apply.yml/runs?status=success&per_page=1" \
    --jq '.workflow_runs | first // empty | .head_sha' || true)
  if [[ "$sha" =~ ^[0-9a-f]{40}$ ]] && git cat-file -e "$sha^{commit}"; then applied=(--applied "$sha"); fi
  reconciler drift --detailed-exitcode --format markdown "${applied[@]}" >"$OUT/drift.md" 2>"$OUT/drift.log" || code=$?
  told cat "$OUT/drift.log" "$OUT/drift.md"
  if [ ! -s "$OUT/drift.md" ]; then failed drift 'Nobody knows whether there is drift' "$OUT/drift.log" >"$OUT/drift.md"; fi
  summarize "$OUT/drift.md"
  output has_changes "$([ "$code" -eq 2 ] && echo true || echo false)"
  printf '%s\n' "$code" >"$OUT/drift.code"
  output exit_code "$code"
  if [ "$code" -eq 2 ]; then exit 0; fi # drift is told by the issue; the job fails when nobody knows
  exit "$code"
}

# Opens, updates or closes the one issue about drift. Its title is the report's own: only that knows who caused what.
issue() {
  local number code title
  code=$(cat "$OUT/drift.code")
  title=$(sed -n 's/^## //p' "$OUT/drift.md" | sed -n 1p)
  number=$(ours "repos/$GITHUB_REPOSITORY/issues?state=open&per_page=100" drift .number)
  if [ "$code" -eq 2 ] && [ -n "$number" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/$number" \
      --raw-field "title=$title" --field "body=@$OUT/drift.md"
  elif [ "$code" -eq 2 ]; then
    gh api --silent --method POST "repos/$GITHUB_REPOSITORY/issues" \
      --raw-field "title=$title" --field "body=@$OUT/drift.md"
  elif [ "$code" -eq 0 ] && [ -n "$number" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/$number" --raw-field state=closed
  fi
}

case "$RUN" in
  review | plan | comment | reviewed | apply | drift | issue) "$RUN" ;;
  *)
    printf '::error title=reconciler::there is nothing called that to run\n'
    exit 64
    ;;
esac
