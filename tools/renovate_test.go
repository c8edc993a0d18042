package tools_test

import (
	"encoding/json"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// A custom manager of renovate.json that matches no file, or finds no version in one, is ignored by Renovate without a message.
func TestRenovateFindsEachVersion(t *testing.T) {
	t.Parallel()
	var config struct {
		CustomManagers []struct {
			Description         string
			ManagerFilePatterns []string
			MatchStrings        []string
		}
	}
	if err := json.Unmarshal([]byte(testfile.Read(t, "../renovate.json")), &config); err != nil {
		t.Fatal(err)
	}
	list, err := exec.CommandContext(t.Context(), "git", "-C", "..", "ls-files").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, manager := range config.CustomManagers {
		for _, pattern := range manager.ManagerFilePatterns {
			found, expression := false, regexp.MustCompile(strings.Trim(pattern, "/"))
			for file := range strings.Lines(string(list)) {
				file = strings.TrimSpace(file)
				if !expression.MatchString(file) {
					continue
				}
				found = true
				for _, match := range manager.MatchStrings {
					if !regexp.MustCompile(match).MatchString(testfile.Read(t, "../"+file)) {
						t.Errorf("%s: %s has no version by %s", manager.Description, file, match)
					}
				}
			}
			if !found {
				t.Errorf("%s: no file matches %s", manager.Description, pattern)
			}
		}
	}
	if len(config.CustomManagers) == 0 {
		t.Error("renovate.json has no custom manager")
	}
}
