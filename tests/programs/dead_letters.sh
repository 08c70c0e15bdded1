#!/usr/bin/env bash
# dead_letters.sh PROGRAMS: what the commands about dead letters say, of letters there are and of those there are not.
set -uo pipefail
# shellcheck source=tests/programs/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/expect.sh"

list=(regression dead-letter list)
works -- "${list[@]}"
same "no folder" "$out" "no dead letters: there is no folder dead-letters"
fails 1 "nowhere: there is no such file or folder" -- "${list[@]}" --from nowhere
mkdir dead-letters
works -- "${list[@]}"
same "an empty folder" "$out" "no dead letters"
echo "no letters at all, but text" >dead-letters/bad.letters
fails 1 "bad.letters" "no file of dead letters" -- "${list[@]}"

# What cannot be read is said, beside the others; here there are only such.
mkdir dead-letters/folder.letters
mkfifo dead-letters/pipe.letters
run_program "${list[@]}"
same "exit status with files that cannot be read" "$status" 1
same "files that cannot be read" "$(grep -c "^regression: dead-letters/[a-z]*.letters: " <<<"$err")" 3
for verb in show "replay train --data $flights --out out/model"; do
  # shellcheck disable=SC2086
  fails 1 "dead-letters: cannot be read: it is not a regular file" -- regression dead-letter $verb --from dead-letters
done
fails 1 "pipe.letters: cannot be read: it is not a regular file" -- "${list[@]}" --from dead-letters/pipe.letters

finish
