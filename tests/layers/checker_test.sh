#!/usr/bin/env bash
# checker_test.sh: the checker must report each include of broken/ that breaks a rule, and no other:
# broken/expected.txt says which.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
if found=$("$here/layers.sh" "$here/broken" 2>/dev/null); then
  echo "the checker passed a tree that breaks the layers"
  exit 1
fi
diff -u --label expected --label found "$here/broken/expected.txt" <(printf '%s\n' "$found")

# A tree without a single include is a mistake, not a clean tree.
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
mkdir "$empty/framework"
if "$here/layers.sh" "$empty" >/dev/null 2>&1; then
  echo "the checker passed a tree without includes"
  exit 1
fi
echo "all $(wc -l <"$here/broken/expected.txt") broken includes are reported, and no other"
