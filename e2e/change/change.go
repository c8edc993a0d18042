// Package change describes the effect of changing each configuration key on a deployed site. Its Rows are both the table "Change
// a key" of docs/operations.md and the cases of the test that makes each change on the lab.
package change

import (
	"strings"
	"time"
)

// Row is one row of the table: keys whose changes have the same effect.
type Row struct {
	Keys   []string // without the project's name, e.g. redis.maxMemory
	Change string   // what is changed
	Effect          // of the change and of reverting it
	Back   *Effect  // effect of reverting the change, if it differs; nil: the same
	ByHand string   // manual steps after the change; empty: none
	Try    *Try     // how the test makes the change; nil: see NotTried
	// NotTried is the reason why the lab can't make the change, and the test or measurement that verifies the row instead.
	NotTried string
}

// Tier is a group of pods that are replaced together.
type Tier string

// Tiers, by the name label of their pods.
const (
	API        Tier = "backend"
	FrontEnd   Tier = "frontend"
	Redis      Tier = "redis"
	PostgreSQL Tier = "postgres"
	MetalLB    Tier = "metallb"
)

// Effect is the effect of one `pulumi up` on pods and users. The zero value changes objects in place: no pod is replaced, no read
// fails, sessions stay valid.
type Effect struct {
	Also     string        // other effects, as text for the table
	Rolling  []Tier        // pods that are replaced; the old one serves until the new one is ready
	Restart  []Tier        // the tier's only pod is replaced; the new pod starts after the old one has ended, or without its memory
	Refused  string        // words of the error; up changes nothing
	Gap      time.Duration // the longest time for which reads may fail, once; 0: no read fails
	GapOf    string        // what is unavailable during the gap, as text for the table
	LogIn    bool          // users have to log in again
	Measured string        // on the lab, as text for the table: failed reads of all reads, longest gap
}

// Try is the change as the test makes it. Values in Given and Set are by path; an empty value removes the key. $LAB is the lab's
// folder, $WORK a folder for the test's files.
type Try struct {
	Name    string            // of the subtest
	Stack   string            // dev or onprem
	Given   map[string]string // set before, and removed after
	Set     map[string]string
	Prepare Preparation // runs before the change
	// Do runs with Set, and Undo reverts it.
	Do, Undo Preparation
	// Page and Service are the origins of the page and of the API after the change; empty: unchanged.
	Page, Service string
}

// Title identifies the row in a test's errors.
func (r Row) Title() string { return strings.Join(r.Keys, ", ") + ": " + r.Change }
