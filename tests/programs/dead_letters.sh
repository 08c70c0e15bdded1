#!/usr/bin/env bash
# dead_letters.sh PROGRAMS: what the commands about dead letters say, of letters there are and of those there are not.
set -uo pipefail
# shellcheck source=tests/programs/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/expect.sh"

same "no folder" "$("$programs/regression" dead-letter list)" "no dead letters"
mkdir dead-letters
same "an empty folder" "$("$programs/regression" dead-letter list)" "no dead letters"
echo "no letters at all, but text" >dead-letters/bad.letters
fails 1 "bad.letters" "no file of dead letters" -- regression dead-letter list
fails 1 "gone.letters" "cannot be read" -- regression dead-letter show --from gone.letters
fails 1 "gone.letters" "cannot be read" -- regression dead-letter replay --from gone.letters --data "$flights" --out model
fails 2 "--from" -- regression dead-letter replay --data "$flights" --out model
fails 1 "bad.letters" -- regression dead-letter show --from dead-letters/bad.letters --number 3

finish
