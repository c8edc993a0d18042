# Tests and linters, the fast ones first.
# The folder is named by the content of the file: in a fresh clone all modification times are new.
venv_of = $(HANKKI_CACHE)/venv/$(shell sha256sum $(1) | cut -c1-16)
venv := $(call venv_of,images/backend/requirements-dev.txt)
hadolint := $(call venv_of,tools/hadolint/requirements.txt)
browser := e2e/browser
go_packages = $$(go list ./... | grep -v '/e2e$$')

##@ Checking it
.PHONY: golden released-api migration test test-go test-backend test-frontend test-logins test-e2e test-outages test-changes test-tls test-sites test-versions test-upgrade test-lab test-machine test-alerts test-s3
test: preflight test-go test-backend test-frontend test-e2e ## run all tests but test-alerts, test-s3, test-logins, test-outages, test-changes, test-tls, test-sites, test-versions, test-upgrade, test-lab, test-machine and drill, fast ones first
	@echo "All tests passed. Not run: make test-alerts, make test-s3, make test-logins, make test-outages, make test-changes, make test-tls, make test-sites, make test-versions, make test-upgrade, make test-lab, make test-machine, make drill."
	cd $(HANKKI_CACHE)/test-summary
	cat go load backend frontend e2e
	echo "The ten slowest steps, in seconds:"
	sort --numeric-sort --reverse {go,load,backend,frontend,e2e}.durations | sed --quiet 1,10p

# Unit tests of the API that need no server, and of the front end that need neither Nginx nor a page. test_start* start
# processes that use /tmp/hankki-metrics, which another user of the machine may own.
quick_api := canonical hangul settings units
quick_frontend := client filters format numbers readRecipe refresh refreshToken scale schema session tabs verified

.PHONY: test-quick
test-quick: $(venv)/.complete images/frontend/node_modules/.installed ## the tests that need neither root nor the lab nor the pinned toolchain (see CONTRIBUTING.md)
	@echo "== go vet, unit tests of the program"
	go vet ./...
	go test $$(go list ./... | grep -vE '/(e2e|tools)$$')
	echo "== unit tests of the API"
	cd $(CURDIR)/images/backend
	$(venv)/bin/python -m pytest --noconftest -k 'not test_start' $(quick_api:%=tests/test_%.py)
	echo "== types and unit tests of the front end"
	cd $(CURDIR)/images/frontend
	npm run typecheck
	npx vitest run $(quick_frontend:%=tests/%.test.ts)

test-go: tools ## run the program's unit tests, one of them with the pinned CLI
	@echo "== unit tests of the program"
	tools/test-summary.sh go go test -timeout 30m $(go_packages)
	tools/test-summary.sh load go -C tools/load test ./...

golden: ## update the golden manifests of internal/site/testdata, after an intended change
	go test ./internal/site -run TestGoldenManifests -update

released-api: ## record the API's OpenAPI document as the released one, after a deployment
	@cp images/frontend/src/api/openapi.json images/backend/released/openapi.json
	sed -i '3,$$d' images/backend/released/exceptions.txt

migration: packages $(venv)/.complete ## generate the migration of the API's changed models (NAME="what changed")
	@test -n "$(NAME)" || { echo 'make migration NAME="what changed": NAME is not set'; exit 2; }
	cd images/backend
	$(venv)/bin/python tests/generate_migration.py "$(NAME)"

test-backend: packages $(venv)/.complete ## run the API's tests on a real PostgreSQL and a real Redis
	@echo "== tests of the API"
	cd images/backend
	../../tools/if-changed.sh backend '.. ../../components/backup.sh' ../../tools/test-summary.sh backend $(venv)/bin/python -m pytest --numprocesses 2 --dist worksteal --durations 10 --ignore tests/test_backup_s3.py

test-frontend: packages node images/frontend/node_modules/.installed ## run the front end's tests
	@echo "== tests of the front end"
	cd images/frontend
	../../tools/if-changed.sh frontend '. ../../lab/images/node' ../../tools/test-summary.sh frontend sh -c 'npm run typecheck && npm test'

test-alerts: ## evaluate the alerts about backups and certificates with promtool (not part of `make test`)
	@echo "== alerts"
	tools/build.sh lab/add-ons/binaries lab/modules promtool
	tools/test-alerts.sh

test-s3: packages $(venv)/.complete ## test backups in S3 on loopback, with a real PostgreSQL and rclone as client and server (not part of `make test`)
	@echo "== backups in S3"
	tools/build.sh lab/add-ons/binaries lab/modules rclone
	cd images/backend
	$(venv)/bin/python -m pytest tests/test_backup_s3.py

