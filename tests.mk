# Tests and linters. The fast ones come first.
# By content, for a fresh clone's files are all new.
venv_of = $(HANKKI_CACHE)/venv/$(shell sha256sum $(1) | cut -c1-16)
venv := $(call venv_of,images/backend/requirements-dev.txt)
hadolint := $(call venv_of,tools/hadolint/requirements.txt)
browser := e2e/browser
go_packages = $$(go list ./... | grep -v '/e2e$$')

##@ Checking it
.PHONY: golden test test-go test-backend test-frontend test-logins test-e2e test-outages test-changes test-tls test-lab
test: test-go test-backend test-frontend test-e2e ## all tests but test-logins, test-outages, test-changes, test-tls and test-lab, fast ones first
	@echo "all tests passed, but for those of logins in Chromium, of the stack dev, of outages, of changes, of https and of the lab itself: make test-logins, make test-outages, make test-changes, make test-tls, make test-lab"
	cd $(HANKKI_CACHE)/closing
	cat go backend frontend e2e

test-go: tools ## the program's unit tests, one of which runs the pinned CLI
	@echo "== unit tests of the program"
	tools/closing.sh go go test $(go_packages)

golden: ## write the golden manifests of internal/site/testdata, after a change that is meant
	go test ./internal/site -run TestGoldenManifests -update

test-backend: packages $(venv)/.complete ## the API's tests, on a real PostgreSQL and a real Redis
	@echo "== tests of the API"
	cd images/backend
	$(CURDIR)/tools/closing.sh backend $(venv)/bin/python -m pytest --numprocesses 2 --dist worksteal

test-frontend: packages node images/frontend/node_modules/.installed ## the front end's tests
	@echo "== tests of the front end"
	cd images/frontend
	npm run typecheck
	$(CURDIR)/tools/closing.sh frontend npm test

test-logins: packages node $(venv)/.complete images/frontend/node_modules/.installed $(browser)/node_modules/.installed ## logins in Chromium on loopback, in both API modes, with access tokens that end after seconds (not part of `make test`)
	@echo "== logins in both API modes"
	cd images/frontend
	npm run build
	cd $(CURDIR)/$(browser)
	$(venv)/bin/python loopback.py

test-e2e: ## the life of the stack onprem on the lab, by the real CLI
	@$(MAKE) on-lab NAME=e2e TESTS=TestOnprem

test-outages: lab-build ## the stack dev; and what onprem does while what it stands on is gone, and after (not part of `make test`)
	@echo "== the lab's add-ons"
	lab/lab build metrics-server monitoring
	$(MAKE) on-lab NAME=outages TESTS='TestDev|TestTakeover|TestOutages'

test-changes: lab-build ## every row of "Change a key" in docs/operations.md, there and back (not part of `make test`)
	@echo "== the lab's add-ons"
	lab/lab build metrics-server monitoring
	$(MAKE) on-lab NAME=changes TESTS=TestChanges

test-tls: ## https on onprem, a certificate that is renewed, a PostgreSQL that proves who it is (not part of `make test`)
	@$(MAKE) on-lab NAME=tls TESTS=TestTLS

test-lab: lab-build ## the lab's own tests: that it comes and goes, what it claims, its faults (not part of `make test`)
	@echo "== a lab that is there makes room for the tests (make up brings it back)"
	$(MAKE) lab-down
	echo "== the lab's life"
	lab/lab check-life
	lab/lab up
	echo "== what the lab claims"
	lab/lab check
	echo "== the lab's faults"
	lab/lab check-faults
	$(MAKE) lab-down

.PHONY: on-lab
on-lab: program command node $(browser)/node_modules/.installed
	@echo "== a lab that is there makes room for the tests (make up brings it back)"
	$(MAKE) lab-down
	tools/build.sh tools/load-binaries tools
	$(MAKE) lab-up LAB=on
	echo "== end to end, on the lab: $(TESTS)"
	export DOCKER_CONFIG=$(HANKKI_LAB)/docker
	tools/closing.sh $(NAME) go test -count=1 -timeout 60m -v -run '^($(TESTS))$$' ./e2e
	$(MAKE) lab-down

.PHONY: screenshots
screenshots: node $(browser)/node_modules/.installed ## every page of the site that `make up` started, into docs/screenshots
	@cd $(browser)
	export SITE_URL=http://127.0.0.1:8080/ API_URL=http://127.0.0.1:8080/ SCREENSHOTS=$(CURDIR)/docs/screenshots
	npm test -- screenshots.spec

.PHONY: node
node: packages ## the pinned Node.js, out of the npm registry
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
	@echo "== the Python packages of $(requirements)"
	python3 -m venv --clear $(@D)
	$(@D)/bin/pip install --quiet --require-hashes -r $(requirements)
	touch $@

##@ Measuring it
.PHONY: bench-deploy bench-images bench-noop bench-api
bench-deploy: program command ## from nothing to both addresses: the report's YAML by kubectl against `pulumi up`; then unchanged
	@$(MAKE) lab-up LAB=on
	tools/bench/deploy.sh

bench-images: ## what a node pulls: our images against those of the report's Dockerfiles
	@$(MAKE) lab-up LAB=on
	tools/bench/images.sh

bench-noop: stage ## the deployed stack, unchanged: `pulumi preview`, `pulumi up` and `make up` against `kubectl diff`
	@tools/bench/unchanged.sh $(project) $(STACK) make up STACK=$(STACK)

bench-api: $(venv)/.complete ## Gunicorn as the report starts it against Gunicorn as we do, under the same load
	@tools/packages.sh tools/cli-packages tools/packages tools/bench-packages
	cd images/backend
	$(venv)/bin/python bench/gunicorn_compare.py

##@ Linters
.PHONY: lint lint-go lint-shell lint-actions lint-python lint-typescript lint-images lint-manifests
lint: lint-go lint-shell lint-actions lint-python lint-typescript lint-images lint-manifests ## all linters
	@echo "nothing left to say"

lint-go:
	@echo "== go vet, golangci-lint with staticcheck and all others that .golangci.yml does not disable"
	tools/build.sh tools/lint-binaries tools golangci-lint
	go vet ./...
	golangci-lint config verify
	golangci-lint run ./...

lint-shell: packages
	@echo "== shellcheck"
	git ls-files -co --exclude-standard | xargs grep -lE '^#!.*\b(ba)?sh\b' | xargs shellcheck -x

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

lint-manifests: tools program
	@tools/build.sh tools/lint-binaries tools kubeconform kube-score
	tools/lint-manifests.sh
