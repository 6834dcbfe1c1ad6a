#!/bin/sh
# Feeds every reader of requests with a million inputs, or with as many as the argument says. The seed of each reader stands in the output;
# FUZZ_SEED=<seed> brings the same inputs again.
set -eu
cd "$(dirname "$0")/.."
FUZZ_COUNT="${1:-1000000}" exec dotnet run -c Release --project BlazorAuth.Tests -- -class "BlazorAuth.Tests.Fuzz.*" -showLiveOutput