test-logins: packages node $(venv)/.complete images/frontend/node_modules/.installed $(browser)/node_modules/.installed ## test logins in Chromium on loopback, in both API modes, with access tokens that expire after seconds (not part of `make test`)
	@echo "== logins in both API modes"
	cd images/frontend
	npm run build
	cd $(CURDIR)/$(browser)
	$(venv)/bin/python loopback.py

test-e2e: ## deploy, change and destroy the stack onprem on the lab with the real CLI
	@$(make) on-lab NAME=e2e TESTS=TestOnprem

test-outages: lab-build ## test the stack dev, and onprem during and after outages of its dependencies (not part of `make test`)
	@echo "== building the lab's add-ons"
	lab/lab build metrics-server monitoring
	$(make) on-lab NAME=outages TESTS='TestDev|TestTakeover|TestOutages'

test-changes: lab-build ## make and revert the changes in the table "Change a key" of docs/operations.md that the lab can make, roll back and promote (not part of `make test`)
	@echo "== building the lab's add-ons"
	lab/lab build metrics-server monitoring
	$(make) on-lab NAME=changes TESTS='TestChanges|TestRollback'

test-tls: lab-build ## test https on onprem, certificate renewal at each source, a browser, and TLS verification of PostgreSQL (not part of `make test`)
	@echo "== building the lab's add-ons"
	lab/lab build cert-manager monitoring
	$(make) on-lab NAME=tls TESTS=TestTLS

test-sites: lab-build ## test two sites in one cluster, each with its own deployer, beside the platform's stack (not part of `make test`)
	@echo "== building the lab's add-on"
	lab/lab build metrics-server
	$(make) on-lab NAME=sites TESTS=TestSites

# The versions of Kubernetes that the lab runs, the newest first, which is the default.
minors = $(shell sed -n 's/^\([0-9][0-9.]*\) .*/\1/p' lab/versions)
oldest = $(lastword $(minors))

test-versions: lab-build ## deploy, change and destroy the stack onprem on the oldest and the newest tested version of Kubernetes (not part of `make test`)
	@for minor in $(oldest) $(firstword $(minors)); do $(make) on-lab NAME=kubernetes-$$minor TESTS=TestOnprem KUBERNETES=$$minor; done

test-upgrade: lab-build ## upgrade Kubernetes by one minor version, node by node, under reads of the stack onprem (not part of `make test`)
	@$(make) on-lab NAME=upgrade TESTS=TestUpgrade KUBERNETES=$(oldest)

test-lab: lab-build ## test the lab: start and removal, its features, its faults (not part of `make test`)
	@echo "== stopping the running lab, if any (make up starts it again)"
	$(make) lab-down
	echo "== the lab starts and is removed"
	lab/lab check-life
	lab/lab up
	echo "== the lab's features"
	lab/lab check
	echo "== the lab's faults"
	lab/lab check-faults
	$(make) lab-down

test-machine: lab-build ## test the lab in a virtual machine with a stock Debian 12, which has cgroup v2, also in a container-like group (not part of `make test`)
	@tools/packages.sh lab/check/machine-packages
	lab/check/machine
	lab/check/machine container

.PHONY: drill
drill: lab-build ## rehearse the loss of the lab: back up, remove the lab, start it again, restore; then backups of dev, on a volume and in S3 (not part of `make test`)
	@echo "== building the lab's add-on"
	lab/lab build s3
	$(make) on-lab NAME=drill TESTS='TestDrill|TestEmbeddedBackup|TestBackupInS3'

.PHONY: on-lab
on-lab: program command node $(browser)/node_modules/.installed
	@echo "== stopping the running lab, if any (make up starts it again)"
	$(make) lab-down
	tools/build.sh tools/load-binaries tools
	$(make) lab-up LAB=on
	echo "== end-to-end tests on the lab: $(TESTS)"
	export DOCKER_CONFIG=$(HANKKI_LAB)/docker
	tools/test-summary.sh $(NAME) go test -count=1 -timeout 80m -v -run '^($(TESTS))$$' ./e2e
	$(make) lab-down

.PHONY: screenshots
screenshots: node $(browser)/node_modules/.installed ## write a screenshot of every page of the running site to docs/screenshots
	@cd $(browser)
	export SITE_URL=http://127.0.0.1:8080/ API_URL=http://127.0.0.1:8080/ SCREENSHOTS=$(CURDIR)/docs/screenshots
	npm test -- screenshots.spec

