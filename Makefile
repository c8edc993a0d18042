# hankki: `make` lists the targets. HANKKI_CACHE keeps what is built, by content; HANKKI_LAB holds the running lab.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
MAKEFLAGS += --no-print-directory
# With --dry-run, make still runs a recipe line with the variable MAKE. With .ONESHELL that line is the whole recipe, for example a promotion.
make := $(MAKE)

STACK ?= dev
# The backend, the passphrase and the registry of a promotion are those of TO.
ifneq ($(and $(filter promote,$(MAKECMDGOALS)),$(TO)),)
override STACK := $(TO)
endif
# on: deploy to the lab on this machine; off: to the cluster of your kubeconfig, with your registry.
ifeq ($(STACK),dev)
LAB ?= on
else
LAB ?= off
endif

ifeq ($(LAB)$(TLS),offon)
$(error TLS=on is for the lab: on your own cluster, set hankki:tls in Pulumi.$(STACK).yaml (docs/operations.md, HTTPS))
endif

export HANKKI_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/hankki
export HANKKI_LAB ?= $(HANKKI_CACHE)/lab
export HANKKI_PROGRAM := $(HANKKI_CACHE)/program/hankki
export HANKKI_COMMAND := $(HANKKI_CACHE)/command/hankki
export GOLANGCI_LINT_CACHE := $(HANKKI_CACHE)/golangci-lint
export PATH := $(HANKKI_CACHE)/bin:$(HANKKI_CACHE)/nodejs/bin:$(PATH)
ifndef USERS_PULUMI_HOME
export USERS_PULUMI_HOME := $(or $(PULUMI_HOME),$(HOME)/.pulumi)
endif
export PULUMI_SKIP_UPDATE_CHECK := true
# The flags of tools/build.sh: Go compiles a package again for other ones, so the program shares those that the toolchain also has.
# -trimpath: a build is the same in every checkout, so that another checkout of the same source links nothing.
export CGO_ENABLED := 0
export GOFLAGS := -buildvcs=false -trimpath -gcflags=all=-dwarf=false

include tools/tools.mk

ifeq ($(LAB),on)
# The lab uses the user's plugins, but not the CLI's debug log: writing it takes half the time of a preview.
export PULUMI_HOME := $(HANKKI_CACHE)/pulumi
# The state of a stack on the lab is removed with the lab.
export PULUMI_BACKEND_URL := file://$(HANKKI_LAB)/state
export PULUMI_CONFIG_PASSPHRASE_FILE := $(HANKKI_LAB)/passphrase
export KUBECONFIG := $(HANKKI_LAB)/kubeconfig
export DOCKER_CONFIG := $(HANKKI_LAB)/docker
project := $(HANKKI_LAB)/stacks/$(STACK)
else
export PULUMI_HOME := $(USERS_PULUMI_HOME)
project := $(CURDIR)
# Without a `pulumi login` the backend is a local file.
ifeq ($(wildcard $(PULUMI_HOME)/credentials.json),)
export PULUMI_BACKEND_URL ?= file://$(HOME)
endif
# The stack dev needs no secret of yours, so its passphrase is generated. Other stacks use your passphrase.
ifeq ($(STACK)$(PULUMI_CONFIG_PASSPHRASE),dev)
export PULUMI_CONFIG_PASSPHRASE_FILE ?= $(PULUMI_HOME)/hankki-dev-passphrase
endif
endif
pulumi := pulumi --cwd $(project) --non-interactive
hankki = $(HANKKI_COMMAND) $(1) --cwd $(project) --stack $(STACK) $(if $(filter json,$(FORM)),--output json)
# The guard rails of a preview are a policy pack. Pulumi runs the command hankki as one when it is called by this name.
guard_rails := $(HANKKI_CACHE)/command/hankki-guard-rails

.PHONY: help
help: ## list the targets
	@sed -n -e 's/^##@ \(.*\)/\n\1/p' -e 's/^\([a-z][a-z0-9-]*\):[^#]*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 22

