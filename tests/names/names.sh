#!/usr/bin/env bash
# names.sh [ROOT]: holds names, sizes and left-overs of the tree under ROOT against the house rules,
# and prints FILE:LINE and the rule for each that breaks one. Looks at what git tracks or would add;
# where git does not know the tree, at all files outside build/ and node_modules/.
set -euo pipefail
export LC_ALL=C

root=$(cd -- "${1:-$(dirname -- "${BASH_SOURCE[0]}")/../..}" && pwd)
longest=400
cd "$root"

if [[ $(git rev-parse --show-toplevel 2>/dev/null) == "$root" ]]; then
  mapfile -d '' -t listed < <(git ls-files -z --cached --others --exclude-standard)
else
  mapfile -d '' -t listed < <(find . -type f -not -path '*/.git/*' -not -path './build/*' \
    -not -path '*/node_modules/*' -printf '%P\0' | sort -z)
fi
files=()
for file in "${listed[@]}"; do
  [[ ! -f $file ]] || files+=("$file")
done
((${#files[@]} > 0)) || { echo "found no files under $root" >&2; exit 1; }

broken=0
complain() {
  broken=$((broken + 1))
  echo "$1: $2"
}

# Files and folders: no word that says nothing about the concept.
words='utils?|helpers?|common|misc|managers?|handlers?|impl|base'
for file in "${files[@]}"; do
  if [[ /${file,,} =~ [/._-]($words)([/._-]|$) ]]; then
    complain "$file:1" "is called ${BASH_REMATCH[1]}: name it after its concept"
  fi
done

# Sources, scripts without a suffix included, stay short.
for file in "${files[@]}"; do
  case $file in
    *.hpp | *.cpp | *.capnp | *.sh | *.py | *.mjs | *.js | *.ts | *.css | *.cmake | *CMakeLists.txt) ;;
    *) read -r -n 2 first <"$file" 2>/dev/null || continue
       [[ $first == '#!' ]] || continue ;;
  esac
  lines=$(wc -l <"$file")
  ((lines <= longest)) || complain "$file:$lines" "has more than $longest lines: split it by concept"
done

# Left-overs. The brackets keep this script out of its own findings.
text=()
for file in "${files[@]}"; do
  [[ $file == *.csv || $file == *package-lock.json ]] || text+=("$file")
done
refuse() {
  local pattern=$1 rule=$2 found file number rest
  while IFS= read -r found; do
    IFS=: read -r file number rest <<<"$found"
    complain "$file:$number" "$rule: ${rest:0:80}"
  done < <(grep -HnIE -- "$pattern" "${text[@]}")
}
refuse '\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b' "is an issue, not a comment"
refuse '\bslee[p]_(for|until)\b|\busleep[(]' "waits for time: wait for the event itself"
refuse '(^|[^[:alnum:]_./-])/(wor[k]|roo[t]|hom[e])/[[:alnum:].]' "is a path of one machine"
refuse '/tm[p]/leat-' "is a path of one machine"

((broken == 0)) || { echo "$broken places break the house rules" >&2; exit 1; }
echo "${#files[@]} files follow the house rules"
