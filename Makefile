TOOL     = go tool -modfile=tools/go.mod
FUZZTIME = 10m
SEEDS    = 200
PAYMENTS = 2000

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s  %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## compile everything, and the binary hansa
	go build ./...
	go build -o hansa ./cmd/hansa

demo: ## the whole network on this machine
	go run ./cmd/hansa demo

run: ## the switch alone, on hansa-data/hansa.db
	@mkdir -p hansa-data
	go run ./cmd/hansa serve --db hansa-data/hansa.db --keys hansa-data/keys --listen 127.0.0.1:8080

test: ## all tests, and a list of those that were skipped and why
	@go -C tools test ./...
	@go run tools/testlist/main.go -shuffle=on -timeout 15m ./...

race: ## all tests with the race detector; it needs a C compiler
	@go run tools/testlist/main.go -race -shuffle=on -timeout 60m ./...

fuzz: ## each fuzzer for FUZZTIME=10m
	@git grep -oE --untracked '^func Fuzz[A-Za-z0-9_]+' -- '*_test.go' | sed -E 's|^(([^:]*)/)?[^/:]*:func |./\2 |' | \
	while read -r folder name; do \
		echo "$$folder $$name" && go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "$$folder" || exit 1; \
	done

sim: ## SEEDS=200 worlds of PAYMENTS=2000 each, two at a time
	@go build -o hansa ./cmd/hansa
	@seq $(SEEDS) | xargs -P 2 -I SEED ./hansa sim --seed SEED --payments $(PAYMENTS)

crash: ## kill the network and cut its power, at random and at each named point
	HANSA_CRASH=1 go test -count=1 -v -timeout 60m -parallel 6 -run Crash ./cmd/hansa

failover: ## take the leader of a PostgreSQL cluster away, over and over; it needs Debian's patroni, etcd-server and haproxy
	HANSA_FAILOVER=1 go test -count=1 -v -timeout 90m -run Failover ./cmd/hansa

golden: ## rewrite the golden files; read the difference before you commit it
	UPDATE_GOLDEN=1 go test ./...

fmt: ## rewrite the code in the house format
	$(TOOL) golangci-lint fmt ./...

check: lint tidy modules generated ## what the continuous check does beside the tests

lint: ## vet, linters and format
	$(TOOL) golangci-lint run ./...
	cd tools && go tool golangci-lint run ./...

tidy: ## the house rules, the import policy and the documents
	go test -count=1 .

modules: ## go.mod and go.sum are as go mod tidy leaves them
	go mod tidy -diff

generated: ## generated files are as their generators write them
	@trees=$$(mktemp -d) && trap 'rm -rf "$$trees"' EXIT && mkdir "$$trees/before" && \
	git ls-files -z --cached --others --exclude-standard | tar --null --ignore-failed-read -T - -cf - | tar -xf - -C "$$trees/before" && \
	cp -R "$$trees/before" "$$trees/after" && (cd "$$trees/after" && go generate ./...) && \
	diff -r "$$trees/before" "$$trees/after"

reader: ## judge the vectors of our codes by the reader in JavaScript; it needs Node
	cd qr/testdata && node reader/reader.mjs check codes.json bad_codes.json directory.json

dead: ## code that nothing reaches
	$(TOOL) deadcode -test ./...

tools: ## what the tests need: installed on Debian as root, named elsewhere
	@missing=; \
	{ command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 || missing="postgresql-15"; \
	{ command -v chromium || command -v google-chrome; } >/dev/null 2>&1 || missing="$$missing chromium"; \
	command -v xmllint >/dev/null || missing="$$missing libxml2-utils"; \
	[ -n "$$missing" ] || exit 0; \
	if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then echo "please install: $$missing"; exit 0; fi; \
	own=/etc/postgresql-common/createcluster.d/hansa.conf; \
	mkdir -p "$${own%/*}" && echo "create_main_cluster = false" >"$$own" && \
	export DEBIAN_FRONTEND=noninteractive && apt-get update -q && apt-get install -q -y --no-install-recommends $$missing; \
	code=$$?; rm -f "$$own"; exit $$code

.PHONY: help build demo run test race fuzz sim crash failover golden fmt check lint tidy modules generated reader dead tools
