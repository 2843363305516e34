#!/bin/sh
# Unpacks the nats-server of the machine's distribution, Debian or Ubuntu, to the file $1, as any user: nothing is installed.
# It may come from a newer release than the machine's: Debian's asks for glibc 2.34 and no later one. What does not run here is passed over below.
set -eu
target=$1
directory=$(mkdir -p "$(dirname "$target")" && cd "$(dirname "$target")" && pwd)
target=$directory/$(basename "$target")
work=$(mktemp -d "$directory/fetch-XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/out"

# the machine's own mirror; a keyring of its distribution signs what comes from it
mirror() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Origin: $1" | grep -v security | head -n 1
}
uri=$(mirror Debian)
# bookworm's 2.9 is too old
distribution=debian suites='trixie stable testing' component=main
if [ -z "$uri" ]; then
  uri=$(mirror Ubuntu)
  distribution=ubuntu suites="noble $(. /etc/os-release && echo "${VERSION_CODENAME:-}")" component=universe
fi
for key in /usr/share/keyrings/$distribution-archive-keyring.*; do break; done
if [ -z "$uri" ] || [ ! -e "$key" ]; then
  echo 'this machine has no package source of Debian or Ubuntu' >&2
  exit 1
fi

apt() {
  apt-get -qq -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::State="$work" \
    -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" -o APT::Sandbox::User= -o Debug::NoLocking=1 "$@"
}

for suite in $suites; do
  echo "deb [signed-by=$key] $uri $suite $component" > "$work/sources.list"
  rm -rf "$work/out" && mkdir "$work/out"
  if apt update && (cd "$work/out" && apt download nats-server && dpkg -x ./*.deb unpacked); then
    binary=$(find "$work/out/unpacked" -type f -name nats-server -perm -u+x | head -n 1)
    # moved in one step, so that two runs at once do not see each other's half
    if [ -n "$binary" ] && "$binary" --version; then
      mv "$binary" "$target"
      exit 0
    fi
  fi
done
echo 'no suite gave a nats-server that runs here' >&2
exit 1
