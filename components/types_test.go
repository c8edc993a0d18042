package components

import (
	"regexp"
	"testing"

	"hankki/internal/testfile"
)

// The command hankki does not link the components. It names their types in literals, which must be the exported constants.
func TestTypesInLiteralsExist(t *testing.T) {
	sources := testfile.Sources(t, "..")
	types := map[string]bool{}
	for _, match := range regexp.MustCompile(`(?m)^(?:const |\t)[A-Z]\w*Type\s+= "hankki:components:(\w+)"`).FindAllStringSubmatch(sources, -1) {
		types[match[1]] = true
	}
	if len(types) < 10 {
		t.Fatalf("found only the types %v", types)
	}
	for _, match := range regexp.MustCompile(`"hankki:components:(\w+)`).FindAllStringSubmatch(sources, -1) {
		if !types[match[1]] {
			t.Errorf("a source names the type hankki:components:%s, which no component has", match[1])
		}
	}
}
