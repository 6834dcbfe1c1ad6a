#!/bin/sh
# Changes one part of BlazorAuth.Core in every way that dotnet-stryker knows, and tells which changes no test notices: token, cookies, csrf or return.
# The test project is cut down to the tests of that part. A run takes some minutes.
#   dotnet tool install --global dotnet-stryker
#   bench/mutate.sh token
set -eu
cd "$(dirname "$0")/.."
part="${1:?token, cookies, csrf or return}"
case "$part" in
token)
    files="Tokens/SessionToken.cs Tokens/SessionTokenParts.cs Tokens/SessionTokenReading.cs"
    tests="Sessions/SessionTokenTests*.cs Sessions/SessionTokenVectorTests*.cs Sessions/SessionTokenVectors.cs Sessions/TokenReadings.cs Sessions/SealedToken.cs Fuzz/TokenFuzzTests*.cs" ;;
cookies)
    files="Http/Cookies/ChunkedCookie.cs Http/Cookies/CookieCandidates.cs Http/Cookies/CookieHeader.cs Http/Cookies/BrowserCookie.cs"
    tests="Sessions/SessionTokenVectors.cs Sessions/SessionCookieTests*.cs Sessions/CookieTossingTests*.cs Sessions/CookieCandidatesTests*.cs Sessions/RequestCookiesTests*.cs Sessions/SetCookieTests*.cs Http/BrowserCookieTests*.cs Fuzz/RequestFuzzTests*.cs" ;;
csrf)
    files="Http/Cookies/CsrfToken.cs Http/CsrfCheck.cs"
    tests="Endpoints/CsrfTests*.cs Endpoints/CsrfEndpointTests*.cs Fuzz/RequestFuzzTests*.cs" ;;
return)
    files="Http/ReturnUrl.cs"
    tests="Endpoints/ReturnUrlTests*.cs Fuzz/RequestFuzzTests*.cs" ;;
*)
    echo "token, cookies, csrf or return" >&2
    exit 2 ;;
esac

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
git ls-files -z -- BlazorAuth.Core BlazorAuth.App BlazorAuth.Tests packages wwwroot docs/contract '*.props' '*.txt' '*.json' .editorconfig README.md LICENSE |
    xargs -0 cp --parents -t "$folder"
cd "$folder/BlazorAuth.Tests"
{
    echo '<Project>'
    echo '  <ItemGroup>'
    echo '    <Compile Remove="**/*.cs" />'
    echo '    <Content Remove="**/*.razor" />'
    for test in GlobalUsings.cs 'Support/*.cs' Fuzz/Fuzzing.cs $tests; do echo "    <Compile Include=\"$test\" />"; done
    echo '  </ItemGroup>'
    echo '  <PropertyGroup><TreatWarningsAsErrors>false</TreatWarningsAsErrors><EnforceCodeStyleInBuild>false</EnforceCodeStyleInBuild></PropertyGroup>'
    echo '</Project>'
} > Directory.Build.targets
mutate=""
for file in $files; do mutate="$mutate --mutate **/$file"; done
set -f
FUZZ_COUNT="${FUZZ_COUNT:-500}" FUZZ_SEED="${FUZZ_SEED:-1}" dotnet-stryker --project BlazorAuth.Core.csproj --test-runner mtp --reporter cleartext --reporter json --output out $mutate
cd - > /dev/null
mkdir -p artifacts
cp "$folder"/BlazorAuth.Tests/out/reports/mutation-report.json "artifacts/mutation-$part.json"
