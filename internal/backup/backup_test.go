package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic/fake"
	clienttesting "k8s.io/client-go/testing"

	"hankki/internal/cluster"
	"hankki/internal/clustertest"
	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

const nightly = `
apiVersion: batch/v1
kind: CronJob
metadata: {name: backup, namespace: hankki, uid: "7", labels: {app.kubernetes.io/name: backup}}
spec:
  jobTemplate:
    spec:
      backoffLimit: 2
      template:
        metadata: {labels: {app.kubernetes.io/name: backup}}
        spec:
          containers: [{name: backup, command: [sh, /run/hankki/backup/backup.sh], args: [take], env: [{name: PGDATABASE, value: hankki}]}]
          volumes: [{name: data, persistentVolumeClaim: {claimName: nfs}}]
`

const content = "the dump"

// describe returns the description of a dump with the content.
func describe(name, revision string) string {
	digest := sha256.Sum256([]byte(content))
	return fmt.Sprintf(`{"name":%q,"time":"2026-11-29T03:17:00Z","database":"hankki","server":"15.4","bytes":%d,"sha256":%q,"rows":3,"tables":{"public.users":3},"revision":%q}`,
		name, len(content), hex.EncodeToString(digest[:]), revision)
}

// cronSite is a site with a fake cluster, whose Job controller gives each Job a pod with the status, and whose pods answer commands.
type cronSite struct {
	site
	server   *fake.FakeDynamicClient
	commands []string // that ran in pods
	answers  map[string]string
	fails    map[string]string
	received string
}

func newSite(t *testing.T, status string) *cronSite {
	t.Helper()
	client, server := clustertest.New(t, nightly)
	c := &cronSite{server: server, answers: map[string]string{}, fails: map[string]string{}}
	live, err := client.Get(t.Context(), clustertest.Name(t, nightly))
	if err != nil {
		t.Fatal(err)
	}
	job, err := cluster.Decode[batchv1.CronJob](live)
	if err != nil {
		t.Fatal(err)
	}
	c.site = site{client: client, cronJob: job, exec: c.answer, log: io.Discard, poll: time.Millisecond}
	server.PrependReactor("create", "jobs", func(action clienttesting.Action) (bool, runtime.Object, error) {
		created := action.(clienttesting.CreateAction).GetObject().(*unstructured.Unstructured)
		pod := clustertest.Objects(t, fmt.Sprintf("{apiVersion: v1, kind: Pod, metadata: {name: %s-x, namespace: hankki, labels: {batch.kubernetes.io/job-name: %[1]s}}, status: %s}", created.GetName(), status))[0]
		return false, nil, server.Tracker().Create(schema.GroupVersionResource{Version: "v1", Resource: "pods"}, pod, "hankki")
	})
	return c
}

func (c *cronSite) answer(_ context.Context, _ cluster.Object, container string, command []string, stdin io.Reader, stdout io.Writer) error {
	script, args := command[:2], command[2:]
	if container != "backup" || !slices.Equal(script, []string{"sh", "/run/hankki/backup/backup.sh"}) {
		return fmt.Errorf("%s in %s", command, container)
	}
	c.commands = append(c.commands, strings.Join(args, " "))
	if stdin != nil {
		text, err := io.ReadAll(stdin)
		c.received += string(text)
		if err != nil {
			return err
		}
	}
	if why, found := c.fails[args[0]]; found {
		return errors.New(why)
	}
	_, err := io.WriteString(stdout, c.answers[args[0]])
	return err
}

func (c *cronSite) jobs(t *testing.T) []unstructured.Unstructured {
	t.Helper()
	jobs, err := c.client.List(t.Context(), jobKind, "hankki")
	if err != nil {
		t.Fatal(err)
	}
	return jobs
}

const running = "{phase: Running}"

