#!/bin/sh
# Brings what `npm test` needs beyond npm packages on Debian 12 and newer: a real PostgreSQL with the vector extension, MariaDB, Chromium,
# and what confines programs.
# Run as root. Does nothing when everything is there.
set -eu

say() { printf '%s\n' "$*"; }
fail() { say "install-test-tools: $*" >&2; exit 1; }

# The newest server that is installed, or nothing.
server_version() {
  for bin in /usr/lib/postgresql/*/bin/postgres; do
    [ -x "$bin" ] && basename "$(dirname "$(dirname "$bin")")"
  done | sort -n | tail -n 1
}

has_server() { [ -n "$(server_version)" ]; }
has_vector() { has_server && [ -f "/usr/share/postgresql/$(server_version)/extension/vector.control" ]; }
has_chromium() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1; }
has_mysql() { [ -x /usr/sbin/mariadbd ] && command -v mariadb-install-db >/dev/null 2>&1; }
has_confinement() { command -v bwrap >/dev/null 2>&1 && command -v unshare >/dev/null 2>&1 && command -v pgrep >/dev/null 2>&1; }

if has_server && has_vector && has_chromium && has_confinement && has_mysql; then
  say "PostgreSQL $(server_version) with vector, MariaDB, Chromium and bubblewrap: there already."
  exit 0
fi

[ "$(id -u)" = 0 ] || fail 'run it as root: sudo sh scripts/install-test-tools.sh'
command -v apt-get >/dev/null 2>&1 || fail 'this machine has no apt-get. Install PostgreSQL 15 or newer with pgvector, and Chromium, by its own means, or set TEST_DATABASE_URL.'

export DEBIAN_FRONTEND=noninteractive
install() { timeout 600 apt-get install -y -q --no-install-recommends "$@"; }
timeout 120 apt-get update -q

has_chromium || install chromium
has_confinement || install bubblewrap util-linux procps
# The tests start a server of their own, in a directory of their own.
has_mysql || install mariadb-server
# Without this, Debian starts a server of its own on port 5432 when the package is installed; the tests start private ones.
if ! has_server; then
  mkdir -p /etc/postgresql-common
  [ -f /etc/postgresql-common/createcluster.conf ] || say 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
  install postgresql
fi
version=$(server_version)

if ! has_vector && apt-cache show "postgresql-$version-pgvector" >/dev/null 2>&1; then
  install "postgresql-$version-pgvector"
fi

# Debian 12 packages no pgvector: build it from the source package of the next release, which apt verifies with Debian's own keys.
if ! has_vector; then
  install "postgresql-server-dev-$version" build-essential dpkg-dev ca-certificates
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  chmod 755 "$work"
  mkdir -p "$work/lists/partial"
  mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' | grep -v security | head -n 1)
  say "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror:-http://deb.debian.org/debian} trixie main" > "$work/sources.list"
  cd "$work"
  source_only="-o Dir::Etc::sourcelist=$work/sources.list -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists=$work/lists -o APT::Sandbox::User=root"
  timeout 120 apt-get -q $source_only update
  timeout 120 apt-get -q $source_only source --only-source pgvector
  cd pgvector-*/
  # OPTFLAGS="": the default -march=native makes a library that crashes on an older processor when the image is moved.
  timeout 300 make -s OPTFLAGS="" PG_CONFIG="/usr/lib/postgresql/$version/bin/pg_config" install
fi

has_vector || fail 'the vector extension could not be installed.'
say "PostgreSQL $version with vector, MariaDB, Chromium and bubblewrap: ready."
