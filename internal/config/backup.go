package config

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // names of time zones, on machines without them

	"github.com/robfig/cron/v3"
)

// Backup configures scheduled dumps of the database, embedded or external.
type Backup struct {
	Enabled  bool   `mapstructure:"enabled"`
	Schedule string `mapstructure:"schedule"` // of the CronJob: five fields, or @daily and the like; default 17 3 * * *
	TimeZone string `mapstructure:"timeZone"` // of the schedule, e.g. Asia/Seoul; default Etc/UTC
	Keep     int    `mapstructure:"keep"`     // number of dumps; default 14; a successful backup removes older ones
	// The store of the dumps is exactly one of these.
	Volume    Volume `mapstructure:"volume"`    // a PersistentVolumeClaim of the stack
	ClaimName string `mapstructure:"claimName"` // an existing PersistentVolumeClaim of the namespace, e.g. on NFS
	S3        S3     `mapstructure:"s3"`
}

// backupGrace is the time after a scheduled run in which its backup must have succeeded.
const backupGrace = 2 * time.Hour

// MaxAge returns the age above which the newest dump is too old: the longest time between two runs of the schedule, and
// two hours.
func (b Backup) MaxAge() time.Duration {
	zone, err := time.LoadLocation(b.TimeZone)
	if err != nil {
		return 0 // reported by validate
	}
	schedule, err := cron.ParseStandard(b.Schedule) // as Kubernetes does
	if err != nil {
		return 0 // reported by validate
	}
	var longest time.Duration
	at := schedule.Next(time.Date(2026, time.January, 1, 0, 0, 0, 0, zone))
	for end, runs := at.AddDate(1, 1, 0), 0; at.Before(end) && runs < 20_000; runs++ {
		next := schedule.Next(at)
		longest, at = max(longest, next.Sub(at)), next
	}
	return longest + backupGrace
}

// stores returns the keys of the stores that are set.
func (b Backup) stores() (keys []string) {
	for _, store := range []struct {
		key string
		set bool
	}{{"backup.volume", b.Volume != Volume{}}, {"backup.claimName", b.ClaimName != ""}, {"backup.s3", b.S3 != S3{}}} {
		if store.set {
			keys = append(keys, store.key)
		}
	}
	return keys
}

func (b Backup) validate(p *problems) {
	if !b.Enabled {
		return
	}
	b.validateSchedule(p)
	p.check(b.Keep >= 1, "backup.keep %d is too few: at least 1 dump is kept", b.Keep)
	stores := b.stores()
	p.check(len(stores) > 0, "backup has no store: set backup.volume.size for a volume of the stack, backup.claimName for an existing PersistentVolumeClaim, or backup.s3 for a bucket; or set backup.enabled false")
	p.check(len(stores) < 2, "%s exclude each other: the dumps have one store", strings.Join(stores, " and "))
	if b.Volume != (Volume{}) {
		b.Volume.validate(p, "backup.volume")
	}
	if b.S3 != (S3{}) {
		b.S3.validate(p)
	}
	p.check(b.ClaimName == "" || isName(b.ClaimName), "backup.claimName %q is not a valid name: see `kubectl get pvc`", b.ClaimName)
}

func (b Backup) validateSchedule(p *problems) {
	zone, err := time.LoadLocation(b.TimeZone)
	known := err == nil && b.TimeZone != "" && !strings.EqualFold(b.TimeZone, "local")
	p.check(known, "backup.timeZone %q is not a time zone: write it like Asia/Seoul or Etc/UTC", b.TimeZone)
	if strings.Contains(b.Schedule, "TZ") {
		p.add("backup.schedule %q has a time zone: set backup.timeZone instead", b.Schedule)
		return
	}
	schedule, err := cron.ParseStandard(b.Schedule)
	if err != nil {
		p.add("backup.schedule %q is not a cron expression: %w; write minute, hour, day of the month, month and day of the week, e.g. \"17 3 * * *\"", b.Schedule, err)
		return
	}
	if known {
		p.check(!schedule.Next(time.Now().In(zone)).IsZero(), "backup.schedule %q never comes: no month has such a day", b.Schedule)
	}
}

// warnings reports a configured backup that is switched off, and dumps that are sent without encryption.
func (b Backup) warnings() []string {
	if b.InS3() && !b.S3.Encrypted() {
		return []string{fmt.Sprintf("backup.s3.endpoint %s: the dumps are sent without encryption", b.S3.shown())}
	}
	if stores := b.stores(); !b.Enabled && len(stores) > 0 {
		return []string{strings.Join(stores, " and ") + " is set, but backup.enabled is false: the database is not backed up"}
	}
	return nil
}
