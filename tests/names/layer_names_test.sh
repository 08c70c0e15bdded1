#!/usr/bin/env bash
# Holds framework to tests/names/layer_names.py, and that to a tree that breaks it in every way.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
planted=$(mktemp -d)
trap 'rm -rf "$planted"' EXIT
mkdir -p "$planted/framework/one"
cat >"$planted/framework/one/a.cpp" <<'EOF'
namespace {
using Same = int;
using Other = int;
constexpr int kMost = 1;
constexpr int kLeast = 2;
struct Place {
};
int of(const char* text, int number) { return number; }
int of(int number) { return number; }
}  // namespace
EOF
sed 's/Other = int/Other = long/; s/of(int/of(long/; s/text, int number/word, int count/' \
  "$planted/framework/one/a.cpp" >"$planted/framework/one/b.cpp"
mkdir "$planted/framework/two"
printf 'namespace leat {\nstruct Asked {\n};\nconstexpr int kLeast = 1;\n}\n' | tee "$planted/framework/one/a.hpp" >"$planted/framework/two/b.hpp"
said=$(python3 "$here/layer_names.py" "$planted" | sed 's/ is in .*//' | sort | tr '\n' ' ') || true
[[ $said == "Other Place kLeast kLeast kLeast kMost leat::Asked leat::kLeast of(const char*,int) " ]] || { echo "of what was planted it says: $said" >&2; exit 1; }

python3 "$here/layer_names.py" "$here/../.."
