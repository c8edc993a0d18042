package main

import (
	"strings"
	"testing"
)

// Wrong usage exits with 2 and prints the reason, before any stack is opened. A failed command exits with 1.
func TestExitCodes(t *testing.T) {
	t.Setenv("HANKKI_PROGRAM", "")
	for line, c := range map[string]struct {
		code     int
		messages string
	}{
		"--help":                                {0, "Exit codes: 0 success, 1 failure, 2 usage error"},
		"destroy --help":                        {0, "--data keep|delete"},
		"completion bash":                       {0, "hankki"},
		"destroi":                               {2, "unknown command"},
		"destroy":                               {2, "--stack is missing"},
		"destroy --stack dev --data burn":       {2, `"burn" is not one of keep, delete`},
		"destroy --stack dev --colour":          {2, "unknown flag: --colour"},
		"handover --stack dev":                  {2, "--from is missing"},
		"backup --help":                         {0, "hankki:backup.keep"},
		"backups --stack dev --copy x":          {2, "--copy and --to belong together"},
		"restore --stack dev":                   {2, "--from is missing"},
		"restore --help":                        {0, "--yes"},
		"backup --stack dev --cwd /nonexisting": {1, "/nonexisting"},
		"adopt --help":                          {0, "--replace"},
		"promote --stack dev":                   {2, "--from is missing"},
		"promote --from dev":                    {2, "--stack is missing"},
		"promote --from dev --to onprem --cwd /nonexisting": {1, "/nonexisting"},
		"releases": {2, "--stack is missing"},
		"releases --json --stack dev --cwd /nonexisting": {1, "/nonexisting"},
		"rollback --stack dev --to yesterday":            {2, "yesterday"},
		"rollback --stack dev --to 0":                    {2, "--to 0 is no release"},
		"rollback --stack dev --to -3":                   {2, "--to -3 is no release"},
		"rollback --help":                                {0, "contract:"},
		"role --stack dev --cwd ../..":                   {0, "all\n"},
		"role --stack dev --cwd /nonexisting":            {1, "Pulumi.dev.yaml"},
		"review --help":                                  {0, "3 a guard rail stops"},
		"review --stack dev":                             {2, "--base is missing"},
		"destroy --stack dev more":                       {2, "more"},
		"destroy --stack dev --output yaml":              {2, `"yaml" is not one of text, json`},
		"destroy --stack dev --cwd /nonexisting":         {1, "/nonexisting"},
		"drift --help":                                   {0, "4 drift was found"},
		"drift":                                          {2, "--stack is missing"},
		"plan --help":                                    {0, "no value"},
		"plan --stack dev --cwd /nonexisting":            {1, "/nonexisting"},
		"plan --stack dev more":                          {2, "more"},
		"stage --stack dev":                              {2, "--program is missing: name the built program\n--to is missing"},
		"stage --stack dev --program /x --to /nonexisting/y --cwd /nonexisting a=b": {1, "Pulumi.dev.yaml"},
		"render --stack dev --program /x":                                           {2, "--out is missing"},
		"render --stack dev --program /x --out /nonexisting/y --cwd /nonexisting":   {1, "Pulumi.dev.yaml"},
	} {
		t.Run(line, func(t *testing.T) {
			var out, log strings.Builder
			code := run(strings.Fields(line), &out, &log)
			if printed := out.String() + log.String(); code != c.code || !strings.Contains(printed, c.messages) {
				t.Errorf("code %d, want %d; %q is wanted of:\n%s", code, c.code, c.messages, printed)
			}
		})
	}
}
