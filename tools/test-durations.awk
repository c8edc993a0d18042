# Reads the output of go test, pytest or Vitest without colours, and prints the duration of each step in seconds and its name. Steps are
# packages of Go or, with -v, tests and subtests, tests of pytest (--durations) and files of Vitest. A Go test with subtests is no step of its own.
match($0, /--- (PASS|FAIL): /) && $NF ~ /^\([0-9.]+s\)$/ {
  name = substr($0, RSTART + RLENGTH)
  sub(/ \([0-9.]+s\)$/, "", name)
  took[name] = substr($NF, 2, length($NF) - 3)
  parent = name
  if (sub(/\/[^\/]*$/, "", parent)) has_subtests[parent] = 1
}
$1 == "ok" && $NF ~ /^[0-9.]+s$/ { packages[$2] = substr($NF, 1, length($NF) - 1) }
/^=== RUN/ { verbose = 1 }
$1 ~ /^[0-9.]+s$/ && $2 ~ /^(call|setup|teardown)$/ { took[$3] = substr($1, 1, length($1) - 1) }
($1 == "✓" || $1 == "❯" || $1 == "×") && $2 ~ /\.test\.tsx?$/ && $NF ~ /^[0-9]+ms$/ { took[$2] = $NF / 1000 }
END {
  for (name in took) if (!(name in has_subtests)) printf "%.1f\t%s\n", took[name], name
  if (!verbose) for (name in packages) printf "%.1f\t%s\n", packages[name], name
}
