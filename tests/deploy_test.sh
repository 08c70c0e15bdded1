#!/usr/bin/env bash
# deploy_test.sh [DEPLOY]: tests the scripts in deploy/ against stand-ins for dpkg-query, apt-get,
# id, cmake and ctest, so that nothing is installed or built. DEPLOY is the folder under test.
set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
deploy=${1:-$here/../deploy}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0
unset DEBIAN_FRONTEND LEAT_JOBS BUILD CTEST_STATUS

# A project in a path with spaces, with the scripts under test and packages of its own.
root="$scratch/a project"
mkdir -p "$root/deploy" "$root/examples/data" "$scratch/elsewhere"
cp "$deploy"/{setup,build,demo,test} "$root/deploy/"
printf '%s\n' '# tools' 'alpha' '' '  beta   # with a remark' 'g++-x' >"$root/deploy/packages.txt"

# The scripts see only these programs: the stand-ins, and what they may rightly use.
fake="$scratch/bin"
mkdir "$fake"
for tool in bash cat cp dirname env grep head mkdir mktemp nproc rm sed setpriv tail touch; do
  ln -s "$(command -v "$tool")" "$fake/$tool"
done

stand_in() {
  cat >"$fake/$1"
  chmod +x "$fake/$1"
}

stand_in dpkg-query <<'STUB'
#!/usr/bin/env bash
# INSTALLED: the packages that are there, each with what it provides, as alpha>beta; any other is unknown, as after dpkg --purge.
status=0
for name in "${@:3}"; do
  case " $INSTALLED " in
    *" $name "*) echo "installed $name" ;;
    *" $name>"*) provided=${INSTALLED#*"$name>"}; echo "installed $name, other (= 1.0), ${provided%% *}" ;;
    *" -$name "*) echo "config-files $name" ;;
    *) echo "dpkg-query: no packages found matching $name" >&2; status=1 ;;
  esac
done
exit $status
STUB
stand_in apt-get <<'STUB'
#!/usr/bin/env bash
echo "DEBIAN_FRONTEND=${DEBIAN_FRONTEND-} apt-get $*" >>"$CALLS"
case "$1 $APT" in
  "update busy")
    [[ -e $CALLS.waited ]] && exit 0
    : >"$CALLS.waited"
    echo "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7 (apt)" >&2
    exit 100 ;;
  "update works" | "update refuses" | "install works" | "install stale" | "install busy") exit 0 ;;
  *" refuses") echo "E: Unable to locate package alpha" >&2; exit 100 ;;
  *) echo "E: Failed to fetch http://archive.invalid  Could not connect" >&2; exit 100 ;;
esac
STUB
stand_in id <<'STUB'
#!/usr/bin/env bash
echo "$FAKE_ID"
STUB
stand_in sleep <<'STUB'
#!/usr/bin/env bash
echo "sleep $*" >>"$CALLS"
STUB
stand_in cmake <<'STUB'
#!/usr/bin/env bash
echo "in $PWD: cmake $*" >>"$CALLS"
if [[ $1 == --build && ${BUILD-} == breaks ]]; then
  for line in {1..60}; do echo "compiler line $line"; done
  exit 1
fi
if [[ $1 == --build ]]; then
  mkdir -p build/release/bin
  cat >build/release/bin/regression <<'PROGRAM'
#!/usr/bin/env bash
for argument in "$@"; do echo "argument: $argument"; done
PROGRAM
  # chmod is not among the programs the scripts may use.
  "$CHMOD" +x build/release/bin/regression
fi
STUB
stand_in ctest <<'STUB'
#!/usr/bin/env bash
echo "in $PWD: ctest $*" >>"$CALLS"
exit "${CTEST_STATUS-0}"
STUB

# run COMMAND...: leaves $out, $err, $status and $calls (what the stand-ins were asked to do).
run() {
  : >"$scratch/calls"
  rm -f "$scratch/calls.waited"
  PATH=$fake CALLS="$scratch/calls" CHMOD=$real_chmod \
    INSTALLED=$installed APT=$apt FAKE_ID=$user "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
  status=$?
  out=$(<"$scratch/out")
  err=$(<"$scratch/err")
  calls=$(<"$scratch/calls")
}

real_chmod=$(command -v chmod)
everything="alpha beta g++-x"

begin() { current=$1 installed=$everything apt=works user=0; }

check() {
  local what=$1
  shift
  if ! "$@"; then
    failures=$((failures + 1))
    printf 'FAILED: %s: %s\n  status: %s\n  out: %s\n  err: %s\n  calls: %s\n' \
      "$current" "$what" "$status" "$out" "$err" "$calls"
  fi
}

has() { [[ $1 == *"$2"* ]]; }
lacks() { [[ $1 != *"$2"* ]]; }
one_line() { [[ -n $1 && $1 != *$'\n'* ]]; }

begin "nothing to do is silent and leaves apt alone"
user=1000
run "$root/deploy/setup"
check "succeeds" [ "$status" = 0 ]
check "prints nothing" [ -z "$out$err" ]
check "calls no apt" [ -z "$calls" ]

