#!/usr/bin/env bash
# Writes the two files that main.go embeds, from the provider's own module, as upstream's Makefile does.
set -euo pipefail
cd "$(dirname "$0")"
version=$(sed -n 's/.*version\.Version=//p' ldflags)
module=$(../module.sh . github.com/pulumi/pulumi-kubernetes/provider/v4)
source=$module/cmd/pulumi-resource-kubernetes
jq -c --arg v "$version" '.version=$v' "$source/schema.json" >schema-embed.json
jq -c . "$source/terraform-mapping.json" >terraform-mapping-embed.json
