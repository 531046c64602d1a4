#!/usr/bin/env bash
# Run script/demo as a newcomer would, twice, and look at what it left. Prints TAP. Needs the packages to be there.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
demo=$root/build/demo
scratch=$(mktemp -d)
mkdir "$scratch/user"
# A user's own folder must stay as it is, so it gets an empty one.
export HOME=$scratch/user
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME XDG_STATE_HOME XDG_RUNTIME_DIR PARLEY_HOME PARLEY_PASSPHRASE_FILE
number=0
failed=0

parley() {
	PARLEY_HOME=$demo/mediator PARLEY_PASSPHRASE_FILE=$demo/passphrase "$root/build/parley" "$@"
}

finish() {
	parley lock >/dev/null 2>&1 || true
	rm -rf "$scratch"
}
trap finish EXIT

# check NAME COMMAND...: one test; what the command prints is shown if it fails
check() {
	local name=$1
	shift
	number=$((number + 1))
	if "$@" >"$scratch/said" 2>&1; then
		printf 'ok %d - %s\n' "$number" "$name"
	else
		printf 'not ok %d - %s\n' "$number" "$name"
		tail -n 20 "$scratch/said" | sed 's/^/# /'
		failed=1
	fi
}

files_of_demo() {
	(cd "$demo" && find . -type f -exec sha256sum {} + | LC_ALL=C sort)
}

first_run() {
	"$root/script/demo" >"$scratch/first" 2>&1
}

second_run() {
	local started=$SECONDS
	files_of_demo >"$scratch/before"
	"$root/script/demo" >"$scratch/second" 2>&1
	seconds=$((SECONDS - started))
	files_of_demo >"$scratch/after"
}

ends_as_promised() {
	grep -qF "Havana process" "$scratch/first" && grep -qF "build/parley tour" "$scratch/first"
}

verify_copy() {
	PARLEY_HOME=$scratch/copy PARLEY_PASSPHRASE_FILE=$demo/passphrase "$root/build/parley" verify
}

# flip_bit FILE: the lowest one of the byte in the middle
flip_bit() {
	local at byte
	at=$(($(stat -c %s "$1") / 2))
	byte=$(od -An -tu1 -j "$at" -N 1 "$1")
	printf '%b' "\\x$(printf '%02x' $((byte ^ 1)))" | dd of="$1" bs=1 seek="$at" conv=notrunc status=none
}

finds_flipped_bit() {
	cp -a "$demo/mediator" "$scratch/copy" && verify_copy && flip_bit "$scratch/copy/record.db" &&
		! verify_copy 2>"$scratch/fault" && cat "$scratch/fault" && grep -qF record.db "$scratch/fault"
}

echo 1..9
check "script/demo runs" first_run
check "it ends with the process and what to try next" ends_as_promised
seconds=999
check "it runs again" second_run
check "the second time takes under 5 seconds" test "$seconds" -lt 5
check "the second time changes no file" cmp "$scratch/before" "$scratch/after"
check "only the owner may read the passphrase" test "$(stat -c %a "$demo/passphrase" 2>&1)" = 600
check "nothing appears in the user's own folder" test -z "$(ls -A "$HOME")"
check "verify finds no fault" parley verify
check "verify names the place of a flipped bit" finds_flipped_bit
exit "$failed"