// The Job is one of the CronJob's own, so its success counts for the age of the newest backup.
func TestTakeRunsTheCronJobNow(t *testing.T) {
	c := newSite(t, "{phase: Succeeded, containerStatuses: [{state: {terminated: {message: '"+describe("hankki-20261129T031700Z", "0008")+"'}}}]}")
	dump, err := c.take(t.Context())
	if err != nil || dump.Name != "hankki-20261129T031700Z" || dump.Rows != 3 || dump.Bytes != int64(len(content)) || dump.Revision != "0008" {
		t.Errorf("%+v, %v", dump, err)
	}
	job, err := cluster.Decode[batchv1.Job](&c.jobs(t)[0])
	if err != nil {
		t.Fatal(err)
	}
	owner := job.OwnerReferences[0]
	if owner.Kind != "CronJob" || owner.UID != "7" || owner.Controller == nil || !*owner.Controller || !strings.HasPrefix(job.Name, "backup-manual-") {
		t.Errorf("the Job %s has the owner %+v", job.Name, owner)
	}
	if args := job.Spec.Template.Spec.Containers[0].Args; !slices.Equal(args, []string{"take"}) || *job.Spec.BackoffLimit != 0 {
		t.Errorf("the Job runs %v, with %d retries", args, *job.Spec.BackoffLimit)
	}
}

func TestFailedBackupReportsTheReason(t *testing.T) {
	for status, reason := range map[string]string{
		"{phase: Failed, containerStatuses: [{state: {terminated: {message: 'pg_dump: error: no space left'}}}]}":                                                                                        "the backup failed: pg_dump: error: no space left",
		"{phase: Failed, initContainerStatuses: [{name: rclone, state: {terminated: {exitCode: 1, message: 'cp: no space left'}}}], containerStatuses: [{state: {waiting: {reason: PodInitializing}}}]}": "the backup failed: init container rclone: cp: no space left",
		"{phase: Failed, reason: Evicted, message: 'The node was low on memory.'}":                                                                                                                       "Evicted The node was low on memory.",
		"{phase: Succeeded, containerStatuses: [{state: {terminated: {message: ''}}}]}":                                                                                                                  "not readable",
		"{phase: Succeeded, containerStatuses: [{state: {terminated: {message: '{}'}}}]}":                                                                                                                "incomplete",
	} {
		_, err := newSite(t, status).take(t.Context())
		stacktest.CheckError(t, err, reason)
	}
}

// The reason is that of the init container while the container waits for it.
func TestPodThatDoesNotStartHasAReason(t *testing.T) {
	for status, reason := range map[string]string{
		"{phase: Pending, initContainerStatuses: [{state: {waiting: {reason: ImagePullBackOff, message: no such image}}}], containerStatuses: [{state: {waiting: {reason: PodInitializing}}}]}": "ImagePullBackOff: no such image",
		"{phase: Pending, initContainerStatuses: [{state: {terminated: {exitCode: 0}}}], containerStatuses: [{state: {waiting: {reason: ErrImagePull, message: refused}}}]}":                    "ErrImagePull: refused",
	} {
		pod, err := cluster.Decode[corev1.Pod](clustertest.Objects(t, "{apiVersion: v1, kind: Pod, metadata: {name: x, namespace: hankki}, status: "+status+"}")[0])
		if err != nil {
			t.Fatal(err)
		}
		if got := whyWaiting(pod); got != reason {
			t.Errorf("%q, not %q", got, reason)
		}
	}
}

func TestStoreIsNamed(t *testing.T) {
	s := newSite(t, running).site
	if got := s.store(); !strings.Contains(got, "hankki/nfs") {
		t.Errorf("the store is %s", got)
	}
	container := &s.cronJob.Spec.JobTemplate.Spec.Template.Spec.Containers[0]
	container.Env = append(container.Env, corev1.EnvVar{Name: "BUCKET", Value: "backups/onprem"}, corev1.EnvVar{Name: "RCLONE_S3_ENDPOINT", Value: "https://s3.example.com"})
	if got := s.store(); got != "bucket backups/onprem at https://s3.example.com" {
		t.Errorf("the store is %s", got)
	}
}