begin "what another package provides is there"
installed="alpha>beta g++-x" user=1000
run "$root/deploy/setup"
check "succeeds" [ "$status" = 0 ]
check "prints nothing" [ -z "$out$err" ]

begin "what is missing needs root"
installed="alpha g++-x" user=1000
run "$root/deploy/setup"
check "exits 1" [ "$status" = 1 ]
check "is one line" one_line "$err"
check "names the package" has "$err" "(beta)"
check "says how to go on" has "$err" "\"sudo ${root/ /\\ }/deploy/setup\""
check "calls no apt" [ -z "$calls" ]

begin "root installs what is missing and no more"
installed="alpha -beta"
run "$root/deploy/setup"
check "succeeds" [ "$status" = 0 ]
check "updates first" has "${calls%%$'\n'*}" "apt-get update"
check "installs both, the removed one with its settings left too" has "$calls" " beta g++-x"
check "leaves what is there" lacks "$calls" "alpha"
check "asks nothing" has "${calls##*$'\n'}" "DEBIAN_FRONTEND=noninteractive apt-get install -y"
check "installs no recommendations" has "$calls" "--no-install-recommends"
check "waits for another apt" has "$calls" "DPkg::Lock::Timeout="

begin "offline is said in a sentence"
installed="alpha" apt=offline
run "$root/deploy/setup"
check "exits 1" [ "$status" = 1 ]
check "names the packages" has "${err##*$'\n'}" "beta g++-x cannot be installed"
check "says why" has "${err##*$'\n'}" "offline"
check "quotes apt" has "${err##*$'\n'}" "E: Failed to fetch"

begin "a refusal of apt is not taken for being offline"
installed="beta g++-x" apt=refuses
run "$root/deploy/setup"
check "exits 1" [ "$status" = 1 ]
check "names the package" has "${err##*$'\n'}" "could not install alpha"
check "does not guess" lacks "$err" "offline"
check "quotes apt" has "${err##*$'\n'}" "E: Unable to locate package alpha"

begin "lists that cannot be renewed may still do"
installed="beta g++-x" apt=stale
run "$root/deploy/setup"
check "succeeds" [ "$status" = 0 ]
check "installs" has "$calls" "apt-get install"

begin "another apt's update is waited for"
installed="beta g++-x" apt=busy
run "$root/deploy/setup"
check "succeeds" [ "$status" = 0 ]
check "updates twice" [ "$(grep -c 'apt-get update' "$scratch/calls")" = 2 ]

begin "a system without apt is told so"
mv "$fake/apt-get" "$fake/apt-got"
run "$root/deploy/setup"
mv "$fake/apt-got" "$fake/apt-get"
check "exits 1" [ "$status" = 1 ]
check "is one line" one_line "$err"
check "names what is missing" has "$err" "apt-get is missing"

begin "the demo builds and runs from anywhere"
cd "$scratch/elsewhere" || exit 1
run "$root/deploy/demo" --threads 2 "two words"
check "succeeds" [ "$status" = 0 ]
check "configures release in the project" has "$calls" "in $root: cmake --preset release"
check "builds with few jobs" grep -q -- '--build --preset release .*--parallel [12]$' "$scratch/calls"
check "runs with its data" has "$out" "argument: --data"$'\n'"argument: $root/examples/data/flights-200k.csv"
check "runs with its output" has "$out" "argument: --out"$'\n'"argument: $root/build/demo/model.bin"
check "passes options on" has "$out" "argument: --threads"$'\n'"argument: 2"$'\n'"argument: two words"
check "makes the folder of the model" [ -d "$root/build/demo" ]

begin "the demo shows short paths to who stands in the project"
cd "$root" || exit 1
run deploy/demo --data=mine.csv
check "succeeds" [ "$status" = 0 ]
check "runs with its output" has "$out" "argument: build/demo/model.bin"
check "takes other data" has "$out" "argument: --data=mine.csv"
check "and then not its own" lacks "$out" "flights"

begin "the demo of a cluster runs on one process and on three, and compares"
cat >"$root/deploy/local-cluster" <<'STUB'
#!/usr/bin/env bash
echo "local-cluster $*" >>"$CALLS"
[[ -z ${CLUSTER-} ]] || { echo "local-cluster: $CLUSTER" >&2; exit 1; }
trap 'echo "ended" >>"$CALLS"; exit' TERM
echo 127.0.0.1:4700
# Until it is told to end.
mkfifo "$CALLS.never"
while :; do read -r -t 1 <>"$CALLS.never"; done
STUB
cat >"$root/deploy/compare_models.py" <<'STUB'
#!/usr/bin/env bash
echo "compare $*" >>"$CALLS"
exit "${COMPARED-0}"
STUB
chmod +x "$root/deploy/local-cluster" "$root/deploy/compare_models.py"
ln -s "$(command -v mkfifo)" "$fake/mkfifo"
cd "$scratch/elsewhere" || exit 1
run "$root/deploy/demo" --cluster --threads 1
check "succeeds" [ "$status" = 0 ]
check "attaches three nodes of the program to itself" has "$calls" \
  "local-cluster up --attached -n 3 --program $root/build/release/bin/regression --state $root/build/demo/cluster"
