// Package release knows the releases of a stack: the images that ran, and the database's schema at that time.
package release

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"
)

// OutputName is the stack output with the Records. The program writes it, because of Pulumi's backends only Pulumi Cloud
// keeps the outputs of earlier updates.
const OutputName = "releases"

// kept is the number of Records that a stack keeps.
const kept = 20

// Record describes successive releases with the same images. A new one begins when an image changes.
type Record struct {
	Since  time.Time         `json:"since"`
	Images map[string]string `json:"images"` // REPOSITORY@sha256:… by tier
	Schema
}

// Schema is the report of `flask release`. The zero value is unknown.
type Schema struct {
	Revision string `json:"revision,omitempty"` // of the database
	Head     string `json:"head,omitempty"`     // the newest revision that the release itself knows
	// Contracts are the migrations that have removed something from the database, each with its `contract:`, the oldest
	// revision of which a release does not use what was removed.
	Contracts map[string]string `json:"contracts,omitempty"`
}

// ParseSchema reads the report. An empty text, of a version without a report, is the zero value.
func ParseSchema(text string) (s Schema, err error) {
	if text == "" {
		return s, nil
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return Schema{}, fmt.Errorf("the report of the migration is not JSON: %w", err)
	}
	return s, nil
}

// ParseRecords reads the stack output.
func ParseRecords(output any) ([]Record, error) { return convert[[]Record](output) }

// Output returns the value of the stack output.
func Output(records []Record) ([]any, error) { return convert[[]any](records) }

// convert converts between the Records and the stack output, through JSON.
func convert[To any](from any) (to To, err error) {
	text, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(text, &to)
	}
	if err != nil {
		return to, fmt.Errorf("the stack output %s can't be converted: %w", OutputName, err)
	}
	return to, nil
}

// Add returns the Records, oldest first, with what runs now. The same images are the same release. An unknown schema
// changes nothing then.
func Add(before []Record, now Record) []Record {
	all := append([]Record{}, before...)
	if last := len(all) - 1; last >= 0 && maps.Equal(all[last].Images, now.Images) {
		if now.Head != "" {
			all[last].Schema = now.Schema
		}
		return all
	}
	all = append(all, now)
	return all[max(0, len(all)-kept):]
}