// The pod of a session ends with its command, and its success is no success of a backup.
func TestSessionLeavesNothing(t *testing.T) {
	c := newSite(t, running)
	c.answers["list"] = describe("hankki-20261130T031700Z", "0008") + "\n" + describe("hankki-20261129T031700Z", "0008") + "\n"
	var dumps []Dump
	err := c.within(t.Context(), func(in *session) (err error) {
		job := c.jobs(t)[0]
		if owner := job.GetOwnerReferences()[0]; owner.Controller != nil || owner.UID != "7" {
			t.Errorf("the owner is %+v", owner)
		}
		if args, _, _ := unstructured.NestedSlice(job.Object, "spec", "template", "spec", "containers"); !strings.Contains(fmt.Sprint(args), "args:[wait ") {
			t.Errorf("the pod runs %v", args)
		}
		dumps, err = in.list(t.Context())
		return err
	})
	if err != nil || len(dumps) != 2 || dumps[0].Name != "hankki-20261130T031700Z" {
		t.Errorf("%+v, %v", dumps, err)
	}
	if jobs := c.jobs(t); len(jobs) > 0 {
		t.Errorf("left is %v", jobs)
	}
	stacktest.CheckError(t, newSite(t, "{phase: Failed, containerStatuses: [{state: {terminated: {message: 'no such file'}}}]}").within(t.Context(), nil), "ended: no such file")
}

// A session ends after an interrupt too.
func TestInterruptedSessionLeavesNothing(t *testing.T) {
	c := newSite(t, "{phase: Pending}")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	stacktest.CheckError(t, c.within(ctx, nil), "context canceled")
	if jobs := c.jobs(t); len(jobs) > 0 {
		t.Errorf("left is %v", jobs)
	}
}

