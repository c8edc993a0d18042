package components

import (
	"fmt"
	"strings"
	"time"
)

// backupAlerts use kube-state-metrics. $cronjob and $jobs select the CronJob of the backups and its Jobs, $age is the maximal age of
// the newest backup in seconds.
//
// HankkiBackupOld fires too if no backup has succeeded since the CronJob was created, and if kube-state-metrics does not report the
// CronJob: otherwise a missing exporter would look like a backup. HankkiBackupFailed ends with the first success after the failure,
// although Kubernetes keeps the failed Job.
var backupAlerts = []alert{
	{"HankkiBackupOld", `time() - max by (namespace) (kube_cronjob_status_last_successful_time{$cronjob}) > $age` +
		` or (time() - max by (namespace) (kube_cronjob_created{$cronjob}) > $age unless on (namespace) kube_cronjob_status_last_successful_time{$cronjob})` +
		` or absent(kube_cronjob_created{$cronjob})`,
		"10m", "warning", "The newest backup of the database is too old, or kube-state-metrics does not report the CronJob backup"},
	{"HankkiBackupFailed", `$failed unless on (namespace) max by (namespace) (kube_cronjob_status_last_successful_time{$cronjob}) > on (namespace) $failed`,
		"1m", "warning", "A backup of the database failed, and no later backup succeeded"},
}

// failedBackup is the start time of the newest failed Job.
const failedBackup = `max by (namespace) (kube_job_status_start_time{$jobs} and on (namespace, job_name) kube_job_failed{$jobs,condition="true"} == 1)`

// backupExpression replaces the selectors of an alert about backups; $site remains.
func backupExpression(expr string, maxAge time.Duration) string {
	expr = strings.ReplaceAll(expr, "$failed", failedBackup)
	return strings.NewReplacer(
		"$cronjob", `$site,cronjob="`+BackupName+`"`, "$jobs", `$site,job_name=~"`+BackupName+`-.+"`, "$age", fmt.Sprintf("%.0f", maxAge.Seconds()),
	).Replace(expr)
}