.PHONY: node
node: packages ## install the pinned Node.js from the npm registry
	@mkdir -p $(HANKKI_CACHE)/log
	ln -sfn "$$(lab/lab _node-js)" $(HANKKI_CACHE)/nodejs

%/node_modules/.installed: %/package-lock.json
	@echo "== npm ci in $*"
	cd $*
	npm ci --no-audit --no-fund
	touch node_modules/.installed

$(venv)/.complete: requirements = images/backend/requirements-dev.txt
$(hadolint)/.complete: requirements = tools/hadolint/requirements.txt
$(venv)/.complete $(hadolint)/.complete:
	@echo "== Python packages: $(requirements)"
	python3 -m venv --clear $(@D)
	$(@D)/bin/pip install --quiet --require-hashes -r $(requirements)
	touch $@

##@ Measuring it
.PHONY: bench-deploy bench-deploy-tls bench-images bench-noop bench-review bench-api bench-cost-history bench-slow-clients bench-tls
bench-deploy: program command ## time until both addresses answer: the report's YAML by kubectl and `pulumi up`; then unchanged
	@$(make) lab-up LAB=on
	tools/bench/deploy.sh

bench-deploy-tls: program command ## time until both addresses answer after `pulumi up`: plain http and https
	@$(make) lab-up LAB=on
	tools/bench/deploy-tls.sh

bench-images: ## size of what a node pulls: our images and those of the report's Dockerfiles
	@$(make) lab-up LAB=on
	tools/bench/images.sh

bench-noop: stage ## time of `pulumi preview`, `pulumi up`, `make up` and `kubectl diff` on the unchanged stack
	@tools/bench/unchanged.sh $(project) $(STACK) make up STACK=$(STACK)

bench-review: tools command ## time of a warm `make review` of both stacks, by step, after a change of nothing, an image or a component
	@tools/bench/review.sh

bench-api: $(venv)/.complete ## compare Gunicorn with the report's and with our settings, under the same load
	@tools/packages.sh tools/cli-packages tools/packages tools/bench-packages
	cd images/backend
	$(venv)/bin/python bench/gunicorn_compare.py

bench-cost-history: $(venv)/.complete ## compare the time of cost histories after ten years of daily prices with that of a new database
	@cd images/backend
	$(venv)/bin/python bench/cost_history.py

bench-slow-clients: lab-build ## compare the latency of reads on the lab without slow clients, beside slow clients of another host, and beside those of the API
	@$(make) on-lab NAME=slow-clients TESTS=TestSlowClientsElsewhere

bench-tls: node $(venv)/.complete images/frontend/node_modules/.installed ## compare https with plain http at 100 requests per second, on loopback
	@tools/build.sh tools/load-binaries tools
	cd images/frontend
	npm run build
	cd $(CURDIR)
	$(venv)/bin/python tools/bench/tls.py

##@ Linters
.PHONY: lint lint-go lint-shell lint-actions lint-python lint-typescript lint-images lint-manifests lint-api
lint: lint-go lint-shell lint-actions lint-python lint-typescript lint-images lint-manifests lint-api ## run all linters
	@echo "no findings"

lint-go:
	@echo "== go vet, golangci-lint"
	tools/build.sh tools/lint-binaries tools golangci-lint
	go vet ./...
	golangci-lint config verify
	golangci-lint run ./...

lint-shell: packages
	@echo "== shellcheck"
	git ls-files -co --exclude-standard | xargs grep -lE '^#!.*\b(ba)?sh\b' | xargs shellcheck -x
	shellcheck -x -a lab/lab # with the files that it sources

lint-actions: packages
	@echo "== actionlint"
	tools/build.sh tools/lint-binaries tools actionlint
	actionlint

lint-python: packages $(venv)/.complete
	@echo "== ruff"
	cd images/backend
	$(venv)/bin/ruff check .
	$(venv)/bin/ruff format --check .

lint-typescript: node images/frontend/node_modules/.installed $(browser)/node_modules/.installed
	@echo "== oxlint, tsc"
	for folder in images/frontend $(browser); do
	  npm --prefix "$$folder" run lint
	  npm --prefix "$$folder" run typecheck
	done

lint-images: packages $(hadolint)/.complete
	@echo "== hadolint"
	git ls-files -co --exclude-standard '*Dockerfile*' | xargs $(hadolint)/bin/hadolint

lint-manifests: tools program command
	@tools/build.sh tools/lint-binaries tools kubeconform kube-score
	tools/lint-manifests.sh

lint-api: packages ## check that the API's OpenAPI document is compatible with the released one
	@echo "== oasdiff"
	tools/lint-api.sh