// After the deadline, or if its pod is deleted, a Job has failed and has no pod.
func TestFailedJobWithoutAPodIsReported(t *testing.T) {
	c := newSite(t, running)
	job, err := c.create(t.Context(), c.newJob("dumps"))
	if err != nil {
		t.Fatal(err)
	}
	pods, jobs := schema.GroupVersionResource{Version: "v1", Resource: "pods"}, batchv1.SchemeGroupVersion.WithResource("jobs")
	live, err := c.server.Tracker().Get(jobs, job.Namespace, job.Name)
	if err != nil {
		t.Fatal(err)
	}
	failed := live.(*unstructured.Unstructured)
	failed.Object["status"] = map[string]any{"conditions": []any{map[string]any{
		"type": "Failed", "status": "True", "reason": "DeadlineExceeded", "message": "Job was active longer than specified deadline",
	}}}
	if err := errors.Join(c.server.Tracker().Delete(pods, job.Namespace, job.Name+"-x"), c.server.Tracker().Update(jobs, failed, job.Namespace)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	err = c.await(ctx, job, func(corev1.Pod) (bool, error) { return false, nil })
	stacktest.CheckError(t, err, job.Name, "DeadlineExceeded: Job was active longer")
}

// A restore can take longer than the dump, which has the deadline of the CronJob's Jobs.
func TestSessionHasItsOwnDeadline(t *testing.T) {
	c := newSite(t, running)
	if err := c.within(t.Context(), func(*session) error {
		job, err := cluster.Decode[batchv1.Job](&c.jobs(t)[0])
		if err != nil {
			return err
		}
		if job.Spec.ActiveDeadlineSeconds == nil || *job.Spec.ActiveDeadlineSeconds != 6*3600 {
			t.Errorf("the deadline is %v, want 6 hours", job.Spec.ActiveDeadlineSeconds)
		}
		if args := job.Spec.Template.Spec.Containers[0].Args; !slices.Equal(args, []string{"wait", "21600"}) {
			t.Errorf("the pod runs %v", args)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// failingStack is a stack whose configuration can be set, and whose deployment fails.
type failingStack struct{ set map[string]string }

func (failingStack) Name() string { return "onprem" }

func (s failingStack) SetConfigWithOptions(_ context.Context, key string, value auto.ConfigValue, _ *auto.ConfigOptions) error {
	s.set[key] = value.Value
	return nil
}

func (failingStack) Deploy(context.Context, io.Writer, ...optup.Option) error {
	return errors.New("pulumi up of stack onprem failed")
}

// After a failed deployment the configuration has the restored database, so the next pulumi up uses it.
func TestFailedDeploymentReportsBothDatabases(t *testing.T) {
	s := failingStack{set: map[string]string{}}
	err := point(t.Context(), s, Result{Current: "hankki", Database: "new"}, io.Discard)
	stacktest.CheckError(t, err, "database.name is now new", "pods use either the database hankki or new until an up succeeds", "fix the error and run `pulumi up --stack onprem`",
		"pulumi up of stack onprem failed", "`pulumi config set --path --stack onprem hankki:database.name hankki` and `pulumi up --stack onprem` return")
	if got := s.set[databaseKey]; got != "new" {
		t.Errorf("database.name is %q", got)
	}
}

func project(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	versions := filepath.Join(folder, "images/backend/migrations/versions")
	if err := errors.Join(os.MkdirAll(versions, 0o700), os.WriteFile(filepath.Join(versions, "0008_aisles.py"), []byte("\"\"\"x\"\"\"\n\nrevision = \"0008\"\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	return folder
}

const name = "hankki-20261129T031700Z"

// Without Yes, and with a dump that can't be used, no command but the list runs.
func TestRestoreShowsFirst(t *testing.T) {
	for from, c := range map[string]struct{ revision, complaint string }{
		name:                      {"0008", ""},
		"hankki-20200101T000000Z": {"0008", "choose one of " + name},
	} {
		t.Run(from, func(t *testing.T) {
			s := newSite(t, running)
			s.answers["list"] = describe(name, c.revision) + "\n"
			r := Result{Database: "new"}
			err := s.restore(t.Context(), project(t), Options{From: from}, &r)
			if c.complaint == "" && (err != nil || r.Dump.Name != name) {
				t.Errorf("%+v, %v", r, err)
			}
			if c.complaint != "" {
				stacktest.CheckError(t, err, c.complaint)
			}
			if !slices.Equal(s.commands, []string{"list"}) {
				t.Errorf("ran %q", s.commands)
			}
		})
	}
}

func TestRestoreOfANewerRevisionIsRefused(t *testing.T) {
	s := newSite(t, running)
	s.answers["list"] = describe(name, "0009") + "\n"
	stacktest.CheckError(t, s.restore(t.Context(), project(t), Options{From: name, Yes: true}, &Result{}), `revision "0009"`, "check out the version")
	if !slices.Equal(s.commands, []string{"list"}) {
		t.Errorf("ran %q", s.commands)
	}
}

func TestRestoreFillsTheNewDatabase(t *testing.T) {
	s := newSite(t, running)
	s.answers["list"] = describe(name, "0008") + "\n"
	r := Result{Current: "hankki", Database: "new"}
	if err := s.restore(t.Context(), project(t), Options{From: name, Yes: true}, &r); err != nil {
		t.Fatal(err)
	}
	if want := []string{"list", "restore " + name + " new"}; !slices.Equal(s.commands, want) {
		t.Errorf("ran %q, want %q", s.commands, want)
	}
	s.fails["restore"] = "the database new exists and is not empty"
	stacktest.CheckError(t, s.restore(t.Context(), project(t), Options{From: name, Yes: true}, &r), "exists and is not empty", "still uses the database hankki")
}

// A copy out of the cluster comes back; a damaged one is refused before a pod starts.
func TestCopyAndBack(t *testing.T) {
	folder := t.TempDir()
	s := newSite(t, running)
	s.answers["send"] = content
	dump, err := parse([]byte(describe(name, "0008")))
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	if err := s.within(t.Context(), func(in *session) error {
		files, err = in.fetch(t.Context(), dump, folder)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	other := newSite(t, running)
	if err := other.restore(t.Context(), project(t), Options{From: files[0], Yes: true}, &Result{Database: "new"}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"list", "receive " + name + " " + describe(name, "0008"), "restore " + name + " new"}; !slices.Equal(other.commands, want) || other.received != content {
		t.Errorf("ran %q with %q, want %q", other.commands, other.received, want)
	}

	testfile.Write(t, files[0], content[:4])
	damaged := newSite(t, running)
	stacktest.CheckError(t, damaged.restore(t.Context(), project(t), Options{From: files[0], Yes: true}, &Result{}), files[0], "is damaged")
	if len(damaged.commands) > 0 || len(damaged.server.Actions()) > 1 { // one read the CronJob
		t.Errorf("ran %q after %v", damaged.commands, damaged.server.Actions())
	}
	stacktest.CheckError(t, damaged.restore(t.Context(), project(t), Options{From: filepath.Join(folder, "other.dump")}, &Result{}), "other.json", "description beside it")

	s.answers["send"] = content[:4]
	stacktest.CheckError(t, s.within(t.Context(), func(in *session) error {
		_, err := in.fetch(t.Context(), dump, folder)
		return err
	}), "is damaged")
}

// All wrong names are reported at once.
func TestNamesAreChecked(t *testing.T) {
	stacktest.CheckError(t, check(Options{From: "../etc"}, Result{Current: "hankki", Database: "a;b"}), `FROM "../etc"`, `TO "a;b"`)
	stacktest.CheckError(t, check(Options{From: name}, Result{Current: "hankki", Database: "hankki"}), "current database")
	stacktest.CheckError(t, check(Options{From: name}, Result{Current: "hankki", Database: "postgres"}), "of PostgreSQL itself")
	if err := check(Options{From: "dumps/x.dump"}, Result{Current: "hankki", Database: "hankki_2"}); err != nil {
		t.Error(err)
	}
	now := time.Date(2026, 11, 29, 3, 17, 0, 0, time.UTC)
	for current, want := range map[string]string{
		"hankki":                         "hankki_restored_20261129031700",
		"hankki_restored_20250101000000": "hankki_restored_20261129031700",
		strings.Repeat("a", 63):          strings.Repeat("a", 39) + "_restored_20261129031700",
		"shop.kr":                        "shop_kr_restored_20261129031700",
		"2shop":                          "_2shop_restored_20261129031700",
		"-shop":                          "_-shop_restored_20261129031700",
		"my \"db\"":                      "my__db__restored_20261129031700",
		"_restored_20250101000000":       "__restored_20261129031700",
		"한끼":                             "___restored_20261129031700",
	} {
		t.Run(current, func(t *testing.T) {
			if got := newName(current, now); got != want || !databaseName.MatchString(got) {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

func TestListOfDumps(t *testing.T) {
	_, err := find(nil, name)
	stacktest.CheckError(t, err, "make backup")
	var log strings.Builder
	dumps := parseAll([]byte("{\"na\n"+`{"name":"hankki-20261130T031700Z"}`+"\n"+describe(name, "1")+"\n"), &log)
	if len(dumps) != 1 || dumps[0].Tables["public.users"] != 3 {
		t.Errorf("%v", dumps)
	}
	for _, word := range []string{"hankki-20261130T031700Z", `{\"na`, "can't be restored"} {
		if !strings.Contains(log.String(), word) {
			t.Errorf("%q is not in the warnings:\n%s", word, &log)
		}
	}
	if text, err := json.Marshal(parseAll(nil, io.Discard)); err != nil || string(text) != "[]" {
		t.Errorf("no dump is %s, %v", text, err)
	}
}
