#!/bin/sh
# Builds every fuzz target with clang and runs each for SECONDS (default 60). A finding is printed and
# kept in build/fuzz/findings; the status is then not zero.
# usage: tests/fuzz/run.sh [SECONDS]
set -eu

seconds=${1:-60}
case $seconds in
  '' | *[!0-9]*)
    echo "usage: tests/fuzz/run.sh [SECONDS]" >&2
    exit 2
    ;;
esac
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/build/fuzz
for program in clang-14 clang++-14 cmake ninja; do
  if ! command -v "$program" >/dev/null; then
    echo "tests/fuzz/run.sh: $program is missing; install clang-14, cmake and ninja-build" >&2
    exit 2
  fi
done

mkdir -p "$root/build"
if [ ! -f "$build/build.ninja" ]; then
  CC=clang-14 CXX=clang++-14 cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_CXX_FLAGS_DEBUG='-O1 -g1' -DLEAT_FUZZ=ON -DLEAT_TESTS=OFF -DLEAT_EXAMPLES=OFF \
    -DLEAT_SANITIZE=address,undefined,fuzzer-no-link >"$build.log" 2>&1 || {
    cat "$build.log" >&2
    exit 2
  }
fi
cmake --build "$build" --target leat_fuzz -j2

mkdir -p "$build/findings"
export UBSAN_OPTIONS="print_stacktrace=1:suppressions=$root/tests/support/ubsan.supp"
status=0
for target in "$root"/tests/fuzz/*_fuzz.cpp; do
  name=$(basename "$target" .cpp)
  # What is found goes to a corpus of its own, so that the seeds in the tree stay small.
  mkdir -p "$build/corpus/$name"
  echo "$name: $seconds s"
  "$build/bin/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=4096 \
    -print_final_stats=1 -verbosity=0 -artifact_prefix="$build/findings/$name-" \
    "$build/corpus/$name" "$root/tests/fuzz/corpus/${name%_fuzz}" || status=1
done
exit $status
