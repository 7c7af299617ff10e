#!/usr/bin/env bash
# A Docker engine for the tests alone, with its own socket and its own folder, and in it an image to run code in. Called
# by services.sh; prints what to export. What is there already is used.
set -euo pipefail
exec 3>&1 1>&2

readonly ROOT=/var/lib/clara-test-docker RUN=/run/clara-test-docker
readonly SOCKET=$RUN/docker.sock
# No image can be pulled on many machines that test: this one stands in for docker/sandbox/Dockerfile.
readonly SUITE=trixie PACKAGES=python3,python3-pip,unzip,zip
IMAGE=clara-sandbox-test:$(printf '%s' "$SUITE $PACKAGES 2" | sha256sum | cut -c1-12)
readonly IMAGE

say() { printf 'services: %s\n' "$*"; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
on_engine() { as_root docker --host "unix://$SOCKET" "$@"; }
is_up() { on_engine version >/dev/null 2>&1; }

install() {
  say "installing $*"
  as_root apt-get -qq update
  # Debian's packages start what they bring; ours is started here, with its own folder.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y "$@" >/dev/null
}

start_engine() {
  say "starting a Docker engine"
  as_root mkdir -p "$ROOT" "$RUN"
  # Closing what we were given, so that whoever reads our words does not wait for the engine to end.
  as_root setsid dockerd --data-root "$ROOT" --exec-root "$RUN/exec" --pidfile "$RUN/pid" \
    --host "unix://$SOCKET" </dev/null >"$ROOT.log" 2>&1 3>&- &
  for _ in $(seq 150); do
    if is_up; then
      # Whoever runs the tests may be somebody else.
      as_root chmod a+rw "$SOCKET"
      return
    fi
    sleep 0.2
  done
  say "the Docker engine does not answer: see $ROOT.log"
  return 1
}

has_image() { on_engine image inspect "$IMAGE" >/dev/null 2>&1; }

build_image() (
  say "building the sandbox image"
  command -v debootstrap >/dev/null || install debootstrap
  folder=$(mktemp -d)
  trap 'as_root rm -rf "$folder"' EXIT
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep --invert-match security | head -n 1)
  as_root debootstrap --variant=minbase --include="$PACKAGES" "$SUITE" "$folder/root" "$mirror" >/dev/null
  as_root rm -rf "$folder"/root/var/cache/apt "$folder"/root/var/lib/apt/lists
  # Nothing in it may raise its rights.
  as_root find "$folder/root" -xdev -type f -perm /6000 -exec chmod a-s {} +
  as_root tar -C "$folder/root" -c . | on_engine import --change 'ENV LANG=C.UTF-8' - "$IMAGE" >/dev/null
)

command -v dockerd >/dev/null || install docker.io
is_up || start_engine
has_image || build_image

say "a Docker engine and the image to run code in are there"
printf 'export CLARA_TEST_DOCKER_HOST=%q\n' "unix://$SOCKET" >&3
printf 'export CLARA_TEST_SANDBOX_IMAGE=%q\n' "$IMAGE" >&3
