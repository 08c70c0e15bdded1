#!/usr/bin/env bash
# Sourced: installed FROM TO copies the lock of FROM into the folder TO, and installs what it names there, unless it is there.
# Ends with 77, and says so, where there is no npm or no way to its packages.

installed() {
  local from=$1 to=$2 said
  if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
    echo "skipped: there is no npm; deploy/setup installs it"
    exit 77
  fi
  mkdir -p "$to"
  if [[ -d $to/node_modules ]] && cmp -s "$from/package-lock.json" "$to/package-lock.json"; then return; fi
  rm -rf "$to/node_modules"
  cp "$from/package.json" "$from/package-lock.json" "$from/.npmrc" "$to"
  if said=$(cd "$to" && npm ci --ignore-scripts --no-audit --no-fund --prefer-offline 2>&1); then return; fi
  rm -rf "$to/node_modules"
  if grep -qE 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH' <<<"$said"; then
    echo "skipped: npm reaches no packages here"
    exit 77
  fi
  echo "$said" >&2
  exit 1
}
