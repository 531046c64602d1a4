#!/usr/bin/env bash
# Try Parley as a new user would: a fresh Debian 12 without any of the dependencies, a fresh clone of HEAD, the two commands of the
# README. Shows what each took: seconds, packages, disk.
#
#   tests/debootstrap.sh [COMMAND ...]       default: script/demo script/demo script/test
#
# Needs root, debootstrap and git. Everything happens in build/debootstrap/: base is kept for the next run, root is made anew.
set -euo pipefail
# shellcheck source=script/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../script/lib.sh"

work=$build/debootstrap
base=$work/base
fresh=$work/root
if [ $# -gt 0 ]; then
	commands=("$@")
else
	commands=(script/demo script/demo script/test)
fi

# Packages come from where this machine has its own from.
mirror_of_host() {
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' 'Component: main' 2>/dev/null |
		head -n 1
}

make_base() {
	[ ! -f "$base/complete" ] || return 0
	rm -rf --one-file-system "$base"
	mkdir -p "$base"
	say "a Debian 12 into ${base#"$root"/} (minutes)"
	run_step debootstrap debootstrap --variant=minbase bookworm "$base" "$(mirror_of_host)"
	touch "$base/complete"
}

# How this machine reaches its packages: sources, keys, proxy, names.
copy_apt_settings() {
	local path
	for path in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/trusted.gpg.d /etc/apt/keyrings /usr/share/keyrings \
		/etc/ssl/certs /etc/resolv.conf /etc/hosts; do
		[ -e "$path" ] || continue
		mkdir -p "$fresh${path%/*}"
		cp -rLf "$path" "$fresh${path%/*}/"
	done
	apt-config dump | grep '^Acquire::' >"$fresh/etc/apt/apt.conf.d/90host"
}

# Run in the fresh system, with processes and mounts of its own that end with it.
inside() {
	unshare --mount --pid --fork --kill-child bash -ec '
		mount -t proc proc "$1/proc"
		mount -t devpts -o newinstance,ptmxmode=0666 devpts "$1/dev/pts"
		ln -sf pts/ptmx "$1/dev/ptmx"
		exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LANG=C.UTF-8 \
			${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} bash -c "cd /parley && $2"
	' inside "$fresh" "$1"
}

figures() {
	printf '%s packages, %s MB in the system, %s MB in the checkout\n' \
		"$(chroot "$fresh" dpkg-query -f '.\n' -W | wc -l)" \
		"$(du -sxm --exclude=parley "$fresh" | cut -f 1)" "$(du -sxm "$fresh/parley" | cut -f 1)"
}

[ "$(id -u)" -eq 0 ] || die "run it as root: it needs chroot and mount"
install_packages debootstrap git
make_base
rm -rf --one-file-system "$fresh"
cp -a --reflink=auto "$base" "$fresh"
copy_apt_settings
git clone --quiet --no-hardlinks "$root" "$fresh/parley"
say "before: $(figures)"
status=0
for command in "${commands[@]}"; do
	say "--- $command"
	started=$SECONDS
	inside "$command" </dev/null || status=$?
	say "--- $command: exit status $status after $((SECONDS - started)) s; now $(figures)"
	[ "$status" -eq 0 ] || break
done
exit "$status"
