#!/usr/bin/env bash
# csv_files.sh PROGRAMS: files of every dialect, made from a fixed seed, are read as Python's csv reads them, and
# written as they were, through predict too. deploy/proof csv_files makes more of them.
set -uo pipefail

exec python3 "$(dirname -- "${BASH_SOURCE[0]}")/../support/csv_files.py" "$1" 120 1 120