##@ Using it
.PHONY: up down preview plan review destroy adopt handover move releases rollback promote backup backups restore drift render pulumi bench sbom
up: preflight ## deploy the site from a bare machine (LAB=off: to your own cluster; TLS=on: https, on the lab)
	@mkdir -p $(HANKKI_CACHE)
	: >$(HANKKI_CACHE)/steps
	tools/timed.sh "packages and tools" $(make) tools
	tools/timed.sh "the Pulumi program" $(make) program
	if [[ $(LAB) == on ]]; then tools/timed.sh "the lab" $(make) lab-up; fi
	tools/timed.sh "pulumi up, stack $(STACK)" $(make) pulumi-up
	echo; cat $(HANKKI_CACHE)/steps; echo
	echo "the site:                    $$($(pulumi) stack output frontendUrl --stack $(STACK))"
	if [[ $(LAB)$(TLS) == onon ]]; then
	  $(pulumi) stack output certificateAuthority --stack $(STACK) >$(HANKKI_LAB)/site-authority.crt
	  echo "its authority, for browsers: $(HANKKI_LAB)/site-authority.crt"
	  echo "from this machine:           lab/lab exec client curl --cacert $(HANKKI_LAB)/site-authority.crt https://10.0.0.4"
	elif [[ $(LAB) == on ]]; then
	  echo "from this machine:           http://127.0.0.1:8080"
	fi

down: ## destroy the stack and remove the lab
	@if [[ $(LAB) == off ]]; then
	  $(make) destroy
	elif lab/lab status >/dev/null 2>&1; then
	  $(make) destroy DATA=delete SHARED=delete # the whole lab is removed
	fi
	if [[ $(LAB) == on ]]; then $(make) lab-down; fi

preview: stage command ## show what `up` would change; the guard rails may refuse it
	@$(pulumi) preview --stack $(STACK) --diff --policy-pack $(guard_rails)

plan: stage command ## list what `up` would change, one line per resource, without values (FORM=json; OUT=file)
	@$(call hankki,plan) $(if $(OUT),>$(OUT))

BASE ?= origin/main
review: tools command ## show what the working tree changes against BASE, without a cluster (STACK=dev,onprem: several; FORM=markdown|json; OUT=file)
	@$(HANKKI_COMMAND) review --cwd $(CURDIR) --base $(BASE) --stack $(STACK) $(if $(filter markdown,$(FORM)),--markdown) $(if $(filter json,$(FORM)),--output json) $(if $(OUT),>$(OUT))

destroy: tools command ## remove the stack's objects but keep its data (DATA=delete: remove the data too; FORM=json)
	@if [[ ! -e $(project)/Pulumi.$(STACK).yaml ]]; then
	  echo "stack $(STACK) has no $(project)/Pulumi.$(STACK).yaml, so nothing is destroyed: set STACK to another stack" >&2
	  [[ $(LAB) == on ]] # a stack that was never deployed to the lab has no file
	  exit
	fi
	tools/stale-locks.sh $(STACK) >&2
	$(call hankki,destroy) --data $(or $(DATA),keep) --shared $(or $(SHARED),refuse)
	if [[ $(LAB) == on ]]; then lab/lab reclaim >&2; fi

adopt: stage command ## list existing objects that the stack would create; YES=1: adopt them (FORM=json)
	@tools/stale-locks.sh $(STACK) >&2
	$(call hankki,adopt) $(if $(YES),--yes) $(if $(REPLACE),--replace) $(if $(FORCE),--force)

handover: stage command ## move the addresses of a manually deployed site in the namespace FROM to the stack (FORM=json)
	@test -n "$(FROM)" || { echo "make handover STACK=$(STACK) FROM=namespace: FROM is not set"; exit 2; }
	tools/stale-locks.sh $(STACK) >&2
	$(call hankki,handover) --from $(FROM)

move: stage command ## move the stack's site and its data to the namespace TO (FORM=json)
	@test -n "$(TO)" || { echo "make move STACK=$(STACK) TO=namespace: TO is not set"; exit 2; }
	tools/stale-locks.sh $(STACK) >&2
	$(call hankki,move) --to $(TO)

releases: tools command ## list what ran when: commit, images, revision of the database (FORM=json)
	@$(call hankki,releases)

rollback: tools command ## run the images of an earlier release again (TO=number, as `make releases` lists it; FORM=json)
	@tools/stale-locks.sh $(STACK) >&2
	$(call hankki,rollback) $(if $(TO),--to $(TO))

promote: tools command ## show which images the stack TO would get from the stack FROM; YES=1: copy them, and write them to its file (FORM=json)
	@test -n "$(FROM)" -a -n "$(TO)" || { echo "make promote FROM=stack TO=stack: FROM or TO is not set"; exit 2; }
	$(call hankki,promote) --from $(FROM) $(if $(YES),--yes)

backup: tools command ## back up the stack's database now (needs hankki:backup; FORM=json)
	@$(call hankki,backup)

backups: tools command ## list the dumps of the stack's database (COPY=name OUT=dir: copy one out of the cluster; FORM=json)
	@$(call hankki,backups) $(if $(COPY),--copy $(COPY)) $(if $(OUT),--to $(abspath $(OUT)))

