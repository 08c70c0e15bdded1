#!/usr/bin/env bash
# browser_test.sh FILE PROGRAMS FOLDER [TEST...]: runs the tests of FILE.mjs in Debian's browser; what they need of npm is
# installed into FOLDER, once, and what the page looked like is kept in FOLDER/screenshots.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/page/installed.sh
source "$here/installed.sh"
file=$1 programs=$2 folder=$3
shift 3

if ! command -v chromium-headless-shell >/dev/null; then
  echo "skipped: there is no chromium-headless-shell; deploy/setup installs it"
  exit 77
fi
mkdir -p "$folder"
# Programs run in folders of their own.
folder=$(realpath -- "$folder")
[[ -z ${LEAT_PAGE_DIST:-} ]] || LEAT_PAGE_DIST=$(realpath -- "$LEAT_PAGE_DIST")
exec 9>"$folder/lock"
flock 9
installed "$here" "$folder/npm"
exec 9>&-
LEAT_PAGE_MODULES=$folder/npm LEAT_PAGE_SHOTS=$folder/screenshots exec node "$here/$file.mjs" "$programs" "$@"
