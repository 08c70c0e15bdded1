#!/usr/bin/env bash
# rebuilt_test.sh: what is committed as the page is what its sources make, byte for byte, with what its lock names; its types
# agree; it is small; its lock has hashes and no addresses; and its pure parts do what they say: units_test.ts and
# table_test.ts.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
page=$(cd -- "$here/../../framework/page" && pwd)
# shellcheck source=tests/page/installed.sh
source "$here/installed.sh"
most=$((80 * 1024))

for lock in "$page/package-lock.json" "$here/package-lock.json"; do
  if grep -nE '://|"resolved"' "$lock"; then
    echo "$lock has an address: npm run lock takes it out" >&2
    exit 1
  fi
  packages=$(grep -c '"node_modules/' "$lock") hashes=$(grep -c '"integrity": "sha512-' "$lock")
  ((packages == hashes)) || { echo "$lock: $packages packages, and $hashes hashes" >&2; exit 1; }
done

bytes=0
for file in "$page"/dist/*; do bytes=$((bytes + $(gzip -9c "$file" | wc -c))); done
echo "the page is $bytes bytes, gzipped, of $most"
((bytes <= most)) || { echo "the page has more than $most bytes" >&2; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
installed "$page" "$folder"
cp -r "$page/src" "$page/build.mjs" "$page/tsconfig.json" "$folder"
(cd "$folder" && npm run --silent check)
(cd "$folder" && npm run --silent build)
if ! diff -rq "$page/dist" "$folder/dist"; then
  echo "framework/page/dist is not what its sources make: npm run build there, and commit it" >&2
  exit 1
fi
for test in units_test table_test; do
  sed "s#\"PAGE/#\"$folder/src/#" "$here/$test.ts" >"$folder/$test.ts"
  (cd "$folder" && node_modules/.bin/esbuild "$test.ts" --bundle --platform=node --log-level=warning --outfile="$test.cjs" && node "$test.cjs")
done
