// Package change says what a change of each configuration key does to a living site. Its Rows are both the table "Change a
// key" of docs/operations.md and the cases of the test that makes each change on the lab.
package change

import (
	"strings"
	"time"
)

// Row is one row of the table: keys that behave alike.
type Row struct {
	Keys   []string // without the project's name, e.g. redis.maxMemory
	Change string   // what is changed
	Effect          // of the change, and of the way back
	Back   *Effect  // the way back, where it does something else
	ByHand string   // what is left to do; empty: nothing
	Try    *Try     // how the test makes the change; nil: NotTried says why it does not
	// NotTried names the reason why the lab can't make the change, and what shows the row's truth instead.
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

// Effect is what one `pulumi up` does, and what users notice. The zero value changes objects in place: no pod is replaced, no
// read fails, sessions stay.
type Effect struct {
	Also     string        // what up does besides, for people
	Rolling  []Tier        // pods that are replaced; the old one serves until the new one is ready
	Restart  []Tier        // the only pod of the tier is replaced by one that begins without the old one's memory, or after its end
	Refused  string        // words of the error; nothing is changed
	Gap      time.Duration // the longest time for which reads may fail, once; 0: no read fails
	GapOf    string        // what can't be reached meanwhile, for people
	LogIn    bool          // users have to log in again
	Measured string        // on the lab, for people: failed reads out of how many, the longest gap
}

// Try is the change as the test makes it. Values in Given and Set are by
// path; the empty one removes the key. $LAB is the lab's folder,
// $WORK a folder for the test's own files.
type Try struct {
	Name  string            // of the subtest
	Stack string            // dev or onprem
	Given map[string]string // set before, and removed after
	Set   map[string]string
	// Prepare names what the test does to the lab before (e2e: preparations); empty: nothing.
	Prepare string
	// Do names what the test does to the lab beside Set, and Undo what takes that back (e2e: preparations); empty: nothing.
	Do, Undo string
	// Page and Service are where users find the page and the API once the change is made; empty: where they were.
	Page, Service string
}

// Title names the row where a test fails.
func (r Row) Title() string { return strings.Join(r.Keys, ", ") + ": " + r.Change }
