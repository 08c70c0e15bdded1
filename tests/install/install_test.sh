#!/usr/bin/env bash
# install_test.sh BUILD SCRATCH CONFIGURE_OPTION...: installs BUILD into a fresh prefix, then builds
# and runs consumer/, a project that knows leat by find_package only. The options are those that a
# program must share with the libraries it links: compiler, build type, sanitizers.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
source=$(cd -- "$here/../.." && pwd)
build=$1 scratch=$2
shift 2

fail() { echo "$1" >&2; exit 1; }

rm -rf "$scratch"
mkdir -p "$scratch"
prefix=$scratch/prefix
cmake --install "$build" --prefix "$prefix" >"$scratch/install.log" ||
  { cat "$scratch/install.log"; fail "cmake --install failed"; }

# All that the source tree has is there, and nothing of it leads back to the source tree.
cd "$source"
for schema in schemas/*.capnp; do
  [[ -f $prefix/share/leat/$schema ]] || fail "$schema is not installed"
  [[ -f $prefix/include/leat/$schema.h ]] || fail "the header of $schema is not installed"
done
shopt -s globstar
for header in framework/**/*.hpp actors/**/*.hpp; do
  [[ $header != framework/include/* ]] || continue # links to the others
  placed=leat/${header#framework/}
  [[ $header != framework/app/leat.hpp ]] || placed=leat/leat.hpp
  [[ -f $prefix/include/$placed ]] || fail "$header is not installed"
done
if grep -rnF -e "$source/" "$prefix" --include='*.cmake' --include='*.h' --include='*.hpp'; then
  fail "the installed package names the source tree"
fi

# Installed headers include nothing that is not installed.
(cd "$prefix/include" && find leat -name '*.h*' | LC_ALL=C sort | sed 's/.*/#include <&>/') \
  >"$scratch/every_header.cpp"

cmake -S "$here/consumer" -B "$scratch/consumer" -DCMAKE_PREFIX_PATH="$prefix" \
  -DEVERY_HEADER="$scratch/every_header.cpp" -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF "$@"
cmake --build "$scratch/consumer" --parallel 1
printed=$("$scratch/consumer/consumer") || fail "the consumer failed after printing: $printed"
[[ $printed == "2 4 6 " ]] || fail "the consumer printed: $printed"
echo "the consumer printed: $printed"