restore: stage command ## show a restore of the dump or copied file FROM into a new database (TO=name); YES=1: restore it (FORM=json)
	@test -n "$(FROM)" || { echo "make restore STACK=$(STACK) FROM=dump: FROM is not set; make backups lists the dumps"; exit 2; }
	tools/stale-locks.sh $(STACK) >&2
	$(call hankki,restore) --from $(FROM) $(if $(TO),--to $(TO)) $(if $(YES),--yes)

drift: tools command ## show what was changed in the cluster since the last up (FORM=markdown|json; OUT=file)
	@$(call hankki,drift) $(if $(filter markdown,$(FORM)),--markdown) $(if $(OUT),>$(OUT))

render: tools program command ## write the stack's manifests to OUT, with placeholders for secrets; needs no cluster
	@test -n "$(OUT)" || { echo "make render STACK=$(STACK) OUT=dir: OUT is not set"; exit 2; }
	$(HANKKI_COMMAND) render --cwd $(CURDIR) --stack $(STACK) --out $(OUT)

pulumi: ## run the Pulumi CLI on the stack: make pulumi CMD='stack output'
	@$(pulumi) $(CMD) --stack $(STACK)

bench: ## compare with the report's YAML, Dockerfiles and server, as tables; needs the lab without a stack
	@$(make) bench-deploy
	$(make) bench-images
	$(make) bench-api

sbom: tools ## write SPDX documents of the images that the deployed stack built to OUT
	@test -n "$(OUT)" || { echo "make sbom STACK=$(STACK) OUT=dir: OUT is not set"; exit 2; }
	tools/build.sh tools/sbom-binaries tools
	tools/sbom.sh $(project) $(STACK) $(OUT)

##@ Its parts
.PHONY: preflight program command stage pulumi-up
# With FORM the standard output is the result alone. The lab and the packages, on which these targets depend, inherit the shell.
ifneq ($(FORM),)
tools program command stage: SHELL := $(CURDIR)/tools/to-stderr.sh
endif

# Reports what the machine lacks and make cannot install, before make spends half an hour on building.
preflight:
	@lab/lab _preflight $(if $(filter off,$(LAB)),commands)

# --refresh also reverts manual changes in the cluster. If the cluster is unreachable, --refresh prints one error for each object,
# with the dangerous advice to remove it from the state. A preview prints one error, so it runs first where that can happen: LAB=off.
pulumi-up: stage command
	@tools/stale-locks.sh $(STACK)
	if [[ $(LAB) == off ]]; then $(pulumi) preview --stack $(STACK) --policy-pack $(guard_rails); fi
	$(pulumi) up --stack $(STACK) --yes --skip-preview --suppress-progress --refresh

program: ## build the Pulumi program
	@go build -o $(HANKKI_PROGRAM) .

command: ## build the command hankki
	@go build -o $(HANKKI_COMMAND) ./cmd/hankki
	ln -sfn $(HANKKI_COMMAND) $(guard_rails)

stage: tools program
ifeq ($(LAB),on)
stage: lab-up command
	@role=$$($(HANKKI_COMMAND) role --cwd $(CURDIR) --stack $(STACK))
	overlay=$$(lab/overlay.sh "$$role")
	$(HANKKI_COMMAND) stage --cwd $(CURDIR) --stack $(STACK) --to $(project) $$overlay $(if $(filter on,$(TLS)),hankki:tls.generate=true)
else
	@if [[ -n $${PULUMI_CONFIG_PASSPHRASE_FILE:-} ]]; then tools/passphrase.sh "$$PULUMI_CONFIG_PASSPHRASE_FILE"; fi
	tools/require-stack.sh $(STACK) $(if $(filter pulumi-up preview plan adopt handover,$(MAKECMDGOALS)),create)
endif

##@ The lab
.PHONY: lab-up lab-down lab-status lab lab-build
lab-build: preflight packages
	@lab/lab build

lab-up: lab-build tools ## start the three-node cluster on this machine, with registries, database and builder
	@lab/lab up
	tools/buildkit.sh start
	mkdir -p $(HANKKI_LAB)/state
	tools/passphrase.sh $(HANKKI_LAB)/passphrase

lab-down: ## remove the lab without a trace
	@tools/buildkit.sh stop
	lab/lab down

lab-status: ## show the hosts, nodes and addresses of the lab
	@lab/lab status

lab: ## run a verb of the lab: make lab CMD='stop w1' (make lab CMD=help)
	@lab/lab $(CMD)

include tests.mk