check "runs on one process" has "$(<"$root/build/demo/one.json")" "argument: --out"$'\n'"argument: $root/build/demo/one.bin"
check "runs on the cluster" has "$(<"$root/build/demo/three.json")" "argument: --cluster"$'\n'"argument: 127.0.0.1:4700"
check "passes options on" has "$(<"$root/build/demo/three.json")" "argument: --threads"$'\n'"argument: 1"
check "compares" has "$calls" "compare $root/build/demo/one $root/build/demo/three"
check "ends the cluster" has "$calls" "ended"
rm "$scratch/calls.never"
mkdir -p "$root/examples/data" && printf 'a,b\n1,2\n' >"$root/examples/data/flights-200k.csv"
run "$root/deploy/demo" --kill --ordered
check "a job that ends before its node is killed shows nothing" [ "$status" = 1 ]
check "and says so" has "$err" "had ended before a node could be killed"
check "it had checkpoints" has "$(<"$root/build/demo/three.json")" "argument: --checkpoints"$'\n'"argument: $root/build/demo/checkpoints"
check "its data is sixty times as long" [ "$(wc -l <"$root/build/demo/long.csv")" = 61 ]
check "passes options on here, too" has "$(<"$root/build/demo/three.json")" "argument: --ordered"
rm "$scratch/calls.never"
COMPARED=1 run "$root/deploy/demo" --cluster
check "fails when the models differ" [ "$status" = 1 ]
check "and ends the cluster then too" has "$calls" "ended"
CLUSTER="there is no room" run "$root/deploy/demo" --cluster
check "fails without a cluster" [ "$status" = 1 ]
check "and says why" [ "${err##*$'\n'}" = "local-cluster: there is no room" ]
run "$root/deploy/demo" --cluster --out mine
check "places the models itself" [ "$status" = 2 ]

begin "a failed build shows the log's end"
BUILD=breaks run "$root/deploy/demo"
check "fails" [ "$status" = 1 ]
check "shows the end" has "$err" "compiler line 60"
check "and only the end" lacks "$err" "compiler line 2"$'\n'
check "runs nothing" [ -z "$out" ]

begin "LEAT_JOBS sets the jobs"
LEAT_JOBS=7 run "$root/deploy/build" release
check "is passed on" has "$calls" "--parallel 7"
LEAT_JOBS=many run "$root/deploy/build" release
check "is checked" [ "$status" = 2 ]
check "is named" has "$err" "LEAT_JOBS"

begin "tests run in the preset asked for, with ctest's options"
cd "$scratch/elsewhere" || exit 1
run "$root/deploy/test" -R "a name"
check "runs release" has "$calls" "in $root: ctest --preset release -R a name"
run "$root/deploy/test" --tsan -V
check "builds tsan" has "$calls" "cmake --build --preset tsan"
check "runs tsan" has "$calls" "in $root: ctest --preset tsan -V"
run "$root/deploy/test" --asan -V
check "builds asan" has "$calls" "cmake --build --preset asan"
check "runs asan" has "$calls" "in $root: ctest --preset asan -V"
CTEST_STATUS=8 run "$root/deploy/test"
check "fails when a test fails" [ "$status" = 8 ]
check "and does not count as tested" [ ! -e "$root/build/release/tested" ]
run "$root/deploy/test"
check "what has passed counts as tested" [ -e "$root/build/release/tested" ]

begin "a quick test builds and runs what can break, and says what it leaves out"
: >"$root/build/release/build.ninja"
stand_in python3 <<'STUB'
#!/usr/bin/env bash
[[ $1 == */affected.py ]] && printf '%s\n' "targets $TARGETS" "tests $TESTS" "long $LONG"
STUB
export TARGETS="leat_tests_actors leat_program" TESTS='^(actors\.where)$' LONG=
rm "$root/build/release/tested"
run "$root/deploy/test" --quick
check "builds the programs" has "$calls" "--target leat_tests_actors leat_program --parallel"
check "runs the tests" has "$calls" "ctest --preset release -j 2 -R ^(actors\.where)$"
check "all has been tested" [ -e "$root/build/release/tested" ]
rm "$root/build/release/tested"
LONG="cluster.processes_losses" run "$root/deploy/test" --quick
check "says what takes long" has "$out" "left out, as they take long: cluster.processes_losses"
check "so not all has been tested" [ ! -e "$root/build/release/tested" ]
TARGETS="" TESTS="" run "$root/deploy/test" --quick
check "does nothing when nothing can break" lacks "$calls" "ctest"
unset TARGETS TESTS LONG

begin "nothing is built when a package is missing"
installed="alpha" user=1000
run "$root/deploy/demo"
check "exits 1" [ "$status" = 1 ]
check "configures nothing" [ -z "$calls" ]

if ((failures > 0)); then
  printf '%d checks failed\n' "$failures"
  exit 1
fi
echo "every check passed"
