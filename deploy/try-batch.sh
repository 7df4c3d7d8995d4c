#!/bin/sh
# Sends one generated batch through a running compose stack and waits until log and ClickHouse agree on every row.
# usage: deploy/try-batch.sh [ROWS] [SECONDS]
set -eu
cd "$(dirname "$0")/.."
rows=${1:-200}
seconds=${2:-180}
paceline() { docker compose run --rm -T --quiet-pull cli "$@"; }

file=$(mktemp)
trap 'rm -f "$file"' EXIT
paceline generate "$rows" >"$file"
batch=$(paceline submit - <"$file" | sed -n 's/.*is batch \([0-9a-f]*\).*/\1/p')
[ -n "$batch" ] || { echo 'the batch was not taken' >&2; exit 1; }
echo "batch $batch: $rows rows"

until_time=$(($(date +%s) + seconds))
while :; do
  report=$(paceline report "$batch" </dev/null 2>/dev/null || true)
  case $report in *'"ok":true'*) break ;; esac
  if [ "$(date +%s)" -ge "$until_time" ]; then
    echo "no complete report after $seconds s; the last one: ${report:-none}" >&2
    exit 1
  fi
  sleep 2
done
echo "$report"
