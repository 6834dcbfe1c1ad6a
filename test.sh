#!/bin/sh
# Builds everything and runs all tests; with --fast only the tests, and of these only those that need no browser, no Node.js, and neither the SDK nor
# the app in a process of its own, and with a twentieth of the random inputs. On Debian and its kin it installs what they need and is missing; elsewhere it says what that is.
# The last line is "N passed, N failed, N skipped"; the exit code is 0 only if nothing failed. With CI=true a skipped test is a failure.
set -eu
cd "$(dirname "$0")"
export TESTINGPLATFORM_TELEMETRY_OPTOUT=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Compilers and apps run for a moment each: instrumenting their code, and a thread that collects beside them, cost them a tenth and pay off in none.
export DOTNET_TieredPGO=0 DOTNET_gcConcurrent=0

# Chromium without windows does the same for less; the tests use the other where it isn't there. Not every kin of Debian has it.
optional=

# program=package, one pair for each program the tests start.
programs="redis-server=redis-server pg_ctl=postgresql nginx=nginx"
case "$*" in
"")
    programs="$programs chromium=chromium node=nodejs npm=npm"
    optional=chromium-headless-shell
    # Many of these tests wait for a process or a page: one more than there are processors.
    set -- --max-threads "$(($(getconf _NPROCESSORS_ONLN) + 1))"
    ;;
--fast)
    # Most of these tests wait for something now and then: two for each processor.
    set -- --project BlazorAuth.Tests --filter-not-trait "Needs=*" --max-threads "$(($(getconf _NPROCESSORS_ONLN) * 2))"
    export FUZZ_COUNT="${FUZZ_COUNT:-5000}"
    ;;
*)
    echo "Usage: $0 [--fast]" >&2
    exit 2
    ;;
esac

# Debian keeps PostgreSQL's programs off the search path.
with_postgres() {
    for bin in /usr/lib/postgresql/*/bin; do
        if [ -x "$bin/pg_ctl" ]; then PATH="$PATH:$bin"; fi
    done
}

missing() {
    for pair in $programs; do
        command -v "${pair%%=*}" >/dev/null 2>&1 || printf '%s ' "${pair#*=}"
    done
}

install() {
    root=
    if [ "$(id -u)" != 0 ]; then root=sudo; fi
    # The tests start servers of their own: those that the packages would start are not wanted.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | $root tee "$policy" >/dev/null
        $root chmod +x "$policy"
        trap '$root rm -f "$policy"' EXIT
    fi
    $root apt-get update -q
    if [ -n "$optional" ] && apt-cache show "$optional" >/dev/null 2>&1; then set -- "$@" "$optional"; fi
    # shellcheck disable=SC2086
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

with_postgres
packages=$(missing)
if [ -n "$packages" ]; then
    if command -v apt-get >/dev/null 2>&1 && { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null 2>&1; }; then
        # shellcheck disable=SC2086
        (install $packages)
        with_postgres
    else
        echo "Not on the search path, and their tests are skipped until you install them: $packages" >&2
    fi
fi

if ! command -v dotnet >/dev/null 2>&1; then
    echo "The .NET 10 SDK is missing. Install it from https://dot.net/download." >&2
    exit 1
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
skips=off
if [ "${CI:-}" = true ]; then skips=on; fi
status=0
dotnet test "$@" --results-directory "$results" --report-xunit-ctrf --report-xunit-ctrf-filename results.json --fail-skips "$skips" || status=$?

# Only the shell's own tools: a fresh machine has nothing else that reads JSON.
touch "$results/results.json"
summary=$(tr -d '\n' <"$results/results.json" | sed -n 's/.*"summary" *: *{\([^}]*\)}.*/\1/p')
count() { printf '%s' "$summary" | sed -n "s/.*\"$1\" *: *\([0-9][0-9]*\).*/\1/p"; }
if [ -z "$(count passed)" ] || [ -z "$(count failed)" ] || [ -z "$(count skipped)" ]; then
    echo "The tests did not run to their end." >&2
    exit 1
fi
# What the apps of the tests wrote to the console stands behind the runner's own list of failures.
sed 's/{"name":/\
&/g' "$results/results.json" | sed -n '/^{"name":".*","status":"failed"/{
    s/","trace":".*//
    s/^{"name":"\(.*\)","status":"failed".*"message":"/Failed: \1\
  /
    s/^{"name":"\(.*\)","status":"failed".*/Failed: \1/
    s/\\r//g
    s/\\n/\
  /g
    p
}'
if [ "$(count failed)" != 0 ] && [ "$status" = 0 ]; then status=1; fi
echo "$(count passed) passed, $(count failed) failed, $(count skipped) skipped"
exit "$status"
