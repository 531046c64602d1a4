# What the scripts share: where things are, the lists of packages, and how to run a step quietly. Sourced, not run.
# shellcheck shell=bash disable=SC2034

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build
logs=$build/logs

# Debian 12 packages. To run: what build/parley is linked with. To build: the same with headers, and the tools.
packages_run=(libsodium23 libsqlite3-0 libjansson4 libexpat1)
packages_build=(gcc libc6-dev meson ninja-build pkg-config libsodium-dev libsqlite3-dev libjansson-dev libexpat1-dev)
# For script/test: the second compiler with its sanitizers and checkers, the test library, the man page formatter.
packages_test=(libcmocka-dev clang libclang-rt-14-dev clang-format clang-tidy groff-base python3)
# For script/soak.
packages_soak=(valgrind)

say() {
	printf '%s\n' "$*"
}

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# run_step NAME COMMAND...: run it with its output in build/logs/NAME.log; on failure show the end of that and stop.
run_step() {
	local name=$1 log=$logs/$1.log status=0
	shift
	mkdir -p "$logs"
	"$@" >"$log" 2>&1 </dev/null || status=$?
	if [ "$status" -ne 0 ]; then
		tail -n 25 "$log" >&2
		die "$name failed (${1##*/}, exit status $status); all of its output is in $log"
	fi
}

# install_packages PACKAGE...: install those that are missing; without any missing, apt is not called.
install_packages() {
	local package missing=() as_root=()
	command -v apt-get >/dev/null || die "this needs Debian 12 with apt; elsewhere install the like of: $*"
	for package in "$@"; do
		[ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
	done
	[ "${#missing[@]}" -gt 0 ] || return 0
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null || die "missing packages; run as root: apt-get install ${missing[*]}"
		as_root=(sudo)
	fi
	say "packages: installing ${missing[*]}"
	mkdir -p "$logs"
	# A failed update alone is no reason to stop: the packages may be at hand.
	"${as_root[@]}" apt-get -q update >"$logs/apt.log" 2>&1 </dev/null || true
	if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${missing[@]}" \
		>>"$logs/apt.log" 2>&1; then
		grep -E '^(E|W|Err):' "$logs/apt.log" | tail -n 3 >&2 || true
		die "apt could not install ${missing[*]}; is there a network? All of its output is in $logs/apt.log"
	fi
}

# configure FOLDER MESON-OPTION...: set up a build folder once; afterwards ninja notices changes by itself.
configure() {
	local folder=$1
	shift
	[ ! -f "$folder/build.ninja" ] || return 0
	rm -rf "$folder/meson-private"
	run_step "configure-${folder##*/}" meson setup "$@" "$folder" "$root"
}

# compile FOLDER [TARGET...]
compile() {
	run_step "compile-${1##*/}" ninja -C "$@"
}

# The builds in which the tests run, in build-NAME: gcc without optimisation; gcc, and clang, with sanitizers.
test_builds=(debug asan clang)

configure_tests() {
	CC=gcc configure "$root/build-debug" --buildtype=debug
	CC=gcc configure "$root/build-asan" --buildtype=debugoptimized -Db_sanitize=address,undefined
	CC=clang configure "$root/build-clang" --buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false \
		-Dfuzz=true
}

# test_build NAME [OPTION...]: compile and run. Failures are counted later from Meson's log by tools/tap-summary, which also
# counts a log that is missing because nothing compiled.
test_build() {
	local folder=$root/build-$1
	shift
	rm -f "$folder"/meson-logs/testlog*.json
	(compile "$folder") || return 0
	meson test -C "$folder" --no-rebuild --print-errorlogs "$@" || true
}

# fuzz_one NAME SECONDS: new inputs and findings go to build-clang/fuzz/NAME/, the corpus in the tree is only read.
fuzz_one() {
	local work=$root/build-clang/fuzz/$1 status=0
	mkdir -p "$work/new"
	"$root/build-clang/fuzz_$1" -max_total_time="$2" -max_len=70000 -timeout=60 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$work/" "$work/new" "$root/fuzz/corpus/$1" >"$work/log" 2>&1 || status=$?
	[ "$status" -eq 0 ] || printf '# see %s\n' "$work/log"
	[ "$status" -eq 0 ] || printf 'not '
	printf 'ok - %s: %s inputs\n' "$1" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")"
}

# fuzz_all SECONDS: every target, as many at a time as there are processors; TAP on standard output.
fuzz_all() {
	local target names=()
	for target in "$root"/build-clang/fuzz_*; do
		[ ! -x "$target" ] || [ -d "$target" ] || names+=("${target##*/fuzz_}")
	done
	for target in "${names[@]}"; do
		while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do
			wait -n || true
		done
		fuzz_one "$target" "$1" >"$root/build-clang/fuzz-$target.tap" &
	done
	wait
	printf '1..%d\n' "${#names[@]}"
	for target in "${names[@]}"; do
		cat "$root/build-clang/fuzz-$target.tap"
	done
}
