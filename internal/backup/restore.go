package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"

	"hankki/internal/config"
	"hankki/internal/stack"
)

// Options are the options of Restore.
type Options struct {
	From string // name of a dump, or path of a local file NAME.dump with its NAME.json
	To   string // new or empty database; empty: a new name
	Yes  bool   // false: nothing changes
	Log  io.Writer
}

// Result is what Restore did, or would do.
type Result struct {
	Dump     Dump   `json:"dump"`
	Current  string `json:"current"`  // database of the stack until now; it is not changed
	Database string `json:"database"` // that the dump is restored into
	Done     bool   `json:"done"`
}

// databaseKey is the configuration key of the stack's database.
const databaseKey = "hankki:database.name"

var databaseName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,62}$`)

// Restore restores a dump into another database, compares its rows with the dump's, sets database.name of the stack's configuration
// and deploys the stack. It never changes the current database. If only the deployment fails, database.name stays set: pods use either
// database until the next deployment.
func Restore(ctx context.Context, s *stack.Stack, o Options) (Result, error) {
	site, err := open(ctx, s, o.Log)
	if err != nil {
		return Result{}, err
	}
	result := Result{Current: site.variable("PGDATABASE"), Database: o.To}
	if result.Database == "" {
		result.Database = newName(result.Current, time.Now())
	}
	if err := check(o, result); err != nil {
		return Result{}, err
	}
	if err := site.restore(ctx, s.Workspace().WorkDir(), o, &result); err != nil || !o.Yes {
		return result, err
	}
	if err := point(ctx, s, result, o.Log); err != nil {
		return result, err
	}
	result.Done = true
	return result, nil
}

// check rejects names before a pod is created.
func check(o Options, r Result) error {
	var errs []error
	if !isLocal(o.From) && !dumpName.MatchString(o.From) {
		errs = append(errs, fmt.Errorf("FROM %q is neither the name of a dump (`make backups` lists them) nor a file whose name ends in .dump", o.From))
	}
	if !databaseName.MatchString(r.Database) {
		errs = append(errs, fmt.Errorf("TO %q is not a name of a database: use at most 63 letters, digits, _ and -", r.Database))
	}
	if slices.Contains([]string{"postgres", "template0", "template1"}, r.Database) {
		errs = append(errs, fmt.Errorf("TO %q is a database of PostgreSQL itself: choose another name", r.Database))
	}
	if r.Database == r.Current {
		errs = append(errs, fmt.Errorf("TO %q is the current database of the stack, which a restore does not change: choose another name", r.Database))
	}
	return errors.Join(errs...)
}

// notInName matches what databaseName does not allow.
var notInName = regexp.MustCompile(`[^A-Za-z0-9_-]`)

// newName returns a name that no earlier restore has used. It matches databaseName, also if the current name does not.
func newName(current string, now time.Time) string {
	base := notInName.ReplaceAllString(config.RestoredDatabase.ReplaceAllString(current, ""), "_")
	if !databaseName.MatchString(base[:min(len(base), 1)]) {
		base = "_" + base
	}
	const suffix = len("_restored_20060102150405")
	return base[:min(len(base), 63-suffix)] + "_restored_" + now.UTC().Format("20060102150405")
}

// restore chooses the dump and, with Yes, restores it. Nothing starts in the cluster for a local file that is damaged or only shown.
func (s site) restore(ctx context.Context, project string, o Options, r *Result) (err error) {
	if isLocal(o.From) {
		if r.Dump, err = readLocal(o.From); err != nil {
			return err
		}
		if err := knownRevision(project, r.Dump); err != nil || !o.Yes {
			return err
		}
	}
	return s.within(ctx, func(in *session) error {
		if isLocal(o.From) {
			if err := in.upload(ctx, o.From, r.Dump); err != nil {
				return err
			}
			return in.fill(ctx, *r)
		}
		dumps, err := in.list(ctx)
		if err != nil {
			return err
		}
		if r.Dump, err = find(dumps, o.From); err != nil {
			return err
		}
		if err := knownRevision(project, r.Dump); err != nil || !o.Yes {
			return err
		}
		return in.fill(ctx, *r)
	})
}

// knownRevision rejects a dump whose tables are newer than the migrations of the project: the migration Job would fail.
func knownRevision(project string, d Dump) error {
	folder := filepath.Join(project, "images", "backend", "migrations", "versions")
	files, err := filepath.Glob(filepath.Join(folder, "*.py"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no migrations in %s: run the command in the project's checkout, or name it by --cwd", folder)
	}
	line := regexp.MustCompile(`(?m)^revision(: str)? = ["']` + regexp.QuoteMeta(d.Revision) + `["']`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("migrations: %w", err)
		}
		if line.Match(text) {
			return nil
		}
	}
	return fmt.Errorf("the dump %s has the database revision %q, which %s does not contain: check out the version of hankki that wrote the dump, or a later one", d.Name, d.Revision, folder)
}

// fill restores the dump into the new database, and compares the rows.
func (s *session) fill(ctx context.Context, r Result) error {
	fmt.Fprintf(s.log, "restoring the dump %s into the database %s\n", r.Dump.Name, r.Database)
	if err := s.run(ctx, nil, io.Discard, "restore", r.Dump.Name, r.Database); err != nil { // it prints the description that r has
		return fmt.Errorf("%w\nthe stack still uses the database %s", err, r.Current)
	}
	return nil
}

// target is the stack that uses the restored database.
type target interface {
	Name() string
	SetConfigWithOptions(ctx context.Context, key string, value auto.ConfigValue, options *auto.ConfigOptions) error
	Deploy(ctx context.Context, log io.Writer, options ...optup.Option) error
}

// point makes the stack use the restored database.
func point(ctx context.Context, s target, r Result, log io.Writer) error {
	back := fmt.Sprintf("`pulumi config set --path --stack %[1]s %s %s` and `pulumi up --stack %[1]s` return to the previous database", s.Name(), databaseKey, quoted(r.Current))
	if err := s.SetConfigWithOptions(ctx, databaseKey, auto.ConfigValue{Value: r.Database}, &auto.ConfigOptions{Path: true}); err != nil {
		return fmt.Errorf("the dump is restored, but %s of stack %s is not set: %w; set it to %s and run `pulumi up --stack %[2]s`", databaseKey, s.Name(), err, r.Database)
	}
	fmt.Fprintf(log, "%s is now %s; deploying stack %s\n", databaseKey, r.Database, s.Name())
	if err := s.Deploy(ctx, log); err != nil {
		return fmt.Errorf("the dump is restored and %s is now %s, but %w; pods use either the database %s or %s until an up succeeds; fix the error and run `pulumi up --stack %s`; %s",
			databaseKey, r.Database, err, r.Current, r.Database, s.Name(), back)
	}
	return nil
}

// quoted returns a name as a word of the shell.
func quoted(name string) string {
	if databaseName.MatchString(name) {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}
