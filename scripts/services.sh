#!/usr/bin/env bash
# Starts what the tests need besides Node, on this machine alone, and prints what to export:
#
#   eval "$(scripts/services.sh)"
#
# What is missing is installed from Debian's packages. What is there already is used, and nothing of it is changed but
# for a role, a database and the extension "vector". Words go to stderr. Fails when a service cannot be had.
set -euo pipefail
exec 3>&1 1>&2

readonly HOST=127.0.0.1 PORT=5432 NAME=clara_test
readonly OWN_URL="postgresql://$NAME:$NAME@$HOST:$PORT"
# Debian 12 has no pgvector; the source package of the release after it builds there.
readonly PGVECTOR_SUITE=trixie

say() { printf 'services: %s\n' "$*"; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
as_postgres() { as_root setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"; }

updated=no
install() {
  say "installing $*"
  if [ "$updated" = no ]; then as_root apt-get -qq update; fi
  updated=yes
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y "$@" >/dev/null
}

ask() { psql --no-psqlrc --quiet --tuples-only --no-align --dbname="$1" --command="$2"; }
is_up() { (exec 4<>"/dev/tcp/$HOST/$PORT") 2>/dev/null; }

start_postgres() {
  if ! is_up; then
    command -v pg_ctlcluster >/dev/null || install postgresql
    is_up || start_cluster
  fi
  command -v psql >/dev/null || install postgresql-client
}

start_cluster() {
  read -r version cluster < <(pg_lsclusters --no-header | awk -v port="$PORT" '$3 == port { print $1, $2 }') ||
    { say "no PostgreSQL of this machine has port $PORT" && return 1; }
  say "starting PostgreSQL $version"
  as_root pg_ctlcluster "$version" "$cluster" start
  for _ in $(seq 50); do
    if is_up; then return; fi
    sleep 0.2
  done
  say "PostgreSQL does not answer on $HOST:$PORT"
  return 1
}

# The address without a database, of somebody who may make databases and extensions.
find_access() {
  local trusted="postgresql://postgres@$HOST:$PORT"
  for url in "$trusted" "$OWN_URL"; do
    if PGPASSWORD='' PGCONNECT_TIMEOUT=5 ask "$url/postgres" "select 1" >/dev/null 2>&1; then
      echo "$url"
      return
    fi
  done
  as_postgres psql --no-psqlrc --quiet --port="$PORT" >&2 \
    --command="create role $NAME superuser login password '$NAME'"
  echo "$OWN_URL"
}

has_vector() { [ "$(ask "$1/postgres" "select count(*) from pg_available_extensions where name = 'vector'")" = 1 ]; }

install_vector() {
  local major
  major=$(ask "$1/postgres" "select current_setting('server_version_num')::int / 10000")
  if apt-cache show "postgresql-$major-pgvector" >/dev/null 2>&1; then
    install "postgresql-$major-pgvector"
  else
    build_vector "$major"
  fi
}

build_vector() (
  say "building pgvector"
  install "postgresql-server-dev-$1" dpkg-dev make gcc libc6-dev
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  cd "$folder"
  mkdir -p lists/partial
  # The machine's own mirror, in a list of our own, so that the machine's sources stay as they are.
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep --invert-match security | head -n 1)
  keys=/usr/share/keyrings/debian-archive-keyring.gpg
  echo "deb-src [signed-by=$keys] $mirror $PGVECTOR_SUITE main" >sources.list
  own=(-o "Dir::Etc::SourceList=$folder/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State::Lists=$folder/lists" -o APT::Sandbox::User=root)
  as_root apt-get -qq "${own[@]}" update
  as_root apt-get -qq "${own[@]}" source --download-only pgvector
  tar --extract --file pgvector_*.orig.tar.*
  config=/usr/lib/postgresql/$1/bin/pg_config
  make --silent --directory pgvector-*/ OPTFLAGS= PG_CONFIG="$config" >/dev/null
  as_root make --silent --directory pgvector-*/ PG_CONFIG="$config" install >/dev/null
)

make_database() {
  if [ -z "$(ask "$1/postgres" "select 1 from pg_database where datname = '$NAME'")" ]; then
    ask "$1/postgres" "create database $NAME"
  fi
  ask "$1/$NAME" "set client_min_messages = warning; create extension if not exists vector"
}

has_chromium() { command -v chromium chromium-browser google-chrome >/dev/null; }

# Mail at a real server: each test starts a Dovecot of its own, see test/dovecot.ts.
ensure_dovecot() { [ -x /usr/sbin/dovecot ] || install dovecot-imapd openssl procps; }

# Each test that wants a Redis starts one of its own.
ensure_redis() { [ -x /usr/bin/redis-server ] || install redis-server; }

start_postgres
access=$(find_access)
has_vector "$access" || install_vector "$access"
make_database "$access"
has_chromium || install chromium
ensure_dovecot
ensure_redis

docker_exports=$("$(dirname "$0")/docker-service.sh")

say "PostgreSQL, chromium, Dovecot, Redis and Docker are there"
printf 'export CLARA_TEST_DATABASE_URL=%q\n' "$access/$NAME" >&3
printf '%s\n' "$docker_exports" >&3
