package tools_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

const releasedDocument = "../images/backend/released/openapi.json"

// change returns a copy of the released document of the API that the jq filter has changed.
func change(t *testing.T, filter string) string {
	t.Helper()
	jq := func(filter string) string {
		printed, err := exec.Command("jq", filter, releasedDocument).Output()
		if err != nil {
			t.Fatalf("jq %s: %v", filter, err)
		}
		return string(printed)
	}
	testfile.Read(t, releasedDocument) // see script
	changed := jq(filter)
	if changed == jq(".") {
		t.Fatalf("%s changes nothing", filter)
	}
	file := filepath.Join(t.TempDir(), "openapi.json")
	testfile.Write(t, file, changed)
	return file
}

func TestABreakingChangeOfTheAPIIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ filter, reported string }{
		"path removed":              {`del(.paths["/api/v1/tags"])`, "api-path-removed-without-deprecation"},
		"operation removed":         {`del(.paths["/api/v1/me"].patch)`, "api-removed-without-deprecation"},
		"status removed":            {`del(.paths["/api/v1/tags"].get.responses["200"])`, "response-success-status-removed"},
		"media type removed":        {`.paths["/api/v1/tags"].get.responses["200"].content |= {"text/csv": .["application/json"]}`, "response-media-type-removed"},
		"login required":            {`.paths["/api/v1/tags"].get.security = [{bearer: []}]`, "api-security-anonymous-access-removed"},
		"response field removed":    {`del(.components.schemas.RecipeSummary.properties.title)`, "response-required-property-removed"},
		"response field optional":   {`.components.schemas.RecipeSummary.required -= ["title"]`, "response-property-became-optional"},
		"response field nullable":   {`.components.schemas.RecipeSummary.properties.title.type = ["string", "null"]`, "response-property-became-nullable"},
		"response type changed":     {`.components.schemas.RecipeSummary.properties.costPerMeal.type = "string"`, "response-property-type-changed"},
		"response type widened":     {`.components.schemas.RecipeSummary.properties.costPerMeal.type = "number"`, "response-property-type-generalized"},
		"request field required":    {`.components.schemas.NewRecipe |= (.properties.extra.type = "string" | .required += ["extra"])`, "new-required-request-property"},
		"request field removed":     {`del(.components.schemas.NewRecipe.properties.summary)`, "request-property-removed"},
		"request type narrowed":     {`.components.schemas.NewRecipe.properties.title.maxLength = 3`, "request-property-max-length-decreased"},
		"request enum value":        {`.components.schemas.NewIngredient.properties.unit.enum -= ["ml"]`, "request-property-enum-value-removed"},
		"parameter added, required": {`.paths["/api/v1/recipes"].get.parameters += [{in: "query", name: "x", required: true, schema: {type: "string"}}]`, "new-required-request-parameter"},
		"parameter required":        {`.paths["/api/v1/recipes"].get.parameters |= map(if .name == "q" then .required = true else . end)`, "request-parameter-became-required"},
		"parameter removed":         {`.paths["/api/v1/recipes"].get.parameters |= map(select(.name != "tag"))`, "request-parameter-removed"},
		"parameter enum value":      {`.paths["/api/v1/recipes"].get.parameters |= map(if .name == "sort" then .schema.enum -= ["best"] else . end)`, "request-parameter-enum-value-removed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			printed, err := script(t, "./lint-api.sh", change(t, c.filter)).CombinedOutput()
			if err == nil || !strings.Contains(string(printed), "["+c.reported+"]") || !strings.Contains(string(printed), "images/backend/README.md") {
				t.Errorf("got %v, want %s:\n%s", err, c.reported, printed)
			}
		})
	}
}

func TestACompatibleChangeOfTheAPIIsAccepted(t *testing.T) {
	t.Parallel()
	for name, filter := range map[string]string{
		"path":               `.paths["/api/v1/later"] = .paths["/api/v1/tags"]`,
		"response field":     `.components.schemas.RecipeSummary |= (.properties.later.type = "string" | .required += ["later"])`,
		"request field":      `.components.schemas.NewRecipe.properties.later.type = "string"`,
		"request enum value": `.components.schemas.NewIngredient.properties.unit.enum += ["dozen"]`,
		"parameter":          `.paths["/api/v1/recipes"].get.parameters += [{in: "query", name: "x", schema: {type: "string"}}]`,
		"description":        `.paths["/api/v1/tags"].get.summary = "other words"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if printed, err := script(t, "./lint-api.sh", change(t, filter)).CombinedOutput(); err != nil {
				t.Errorf("%v:\n%s", err, printed)
			}
		})
	}
}

func TestAnExceptionAcceptsOnlyItsOwnBreakingChange(t *testing.T) {
	exceptions := filepath.Join(t.TempDir(), "exceptions.txt")
	testfile.Write(t, exceptions, "# why\nin API GET /api/v1/tags API path removed without deprecation\n")
	for filter, accepted := range map[string]bool{
		`del(.paths["/api/v1/tags"])`:                            true,
		`del(.paths["/api/v1/tags"], .paths["/api/v1/recipes"])`: false,
	} {
		if printed, err := script(t, "./lint-api.sh", change(t, filter), exceptions).CombinedOutput(); (err == nil) != accepted {
			t.Errorf("%s: %v:\n%s", filter, err, printed)
		}
	}
}
