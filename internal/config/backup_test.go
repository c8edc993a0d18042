package config_test

import (
	"strings"
	"testing"
	"time"

	"hankki/internal/config"
)

// backup returns the key backup with a volume, and with the changes.
func backup(changes map[string]any) map[string]any {
	b := map[string]any{"enabled": true, "volume": map[string]any{"size": "10Gi"}}
	for key, value := range changes {
		if b[key] = value; value == nil {
			delete(b, key)
		}
	}
	return b
}

// All mistakes of the backup are listed at once, each with key, value and solution.
func TestBackupListsAllMistakes(t *testing.T) {
	lines := errorLines(t, valid().set("backup", map[string]any{
		"enabled": true, "schedule": "every night", "timeZone": "Seoul", "keep": 0,
		"volume": map[string]any{"size": "much"}, "claimName": "NFS",
	}))
	for _, says := range [][]string{
		{`backup.schedule "every night"`, "cron expression", `"17 3 * * *"`},
		{`backup.timeZone "Seoul"`, "Asia/Seoul"},
		{"backup.keep 0", "at least 1"},
		{"backup.volume and backup.claimName exclude each other"},
		{`backup.volume.size "much"`, "1Gi"},
		{`backup.claimName "NFS"`, "kubectl get pvc"},
	} {
		found := 0
		for _, line := range lines {
			if names(line, says...) {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%d lines name all of %q", found, says)
		}
	}
	if len(lines) != 6 {
		t.Errorf("want 6 lines, got:\n%s", strings.Join(lines, "\n"))
	}
}

func TestGoodBackupsAreAccepted(t *testing.T) {
	for _, b := range []map[string]any{
		backup(nil),
		backup(map[string]any{"schedule": "@daily"}),
		backup(map[string]any{"schedule": "*/10 0-6 * * MON-FRI", "timeZone": "Asia/Seoul", "keep": 1}),
		backup(map[string]any{"schedule": "0 0 29 2 *"}),
		backup(map[string]any{"volume": nil, "claimName": "nfs-backups"}),
		backup(map[string]any{"volume": nil, "s3": bucket(nil)}),
		backup(map[string]any{"volume": nil, "s3": bucket(map[string]any{"endpoint": "https://[fd00::9]:9000/", "prefix": "sites/shop-1", "region": "RegionOne", "caFile": "ca.crt"})}),
		{"enabled": false, "schedule": "every night", "keep": -1}, // disabled settings are not checked
	} {
		if lines := errorLines(t, valid().encrypt("backupSecretAccessKey", "key").set("backup", b)); len(lines) > 0 {
			t.Errorf("%v is refused: %q", b, lines)
		}
	}
}

// A store without backup.enabled would look like a backup.
func TestDisabledBackupWithAStoreIsReported(t *testing.T) {
	c := load(t, valid().set("backup", backup(map[string]any{"enabled": false})))
	if text := strings.Join(c.Warnings, "\n"); !strings.Contains(text, "backup.volume is set, but backup.enabled is false") {
		t.Errorf("the warnings are %q", text)
	}
	if c := load(t, valid()); len(c.Warnings) > 0 {
		t.Errorf("without backup the warnings are %q", c.Warnings)
	}
}

// The newest dump is too old two hours after the longest pause of the schedule.
func TestMaxAgeOfABackup(t *testing.T) {
	for schedule, hours := range map[string]int{
		"17 3 * * *": 24 + 2, "@hourly": 1 + 2, "0 4 * * MON-FRI": 3*24 + 2, "0 4 1 * *": 31*24 + 2, "*/5 8-18 * * MON-FRI": 61 + 2, "@every 6h": 6 + 2,
	} {
		t.Run(schedule, func(t *testing.T) {
			b := config.Backup{Schedule: schedule, TimeZone: "Etc/UTC"}
			got := b.MaxAge().Round(time.Hour)
			if want := time.Duration(hours) * time.Hour; got != want {
				t.Errorf("%v, want %v", got, want)
			}
		})
	}
	// In Helsinki the day on which summer time ends has 25 hours, and 3:17 does not exist on the day on which it begins.
	for schedule, hours := range map[string]int{"17 5 * * *": 25 + 2, "17 3 * * *": 47 + 2} {
		if got := (config.Backup{Schedule: schedule, TimeZone: "Europe/Helsinki"}).MaxAge(); got != time.Duration(hours)*time.Hour {
			t.Errorf("%s in Helsinki: %v, want %d hours", schedule, got, hours)
		}
	}
}
