package plan

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
)

// A line has the operation, the resource and the paths of its changed properties, but no value.
func TestLines(t *testing.T) {
	for event, want := range map[string]string{
		`{"resourcePreEvent":{"metadata":{"op":"same","urn":"urn:pulumi:onprem::hankki::pulumi:pulumi:Stack::hankki-onprem"}}}`: "",
		`{"resourcePreEvent":{"metadata":{"op":"refresh","urn":"urn:pulumi:onprem::hankki::kubernetes:core/v1:Service::a"}}}`:   "",
		`{"resourcePreEvent":{"metadata":{"op":"create","urn":"urn:pulumi:onprem::hankki::kubernetes:core/v1:Service::a::b"}}}`: "create kubernetes:core/v1:Service a::b",
		`{"diagnosticEvent":{"message":"x","severity":"error"}}`:                                                                "",
		`{"resourcePreEvent":{"metadata":{"op":"update","urn":"urn:pulumi:onprem::hankki::hankki:components:Backend$kubernetes:apps/v1:Deployment::backend",` +
			`"detailedDiff":{"spec.replicas":{"diffKind":"update","inputDiff":false},"data.password":{"diffKind":"update","inputDiff":false}},"new":{"inputs":{"password":"s3cret"}}}}}`: "update hankki:components:Backend$kubernetes:apps/v1:Deployment backend data.password spec.replicas",
	} {
		var e events.EngineEvent
		if err := json.Unmarshal([]byte(event), &e.EngineEvent); err != nil {
			t.Fatal(err)
		}
		c, found := changeOf(e)
		line := ""
		if found {
			line = c.String()
		}
		document, err := json.Marshal(c)
		if err != nil || line != want || strings.Contains(string(document)+line, "s3cret") {
			t.Errorf("%q, want %q; as JSON %s (%v)", line, want, document, err)
		}
	}
}
