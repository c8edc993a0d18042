# Reads `pulumi preview --json` and prints one line per change: operation, resource and changed properties, without values.
[.steps[] | select(.op != "same" and .op != "read" and .op != "refresh") |
  "\(.op) \(.urn | split("::")[2:] | join(" ")) \(.detailedDiff // {} | keys | join(" "))" | rtrimstr(" ")] | sort | .[]
