// Package backup takes, lists, copies and restores dumps of a stack's database. The work is done by components/backup.sh in pods
// that are created from the stack's CronJob.
package backup

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Dump describes a dump, as components/backup.sh does.
type Dump struct {
	Name     string           `json:"name"`
	Time     time.Time        `json:"time"`
	Database string           `json:"database"`
	Server   string           `json:"server"` // version of PostgreSQL
	Bytes    int64            `json:"bytes"`
	SHA256   string           `json:"sha256"`
	Rows     int64            `json:"rows"`   // of all tables
	Tables   map[string]int64 `json:"tables"` // rows by table
	Revision string           `json:"revision"`

	line string // as the script wrote it
}

// dumpName protects the script's arguments and local paths.
var dumpName = regexp.MustCompile(`^hankki-[0-9]{8}T[0-9]{6}Z$`)

// parse reads the description of a dump.
func parse(line []byte) (Dump, error) {
	d := Dump{line: strings.TrimSpace(string(line))}
	if err := json.Unmarshal(line, &d); err != nil {
		return Dump{}, fmt.Errorf("the description of the dump is not readable: %w: %q", err, d.line)
	}
	if !dumpName.MatchString(d.Name) || d.Bytes <= 0 || len(d.SHA256) != 64 {
		return Dump{}, fmt.Errorf("the description of the dump is incomplete: %q", d.line)
	}
	return d, nil
}

// parseAll reads one description per line. It skips a dump with a damaged description, with a warning. Without a dump it returns an
// empty list, not nil.
func parseAll(text []byte, log io.Writer) []Dump {
	dumps := []Dump{}
	for line := range bytes.Lines(text) {
		d, err := parse(line)
		if err != nil {
			fmt.Fprintf(log, "warning: a dump is not listed and can't be restored: %v\n", err)
			continue
		}
		dumps = append(dumps, d)
	}
	return dumps
}

// find returns the dump of that name.
func find(dumps []Dump, name string) (Dump, error) {
	if i := slices.IndexFunc(dumps, func(d Dump) bool { return d.Name == name }); i >= 0 {
		return dumps[i], nil
	}
	if len(dumps) == 0 {
		return Dump{}, errors.New("there is no dump: `make backup` takes one")
	}
	var names []string
	for _, d := range dumps {
		names = append(names, d.Name)
	}
	return Dump{}, fmt.Errorf("there is no dump %q: choose one of %s, or a file whose name ends in .dump", name, strings.Join(names, ", "))
}
